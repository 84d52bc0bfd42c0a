/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes made by hand, each with one thing wrong. */
#include "proof-worlds.h"

#include "proof/bookkeeping.h"
#include "proof/invariants.h"

static struct iow_proof_world world;
static struct iow_scene scene;

static int begin(void **state)
{
    (void)state;
    world = a_world("linux-6.12", 1, 2, 2, 0);
    iow_scene_first(&world, &scene);
    return 0;
}

static uint64_t word(enum iow_domain_kind kind, uint32_t tag, uint32_t claims, uint32_t drivers)
{
    const struct iow_ownership is = {kind, IOW_TYPE_DMA, tag, claims, drivers, 0};

    return iow_ownership_pack(&is);
}

static void bind(uint32_t device, enum iow_driver_trait trait)
{
    scene.devices[device].trait = (uint8_t)trait;
    scene.devices[device].phase = IOW_PHASE_BOUND;
}

static void owned_by_one(void)
{
    scene.groups[0].word = word(IOW_KIND_TABLE, 1, 1, 0);
    scene.groups[0].domain_owner = 1;
    scene.groups[0].claims = scene.groups[0].by_group = 2;
    scene.devices[0].space = scene.devices[1].space = IOW_PROOF_SPACE_OWNER1;
}

static void nothing_is_wrong_at_first(void **state)
{
    (void)state;
    assert_int_equal(iow_broken_in(&world, &scene, NULL), 0);
    owned_by_one();
    assert_int_equal(iow_broken_in(&world, &scene, NULL), 0);
}

static void two_address_spaces_are_one_too_many(void **state)
{
    uint32_t group = 9;

    (void)state;
    owned_by_one();
    scene.devices[1].space = IOW_PROOF_SPACE_DEFAULT;
    assert_int_equal(iow_broken_in(&world, &scene, &group), BREAKS(ONE_SPACE));
    assert_int_equal(group, 0);
}

static void a_member_that_is_blocked_is_in_no_address_space(void **state)
{
    (void)state;
    owned_by_one();
    scene.devices[1].space = IOW_PROOF_SPACE_BLOCKING;
    assert_int_equal(iow_broken_in(&world, &scene, NULL), 0);
}

static void a_driver_in_a_users_group_is_noticed(void **state)
{
    (void)state;
    owned_by_one();
    bind(0, IOW_DRIVER_MANAGED);
    assert_int_equal(iow_broken_in(&world, &scene, NULL), 0);
    bind(0, IOW_DRIVER_DMA_API);
    assert_true(iow_broken_in(&world, &scene, NULL) & BREAKS(NO_DRIVER));
}

static void a_private_domain_has_one_driver_and_a_private_one(void **state)
{
    (void)state;
    scene.groups[0].word = word(IOW_KIND_TABLE, 0, 0, 1);
    scene.devices[0].space = scene.devices[1].space = IOW_PROOF_SPACE_PRIVATE;
    bind(0, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_broken_in(&world, &scene, NULL), 0);
    bind(1, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_broken_in(&world, &scene, NULL), BREAKS(NO_DRIVER));
    bind(0, IOW_DRIVER_NONE);
    bind(1, IOW_DRIVER_DMA_API);
    assert_int_equal(iow_broken_in(&world, &scene, NULL), BREAKS(NO_DRIVER));
}

static void a_free_group_off_its_default_domain_is_noticed(void **state)
{
    (void)state;
    scene.devices[1].space = IOW_PROOF_SPACE_BLOCKING;
    assert_int_equal(iow_broken_in(&world, &scene, NULL), BREAKS(RETURNS) | BREAKS(DERIVED));
}

static void another_user_than_the_word_says_is_noticed(void **state)
{
    (void)state;
    owned_by_one();
    scene.groups[0].word = word(IOW_KIND_TABLE, 2, 1, 0);
    assert_int_equal(iow_broken_in(&world, &scene, NULL), BREAKS(DERIVED));
}

static void leaving_the_default_domain_under_a_driver_is_noticed(void **state)
{
    const struct iow_play claim = {IOW_PROOF_OWNER, IOW_OPERATION_CLAIM_GROUP, IOW_PROOF_DEVICES, 0, 1};
    const struct iow_outcome outcome = {.row = IOW_NONE};
    struct iow_scene after;

    (void)state;
    bind(0, IOW_DRIVER_DMA_API);
    after = scene;
    assert_int_equal(iow_broken_by(&world, &scene, &claim, &outcome, &after) & BREAKS(LEAVES), 0);
    after.devices[1].space = IOW_PROOF_SPACE_BLOCKING;
    assert_true(iow_broken_by(&world, &scene, &claim, &outcome, &after) & BREAKS(LEAVES));
}

/* The core is right here; every lie about what it did is noticed. */
static void books_notice_every_wrong_answer(void **state)
{
    const struct iow_play claim = {IOW_PROOF_OWNER, IOW_OPERATION_CLAIM_GROUP, IOW_PROOF_DEVICES, 0, 1};
    struct iow_scene after = scene, lie;
    struct iow_outcome outcome, other;

    (void)state;
    iow_stage_play(&world, &after, &claim, &outcome, NULL);
    assert_int_equal(outcome.code, 0);
    assert_true(iow_books_agree(&world, &scene, &claim, &outcome, &after));
    other = outcome;
    other.code = -IOW_EPERM;
    assert_false(iow_books_agree(&world, &scene, &claim, &other, &after));
    lie = after;
    lie.devices[1].space = IOW_PROOF_SPACE_DEFAULT;
    assert_false(iow_books_agree(&world, &scene, &claim, &outcome, &lie));
    for (uint32_t i = 0; i < 3; i++) {
        lie = after;
        lie.groups[0].word =
            word(i == 0 ? IOW_KIND_DEFAULT : IOW_KIND_BLOCKING, i == 1 ? 2 : 1, i == 2 ? 2 : 1, 0);
        assert_false(iow_books_agree(&world, &scene, &claim, &outcome, &lie));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_wrong_at_first, begin),
        cmocka_unit_test_setup(two_address_spaces_are_one_too_many, begin),
        cmocka_unit_test_setup(a_member_that_is_blocked_is_in_no_address_space, begin),
        cmocka_unit_test_setup(a_driver_in_a_users_group_is_noticed, begin),
        cmocka_unit_test_setup(a_private_domain_has_one_driver_and_a_private_one, begin),
        cmocka_unit_test_setup(a_free_group_off_its_default_domain_is_noticed, begin),
        cmocka_unit_test_setup(another_user_than_the_word_says_is_noticed, begin),
        cmocka_unit_test_setup(leaving_the_default_domain_under_a_driver_is_noticed, begin),
        cmocka_unit_test_setup(books_notice_every_wrong_answer, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
