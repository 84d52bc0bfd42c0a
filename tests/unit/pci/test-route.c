/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk: what must be so before a request arrives at all, then each situation on its way, then translated requests. */
#include "routes.h"

#define ROOT_PORT(...) IOW_PCIE_ROOT_PORT, __VA_ARGS__
#define UP_PORT IOW_PCIE_UPSTREAM_PORT, -1, 0
#define DOWN_PORT(...) IOW_PCIE_DOWNSTREAM_PORT, __VA_ARGS__
#define DEVICE IOW_PCIE_ENDPOINT, -1, 0
#define OLD IOW_PCIE_NONE, -1, 0
#define ISOLATING 0x5f, IOW_ACS_REQUIRED

/* Two devices below a switch: 03:00.0 and 04:00.0. */
static const struct line switch_lines[] = {
    {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
    {"01:00.0", "00:02.0", UP_PORT},
    {"02:00.0", "01:00.0", DOWN_PORT(ISOLATING)},
    {"02:01.0", "01:00.0", DOWN_PORT(ISOLATING)},
    {"03:00.0", "02:00.0", DEVICE},
    {"04:00.0", "02:01.0", DEVICE},
};

/* Two devices below two root ports: 01:00.0 and 02:00.0. */
static const struct line ports_lines[] = {
    {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
    {"00:03.0", NULL, ROOT_PORT(ISOLATING)},
    {"01:00.0", "00:02.0", DEVICE},
    {"02:00.0", "00:03.0", DEVICE},
};

static const struct line card_lines[] = {
    {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
    {"01:00.0", "00:02.0", DEVICE, true},
    {"01:00.1", "00:02.0", DEVICE, true},
};

static void build_switch(struct routes *r)
{
    routes_build(r, switch_lines, COUNT(switch_lines));
}

static void done(struct routes *r)
{
    iow_mem_done(&r->m.mem);
}

static void p1_the_requester_must_master(void **state)
{
    struct iow_route route;
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "03:00.0")->command = IOW_COMMAND_MEMORY;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, MASTER_OFF, "03:00.0");
    CHECK(&r, "04:00.0", "03:00.0", false, THROUGH, SURELY, IOMMU, "04:00.0");
    route = ask_as(&r, "03:00.0", "04:00.0", false, true);
    assert_int_equal(route.answer, IOW_ROUTE_THROUGH);
    done(&r);
}

static void p1_a_virtual_function_must_be_enabled(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", DEVICE},
        {"01:00.1", "00:02.0", DEVICE, .physical_function = "01:00.0"},
        {"01:00.2", "00:02.0", DEVICE, .physical_function = "01:00.0"},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "01:00.1", "01:00.2", false, AROUND, POSSIBLY, VIRTUAL_FUNCTIONS, "01:00.1");
    config_of(&r, "01:00.0")->sriov_ctrl = IOW_SRIOV_VF_ENABLE;
    CHECK(&r, "01:00.1", "01:00.2", false, BLOCKED, SURELY, TARGET_OFF, "01:00.2");
    CHECK(&r, "01:00.1", "01:00.0", false, AROUND, POSSIBLY, VIRTUAL_FUNCTIONS, "01:00.1");
    config_of(&r, "01:00.0")->sriov_ctrl = 0;
    CHECK(&r, "01:00.1", "01:00.0", false, BLOCKED, SURELY, MASTER_OFF, "01:00.1");
    config_of(&r, "01:00.0")->known = IOW_CONFIG_HEADER;
    CHECK(&r, "01:00.1", "01:00.0", false, UNKNOWN, SURELY, UNREAD, "01:00.1");
    done(&r);
}

static void p2_every_bridge_must_pass_requests_up(void **state)
{
    static const char *const bridge[] = {"02:00.0", "01:00.0", "00:02.0"};
    struct routes r;

    (void)state;
    for (size_t i = 0; i < COUNT(bridge); i++) {
        build_switch(&r);
        config_of(&r, bridge[i])->command = IOW_COMMAND_MEMORY;
        CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, UPSTREAM_OFF, bridge[i]);
        done(&r);
    }
}

/* The ports that a request passes up need not have their windows open; a window that is no window leaves it on its way. */
static void p3_every_window_on_the_way_down_must_be_open(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    config_of(&r, "02:01.0")->command = IOW_COMMAND_MASTER;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, WINDOW, "02:01.0");
    config_of(&r, "02:01.0")->command |= IOW_COMMAND_MEMORY;
    config_of(&r, "02:01.0")->windows.memory_base = 0xf0000000;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, WINDOW, "02:01.0");
    config_of(&r, "02:01.0")->windows.prefetch_last = UINT64_MAX;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    config_of(&r, "02:00.0")->command = IOW_COMMAND_MASTER;
    config_of(&r, "00:02.0")->command = IOW_COMMAND_MASTER;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    done(&r);
}

static void p4_the_target_must_answer(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "04:00.0")->command = IOW_COMMAND_MASTER;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, TARGET_OFF, "04:00.0");
    config_of(&r, "04:00.0")->bar[0] = 0xc001;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, NO_REGISTERS, "04:00.0");
    config_of(&r, "04:00.0")->known = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, UNKNOWN, SURELY, UNREAD, "04:00.0");
    done(&r);
}

static void p5_an_address_in_two_windows_is_unknown(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", UP_PORT},
        {"02:00.0", "01:00.0", DOWN_PORT(0x5f, 0)},
        {"02:01.0", "01:00.0", DOWN_PORT(0x5f, 0)},
        {"02:02.0", "01:00.0", DOWN_PORT(0x5f, 0)},
        {"03:00.0", "02:00.0", DEVICE},
        {"04:00.0", "02:01.0", DEVICE},
        {"05:00.0", "02:02.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    config_of(&r, "02:02.0")->windows = config_of(&r, "02:01.0")->windows;
    CHECK(&r, "03:00.0", "04:00.0", false, UNKNOWN, SURELY, OVERLAP, "02:02.0");
    CHECK(&r, "05:00.0", "04:00.0", false, UNKNOWN, SURELY, OVERLAP, "02:02.0");
    done(&r);
}

static void port_rows_hold_on_a_switch(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "02:00.0")->subordinate = config_of(&r, "02:00.0")->secondary = 9;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, SOURCE, "02:00.0");
    CHECK(&r, "04:00.0", "03:00.0", false, THROUGH, SURELY, IOMMU, "04:00.0");
    done(&r);
}

static void walk_a_functions_of_one_device(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, card_lines, COUNT(card_lines));
    CHECK(&r, "01:00.0", "01:00.1", false, AROUND, POSSIBLY, FUNCTIONS, "01:00.0");
    config_of(&r, "01:00.0")->acs_offset = 0x148;
    CHECK(&r, "01:00.0", "01:00.1", false, THROUGH, SURELY, IOMMU, "01:00.0");
    CHECK(&r, "01:00.1", "01:00.0", false, AROUND, POSSIBLY, FUNCTIONS, "01:00.1");
    config_of(&r, "01:00.0")->acs_cap = IOW_ACS_RR | IOW_ACS_EC;
    CHECK(&r, "01:00.0", "01:00.1", false, AROUND, SURELY, NOT_REDIRECTED, "01:00.0");
    config_of(&r, "01:00.0")->acs_ctrl = IOW_ACS_RR;
    CHECK(&r, "01:00.0", "01:00.1", false, THROUGH, SURELY, IOMMU, "01:00.0");
    config_of(&r, "01:00.0")->acs_ctrl = IOW_ACS_EC;
    config_of(&r, "01:00.0")->acs_egress[0] = 1 << 1;
    CHECK(&r, "01:00.0", "01:00.1", false, BLOCKED, SURELY, EGRESS_BLOCKED, "01:00.0");
    config_of(&r, "01:00.0")->acs_egress[0] = 1;
    CHECK(&r, "01:00.0", "01:00.1", false, AROUND, SURELY, NOT_REDIRECTED, "01:00.0");
    done(&r);
}

/* What the function sends up comes to the port above, whose own window it is. */
static void walk_a_the_port_above_may_send_it_back(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, card_lines, COUNT(card_lines));
    config_of(&r, "01:00.0")->acs_offset = 0x148;
    config_of(&r, "01:00.0")->acs_cap = config_of(&r, "01:00.0")->acs_ctrl = IOW_ACS_RR;
    config_of(&r, "00:02.0")->acs_ctrl = IOW_ACS_REQUIRED & ~IOW_ACS_UF;
    CHECK(&r, "01:00.0", "01:00.1", false, AROUND, POSSIBLY, OWN_WINDOW, "00:02.0");
    done(&r);
}

/* Which bit of a vector is a virtual function's, or that of a function with ARI, depends on more registers. */
static void walk_a_egress_control_of_virtual_functions_is_unknown(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, IOW_ACS_RR | IOW_ACS_EC, IOW_ACS_EC},
        {"01:02.0", "00:02.0", DEVICE, .physical_function = "01:00.0"},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "01:00.0", "01:02.0", false, UNKNOWN, SURELY, UNREAD, "01:00.0");
    done(&r);
}

static void walk_b_only_the_requesters_port_decides(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    CHECK(&r, "03:00.0", "04:00.0", false, THROUGH, SURELY, IOMMU, "03:00.0");
    config_of(&r, "02:01.0")->acs_ctrl = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, THROUGH, SURELY, IOMMU, "03:00.0");
    CHECK(&r, "04:00.0", "03:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:01.0");
    config_of(&r, "02:01.0")->acs_offset = 0;
    CHECK(&r, "04:00.0", "03:00.0", false, AROUND, SURELY, NO_ACS, "02:01.0");
    config_of(&r, "02:01.0")->known &= (uint8_t)~IOW_CONFIG_EXT_CAPS;
    CHECK(&r, "04:00.0", "03:00.0", false, UNKNOWN, SURELY, UNREAD, "02:01.0");
    done(&r);
}

static void walk_b_the_port_above_may_send_it_back(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "00:02.0")->acs_ctrl = IOW_ACS_REQUIRED & ~IOW_ACS_UF;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, POSSIBLY, OWN_WINDOW, "00:02.0");
    config_of(&r, "00:02.0")->acs_offset = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, POSSIBLY, OWN_WINDOW, "00:02.0");
    done(&r);
}

/* What the port sends back down stops at a closed window on its way. */
static void walk_b_the_port_above_sends_nothing_back_through_a_closed_window(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(0x5f, 0)},
        {"01:00.0", "00:02.0", UP_PORT},
        {"02:00.0", "01:00.0", DOWN_PORT(ISOLATING)},
        {"02:01.0", "01:00.0", DOWN_PORT(ISOLATING)},
        {"03:00.0", "02:00.0", DEVICE},
        {"04:00.0", "02:01.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, POSSIBLY, OWN_WINDOW, "00:02.0");
    config_of(&r, "01:00.0")->windows.memory_last = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, THROUGH, SURELY, IOMMU, "03:00.0");
    done(&r);
}

static void walk_b_egress_control_knows_ports_by_number(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "02:00.0")->acs_cap = 0x7f;
    config_of(&r, "02:00.0")->acs_ctrl = IOW_ACS_EC;
    config_of(&r, "02:00.0")->acs_egress[1] = 1 << 8;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    config_of(&r, "02:01.0")->port_number = 40;
    CHECK(&r, "03:00.0", "04:00.0", false, BLOCKED, SURELY, EGRESS_BLOCKED, "02:00.0");
    done(&r);
}

/* Below one switch a second one; requests part at the first. */
static const struct line cascade_lines[] = {
    {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
    {"01:00.0", "00:02.0", UP_PORT},
    {"02:00.0", "01:00.0", DOWN_PORT(ISOLATING)},
    {"02:01.0", "01:00.0", DOWN_PORT(ISOLATING)},
    {"03:00.0", "02:00.0", UP_PORT},
    {"04:00.0", "03:00.0", DOWN_PORT(ISOLATING)},
    {"05:00.0", "04:00.0", DEVICE},
    {"06:00.0", "02:01.0", DEVICE},
};

static void walk_c_the_port_where_ways_part_decides(void **state)
{
    static const char *const lower[] = {"04:00.0", "02:01.0", "00:02.0"};
    struct routes r;

    (void)state;
    for (size_t i = 0; i < COUNT(lower); i++) {
        routes_build(&r, cascade_lines, COUNT(cascade_lines));
        config_of(&r, lower[i])->acs_ctrl = IOW_ACS_UF;
        CHECK(&r, "05:00.0", "06:00.0", false, THROUGH, SURELY, IOMMU, "05:00.0");
        config_of(&r, "02:00.0")->acs_ctrl = 0;
        CHECK(&r, "05:00.0", "06:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
        done(&r);
    }
}

static void a_route_names_every_hop(void **state)
{
    static const struct {
        const char *node;
        enum iow_hop_way way;
    } hop[] = {
        {"05:00.0", IOW_HOP_UP},
        {"04:00.0", IOW_HOP_UP},
        {"03:00.0", IOW_HOP_UP},
        {"02:00.0", IOW_HOP_DIRECT},
        {"02:01.0", IOW_HOP_DOWN},
        {"06:00.0", IOW_HOP_ARRIVED},
    };
    struct iow_route route;
    struct routes r;

    (void)state;
    routes_build(&r, cascade_lines, COUNT(cascade_lines));
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    route = ask(&r, "05:00.0", "06:00.0", false);
    assert_int_equal(route.n_hops, COUNT(hop));
    for (size_t i = 0; i < COUNT(hop); i++) {
        assert_int_equal(route.hop[i].node, index_of(&r.m, hop[i].node));
        assert_int_equal(route.hop[i].way, hop[i].way);
    }
    assert_int_equal(route.deciding.bit, IOW_ACS_RR);
    assert_int_equal(route.address, config_of(&r, "06:00.0")->bar[0]);
    done(&r);
}

static void walk_d_the_target_is_below_the_same_port(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, IOW_ACS_RR, IOW_ACS_RR, true},
        {"01:00.1", "00:02.0", UP_PORT, true},
        {"02:00.0", "01:00.1", DOWN_PORT(ISOLATING)},
        {"03:00.0", "02:00.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "01:00.0", "03:00.0", false, THROUGH, SURELY, IOMMU, "01:00.0");
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    CHECK(&r, "01:00.0", "03:00.0", false, AROUND, POSSIBLY, OWN_WINDOW, "00:02.0");
    done(&r);
}

static void walk_e_an_upstream_port_alone_passes_everything_up(void **state)
{
    struct iow_route route;
    struct routes r;

    (void)state;
    build_switch(&r);
    route = ask(&r, "03:00.0", "04:00.0", false);
    assert_int_equal(route.hop[2].node, index_of(&r.m, "01:00.0"));
    assert_int_equal(route.hop[2].rule, IOW_RULE_ROUTE_PASSES);
    assert_int_equal(route.hop[2].bit, 0);
    done(&r);
}

static void walk_f_an_upstream_port_beside_other_functions_may_hand_over(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", UP_PORT, true},
        {"01:00.1", "00:02.0", DEVICE, true},
        {"02:00.0", "01:00.0", DOWN_PORT(ISOLATING)},
        {"03:00.0", "02:00.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "03:00.0", "01:00.1", false, AROUND, POSSIBLY, FUNCTIONS, "01:00.0");
    CHECK(&r, "01:00.1", "03:00.0", false, AROUND, POSSIBLY, FUNCTIONS, "01:00.1");
    done(&r);
}

static void walk_g_between_root_ports_the_root_complex_decides(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, ports_lines, COUNT(ports_lines));
    CHECK(&r, "01:00.0", "02:00.0", false, THROUGH, SURELY, IOMMU, "01:00.0");
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    CHECK(&r, "01:00.0", "02:00.0", false, AROUND, IF_ROOT_COMPLEX, NOT_REDIRECTED, "00:02.0");
    config_of(&r, "00:02.0")->acs_offset = 0;
    CHECK(&r, "01:00.0", "02:00.0", false, AROUND, IF_ROOT_COMPLEX, NO_ACS, "00:02.0");
    CHECK(&r, "02:00.0", "01:00.0", false, THROUGH, SURELY, IOMMU, "02:00.0");
    done(&r);
}

static void walk_g_integrated_endpoints_are_left_to_the_root_complex(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"00:03.0", NULL, IOW_PCIE_RC_ENDPOINT, -1},
        {"00:04.0", NULL, IOW_PCIE_RC_ENDPOINT, 0x5f, IOW_ACS_RR},
        {"00:05.0", NULL, IOW_PCIE_RC_ENDPOINT, 0x5f, 0, true},
        {"00:05.1", NULL, IOW_PCIE_RC_ENDPOINT, 0x5f, 0, true},
        {"00:1f.0", NULL, OLD},
        {"01:00.0", "00:02.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "00:03.0", "00:04.0", false, AROUND, IF_ROOT_COMPLEX, ROOT_COMPLEX, "00:03.0");
    CHECK(&r, "00:03.0", "01:00.0", false, AROUND, IF_ROOT_COMPLEX, ROOT_COMPLEX, "00:03.0");
    CHECK(&r, "00:04.0", "00:03.0", false, THROUGH, SURELY, IOMMU, "00:04.0");
    CHECK(&r, "00:05.0", "00:05.1", false, AROUND, SURELY, NOT_REDIRECTED, "00:05.0");
    CHECK(&r, "00:1f.0", "00:03.0", false, AROUND, IF_ROOT_COMPLEX, ROOT_COMPLEX, "00:1f.0");
    config_of(&r, "00:03.0")->known = IOW_CONFIG_HEADER;
    CHECK(&r, "00:03.0", "00:04.0", false, UNKNOWN, SURELY, UNREAD, "00:03.0");
    done(&r);
}

static void walk_h_registers_of_ports_are_open(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    CHECK(&r, "03:00.0", "02:00.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "02:00.0");
    CHECK(&r, "03:00.0", "02:01.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "02:00.0");
    CHECK(&r, "03:00.0", "01:00.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "01:00.0");
    CHECK(&r, "03:00.0", "00:02.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "00:02.0");
    done(&r);
}

static void walk_h_registers_of_another_root_port_are_left_to_the_root_complex(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, ports_lines, COUNT(ports_lines));
    CHECK(&r, "01:00.0", "00:03.0", false, THROUGH, SURELY, IOMMU, "01:00.0");
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    CHECK(&r, "01:00.0", "00:03.0", false, AROUND, IF_ROOT_COMPLEX, NOT_REDIRECTED, "00:02.0");
    done(&r);
}

/* A conventional bus with a bridge to another, below PCI Express. */
static const struct line old_lines[] = {
    {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
    {"01:00.0", "00:02.0", IOW_PCIE_TO_PCI_BRIDGE, -1},
    {"02:01.0", "01:00.0", OLD},
    {"02:02.0", "01:00.0", OLD},
    {"02:03.0", "01:00.0", OLD},
    {"03:01.0", "02:03.0", OLD},
    {"03:02.0", "02:03.0", OLD},
};

static void walk_i_a_conventional_bus_is_shared(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, old_lines, COUNT(old_lines));
    CHECK(&r, "02:01.0", "02:02.0", false, AROUND, SURELY, SHARED_BUS, "02:01.0");
    CHECK(&r, "02:01.0", "03:01.0", false, AROUND, SURELY, SHARED_BUS, "02:01.0");
    CHECK(&r, "03:01.0", "02:01.0", false, AROUND, SURELY, SHARED_BUS, "02:03.0");
    CHECK(&r, "03:01.0", "03:02.0", false, AROUND, SURELY, SHARED_BUS, "03:01.0");
    CHECK(&r, "02:01.0", "03:01.0", true, BLOCKED, SURELY, UNTRANSLATED_ONLY, "02:01.0");
    done(&r);
}

static void walk_i_the_port_above_a_bridge_decides(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"00:03.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", IOW_PCIE_TO_PCI_BRIDGE, -1},
        {"02:01.0", "01:00.0", OLD},
        {"03:00.0", "00:03.0", DEVICE},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "02:01.0", "03:00.0", false, THROUGH, SURELY, IOMMU, "02:01.0");
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    CHECK(&r, "02:01.0", "03:00.0", false, AROUND, IF_ROOT_COMPLEX, NOT_REDIRECTED, "00:02.0");
    done(&r);
}

/* The requester ID that leaves the bridge is of the bus below it. */
static void walk_i_a_bridge_requests_in_its_own_name(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, old_lines, COUNT(old_lines));
    config_of(&r, "00:02.0")->subordinate = 2;
    CHECK(&r, "03:01.0", "00:02.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "00:02.0");
    config_of(&r, "00:02.0")->bar[0] = 0;
    config_of(&r, "00:02.0")->acs_ctrl = IOW_ACS_SV;
    CHECK(&r, "03:01.0", "01:00.0", false, AROUND, POSSIBLY, PORT_REGISTERS, "01:00.0");
    done(&r);
}

/* Two functions that do not talk, below a bridge that leads from a conventional bus to PCI Express. */
static void walk_i_what_nobody_answers_below_a_bridge_stays_there(void **state)
{
    static const struct line line[] = {
        {"00:02.0", NULL, ROOT_PORT(ISOLATING)},
        {"01:00.0", "00:02.0", IOW_PCIE_TO_PCI_BRIDGE, -1},
        {"02:01.0", "01:00.0", IOW_PCI_TO_PCIE_BRIDGE, -1},
        {"03:00.0", "02:01.0", IOW_PCIE_ENDPOINT, 0, 0, true},
        {"03:00.1", "02:01.0", IOW_PCIE_ENDPOINT, -1, 0, true},
    };
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "03:00.0", "03:00.1", false, BLOCKED, SURELY, BRIDGE_OWN, "02:01.0");
    CHECK(&r, "03:00.0", "01:00.0", true, BLOCKED, SURELY, UNTRANSLATED_ONLY, "02:01.0");
    done(&r);
}

static void walk_i_a_conventional_root_bus_may_be_shared(void **state)
{
    static const struct line line[] = {
        {"00:01.0", NULL, OLD}, {"00:02.0", NULL, OLD}, {"00:03.0", NULL, OLD}};
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "00:02.0", "00:03.0", false, AROUND, POSSIBLY, ROOT_BUS, "00:02.0");
    config_of(&r, "00:01.0")->pcie_type = IOW_PCIE_RC_ENDPOINT;
    CHECK(&r, "00:02.0", "00:03.0", false, AROUND, IF_ROOT_COMPLEX, ROOT_COMPLEX, "00:02.0");
    done(&r);
}

static void walk_i_conventional_root_buses_are_apart(void **state)
{
    static const struct line line[] = {{"00:01.0", NULL, OLD}, {"80:01.0", NULL, OLD}};
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    CHECK(&r, "00:01.0", "80:01.0", false, AROUND, IF_ROOT_COMPLEX, ROOT_COMPLEX, "00:01.0");
    done(&r);
}

static void walk_i_a_subtractive_bridge_takes_the_rest(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, old_lines, COUNT(old_lines));
    config_of(&r, "02:03.0")->windows.memory_last = 0;
    CHECK(&r, "02:01.0", "03:01.0", false, BLOCKED, SURELY, WINDOW, "02:03.0");
    config_of(&r, "02:03.0")->class_code = 0x060401;
    CHECK(&r, "02:01.0", "03:01.0", false, AROUND, SURELY, SHARED_BUS, "02:01.0");
    done(&r);
}

static void walk_j_what_is_in_no_window_goes_to_the_iommu(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    config_of(&r, "00:02.0")->windows.memory_last = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, THROUGH, SURELY, IOMMU, "03:00.0");
    done(&r);
}

static void without_an_iommu_the_root_complex_takes_the_address_as_it_is(void **state)
{
    static const bool covered[COUNT(ports_lines)] = {false};
    struct routes r;

    (void)state;
    routes_build(&r, ports_lines, COUNT(ports_lines));
    r.machine.covered = covered;
    CHECK(&r, "01:00.0", "02:00.0", false, AROUND, IF_ROOT_COMPLEX, NO_IOMMU, "01:00.0");
    done(&r);
}

static void translated_row_1_translation_blocking_stops_it_anywhere(void **state)
{
    static const char *const place[] = {"02:00.0", "00:02.0"};
    struct routes r;

    (void)state;
    for (size_t i = 0; i < COUNT(place); i++) {
        build_switch(&r);
        config_of(&r, place[i])->acs_ctrl |= IOW_ACS_TB;
        CHECK(&r, "03:00.0", "04:00.0", true, BLOCKED, SURELY, TRANSLATED_BLOCKED, place[i]);
        done(&r);
    }
}

static void translated_row_2_direct_translated_overrules_redirect(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "02:00.0")->acs_ctrl |= IOW_ACS_DT;
    CHECK(&r, "03:00.0", "04:00.0", true, AROUND, SURELY, TRANSLATED_DIRECT, "02:00.0");
    CHECK(&r, "03:00.0", "04:00.0", false, THROUGH, SURELY, IOMMU, "03:00.0");
    done(&r);
}

static void translated_row_3_without_direct_translated_it_goes_as_others(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    CHECK(&r, "03:00.0", "04:00.0", true, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    done(&r);
}

static void translated_row_4_the_iommu_stops_it_where_ats_is_off(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    CHECK(&r, "03:00.0", "04:00.0", true, BLOCKED, SURELY, ATS_OFF, "03:00.0");
    config_of(&r, "03:00.0")->known &= (uint8_t)~IOW_CONFIG_EXT_CAPS;
    CHECK(&r, "03:00.0", "04:00.0", true, UNKNOWN, SURELY, UNREAD, "03:00.0");
    done(&r);
}

static void translated_row_5_the_iommu_trusts_it_where_ats_is_on(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "03:00.0")->ats_ctrl = IOW_ATS_ENABLE;
    CHECK(&r, "03:00.0", "04:00.0", true, AROUND, IF_ROOT_COMPLEX, ATS, "03:00.0");
    done(&r);
}

static void an_unread_port_leaves_open_what_it_would_decide(void **state)
{
    struct routes r;

    (void)state;
    build_switch(&r);
    config_of(&r, "00:02.0")->known = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, UNKNOWN, SURELY, UNREAD, "00:02.0");
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    config_of(&r, "02:01.0")->known = 0;
    CHECK(&r, "03:00.0", "04:00.0", false, UNKNOWN, SURELY, UNREAD, "02:01.0");
    done(&r);
}

/* It might stop translated requests; those stop at the IOMMU anyway, unless they arrive before. */
static void an_unread_port_that_could_only_stop_it_matters_where_it_would_arrive(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, cascade_lines, COUNT(cascade_lines));
    config_of(&r, "04:00.0")->known &= (uint8_t)~IOW_CONFIG_EXT_CAPS;
    CHECK(&r, "05:00.0", "06:00.0", false, THROUGH, SURELY, IOMMU, "05:00.0");
    CHECK(&r, "05:00.0", "06:00.0", true, BLOCKED, SURELY, ATS_OFF, "05:00.0");
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    CHECK(&r, "05:00.0", "06:00.0", true, UNKNOWN, SURELY, UNREAD, "04:00.0");
    CHECK(&r, "05:00.0", "06:00.0", false, AROUND, SURELY, NOT_REDIRECTED, "02:00.0");
    config_of(&r, "02:00.0")->acs_ctrl = IOW_ACS_REQUIRED;
    config_of(&r, "05:00.0")->ats_ctrl = IOW_ATS_ENABLE;
    CHECK(&r, "05:00.0", "06:00.0", true, AROUND, IF_ROOT_COMPLEX, ATS, "05:00.0");
    config_of(&r, "05:00.0")->ats_ctrl = 0;
    config_of(&r, "04:00.0")->subordinate = 4;
    CHECK(&r, "05:00.0", "06:00.0", false, UNKNOWN, SURELY, UNREAD, "04:00.0");
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p1_the_requester_must_master),
        cmocka_unit_test(p1_a_virtual_function_must_be_enabled),
        cmocka_unit_test(p2_every_bridge_must_pass_requests_up),
        cmocka_unit_test(p3_every_window_on_the_way_down_must_be_open),
        cmocka_unit_test(p4_the_target_must_answer),
        cmocka_unit_test(p5_an_address_in_two_windows_is_unknown),
        cmocka_unit_test(port_rows_hold_on_a_switch),
        cmocka_unit_test(walk_a_functions_of_one_device),
        cmocka_unit_test(walk_a_the_port_above_may_send_it_back),
        cmocka_unit_test(walk_a_egress_control_of_virtual_functions_is_unknown),
        cmocka_unit_test(walk_b_only_the_requesters_port_decides),
        cmocka_unit_test(walk_b_the_port_above_may_send_it_back),
        cmocka_unit_test(walk_b_the_port_above_sends_nothing_back_through_a_closed_window),
        cmocka_unit_test(walk_b_egress_control_knows_ports_by_number),
        cmocka_unit_test(walk_c_the_port_where_ways_part_decides),
        cmocka_unit_test(a_route_names_every_hop),
        cmocka_unit_test(walk_d_the_target_is_below_the_same_port),
        cmocka_unit_test(walk_e_an_upstream_port_alone_passes_everything_up),
        cmocka_unit_test(walk_f_an_upstream_port_beside_other_functions_may_hand_over),
        cmocka_unit_test(walk_g_between_root_ports_the_root_complex_decides),
        cmocka_unit_test(walk_g_integrated_endpoints_are_left_to_the_root_complex),
        cmocka_unit_test(walk_h_registers_of_ports_are_open),
        cmocka_unit_test(walk_h_registers_of_another_root_port_are_left_to_the_root_complex),
        cmocka_unit_test(walk_i_a_conventional_bus_is_shared),
        cmocka_unit_test(walk_i_the_port_above_a_bridge_decides),
        cmocka_unit_test(walk_i_a_bridge_requests_in_its_own_name),
        cmocka_unit_test(walk_i_what_nobody_answers_below_a_bridge_stays_there),
        cmocka_unit_test(walk_i_a_conventional_root_bus_may_be_shared),
        cmocka_unit_test(walk_i_conventional_root_buses_are_apart),
        cmocka_unit_test(walk_i_a_subtractive_bridge_takes_the_rest),
        cmocka_unit_test(walk_j_what_is_in_no_window_goes_to_the_iommu),
        cmocka_unit_test(without_an_iommu_the_root_complex_takes_the_address_as_it_is),
        cmocka_unit_test(translated_row_1_translation_blocking_stops_it_anywhere),
        cmocka_unit_test(translated_row_2_direct_translated_overrules_redirect),
        cmocka_unit_test(translated_row_3_without_direct_translated_it_goes_as_others),
        cmocka_unit_test(translated_row_4_the_iommu_stops_it_where_ats_is_off),
        cmocka_unit_test(translated_row_5_the_iommu_trusts_it_where_ats_is_on),
        cmocka_unit_test(an_unread_port_leaves_open_what_it_would_decide),
        cmocka_unit_test(an_unread_port_that_could_only_stop_it_matters_where_it_would_arrive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
