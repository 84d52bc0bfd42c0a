/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where two reasons meet, the one that the kernel looks at first answers. */
#include "scene.h"

static void a_driver_that_is_not_there_comes_before_its_argument(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, MODULE, LATE), -2);
        assert_int_equal(unbind_from(&s, MODULE, LATE), -2);
        assert_int_equal(ASK(&s, NEW_ID, .driver = MODULE, .argument = IOW_FRONT_MALFORMED), -2);
        assert_int_equal(ASK(&s, REMOVE_ID, .driver = MODULE, .argument = IOW_FRONT_MALFORMED), -2);
    }
}

static void a_function_that_is_not_there_comes_before_its_argument(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(ASK(&s, OVERRIDE, .function = LATE, .argument = IOW_FRONT_MALFORMED), -2);
        assert_int_equal(ASK(&s, REMOVE, .function = LATE, .argument = IOW_FRONT_MALFORMED), -2);
        assert_int_equal(ASK(&s, SET_VFS, .function = OTHER, .argument = IOW_FRONT_MALFORMED), -2);
        assert_int_equal(
            ASK(&s, SET_VFS, .function = NIC, .number = 9, .argument = IOW_FRONT_MALFORMED), -22);
    }
}

static void vfio_denies_looks_at_the_header_then_at_vfs_then_at_the_group(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[NIC].n_vfs = 1;
        assert_int_equal(override(&s, NIC, VFIO_PCI), 0);
        s.front.functions[NIC].denylisted = true;
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -22);
        s.front.functions[NIC].denylisted = false;
        s.front.functions[NIC].bridge = true;
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), -22);
        s.front.functions[GROUPLESS].n_vfs = 1;
        assert_int_equal(override(&s, GROUPLESS, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, GROUPLESS), -16);
        s.front.functions[OTHER].n_vfs = 1;
        s.front.functions[OTHER].not_coherent = true;
        assert_int_equal(override(&s, OTHER, VFIO_PCI), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, OTHER), -16);
    }
}

static void what_is_wrong_is_said_without_waiting(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(take_away(&s, SIBLING), 0);
        to_vfio(&s, OTHER);
        to_vfio(&s, NIC);
        user = use(&s, 2);
        (void)get_device(&s, user.group, OTHER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(add(&s, NIC), -17);
        s.front.functions[LATE].parent = SIBLING;
        assert_int_equal(add(&s, LATE), -19);
        user = use(&s, 1);
        (void)get_device(&s, user.group, NIC);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 0), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 3), -34);
    }
}

static void capabilities_come_after_the_group_and_before_the_rest(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.processes[0].no_admin = true;
        assert_int_equal(set_type(&s, 5, IOW_TYPE_DMA), -2);
        s.front.groups[5].type = IOW_TYPE_NONE;
        s.front.drivers[E1000].loaded = false;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(ASK(&s, SET_TYPE, .group = 5, .argument = IOW_FRONT_MALFORMED), -13);
    }
}

static void a_wrong_file_comes_before_a_wrong_argument(void **state)
{
    static const enum iow_front_call calls[] = {IOW_FRONT_CALL_SET_CONTAINER, IOW_FRONT_CALL_GET_STATUS,
        IOW_FRONT_CALL_GET_DEVICE_FD, IOW_FRONT_CALL_BIND_IOMMUFD, IOW_FRONT_CALL_ATTACH_PT,
        IOW_FRONT_CALL_HOT_RESET};
    struct scene s;
    uint32_t container;

    (void)state;
    BOTH_KERNELS(&s, IOMMUFD_BUILT)
    {
        container = open_container(&s);
        for (size_t i = 0; i < COUNT(calls); i++)
            assert_int_equal(ask(&s, (struct iow_front_op){.call = calls[i],
                                         .fd = container,
                                         .to = container,
                                         .argument = IOW_FRONT_UNREADABLE}),
                -22);
        assert_int_equal(ASK(&s, PASS, .fd = 31, .to = 3), -9);
    }
}

static void privilege_comes_before_a_group_that_is_open(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, NOIOMMU_ON)
    {
        to_vfio(&s, GROUPLESS);
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
        s.front.processes[0].no_rawio = true;
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), -1);
    }
}

static void a_bad_container_comes_before_a_group_that_has_one(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        assert_int_equal(set_container(&s, user.group, 31), -9);
        assert_int_equal(set_container(&s, user.group, user.group), -22);
    }
}

/* A group that died keeps its iommufd until its file is closed. */
static void having_an_iommufd_comes_before_being_dead(void **state)
{
    struct scene s;
    uint32_t group, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
    assert_int_equal(set_container(&s, group, fd), -22);
    assert_int_equal(status(&s, group), -19);
    assert_int_equal(ASK(&s, GET_STATUS, .fd = group, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(unset_container(&s, group), 0);
    assert_int_equal(set_container(&s, group, fd), -19);
    scene_done(&s);
}

static void a_backend_looks_at_mappings_then_regions_then_interrupts(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        group = open_group(&s, 2);
        container = open_container(&s);
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = container, .number = 99), -22);
        assert_int_equal(set_container(&s, group, container), 0);
        s.front.functions[OTHER].conflicts = s.front.functions[OTHER].unsafe_interrupts = true;
        assert_int_equal(set_iommu(&s, container), -22);
        s.front.functions[OTHER].alloc_error = -12;
        s.front.containers[0].vaddr_invalid = true;
        assert_int_equal(set_iommu(&s, container), -16);
    }
}

static void a_name_is_looked_for_before_its_options_are_read(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        user = use(&s, 3);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = OTHER, .argument = IOW_FRONT_UNREADABLE),
            -14);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = OTHER, .argument = IOW_FRONT_MALFORMED),
            -19);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = VF1, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = VF1, .argument = IOW_FRONT_GLUED), -19);
    }
}

/* 6.1 looks at the container first of all and at the module at each opening, 6.12 at the first opening only. */
static void opening_looks_at_container_and_module_in_the_order_of_the_kernel(void **state)
{
    struct scene s;
    struct user user;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, NOIOMMU_ON)
    {
        bool older = both_release == V6_1;

        to_vfio(&s, NIC);
        to_vfio(&s, GROUPLESS);
        user = use(&s, 1);
        (void)get_device(&s, user.group, NIC);
        s.front.module_going = true;
        assert_int_equal(ask_device(&s, user.group, NIC, 0), older ? -19 : 0);
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
        group = s.answer.value;
        assert_int_equal(ask_device(&s, group, GROUPLESS, 0), -22);
        container = open_container(&s);
        assert_int_equal(set_container(&s, group, container), 0);
        assert_int_equal(ask_device(&s, group, GROUPLESS, 0), older ? -22 : -19);
        s.front.processes[0].no_rawio = true;
        s.front.module_going = false;
        assert_int_equal(ask_device(&s, group, GROUPLESS, 0), -22);
        s.front.processes[0].no_rawio = false;
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = container, .number = 8), 0);
        s.front.processes[0].no_rawio = true;
        s.front.module_going = true;
        assert_int_equal(ask_device(&s, group, GROUPLESS, 0), older ? -1 : -19);
    }
}

static void by_iommufd_privilege_comes_before_the_module(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT | NOIOMMU_ON);
    to_vfio(&s, GROUPLESS);
    assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
    group = s.answer.value;
    assert_int_equal(set_container(&s, group, open_iommufd(&s)), 0);
    s.front.module_going = s.front.processes[0].no_rawio = true;
    assert_int_equal(ask_device(&s, group, GROUPLESS, 0), -1);
    s.front.module_going = s.front.processes[0].no_rawio = false;
    assert_int_equal(ask_device(&s, group, GROUPLESS, 0), 0);
    s.front.module_going = s.front.processes[0].no_rawio = true;
    assert_int_equal(ask_device(&s, group, GROUPLESS, 0), 0); /* only the first opening asks */
    scene_done(&s);
}

static void binding_to_an_iommufd_looks_in_this_order(void **state)
{
    struct scene s;
    struct user user;
    uint32_t cdev, second, fd, device, group, container;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, OTHER);
    user = use(&s, 2);
    device = get_device(&s, user.group, OTHER);
    assert_int_equal(ASK(&s, BIND_IOMMUFD, .fd = device, .to = 31, .argument = IOW_FRONT_UNREADABLE), -14);
    cdev = open_cdev(&s, NIC);
    second = open_cdev(&s, NIC);
    fd = open_iommufd(&s);
    container = open_container(&s);
    group = open_group(&s, 1);
    assert_int_equal(bind_iommufd(&s, cdev, 31), -16);
    assert_int_equal(ASK(&s, BIND_IOMMUFD, .fd = cdev, .to = fd, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(close_fd(&s, group), 0);
    s.front.functions[NIC].not_coherent = s.front.functions[NIC].unsafe_interrupts = true;
    assert_int_equal(bind_iommufd(&s, cdev, fd), -22);
    s.front.functions[NIC].not_coherent = s.front.functions[NIC].unsafe_interrupts = false;
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(bind_iommufd(&s, cdev, 31), -22);
    assert_int_equal(bind_iommufd(&s, second, 31), -9);
    assert_int_equal(bind_iommufd(&s, second, container), -77);
    s.front.module_going = true;
    assert_int_equal(bind_iommufd(&s, second, fd), -22);
    scene_done(&s);
}

static void attaching_looks_in_this_order(void **state)
{
    struct scene s;
    struct user user;
    uint32_t cdev, sibling, fd, device;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, SIBLING);
    to_vfio(&s, OTHER);
    user = use(&s, 2);
    device = get_device(&s, user.group, OTHER);
    assert_int_equal(ASK(&s, ATTACH_PT, .fd = device, .argument = IOW_FRONT_UNREADABLE), -25);
    assert_int_equal(ASK(&s, DETACH_PT, .fd = device, .argument = IOW_FRONT_UNREADABLE), -25);
    cdev = open_cdev(&s, NIC);
    sibling = open_cdev(&s, SIBLING);
    assert_int_equal(ASK(&s, ATTACH_PT, .fd = cdev, .argument = IOW_FRONT_UNREADABLE), -22);
    assert_int_equal(ASK(&s, DETACH_PT, .fd = cdev, .argument = IOW_FRONT_UNREADABLE), -22);
    fd = open_iommufd(&s);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(bind_iommufd(&s, sibling, fd), 0);
    assert_int_equal(ASK(&s, NEW_IOAS, .fd = fd), 0);
    assert_int_equal(ASK(&s, NEW_IOAS, .fd = fd), 0);
    assert_int_equal(ASK(&s, ATTACH_PT, .fd = cdev, .number = 9, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(attach_pt(&s, cdev, 3), 0);
    s.front.functions[NIC].conflicts = s.front.functions[SIBLING].conflicts = true;
    assert_int_equal(attach_pt(&s, cdev, 3), 0);
    assert_int_equal(attach_pt(&s, sibling, 4), -22);
    assert_int_equal(attach_pt(&s, cdev, 9), -2);
    assert_int_equal(attach_pt(&s, cdev, 1), -22);
    scene_done(&s);
}

static void a_token_needs_an_open_physical_function_then_an_argument(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device, cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, OTHER);
    cdev = open_cdev(&s, OTHER);
    assert_int_equal(ASK(&s, SET_TOKEN, .fd = cdev), -22);
    user = use(&s, 2);
    device = get_device(&s, user.group, OTHER);
    assert_int_equal(ASK(&s, SET_TOKEN, .fd = device, .argument = IOW_FRONT_MALFORMED), -25);
    scene_done(&s);
}

static void a_reset_looks_in_this_order(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device, cdev;

    (void)state;
    BOTH_KERNELS(&s, IOMMUFD_BUILT)
    {
        bool older = both_release == V6_1;

        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        if (!older) {
            cdev = open_cdev(&s, NIC);
            assert_int_equal(ASK(&s, RESET_INFO, .fd = cdev, .argument = IOW_FRONT_UNREADABLE), -22);
            assert_int_equal(ASK(&s, HOT_RESET, .fd = cdev, .argument = IOW_FRONT_UNREADABLE), -22);
            s.front.functions[NIC].reset_set = IOW_NONE;
            assert_int_equal(ASK(&s, HOT_RESET, .fd = cdev, .number = 1), -22);
        }
        user = use(&s, 2);
        device = get_device(&s, user.group, OTHER);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .number = 1, .fds = {user.group},
                             .argument = IOW_FRONT_MALFORMED),
            -22);
        s.front.functions[GROUPLESS].reset_set = s.front.functions[OTHER].reset_set;
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device, .argument = IOW_FRONT_MALFORMED), -28);
        s.front.functions[OTHER].reset_set = IOW_NONE;
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device, .argument = IOW_FRONT_MALFORMED), -19);
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device), older ? -19 : -22);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .number = 1, .fds = {31}), -19);
    }
}

int order_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_driver_that_is_not_there_comes_before_its_argument),
        cmocka_unit_test(a_function_that_is_not_there_comes_before_its_argument),
        cmocka_unit_test(vfio_denies_looks_at_the_header_then_at_vfs_then_at_the_group),
        cmocka_unit_test(what_is_wrong_is_said_without_waiting),
        cmocka_unit_test(capabilities_come_after_the_group_and_before_the_rest),
        cmocka_unit_test(a_wrong_file_comes_before_a_wrong_argument),
        cmocka_unit_test(privilege_comes_before_a_group_that_is_open),
        cmocka_unit_test(a_bad_container_comes_before_a_group_that_has_one),
        cmocka_unit_test(having_an_iommufd_comes_before_being_dead),
        cmocka_unit_test(a_backend_looks_at_mappings_then_regions_then_interrupts),
        cmocka_unit_test(a_name_is_looked_for_before_its_options_are_read),
        cmocka_unit_test(opening_looks_at_container_and_module_in_the_order_of_the_kernel),
        cmocka_unit_test(by_iommufd_privilege_comes_before_the_module),
        cmocka_unit_test(binding_to_an_iommufd_looks_in_this_order),
        cmocka_unit_test(attaching_looks_in_this_order),
        cmocka_unit_test(a_token_needs_an_open_physical_function_then_an_argument),
        cmocka_unit_test(a_reset_looks_in_this_order),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
