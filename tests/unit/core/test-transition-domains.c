/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains attached, detached and replaced. Source: Linux 6.1 and 6.12, iommu_attach_group() and those
 * beside it. */
#include "kernel-tests.h"
#include "transitions.h"

#define TABLE .domain = IOW_KIND_TABLE
#define IDENTITY .domain = IOW_KIND_IDENTITY
#define ALONE .members = 1

static void an_owner_attaches_a_page_table(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE), TABLE, attached_group(7, 1));
    MOVES_ALL(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE), TABLE,
        attached_group(7, 1));
    MOVES_ALL(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, IDENTITY), IDENTITY,
        of_kind(attached_group(7, 1), IOW_KIND_IDENTITY));
}

static void attaching_does_not_ask_who_owns(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 8, TABLE), TABLE, attached_group(7, 1));
    MOVES_ALL(ON_BOTH, unused_group(), ASK(ATTACH_GROUP, .tag = 8, TABLE), TABLE, stray_group());
    MOVES_ALL(ON_BOTH, kernel_group(2), ASK(ATTACH_GROUP, TABLE), TABLE, private_group(2));
    MOVES_ALL(ON_BOTH, leaked_group(7), ASK(ATTACH_GROUP, .tag = 8, TABLE), TABLE,
        of_kind(leaked_group(7), IOW_KIND_TABLE));
}

static void a_group_away_from_its_own_domains_is_not_attached_again(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, attached_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE), EBUSY, ATTACH_AWAY);
    REFUSED(ON_BOTH, private_group(1), ASK(ATTACH_GROUP, TABLE), EBUSY, ATTACH_AWAY);
    REFUSED(ON_BOTH, stray_group(), ASK(ATTACH_GROUP, TABLE), EBUSY, ATTACH_AWAY);
    REFUSED(ON_BOTH, attached_group(7, 1), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE), EBUSY, ATTACH_AWAY);
    REFUSED(ON_BOTH, of_kind(attached_group(7, 1), IOW_KIND_IDENTITY), ASK(ATTACH_GROUP, .tag = 7, TABLE),
        EBUSY, ATTACH_AWAY);
    expect_evidence(ON_BOTH, stray_group(), ASK(ATTACH_GROUP, TABLE), IOW_KIND_TABLE, IOW_KIND_DEFAULT);
}

static void a_domain_of_another_iommu_is_refused_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE, .other_iommu = true), EINVAL,
        OTHER_IOMMU);
    REFUSED(ON_6_12, blocked_group(7, 1), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE, .other_iommu = true),
        EINVAL, OTHER_IOMMU);
}

static void a_domain_of_another_iommu_is_left_to_the_driver_on_6_1(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_1, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE, .other_iommu = true), TABLE,
        attached_group(7, 1));
}

static void being_away_comes_before_another_iommu_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, attached_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE, .other_iommu = true), EBUSY,
        ATTACH_AWAY);
}

static void a_device_is_attached_only_alone_in_its_group(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, unused_group(), ASK(ATTACH_DEVICE, .tag = 7, TABLE, .members = 2), EINVAL, NOT_ALONE);
    REFUSED(ON_EVERY, unused_group(), ASK(ATTACH_DEVICE, .tag = 7, TABLE, .members = 30), EINVAL, NOT_ALONE);
    REFUSED(
        ON_BOTH, attached_group(7, 1), ASK(ATTACH_DEVICE, .tag = 7, TABLE, .members = 2), EINVAL, NOT_ALONE);
    expect_evidence(ON_EVERY, unused_group(), ASK(ATTACH_DEVICE, .tag = 7, TABLE, .members = 2), 2, 1);
}

static void a_device_without_a_group_is_not_attached(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, 0, ASK(ATTACH_DEVICE, TABLE, .outside = true), ENODEV, NO_GROUP);
    REFUSED(ON_EVERY, 0, ASK(ATTACH_GROUP, TABLE, .outside = true), ENODEV, NO_GROUP);
}

static void a_lone_driver_attaches_a_domain_of_its_own(void **state)
{
    (void)state;
    MOVES_ALL(ON_EVERY, kernel_group(1), ASK(ATTACH_DEVICE, TABLE, ALONE, .asker_counted = true), TABLE,
        private_group(1));
}

static void an_attach_that_fails_is_undone(void **state)
{
    (void)state;
    FAILS(
        ON_6_12, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE), REVERT, blocked_group(7, 1), SAID);
    FAILS(ON_6_1, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, TABLE), REVERT_ALL, blocked_group(7, 1),
        SAID);
    FAILS(ON_6_12, kernel_group(1), ASK(ATTACH_DEVICE, TABLE, ALONE), REVERT, kernel_group(1), SAID);
    FAILS(ON_6_1, kernel_group(1), ASK(ATTACH_DEVICE, TABLE, ALONE), REVERT_ALL, kernel_group(1), SAID);
    FAILS(ON_6_12, attached_group(7, 1), ASK(REPLACE, .tag = 7, TABLE), REVERT, attached_group(7, 1), SAID);
}

static void a_detached_group_stays_blocked_while_it_is_owned(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, attached_group(7, 1), ASK(DETACH_GROUP, .tag = 7), BLOCKING, blocked_group(7, 1));
    MOVES_ALL(
        ON_BOTH, attached_group(7, 1), ASK(DETACH_DEVICE, .tag = 7, ALONE), BLOCKING, blocked_group(7, 1));
    MOVES_ALL(
        ON_BOTH, of_kind(leaked_group(7), IOW_KIND_TABLE), ASK(DETACH_GROUP), BLOCKING, leaked_group(7));
    MOVES_ALL(ON_BOTH, attached_group(7, 1), ASK(DETACH_GROUP, .tag = 8), BLOCKING, blocked_group(7, 1));
}

static void a_detached_group_returns_to_the_default_domain_when_nobody_owns_it(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, private_group(1), ASK(DETACH_GROUP), DEFAULT, kernel_group(1));
    MOVES_ALL(ON_BOTH, private_group(1), ASK(DETACH_DEVICE, ALONE), DEFAULT, kernel_group(1));
    MOVES_ALL(ON_BOTH, stray_group(), ASK(DETACH_GROUP), DEFAULT, unused_group());
}

static void detaching_what_is_not_attached_moves_nothing(void **state)
{
    (void)state;
    UNCHANGED(ON_BOTH, unused_group(), ASK(DETACH_GROUP));
    UNCHANGED(ON_BOTH, kernel_group(1), ASK(DETACH_GROUP));
    UNCHANGED(ON_BOTH, blocked_group(7, 1), ASK(DETACH_GROUP, .tag = 7));
}

static void a_device_is_detached_only_from_the_domain_that_is_attached(void **state)
{
    (void)state;
    WARNED(ON_BOTH, kernel_group(1), ASK(DETACH_DEVICE, ALONE, .not_attached = true), DETACH_OTHER);
    WARNED(ON_BOTH, blocked_group(7, 1), ASK(DETACH_DEVICE, .tag = 7, ALONE, .not_attached = true),
        DETACH_OTHER);
    WARNED(ON_BOTH, unused_group(), ASK(DETACH_DEVICE, .members = 2, .not_attached = true), DETACH_OTHER);
    UNCHANGED(ON_BOTH, 0, ASK(DETACH_DEVICE, .outside = true, .not_attached = true));
}

static void a_detach_that_fails_goes_on_on_6_12(void **state)
{
    (void)state;
    FAILS(ON_6_12, attached_group(7, 1), ASK(DETACH_GROUP, .tag = 7), FORCE, 0, UNSAID);
}

static void a_detach_that_fails_stops_there_on_6_1(void **state)
{
    (void)state;
    FAILS(ON_6_1, attached_group(7, 1), ASK(DETACH_GROUP, .tag = 7), LEAVE, attached_group(7, 1), UNSAID);
}

static void a_device_is_detached_only_alone_in_its_group(void **state)
{
    (void)state;
    WARNED(ON_BOTH, attached_group(7, 1), ASK(DETACH_DEVICE, .tag = 7, .members = 2), DETACH_NOT_ALONE);
}

static void a_device_without_a_group_is_detached_in_silence(void **state)
{
    (void)state;
    UNCHANGED(ON_BOTH, 0, ASK(DETACH_DEVICE, .outside = true));
    REFUSED(PURE, 0, ASK(DETACH_DEVICE, .outside = true), ENODEV, NO_GROUP);
    REFUSED(ON_EVERY, 0, ASK(DETACH_GROUP, .outside = true), ENODEV, NO_GROUP);
}

static void domains_are_not_replaced_on_6_1(void **state)
{
    (void)state;
    REFUSED(ON_6_1, attached_group(7, 1), ASK(REPLACE, .tag = 7, TABLE), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(ON_6_1, 0, ASK(REPLACE, TABLE, .outside = true), EOPNOTSUPP, UNSUPPORTED);
}

static void a_domain_is_replaced_in_every_state_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, attached_group(7, 1), ASK(REPLACE, .tag = 7, TABLE), TABLE, attached_group(7, 1));
    MOVES_ALL(ON_6_12, blocked_group(7, 2), ASK(REPLACE, .tag = 7, TABLE), TABLE, attached_group(7, 2));
    MOVES_ALL(ON_6_12, attached_group(7, 1), ASK(REPLACE, .tag = 8, IDENTITY), IDENTITY,
        of_kind(attached_group(7, 1), IOW_KIND_IDENTITY));
    MOVES_ALL(ON_6_12, unused_group(), ASK(REPLACE, TABLE), TABLE, stray_group());
    MOVES_ALL(ON_6_12, kernel_group(1), ASK(REPLACE, TABLE), TABLE, private_group(1));
    MOVES_ALL(ON_6_12, private_group(1), ASK(REPLACE, TABLE, .other_iommu = true), TABLE, private_group(1));
}

static void a_domain_is_not_replaced_by_none_on_6_12(void **state)
{
    (void)state;
    REFUSED(
        ON_6_12, attached_group(7, 1), ASK(REPLACE, .tag = 7, .domain = IOW_KIND_DEFAULT), EINVAL, NO_DOMAIN);
    REFUSED(ON_6_12, attached_group(7, 1), ASK(REPLACE, .tag = 7, .domain = IOW_KIND_BLOCKING), EINVAL,
        NO_DOMAIN);
}

static void there_are_no_pasids_on_6_1(void **state)
{
    (void)state;
    REFUSED(ON_6_1, attached_group(7, 1), ASK(ATTACH_PASID, .tag = 7), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(ON_6_1, 0, ASK(ATTACH_PASID, .outside = true), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(ON_6_1, attached_group(7, 1), ASK(DETACH_PASID, .tag = 7), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(ON_6_1, 0, ASK(DETACH_PASID, .outside = true), EOPNOTSUPP, UNSUPPORTED);
}

static void a_pasid_is_attached_in_every_state_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, kernel_group(1), ASK(ATTACH_PASID), with_pasids(kernel_group(1), 1));
    BECOMES(ON_6_12, attached_group(7, 1), ASK(ATTACH_PASID, .tag = 7), with_pasids(attached_group(7, 1), 1));
    BECOMES(ON_6_12, with_pasids(unused_group(), 4), ASK(ATTACH_PASID), with_pasids(unused_group(), 5));
}

static void a_pasid_needs_a_group_and_a_domain_of_its_iommu_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, 0, ASK(ATTACH_PASID, .outside = true, .other_iommu = true), ENODEV, NO_GROUP);
    REFUSED(ON_6_12, kernel_group(1), ASK(ATTACH_PASID, .other_iommu = true), EINVAL, OTHER_IOMMU);
    REFUSED(ON_6_12, 0, ASK(DETACH_PASID, .outside = true), ENODEV, NO_GROUP);
}

static void a_pasid_is_detached_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, with_pasids(kernel_group(1), 1), ASK(DETACH_PASID), kernel_group(1));
    BECOMES(ON_6_12, with_pasids(attached_group(7, 1), 3), ASK(DETACH_PASID, .tag = 7),
        with_pasids(attached_group(7, 1), 2));
}

static void the_domains_of_the_kernel_itself_are_not_attached(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, .domain = IOW_KIND_DEFAULT), EINVAL,
        NO_DOMAIN);
    REFUSED(ON_BOTH, attached_group(7, 1), ASK(ATTACH_GROUP, .tag = 7, .domain = IOW_KIND_BLOCKING), EINVAL,
        NO_DOMAIN);
    REFUSED(ON_BOTH, blocked_group(7, 1), ASK(ATTACH_DEVICE, .tag = 7, ALONE), EINVAL, NO_DOMAIN);
}

static void a_pasid_too_many_to_count_is_refused(void **state)
{
    uint64_t full = with_pasids(attached_group(7, 0), 255);

    (void)state;
    REFUSED(PURE, full, ASK(ATTACH_PASID, .tag = 7), E2BIG, TOO_MANY);
    REFUSED(ON_6_12, with_pasids(kernel_group(1), 255), ASK(ATTACH_PASID), E2BIG, TOO_MANY);
    REFUSED(PURE, full, ASK(ATTACH_PASID, .tag = 8), EPERM, OTHER_OWNER);
    expect_evidence(PURE, full, ASK(ATTACH_PASID, .tag = 7), 255, 0);
}

static void a_pasid_that_is_not_attached_is_not_detached(void **state)
{
    (void)state;
    REFUSED(PURE | ON_6_12, kernel_group(1), ASK(DETACH_PASID), EINVAL, NO_PASID);
    REFUSED(PURE, attached_group(7, 0), ASK(DETACH_PASID, .tag = 8), EINVAL, NO_PASID);
}

/* The pure profile, where attaching is the claim. */

static void pure_gives_a_free_group_to_whoever_attaches(void **state)
{
    (void)state;
    MOVES_ALL(PURE, unused_group(), ASK(ATTACH_GROUP, .tag = 7, TABLE), TABLE, attached_group(7, 0));
    MOVES_ALL(PURE, unused_group(), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE), TABLE, attached_group(7, 0));
    MOVES_ALL(PURE, unused_group(), ASK(ATTACH_GROUP, .tag = 7, .domain = IOW_KIND_BLOCKING), BLOCKING,
        blocked_group(7, 0));
    FAILS(PURE, unused_group(), ASK(ATTACH_GROUP, .tag = 7, TABLE), REVERT, unused_group(), SAID);
}

static void pure_lets_an_owner_attach_again_and_nobody_else(void **state)
{
    (void)state;
    MOVES_ALL(PURE, blocked_group(7, 0), ASK(ATTACH_GROUP, .tag = 7, TABLE), TABLE, attached_group(7, 0));
    MOVES_ALL(PURE, attached_group(7, 0), ASK(ATTACH_DEVICE, .tag = 7, IDENTITY, ALONE), IDENTITY,
        of_kind(attached_group(7, 0), IOW_KIND_IDENTITY));
    REFUSED(PURE, attached_group(7, 0), ASK(ATTACH_GROUP, .tag = 8, TABLE), EBUSY, OTHER_OWNER);
    REFUSED(PURE, blocked_group(7, 0), ASK(ATTACH_DEVICE, .tag = 8, TABLE, ALONE), EBUSY, OTHER_OWNER);
    expect_evidence(PURE, blocked_group(7, 0), ASK(ATTACH_GROUP, .tag = 8, TABLE), 7, 8);
}

static void pure_refuses_to_attach_over_drivers(void **state)
{
    (void)state;
    REFUSED(PURE, kernel_group(1), ASK(ATTACH_GROUP, .tag = 7, TABLE), EBUSY, ATTACH_DRIVERS);
    REFUSED(PURE, kernel_group(1), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE), EBUSY, ATTACH_DRIVERS);
    REFUSED(PURE, private_group(1), ASK(ATTACH_GROUP, .tag = 7, TABLE), EBUSY, ATTACH_DRIVERS);
    REFUSED(PURE, kernel_group(2), ASK(ATTACH_GROUP, TABLE, .asker_counted = true), EBUSY, ATTACH_DRIVERS);
    expect_evidence(PURE, kernel_group(2), ASK(ATTACH_GROUP, .tag = 7, TABLE), 2, 0);
}

static void pure_lets_the_one_driver_attach_its_own_domain(void **state)
{
    (void)state;
    MOVES_ALL(
        PURE, kernel_group(1), ASK(ATTACH_GROUP, TABLE, .asker_counted = true), TABLE, private_group(1));
    MOVES_ALL(PURE, private_group(1), ASK(ATTACH_DEVICE, IDENTITY, ALONE, .asker_counted = true), IDENTITY,
        of_kind(private_group(1), IOW_KIND_IDENTITY));
}

static void pure_lets_nobody_attach_nameless(void **state)
{
    (void)state;
    REFUSED(PURE, unused_group(), ASK(ATTACH_GROUP, TABLE), EINVAL, ATTACH_BY_NOBODY);
    REFUSED(PURE, kernel_group(1), ASK(ATTACH_DEVICE, TABLE, ALONE), EINVAL, ATTACH_BY_NOBODY);
    REFUSED(PURE, unused_group(), ASK(ATTACH_GROUP, .other_iommu = true), EINVAL, NO_DOMAIN);
    REFUSED(PURE, unused_group(), ASK(ATTACH_DEVICE, ALONE, .other_iommu = true), EINVAL, NO_DOMAIN);
    REFUSED(PURE, unused_group(), ASK(ATTACH_GROUP, TABLE, .other_iommu = true), EINVAL, OTHER_IOMMU);
    REFUSED(PURE, unused_group(), ASK(ATTACH_DEVICE, TABLE, ALONE, .other_iommu = true), EINVAL, OTHER_IOMMU);
}

static void pure_does_not_attach_over_a_domain_that_is_nobodys(void **state)
{
    (void)state;
    REFUSED(PURE, stray_group(), ASK(ATTACH_GROUP, .tag = 7, TABLE), EBUSY, ATTACH_AWAY);
    REFUSED(PURE, stray_group(), ASK(ATTACH_DEVICE, .tag = 7, TABLE, ALONE), EBUSY, ATTACH_AWAY);
}

static void pure_detaches_for_the_owner_only(void **state)
{
    (void)state;
    MOVES_ALL(PURE, attached_group(7, 0), ASK(DETACH_GROUP, .tag = 7), DEFAULT, unused_group());
    MOVES_ALL(PURE, blocked_group(7, 0), ASK(DETACH_DEVICE, .tag = 7, ALONE), DEFAULT, unused_group());
    MOVES_ALL(PURE, private_group(1), ASK(DETACH_DEVICE, ALONE), DEFAULT, kernel_group(1));
    REFUSED(PURE, attached_group(7, 0), ASK(DETACH_GROUP, .tag = 8), EPERM, OTHER_OWNER);
    REFUSED(PURE, attached_group(7, 0), ASK(DETACH_DEVICE, .tag = 8, ALONE), EPERM, OTHER_OWNER);
    REFUSED(PURE, private_group(1), ASK(DETACH_GROUP, .tag = 8), EPERM, OTHER_OWNER);
    FAILS(PURE, attached_group(7, 0), ASK(DETACH_GROUP, .tag = 7), REVERT, attached_group(7, 0), SAID);
}

static void pure_has_nothing_to_detach_on_the_default_domain(void **state)
{
    (void)state;
    REFUSED(PURE, unused_group(), ASK(DETACH_GROUP, .tag = 7), EINVAL, NOT_ATTACHED);
    REFUSED(PURE, kernel_group(1), ASK(DETACH_DEVICE, ALONE), EINVAL, NOT_ATTACHED);
    REFUSED(PURE, unused_group(), ASK(REPLACE, .tag = 7, TABLE), EINVAL, NOT_ATTACHED);
    REFUSED(PURE, kernel_group(1), ASK(ATTACH_PASID), EINVAL, NOT_ATTACHED);
}

static void pure_keeps_the_domain_while_a_pasid_is_attached(void **state)
{
    uint64_t word = with_pasids(attached_group(7, 0), 1);

    (void)state;
    REFUSED(PURE, word, ASK(DETACH_GROUP, .tag = 7), EBUSY, DETACH_PASIDS);
    REFUSED(PURE, word, ASK(DETACH_DEVICE, .tag = 7, ALONE), EBUSY, DETACH_PASIDS);
    REFUSED(PURE, word, ASK(DETACH_GROUP, .tag = 8), EPERM, OTHER_OWNER);
}

static void pure_replaces_for_the_owner_only(void **state)
{
    (void)state;
    MOVES_ALL(PURE, attached_group(7, 0), ASK(REPLACE, .tag = 7, IDENTITY), IDENTITY,
        of_kind(attached_group(7, 0), IOW_KIND_IDENTITY));
    MOVES_ALL(PURE, attached_group(7, 0), ASK(REPLACE, .tag = 7, .domain = IOW_KIND_BLOCKING), BLOCKING,
        blocked_group(7, 0));
    REFUSED(PURE, attached_group(7, 0), ASK(REPLACE, .tag = 8, TABLE), EPERM, OTHER_OWNER);
    REFUSED(PURE, attached_group(7, 0), ASK(REPLACE, .tag = 7), EINVAL, NO_DOMAIN);
    REFUSED(
        PURE, attached_group(7, 0), ASK(REPLACE, .tag = 7, TABLE, .other_iommu = true), EINVAL, OTHER_IOMMU);
    REFUSED(PURE | ON_6_12, 0, ASK(REPLACE, .tag = 7, TABLE, .outside = true), ENODEV, NO_GROUP);
}

static void pure_lets_only_the_owner_attach_pasids(void **state)
{
    uint64_t word = attached_group(7, 0);

    (void)state;
    BECOMES(PURE, word, ASK(ATTACH_PASID, .tag = 7), with_pasids(word, 1));
    BECOMES(PURE, private_group(1), ASK(ATTACH_PASID), with_pasids(private_group(1), 1));
    REFUSED(PURE, word, ASK(ATTACH_PASID, .tag = 8), EPERM, OTHER_OWNER);
    REFUSED(PURE, word, ASK(ATTACH_PASID, .tag = 7, .other_iommu = true), EINVAL, OTHER_IOMMU);
    REFUSED(PURE, 0, ASK(ATTACH_PASID, .tag = 7, .outside = true), ENODEV, NO_GROUP);
    BECOMES(PURE, with_pasids(word, 2), ASK(DETACH_PASID, .tag = 7), with_pasids(word, 1));
    REFUSED(PURE, with_pasids(word, 2), ASK(DETACH_PASID, .tag = 8), EPERM, OTHER_OWNER);
    REFUSED(PURE, 0, ASK(DETACH_PASID, .tag = 7, .outside = true), ENODEV, NO_GROUP);
}

static void every_row_of_domains_is_visited(void **state)
{
    static const enum iow_operation operations[] = {
        IOW_OPERATION_ATTACH_GROUP,
        IOW_OPERATION_DETACH_GROUP,
        IOW_OPERATION_ATTACH_DEVICE,
        IOW_OPERATION_DETACH_DEVICE,
        IOW_OPERATION_REPLACE,
        IOW_OPERATION_ATTACH_PASID,
        IOW_OPERATION_DETACH_PASID,
    };

    (void)state;
    assert_every_row_visited(operations, COUNT(operations));
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        DOMAIN_TESTS(TEST) cmocka_unit_test(the_domains_of_the_kernel_itself_are_not_attached),
        cmocka_unit_test(a_pasid_too_many_to_count_is_refused),
        cmocka_unit_test(a_pasid_that_is_not_attached_is_not_detached),
        cmocka_unit_test(pure_gives_a_free_group_to_whoever_attaches),
        cmocka_unit_test(pure_lets_an_owner_attach_again_and_nobody_else),
        cmocka_unit_test(pure_refuses_to_attach_over_drivers),
        cmocka_unit_test(pure_lets_the_one_driver_attach_its_own_domain),
        cmocka_unit_test(pure_lets_nobody_attach_nameless),
        cmocka_unit_test(pure_does_not_attach_over_a_domain_that_is_nobodys),
        cmocka_unit_test(pure_detaches_for_the_owner_only),
        cmocka_unit_test(pure_has_nothing_to_detach_on_the_default_domain),
        cmocka_unit_test(pure_keeps_the_domain_while_a_pasid_is_attached),
        cmocka_unit_test(pure_replaces_for_the_owner_only),
        cmocka_unit_test(pure_lets_only_the_owner_attach_pasids),
        cmocka_unit_test(every_row_of_domains_is_visited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
