/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/audit.h>

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

struct list {
    struct iow_mem mem;
    struct iow_acceptance *items;
    uint32_t n;
    struct iow_explain why;
};

static int parse(struct list *list, const char *text, size_t len)
{
    return iow_accept_parse(text, len, "a.conf", &list->mem, &list->items, &list->n, &list->why);
}

static void a_section_is_read_whole(void **state)
{
    static const char text[] =
        "# comment\n\n  [accept]  \nrule=IOW-REM-IDLE-MASTER\n\tdevice = 01:00.1 10de:1aef\n"
        "device = 0001:01:00.1   10DE:1AEF\n; more\nreason = left = alone \xc3\xa9 \n"
        "name = a  b\nuntil = 2027-01-31";
    struct list list = {0};

    (void)state;
    iow_mem_init_malloc(&list.mem);
    assert_int_equal(parse(&list, text, strlen(text)), 0);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items->rule, IOW_RULE_REM_IDLE_MASTER);
    assert_int_equal(list.items->n_devices, 2);
    assert_int_equal(list.items->devices[0].address.bus, 1);
    assert_int_equal(list.items->devices[0].vendor, 0x10de);
    assert_int_equal(list.items->devices[1].address.domain, 1);
    assert_int_equal(list.items->devices[1].device, 0x1aef);
    assert_string_equal(list.items->reason, "left = alone \xc3\xa9");
    assert_string_equal(list.items->name, "a  b");
    assert_string_equal(list.items->until_text, "2027-01-31");
    assert_string_equal(list.items->file, "a.conf");
    assert_int_equal(list.items->line, 3);
    assert_int_equal(list.items->until, 20849);
    iow_mem_done(&list.mem);
}

#define SECTION "[accept]\nrule=IOW-REM-DRIFT\nreason=r\nuntil=2027-01-31\n"

static void files_are_joined_in_order(void **state)
{
    struct list list = {0};

    (void)state;
    iow_mem_init_malloc(&list.mem);
    for (int i = 0; i < 5; i++)
        assert_int_equal(parse(&list, SECTION, strlen(SECTION)), 0);
    assert_int_equal(parse(&list, SECTION SECTION, strlen(SECTION SECTION)), 0);
    assert_int_equal(parse(&list, "", 0), 0);
    assert_int_equal(list.n, 7);
    assert_int_equal(list.items[6].line, 5);
    assert_int_equal(list.items[6].n_devices, 0);
    iow_mem_done(&list.mem);
}

static const struct {
    const char *text;
    enum iow_rule rule;
    uint32_t line;
} refused[] = {
    {"[Accept]\n", IOW_RULE_ACCEPT_SYNTAX, 1},
    {"[accept\n", IOW_RULE_ACCEPT_SYNTAX, 1},
    {SECTION "nonsense\n", IOW_RULE_ACCEPT_SYNTAX, 5},
    {SECTION "name = a\x1b[31m\n", IOW_RULE_ACCEPT_SYNTAX, 5},
    {"[accept]\r\n", IOW_RULE_ACCEPT_SYNTAX, 1},
    {"rule = IOW-REM-DRIFT\n", IOW_RULE_ACCEPT_KEY, 1},
    {SECTION "= x\n", IOW_RULE_ACCEPT_KEY, 5},
    {SECTION "Name = x\n", IOW_RULE_ACCEPT_KEY, 5},
    {SECTION "rules = x\n", IOW_RULE_ACCEPT_KEY, 5},
    {"[accept]\nrule = IOW-REM-NONE\n", IOW_RULE_ACCEPT_VALUE, 2},
    {"[accept]\nrule = IOW-GRP-PATH\n", IOW_RULE_ACCEPT_VALUE, 2},
    {"[accept]\nrule =\n", IOW_RULE_ACCEPT_VALUE, 2},
    {SECTION "rule = IOW-REM-DRIFT\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "reason = again\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "until = 2028-01-31\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "name = a\nname = b\n", IOW_RULE_ACCEPT_VALUE, 6},
    {SECTION "name =\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00.0\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00 10de:2204\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00.0 10de:*\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00.0 10de:22040\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00.0 10de:2204 more\n", IOW_RULE_ACCEPT_VALUE, 5},
    {SECTION "device = 01:00.0 10de:2204\ndevice = 0000:01:00.0 8086:1\n", IOW_RULE_ACCEPT_VALUE, 6},
    {SECTION "device = 01:00.0 10de:2204\ndevice = 0000:01:00.0 10de:2204\n", IOW_RULE_ACCEPT_VALUE, 6},
    {"[accept]\nrule=IOW-REM-DRIFT\nreason=r\nuntil=2027-02-30\n", IOW_RULE_ACCEPT_VALUE, 4},
    {"[accept]\nrule=IOW-REM-DRIFT\nuntil=2027-01-31\n", IOW_RULE_ACCEPT_LACKS, 1},
    {SECTION "\n[accept]\nreason=r\nuntil=2027-01-31\n" SECTION, IOW_RULE_ACCEPT_LACKS, 6},
    {"[accept]\nrule=IOW-REM-DRIFT\nreason=r\n", IOW_RULE_ACCEPT_LACKS, 1},
};

static void what_is_not_understood_is_refused_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct list list = {0};

        iow_mem_init_malloc(&list.mem);
        assert_int_equal(parse(&list, refused[i].text, strlen(refused[i].text)), -IOW_EINVAL);
        if (list.why.rule != refused[i].rule || list.why.evidence[0].seen != refused[i].line)
            fail_msg("%s: %s at line %u", refused[i].text, iow_rule_id(list.why.rule),
                (unsigned)list.why.evidence[0].seen);
        assert_string_equal(list.why.text, "a.conf");
        assert_int_equal(list.n, 0);
        iow_mem_done(&list.mem);
    }
}

static void a_nul_is_no_end(void **state)
{
    static const char text[] = SECTION "name = a\0b\n";
    struct list list = {0};

    (void)state;
    iow_mem_init_malloc(&list.mem);
    assert_int_equal(parse(&list, text, sizeof(text) - 1), -IOW_EINVAL);
    assert_int_equal(list.why.rule, IOW_RULE_ACCEPT_SYNTAX);
    iow_mem_done(&list.mem);
}

/* One device more than a section may have. */
static void the_number_of_devices_is_bounded(void **state)
{
    struct list list = {0};
    char *text = malloc((IOW_MAX_ACCEPTED_DEVICES + 8) * 32);
    size_t len;

    (void)state;
    assert_non_null(text);
    len = (size_t)sprintf(text, SECTION);
    for (unsigned i = 0; i < IOW_MAX_ACCEPTED_DEVICES; i++)
        len += (size_t)sprintf(text + len, "device=%02x:%02x.%u 8086:10d3\n", i / 256, i / 8 % 32, i % 8);
    iow_mem_init_malloc(&list.mem);
    assert_int_equal(parse(&list, text, len), 0);
    assert_int_equal(list.items->n_devices, IOW_MAX_ACCEPTED_DEVICES);
    len += (size_t)sprintf(text + len, "device=ff:00.0 8086:10d3\n");
    assert_int_equal(parse(&list, text, len), -IOW_EINVAL);
    assert_int_equal(list.why.rule, IOW_RULE_ACCEPT_VALUE);
    free(text);
    iow_mem_done(&list.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_section_is_read_whole),
        cmocka_unit_test(files_are_joined_in_order),
        cmocka_unit_test(what_is_not_understood_is_refused_with_its_line),
        cmocka_unit_test(a_nul_is_no_end),
        cmocka_unit_test(the_number_of_devices_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
