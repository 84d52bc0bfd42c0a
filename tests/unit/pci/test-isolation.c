/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shaken.h"

#include <ioward/isolation.h>

#define ISOLATING 0x5f, IOW_ACS_REQUIRED

static const struct line switch_lines[] = {
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, ISOLATING},
    {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, ISOLATING},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
    {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING},
    {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING},
    {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1},
    {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1},
    {"05:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1, 0, true},
    {"05:00.1", "00:03.0", IOW_PCIE_ENDPOINT, -1, 0, true},
};

static struct iow_isolation *sets_of(struct routes *r, enum iow_route_grade grade)
{
    struct iow_isolation *ret;

    assert_int_equal(iow_isolation_find(&r->machine, grade, &r->m.mem, &ret, NULL), 0);
    assert_int_equal(ret->n, r->m.n);
    return ret;
}

static bool together(const struct routes *r, const struct iow_isolation *sets, const char *a, const char *b)
{
    return sets->set[index_of(&r->m, a)] == sets->set[index_of(&r->m, b)];
}

/* Ports have registers here, which classic ACS does not guard: only what is surely reached tells devices apart. */
static void a_switch_with_redirect_isolates(void **state)
{
    struct iow_isolation *sets;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    sets = sets_of(&r, IOW_ROUTE_SURELY);
    assert_int_equal(sets->n_sets, r.m.n);
    for (uint32_t i = 0; i < r.m.n; i++) {
        assert_int_equal(sets->set[i], i);
        assert_int_equal(sets->rule[i], IOW_RULE_NONE);
        assert_int_equal(sets->deciding[i], IOW_NONE);
    }
    iow_mem_done(&r.m.mem);
}

static void one_open_port_joins_both_devices(void **state)
{
    struct iow_isolation *sets;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    sets = sets_of(&r, IOW_ROUTE_SURELY);
    assert_true(together(&r, sets, "03:00.0", "04:00.0"));
    assert_int_equal(sets->n_sets, r.m.n - 1);
    assert_int_equal(sets->rule[index_of(&r.m, "04:00.0")], IOW_RULE_ROUTE_NOT_REDIRECTED);
    assert_int_equal(sets->deciding[index_of(&r.m, "04:00.0")], index_of(&r.m, "02:00.0"));
    iow_mem_done(&r.m.mem);
}

static void wider_sets_name_what_leaves_it_open(void **state)
{
    struct iow_isolation *sets;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    for (uint32_t i = 0; i < r.m.n; i++)
        if (r.m.config[i].header_type)
            r.m.config[i].bar[0] = 0;
    sets = sets_of(&r, IOW_ROUTE_POSSIBLY);
    assert_true(together(&r, sets, "05:00.0", "05:00.1"));
    assert_int_equal(sets->rule[index_of(&r.m, "05:00.0")], IOW_RULE_ROUTE_FUNCTIONS);
    assert_int_equal(sets->n_sets, r.m.n - 1);
    config_of(&r, "00:02.0")->acs_ctrl = IOW_ACS_REQUIRED & ~IOW_ACS_UF;
    sets = sets_of(&r, IOW_ROUTE_POSSIBLY);
    assert_true(together(&r, sets, "03:00.0", "04:00.0"));
    assert_int_equal(sets->rule[index_of(&r.m, "03:00.0")], IOW_RULE_ROUTE_OWN_WINDOW);
    assert_false(together(&r, sets, "03:00.0", "05:00.0"));
    config_of(&r, "00:02.0")->acs_ctrl = 0;
    sets = sets_of(&r, IOW_ROUTE_IF_ROOT_COMPLEX);
    assert_true(together(&r, sets, "03:00.0", "05:00.0"));
    iow_mem_done(&r.m.mem);
}

static void registers_of_bridges_are_members(void **state)
{
    struct iow_isolation *sets;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    sets = sets_of(&r, IOW_ROUTE_POSSIBLY);
    assert_true(together(&r, sets, "03:00.0", "02:01.0"));
    assert_true(together(&r, sets, "03:00.0", "00:02.0"));
    assert_false(together(&r, sets, "03:00.0", "00:03.0"));
    iow_mem_done(&r.m.mem);
}

static int isolate(void *machine, struct iow_mem *mem, struct iow_explain *reterr)
{
    struct iow_isolation *sets;

    return iow_isolation_find(machine, IOW_ROUTE_SURELY, mem, &sets, reterr);
}

static void without_memory_there_is_no_answer(void **state)
{
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    machine_starve(isolate, &r.machine, r.m.n * 3 * sizeof(uint32_t));
    iow_mem_done(&r.m.mem);
}

/* --- against all pairs --- */

static uint32_t root(uint32_t *set, uint32_t i)
{
    while (set[i] != i)
        i = set[i];
    return i;
}

/* The same from every pair. */
static void join_pairs(const struct routes *r, int needed, uint32_t *set)
{
    for (uint32_t i = 0; i < r->m.n; i++)
        set[i] = i;
    for (uint32_t k = 0; k < r->m.n * r->m.n * 2; k++) {
        const struct iow_route_request request = {
            .from = k / 2 / r->m.n, .to = k / 2 % r->m.n, .translated = k & 1, .enabled = true};
        struct iow_route route;
        uint32_t a = root(set, request.from), b = root(set, request.to);

        if (request.from == request.to || r->m.config[request.from].header_type)
            continue;
        iow_route_worst(&r->machine, &request, &route);
        if (iow_route_rank(&route) >= needed)
            set[a > b ? a : b] = a > b ? b : a;
    }
    for (uint32_t i = 0; i < r->m.n; i++)
        set[i] = root(set, i);
}

enum relation {
    EQUAL,
    WIDER, /* ours may be */
};

static void compare(
    struct routes *r, enum iow_route_grade grade, int needed, enum relation relation, uint32_t round)
{
    struct iow_isolation *sets = sets_of(r, grade);
    uint32_t pairs[MACHINE_MOST];

    join_pairs(r, needed, pairs);
    for (uint32_t a = 0; a < r->m.n; a++)
        for (uint32_t b = 0; b < a; b++) {
            bool ours = sets->set[a] == sets->set[b], theirs = pairs[a] == pairs[b];

            if (ours != theirs && (relation == EQUAL || theirs))
                fail_msg("round %u, rank %d: nodes %u and %u are %s, by pairs %s", round, needed, b, a,
                    ours ? "together" : "apart", theirs ? "together" : "apart");
        }
    for (uint32_t a = 0; a < r->m.n; a++) {
        bool alone = true;

        for (uint32_t b = 0; b < r->m.n; b++)
            alone = alone && (a == b || sets->set[a] != sets->set[b]);
        assert_int_equal(sets->rule[a] == IOW_RULE_NONE, alone);
    }
}

static void sets_are_those_of_all_pairs(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 6000; round++) {
        bool egress_control = round / 3 % 2, unread = round / 6 % 2;
        bool covered[MACHINE_MOST];
        struct routes r;

        shaken_build(&r, covered, round, egress_control, unread);
        compare(&r, IOW_ROUTE_SURELY, 5, EQUAL, round);
        compare(&r, IOW_ROUTE_POSSIBLY, 3, egress_control || unread ? WIDER : EQUAL, round);
        compare(&r, IOW_ROUTE_IF_ROOT_COMPLEX, 2, WIDER, round);
        iow_mem_done(&r.m.mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_switch_with_redirect_isolates),
        cmocka_unit_test(one_open_port_joins_both_devices),
        cmocka_unit_test(wider_sets_name_what_leaves_it_open),
        cmocka_unit_test(registers_of_bridges_are_members),
        cmocka_unit_test(without_memory_there_is_no_answer),
        cmocka_unit_test(sets_are_those_of_all_pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
