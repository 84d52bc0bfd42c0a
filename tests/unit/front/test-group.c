/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A group's file and containers. */
#include "scene.h"

static void a_node_is_there_while_a_member_is_vfios(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(try_open_group(&s, 1), -2);
        to_vfio(&s, NIC);
        to_vfio(&s, SIBLING);
        assert_true(has_node(&s, 1));
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_true(has_node(&s, 1));
        assert_int_equal(unbind_from(&s, VFIO_PCI, SIBLING), 0);
        assert_int_equal(try_open_group(&s, 1), -2);
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = 1, .argument = IOW_FRONT_RACED), -19);
    }
}

static void a_group_is_open_once_in_the_whole_system(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        assert_int_equal(open_answers(&s, 1), -16);
        assert_int_equal(try_open_group(&s, 1), -16);
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = 1, .process = fork_process(&s)), -16);
        assert_int_equal(close_fd(&s, group), 0);
        assert_int_equal(open_answers(&s, 1), -16);
        assert_int_equal(ASK(&s, EXIT, .process = 1), 0);
        assert_int_equal(open_answers(&s, 1), 0);
    }
}

/* The object of a group dies with its last device, and a new one comes with the next: the file goes on being
 * of the old. */
static void a_file_outlives_its_group_and_a_new_one_can_be_opened_beside_it(void **state)
{
    struct scene s;
    uint32_t old, new;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        old = open_group(&s, 1);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), 0);
        new = open_group(&s, 1);
        assert_int_equal(status(&s, old), -19);
        assert_int_equal(status(&s, new), 1);
        assert_int_equal(ask_device(&s, old, NIC, 0), -19);
        assert_int_equal(close_fd(&s, old), 0);
        assert_int_equal(open_answers(&s, 1), -16);
    }
}

static void setting_a_container_claims_the_group(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(status(&s, group), 1);
        assert_int_equal(set_container(&s, group, container), 0);
        assert_int_equal(status(&s, group), 3);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(set_container(&s, group, container), -22);
        assert_int_equal(unset_container(&s, group), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(unset_container(&s, group), -22);
    }
}

static void a_container_is_an_open_file_of_its_kind(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        assert_int_equal(
            ASK(&s, SET_CONTAINER, .fd = group, .to = 31, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(set_container(&s, group, 31), -9);
        assert_int_equal(set_container(&s, group, group), both_release == V6_1 ? -22 : -77);
    }
}

static void a_group_with_a_kernel_driver_is_not_viable(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        assert_int_equal(bind_to(&s, E1000, SIBLING), 0);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(status(&s, group), 0);
        assert_int_equal(set_container(&s, group, container), -1);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_KERNEL);
        assert_int_equal(unset_container(&s, group), -22);
    }
}

static void a_group_whose_last_device_went_is_out_of_its_container(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(status(&s, user.group), -19);
        assert_int_equal(set_container(&s, user.group, user.container), -19);
        assert_int_equal(unset_container(&s, user.group), -22);
        assert_int_equal(ask_device(&s, user.group, NIC, 0), -19);
        assert_int_equal(set_iommu(&s, user.container), -22);
        assert_int_equal(bind_to(&s, E1000, SIBLING), 0);
    }
}

static void a_container_in_use_is_not_unset(void **state)
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
        assert_int_equal(unset_container(&s, user.group), -16);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(unset_container(&s, user.group), 0);
    }
}

static void a_status_needs_a_readable_argument_of_its_size(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        assert_int_equal(ASK(&s, GET_STATUS, .fd = group, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(ASK(&s, GET_STATUS, .fd = group, .argument = IOW_FRONT_MALFORMED), -22);
    }
}

static void an_iommu_needs_a_group_and_is_set_once(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(set_iommu(&s, container), -22);
        assert_int_equal(set_container(&s, group, container), 0);
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = container, .number = 8), -19);
        s.front.no_backend = true;
        assert_int_equal(set_iommu(&s, container), -19);
        s.front.no_backend = false;
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = container, .number = 3), 0);
        assert_int_equal(set_iommu(&s, container), -22);
        assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_TABLE);
    }
}

static void an_iommu_that_cannot_be_set_leaves_the_group_claimed(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(set_container(&s, group, container), 0);
        s.front.functions[NIC].alloc_error = -12;
        assert_int_equal(set_iommu(&s, container), both_release == V6_1 ? -5 : -12);
        s.front.functions[NIC].alloc_error = 0;
        s.front.functions[SIBLING].attach_error = -19;
        assert_int_equal(set_iommu(&s, container), -19);
        s.front.functions[SIBLING].attach_error = 0;
        s.front.functions[SIBLING].conflicts = true;
        assert_int_equal(set_iommu(&s, container), -22);
        s.front.functions[SIBLING].conflicts = false;
        s.front.containers[0].vaddr_invalid = true;
        assert_int_equal(set_iommu(&s, container), -16);
        s.front.containers[0].vaddr_invalid = false;
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_BLOCKING);
        assert_int_equal(set_iommu(&s, container), 0);
    }
}

static void interrupts_must_be_isolated_unless_that_is_waived(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(set_container(&s, group, container), 0);
        s.front.functions[NIC].unsafe_interrupts = s.front.functions[SIBLING].unsafe_interrupts = true;
        assert_int_equal(set_iommu(&s, container), -1);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        s.front.unsafe_interrupts = true;
        assert_int_equal(set_iommu(&s, container), 0);
    }
}

static void one_isolated_member_is_enough_on_6_1_and_not_on_6_12(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(set_container(&s, group, container), 0);
        s.front.functions[SIBLING].unsafe_interrupts = true;
        assert_int_equal(set_iommu(&s, container), both_release == V6_1 ? 0 : -1);
    }
}

static void a_second_group_joins_the_iommu_of_the_container(void **state)
{
    struct scene s;
    struct user user;
    uint32_t second;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        user = use(&s, 1);
        second = open_group(&s, 2);
        s.front.functions[OTHER].attach_error = -22;
        assert_int_equal(set_container(&s, second, user.container), -22);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_NONE);
        s.front.functions[OTHER].attach_error = 0;
        assert_int_equal(set_container(&s, second, user.container), 0);
        assert_int_equal(s.front.functions[OTHER].domain.kind, IOW_KIND_TABLE);
        assert_int_equal(unset_container(&s, user.group), 0);
        assert_int_equal(set_iommu(&s, user.container), -22);
        assert_int_equal(unset_container(&s, second), 0);
        assert_int_equal(set_container(&s, second, user.container), 0);
        assert_int_equal(s.front.functions[OTHER].domain.kind, IOW_KIND_BLOCKING);
        assert_int_equal(set_iommu(&s, user.container), 0);
    }
}

/* The group that came last is attached first. */
static void one_of_two_groups_that_fails_takes_the_other_back(void **state)
{
    struct scene s;
    uint32_t first, second, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        first = open_group(&s, 1);
        second = open_group(&s, 2);
        container = open_container(&s);
        assert_int_equal(set_container(&s, first, container), 0);
        assert_int_equal(set_container(&s, second, container), 0);
        s.front.functions[NIC].attach_error = -19;
        assert_int_equal(set_iommu(&s, container), -19);
        assert_int_equal(s.front.functions[OTHER].domain.kind, IOW_KIND_BLOCKING);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(owner_of(&s, 2), IOW_OWNER_USER);
    }
}

static void a_container_outlives_its_own_file(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        assert_int_equal(close_fd(&s, user.container), 0);
        (void)get_device(&s, user.group, NIC);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    }
}

/* No-IOMMU mode. */

static void a_group_without_an_iommu_is_for_the_privileged(void **state)
{
    struct scene s;
    struct user user;
    uint32_t real, other;

    (void)state;
    BOTH_KERNELS(&s, NOIOMMU_ON)
    {
        to_vfio(&s, GROUPLESS);
        to_vfio(&s, NIC);
        assert_int_equal(iow_front_see_function(&s.front, GROUPLESS).cdev, false);
        s.front.processes[0].no_rawio = true;
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), -1);
        s.front.processes[0].no_rawio = false;
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
        user.group = s.answer.value;
        user.container = open_container(&s);
        s.front.processes[0].no_rawio = true;
        assert_int_equal(set_container(&s, user.group, user.container), -1);
        s.front.processes[0].no_rawio = false;
        assert_int_equal(status(&s, user.group), 1);
        assert_int_equal(set_container(&s, user.group, user.container), 0);
        real = open_group(&s, 1);
        assert_int_equal(set_container(&s, real, user.container), -1);
        assert_int_equal(set_iommu(&s, user.container), -19);
        s.front.processes[0].no_rawio = true;
        assert_int_equal(set_iommu(&s, user.container), -19);
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = user.container, .number = 8), -1);
        s.front.processes[0].no_rawio = false;
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = user.container, .number = 8), 0);
        s.front.processes[0].no_rawio = true;
        assert_int_equal(ask_device(&s, user.group, GROUPLESS, 0), -1);
        s.front.processes[0].no_rawio = false;
        assert_int_equal(ask_device(&s, user.group, GROUPLESS, 0), 0);
        other = s.answer.value;
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(close_fd(&s, other), 0);
        assert_int_equal(unset_container(&s, user.group), 0);
    }
}

/* The files that are asked. */

static void every_call_needs_a_file_of_its_kind(void **state)
{
    static const enum iow_front_call groups[] = {IOW_FRONT_CALL_SET_CONTAINER, IOW_FRONT_CALL_UNSET_CONTAINER,
        IOW_FRONT_CALL_GET_STATUS, IOW_FRONT_CALL_GET_DEVICE_FD};
    static const enum iow_front_call devices[] = {IOW_FRONT_CALL_BIND_IOMMUFD, IOW_FRONT_CALL_ATTACH_PT,
        IOW_FRONT_CALL_DETACH_PT, IOW_FRONT_CALL_SET_TOKEN, IOW_FRONT_CALL_RESET_INFO,
        IOW_FRONT_CALL_HOT_RESET};
    struct scene s;
    struct user user;
    uint32_t group, naked;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        group = user.group;
        naked = open_container(&s);
        for (size_t i = 0; i < COUNT(groups); i++) {
            assert_int_equal(ask(&s, (struct iow_front_op){.call = groups[i], .fd = 31}), -9);
            assert_int_equal(ask(&s, (struct iow_front_op){.call = groups[i], .fd = naked}), -22);
            assert_int_equal(ask(&s, (struct iow_front_op){.call = groups[i], .fd = user.container}), -25);
        }
        for (size_t i = 0; i < COUNT(devices); i++) {
            assert_int_equal(ask(&s, (struct iow_front_op){.call = devices[i], .fd = naked}), -22);
            assert_int_equal(ask(&s, (struct iow_front_op){.call = devices[i], .fd = 31}), -9);
            assert_int_equal(ask(&s, (struct iow_front_op){.call = devices[i], .fd = group}), -25);
        }
        assert_int_equal(set_iommu(&s, 31), -9);
        assert_int_equal(set_iommu(&s, group), -25);
        assert_int_equal(ASK(&s, NEW_IOAS, .fd = 31), -9);
        assert_int_equal(ASK(&s, NEW_IOAS, .fd = group), -25);
        assert_int_equal(ASK(&s, NEW_IOAS, .fd = naked), -22);
    }
}

int group_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_is_there_while_a_member_is_vfios),
        cmocka_unit_test(a_group_is_open_once_in_the_whole_system),
        cmocka_unit_test(a_file_outlives_its_group_and_a_new_one_can_be_opened_beside_it),
        cmocka_unit_test(setting_a_container_claims_the_group),
        cmocka_unit_test(a_container_is_an_open_file_of_its_kind),
        cmocka_unit_test(a_group_with_a_kernel_driver_is_not_viable),
        cmocka_unit_test(a_group_whose_last_device_went_is_out_of_its_container),
        cmocka_unit_test(a_container_in_use_is_not_unset),
        cmocka_unit_test(a_status_needs_a_readable_argument_of_its_size),
        cmocka_unit_test(an_iommu_needs_a_group_and_is_set_once),
        cmocka_unit_test(an_iommu_that_cannot_be_set_leaves_the_group_claimed),
        cmocka_unit_test(interrupts_must_be_isolated_unless_that_is_waived),
        cmocka_unit_test(one_isolated_member_is_enough_on_6_1_and_not_on_6_12),
        cmocka_unit_test(a_second_group_joins_the_iommu_of_the_container),
        cmocka_unit_test(one_of_two_groups_that_fails_takes_the_other_back),
        cmocka_unit_test(a_container_outlives_its_own_file),
        cmocka_unit_test(a_group_without_an_iommu_is_for_the_privileged),
        cmocka_unit_test(every_call_needs_a_file_of_its_kind),
    };

    return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
