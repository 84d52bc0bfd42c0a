/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual functions that come and go. */
#include "scene.h"

static void vfs_come_with_their_driver_and_go(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(driver_of(&s, VF1), IXGBEVF);
        assert_int_equal(driver_of(&s, VF2), IXGBEVF);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(set_vfs(&s, NIC, 1), -16);
        assert_int_equal(set_vfs(&s, NIC, 0), 0);
        assert_false(iow_front_see_function(&s.front, VF1).present);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        assert_true(iow_front_see_function(&s.front, VF1).present);
        assert_false(iow_front_see_function(&s.front, VF2).present);
    }
}

static void vfs_are_refused_by_number_and_by_driver(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(set_vfs(&s, OTHER, 1), -2);
        assert_int_equal(ASK(&s, SET_VFS, .function = NIC, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(set_vfs(&s, NIC, 3), -34);
        assert_int_equal(set_vfs(&s, NIC, 0), 0);
        assert_int_equal(set_vfs(&s, NIC, 1), -2);
        to_kernel(&s, NIC, UIO);
        assert_int_equal(set_vfs(&s, NIC, 1), -2);
    }
}

static void vfs_of_a_vfio_function_are_vfios(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(driver_of(&s, VF1), VFIO_PCI);
        assert_true(has_node(&s, 3));
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_false(iow_front_see_function(&s.front, VF1).present);
        assert_false(has_node(&s, 3));
    }
}

static void a_physical_function_waits_for_the_users_of_its_vfs(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(unbind_from(&s, IXGBEVF, VF1), 0);
        to_vfio(&s, VF1);
        user = use(&s, 3);
        device = get_device(&s, user.group, VF1);
        assert_int_equal(unbind_from(&s, E1000, NIC), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_KERNEL);
        assert_int_equal(set_vfs(&s, NIC, 0), IOW_FRONT_WAITS);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(s.front.functions[NIC].n_vfs, 0);
    }
}

static void a_vf_is_not_removed_by_itself(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(take_away(&s, VF1), -2);
        assert_int_equal(ASK(&s, REMOVE, .function = VF1, .argument = IOW_FRONT_MALFORMED), -2);
        assert_int_equal(take_away(&s, NIC), 0);
        assert_false(iow_front_see_function(&s.front, VF2).present);
    }
}

/* A driver without an answer to sriov_numvfs of its own leaves what the kernel's simple one switched on. */
static void a_driver_that_keeps_vfs_leaves_them_to_nobody(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.drivers[E1000].keeps_vfs = true;
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        assert_int_equal(driver_of(&s, VF1), IXGBEVF);
        assert_int_equal(set_vfs(&s, NIC, 0), -2);
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -16);
        to_kernel(&s, NIC, UIO);
        assert_int_equal(unbind_from(&s, UIO, NIC), 0);
        assert_int_equal(s.front.functions[NIC].n_vfs, 2);
        to_kernel(&s, NIC, E1000);
        assert_int_equal(set_vfs(&s, NIC, 0), 0);
        assert_false(iow_front_see_function(&s.front, VF1).present);
    }
}

static void a_vf_that_is_not_to_be_probed_takes_a_driver_by_override_only(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[VF1].no_autoprobe = s.front.functions[VF2].no_autoprobe = true;
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(driver_of(&s, VF1), IOW_NONE);
        assert_int_equal(bind_to(&s, IXGBEVF, VF1), -19);
        assert_int_equal(probe_drivers(&s, VF1), 0);
        assert_int_equal(ASK(&s, NEW_ID, .driver = PCI_STUB, .number = VF_MODEL), 0);
        assert_int_equal(driver_of(&s, VF2), IOW_NONE);
        to_kernel(&s, VF1, IXGBEVF);
        assert_int_equal(driver_of(&s, VF1), IXGBEVF);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        to_vfio(&s, NIC);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        assert_int_equal(driver_of(&s, VF1), VFIO_PCI);
    }
}

int vfs_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vfs_come_with_their_driver_and_go),
        cmocka_unit_test(vfs_are_refused_by_number_and_by_driver),
        cmocka_unit_test(vfs_of_a_vfio_function_are_vfios),
        cmocka_unit_test(a_physical_function_waits_for_the_users_of_its_vfs),
        cmocka_unit_test(a_vf_is_not_removed_by_itself),
        cmocka_unit_test(a_driver_that_keeps_vfs_leaves_them_to_nobody),
        cmocka_unit_test(a_vf_that_is_not_to_be_probed_takes_a_driver_by_override_only),
    };

    return cmocka_run_group_tests_name("vfs", tests, NULL, NULL);
}
