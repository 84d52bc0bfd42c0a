/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "routes.h"

#include "pci/place.h"

static const struct line line[] = {
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, -1},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
    {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1},
    {"03:00.0", "02:00.0", IOW_PCIE_TO_PCI_BRIDGE, -1},
    {"04:01.0", "03:00.0", IOW_PCIE_NONE, -1},
    {"04:02.0", "03:00.0", IOW_PCI_TO_PCIE_BRIDGE, -1},
    {"05:00.0", "04:02.0", IOW_PCIE_ENDPOINT, -1},
    {"80:00.0", NULL, IOW_PCIE_NONE, -1},
    {"80:00.1", NULL, IOW_PCIE_NONE, -1},
    {"80:01.0", NULL, IOW_PCIE_NONE, -1},
};

static void every_bus_has_its_kind(void **state)
{
    static const struct {
        const char *node;
        enum iow_bus_kind kind;
    } cases[] = {
        {"00:02.0", IOW_BUS_ROOT},
        {"01:00.0", IOW_BUS_LINK},
        {"02:00.0", IOW_BUS_INTERNAL},
        {"03:00.0", IOW_BUS_LINK},
        {"04:01.0", IOW_BUS_CONVENTIONAL},
        {"05:00.0", IOW_BUS_LINK},
        {"80:00.0", IOW_BUS_PLAIN_ROOT},
        {"80:01.0", IOW_BUS_PLAIN_ROOT},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(iow_place_bus(r.m.topology, index_of(&r.m, cases[i].node)), cases[i].kind);
    config_of(&r, "80:01.0")->known = IOW_CONFIG_HEADER;
    assert_int_equal(iow_place_bus(r.m.topology, index_of(&r.m, "80:00.0")), IOW_BUS_ROOT);
    config_of(&r, "00:02.0")->known = IOW_CONFIG_HEADER;
    assert_int_equal(iow_place_bus(r.m.topology, index_of(&r.m, "01:00.0")), IOW_BUS_UNREAD);
    iow_mem_done(&r.m.mem);
}

static void the_way_to_a_node_leads_through_those_above_it(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    assert_int_equal(
        iow_place_towards(r.m.topology, IOW_NONE, index_of(&r.m, "05:00.0")), index_of(&r.m, "00:02.0"));
    assert_int_equal(iow_place_towards(r.m.topology, index_of(&r.m, "02:00.0"), index_of(&r.m, "05:00.0")),
        index_of(&r.m, "03:00.0"));
    assert_int_equal(iow_place_towards(r.m.topology, index_of(&r.m, "03:00.0"), index_of(&r.m, "04:01.0")),
        index_of(&r.m, "04:01.0"));
    assert_int_equal(
        iow_place_towards(r.m.topology, index_of(&r.m, "04:02.0"), index_of(&r.m, "04:01.0")), IOW_NONE);
    iow_mem_done(&r.m.mem);
}

static void a_bridge_forwards_what_its_open_windows_hold(void **state)
{
    struct iow_config c = {.header_type = 1,
        .command = IOW_COMMAND_MEMORY,
        .windows = {
            .memory_base = 0x1000, .memory_last = 0x1fff, .prefetch_base = 0x8000, .prefetch_last = 0x8fff}};
    const struct iow_node n = {.config = &c};

    (void)state;
    assert_false(iow_place_forwards(&n, 0xfff, false));
    assert_true(iow_place_forwards(&n, 0x1000, false));
    assert_true(iow_place_forwards(&n, 0x1fff, false));
    assert_false(iow_place_forwards(&n, 0x2000, false));
    assert_true(iow_place_forwards(&n, 0x8fff, false));
    c.command = 0;
    assert_false(iow_place_forwards(&n, 0x1000, false));
    assert_true(iow_place_forwards(&n, 0x1000, true));
    assert_false(iow_place_takes_the_rest(&n, true));
    c.class_code = 0x060401;
    assert_true(iow_place_takes_the_rest(&n, true));
    assert_false(iow_place_takes_the_rest(&n, false));
    c.header_type = 0;
    assert_false(iow_place_forwards(&n, 0x1000, true));
}

/* Below a port there is one device, whatever numbers ARI and SR-IOV give its functions; elsewhere numbers tell. */
static void functions_of_one_device_are_told_by_their_bus(void **state)
{
    static const struct line ari[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, -1},
        {"00:03.0", NULL, IOW_PCIE_RC_ENDPOINT, -1},
        {"00:03.1", NULL, IOW_PCIE_RC_ENDPOINT, -1},
        {"00:04.0", NULL, IOW_PCIE_RC_ENDPOINT, -1, .physical_function = "00:03.0"},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1},
        {"01:01.0", "00:02.0", IOW_PCIE_ENDPOINT, -1},
    };
    struct routes r;

    (void)state;
    routes_build(&r, ari, COUNT(ari));
    assert_true(iow_place_one_device(r.m.topology, 4, 5));
    assert_true(iow_place_one_device(r.m.topology, 1, 2));
    assert_true(iow_place_one_device(r.m.topology, 3, 2));
    assert_false(iow_place_one_device(r.m.topology, 0, 1));
    assert_false(iow_place_one_device(r.m.topology, 1, 4));
    iow_mem_done(&r.m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bus_has_its_kind),
        cmocka_unit_test(the_way_to_a_node_leads_through_those_above_it),
        cmocka_unit_test(a_bridge_forwards_what_its_open_windows_hold),
        cmocka_unit_test(functions_of_one_device_are_told_by_their_bus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
