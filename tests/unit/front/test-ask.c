/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that sleep, and how they go on. */
#include "scene.h"

static void an_unbind_waits_for_the_user_with_the_link_gone_already(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device, task;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        task = s.answer.value;
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(bind_to(&s, E1000, SIBLING), -16);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(close_fd(&s, device), 0);
        assert_true(iow_front_ended(&s.front, &device, &s.answer));
        assert_int_equal(device, task);
        assert_int_equal(s.answer.code, 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_false(has_node(&s, 1));
    }
}

static void whatever_needs_the_lock_waits_for_the_unbind_too(void **state)
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
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 1), IOW_FRONT_WAITS);
        assert_int_equal(probe_drivers(&s, NIC), 0);
        assert_int_equal(ASK(&s, NEW_ID, .driver = VFIO_PCI, .number = 9), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        for (int i = 0; i < 5; i++)
            assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(driver_of(&s, NIC), VFIO_PCI);
        assert_int_equal(driver_of(&s, VF1), VFIO_PCI);
    }
}

/* It looked for its driver before it got the lock, and does not look again. */
static void an_unbind_that_waited_releases_whatever_driver_is_there_by_then(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, NEW_ID, .driver = VFIO_PCI, .number = NIC_MODEL), 0);
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(unbind_from(&s, VFIO_PCI, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(bind_to(&s, E1000, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(unbind_from(&s, VFIO_PCI, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        for (int i = 0; i < 3; i++)
            assert_int_equal(ended(&s), 0);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_NONE);
    }
}

static void an_override_waits_for_the_unbind_on_6_1_only(void **state)
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
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(override(&s, NIC, IOW_NONE), both_release == V6_1 ? IOW_FRONT_WAITS : 0);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), both_release == V6_1 ? 0 : NONE_ENDED);
        assert_int_equal(s.front.functions[NIC].override, IOW_NONE);
    }
}

/* What matched before the wait need not any more; what is being probed is not asked again. */
static void a_bind_that_waited_is_matched_again(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    scene_init(&s, V6_12, 0);
    to_vfio(&s, NIC);
    user = use(&s, 1);
    device = get_device(&s, user.group, NIC);
    assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
    assert_int_equal(override(&s, NIC, PCI_STUB), 0);
    assert_int_equal(bind_to(&s, PCI_STUB, NIC), IOW_FRONT_WAITS);
    assert_int_equal(override(&s, NIC, UIO), 0);
    assert_int_equal(bind_to(&s, UIO, NIC), IOW_FRONT_WAITS);
    assert_int_equal(close_fd(&s, device), 0);
    assert_int_equal(ended(&s), 0);
    assert_int_equal(ended(&s), -19);
    assert_int_equal(ended(&s), 0);
    assert_int_equal(driver_of(&s, NIC), UIO);

    assert_int_equal(unbind_from(&s, UIO, NIC), 0);
    assert_int_equal(ASK(&s, BIND, .driver = UIO, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
    assert_int_equal(override(&s, NIC, PCI_STUB), 0);
    iow_front_continue(&s.front);
    assert_int_equal(ended(&s), 0);
    assert_int_equal(driver_of(&s, NIC), UIO);
    scene_done(&s);
}

static void the_type_waits_for_the_only_members_lock_on_6_1_only(void **state)
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
        assert_int_equal(unbind_from(&s, VFIO_PCI, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), both_release == V6_1 ? IOW_FRONT_WAITS : -1);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), both_release == V6_1 ? 0 : NONE_ENDED);
    }
}

static void loading_a_driver_waits_for_a_lock_of_any_function_that_matches(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, NIC), E1000);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_KERNEL);
        assert_int_equal(ASK(&s, LOAD, .driver = MODULE), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        iow_front_continue(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(driver_of(&s, NIC), E1000);
        assert_int_equal(driver_of(&s, OTHER), MODULE);
    }
}

static void a_probe_in_flight_is_counted_and_a_claim_refused(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, SIBLING);
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
        group = open_group(&s, 1);
        assert_int_equal(status(&s, group), 0);
        assert_int_equal(set_container(&s, group, open_container(&s)), -1);
        s.front.functions[NIC].probe_errors[E1000] = -12;
        iow_front_continue(&s.front);
        assert_int_equal(ended(&s), -12);
        assert_int_equal(status(&s, group), 1);
    }
}

static void a_removal_of_a_kernel_driver_that_does_not_return_keeps_the_group(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        s.front.functions[NIC].sticks = true;
        assert_int_equal(unbind_from(&s, E1000, NIC), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_KERNEL);
        s.front.functions[NIC].sticks = false;
        iow_front_go_on(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    }
}

/* VFIO's too, in spite of everybody having let go. */
static void a_removal_that_hangs_ends_when_it_goes_on(void **state)
{
    static const uint32_t drivers[] = {E1000, VFIO_PCI};
    struct scene s;

    (void)state;
    for (unsigned i = 0; i < COUNT(drivers); i++) {
        BOTH_KERNELS(&s, 0)
        {
            to_kernel(&s, NIC, drivers[i]);
            assert_int_equal(
                ASK(&s, UNBIND, .driver = drivers[i], .function = NIC, .hangs = true), IOW_FRONT_WAITS);
            assert_int_equal(driver_of(&s, NIC), IOW_NONE);
            assert_int_equal(bind_to(&s, drivers[i], NIC), IOW_FRONT_WAITS);
            iow_front_go_on(&s.front);
            assert_int_equal(ended(&s), NONE_ENDED);
            iow_front_continue(&s.front);
            assert_int_equal(ended(&s), 0);
            assert_int_equal(ended(&s), 0);
            assert_int_equal(driver_of(&s, NIC), drivers[i]);
        }
    }
}

static void only_so_many_may_sleep(void **state)
{
    struct scene s;

    (void)state;
    scene_init(&s, V6_12, 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
    assert_int_equal(bind_to(&s, E1000, NIC), -11);
    assert_int_equal(s.answer.row, IOW_NONE);
    scene_done(&s);
}

static void every_answer_names_its_row(void **state)
{
    struct iow_front_row row;
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, IXGBEVF, NIC), -19);
        assert_true(iow_front_row_at(s.answer.row, &row));
        assert_string_equal(row.stage, "write bind");
        assert_string_equal(row.when, "the driver does not match");
        assert_string_equal(row.source, "bind_store");
        assert_int_equal(row.code, -19);
        assert_int_equal(s.front.times[s.answer.row], 1);
    }
}

int ask_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unbind_waits_for_the_user_with_the_link_gone_already),
        cmocka_unit_test(whatever_needs_the_lock_waits_for_the_unbind_too),
        cmocka_unit_test(an_unbind_that_waited_releases_whatever_driver_is_there_by_then),
        cmocka_unit_test(an_override_waits_for_the_unbind_on_6_1_only),
        cmocka_unit_test(a_bind_that_waited_is_matched_again),
        cmocka_unit_test(the_type_waits_for_the_only_members_lock_on_6_1_only),
        cmocka_unit_test(loading_a_driver_waits_for_a_lock_of_any_function_that_matches),
        cmocka_unit_test(a_probe_in_flight_is_counted_and_a_claim_refused),
        cmocka_unit_test(a_removal_of_a_kernel_driver_that_does_not_return_keeps_the_group),
        cmocka_unit_test(a_removal_that_hangs_ends_when_it_goes_on),
        cmocka_unit_test(only_so_many_may_sleep),
        cmocka_unit_test(every_answer_names_its_row),
    };

    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
