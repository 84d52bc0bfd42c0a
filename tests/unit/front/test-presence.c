/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that come and go, and what becomes of their users. */
#include "scene.h"

static void a_newcomer_is_bound_to_its_driver(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(driver_of(&s, LATE), E1000);
        assert_int_equal(iow_front_see_group(&s.front, 5).members, 1);
        assert_int_equal(add(&s, LATE), -17);
    }
}

static void nothing_is_added_below_what_is_gone(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(take_away(&s, PORT), 0);
        for (uint32_t i = PORT; i < N_FUNCTIONS; i++)
            assert_false(iow_front_see_function(&s.front, i).present);
        assert_int_equal(add(&s, NIC), -19);
        assert_int_equal(add(&s, PORT), 0);
        assert_int_equal(driver_of(&s, PORT), PCIEPORT);
        assert_int_equal(add(&s, VF1), -19);
        assert_int_equal(add(&s, NIC), 0);
    }
}

static void a_newcomer_to_an_owned_group_joins_it_without_a_kernel_driver(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[LATE].home = 1;
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(driver_of(&s, LATE), IOW_NONE);
        assert_int_equal(iow_front_see_group(&s.front, 1).members, 3);
        assert_int_equal(s.front.functions[LATE].domain.kind, IOW_KIND_TABLE);
    }
}

static void a_newcomer_that_cannot_be_blocked_is_left_without_a_group_on_6_12(void **state)
{
    struct scene s;

    (void)state;
    scene_init(&s, V6_12, 0);
    s.front.functions[LATE].home = 1;
    s.front.functions[LATE].dma.direct = true;
    to_vfio(&s, NIC);
    assert_int_equal(set_container(&s, open_group(&s, 1), open_container(&s)), 0);
    assert_int_equal(add(&s, LATE), 0);
    assert_int_equal(iow_front_see_function(&s.front, LATE).group, IOW_NONE);
    assert_int_equal(driver_of(&s, LATE), E1000);
    scene_done(&s);
}

static void what_is_removed_leaves_its_group_last(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(take_away(&s, NIC), 0);
        assert_false(iow_front_see_function(&s.front, NIC).present);
        assert_int_equal(iow_front_see_group(&s.front, 1).members, 1);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(take_away(&s, NIC), -2);
        assert_int_equal(ASK(&s, REMOVE, .function = OTHER, .argument = IOW_FRONT_MALFORMED), -22);
    }
}

static void a_group_that_comes_again_has_the_type_that_groups_get(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), 0);
        assert_int_equal(take_away(&s, OTHER), 0);
        assert_int_equal(iow_front_see_group(&s.front, 2).members, 0);
        assert_int_equal(add(&s, OTHER), 0);
        assert_int_equal(iow_front_see_group(&s.front, 2).type, IOW_TYPE_DMA_FQ);
    }
}

static void a_removal_waits_for_the_user_and_the_device_stays_till_then(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_true(iow_front_see_function(&s.front, OTHER).present);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        assert_int_equal(iow_front_see_group(&s.front, 2).members, 1);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_USER);
        assert_int_equal(take_away(&s, OTHER), -2);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
        assert_false(iow_front_see_function(&s.front, OTHER).present);
        assert_false(has_node(&s, 2));
        assert_int_equal(status(&s, user.group), -19);
    }
}

static void removals_and_arrivals_wait_for_one_another(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(take_away(&s, SIBLING), IOW_FRONT_WAITS);
        assert_true(iow_front_see_function(&s.front, SIBLING).present);
        assert_int_equal(add(&s, LATE), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 1), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 0), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 1), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        for (int i = 0; i < 6; i++)
            assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_false(iow_front_see_function(&s.front, SIBLING).present);
        assert_int_equal(driver_of(&s, LATE), E1000);
        assert_int_equal(driver_of(&s, VF1), IXGBEVF);
    }
}

/* Below a bridge one is released, and somebody binds it while the next is waited for. */
static void vfs_go_only_when_no_removal_is_under_way(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 0), IOW_FRONT_WAITS);
        assert_true(iow_front_see_function(&s.front, VF1).present);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_false(iow_front_see_function(&s.front, VF1).present);
    }
}

static void a_driver_bound_during_a_removal_is_released_again(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(take_away(&s, PORT), IOW_FRONT_WAITS);
        assert_int_equal(bind_to(&s, E1000, OTHER), 0);
        s.front.functions[OTHER].sticks = true;
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        s.front.functions[OTHER].sticks = false;
        iow_front_go_on(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_false(iow_front_see_function(&s.front, OTHER).present);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_NONE);
    }
}

static void a_removal_waits_for_a_probe_and_the_next_binder_finds_nothing(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(take_away(&s, PORT), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = OTHER, .hangs = true), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(driver_of(&s, OTHER), E1000);
        assert_int_equal(bind_to(&s, E1000, OTHER), IOW_FRONT_WAITS);
        iow_front_continue(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), -19);
        assert_false(iow_front_see_function(&s.front, PORT).present);
    }
}

/* sriov_numvfs takes the device's lock and then that of adding and removing, a removal the other way round:
 * Linux does not come out of this either. */
static void a_removal_and_a_change_of_vfs_may_wait_for_each_other_for_ever(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        to_vfio(&s, OTHER);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(take_away(&s, PORT), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 1), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(ASK(&s, EXIT, .process = 0), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(driver_of(&s, NIC), E1000);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
    }
}

/* Virtual functions. */

static void a_bridge_takes_functions_and_their_vfs_along(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(take_away(&s, PORT), 0);
        for (uint32_t i = PORT; i < N_FUNCTIONS; i++)
            assert_false(iow_front_see_function(&s.front, i).present);
        for (uint32_t i = 0; i < 6; i++)
            assert_int_equal(iow_front_see_group(&s.front, i).members, 0);
    }
}

/* Nobody wrote "remove": whoever does now finds the file still there. */
static void a_slot_emptied_from_outside_waits_for_the_user(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(ASK(&s, UNPLUG, .function = PORT), IOW_FRONT_WAITS);
        assert_false(iow_front_see_function(&s.front, GROUPLESS).present);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        assert_int_equal(iow_front_see_group(&s.front, 1).members, 2);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_USER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, UNPLUG, .function = PORT), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        for (int i = 0; i < 3; i++)
            assert_int_equal(ended(&s), 0);
        assert_true(iow_front_see_function(&s.front, PORT).present);
        assert_false(iow_front_see_function(&s.front, NIC).present);
        assert_int_equal(status(&s, user.group), -19);
        assert_int_equal(ASK(&s, UNPLUG, .function = PORT), 0);
    }
}

static void what_came_last_is_released_first(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(take_away(&s, NIC), 0);
        assert_int_equal(add(&s, NIC), 0);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        assert_int_equal(bind_to(&s, E1000, OTHER), 0);
        to_vfio(&s, NIC);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(take_away(&s, PORT), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, OTHER), E1000);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
    }
}

int presence_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newcomer_is_bound_to_its_driver),
        cmocka_unit_test(nothing_is_added_below_what_is_gone),
        cmocka_unit_test(a_newcomer_to_an_owned_group_joins_it_without_a_kernel_driver),
        cmocka_unit_test(a_newcomer_that_cannot_be_blocked_is_left_without_a_group_on_6_12),
        cmocka_unit_test(what_is_removed_leaves_its_group_last),
        cmocka_unit_test(a_group_that_comes_again_has_the_type_that_groups_get),
        cmocka_unit_test(a_removal_waits_for_the_user_and_the_device_stays_till_then),
        cmocka_unit_test(removals_and_arrivals_wait_for_one_another),
        cmocka_unit_test(vfs_go_only_when_no_removal_is_under_way),
        cmocka_unit_test(a_driver_bound_during_a_removal_is_released_again),
        cmocka_unit_test(a_removal_waits_for_a_probe_and_the_next_binder_finds_nothing),
        cmocka_unit_test(a_removal_and_a_change_of_vfs_may_wait_for_each_other_for_ever),
        cmocka_unit_test(a_bridge_takes_functions_and_their_vfs_along),
        cmocka_unit_test(a_slot_emptied_from_outside_waits_for_the_user),
        cmocka_unit_test(what_came_last_is_released_first),
    };

    return cmocka_run_group_tests_name("presence", tests, NULL, NULL);
}
