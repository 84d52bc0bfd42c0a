/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Descriptors: duplicated, passed, inherited; the last one closes. */
#include "scene.h"

static void a_duplicate_keeps_the_file_open(void **state)
{
    struct scene s;
    uint32_t group, second;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        assert_int_equal(ASK(&s, DUP, .fd = group), 0);
        second = s.answer.value;
        assert_int_equal(close_fd(&s, group), 0);
        assert_int_equal(close_fd(&s, group), -9);
        assert_int_equal(open_answers(&s, 1), -16);
        assert_int_equal(status(&s, second), 1);
        assert_int_equal(close_fd(&s, second), 0);
        assert_int_equal(open_answers(&s, 1), 0);
        assert_int_equal(ASK(&s, DUP, .fd = 31), -9);
    }
}

static void a_passed_file_is_as_good_as_the_senders(void **state)
{
    struct scene s;
    struct user user;
    uint32_t child;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        child = fork_process(&s);
        to_vfio(&s, NIC);
        user = use(&s, 1);
        assert_int_equal(ASK(&s, PASS, .fd = 31, .to = child), -9);
        assert_int_equal(ASK(&s, PASS, .fd = user.group, .to = 3), -3);
        assert_int_equal(ASK(&s, PASS, .fd = user.group, .to = child), 0);
        user.group = s.answer.value;
        assert_int_equal(ASK(&s, GET_STATUS, .fd = user.group), -9);
        assert_int_equal(ASK(&s, GET_STATUS, .fd = user.group, .process = child), 0);
        assert_int_equal(ASK(&s, EXIT, .process = 0), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(ASK(&s, EXIT, .process = child), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_int_equal(ASK(&s, EXIT, .process = child), -3);
    }
}

static void a_child_has_files_and_mappings_of_its_parent(void **state)
{
    struct scene s;
    struct user user;
    uint32_t child;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        (void)map(&s, get_device(&s, user.group, NIC));
        child = fork_process(&s);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, EXIT, .process = 0), 0);
        assert_int_equal(ended(&s), NONE_ENDED);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(ASK(&s, EXIT, .process = child), 0);
        assert_int_equal(ended(&s), 0);
    }
}

static void descriptors_files_and_processes_run_out(void **state)
{
    struct scene s;
    struct user user;
    uint32_t fd, device;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, OTHER);
    user = use(&s, 1);
    device = get_device(&s, user.group, NIC);
    fd = user.container;
    while (ASK(&s, DUP, .fd = fd) == 0)
        ;
    assert_int_equal(s.answer.code, -24);
    assert_int_equal(ASK(&s, PASS, .fd = fd, .to = 0), -24);
    assert_int_equal(ASK(&s, MMAP, .fd = device), -12);
    assert_int_equal(ASK(&s, OPEN_CONTAINER, .fd = 0), -24);
    assert_int_equal(ASK(&s, OPEN_IOMMUFD, .fd = 0), -24);
    assert_int_equal(ASK(&s, OPEN_CDEV, .function = NIC), -24);
    assert_int_equal(try_open_group(&s, 2), -24);
    assert_int_equal(ask_device(&s, user.group, NIC, 0), -24);
    assert_int_equal(ASK(&s, FORK, .fd = 0), -24);
    assert_int_equal(s.front.processes[1].alive, false);
    scene_done(&s);

    scene_init(&s, V6_12, IOMMUFD_BUILT);
    while (ASK(&s, OPEN_CONTAINER, .fd = 0) == 0)
        ;
    assert_int_equal(s.answer.code, -23);
    assert_int_equal(ASK(&s, OPEN_IOMMUFD, .fd = 0), -23);
    scene_done(&s);

    scene_init(&s, V6_12, IOMMUFD_BUILT);
    while (ASK(&s, OPEN_IOMMUFD, .fd = 0) == 0)
        ;
    assert_int_equal(s.answer.code, -23);
    scene_done(&s);

    scene_init(&s, V6_12, IOMMUFD_BUILT);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ASK(&s, FORK, .fd = 0), 0);
    assert_int_equal(ASK(&s, FORK, .fd = 0), -11);
    scene_done(&s);
}

int file_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_duplicate_keeps_the_file_open),
        cmocka_unit_test(a_passed_file_is_as_good_as_the_senders),
        cmocka_unit_test(a_child_has_files_and_mappings_of_its_parent),
        cmocka_unit_test(descriptors_files_and_processes_run_out),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
