/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

static uint64_t all_states;

static void print_figures(const char *what, const struct iow_proof_result *result, double seconds)
{
    all_states += result->states;
    printf(
        "figures: %s: %llu states, %llu transitions, depth %u, %.0f states/s, %.0f transitions/s, %.0f MB\n",
        what, (unsigned long long)result->states, (unsigned long long)result->transitions, result->depth,
        (double)result->states / seconds, (double)result->transitions / seconds, (double)result->bytes / 1e6);
}

static void holds(const char *what, const struct iow_proof_world *world)
{
    double start = seconds_now();
    struct iow_proof_result result = run_alone(world);

    print_figures(what, &result, seconds_now() - start + 1e-9);
    assert_int_equal(result.violated, 0);
    assert_int_equal(result.cut, 0);
}

static void pure_holds_whatever_is_dropped_with_types_and_pasids(void **state)
{
    struct iow_proof_world world = a_world("pure", 1, 3, 3, IOW_PROOF_ALL_DROPPED);

    (void)state;
    world.types = world.pasids = world.roams = true;
    world.devices[2].absent = true;
    world.devices[1].direct = true;
    holds("pure, 1 group, 3 devices, 3 owners, types, PASIDs", &world);
}

static void pure_holds_whatever_is_dropped_in_two_groups(void **state)
{
    struct iow_proof_world world = a_world("pure", 2, 3, 2, IOW_PROOF_ALL_DROPPED);

    (void)state;
    world.pasids = true;
    holds("pure, 2 groups, 3 devices, 2 owners, PASIDs", &world);
}

static void pure_holds_whatever_is_dropped_in_two_full_groups(void **state)
{
    struct iow_proof_world world = a_world("pure", 2, 4, 2, IOW_PROOF_ALL_DROPPED);

    (void)state;
    holds("pure, 2 groups, 4 devices, 2 owners", &world);
}

static void pure_holds_whatever_is_dropped_in_three_groups_that_devices_change_between(void **state)
{
    struct iow_proof_world world = a_world("pure", 3, 3, 3, IOW_PROOF_ALL_DROPPED);

    (void)state;
    world.roams = true;
    for (uint32_t i = 0; i < 3; i++)
        world.devices[i].drivers = API | PRIVATE;
    holds("pure, 3 groups, 3 roaming devices, 3 owners", &world);
}

static void linux_holds_while_nothing_is_dropped(void **state)
{
    static const char *const profiles[] = {"linux-6.1", "linux-6.12"};

    (void)state;
    for (uint32_t i = 0; i < COUNT(profiles); i++) {
        struct iow_proof_world world = a_world(profiles[i], 1, 3, 3, 0);

        world.types = world.pasids = true;
        world.devices[2].direct = true;
        holds(profiles[i], &world);
        world = a_world(profiles[i], 2, 3, 2, 0);
        world.roams = true;
        holds(profiles[i], &world);
    }
}

/* Whatever happens, the word says what Linux's own owner, count and domain would say. */
static void the_core_and_the_books_never_disagree(void **state)
{
    static const char *const profiles[] = {"linux-6.1", "linux-6.12"};

    (void)state;
    for (uint32_t i = 0; i < COUNT(profiles); i++) {
        struct iow_proof_world world = a_world(profiles[i], 1, 2, 1, IOW_PROOF_ALL_DROPPED);
        struct iow_proof_result result;
        double start = seconds_now();

        world.types = true;
        world.devices[1].direct = true;
        world.devices[0].drivers = API | PRIVATE;
        world.devices[1].drivers = API;
        result = run_alone(&world);
        print_figures(profiles[i], &result, seconds_now() - start);
        assert_int_equal(result.violated & BREAKS(BOOKKEEPING), 0);
    }
}

static void merging_equal_states_hides_nothing(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.1", "linux-6.12"};
    static const uint32_t drops[] = {
        0, DROP(ATTACH) | DROP(RELEASE), DROP(EARLY), DROP(CLAIMED), DROP(QUIET) | DROP(PLAIN)};

    (void)state;
    for (uint32_t i = 0; i < COUNT(profiles) * COUNT(drops); i++) {
        struct iow_proof_world world = a_world(profiles[i / COUNT(drops)], 1, 2, 2, drops[i % COUNT(drops)]);
        struct iow_proof_result merged, separate;
        struct iow_mem mem;

        world.n_groups = 2;
        world.roams = true;
        iow_mem_init_malloc(&mem);
        assert_int_equal(iow_proof_run(&world, &mem, &merged), 0);
        world.separate = true;
        assert_int_equal(iow_proof_run(&world, &mem, &separate), 0);
        assert_true(merged.states <= separate.states);
        assert_true(merged.depth <= separate.depth);
        assert_int_equal(merged.violated, separate.violated);
        for (uint32_t j = 0; j < IOW_PROOF_INVARIANT__COUNT; j++)
            assert_int_equal(merged.traces[j].n_steps, separate.traces[j].n_steps);
        iow_mem_done(&mem);
    }
}

static int stop(void *ctx, uint64_t states)
{
    *(uint64_t *)ctx = states;
    return states > 10000;
}

static void a_search_that_ends_early_says_so(void **state)
{
    struct iow_proof_world world = a_world("pure", 2, 4, 2, IOW_PROOF_ALL_DROPPED);
    struct iow_proof_result result;
    uint64_t said = 0;
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    world.most_bytes = 1u << 20;
    assert_int_equal(iow_proof_run(&world, &mem, &result), -IOW_E2BIG);
    assert_false(result.complete);
    assert_true(result.bytes <= world.most_bytes && result.states > 1000);
    world.most_bytes = 0;
    world.progress = stop;
    world.ctx = &said;
    assert_int_equal(iow_proof_run(&world, &mem, &result), -IOW_EINTR);
    assert_false(result.complete);
    assert_int_equal(result.states, said);
    iow_mem_done(&mem);
}

static void a_world_that_cannot_be_is_refused(void **state)
{
    struct iow_proof_world good = a_world("pure", 1, 1, 1, 0), bad[5];
    struct iow_proof_result result;
    struct iow_mem mem;

    (void)state;
    for (uint32_t i = 0; i < COUNT(bad); i++)
        bad[i] = good;
    bad[0].n_groups = IOW_PROOF_GROUPS + 1;
    bad[1].n_devices = IOW_PROOF_DEVICES + 1;
    bad[2].devices[0].group = 1;
    bad[3].profile = NULL;
    bad[4].dropped = ~0u;
    iow_mem_init_malloc(&mem);
    for (uint32_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_proof_run(&bad[i], &mem, &result), -IOW_EINVAL);
    iow_mem_done(&mem);
}

static void there_was_enough_of_it(void **state)
{
    (void)state;
    printf("figures: %llu distinct states in all\n", (unsigned long long)all_states);
    assert_true(all_states >= 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pure_holds_whatever_is_dropped_with_types_and_pasids),
        cmocka_unit_test(pure_holds_whatever_is_dropped_in_two_groups),
        cmocka_unit_test(pure_holds_whatever_is_dropped_in_two_full_groups),
        cmocka_unit_test(pure_holds_whatever_is_dropped_in_three_groups_that_devices_change_between),
        cmocka_unit_test(linux_holds_while_nothing_is_dropped),
        cmocka_unit_test(the_core_and_the_books_never_disagree),
        cmocka_unit_test(merging_equal_states_hides_nothing),
        cmocka_unit_test(a_search_that_ends_early_says_so),
        cmocka_unit_test(a_world_that_cannot_be_is_refused),
        cmocka_unit_test(there_was_enough_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
