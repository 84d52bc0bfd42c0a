/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The type of the default domain. Source: Linux 6.1 and 6.12, iommu_group_store_type(). */
#include "kernel-tests.h"
#include "transitions.h"

#define ALONE .members = 1
#define TO(name) .type = IOW_TYPE_##name

static uint64_t free_of(enum iow_domain_type type)
{
    return of_type(unused_group(), type);
}

static void the_type_needs_a_default_domain(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, free_of(IOW_TYPE_NONE), ASK(SET_TYPE, TO(DMA), ALONE), EINVAL, TYPE_NONE);
    REFUSED(ON_BOTH, of_type(kernel_group(1), IOW_TYPE_NONE), ASK(SET_TYPE, TO(DMA), .members = 2), EINVAL,
        TYPE_NONE);
    expect_evidence(ON_EVERY, free_of(IOW_TYPE_NONE), ASK(SET_TYPE, TO(DMA), ALONE), 0, IOW_TYPE_DMA);
}

static void the_type_of_a_free_group_changes(void **state)
{
    (void)state;
    MOVES_ALL(ON_EVERY, free_of(IOW_TYPE_DMA), ASK(SET_TYPE, TO(IDENTITY), ALONE), DEFAULT,
        free_of(IOW_TYPE_IDENTITY));
    MOVES_ALL(ON_EVERY, free_of(IOW_TYPE_IDENTITY), ASK(SET_TYPE, TO(DMA_FQ), ALONE), DEFAULT,
        free_of(IOW_TYPE_DMA_FQ));
    MOVES_ALL(
        ON_EVERY, free_of(IOW_TYPE_DMA_FQ), ASK(SET_TYPE, TO(DMA), ALONE), DEFAULT, free_of(IOW_TYPE_DMA));
}

static void the_type_of_several_members_changes_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, unused_group(), ASK(SET_TYPE, TO(IDENTITY), .members = 3), DEFAULT,
        free_of(IOW_TYPE_IDENTITY));
}

static void the_type_of_several_members_does_not_change_on_6_1(void **state)
{
    (void)state;
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY), .members = 3), EINVAL, TYPE_NOT_ALONE);
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(DMA_FQ), .members = 3), EINVAL, TYPE_NOT_ALONE);
    REFUSED(ON_6_1, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY), .members = 2, .any_bound = true), EINVAL,
        TYPE_NOT_ALONE);
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY)), EINVAL, TYPE_NOT_ALONE);
    expect_evidence(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY), .members = 3), 3, 1);
}

static void the_type_does_not_change_while_anybody_is_counted_on_6_12(void **state)
{
    (void)state;
    REFUSED(
        ON_6_12, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), EPERM, TYPE_IN_USE);
    REFUSED(
        ON_6_12, private_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_12, blocked_group(7, 1), ASK(SET_TYPE, TO(IDENTITY), ALONE), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_12, attached_group(7, 1), ASK(SET_TYPE, TO(IDENTITY), ALONE), EPERM, TYPE_IN_USE);
    expect_evidence(ON_6_12, kernel_group(3), ASK(SET_TYPE, TO(IDENTITY), ALONE), 3, 0);
}

static void the_type_does_not_change_while_any_driver_is_bound_on_6_1(void **state)
{
    (void)state;
    REFUSED(
        ON_6_1, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), EBUSY, TYPE_BOUND);
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), EBUSY, TYPE_BOUND);
    REFUSED(ON_6_1, attached_group(7, 1), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), EBUSY,
        TYPE_BOUND);
}

static void an_idle_managed_driver_does_not_keep_the_type_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE, .any_bound = true), DEFAULT,
        free_of(IOW_TYPE_IDENTITY));
}

static void the_type_of_an_empty_group_does_not_change_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, unused_group(), ASK(SET_TYPE, TO(IDENTITY)), EPERM, TYPE_EMPTY);
    REFUSED(ON_6_12, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY)), EPERM, TYPE_IN_USE);
    expect_evidence(ON_6_12, unused_group(), ASK(SET_TYPE, TO(IDENTITY)), 0, 1);
}

static void dma_becomes_dma_fq_below_a_kernel_driver(void **state)
{
    (void)state;
    BECOMES(ON_BOTH, kernel_group(1), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .any_bound = true),
        of_type(kernel_group(1), IOW_TYPE_DMA_FQ));
    BECOMES(ON_6_12, kernel_group(2), ASK(SET_TYPE, TO(DMA_FQ), .members = 2, .any_bound = true),
        of_type(kernel_group(2), IOW_TYPE_DMA_FQ));
    BECOMES(ON_BOTH, unused_group(), ASK(SET_TYPE, TO(DMA_FQ), ALONE), free_of(IOW_TYPE_DMA_FQ));
}

static void dma_becomes_dma_fq_below_an_owner_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, attached_group(7, 1), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .any_bound = true),
        of_type(attached_group(7, 1), IOW_TYPE_DMA_FQ));
    BECOMES(ON_6_12, blocked_group(7, 2), ASK(SET_TYPE, TO(DMA_FQ), .members = 2),
        of_type(blocked_group(7, 2), IOW_TYPE_DMA_FQ));
}

static void dma_does_not_become_dma_fq_below_an_owner_on_6_1(void **state)
{
    (void)state;
    REFUSED(
        ON_6_1, attached_group(7, 1), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .any_bound = true), EBUSY, TYPE_AWAY);
    REFUSED(ON_6_1, blocked_group(7, 1), ASK(SET_TYPE, TO(DMA_FQ), ALONE), EBUSY, TYPE_AWAY);
    expect_evidence(
        ON_6_1, blocked_group(7, 1), ASK(SET_TYPE, TO(DMA_FQ), ALONE), IOW_KIND_BLOCKING, IOW_KIND_DEFAULT);
}

static void dma_fq_becomes_dma_only_when_idle(void **state)
{
    uint64_t busy = of_type(kernel_group(1), IOW_TYPE_DMA_FQ);

    (void)state;
    REFUSED(ON_6_12, busy, ASK(SET_TYPE, TO(DMA), ALONE, .any_bound = true), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_1, busy, ASK(SET_TYPE, TO(DMA), ALONE, .any_bound = true), EBUSY, TYPE_BOUND);
}

static void another_type_is_required(void **state)
{
    (void)state;
    REFUSED(
        ON_EVERY, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE, .forced = true), EINVAL, TYPE_FORCED);
    REFUSED(ON_6_12, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE, .forced = true), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE, .forced = true, .any_bound = true),
        EBUSY, TYPE_BOUND);
    REFUSED(ON_BOTH, unused_group(), ASK(SET_TYPE, TO(DMA), ALONE, .forced = true), EINVAL, TYPE_FORCED);
    expect_evidence(ON_EVERY, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE, .forced = true),
        IOW_TYPE_DMA, IOW_TYPE_IDENTITY);
}

static void dma_becomes_dma_fq_whatever_is_required_on_6_12(void **state)
{
    (void)state;
    BECOMES(
        ON_6_12, unused_group(), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .forced = true), free_of(IOW_TYPE_DMA_FQ));
    BECOMES(ON_6_12, kernel_group(1), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .forced = true),
        of_type(kernel_group(1), IOW_TYPE_DMA_FQ));
}

static void dma_does_not_become_dma_fq_where_another_is_required_on_6_1(void **state)
{
    (void)state;
    REFUSED(ON_6_1, unused_group(), ASK(SET_TYPE, TO(DMA_FQ), ALONE, .forced = true), EINVAL, TYPE_FORCED);
}

static void the_same_type_is_success_where_the_group_is_idle(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, unused_group(), ASK(SET_TYPE, TO(DMA), ALONE));
    UNCHANGED(ON_EVERY, free_of(IOW_TYPE_IDENTITY), ASK(SET_TYPE, TO(IDENTITY), ALONE));
}

static void the_same_type_is_refused_where_the_group_is_in_use(void **state)
{
    (void)state;
    REFUSED(ON_6_12, kernel_group(1), ASK(SET_TYPE, TO(DMA), ALONE, .any_bound = true), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_12, attached_group(7, 1), ASK(SET_TYPE, TO(DMA), ALONE), EPERM, TYPE_IN_USE);
    REFUSED(ON_6_1, kernel_group(1), ASK(SET_TYPE, TO(DMA), ALONE, .any_bound = true), EBUSY, TYPE_BOUND);
}

/* The default domain is kept if it is of the type wanted, and what is attached is not looked at then. */
static void a_stray_group_of_the_type_wanted_is_left_alone_on_6_12(void **state)
{
    (void)state;
    UNCHANGED(ON_6_12, stray_group(), ASK(SET_TYPE, TO(DMA), ALONE));
    UNCHANGED(ON_6_12, leaked_group(7), ASK(SET_TYPE, TO(DMA), ALONE));
}

static void a_stray_group_is_taken_along_to_another_type_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(
        ON_6_12, stray_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), DEFAULT, free_of(IOW_TYPE_IDENTITY));
    MOVES_ALL(ON_6_12, leaked_group(7), ASK(SET_TYPE, TO(IDENTITY), ALONE), DEFAULT,
        of_type(of_kind(leaked_group(7), IOW_KIND_DEFAULT), IOW_TYPE_IDENTITY));
}

static void a_stray_group_does_not_change_its_type_on_6_1(void **state)
{
    (void)state;
    REFUSED(ON_6_1, stray_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), EBUSY, TYPE_AWAY);
    REFUSED(ON_6_1, private_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE), EBUSY, TYPE_AWAY);
    REFUSED(ON_6_1, stray_group(), ASK(SET_TYPE, TO(DMA), ALONE), EBUSY, TYPE_AWAY);
}

/* On 6.1 the group has one member, which stayed where it was when its move failed. */
static void a_type_that_cannot_be_attached_is_undone(void **state)
{
    (void)state;
    FAILS(PURE | ON_6_12, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), REVERT, unused_group(), SAID);
    FAILS(ON_6_12, stray_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), REVERT, stray_group(), SAID);
    FAILS(ON_6_1, unused_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), LEAVE, unused_group(), SAID);
}

static void a_device_in_no_group_has_no_default_domain(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, 0, ASK(SET_TYPE, TO(DMA), .outside = true), ENODEV, NO_GROUP);
}

static void pure_changes_the_type_of_free_groups_only(void **state)
{
    (void)state;
    REFUSED(PURE, kernel_group(1), ASK(SET_TYPE, TO(IDENTITY), ALONE), EPERM, TYPE_IN_USE);
    REFUSED(PURE, kernel_group(1), ASK(SET_TYPE, TO(DMA_FQ), ALONE), EPERM, TYPE_IN_USE);
    REFUSED(PURE, attached_group(7, 0), ASK(SET_TYPE, TO(DMA), ALONE), EPERM, TYPE_IN_USE);
    REFUSED(PURE, stray_group(), ASK(SET_TYPE, TO(IDENTITY), ALONE), EPERM, TYPE_IN_USE);
    MOVES_ALL(PURE, unused_group(), ASK(SET_TYPE, TO(IDENTITY), .members = 3, .any_bound = true), DEFAULT,
        free_of(IOW_TYPE_IDENTITY));
}

static void every_row_of_types_is_visited(void **state)
{
    static const enum iow_operation operations[] = {IOW_OPERATION_SET_TYPE};

    (void)state;
    assert_every_row_visited(operations, COUNT(operations));
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        TYPE_TESTS(TEST) cmocka_unit_test(a_device_in_no_group_has_no_default_domain),
        cmocka_unit_test(pure_changes_the_type_of_free_groups_only),
        cmocka_unit_test(every_row_of_types_is_visited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
