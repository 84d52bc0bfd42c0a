/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFIO's devices: opening them, what keeps them alive, tokens, resets. */
#include "scene.h"

static void a_device_is_opened_by_its_name_and_again(void **state)
{
    struct scene s;
    struct user user;
    uint32_t first, second;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        first = get_device(&s, user.group, NIC);
        second = get_device(&s, user.group, NIC);
        assert_int_equal(close_fd(&s, first), 0);
        assert_int_equal(unset_container(&s, user.group), -16);
        assert_int_equal(close_fd(&s, second), 0);
        assert_int_equal(unset_container(&s, user.group), 0);
    }
}

static void a_name_that_is_no_vfio_device_of_the_group_is_no_such_device(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        to_kernel(&s, SIBLING, PCI_STUB);
        user = use(&s, 1);
        assert_int_equal(ask_device(&s, user.group, SIBLING, 0), -19);
        assert_int_equal(ask_device(&s, user.group, OTHER, 0), -19);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = NIC, .argument = IOW_FRONT_GLUED), -19);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = NIC, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(
            ASK(&s, GET_DEVICE_FD, .fd = user.group, .function = NIC, .argument = IOW_FRONT_UNREADABLE), -14);
    }
}

static void a_device_needs_a_container_with_an_iommu(void **state)
{
    struct scene s;
    uint32_t group, container;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        group = open_group(&s, 1);
        container = open_container(&s);
        assert_int_equal(ask_device(&s, group, NIC, 0), -22);
        assert_int_equal(set_container(&s, group, container), 0);
        assert_int_equal(ask_device(&s, group, NIC, 0), -22);
        assert_int_equal(set_iommu(&s, container), 0);
        assert_int_equal(ask_device(&s, group, NIC, 0), 0);
    }
}

static void a_device_whose_module_goes_or_that_cannot_be_opened_leaves_nothing_behind(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        s.front.module_going = true;
        assert_int_equal(ask_device(&s, user.group, NIC, 0), -19);
        s.front.module_going = false;
        s.front.functions[NIC].open_error = -11;
        assert_int_equal(ask_device(&s, user.group, NIC, 0), -11);
        assert_int_equal(unset_container(&s, user.group), 0);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
    }
}

static void a_device_file_keeps_group_container_and_ownership(void **state)
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
        assert_int_equal(close_fd(&s, user.group), 0);
        assert_int_equal(close_fd(&s, user.container), 0);
        assert_int_equal(open_answers(&s, 1), -16);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(open_answers(&s, 1), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    }
}

static void a_mapping_keeps_the_device_open(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device, bar;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        bar = map(&s, device);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(unset_container(&s, user.group), -16);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, MUNMAP, .fd = bar), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    }
}

static void a_device_that_is_going_is_found_on_6_1_only(void **state)
{
    struct scene s;
    struct user user;
    uint32_t first, second;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        first = get_device(&s, user.group, NIC);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(ask_device(&s, user.group, NIC, 0), both_release == V6_1 ? 0 : -19);
        second = s.answer.value;
        assert_int_equal(close_fd(&s, first), 0);
        if (both_release == V6_1) {
            assert_int_equal(ended(&s), NONE_ENDED);
            assert_int_equal(close_fd(&s, second), 0);
        }
        assert_int_equal(ended(&s), 0);
    }
}

static void a_user_that_ends_lets_all_go(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        (void)map(&s, get_device(&s, user.group, NIC));
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), IOW_FRONT_WAITS);
        assert_int_equal(ASK(&s, EXIT, .process = 0), 0);
        assert_int_equal(ended(&s), 0);
        assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
        assert_false(has_node(&s, 1));
    }
}

static void a_mapping_needs_an_open_device_with_a_bar(void **state)
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
        assert_int_equal(ASK(&s, MMAP, .fd = 31), -9);
        assert_int_equal(ASK(&s, MMAP, .fd = user.group), -19);
        assert_int_equal(ASK(&s, MMAP, .fd = device, .argument = IOW_FRONT_MALFORMED), -22);
        s.front.functions[NIC].no_bar = true;
        assert_int_equal(ASK(&s, MMAP, .fd = device), -22);
        assert_int_equal(ASK(&s, MUNMAP, .fd = device), -22);
    }
}

/* Tokens. */

#define TOKEN 0xbd8d9d2bu
#define WRONG 0x1234u

static void a_vf_of_a_vfio_function_needs_the_token(void **state)
{
    struct scene s;
    struct user pf, vf;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        pf = use(&s, 1);
        vf = use(&s, 3);
        assert_int_equal(ask_device(&s, vf.group, VF1, TOKEN), -13);
        assert_int_equal(ask_device(&s, pf.group, NIC, TOKEN), 0);
        assert_int_equal(ask_device(&s, vf.group, VF1, 0), -13);
        assert_int_equal(ask_device(&s, vf.group, VF1, WRONG), -13);
        assert_int_equal(ask_device(&s, vf.group, VF1, TOKEN), 0);
    }
}

static void a_physical_function_needs_the_token_while_a_vf_is_open(void **state)
{
    struct scene s;
    struct user pf, vf;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        pf = use(&s, 1);
        vf = use(&s, 3);
        assert_int_equal(ask_device(&s, pf.group, NIC, 0), 0);
        device = s.answer.value;
        assert_int_equal(ASK(&s, SET_TOKEN, .fd = device, .token = TOKEN), 0);
        assert_int_equal(ask_device(&s, vf.group, VF1, TOKEN), 0);
        device = s.answer.value;
        assert_int_equal(ask_device(&s, pf.group, NIC, 0), -13);
        assert_int_equal(ask_device(&s, pf.group, NIC, WRONG), -13);
        assert_int_equal(ask_device(&s, pf.group, NIC, TOKEN), 0);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ask_device(&s, pf.group, NIC, WRONG), 0);
        assert_int_equal(ask_device(&s, vf.group, VF1, TOKEN), -13);
    }
}

static void a_token_nobody_asks_for_is_invalid(void **state)
{
    struct scene s;
    struct user user, vf;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 1), 0);
        assert_int_equal(unbind_from(&s, IXGBEVF, VF1), 0);
        to_vfio(&s, VF1);
        vf = use(&s, 3);
        assert_int_equal(ask_device(&s, vf.group, VF1, TOKEN), -22);
        assert_int_equal(ask_device(&s, vf.group, VF1, 0), 0);
        to_vfio(&s, OTHER);
        user = use(&s, 2);
        assert_int_equal(ask_device(&s, user.group, OTHER, TOKEN), -22);
        assert_int_equal(ask_device(&s, user.group, OTHER, 0), 0);
    }
}

static void a_token_is_set_by_a_physical_functions_file_only(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        user = use(&s, 2);
        assert_int_equal(ASK(&s, SET_TOKEN, .fd = get_device(&s, user.group, OTHER), .token = TOKEN), -25);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(ASK(&s, SET_TOKEN, .fd = device, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(ASK(&s, SET_TOKEN, .fd = device, .argument = IOW_FRONT_UNREADABLE), -14);
    }
}

/* Resets. */

#define RESET(s, device, n, ...) ASK(s, HOT_RESET, .fd = device, .number = n, .fds = {__VA_ARGS__})

static void a_reset_covers_every_function_of_the_set(void **state)
{
    struct scene s;
    struct user user, other;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        user = use(&s, 1);
        other = use(&s, 2);
        device = get_device(&s, user.group, NIC);
        assert_int_equal(RESET(&s, device, 1, user.group), -22);
        to_vfio(&s, SIBLING);
        assert_int_equal(RESET(&s, device, 1, other.group), -22);
        assert_int_equal(RESET(&s, device, 1, user.group), 0);
        assert_int_equal(RESET(&s, device, 2, other.group, user.group), 0);
    }
}

static void a_reset_names_as_many_groups_as_there_are_functions_at_most(void **state)
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
        assert_int_equal(RESET(&s, device, 2, user.group, user.group), -22);
        assert_int_equal(RESET(&s, device, 0, 0), -22);
        assert_int_equal(RESET(&s, device, 1, 31), -9);
        assert_int_equal(RESET(&s, device, 1, user.container), -22);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(ASK(&s, HOT_RESET, .fd = device, .argument = IOW_FRONT_MALFORMED), -22);
        assert_int_equal(RESET(&s, device, 1, user.group), 0);
        s.front.functions[OTHER].reset_set = IOW_NONE;
        assert_int_equal(RESET(&s, device, 1, user.group), -19);
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device), -19);
    }
}

static void a_reset_tells_what_it_would_reset(void **state)
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
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device, .argument = IOW_FRONT_UNREADABLE), -14);
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device, .argument = IOW_FRONT_MALFORMED), -28);
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device), 0);
        assert_int_equal(s.answer.value, 2);
        s.front.functions[GROUPLESS].reset_set = s.front.functions[NIC].reset_set;
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device), -1);
    }
}

/* VFIO made one for it. */
static void a_reset_tells_of_functions_that_have_no_group_but_vfios(void **state)
{
    struct scene s;
    uint32_t group, container, device;

    (void)state;
    BOTH_KERNELS(&s, NOIOMMU_ON)
    {
        to_vfio(&s, GROUPLESS);
        assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
        group = s.answer.value;
        container = open_container(&s);
        assert_int_equal(set_container(&s, group, container), 0);
        assert_int_equal(ASK(&s, SET_IOMMU, .fd = container, .number = IOW_FRONT_NOIOMMU_TYPE), 0);
        device = get_device(&s, group, GROUPLESS);
        assert_int_equal(ASK(&s, RESET_INFO, .fd = device), 0);
        assert_int_equal(s.answer.value, 1);
    }
}

static void a_reset_fails_by_any_that_is_part_of_it(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, SIBLING);
        user = use(&s, 1);
        device = get_device(&s, user.group, NIC);
        s.front.functions[SIBLING].reset_error = -25;
        assert_int_equal(RESET(&s, device, 1, user.group), -25);
        assert_int_equal(take_away(&s, SIBLING), 0);
        assert_int_equal(RESET(&s, device, 1, user.group), 0);
    }
}

static void a_reset_waits_for_no_lock_and_may_fail(void **state)
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
        s.front.functions[OTHER].reset_error = -25;
        assert_int_equal(RESET(&s, device, 1, user.group), -25);
        assert_int_equal(unbind_from(&s, VFIO_PCI, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(RESET(&s, device, 1, user.group), -11);
    }
}

static void a_vf_that_shares_its_bus_is_not_reset(void **state)
{
    struct scene s;
    struct user user;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(bind_to(&s, E1000, NIC), 0);
        assert_int_equal(set_vfs(&s, NIC, 2), 0);
        for (uint32_t vf = VF1; vf <= VF2; vf++) {
            assert_int_equal(unbind_from(&s, IXGBEVF, vf), 0);
            to_vfio(&s, vf);
        }
        user = use(&s, 3);
        device = get_device(&s, user.group, VF1);
        assert_int_equal(RESET(&s, device, 2, user.group, open_group(&s, 4)), -22);
    }
}

/* Whoever turns virtual functions on has the lock while somebody else removes. */
static void a_device_that_would_be_reset_is_not_opened_while_its_lock_is_held(void **state)
{
    struct scene s;
    struct user user, other;
    uint32_t device;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        to_vfio(&s, OTHER);
        user = use(&s, 1);
        other = use(&s, 2);
        device = get_device(&s, other.group, OTHER);
        assert_int_equal(take_away(&s, OTHER), IOW_FRONT_WAITS);
        assert_int_equal(set_vfs(&s, NIC, 1), IOW_FRONT_WAITS);
        s.front.functions[NIC].resets = true;
        assert_int_equal(ask_device(&s, user.group, NIC, 0), -11);
        assert_int_equal(close_fd(&s, device), 0);
        assert_int_equal(ask_device(&s, user.group, NIC, 0), 0);
    }
}

int device_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_is_opened_by_its_name_and_again),
        cmocka_unit_test(a_name_that_is_no_vfio_device_of_the_group_is_no_such_device),
        cmocka_unit_test(a_device_needs_a_container_with_an_iommu),
        cmocka_unit_test(a_device_whose_module_goes_or_that_cannot_be_opened_leaves_nothing_behind),
        cmocka_unit_test(a_device_file_keeps_group_container_and_ownership),
        cmocka_unit_test(a_mapping_keeps_the_device_open),
        cmocka_unit_test(a_device_that_is_going_is_found_on_6_1_only),
        cmocka_unit_test(a_user_that_ends_lets_all_go),
        cmocka_unit_test(a_mapping_needs_an_open_device_with_a_bar),
        cmocka_unit_test(a_vf_of_a_vfio_function_needs_the_token),
        cmocka_unit_test(a_physical_function_needs_the_token_while_a_vf_is_open),
        cmocka_unit_test(a_token_nobody_asks_for_is_invalid),
        cmocka_unit_test(a_token_is_set_by_a_physical_functions_file_only),
        cmocka_unit_test(a_reset_covers_every_function_of_the_set),
        cmocka_unit_test(a_reset_names_as_many_groups_as_there_are_functions_at_most),
        cmocka_unit_test(a_reset_tells_what_it_would_reset),
        cmocka_unit_test(a_reset_tells_of_functions_that_have_no_group_but_vfios),
        cmocka_unit_test(a_reset_fails_by_any_that_is_part_of_it),
        cmocka_unit_test(a_reset_waits_for_no_lock_and_may_fail),
        cmocka_unit_test(a_vf_that_shares_its_bus_is_not_reset),
        cmocka_unit_test(a_device_that_would_be_reset_is_not_opened_while_its_lock_is_held),
    };

    return cmocka_run_group_tests_name("device", tests, NULL, NULL);
}
