/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of DMA aliases against tests/data/dma-alias-quirks.tsv, row by row and both ways. */
#include <ioward/alias.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BRIDGE_CONDITION "!root_bus&hdr=bridge&!pcie&parent_pcie&parent_type!=PCI_BRIDGE"
#define ANY 0xffff

struct row {
    uint16_t vendor, device, subvendor, subdevice;
    uint32_t class_code;
    uint16_t since;
    uint8_t kind;
    char condition[96], alias[48];
};

static struct row rows[512];
static size_t n_rows;

static uint8_t kind_of(const char *kind, const char *alias)
{
    static const struct {
        const char *kind, *alias;
        uint8_t is;
    } known[] = {
        {"devfn", "slot.0", IOW_ALIAS_FUNCTION_0},
        {"devfn", "slot.1", IOW_ALIAS_FUNCTION_1},
        {"devfn", "00-1f.0-4", IOW_ALIAS_ALL_SLOTS},
        {"devfn", "00-1f.0-7", IOW_ALIAS_ALL},
        {"flag", "PCIE_BRIDGE_ALIAS", IOW_ALIAS_BRIDGE_EXPRESS},
        {"flag", "BRIDGE_XLATE_ROOT", IOW_ALIAS_TRANSLATE_ROOT},
        {"runtime", "-", IOW_ALIAS_RUNTIME},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (!strcmp(known[i].kind, kind) && !strcmp(known[i].alias, alias))
            return known[i].is;
    assert_string_equal(kind, "devfn");
    return IOW_ALIAS_FIXED;
}

static void parse_row(char *line)
{
    struct row *r = &rows[n_rows++];
    unsigned subvendor = ANY, subdevice = ANY;
    char *field[8];

    for (size_t i = 0; i < 8; i++)
        assert_non_null(field[i] = strsep(&line, "\t"));
    if (strcmp(field[2], "*"))
        assert_int_equal(sscanf(field[2], "%x:%x", &subvendor, &subdevice), 2);
    r->vendor = (uint16_t)strtoul(field[0], NULL, 16);
    r->device = (uint16_t)strtoul(field[1], NULL, 16);
    r->subvendor = (uint16_t)subvendor;
    r->subdevice = (uint16_t)subdevice;
    if (!strncmp(field[4], "class=", 6))
        r->class_code = (uint32_t)strtoul(field[4] + 6, NULL, 16);
    r->kind = kind_of(field[5], field[6]);
    r->since = strstr(field[7], "6.12 only") ? 6 << 8 | 12 : 0;
    assert_string_equal(field[3], r->kind == IOW_ALIAS_RUNTIME ? "FINAL" : "HEADER");
    snprintf(r->condition, sizeof(r->condition), "%s", field[4]);
    snprintf(r->alias, sizeof(r->alias), "%s", field[6]);
}

static int read_rows(void **state)
{
    FILE *file = fopen(IOW_TEST_DATA "/dma-alias-quirks.tsv", "re");
    char line[512];

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || !strncmp(line, "vendor\t", 7))
            continue;
        assert_in_range(n_rows, 0, sizeof(rows) / sizeof(rows[0]) - 1);
        parse_row(line);
    }
    fclose(file);
    assert_int_not_equal(n_rows, 0);
    return 0;
}

static struct iow_config config_for(const struct row *r)
{
    return (struct iow_config){
        .vendor = r->vendor,
        .device = r->device,
        .subvendor = r->subvendor == ANY ? 0x1af4 : r->subvendor,
        .subdevice = r->subdevice == ANY ? 0x1100 : r->subdevice,
        .class_code = r->class_code ? r->class_code << 8 | 0x5a : 0x010601,
    };
}

static bool same_row(const struct iow_alias_quirk *q, const struct row *r)
{
    return q->vendor == r->vendor && q->device == r->device && q->subvendor == r->subvendor &&
           q->subdevice == r->subdevice && q->class_code == r->class_code && q->kind == r->kind &&
           q->since == r->since;
}

static void assert_not_found(const struct iow_config *config)
{
    struct iow_devfn_set set;

    assert_int_equal(iow_alias_quirk_find(config, 0), IOW_NONE);
    assert_int_equal(iow_alias_devfns(config, 0x08, &set), IOW_NONE);
    for (unsigned devfn = 0; devfn < 256; devfn++)
        assert_false(iow_devfn_set_has(&set, (uint8_t)devfn));
}

static void every_row_of_the_file_is_found_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct iow_config config = config_for(&rows[i]);
        uint32_t found = iow_alias_quirk_find(&config, 0);

        assert_int_not_equal(found, IOW_NONE);
        assert_true(same_row(iow_alias_quirk_at(found), &rows[i]));
        assert_non_null(iow_alias_quirk_at(found)->about);
        assert_int_equal(iow_alias_quirk_find(&config, found), found);
        assert_int_equal(iow_alias_quirk_find(&config, found + 1), IOW_NONE);
    }
}

static bool is_listed(uint16_t vendor, uint16_t device)
{
    for (size_t i = 0; i < n_rows; i++)
        if (rows[i].vendor == vendor && rows[i].device == device)
            return true;
    return false;
}

static void assert_ids_not_found(struct iow_config config, uint16_t vendor, uint16_t device)
{
    config.vendor = vendor;
    config.device = device;
    if (!is_listed(vendor, device))
        assert_not_found(&config);
}

static void neighbours_of_listed_ids_are_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct row *r = &rows[i];

        assert_ids_not_found(config_for(r), r->vendor, (uint16_t)(r->device - 1));
        assert_ids_not_found(config_for(r), r->vendor, (uint16_t)(r->device + 1));
        assert_ids_not_found(config_for(r), (uint16_t)(r->vendor + 1), r->device);
    }
}

static void a_row_needs_its_class_and_its_subsystem(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        struct iow_config config = config_for(&rows[i]);

        if (rows[i].class_code) {
            config.class_code ^= 0x000100;
            assert_not_found(&config);
            config.class_code ^= 0x010100;
            assert_not_found(&config);
        }
        if (rows[i].subvendor != ANY) {
            config.subdevice = (uint16_t)(config.subdevice + 0x100);
            assert_not_found(&config);
            config = config_for(&rows[i]);
            config.subvendor++;
            assert_not_found(&config);
        }
    }
}

/* One "slots.functions" of the alias column. */
static void add_part(bool expected[256], const char *part, uint8_t devfn)
{
    unsigned slot[2], function[2];
    int n = 0;

    if (sscanf(part, "slot.%u%n", &function[0], &n) == 1 && !part[n]) {
        slot[0] = slot[1] = devfn >> 3;
        function[1] = function[0];
    } else if (sscanf(part, "%x.%u%n", &slot[0], &function[0], &n) == 2 && !part[n]) {
        slot[1] = slot[0];
        function[1] = function[0];
    } else {
        assert_int_equal(sscanf(part, "%x-%x.%u-%u", &slot[0], &slot[1], &function[0], &function[1]), 4);
    }
    for (unsigned s = slot[0]; s <= slot[1]; s++)
        for (unsigned f = function[0]; f <= function[1]; f++)
            expected[s << 3 | f] = true;
}

static bool expect_devfns(bool expected[256], const struct row *r, uint8_t devfn)
{
    char copy[48], *save = NULL;
    bool any = false;

    memset(expected, 0, 256 * sizeof(expected[0]));
    snprintf(copy, sizeof(copy), "%s", r->alias);
    if (r->kind <= IOW_ALIAS_ALL)
        for (char *part = strtok_r(copy, ";", &save); part; part = strtok_r(NULL, ";", &save))
            add_part(expected, part, devfn);
    expected[devfn] = false;
    for (unsigned i = 0; i < 256; i++)
        any |= expected[i];
    return any;
}

static void every_row_adds_what_the_file_says_at_every_devfn(void **state)
{
    bool expected[256];

    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct iow_config config = config_for(&rows[i]);

        for (unsigned devfn = 0; devfn < 256; devfn++) {
            bool any = expect_devfns(expected, &rows[i], (uint8_t)devfn);
            struct iow_devfn_set set;
            uint32_t row = iow_alias_devfns(&config, (uint8_t)devfn, &set);

            assert_int_equal(row, any ? iow_alias_quirk_find(&config, 0) : IOW_NONE);
            for (unsigned a = 0; a < 256; a++)
                assert_int_equal(iow_devfn_set_has(&set, (uint8_t)a), expected[a]);
        }
    }
}

static void a_function_with_the_right_number_keeps_its_own(void **state)
{
    struct iow_config ricoh = {.vendor = 0x1180, .device = 0xe832};
    struct iow_config marvell = {.vendor = 0x1b4b, .device = 0x9123};
    struct iow_devfn_set set;

    (void)state;
    assert_int_equal(iow_alias_devfns(&ricoh, 0x08, &set), IOW_NONE);
    assert_int_not_equal(iow_alias_devfns(&ricoh, 0x0b, &set), IOW_NONE);
    assert_true(iow_devfn_set_has(&set, 0x08));
    assert_int_equal(iow_alias_devfns(&marvell, 0xf9, &set), IOW_NONE);
    assert_int_not_equal(iow_alias_devfns(&marvell, 0xf8, &set), IOW_NONE);
    assert_true(iow_devfn_set_has(&set, 0xf9));
}

/* The kinds carry these; a row with another condition would need a kind of its own. */
static void conditions_of_the_file_are_those_of_the_kinds(void **state)
{
    static const char *const condition[] = {
        [IOW_ALIAS_FUNCTION_0] = "func!=0",
        [IOW_ALIAS_FUNCTION_1] = "func!=1",
        [IOW_ALIAS_FIXED] = "-",
        [IOW_ALIAS_ALL_SLOTS] = "-",
        [IOW_ALIAS_ALL] = "-",
        [IOW_ALIAS_RUNTIME] = "class=0680",
        [IOW_ALIAS_BRIDGE_EXPRESS] = BRIDGE_CONDITION,
        [IOW_ALIAS_TRANSLATE_ROOT] = "-",
    };

    (void)state;
    for (size_t i = 0; i < n_rows; i++)
        assert_string_equal(rows[i].condition, condition[rows[i].kind]);
}

static void the_library_has_no_row_of_its_own(void **state)
{
    const struct iow_alias_quirk *q;
    uint32_t n = 0;

    (void)state;
    for (; (q = iow_alias_quirk_at(n)); n++) {
        size_t i = 0;

        while (i < n_rows && !same_row(q, &rows[i]))
            i++;
        assert_in_range(i, 0, n_rows - 1);
        assert_in_range(q->n_fixed, 0, sizeof(q->fixed));
        assert_int_equal(q->n_fixed != 0, q->kind == IOW_ALIAS_FIXED);
    }
    assert_int_equal(n, n_rows);
    assert_null(iow_alias_quirk_at(IOW_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_file_is_found_once),
        cmocka_unit_test(neighbours_of_listed_ids_are_not_found),
        cmocka_unit_test(a_row_needs_its_class_and_its_subsystem),
        cmocka_unit_test(every_row_adds_what_the_file_says_at_every_devfn),
        cmocka_unit_test(a_function_with_the_right_number_keeps_its_own),
        cmocka_unit_test(conditions_of_the_file_are_those_of_the_kinds),
        cmocka_unit_test(the_library_has_no_row_of_its_own),
    };

    return cmocka_run_group_tests(tests, read_rows, NULL);
}
