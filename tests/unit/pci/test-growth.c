/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the work grows with the machine, counted in basic blocks that the room runs, not in time: this build of the room calls
 * __sanitizer_cov_trace_pc() in each.
 */
#include "large.h"
#include "testing.h"

#include <ioward/isolation.h>
#include <math.h>

void __sanitizer_cov_trace_pc(void);

static uint64_t blocks;

void __sanitizer_cov_trace_pc(void)
{
    blocks++;
}

enum work {
    TREE,
    GROUPS,
    SURELY,
    POSSIBLY,
    IF_ROOT_COMPLEX,
    ROUTES,
    WORK__COUNT
};

static const char *const work_name[] = {
    [TREE] = "tree",
    [GROUPS] = "groups",
    [SURELY] = "surely",
    [POSSIBLY] = "possibly",
    [IF_ROOT_COMPLEX] = "if the root complex routes it",
    [ROUTES] = "routes",
};

/* From less than a bus to more than a domain. */
static const uint32_t sizes[] = {128, 1024, 8192, 65536};

#define N_SIZES COUNT(sizes)
#define LARGEST_EXPONENT 1.05

/* As many from functions all over the machine, each to another near it. */
static void follow_routes(const struct iow_grouping_input *machine)
{
    uint32_t n = machine->topology->n;

    for (uint32_t k = 0; k < n; k++) {
        const struct iow_route_request request = {
            .from = k, .to = k < n / 2 ? k + 1 : k - 1, .enabled = true};
        struct iow_route route;

        iow_route_worst(machine, &request, &route);
    }
}

static void isolate(
    const struct iow_grouping_input *machine, enum iow_route_grade grade, struct iow_mem *mem, uint64_t *ret)
{
    struct iow_isolation *sets;

    blocks = 0;
    assert_int_equal(iow_isolation_find(machine, grade, mem, &sets, NULL), 0);
    assert_in_range(sets->n_sets, 1, sets->n);
    *ret = blocks;
}

static void count_work(enum large_kind kind, uint32_t n, uint64_t ret[WORK__COUNT])
{
    struct iow_grouping_input machine = {.acs_requested = true};
    struct iow_partition *groups;
    struct iow_topology *tree;
    struct large large;
    struct iow_mem mem;

    iow_mem_init_malloc(&mem);
    assert_true(large_make(kind, n, &large));
    blocks = 0;
    assert_int_equal(iow_topology_build(large.input, n, &mem, &tree, NULL), 0);
    ret[TREE] = blocks;
    machine.topology = tree;
    blocks = 0;
    assert_int_equal(iow_partition_predict(&machine, &mem, &groups, NULL), 0);
    ret[GROUPS] = blocks;
    isolate(&machine, IOW_ROUTE_SURELY, &mem, &ret[SURELY]);
    isolate(&machine, IOW_ROUTE_POSSIBLY, &mem, &ret[POSSIBLY]);
    isolate(&machine, IOW_ROUTE_IF_ROOT_COMPLEX, &mem, &ret[IF_ROOT_COMPLEX]);
    blocks = 0;
    follow_routes(&machine);
    ret[ROUTES] = blocks;
    iow_mem_done(&mem);
    large_done(&large);
}

static void work_grows_as_the_machine_does(void **state)
{
    double worst = 0;

    (void)state;
    for (int kind = 0; kind < LARGE_KIND__COUNT; kind++) {
        uint64_t count[N_SIZES][WORK__COUNT];

        for (size_t i = 0; i < N_SIZES; i++)
            count_work((enum large_kind)kind, sizes[i], count[i]);
        for (size_t i = 1; i < N_SIZES; i++)
            for (int w = 0; w < WORK__COUNT; w++) {
                double exponent =
                    log((double)count[i][w] / count[i - 1][w]) / log((double)sizes[i] / sizes[i - 1]);

                assert_true(count[i - 1][w] >= sizes[i - 1]);
                worst = exponent > worst ? exponent : worst;
                if (exponent > LARGEST_EXPONENT)
                    fail_msg(
                        "%s, %s: from %u to %u functions the work grows as their number to the power of %.2f",
                        large_name((enum large_kind)kind), work_name[w], sizes[i - 1], sizes[i], exponent);
            }
    }
    print_message("figures: work on functions grows as their number to the power of %.2f at most\n", worst);
}

static void machines_are_what_they_should_be(void **state)
{
    (void)state;
    for (int kind = 0; kind < LARGE_KIND__COUNT; kind++) {
        uint32_t bridges = 0, virtual = 0, open = 0;
        struct large large;

        assert_true(large_make((enum large_kind)kind, 20000, &large));
        for (uint32_t i = 0; i < large.n; i++) {
            const struct iow_config *c = large.input[i].config;

            bridges += iow_config_is_bridge(c);
            virtual += large.input[i].physical_function != IOW_NONE;
            open += c->acs_offset && !c->acs_ctrl;
            assert_true(!iow_config_is_bridge(c) || c->secondary <= c->subordinate);
        }
        assert_int_equal(large.n, 20000);
        assert_true(bridges > 0 && open > 0);
        assert_int_equal(virtual > 0, kind == LARGE_VIRTUAL);
        large_done(&large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_are_what_they_should_be),
        cmocka_unit_test(work_grows_as_the_machine_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
