/* SPDX-License-Identifier: GPL-2.0-or-later */
/* iommufd: groups that have one, and devices that are bound to one by their character device. Linux 6.12
 * only. */
#include "scene.h"

static void there_is_no_iommufd_where_none_is_built(void **state)
{
    struct scene s;
    struct user user;

    (void)state;
    BOTH_KERNELS(&s, both_i ? 0 : IOMMUFD_BUILT)
    {
        to_vfio(&s, NIC);
        user = use(&s, 1);
        assert_int_equal(ASK(&s, OPEN_IOMMUFD, .fd = 0), -2);
        assert_int_equal(ASK(&s, OPEN_CDEV, .function = NIC), -2);
        assert_int_equal(bind_iommufd(&s, get_device(&s, user.group, NIC), user.container), -25);
    }
}

static void a_group_with_an_iommufd_claims_by_its_first_device(void **state)
{
    struct scene s;
    uint32_t group, fd, device;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(set_container(&s, group, fd), -22);
    assert_int_equal(status(&s, group), 3);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    device = get_device(&s, group, NIC);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_TABLE);
    assert_int_equal(close_fd(&s, device), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    scene_done(&s);
}

static void a_group_that_says_viable_may_yet_be_refused(void **state)
{
    struct scene s;
    uint32_t group;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    assert_int_equal(bind_to(&s, E1000, SIBLING), 0);
    group = open_group(&s, 1);
    assert_int_equal(set_container(&s, group, open_iommufd(&s)), 0);
    assert_int_equal(status(&s, group), 3);
    assert_int_equal(ask_device(&s, group, NIC, 0), -1);
    assert_int_equal(s.front.functions[NIC].iommufd, IOW_NONE);
    scene_done(&s);
}

static void an_iommufd_is_taken_from_a_group_with_devices_open(void **state)
{
    struct scene s;
    uint32_t group, fd, container;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    container = open_container(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    (void)get_device(&s, group, NIC);
    assert_int_equal(unset_container(&s, group), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    assert_int_equal(status(&s, group), 0);
    assert_int_equal(ask_device(&s, group, NIC, 0), -22);
    assert_int_equal(set_container(&s, group, container), -1);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(ask_device(&s, group, NIC, 0), 0);
    scene_done(&s);
}

static void a_device_by_iommufd_does_not_keep_the_groups_file(void **state)
{
    struct scene s;
    uint32_t group, device, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, SIBLING);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    device = get_device(&s, group, NIC);
    assert_int_equal(close_fd(&s, group), 0);
    assert_int_equal(open_answers(&s, 1), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    assert_int_equal(bind_iommufd(&s, open_cdev(&s, NIC), fd), -22);
    assert_int_equal(bind_iommufd(&s, open_cdev(&s, SIBLING), fd), 0);
    assert_int_equal(close_fd(&s, device), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    scene_done(&s);
}

static void an_open_or_page_table_that_fails_gives_the_claim_back(void **state)
{
    struct scene s;
    uint32_t group, fd, cdev;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    s.front.functions[NIC].open_error = -11;
    assert_int_equal(ask_device(&s, group, NIC, 0), -11);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    s.front.functions[NIC].open_error = 0;
    s.front.functions[NIC].conflicts = true;
    assert_int_equal(ask_device(&s, group, NIC, 0), -98);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    s.front.functions[NIC].conflicts = false;
    s.front.functions[NIC].attach_error = -12;
    assert_int_equal(ask_device(&s, group, NIC, 0), -12);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    assert_int_equal(close_fd(&s, group), 0);
    cdev = open_cdev(&s, NIC);
    s.front.functions[NIC].open_error = -11;
    assert_int_equal(bind_iommufd(&s, cdev, fd), -11);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    scene_done(&s);
}

static void groups_with_and_without_an_iommu_do_not_share_an_iommufd(void **state)
{
    struct scene s;
    uint32_t group, none, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT | NOIOMMU_ON);
    to_vfio(&s, NIC);
    to_vfio(&s, GROUPLESS);
    group = open_group(&s, 1);
    assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
    none = s.answer.value;
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(set_container(&s, none, fd), -22);
    fd = open_iommufd(&s);
    assert_int_equal(set_container(&s, none, fd), 0);
    assert_int_equal(unset_container(&s, group), 0);
    assert_int_equal(set_container(&s, group, fd), -22);
    s.front.processes[0].no_rawio = true;
    assert_int_equal(ask_device(&s, none, GROUPLESS, 0), -1);
    s.front.processes[0].no_rawio = false;
    assert_int_equal(ask_device(&s, none, GROUPLESS, 0), 0);
    scene_done(&s);
}

/* Character devices. */

static void binding_asks_for_coherence_isolation_and_ownership(void **state)
{
    struct scene s;
    uint32_t cdev, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    cdev = open_cdev(&s, NIC);
    fd = open_iommufd(&s);
    s.front.functions[NIC].not_coherent = true; /* as no driver would let it become */
    assert_int_equal(bind_iommufd(&s, cdev, fd), -22);
    s.front.functions[NIC].not_coherent = false;
    s.front.functions[SIBLING].unsafe_interrupts = true;
    assert_int_equal(bind_iommufd(&s, cdev, fd), -1);
    s.front.unsafe_interrupts = true;
    assert_int_equal(bind_to(&s, E1000, SIBLING), 0);
    assert_int_equal(bind_iommufd(&s, cdev, fd), -1);
    assert_int_equal(unbind_from(&s, E1000, SIBLING), 0);
    assert_int_equal(bind_iommufd(&s, cdev, fd), 0);
    scene_done(&s);
}

static void siblings_are_bound_to_one_iommufd_only(void **state)
{
    struct scene s;
    uint32_t first, second, fd;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    to_vfio(&s, SIBLING);
    first = open_cdev(&s, NIC);
    second = open_cdev(&s, SIBLING);
    fd = open_iommufd(&s);
    assert_int_equal(bind_iommufd(&s, first, fd), 0);
    assert_int_equal(bind_iommufd(&s, second, open_iommufd(&s)), -1);
    assert_int_equal(bind_iommufd(&s, second, fd), 0);
    assert_int_equal(close_fd(&s, first), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_USER);
    assert_int_equal(close_fd(&s, second), 0);
    assert_int_equal(owner_of(&s, 1), IOW_OWNER_NONE);
    scene_done(&s);
}

/* Page tables. */

struct pair {
    uint32_t first, second, fd, pt, other_pt; /* the last two are address spaces */
};

static struct pair bound_pair(struct scene *s)
{
    struct pair pair;

    scene_init(s, V6_12, IOMMUFD_BUILT);
    to_vfio(s, NIC);
    to_vfio(s, SIBLING);
    pair.first = open_cdev(s, NIC);
    pair.second = open_cdev(s, SIBLING);
    pair.fd = open_iommufd(s);
    assert_int_equal(bind_iommufd(s, pair.first, pair.fd), 0);
    assert_int_equal(bind_iommufd(s, pair.second, pair.fd), 0);
    assert_int_equal(ASK(s, NEW_IOAS, .fd = pair.fd), 0);
    pair.pt = s->answer.value;
    assert_int_equal(ASK(s, NEW_IOAS, .fd = pair.fd), 0);
    pair.other_pt = s->answer.value;
    return pair;
}

static void the_first_device_moves_the_whole_group_and_the_last_moves_it_back(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_BLOCKING);
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), 0);
    assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_TABLE);
    assert_int_equal(attach_pt(&s, pair.second, pair.pt), 0);
    assert_int_equal(detach_pt(&s, pair.first), 0);
    assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_TABLE);
    assert_int_equal(detach_pt(&s, pair.second), 0);
    assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_BLOCKING);
    assert_int_equal(detach_pt(&s, pair.second), 0);
    scene_done(&s);
}

static void a_second_device_attaches_to_the_same_page_table_only(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), 0);
    assert_int_equal(attach_pt(&s, pair.second, pair.other_pt), -22);
    assert_int_equal(attach_pt(&s, pair.second, pair.pt), 0);
    assert_int_equal(attach_pt(&s, pair.second, pair.pt), 0);
    scene_done(&s);
}

static void attaching_again_replaces_for_the_whole_group(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), 0);
    assert_int_equal(attach_pt(&s, pair.second, pair.pt), 0);
    assert_int_equal(attach_pt(&s, pair.first, pair.other_pt), 0);
    assert_int_equal(s.front.groups[1].pt, s.answer.value);
    s.front.functions[SIBLING].conflicts = true;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), -98);
    s.front.functions[SIBLING].conflicts = false;
    s.front.functions[SIBLING].attach_error = -12;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), -12);
    assert_int_equal(s.front.groups[1].pt_devices, 2);
    s.front.functions[SIBLING].attach_error = 0;
    assert_int_equal(attach_pt(&s, pair.first, s.front.groups[1].pt), 0);
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), 0);
    scene_done(&s);
}

static void attaching_looks_at_its_argument_and_the_page_table(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(ASK(&s, ATTACH_PT, .fd = pair.first, .argument = IOW_FRONT_UNREADABLE), -14);
    assert_int_equal(ASK(&s, ATTACH_PT, .fd = pair.first, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(ASK(&s, DETACH_PT, .fd = pair.first, .argument = IOW_FRONT_UNREADABLE), -14);
    assert_int_equal(ASK(&s, DETACH_PT, .fd = pair.first, .argument = IOW_FRONT_MALFORMED), -22);
    assert_int_equal(attach_pt(&s, pair.first, 0), -2);
    assert_int_equal(attach_pt(&s, pair.first, 9), -2);
    assert_int_equal(attach_pt(&s, pair.first, s.front.functions[SIBLING].object), -22);
    s.front.functions[NIC].conflicts = true;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), -98);
    assert_int_equal(attach_pt(&s, pair.second, pair.pt), 0);
    scene_done(&s);
}

static void a_page_table_that_cannot_be_attached_leaves_the_group_blocked(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    s.front.functions[SIBLING].attach_error = -12;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), -12);
    assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_BLOCKING);
    assert_int_equal(s.front.groups[1].pt_devices, 0);
    scene_done(&s);
}

static void a_closed_device_is_detached(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(attach_pt(&s, pair.first, pair.pt), 0);
    assert_int_equal(close_fd(&s, pair.first), 0);
    assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_BLOCKING);
    assert_int_equal(close_fd(&s, pair.fd), 0);
    assert_int_equal(close_fd(&s, pair.second), 0);
    assert_int_equal(s.front.functions[SIBLING].domain.kind, IOW_KIND_DEFAULT);
    scene_done(&s);
}

/* A reset by a character device names no groups: who shares the iommufd, by itself or by its group, is
 * covered. */
static void a_reset_covers_what_shares_the_iommufd(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(ASK(&s, HOT_RESET, .fd = pair.first, .number = 1), -22);
    assert_int_equal(ASK(&s, HOT_RESET, .fd = pair.first), 0);
    assert_int_equal(close_fd(&s, pair.second), 0);
    assert_int_equal(ASK(&s, HOT_RESET, .fd = pair.first), 0);
    to_vfio(&s, OTHER);
    s.front.functions[OTHER].reset_set = s.front.functions[NIC].reset_set;
    assert_int_equal(ASK(&s, HOT_RESET, .fd = pair.first), -22);
    s.front.functions[GROUPLESS].reset_set = s.front.functions[NIC].reset_set;
    assert_int_equal(ASK(&s, RESET_INFO, .fd = pair.first), 0);
    scene_done(&s);
}

static uint32_t told_of_a_reset(struct scene *s, uint32_t cdev)
{
    assert_int_equal(ASK(s, RESET_INFO, .fd = cdev), 0);
    return s->answer.value;
}

static void a_bound_device_is_told_whether_all_that_is_reset_is_its_iommufds(void **state)
{
    struct scene s;
    struct pair pair = bound_pair(&s);

    (void)state;
    assert_int_equal(told_of_a_reset(&s, pair.first), 2 | IOW_FRONT_RESET_BY_ID | IOW_FRONT_RESET_OWNED);
    assert_int_equal(close_fd(&s, pair.second), 0);
    assert_int_equal(told_of_a_reset(&s, pair.first), 2 | IOW_FRONT_RESET_BY_ID | IOW_FRONT_RESET_OWNED);
    assert_int_equal(unbind_from(&s, VFIO_PCI, SIBLING), 0);
    assert_int_equal(told_of_a_reset(&s, pair.first), 2 | IOW_FRONT_RESET_BY_ID);
    s.front.functions[OTHER].reset_set = s.front.functions[NIC].reset_set;
    to_vfio(&s, SIBLING);
    to_vfio(&s, OTHER);
    assert_int_equal(told_of_a_reset(&s, pair.first), 3 | IOW_FRONT_RESET_BY_ID);
    scene_done(&s);
}

/* An iommufd answers the container's call. */
static void an_iommufd_has_an_iommu_when_a_group_has_joined(void **state)
{
    struct scene s;
    uint32_t group, none, fd, second;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT | NOIOMMU_ON);
    to_vfio(&s, NIC);
    to_vfio(&s, GROUPLESS);
    group = open_group(&s, 1);
    fd = open_iommufd(&s);
    assert_int_equal(ASK(&s, SET_IOMMU, .fd = fd, .number = 77), -22);
    assert_int_equal(ASK(&s, SET_IOMMU, .fd = fd, .number = IOW_FRONT_NOIOMMU_TYPE), -22);
    assert_int_equal(set_iommu(&s, fd), -19);
    assert_int_equal(set_container(&s, group, fd), 0);
    assert_int_equal(set_iommu(&s, fd), 0);
    assert_int_equal(set_iommu(&s, fd), 0);
    assert_int_equal(ASK(&s, OPEN_GROUP, .group = IOW_NONE, .function = GROUPLESS), 0);
    none = s.answer.value;
    second = open_iommufd(&s);
    assert_int_equal(set_container(&s, none, second), 0);
    assert_int_equal(set_iommu(&s, second), -22);
    assert_int_equal(ASK(&s, SET_IOMMU, .fd = second, .number = IOW_FRONT_NOIOMMU_TYPE), 0);
    s.front.processes[0].no_rawio = true;
    assert_int_equal(ASK(&s, SET_IOMMU, .fd = second, .number = IOW_FRONT_NOIOMMU_TYPE), -1);
    scene_done(&s);
}

int iommufd_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_no_iommufd_where_none_is_built),
        cmocka_unit_test(a_group_with_an_iommufd_claims_by_its_first_device),
        cmocka_unit_test(a_group_that_says_viable_may_yet_be_refused),
        cmocka_unit_test(an_iommufd_is_taken_from_a_group_with_devices_open),
        cmocka_unit_test(a_device_by_iommufd_does_not_keep_the_groups_file),
        cmocka_unit_test(an_open_or_page_table_that_fails_gives_the_claim_back),
        cmocka_unit_test(groups_with_and_without_an_iommu_do_not_share_an_iommufd),
        cmocka_unit_test(binding_asks_for_coherence_isolation_and_ownership),
        cmocka_unit_test(siblings_are_bound_to_one_iommufd_only),
        cmocka_unit_test(the_first_device_moves_the_whole_group_and_the_last_moves_it_back),
        cmocka_unit_test(a_second_device_attaches_to_the_same_page_table_only),
        cmocka_unit_test(attaching_again_replaces_for_the_whole_group),
        cmocka_unit_test(attaching_looks_at_its_argument_and_the_page_table),
        cmocka_unit_test(a_page_table_that_cannot_be_attached_leaves_the_group_blocked),
        cmocka_unit_test(a_closed_device_is_detached),
        cmocka_unit_test(a_reset_covers_what_shares_the_iommufd),
        cmocka_unit_test(a_bound_device_is_told_whether_all_that_is_reset_is_its_iommufds),
        cmocka_unit_test(an_iommufd_has_an_iommu_when_a_group_has_joined),
    };

    return cmocka_run_group_tests_name("iommufd", tests, NULL, NULL);
}
