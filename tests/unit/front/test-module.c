/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers that are loaded and unloaded. */
#include "scene.h"

static void a_module_loads_and_its_functions_of_owned_groups_stay_without(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        assert_int_equal(ASK(&s, LOAD, .driver = MODULE), 0);
        assert_int_equal(driver_of(&s, SIBLING), IOW_NONE);
        assert_int_equal(driver_of(&s, OTHER), MODULE);
        assert_int_equal(unbind_from(&s, MODULE, OTHER), 0);
        assert_int_equal(ASK(&s, LOAD, .driver = MODULE), 0);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        assert_int_equal(ASK(&s, LOAD, .driver = N_DRIVERS), -2);
    }
}

static void an_unloaded_driver_leaves_its_functions_and_its_files(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        assert_int_equal(ASK(&s, UNLOAD, .driver = VFIO_PCI), 0);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
        assert_false(has_node(&s, 1));
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -2);
        assert_int_equal(ASK(&s, UNLOAD, .driver = VFIO_PCI), -2);
        assert_int_equal(ASK(&s, UNLOAD, .driver = N_DRIVERS), -2);
        assert_int_equal(ASK(&s, LOAD, .driver = VFIO_PCI), 0);
        assert_int_equal(driver_of(&s, NIC), VFIO_PCI);
    }
}

static void ids_go_with_the_driver(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, NEW_ID, .driver = UIO, .number = VF_MODEL), 0);
        assert_int_equal(ASK(&s, UNLOAD, .driver = UIO), 0);
        assert_int_equal(ASK(&s, LOAD, .driver = UIO), 0);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = UIO, .number = VF_MODEL), -19);
    }
}

static void a_driver_with_an_open_device_stays(void **state)
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
        assert_int_equal(ASK(&s, UNLOAD, .driver = VFIO_PCI), -11);
        assert_int_equal(driver_of(&s, NIC), VFIO_PCI);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ASK(&s, UNLOAD, .driver = VFIO_PCI), 0);
        assert_int_equal(status(&s, user.group), -19);
    }
}

static void a_driver_loaded_again_is_the_last_of_its_bus(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, NEW_ID, .driver = PCI_STUB, .number = NIC_MODEL), 0);
        assert_int_equal(driver_of(&s, OTHER), PCI_STUB);
        assert_int_equal(unbind_from(&s, PCI_STUB, OTHER), 0);
        assert_int_equal(probe_drivers(&s, OTHER), 0);
        assert_int_equal(driver_of(&s, OTHER), E1000);
        assert_int_equal(ASK(&s, UNLOAD, .driver = E1000), 0);
        assert_int_equal(ASK(&s, LOAD, .driver = E1000), 0);
        assert_int_equal(driver_of(&s, OTHER), E1000);
        assert_int_equal(unbind_from(&s, E1000, OTHER), 0);
        assert_int_equal(probe_drivers(&s, OTHER), 0);
        assert_int_equal(driver_of(&s, OTHER), PCI_STUB);
    }
}

static void unloading_waits_for_who_removes_the_driver_already(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(override(&s, OTHER, UIO), 0);
        assert_int_equal(bind_to(&s, UIO, OTHER), 0);
        s.front.functions[OTHER].sticks = true;
        assert_int_equal(unbind_from(&s, UIO, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, UNLOAD, .driver = UIO), IOW_FRONT_WAITS);
        s.front.functions[OTHER].sticks = false;
        iow_front_go_on(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(driver_of(&s, OTHER), IOW_NONE);
    }
}

int module_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_loads_and_its_functions_of_owned_groups_stay_without),
        cmocka_unit_test(an_unloaded_driver_leaves_its_functions_and_its_files),
        cmocka_unit_test(ids_go_with_the_driver),
        cmocka_unit_test(a_driver_with_an_open_device_stays),
        cmocka_unit_test(a_driver_loaded_again_is_the_last_of_its_bus),
        cmocka_unit_test(unloading_waits_for_who_removes_the_driver_already),
    };

    return cmocka_run_group_tests_name("module", tests, NULL, NULL);
}
