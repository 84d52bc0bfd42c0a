/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

#define N 4u

static bool crosses_groups(const uint8_t reach[N])
{
    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = 0; b < N; b++)
            if (reach[a] >> b & 1 && a % 2 != b % 2)
                return true;
    return false;
}

/* The bits of number, dealt out to the pairs of different devices. */
static void relation(uint32_t number, uint8_t reach[N])
{
    for (uint32_t a = 0; a < N; a++) {
        reach[a] = 0;
        for (uint32_t b = 0; b < N; b++)
            if (a != b) {
                reach[a] |= (uint8_t)((number & 1) << b);
                number >>= 1;
            }
    }
}

static void the_rule_protects_iff_groups_are_closed_under_reach_in(const char *profile)
{
    struct iow_proof_world world = a_world(profile, 2, N, 1, 0);
    struct iow_proof_exposure exposure;
    struct iow_mem mem;

    for (uint32_t i = 0; i < N; i++)
        world.devices[i].drivers = API;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_expose(&world, &mem, &exposure), 0);
    assert_true(exposure.result.complete);
    for (uint32_t i = 0; i < 1u << N * (N - 1); i++) {
        uint8_t reach[N];
        const struct iow_proof_trace *trace;

        relation(i, reach);
        trace = iow_proof_reach(&exposure, reach);
        assert_int_equal(trace != NULL, crosses_groups(reach));
        if (trace)
            assert_int_equal(trace->n_steps, 2);
    }
    iow_mem_done(&mem);
}

static void the_rule_protects_iff_groups_are_closed_under_reach(void **state)
{
    (void)state;
    the_rule_protects_iff_groups_are_closed_under_reach_in("pure");
    the_rule_protects_iff_groups_are_closed_under_reach_in("linux-6.1");
    the_rule_protects_iff_groups_are_closed_under_reach_in("linux-6.12");
}

static void a_user_reaches_another_user_too(void **state)
{
    struct iow_proof_world world = a_world("pure", 2, 2, 2, 0);
    const uint8_t reach[N] = {2};
    struct iow_proof_exposure exposure;
    const struct iow_proof_trace *trace;
    struct iow_mem mem;

    (void)state;
    world.devices[0].drivers = world.devices[1].drivers = MANAGED;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_expose(&world, &mem, &exposure), 0);
    trace = iow_proof_reach(&exposure, reach);
    assert_non_null(trace);
    assert_int_equal(trace->n_steps, 2);
    assert_int_equal(trace->steps[1].devices[0].space + trace->steps[1].devices[1].space,
        IOW_PROOF_SPACE_OWNER1 + IOW_PROOF_SPACE_OWNER2);
    iow_mem_done(&mem);
}

static void there_are_at_most_four_devices(void **state)
{
    struct iow_proof_world world = a_world("pure", 1, 5, 1, 0);
    struct iow_proof_exposure exposure;
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_expose(&world, &mem, &exposure), -IOW_EINVAL);
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule_protects_iff_groups_are_closed_under_reach),
        cmocka_unit_test(a_user_reaches_another_user_too),
        cmocka_unit_test(there_are_at_most_four_devices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
