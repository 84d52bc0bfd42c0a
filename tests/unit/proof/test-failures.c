/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

static int count(void *ctx, const struct iow_play *play)
{
    assert_int_equal(play->ahead & play->fails, 0);
    (*(uint32_t *)ctx)++;
    return 0;
}

static uint32_t failures_of(struct iow_proof_world *world, enum iow_operation operation)
{
    const struct iow_play play = {
        .act = (uint8_t)operation, .device = operation == IOW_OPERATION_ADD ? 2 : IOW_PROOF_DEVICES};
    const struct iow_outcome outcome = {.moved_once = 7, .moved_twice = 4};
    struct iow_scene scene;
    uint32_t n = 0;

    iow_scene_first(world, &scene);
    assert_int_equal(iow_failures(world, &scene, &play, &outcome, count, &n), 0);
    return n;
}

static void every_member_fails_after_every_set_of_others(void **state)
{
    struct iow_proof_world world = a_world("linux-6.12", 1, 3, 1, IOW_PROOF_ALL_DROPPED);

    (void)state;
    assert_int_equal(failures_of(&world, IOW_OPERATION_CLAIM_GROUP), 3); /* none, one or both before it */
    world.separate = true;
    assert_int_equal(failures_of(&world, IOW_OPERATION_CLAIM_GROUP), 3 * 4);
}

static void what_goes_on_fails_at_every_set_of_members(void **state)
{
    struct iow_proof_world world = a_world("linux-6.12", 1, 3, 1, IOW_PROOF_ALL_DROPPED);

    (void)state;
    assert_int_equal(failures_of(&world, IOW_OPERATION_RELEASE_GROUP), 3);
    world.separate = true;
    assert_int_equal(failures_of(&world, IOW_OPERATION_RELEASE_GROUP), 7);
    world.profile = iow_profile_find("linux-6.1");
    assert_int_equal(failures_of(&world, IOW_OPERATION_RELEASE_GROUP), 3 * 4);
}

static void a_newcomer_fails_at_each_of_its_moves(void **state)
{
    struct iow_proof_world world = a_world("linux-6.1", 1, 3, 1, IOW_PROOF_ALL_DROPPED);

    (void)state;
    assert_int_equal(failures_of(&world, IOW_OPERATION_ADD), 2);
}

static void nothing_fails_while_the_condition_is_kept(void **state)
{
    struct iow_proof_world world = a_world("linux-6.1", 1, 3, 1, DROP(RELEASE));

    (void)state;
    assert_int_equal(failures_of(&world, IOW_OPERATION_CLAIM_GROUP), 0);
    world.dropped = DROP(ATTACH);
    assert_int_equal(failures_of(&world, IOW_OPERATION_RELEASE_GROUP), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_fails_after_every_set_of_others),
        cmocka_unit_test(what_goes_on_fails_at_every_set_of_members),
        cmocka_unit_test(a_newcomer_fails_at_each_of_its_moves),
        cmocka_unit_test(nothing_fails_while_the_condition_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
