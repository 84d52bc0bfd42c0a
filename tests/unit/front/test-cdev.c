/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of devices: opened, bound to an iommufd, or not. */
#include "scene.h"

static void a_character_device_is_there_until_its_driver_goes(void **state)
{
    struct scene s;
    uint32_t cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    assert_int_equal(ASK(&s, OPEN_CDEV, .function = NIC), -2);
    to_vfio(&s, NIC);
    assert_true(iow_front_see_function(&s.front, NIC).cdev);
    assert_int_equal(iow_front_see_function(&s.front, NIC).open_cdev, 0);
    cdev = open_cdev(&s, NIC);
    (void)open_cdev(&s, NIC);
    assert_int_equal(open_answers(&s, 1), 0);
    assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
    assert_false(iow_front_see_function(&s.front, NIC).cdev);
    assert_int_equal(ASK(&s, OPEN_CDEV, .function = NIC), -2);
    assert_int_equal(close_fd(&s, cdev), 0);
    assert_int_equal(ended(&s), NONE_ENDED);
    assert_int_equal(ASK(&s, EXIT, .process = 0), 0);
    assert_int_equal(ended(&s), 0);
    scene_done(&s);
}

static void a_bound_character_device_closes_the_group_and_the_other_way_round(void **state)
{
    struct scene s;
    uint32_t cdev, fd, group;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    fd = open_iommufd(&s);
    group = open_group(&s, 1);
    assert_int_equal(bind_iommufd(&s, cdev, fd), -16);
    assert_int_equal(close_fd(&s, group), 0);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(try_open_group(&s, 1), -16);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    assert_int_equal(close_fd(&s, cdev), 0);
    assert_int_equal(try_open_group(&s, 1), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    scene_done(&s);
}

static void binding_looks_at_its_argument_then_at_the_file_then_at_the_iommufd(void **state)
{
    struct scene s;
    uint32_t cdev, fd, second, container;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    second = open_cdev(&s, NIC);
    fd = open_iommufd(&s);
    container = open_container(&s);
    assert_int_equal(ASK(&s, BIND_IOMMUFD, .fd = cdev, .to = fd, .argument = IOW_FRONT_UNREADABLE), -14);
    assert_int_equal(ASK(&s, BIND_IOMMUFD, .fd = cdev, .to = fd, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(bind_iommufd(&s, cdev, 31), -9);
    assert_int_equal(bind_iommufd(&s, cdev, container), -77);
    s.front.module_going = true;
    assert_int_equal(bind_iommufd(&s, cdev, fd), -19);
    s.front.module_going = false;
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(bind_iommufd(&s, cdev, fd), -22);
    assert_int_equal(bind_iommufd(&s, second, fd), -22);
    scene_done(&s);
}

static void a_file_that_came_from_the_group_is_not_bound_or_attached(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    user = use(&s, 1);
    device = get_device(&s, user.group, NIC);
    assert_int_equal(bind_iommufd(&s, device, open_iommufd(&s)), -22);
    assert_int_equal(attach_pt(&s, device, 1), -25);
    assert_int_equal(detach_pt(&s, device), -25);
    scene_done(&s);
}

static void nothing_is_done_with_a_device_before_it_is_bound(void **state)
{
    struct scene s;
    uint32_t cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    assert_int_equal(attach_pt(&s, cdev, 1), -22);
    assert_int_equal(detach_pt(&s, cdev), -22);
    assert_int_equal(ASK(&s, MMAP, .fd = cdev), -22);
    assert_int_equal(ASK(&s, SET_TOKEN, .fd = cdev), -22);
    assert_int_equal(ASK(&s, RESET_INFO, .fd = cdev), -22);
    assert_int_equal(ASK(&s, HOT_RESET, .fd = cdev), -22);
    scene_done(&s);
}

/* The driver cannot go, but it is not asked whether it is about to. */
static void a_device_whose_driver_waits_to_go_is_bound_unless_it_would_be_reset(void **state)
{
    struct scene s;
    uint32_t cdev, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    fd = open_iommufd(&s);
    assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
    s.front.functions[NIC].resets = true;
    assert_int_equal(bind_iommufd(&s, cdev, fd), -11);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    s.front.functions[NIC].resets = false;
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(close_fd(&s, cdev), 0);
    assert_int_equal(ended(&s), 0);
    scene_done(&s);
}

static void a_character_device_that_is_not_bound_knows_nothing_else(void **state)
{
    static const enum iow_front_call calls[] = {IOW_FRONT_CALL_SET_CONTAINER, IOW_FRONT_CALL_UNSET_CONTAINER,
        IOW_FRONT_CALL_GET_STATUS, IOW_FRONT_CALL_GET_DEVICE_FD, IOW_FRONT_CALL_SET_IOMMU,
        IOW_FRONT_CALL_NEW_IOAS, IOW_FRONT_CALL_DESTROY_OBJECT, IOW_FRONT_CALL_MAP_INTERRUPTS};
    struct scene s;
    uint32_t cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_int_equal(ask(&s, (struct iow_front_op){.call = calls[i], .fd = cdev}), -22);
    assert_int_equal(bind_iommufd(&s, cdev, open_iommufd(&s)), 0);
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_int_equal(ask(&s, (struct iow_front_op){.call = calls[i], .fd = cdev}), -25);
    scene_done(&s);
}

int cdev_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_device_is_there_until_its_driver_goes),
        cmocka_unit_test(a_bound_character_device_closes_the_group_and_the_other_way_round),
        cmocka_unit_test(binding_looks_at_its_argument_then_at_the_file_then_at_the_iommufd),
        cmocka_unit_test(a_file_that_came_from_the_group_is_not_bound_or_attached),
        cmocka_unit_test(nothing_is_done_with_a_device_before_it_is_bound),
        cmocka_unit_test(a_device_whose_driver_waits_to_go_is_bound_unless_it_would_be_reset),
        cmocka_unit_test(a_character_device_that_is_not_bound_knows_nothing_else),
    };

    return cmocka_run_group_tests_name("cdev", tests, NULL, NULL);
}
