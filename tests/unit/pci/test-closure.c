/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shaken.h"

#include <ioward/closure.h>

#define ISOLATING 0x5f, IOW_ACS_REQUIRED
#define MOST 100

static const struct line switch_lines[] = {
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, ISOLATING},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
    {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING},
    {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING},
    {"02:02.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING},
    {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, -1},
    {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1},
    {"05:00.0", "02:02.0", IOW_PCIE_ENDPOINT, -1},
};

/* As Linux parts them when the ports isolate: each by itself. */
static const uint32_t all_apart[] = {0, 1, 2, 3, 4, 5, 6, 7};

static struct iow_closure *closure_of(
    struct routes *r, const uint32_t *part, uint32_t n, enum iow_route_grade grade, uint32_t most)
{
    struct iow_closure *ret;

    assert_int_equal(iow_closure_find(&r->machine, part, n, grade, most, &r->m.mem, &ret, NULL), 0);
    assert_int_equal(ret->n_parts, n);
    assert_true(ret->n_listed <= most && ret->n_listed <= ret->n_breaches);
    return ret;
}

static const struct iow_breach *breach_between(
    const struct routes *r, const struct iow_closure *c, const char *from, const char *to)
{
    for (uint32_t i = 0; i < c->n_listed; i++)
        if (c->breach[i].from == index_of(&r->m, from) && c->breach[i].to == index_of(&r->m, to))
            return &c->breach[i];
    return NULL;
}

static void groups_behind_redirecting_ports_are_closed(void **state)
{
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST);
    assert_int_equal(c->n_breaches, 0);
    assert_int_equal(c->n_unshown, 0);
    for (uint32_t i = 0; i < r.m.n; i++)
        assert_int_equal(c->together[i], i);
    iow_mem_done(&r.m.mem);
}

static void a_breach_has_its_route(void **state)
{
    const struct iow_breach *breach;
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl &= ~IOW_ACS_RR;
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST);
    assert_int_equal(c->n_breaches, 2);
    assert_int_equal(c->together[index_of(&r.m, "05:00.0")], index_of(&r.m, "03:00.0"));
    breach = breach_between(&r, c, "03:00.0", "04:00.0");
    assert_non_null(breach);
    assert_int_equal(breach->deciding.node, index_of(&r.m, "02:00.0"));
    assert_int_equal(breach->deciding.bit, IOW_ACS_RR);
    assert_int_equal(breach->deciding.rule, IOW_RULE_ROUTE_NOT_REDIRECTED);
    assert_int_equal(breach->answer, IOW_ROUTE_AROUND);
    assert_int_equal(breach->grade, IOW_ROUTE_SURELY);
    assert_false(breach->translated);
    assert_false(breach->mutual);
    assert_non_null(breach_between(&r, c, "03:00.0", "05:00.0"));
    iow_mem_done(&r.m.mem);
}

static void what_goes_both_ways_is_one_breach(void **state)
{
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    config_of(&r, "02:01.0")->acs_ctrl = 0;
    config_of(&r, "05:00.0")->bar[0] = 0;
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST);
    assert_int_equal(c->n_breaches, 1);
    assert_true(c->breach[0].mutual);
    iow_mem_done(&r.m.mem);
}

static void only_translated_requests_say_so(void **state)
{
    const struct iow_breach *breach;
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl |= IOW_ACS_DT;
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST);
    breach = breach_between(&r, c, "03:00.0", "04:00.0");
    assert_non_null(breach);
    assert_true(breach->translated);
    assert_int_equal(breach->deciding.bit, IOW_ACS_DT);
    iow_mem_done(&r.m.mem);
}

static void inside_a_part_nothing_is_a_breach(void **state)
{
    static const uint32_t part[] = {0, 1, 1, 1, 2, 1, 1, 2};
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    c = closure_of(&r, part, 3, IOW_ROUTE_SURELY, MOST);
    assert_int_equal(c->n_breaches, 1);
    assert_non_null(breach_between(&r, c, "03:00.0", "05:00.0"));
    assert_int_equal(c->together[2], 1);
    iow_mem_done(&r.m.mem);
}

static void a_short_list_still_tells_how_many(void **state)
{
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->acs_ctrl = 0;
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, 1);
    assert_int_equal(c->n_listed, 1);
    assert_int_equal(c->n_breaches, 2);
    assert_int_equal(c->n_unshown, 0);
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, 0);
    assert_int_equal(c->n_breaches, 2);
    iow_mem_done(&r.m.mem);
}

static void what_was_not_read_is_no_sure_breach(void **state)
{
    const struct iow_breach *breach;
    struct iow_closure *c;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    config_of(&r, "02:00.0")->known &= ~IOW_CONFIG_EXT_CAPS;
    config_of(&r, "02:00.0")->acs_offset = 0;
    assert_int_equal(closure_of(&r, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST)->n_breaches, 0);
    c = closure_of(&r, all_apart, r.m.n, IOW_ROUTE_POSSIBLY, MOST);
    breach = breach_between(&r, c, "03:00.0", "04:00.0");
    assert_non_null(breach);
    assert_int_equal(breach->answer, IOW_ROUTE_UNKNOWN);
    iow_mem_done(&r.m.mem);
}

static void *no_chunk(void *ctx, size_t size_bytes)
{
    (void)ctx;
    (void)size_bytes;
    return NULL;
}

static void without_memory_there_is_no_answer(void **state)
{
    struct iow_closure *c;
    struct iow_explain e = {0};
    struct iow_mem none;
    struct routes r;

    (void)state;
    routes_build(&r, switch_lines, COUNT(switch_lines));
    iow_mem_init(&none, no_chunk, NULL, NULL);
    assert_int_equal(
        iow_closure_find(&r.machine, all_apart, r.m.n, IOW_ROUTE_SURELY, MOST, &none, &c, &e), -IOW_ENOMEM);
    assert_int_equal(e.rule, IOW_RULE_READ_NO_MEMORY);
    iow_mem_done(&r.m.mem);
}

/* --- against all pairs --- */

static uint32_t root(const uint32_t *forest, uint32_t i)
{
    while (forest[i] != i)
        i = forest[i];
    return i;
}

static void join(uint32_t *forest, uint32_t a, uint32_t b)
{
    a = root(forest, a);
    b = root(forest, b);
    forest[a > b ? a : b] = a > b ? b : a;
}

static int rank_between(const struct routes *r, uint32_t from, uint32_t to, bool translated)
{
    const struct iow_route_request request = {
        .from = from, .to = to, .translated = translated, .enabled = true};
    struct iow_route route;

    iow_route_worst(&r->machine, &request, &route);
    return iow_route_rank(&route);
}

static void join_all_pairs(
    const struct routes *r, const uint32_t *part, uint32_t n_parts, int needed, uint32_t *forest)
{
    for (uint32_t i = 0; i < n_parts; i++)
        forest[i] = i;
    for (uint32_t from = 0; from < r->m.n; from++)
        for (uint32_t to = 0; to < r->m.n; to++)
            if (from != to && !r->m.config[from].header_type &&
                (rank_between(r, from, to, false) >= needed || rank_between(r, from, to, true) >= needed))
                join(forest, part[from], part[to]);
}

/* Each breach is a route of its own grade, leaves its part, and joins what was not joined before it. */
static void check_breaches(
    const struct routes *r, const uint32_t *part, const struct iow_closure *c, int needed, uint32_t *forest)
{
    for (uint32_t i = 0; i < c->n_parts; i++)
        forest[i] = i;
    assert_int_equal(c->n_listed, c->n_breaches);
    for (uint32_t i = 0; i < c->n_listed; i++) {
        const struct iow_breach *b = &c->breach[i];
        int there = rank_between(r, b->from, b->to, b->translated);

        assert_true(there >= needed);
        assert_true(there >= rank_between(r, b->from, b->to, !b->translated));
        assert_int_equal(b->mutual,
            !r->m.config[b->to].header_type && (rank_between(r, b->to, b->from, false) >= there ||
                                                   rank_between(r, b->to, b->from, true) >= there));
        assert_int_not_equal(root(forest, part[b->from]), root(forest, part[b->to]));
        join(forest, part[b->from], part[b->to]);
    }
}

static void compare(struct routes *r, const uint32_t *part, uint32_t n_parts, enum iow_route_grade grade,
    int needed, bool exact, uint32_t round)
{
    struct iow_closure *c = closure_of(r, part, n_parts, grade, MOST);
    uint32_t pairs[MACHINE_MOST], shown[MACHINE_MOST], n_apart = 0;

    join_all_pairs(r, part, n_parts, needed, pairs);
    check_breaches(r, part, c, needed, shown);
    for (uint32_t i = 0; i < n_parts; i++) {
        n_apart += c->together[i] == i;
        assert_int_equal(c->together[c->together[i]], c->together[i]);
        assert_int_equal(c->together[root(pairs, i)], c->together[i]);
        if (exact && (c->together[i] != root(pairs, i) || root(shown, i) != root(pairs, i)))
            fail_msg("round %u, rank %d: part %u is with %u, by its breaches with %u, by pairs with %u",
                round, needed, i, c->together[i], root(shown, i), root(pairs, i));
    }
    assert_int_equal(c->n_unshown, n_parts - n_apart - c->n_breaches);
}

static void breaches_join_what_all_pairs_do(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 6000; round++) {
        bool egress_control = round / 3 % 2, unread = round / 6 % 2;
        uint32_t part[MACHINE_MOST], n_parts;
        bool covered[MACHINE_MOST];
        struct routes r;

        shaken_build(&r, covered, round, egress_control, unread);
        n_parts = 1 + pick(r.m.n);
        for (uint32_t i = 0; i < r.m.n; i++)
            part[i] = n_parts == r.m.n ? i : pick(n_parts);
        compare(&r, part, n_parts, IOW_ROUTE_SURELY, 5, true, round);
        compare(&r, part, n_parts, IOW_ROUTE_POSSIBLY, 3, !egress_control && !unread, round);
        compare(&r, part, n_parts, IOW_ROUTE_IF_ROOT_COMPLEX, 2, false, round);
        iow_mem_done(&r.m.mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_behind_redirecting_ports_are_closed),
        cmocka_unit_test(a_breach_has_its_route),
        cmocka_unit_test(what_goes_both_ways_is_one_breach),
        cmocka_unit_test(only_translated_requests_say_so),
        cmocka_unit_test(inside_a_part_nothing_is_a_breach),
        cmocka_unit_test(a_short_list_still_tells_how_many),
        cmocka_unit_test(what_was_not_read_is_no_sure_breach),
        cmocka_unit_test(without_memory_there_is_no_answer),
        cmocka_unit_test(breaches_join_what_all_pairs_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
