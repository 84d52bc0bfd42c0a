/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "routes.h"

static const struct line line[] = {
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, IOW_ACS_REQUIRED},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
    {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0},
    {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0},
    {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1},
    {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1},
};

static void one_range_that_is_reached_is_enough(void **state)
{
    struct iow_config *target;
    struct iow_route route;
    struct routes r;

    (void)state;
    routes_build(&r, line, COUNT(line));
    target = config_of(&r, "04:00.0");
    target->bar[2] = target->bar[0];
    target->bar[0] = 0xf0000004; /* in no window */
    target->bar[1] = 1;
    route = ask(&r, "03:00.0", "04:00.0", false);
    assert_int_equal(route.answer, IOW_ROUTE_AROUND);
    assert_int_equal(route.address, target->bar[2]);
    target->bar[2] = 0;
    route = ask(&r, "03:00.0", "04:00.0", false);
    assert_int_equal(route.answer, IOW_ROUTE_BLOCKED);
    assert_int_equal(route.address, UINT64_C(0x1f0000000));
    iow_mem_done(&r.m.mem);
}

static void ranks_order_answers_by_what_they_let_pass(void **state)
{
    static const struct iow_route order[] = {
        {.answer = IOW_ROUTE_BLOCKED, .grade = IOW_ROUTE_SURELY},
        {.answer = IOW_ROUTE_THROUGH, .grade = IOW_ROUTE_SURELY},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_IF_ROOT_COMPLEX},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_POSSIBLY},
        {.answer = IOW_ROUTE_UNKNOWN, .grade = IOW_ROUTE_SURELY},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_SURELY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(order); i++)
        assert_int_equal(iow_route_rank(&order[i]), i);
}

static void virtual_functions_have_the_ranges_of_their_physical_one(void **state)
{
    static const struct line card[] = {
        {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, IOW_ACS_REQUIRED},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, -1},
        {"01:00.1", "00:02.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "01:00.0"},
    };
    uint64_t address;
    struct routes r;

    (void)state;
    routes_build(&r, card, COUNT(card));
    assert_int_equal(iow_route_address(r.m.topology, 2, 0, &address), 1);
    assert_int_equal(address, r.m.config[1].vf_bar[0]);
    assert_int_equal(iow_route_address(r.m.topology, 2, 1, &address), 0);
    r.m.config[1].known = IOW_CONFIG_HEADER;
    r.m.config[1].vf_bar[0] = 0;
    assert_int_equal(ask(&r, "01:00.0", "01:00.1", false).answer, IOW_ROUTE_UNKNOWN);
    iow_mem_done(&r.m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_range_that_is_reached_is_enough),
        cmocka_unit_test(ranks_order_answers_by_what_they_let_pass),
        cmocka_unit_test(virtual_functions_have_the_ranges_of_their_physical_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
