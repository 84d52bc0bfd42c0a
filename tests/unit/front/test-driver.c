/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a driver meets: of ids and overrides, of other drivers, of users that own the group. */
#include "scene.h"

static void a_driver_that_is_not_loaded_has_no_files(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, MODULE, NIC), -2);
        assert_int_equal(unbind_from(&s, MODULE, NIC), -2);
        assert_int_equal(ASK(&s, NEW_ID, .driver = MODULE, .number = 5), -2);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = MODULE, .number = 5), -2);
    }
}

static void binding_an_unknown_function_is_no_such_device(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, LATE), -19);
        assert_int_equal(unbind_from(&s, E1000, LATE), -19);
        assert_int_equal(probe_drivers(&s, LATE), -19);
        assert_int_equal(bind_to(&s, E1000, 99), -19);
    }
}

static void binding_a_driver_that_does_not_match_is_no_such_device(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, IXGBEVF, NIC), -19);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -19);
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, E1000, NIC), -19);
    }
}

static void binding_what_has_a_driver_is_busy(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), E1000);
        assert_int_equal(bind_to(&s, E1000, NIC), -16);
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -16);
        assert_int_equal(driver_of(&s, NIC), E1000);
    }
}

static void a_kernel_driver_is_busy_in_an_owned_group_and_a_managed_one_binds(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        assert_int_equal(bind_to(&s, E1000, SIBLING), -16);
        assert_int_equal(driver_of(&s, SIBLING), IOW_NONE);
        assert_int_equal(override(&s, SIBLING, UIO), 0);
        assert_int_equal(bind_to(&s, UIO, SIBLING), -16);
        assert_int_equal(override(&s, SIBLING, PCI_STUB), 0);
        assert_int_equal(bind_to(&s, PCI_STUB, SIBLING), 0);
        assert_int_equal(driver_of(&s, SIBLING), PCI_STUB);
    }
}

static void a_probe_that_must_wait_is_shown_as_try_again_on_6_12(void **state)
{
    struct scene s;

    (void)state;
    scene_init(&s, V6_12, 0);
    s.front.groups[5].type = IOW_TYPE_NONE;
    s.front.drivers[E1000].loaded = false;
    assert_int_equal(add(&s, LATE), 0);
    s.front.drivers[E1000].loaded = true;
    assert_int_equal(bind_to(&s, E1000, LATE), -11);
    assert_int_equal(probe_drivers(&s, LATE), -22);
    scene_done(&s);
}

static void a_drivers_own_refusal_is_shown_by_bind_and_not_by_drivers_probe(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[NIC].probe_errors[E1000] = -5;
        assert_int_equal(bind_to(&s, E1000, NIC), -5);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(probe_drivers(&s, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
        s.front.functions[NIC].probe_errors[E1000] = -IOW_EPROBE_DEFER;
        assert_int_equal(bind_to(&s, E1000, NIC), -11);
    }
}

static void vfio_takes_no_bridge(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(override(&s, PORT, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, PORT), -22);
        assert_int_equal(probe_drivers(&s, PORT), 0);
        assert_int_equal(driver_of(&s, PORT), IOW_NONE);
    }
}

static void vfio_takes_nothing_without_a_group(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(override(&s, GROUPLESS, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, GROUPLESS), -22);
        assert_int_equal(override(&s, GROUPLESS, IOW_NONE), 0);
        assert_int_equal(bind_to(&s, E1000, GROUPLESS), 0);
    }
}

static void vfio_takes_nothing_incoherent_denylisted_or_with_vfs(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[OTHER].not_coherent = true;
        assert_int_equal(override(&s, OTHER, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, OTHER), -22);
        s.front.functions[SIBLING].denylisted = true;
        assert_int_equal(override(&s, SIBLING, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, SIBLING), -22);
        s.front.functions[NIC].n_vfs = 1;
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -16);
        assert_false(has_node(&s, 1));
    }
}

static void drivers_probe_in_an_owned_group_is_invalid(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        assert_int_equal(probe_drivers(&s, SIBLING), -22);
        assert_int_equal(driver_of(&s, SIBLING), IOW_NONE);
    }
}

static void drivers_probe_binds_the_first_that_takes_it(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, LOAD, .driver = MODULE), 0);
        assert_int_equal(unbind_from(&s, MODULE, NIC), 0);
        s.front.functions[NIC].probe_errors[E1000] = -19;
        assert_int_equal(probe_drivers(&s, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), MODULE);
        assert_int_equal(probe_drivers(&s, NIC), 0);
        s.front.functions[NIC].probe_errors[E1000] = 0;
        assert_int_equal(unbind_from(&s, MODULE, NIC), 0);
        assert_int_equal(probe_drivers(&s, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), E1000);
    }
}

/* The search ends at the core's first refusal, even with a driver behind it that the core would let in. */
static void one_kernel_driver_refused_keeps_the_next_from_being_tried(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        s.front.drivers[PCI_STUB].dynamic = 1u << NIC_MODEL;
        assert_int_equal(probe_drivers(&s, SIBLING), -22);
        assert_int_equal(driver_of(&s, SIBLING), IOW_NONE);
        assert_int_equal(bind_to(&s, PCI_STUB, SIBLING), 0);
    }
}

static void drivers_probe_finds_no_driver_and_succeeds(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(override(&s, NIC, IOW_FRONT_NO_NAME), 0);
        assert_int_equal(probe_drivers(&s, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
    }
}

static void unbinding_from_another_or_no_driver_is_no_such_device(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(unbind_from(&s, E1000, NIC), -19);
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(unbind_from(&s, UIO, NIC), -19);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        assert_int_equal(driver_of(&s, NIC), IOW_NONE);
    }
}

static void an_override_is_set_cleared_and_may_be_too_long(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(override(&s, LATE, VFIO_PCI), -2);
        assert_int_equal(ASK(&s, OVERRIDE, .function = NIC, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, E1000, NIC), -19);
        assert_int_equal(override(&s, NIC, IOW_NONE), 0);
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
    }
}

static void a_new_id_binds_what_is_free_and_says_nothing_of_refusals(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        (void)use(&s, 1);
        assert_int_equal(ASK(&s, NEW_ID, .driver = UIO, .number = NIC_MODEL), 0);
        assert_int_equal(driver_of(&s, NIC), VFIO_PCI);
        assert_int_equal(driver_of(&s, SIBLING), IOW_NONE);
        assert_int_equal(driver_of(&s, OTHER), UIO);
        assert_int_equal(driver_of(&s, PORT), IOW_NONE);
    }
}

/* The last to come is looked at last, wherever its address is. */
static void a_new_id_meets_functions_in_the_order_they_came(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(take_away(&s, NIC), 0);
        assert_int_equal(add(&s, NIC), 0);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, NEW_ID, .driver = UIO, .number = NIC_MODEL), IOW_FRONT_WAITS);
        assert_int_equal(driver_of(&s, SIBLING), UIO);
        assert_int_equal(driver_of(&s, OTHER), UIO);
        iow_front_continue(&s.front);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(driver_of(&s, NIC), E1000);
    }
}

static void a_new_id_is_refused_when_known_malformed_or_with_other_data(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, NEW_ID, .driver = E1000, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(ASK(&s, NEW_ID, .driver = E1000, .number = NIC_MODEL), -17);
        assert_int_equal(
            ASK(&s, NEW_ID, .driver = E1000, .number = 9, .argument = IOW_FRONT_OTHER_DATA), -22);
        assert_int_equal(ASK(&s, NEW_ID, .driver = E1000, .number = 9), 0);
        assert_int_equal(ASK(&s, NEW_ID, .driver = E1000, .number = 9), -17);
        s.front.drivers[PCIEPORT].by_class = true;
        assert_int_equal(ASK(&s, NEW_ID, .driver = PCIEPORT, .number = PORT_MODEL), 0);
        assert_int_equal(ASK(&s, NEW_ID, .driver = E1000, .number = 9, .argument = IOW_FRONT_WITH_DATA), 0);
    }
}

/* The table of vfio-pci is for functions that name it: that is not known already. */
static void vfio_takes_any_new_id(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, NEW_ID, .driver = VFIO_PCI, .number = NIC_MODEL), 0);
        assert_int_equal(driver_of(&s, NIC), VFIO_PCI);
        assert_int_equal(driver_of(&s, SIBLING), VFIO_PCI);
        assert_int_equal(driver_of(&s, GROUPLESS), IOW_NONE);
    }
}

static void an_id_that_was_given_is_taken_back(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = UIO, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = UIO, .number = NIC_MODEL), -19);
        assert_int_equal(ASK(&s, NEW_ID, .driver = UIO, .number = VF_MODEL), 0);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = UIO, .number = VF_MODEL), 0);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = UIO, .number = VF_MODEL), -19);
    }
}

static void uio_counts_like_any_kernel_driver(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_kernel(&s, SIBLING, UIO);
        group = open_group(&s, 1);
        assert_int_equal(status(&s, group), 0);
        assert_int_equal(set_container(&s, group, open_container(&s)), -1);
        assert_int_equal(unbind_from(&s, UIO, SIBLING), 0);
        assert_int_equal(status(&s, group), 1);
    }
}

/* Type. */

static void the_type_is_for_those_with_both_capabilities(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.processes[0].no_rawio = true;
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), -13);
        s.front.processes[0] = (struct iow_front_process){.alive = true, .no_admin = true};
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), -13);
        s.front.processes[0].no_admin = false;
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), 0);
        assert_int_equal(iow_front_see_group(&s.front, 2).type, IOW_TYPE_IDENTITY);
    }
}

static void the_type_is_one_that_is_known_of_a_group_that_has_one(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(set_type(&s, 5, IOW_TYPE_DMA), -2);
        assert_int_equal(ASK(&s, SET_TYPE, .group = 2, .argument = IOW_FRONT_MALFORMED), -22);
        s.front.groups[5].type = IOW_TYPE_NONE;
        s.front.drivers[E1000].loaded = false;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(set_type(&s, 5, IOW_TYPE_DMA), -22);
    }
}

static void the_type_of_a_group_in_use_is_kept(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, OTHER), 0);
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), both_release == V6_1 ? -16 : -1);
        assert_int_equal(set_type(&s, 1, IOW_TYPE_IDENTITY), both_release == V6_1 ? -22 : 0);
        s.front.groups[5].required = IOW_TYPE_DMA;
        s.front.drivers[E1000].loaded = false;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(set_type(&s, 5, IOW_TYPE_IDENTITY), -22);
        assert_int_equal(set_type(&s, 5, IOW_TYPE_DMA), 0);
    }
}

static void an_idle_vfio_driver_keeps_the_type_on_6_1_only(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), both_release == V6_1 ? -16 : 0);
    }
}

static void automatic_is_what_the_iommu_prefers(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(set_type(&s, 2, IOW_TYPE_IDENTITY), 0);
        assert_int_equal(set_type(&s, 2, IOW_FRONT_AUTO_TYPE), 0);
        assert_int_equal(iow_front_see_group(&s.front, 2).type, IOW_TYPE_DMA_FQ);
    }
}

int driver_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_driver_that_is_not_loaded_has_no_files),
        cmocka_unit_test(binding_an_unknown_function_is_no_such_device),
        cmocka_unit_test(binding_a_driver_that_does_not_match_is_no_such_device),
        cmocka_unit_test(binding_what_has_a_driver_is_busy),
        cmocka_unit_test(a_kernel_driver_is_busy_in_an_owned_group_and_a_managed_one_binds),
        cmocka_unit_test(a_probe_that_must_wait_is_shown_as_try_again_on_6_12),
        cmocka_unit_test(a_drivers_own_refusal_is_shown_by_bind_and_not_by_drivers_probe),
        cmocka_unit_test(vfio_takes_no_bridge),
        cmocka_unit_test(vfio_takes_nothing_without_a_group),
        cmocka_unit_test(vfio_takes_nothing_incoherent_denylisted_or_with_vfs),
        cmocka_unit_test(drivers_probe_in_an_owned_group_is_invalid),
        cmocka_unit_test(drivers_probe_binds_the_first_that_takes_it),
        cmocka_unit_test(one_kernel_driver_refused_keeps_the_next_from_being_tried),
        cmocka_unit_test(drivers_probe_finds_no_driver_and_succeeds),
        cmocka_unit_test(unbinding_from_another_or_no_driver_is_no_such_device),
        cmocka_unit_test(an_override_is_set_cleared_and_may_be_too_long),
        cmocka_unit_test(a_new_id_binds_what_is_free_and_says_nothing_of_refusals),
        cmocka_unit_test(a_new_id_meets_functions_in_the_order_they_came),
        cmocka_unit_test(a_new_id_is_refused_when_known_malformed_or_with_other_data),
        cmocka_unit_test(vfio_takes_any_new_id),
        cmocka_unit_test(an_id_that_was_given_is_taken_back),
        cmocka_unit_test(uio_counts_like_any_kernel_driver),
        cmocka_unit_test(the_type_is_for_those_with_both_capabilities),
        cmocka_unit_test(the_type_is_one_that_is_known_of_a_group_that_has_one),
        cmocka_unit_test(the_type_of_a_group_in_use_is_kept),
        cmocka_unit_test(an_idle_vfio_driver_keeps_the_type_on_6_1_only),
        cmocka_unit_test(automatic_is_what_the_iommu_prefers),
    };

    return cmocka_run_group_tests_name("driver", tests, NULL, NULL);
}
