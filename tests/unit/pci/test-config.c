/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "space.h"

static struct iow_config decode(struct space *s, int want)
{
    struct iow_config_reader reader = space_reader(s);
    struct iow_config c;
    struct iow_explain e = {0};

    assert_int_equal(iow_config_decode(&reader, &c, &e), want);
    return c;
}

static void a_header_is_decoded(void **state)
{
    struct space s;
    struct iow_config c;

    (void)state;
    space_init(&s, 0x8086, 0x10d3, 0x80);
    put16(&s, 0x04, 0x0507);
    put32(&s, 0x08, 0x02000007);
    put16(&s, 0x2c, 0x1af4);
    put16(&s, 0x2e, 0x1100);
    c = decode(&s, 0);
    assert_int_equal(c.vendor, 0x8086);
    assert_int_equal(c.device, 0x10d3);
    assert_int_equal(c.command, 0x0507);
    assert_int_equal(c.class_code, 0x020000);
    assert_int_equal(c.revision, 7);
    assert_int_equal(c.header_type, 0);
    assert_true(c.multifunction);
    assert_int_equal(c.subvendor, 0x1af4);
    assert_int_equal(c.subdevice, 0x1100);
    assert_int_equal(c.pcie_type, IOW_PCIE_NONE);
    assert_int_equal(c.known, IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS);
    assert_int_equal(s.n_bytes, 64);
}

static void a_bridge_shows_its_buses_and_windows(void **state)
{
    struct space s;
    struct iow_windows w;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    s.byte[0x18] = 0;
    s.byte[0x19] = 3;
    s.byte[0x1a] = 7;
    s.byte[0x1c] = 0x11;
    s.byte[0x1d] = 0x21;
    put16(&s, 0x30, 0x0001);
    put16(&s, 0x32, 0x0001);
    put16(&s, 0x20, 0xfe80);
    put16(&s, 0x22, 0xfe90);
    put16(&s, 0x24, 0x0001);
    put16(&s, 0x26, 0x0fff);
    put32(&s, 0x28, 0x80);
    put32(&s, 0x2c, 0x81);
    assert_int_equal(decode(&s, 0).secondary, 3);
    assert_int_equal(decode(&s, 0).subordinate, 7);
    w = decode(&s, 0).windows;
    assert_true(w.io_base == 0x11000 && w.io_last == 0x12fff);
    assert_true(w.memory_base == 0xfe800000 && w.memory_last == 0xfe9fffff);
    assert_true(w.prefetch_base == 0x8000000000 && w.prefetch_last == 0x810fffffff);
}

static void closed_windows_have_a_base_above_their_last(void **state)
{
    struct space s;
    struct iow_windows w;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    s.byte[0x1c] = 0xf0;
    put16(&s, 0x20, 0xfff0);
    put16(&s, 0x24, 0xfff0);
    w = decode(&s, 0).windows;
    assert_true(w.io_base > w.io_last && w.memory_base > w.memory_last && w.prefetch_base > w.prefetch_last);
    s.size = 32;
    w = decode(&s, 0).windows;
    assert_true(w.io_base > w.io_last && w.memory_base > w.memory_last && w.prefetch_base > w.prefetch_last);
}

static void capabilities_are_found_by_walking(void **state)
{
    struct space s;
    struct iow_config c;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_add(&s, 0x05, 0x70);
    space_extended(&s, 0x100, 0x01, 0x148);
    space_extended(&s, 0x148, 0x0d, 0x160);
    put16(&s, 0x14c, 0x005f);
    put16(&s, 0x14e, 0x001d);
    space_extended(&s, 0x160, 0x10, 0x200);
    space_extended(&s, 0x200, 0x0f, 0);
    c = decode(&s, 0);
    assert_int_equal(c.pcie_offset, 0x54);
    assert_int_equal(c.pcie_type, IOW_PCIE_ROOT_PORT);
    assert_int_equal(c.acs_offset, 0x148);
    assert_int_equal(c.acs_cap, 0x5f);
    assert_int_equal(c.acs_ctrl, 0x1d);
    assert_int_equal(c.acs_dword_cap, 0x001d005f);
    assert_int_equal(c.sriov_offset, 0x160);
    assert_int_equal(c.ats_offset, 0x200);
    assert_true(s.n_bytes < 160); /* far from the 4096 there are */
}

static void only_the_first_of_a_kind_counts(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_extended(&s, 0x100, 0x0d, 0x140);
    put16(&s, 0x104, 0x1);
    space_extended(&s, 0x140, 0x0d, 0);
    put16(&s, 0x144, 0x2);
    assert_int_equal(decode(&s, 0).acs_cap, 1);
}

static void extended_space_of_a_conventional_function_is_not_read(void **state)
{
    struct space s;
    struct iow_config c;

    (void)state;
    space_init(&s, 0x8086, 0x100e, 0);
    space_extended(&s, 0x100, 0x0d, 0);
    c = decode(&s, 0);
    assert_int_equal(c.acs_offset, 0);
    assert_true(c.known & IOW_CONFIG_EXT_CAPS);
}

static void no_extended_space_is_an_answer(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    s.size = 256;
    assert_true(decode(&s, 0).known & IOW_CONFIG_EXT_CAPS);
    s.size = 4096;
    put32(&s, 0x100, 0xffffffff);
    assert_true(decode(&s, 0).known & IOW_CONFIG_EXT_CAPS);
}

static void what_an_ordinary_user_may_not_read_stays_unknown(void **state)
{
    struct space s;
    struct iow_config c;
    struct iow_config_reader reader = space_reader(&s);
    struct iow_explain e = {0};

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    s.size = 64;
    assert_int_equal(iow_config_decode(&reader, &c, &e), 0);
    assert_int_equal(e.rule, IOW_RULE_READ_CONFIG_SHORT);
    assert_int_equal(c.known, IOW_CONFIG_IDS | IOW_CONFIG_HEADER);
}

/* Every length a file may be cut to gives an answer, never a read beyond it. */
static void every_truncation_gives_an_answer(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_extended(&s, 0x100, 0x0d, 0);
    put16(&s, 0x104, 0x5f);
    for (s.size = 0; s.size <= 0x120; s.size++) {
        struct iow_config c = decode(&s, 0);

        assert_int_equal(!!(c.known & IOW_CONFIG_HEADER), s.size >= 64);
        assert_int_equal(!!(c.known & IOW_CONFIG_CAPS), s.size >= 0x58);
        if (s.size >= 0x10c)
            assert_int_equal(c.acs_cap, 0x5f);
    }
}

static void a_loop_of_capabilities_is_named(void **state)
{
    struct space s;
    struct iow_config_reader reader = space_reader(&s);
    struct iow_config c;
    struct iow_explain e = {0};

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    s.byte[0x55] = 0x54;
    assert_int_equal(iow_config_decode(&reader, &c, &e), -IOW_ELOOP);
    assert_int_equal(e.rule, IOW_RULE_READ_CONFIG_LOOP);
    assert_int_equal(e.evidence[0].seen, 0x54);
    assert_true(c.known & IOW_CONFIG_DAMAGED);
    assert_true(c.known & IOW_CONFIG_IDS);
    assert_false(c.known & IOW_CONFIG_CAPS);
}

static void a_loop_of_extended_capabilities_keeps_what_came_before(void **state)
{
    struct space s;
    struct iow_config c;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_extended(&s, 0x100, 0x0d, 0x140);
    put16(&s, 0x104, 0x5f);
    space_extended(&s, 0x140, 0x01, 0x100);
    c = decode(&s, -IOW_ELOOP);
    assert_int_equal(c.acs_cap, 0x5f);
    assert_true(c.known & IOW_CONFIG_CAPS);
    assert_false(c.known & IOW_CONFIG_EXT_CAPS);
}

static void a_pointer_into_the_header_is_refused(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add(&s, 0x05, 0x70);
    s.byte[0x71] = 0x20;
    decode(&s, -IOW_EINVAL);
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_extended(&s, 0x100, 0x01, 0x80);
    decode(&s, -IOW_EINVAL);
}

static void a_function_that_is_gone_reads_all_ones(void **state)
{
    struct space s;

    (void)state;
    memset(&s, 0xff, sizeof(s));
    s.size = 4096;
    s.fail = 0;
    assert_int_equal(decode(&s, -IOW_ENODEV).known, 0);
}

static void a_virtual_function_has_no_ids_here(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0xffff, 0xffff, 0);
    space_add_express(&s, 0x54, IOW_PCIE_ENDPOINT);
    assert_false(decode(&s, 0).known & IOW_CONFIG_IDS);
    assert_int_equal(decode(&s, 0).pcie_type, IOW_PCIE_ENDPOINT);
}

static void the_readers_error_is_passed_on(void **state)
{
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    s.fail = -IOW_EIO;
    decode(&s, -IOW_EIO);
}

static void every_capability_is_listed_in_order(void **state)
{
    struct space s;
    struct iow_config_reader reader = space_reader(&s);
    struct iow_capability list[8];
    struct iow_config c;
    uint32_t n;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_ROOT_PORT);
    space_add(&s, 0x05, 0x70);
    space_extended(&s, 0x100, 0x01, 0x148);
    space_extended(&s, 0x148, 0x0d, 0);
    c = decode(&s, 0);
    assert_int_equal(iow_config_list(&reader, &c, list, COUNT(list), &n, NULL), 0);
    assert_int_equal(n, 4);
    assert_int_equal(list[0].id, 5);
    assert_int_equal(list[1].id, 0x10);
    assert_true(list[2].extended && list[2].id == 1 && list[2].version == 1);
    assert_int_equal(list[3].offset, 0x148);
    assert_int_equal(iow_config_list(&reader, &c, list, 2, &n, NULL), -IOW_E2BIG);
    assert_int_equal(n, 2);
}

static void a_cardbus_bridge_has_two_memory_windows(void **state)
{
    struct iow_windows w;
    struct space s;

    (void)state;
    space_init(&s, 0x1180, 0x0476, 2);
    put32(&s, 0x1c, 0xf0000000);
    put32(&s, 0x20, 0xf3fff000);
    put32(&s, 0x24, 0xfffff000);
    w = decode(&s, 0).windows;
    assert_true(w.memory_base == 0xf0000000 && w.memory_last == 0xf3ffffff);
    assert_true(w.prefetch_base > w.prefetch_last && w.io_base > w.io_last);
}

static void memory_ranges_are_told_from_ports_and_halves(void **state)
{
    static const uint32_t bar[IOW_BARS] = {0xfe000008, 0xc001, 0x0000000c, 0x38, 0x00000004, 0};
    uint64_t base;

    (void)state;
    assert_int_equal(iow_config_memory(bar, 0, &base), 1);
    assert_int_equal(base, 0xfe000000);
    assert_int_equal(iow_config_memory(bar, 1, &base), 4);
    assert_int_equal(base, UINT64_C(0x3800000000));
    assert_int_equal(iow_config_memory(bar, 4, &base), 0);
}

static void a_header_has_as_many_ranges_as_its_type(void **state)
{
    static const struct {
        uint8_t type;
        unsigned n;
    } cases[] = {{0, 6}, {1, 2}, {2, 1}, {3, 0}};
    struct space s;

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        space_init(&s, 0x1b36, 0x000c, cases[k].type);
        for (unsigned i = 0; i < IOW_BARS; i++)
            put32(&s, 0x10 + 4 * i, 0xfe000000 + (i << 12));
        for (unsigned i = 0; i < IOW_BARS; i++)
            assert_int_equal(decode(&s, 0).bar[i], i < cases[k].n ? 0xfe000000 + (i << 12) : 0);
    }
}

static void an_egress_vector_is_read_where_it_rules(void **state)
{
    struct iow_config c;
    struct space s;

    (void)state;
    space_init(&s, 0x1b36, 0x000c, 1);
    space_add_express(&s, 0x54, IOW_PCIE_DOWNSTREAM_PORT);
    put32(&s, 0x60, 0x07000000);
    space_extended(&s, 0x100, 0x0d, 0);
    put16(&s, 0x104, 0x2800 | IOW_ACS_EC); /* 40 bits */
    put32(&s, 0x108, 0x80000081);
    put32(&s, 0x10c, 0xffffffff);
    assert_int_equal(decode(&s, 0).acs_egress[0], 0); /* switched off */
    put16(&s, 0x106, IOW_ACS_EC);
    c = decode(&s, 0);
    assert_int_equal(c.port_number, 7);
    assert_int_equal(c.acs_egress[0], 0x80000081);
    assert_int_equal(c.acs_egress[1], 0xff);
    put16(&s, 0x104, IOW_ACS_EC); /* 256 bits */
    put32(&s, 0x124, 0x80000000);
    assert_int_equal(decode(&s, 0).acs_egress[7], 0x80000000);
    s.size = 0x110; /* the rest may not be read: nothing of it is known */
    assert_false(decode(&s, 0).known & IOW_CONFIG_EXT_CAPS);
}

static void virtual_functions_have_their_ranges_in_the_physical_one(void **state)
{
    struct iow_config c;
    struct space s;

    (void)state;
    space_init(&s, 0x8086, 0x10fb, 0);
    space_add_express(&s, 0x54, IOW_PCIE_ENDPOINT);
    space_extended(&s, 0x100, 0x10, 0x180);
    put16(&s, 0x108, IOW_SRIOV_VF_ENABLE | IOW_SRIOV_VF_MEMORY);
    put32(&s, 0x124, 0xfe200004);
    put32(&s, 0x128, 0x1);
    space_extended(&s, 0x180, 0x0f, 0);
    put16(&s, 0x186, IOW_ATS_ENABLE);
    c = decode(&s, 0);
    assert_int_equal(c.sriov_ctrl, 9);
    assert_int_equal(c.vf_bar[0], 0xfe200004);
    assert_int_equal(c.vf_bar[1], 1);
    assert_int_equal(c.ats_ctrl, IOW_ATS_ENABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_decoded),
        cmocka_unit_test(a_bridge_shows_its_buses_and_windows),
        cmocka_unit_test(closed_windows_have_a_base_above_their_last),
        cmocka_unit_test(capabilities_are_found_by_walking),
        cmocka_unit_test(only_the_first_of_a_kind_counts),
        cmocka_unit_test(extended_space_of_a_conventional_function_is_not_read),
        cmocka_unit_test(no_extended_space_is_an_answer),
        cmocka_unit_test(what_an_ordinary_user_may_not_read_stays_unknown),
        cmocka_unit_test(every_truncation_gives_an_answer),
        cmocka_unit_test(a_loop_of_capabilities_is_named),
        cmocka_unit_test(a_loop_of_extended_capabilities_keeps_what_came_before),
        cmocka_unit_test(a_pointer_into_the_header_is_refused),
        cmocka_unit_test(a_function_that_is_gone_reads_all_ones),
        cmocka_unit_test(a_virtual_function_has_no_ids_here),
        cmocka_unit_test(the_readers_error_is_passed_on),
        cmocka_unit_test(every_capability_is_listed_in_order),
        cmocka_unit_test(a_cardbus_bridge_has_two_memory_windows),
        cmocka_unit_test(memory_ranges_are_told_from_ports_and_halves),
        cmocka_unit_test(a_header_has_as_many_ranges_as_its_type),
        cmocka_unit_test(an_egress_vector_is_read_where_it_rules),
        cmocka_unit_test(virtual_functions_have_their_ranges_in_the_physical_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
