/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of an iommufd and their numbers: what they are, and who may destroy them when. */
#include "scene.h"

static uint32_t new_ioas(struct scene *s, uint32_t fd)
{
    assert_int_equal(ASK(s, NEW_IOAS, .fd = fd), 0);
    return s->answer.value;
}

static int destroy(struct scene *s, uint32_t fd, uint32_t number)
{
    return ASK(s, DESTROY_OBJECT, .fd = fd, .number = number);
}

static void each_has_the_lowest_number_that_is_free(void **state)
{
    struct scene s;
    uint32_t fd, cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    fd = open_iommufd(&s);
    cdev = open_cdev(&s, NIC);
    assert_int_equal(new_ioas(&s, fd), 1);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(s.answer.value, 2);
    assert_int_equal(new_ioas(&s, fd), 3);
    assert_int_equal(attach_pt(&s, cdev, 1), 0);
    assert_int_equal(s.answer.value, 4);
    assert_int_equal(attach_pt(&s, cdev, 3), 0);
    assert_int_equal(s.answer.value, 5);
    assert_int_equal(destroy(&s, fd, 1), 0);
    assert_int_equal(new_ioas(&s, fd), 1);
    assert_int_equal(new_ioas(&s, fd), 4);
    assert_int_equal(new_ioas(&s, open_iommufd(&s)), 1);
    assert_int_equal(close_fd(&s, cdev), 0);
    assert_int_equal(new_ioas(&s, fd), 2);
    assert_int_equal(new_ioas(&s, fd), 5);
    scene_done(&s);
}

static void what_is_used_is_not_destroyed(void **state)
{
    struct scene s;
    uint32_t fd, cdev, space, table;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    fd = open_iommufd(&s);
    cdev = open_cdev(&s, NIC);
    assert_int_equal(destroy(&s, fd, 0), -2);
    assert_int_equal(destroy(&s, fd, 1), -2);
    space = new_ioas(&s, fd);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(destroy(&s, fd, s.answer.value), -16);
    assert_int_equal(attach_pt(&s, cdev, space), 0);
    table = s.answer.value;
    assert_int_equal(destroy(&s, fd, space), -16);
    assert_int_equal(destroy(&s, fd, table), -16);
    assert_int_equal(attach_pt(&s, cdev, table), 0);
    assert_int_equal(detach_pt(&s, cdev), 0);
    assert_int_equal(destroy(&s, fd, table), -2);
    assert_int_equal(destroy(&s, fd, space), 0);
    assert_int_equal(attach_pt(&s, cdev, space), -2);
    scene_done(&s);
}

static void devices_share_the_table_of_their_address_space(void **state)
{
    struct scene s;
    uint32_t fd, one, other, space, table;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, OTHER);
    fd = open_iommufd(&s);
    one = open_cdev(&s, NIC);
    other = open_cdev(&s, OTHER);
    space = new_ioas(&s, fd);
    assert_int_equal(bind_iommufd(&s, one, fd), 0);
    assert_int_equal(bind_iommufd(&s, other, fd), 0);
    assert_int_equal(attach_pt(&s, one, space), 0);
    table = s.answer.value;
    assert_int_equal(attach_pt(&s, other, space), 0);
    assert_int_equal(s.answer.value, table);
    assert_int_equal(close_fd(&s, one), 0);
    assert_int_equal(attach_pt(&s, other, table), 0);
    assert_int_equal(attach_pt(&s, other, new_ioas(&s, fd)), 0);
    assert_int_not_equal(s.answer.value, table);
    assert_int_equal(destroy(&s, fd, table), -2);
    scene_done(&s);
}

/* Whoever destroys the address space for groups leaves them without, until another group joins. */
static void without_the_address_space_for_groups_no_device_is_opened(void **state)
{
    struct scene s;
    uint32_t fd, group;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    fd = open_iommufd(&s);
    group = open_group(&s, 1);
    assert_int_equal(new_ioas(&s, fd), 1);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(destroy(&s, fd, 1), 0);
    assert_int_equal(ask_device(&s, group, NIC, 0), 0);
    assert_int_equal(close_fd(&s, s.answer.value), 0);
    assert_int_equal(destroy(&s, fd, 2), 0);
    assert_int_equal(ask_device(&s, group, NIC, 0), -19);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    assert_int_equal(unset_container(&s, group), 0);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(ask_device(&s, group, NIC, 0), 0);
    scene_done(&s);
}

static void an_iommufd_looks_at_the_argument_first(void **state)
{
    static const enum iow_front_call calls[] = {
        IOW_FRONT_CALL_NEW_IOAS, IOW_FRONT_CALL_DESTROY_OBJECT, IOW_FRONT_CALL_MAP_INTERRUPTS};
    struct scene s;
    uint32_t fd, group, naked;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    fd = open_iommufd(&s);
    group = open_group(&s, 1);
    naked = open_container(&s);
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct iow_front_op op = {.call = calls[i], .fd = fd, .argument = IOW_FRONT_UNREADABLE};

        assert_int_equal(ask(&s, op), -14);
        op.argument = IOW_FRONT_MALFORMED;
        assert_int_equal(ask(&s, op), -22);
        op.fd = naked;
        assert_int_equal(ask(&s, op), -22);
        op.fd = group;
        assert_int_equal(ask(&s, op), -25);
        op.fd = 31;
        assert_int_equal(ask(&s, op), -9);
    }
    scene_done(&s);
}

static int map_interrupts(struct scene *s, uint32_t fd, uint32_t number)
{
    return ASK(s, MAP_INTERRUPTS, .fd = fd, .number = number);
}

static void no_device_is_attached_where_its_interrupts_would_not_pass(void **state)
{
    struct scene s;
    uint32_t fd, cdev, space, other;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    fd = open_iommufd(&s);
    cdev = open_cdev(&s, NIC);
    space = new_ioas(&s, fd);
    other = new_ioas(&s, fd);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(map_interrupts(&s, fd, s.answer.value), -2);
    assert_int_equal(map_interrupts(&s, fd, other), 0);
    assert_int_equal(map_interrupts(&s, fd, other), -17);
    assert_int_equal(attach_pt(&s, cdev, other), -98);
    assert_int_equal(attach_pt(&s, cdev, space), 0);
    assert_int_equal(map_interrupts(&s, fd, space), -22);
    assert_int_equal(attach_pt(&s, cdev, other), -98);
    assert_int_equal(destroy(&s, fd, other), 0);
    assert_int_equal(attach_pt(&s, cdev, new_ioas(&s, fd)), 0);
    scene_done(&s);
}

static void objects_run_out(void **state)
{
    struct scene s;
    uint32_t fd, group, cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, OTHER);
    fd = open_iommufd(&s);
    cdev = open_cdev(&s, OTHER);
    group = open_group(&s, 1);
    while (ASK(&s, NEW_IOAS, .fd = fd) == 0)
        ;
    assert_int_equal(s.answer.code, -12);
    assert_int_equal(set_container(&s, group, fd), -12);
    assert_int_equal(bind_iommufd(&s, cdev, fd), -12);
    assert_int_equal(owner_of(&s, 2), IOW_OWNER_NONE);
    assert_int_equal(destroy(&s, fd, 9), 0);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    assert_int_equal(attach_pt(&s, cdev, 1), -12);
    assert_int_equal(destroy(&s, fd, 8), 0);
    assert_int_equal(attach_pt(&s, cdev, 1), 0);
    assert_int_equal(attach_pt(&s, cdev, 2), -12);
    scene_done(&s);
}

int object_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_the_lowest_number_that_is_free),
        cmocka_unit_test(what_is_used_is_not_destroyed),
        cmocka_unit_test(devices_share_the_table_of_their_address_space),
        cmocka_unit_test(without_the_address_space_for_groups_no_device_is_opened),
        cmocka_unit_test(an_iommufd_looks_at_the_argument_first),
        cmocka_unit_test(no_device_is_attached_where_its_interrupts_would_not_pass),
        cmocka_unit_test(objects_run_out),
    };

    return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
