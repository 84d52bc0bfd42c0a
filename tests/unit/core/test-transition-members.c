/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members that join and leave. Source: Linux 6.1 and 6.12, iommu_probe_device(), iommu_release_device(). */
#include "kernel-tests.h"
#include "transitions.h"

#define ALONE .members = 1

static void a_newcomer_joins_the_default_domain(void **state)
{
    (void)state;
    JOINS(ON_EVERY, unused_group(), ASK(ADD), NEWCOMER, unused_group());
    JOINS(ON_EVERY, kernel_group(2), ASK(ADD, .members = 2), NEWCOMER, kernel_group(2));
}

static void a_newcomer_joins_the_domain_of_an_owner(void **state)
{
    (void)state;
    JOINS(ON_EVERY, blocked_group(7, 1), ASK(ADD, ALONE), NEWCOMER, blocked_group(7, 1));
    JOINS(ON_EVERY, attached_group(7, 1), ASK(ADD, ALONE), NEWCOMER, attached_group(7, 1));
    JOINS(ON_BOTH, leaked_group(7), ASK(ADD, ALONE), NEWCOMER, leaked_group(7));
}

static void a_newcomer_joins_a_private_domain_on_6_12(void **state)
{
    (void)state;
    JOINS(PURE | ON_6_12, private_group(1), ASK(ADD, ALONE), NEWCOMER, private_group(1));
    JOINS(PURE | ON_6_12, stray_group(), ASK(ADD, ALONE), NEWCOMER, stray_group());
}

static void a_newcomer_leaves_a_private_domain_again_on_6_1(void **state)
{
    (void)state;
    JOINS(ON_6_1, private_group(1), ASK(ADD, ALONE), NEWCOMER_DEFAULT, private_group(1));
    JOINS(ON_6_1, stray_group(), ASK(ADD, ALONE), NEWCOMER_DEFAULT, stray_group());
    JOINS(ON_6_1, of_type(stray_group(), IOW_TYPE_NONE), ASK(ADD, ALONE), NEWCOMER,
        of_type(stray_group(), IOW_TYPE_NONE));
}

static void a_newcomer_with_a_driver_is_not_counted(void **state)
{
    (void)state;
    JOINS(ON_BOTH, unused_group(), ASK(ADD, .newcomer_counted = true), NEWCOMER, unused_group());
    JOINS(ON_BOTH, kernel_group(1), ASK(ADD, .newcomer_counted = true), NEWCOMER, kernel_group(1));
    JOINS(ON_BOTH, attached_group(7, 1), ASK(ADD, .newcomer_counted = true), NEWCOMER, attached_group(7, 1));
}

static void a_member_leaves_and_the_group_stays_as_it_is(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, unused_group(), ASK(REMOVE, .members = 2));
    UNCHANGED(ON_EVERY, kernel_group(1), ASK(REMOVE, .members = 2));
    UNCHANGED(ON_EVERY, attached_group(7, 1), ASK(REMOVE, .members = 2));
}

static void the_last_member_takes_the_group_with_it(void **state)
{
    (void)state;
    BECOMES(ON_BOTH, unused_group(), ASK(REMOVE, ALONE), unused_group());
    BECOMES(ON_BOTH, blocked_group(7, 1), ASK(REMOVE, ALONE), unused_group());
    BECOMES(ON_BOTH, stray_group(), ASK(REMOVE, ALONE), unused_group());
    BECOMES(ON_BOTH, of_type(leaked_group(7), IOW_TYPE_IDENTITY), ASK(REMOVE, ALONE),
        of_type(unused_group(), IOW_TYPE_IDENTITY));
}

static void a_device_that_is_in_no_group_neither_joins_nor_leaves(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, 0, ASK(ADD, .outside = true), ENODEV, NO_GROUP);
    REFUSED(ON_EVERY, 0, ASK(REMOVE, .outside = true), ENODEV, NO_GROUP);
}

static void pure_counts_the_driver_that_a_newcomer_brings(void **state)
{
    (void)state;
    JOINS(PURE, unused_group(), ASK(ADD, .newcomer_counted = true), NEWCOMER, kernel_group(1));
    JOINS(PURE, kernel_group(1), ASK(ADD, .newcomer_counted = true), NEWCOMER, kernel_group(2));
    REFUSED(PURE, kernel_group(65535), ASK(ADD, .newcomer_counted = true), E2BIG, TOO_MANY);
    JOINS(PURE, kernel_group(65535), ASK(ADD), NEWCOMER, kernel_group(65535));
}

static void pure_keeps_a_newcomer_with_a_driver_out_of_a_domain_that_is_not_the_default(void **state)
{
    (void)state;
    REFUSED(PURE, attached_group(7, 0), ASK(ADD, .newcomer_counted = true), EBUSY, NEWCOMER_BOUND);
    REFUSED(PURE, blocked_group(7, 0), ASK(ADD, .newcomer_counted = true), EBUSY, NEWCOMER_BOUND);
    REFUSED(PURE, private_group(1), ASK(ADD, .newcomer_counted = true), EBUSY, NEWCOMER_BOUND);
    expect_evidence(PURE, attached_group(7, 0), ASK(ADD, .newcomer_counted = true), IOW_KIND_TABLE, 0);
}

static void pure_keeps_the_owner_of_a_group_without_members(void **state)
{
    (void)state;
    UNCHANGED(PURE, attached_group(7, 0), ASK(REMOVE, ALONE));
}

static void every_row_of_members_is_visited(void **state)
{
    static const enum iow_operation operations[] = {IOW_OPERATION_ADD, IOW_OPERATION_REMOVE};

    (void)state;
    assert_every_row_visited(operations, COUNT(operations));
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMBER_TESTS(TEST) cmocka_unit_test(a_device_that_is_in_no_group_neither_joins_nor_leaves),
        cmocka_unit_test(pure_counts_the_driver_that_a_newcomer_brings),
        cmocka_unit_test(pure_keeps_a_newcomer_with_a_driver_out_of_a_domain_that_is_not_the_default),
        cmocka_unit_test(pure_keeps_the_owner_of_a_group_without_members),
        cmocka_unit_test(every_row_of_members_is_visited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
