/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of device-specific ACS answers against tests/data/acs-quirks.tsv, row by row and both ways. */
#include <ioward/acs.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Conditions of the kernel that a config space does not show, beside those of enum iow_acs_quirk_condition.
 */
#define IF_FLAG 0x100u
#define IF_NO_FLAG 0x200u
#define IF_KERNEL_CONFIG 0x400u

struct row {
    char index[8], bits[32], handler[32];
    uint16_t vendor, first, last;
    unsigned condition;
};

static struct row rows[1024];
static size_t n_rows; /* answers only */
static struct row steps[1024];
static size_t n_steps; /* E0, E1 */

static unsigned condition_of(const char *word)
{
    static const struct {
        const char *word;
        unsigned condition;
    } known[] = {
        {"-", 0},
        {"multifunction", IOW_ACS_IF_MULTIFUNCTION},
        {"root_bus", IOW_ACS_IF_ROOT_BUS},
        {"acpi_IVRS", IOW_ACS_IF_IVRS},
        {"CONFIG_ACPI", IF_KERNEL_CONFIG},
        {"type=RC_END", IOW_ACS_IF_RC_ENDPOINT},
        {"type=ROOT_PORT", IOW_ACS_IF_ROOT_PORT},
        {"type=ROOT_PORT|DOWNSTREAM", IOW_ACS_IF_ROOT_OR_DOWNSTREAM},
        {"acs_cap", IOW_ACS_IF_ACS_CAPABILITY},
        {"flag=ACS_ENABLED_QUIRK", IF_FLAG},
        {"!flag=ACS_ENABLED_QUIRK", IF_NO_FLAG},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (!strcmp(known[i].word, word))
            return known[i].condition;
    fail_msg("condition %s", word);
    return 0;
}

static void parse_row(char *line)
{
    char *field[9], *save = NULL;
    struct row row = {.last = 0xffff};

    for (size_t i = 0; i < 9; i++)
        assert_non_null(field[i] = strsep(&line, "\t"));
    assert_string_equal(field[6], "continue");
    snprintf(row.index, sizeof(row.index), "%s", field[0]);
    snprintf(row.bits, sizeof(row.bits), "%s", field[5]);
    snprintf(row.handler, sizeof(row.handler), "%s", field[7]);
    row.vendor = (uint16_t)strtoul(field[1], NULL, 16);
    if (strcmp(field[2], "*")) {
        row.first = (uint16_t)strtoul(field[2], NULL, 16);
        row.last = (uint16_t)strtoul(field[3], NULL, 16);
    }
    for (char *word = strtok_r(field[4], "&", &save); word; word = strtok_r(NULL, "&", &save))
        row.condition |= condition_of(word);
    if (row.index[0] == 'E')
        steps[n_steps++] = row;
    else
        rows[n_rows++] = row;
}

static int read_rows(void **state)
{
    FILE *file = fopen(IOW_TEST_DATA "/acs-quirks.tsv", "re");
    char line[512];

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || !strncmp(line, "index\t", 6))
            continue;
        assert_in_range(n_rows + n_steps, 0, sizeof(rows) / sizeof(rows[0]) - 1);
        parse_row(line);
    }
    fclose(file);
    assert_int_not_equal(n_rows, 0);
    assert_int_not_equal(n_steps, 0);
    return 0;
}

/* One function as the table sees it. */
struct function {
    struct iow_config config;
    struct iow_acs_context context;
    bool flag; /* the enable step of older Intel root ports succeeded */
};

static struct function function_with(uint16_t vendor, uint16_t device, unsigned condition)
{
    struct function f = {
        .config = {.vendor = vendor, .device = device, .pcie_type = IOW_PCIE_ENDPOINT},
        .flag = condition & IF_FLAG,
    };

    f.context.multifunction = condition & IOW_ACS_IF_MULTIFUNCTION;
    f.context.on_root_bus = condition & IOW_ACS_IF_ROOT_BUS;
    f.context.ivrs = condition & IOW_ACS_IF_IVRS;
    if (condition & IOW_ACS_IF_ACS_CAPABILITY)
        f.config.acs_offset = 0x140;
    if (condition & IOW_ACS_IF_RC_ENDPOINT)
        f.config.pcie_type = IOW_PCIE_RC_ENDPOINT;
    if (condition & IOW_ACS_IF_ROOT_OR_DOWNSTREAM)
        f.config.pcie_type = IOW_PCIE_DOWNSTREAM_PORT;
    if (condition & IOW_ACS_IF_ROOT_PORT)
        f.config.pcie_type = IOW_PCIE_ROOT_PORT;
    return f;
}

static bool type_holds(const struct row *r, uint8_t type)
{
    if (r->condition & IOW_ACS_IF_RC_ENDPOINT && type != IOW_PCIE_RC_ENDPOINT)
        return false;
    if (r->condition & IOW_ACS_IF_ROOT_PORT && type != IOW_PCIE_ROOT_PORT)
        return false;
    return !(r->condition & IOW_ACS_IF_ROOT_OR_DOWNSTREAM) || type == IOW_PCIE_ROOT_PORT ||
           type == IOW_PCIE_DOWNSTREAM_PORT;
}

static bool row_holds(const struct row *r, const struct function *f)
{
    return r->vendor == f->config.vendor && r->first <= f->config.device && f->config.device <= r->last &&
           type_holds(r, f->config.pcie_type) &&
           (!(r->condition & IOW_ACS_IF_MULTIFUNCTION) || f->context.multifunction) &&
           (!(r->condition & IOW_ACS_IF_ROOT_BUS) || f->context.on_root_bus) &&
           (!(r->condition & IOW_ACS_IF_IVRS) || f->context.ivrs) &&
           (!(r->condition & IOW_ACS_IF_ACS_CAPABILITY) || f->config.acs_offset) &&
           (!(r->condition & IF_FLAG) || f->flag) && (!(r->condition & IF_NO_FLAG) || !f->flag);
}

/* What the kernel's loop finds: the first row that holds. */
static const struct row *first_row(const struct function *f)
{
    for (size_t i = 0; i < n_rows; i++)
        if (row_holds(&rows[i], f))
            return &rows[i];
    return NULL;
}

static uint16_t bits_of(const char *text)
{
    static const char *const name[] = {"SV", "TB", "RR", "CR", "UF", "EC", "DT"};
    char copy[32], *save = NULL;
    unsigned bits = 0;

    snprintf(copy, sizeof(copy), "%s", text);
    for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
        size_t i = 0;

        while (i < 7 && strcmp(name[i], word))
            i++;
        assert_in_range(i, 0, 6);
        bits |= 1u << i;
    }
    return (uint16_t)bits;
}

static void assert_answer(const struct iow_acs_quirk *q, uint8_t answer, uint16_t provides)
{
    assert_int_equal(q->answer, answer);
    assert_int_equal(q->provides, provides);
}

/* Does the row of the library say what the row of the file says? */
static void assert_same_answer(const struct iow_acs_quirk *q, const struct row *r)
{
    assert_string_equal(q->source, r->handler);
    if (!strcmp(r->handler, "intel_pch_acs"))
        /* two rows of the file: with the flag, and without it */
        assert_answer(q, IOW_ACS_QUIRK_PCH, r->condition & IF_FLAG ? bits_of(r->bits) : q->provides);
    else if (!strcmp(r->handler, "amd_sb_acs"))
        assert_answer(q, IOW_ACS_QUIRK_AMD_SB, bits_of(r->bits));
    else if (!strcmp(r->bits, "DWORDCTRL"))
        assert_answer(q, IOW_ACS_QUIRK_DWORD, 0);
    else if (!strcmp(r->bits, "NONE"))
        assert_answer(q, IOW_ACS_QUIRK_NEVER, 0);
    else
        assert_answer(q, IOW_ACS_QUIRK_PROVIDES, bits_of(r->bits));
}

static void assert_same_find(const struct function *f)
{
    const struct row *r = first_row(f);
    uint32_t i = iow_acs_quirk_find(&f->config, &f->context);

    if (!r) {
        assert_int_equal(i, IOW_NONE);
        return;
    }
    assert_non_null(iow_acs_quirk_at(i));
    assert_same_answer(iow_acs_quirk_at(i), r);
}

static void every_row_of_the_file_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct row *r = &rows[i];
        const uint16_t device[] = {r->first, (uint16_t)((r->first + r->last) / 2), r->last};

        for (size_t d = 0; d < 3; d++) {
            struct function f = function_with(r->vendor, device[d], r->condition);

            assert_ptr_equal(first_row(&f), r);
            assert_same_find(&f);
        }
    }
}

static void assert_without(const struct row *r, uint32_t with, const struct function *f)
{
    assert_ptr_not_equal(first_row(f), r);
    assert_int_not_equal(iow_acs_quirk_find(&f->config, &f->context), with);
    assert_same_find(f);
}

static void a_row_needs_each_of_its_conditions(void **state)
{
    static const unsigned single[] = {
        IOW_ACS_IF_MULTIFUNCTION, IOW_ACS_IF_ROOT_BUS, IOW_ACS_IF_IVRS, IOW_ACS_IF_ACS_CAPABILITY};

    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct row *r = &rows[i];
        struct function f = function_with(r->vendor, r->first, r->condition);
        uint32_t with = iow_acs_quirk_find(&f.config, &f.context);

        for (size_t s = 0; s < 4; s++) {
            f = function_with(r->vendor, r->first, r->condition & ~single[s]);
            if (r->condition & single[s])
                assert_without(r, with, &f);
        }
        f = function_with(r->vendor, r->first, r->condition);
        for (unsigned type = 0; type < 16; type++) {
            f.config.pcie_type = type == 15 ? IOW_PCIE_NONE : (uint8_t)type;
            if (!type_holds(r, f.config.pcie_type))
                assert_without(r, with, &f);
        }
    }
}

/* Every type, with and without each condition; the flag is not the library's to see, so both must agree. */
static void assert_same_everywhere(uint16_t vendor, uint16_t device)
{
    for (unsigned bits = 0; bits < 32; bits++) {
        struct function f = function_with(vendor, device, bits & 7);

        f.config.acs_offset = bits & 8 ? 0x100 : 0;
        f.flag = bits & 16;
        for (unsigned type = 0; type < 16; type++) {
            f.config.pcie_type = type == 15 ? IOW_PCIE_NONE : (uint8_t)type;
            assert_same_find(&f);
        }
    }
}

static void listed_ids_and_their_neighbours_agree_in_every_context(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_rows; i++) {
        const struct row *r = &rows[i];

        if (r->condition & IF_NO_FLAG) /* the same ids again */
            continue;
        assert_same_everywhere(r->vendor, (uint16_t)(r->first - 1));
        assert_same_everywhere(r->vendor, r->first);
        assert_same_everywhere(r->vendor, r->last);
        assert_same_everywhere(r->vendor, (uint16_t)(r->last + 1));
        assert_same_everywhere((uint16_t)(r->vendor + 1), r->first);
    }
}

static void the_library_has_no_row_of_its_own(void **state)
{
    const struct iow_acs_quirk *q;

    (void)state;
    for (uint32_t i = 0; (q = iow_acs_quirk_at(i)); i++) {
        bool decides = false;

        assert_true(q->device_first <= q->device_last);
        for (uint32_t device = q->device_first; device <= q->device_last; device++) {
            struct function f = function_with(q->vendor, (uint16_t)device, q->condition);

            assert_same_find(&f);
            decides |= iow_acs_quirk_find(&f.config, &f.context) == i;
        }
        assert_true(decides);
    }
    assert_null(iow_acs_quirk_at(IOW_NONE));
}

static void an_unlisted_vendor_has_no_answer(void **state)
{
    (void)state;
    for (uint32_t device = 0; device <= 0xffff; device += 0xff) {
        struct function f = function_with(0x1234, (uint16_t)device, IOW_ACS_IF_ROOT_PORT);

        assert_int_equal(iow_acs_quirk_find(&f.config, &f.context), IOW_NONE);
    }
}

static size_t n_devices_with(uint8_t answer)
{
    const struct iow_acs_quirk *q;
    size_t n = 0;

    for (uint32_t i = 0; (q = iow_acs_quirk_at(i)); i++)
        if (q->answer == answer)
            n += q->device_last - q->device_first + 1u;
    return n;
}

static void ports_with_an_enable_step_are_those_whose_answer_depends_on_it(void **state)
{
    size_t n[2] = {0, 0};

    (void)state;
    for (size_t i = 0; i < n_steps; i++) {
        const struct row *s = &steps[i];
        const bool dword = s->index[1] == '1';

        for (uint32_t device = s->first; device <= s->last; device++, n[dword]++) {
            struct function f = function_with(s->vendor, (uint16_t)device, s->condition);
            const struct iow_acs_quirk *q = iow_acs_quirk_at(iow_acs_quirk_find(&f.config, &f.context));

            assert_non_null(q);
            assert_int_equal(q->answer, dword ? IOW_ACS_QUIRK_DWORD : IOW_ACS_QUIRK_PCH);
        }
    }
    assert_int_equal(n[0], n_devices_with(IOW_ACS_QUIRK_PCH));
    assert_int_equal(n[1], n_devices_with(IOW_ACS_QUIRK_DWORD));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_file_is_found),
        cmocka_unit_test(a_row_needs_each_of_its_conditions),
        cmocka_unit_test(listed_ids_and_their_neighbours_agree_in_every_context),
        cmocka_unit_test(the_library_has_no_row_of_its_own),
        cmocka_unit_test(an_unlisted_vendor_has_no_answer),
        cmocka_unit_test(ports_with_an_enable_step_are_those_whose_answer_depends_on_it),
    };

    return cmocka_run_group_tests(tests, read_rows, NULL);
}
