/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims and releases. Source: Linux 6.1 and 6.12, iommu_group_claim_dma_owner() and those beside it. */
#include "kernel-tests.h"
#include "transitions.h"

static void a_free_group_is_claimed_and_blocked(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, unused_group(), ASK(CLAIM_GROUP, .tag = 7), BLOCKING, blocked_group(7, 1));
    MOVES_ALL(ON_BOTH, of_type(unused_group(), IOW_TYPE_IDENTITY), ASK(CLAIM_GROUP, .tag = 7), BLOCKING,
        of_type(blocked_group(7, 1), IOW_TYPE_IDENTITY));
}

static void a_group_claim_is_refused_where_a_kernel_driver_is_bound(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, kernel_group(2), ASK(CLAIM_GROUP, .tag = 7), EPERM, CLAIM_KERNEL);
    REFUSED(ON_BOTH, private_group(1), ASK(CLAIM_GROUP, .tag = 7), EPERM, CLAIM_KERNEL);
    REFUSED(ON_6_12, with_pasids(kernel_group(1), 1), ASK(CLAIM_GROUP, .tag = 7), EPERM, CLAIM_KERNEL);
    expect_evidence(ON_BOTH, kernel_group(2), ASK(CLAIM_GROUP, .tag = 7), 2, 0);
}

static void a_group_claim_is_refused_in_an_owned_group_even_to_its_owner(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, blocked_group(7, 1), ASK(CLAIM_GROUP, .tag = 7), EPERM, CLAIM_OWNED);
    REFUSED(ON_BOTH, blocked_group(7, 1), ASK(CLAIM_GROUP, .tag = 8), EPERM, CLAIM_OWNED);
    REFUSED(ON_BOTH, attached_group(7, 1), ASK(CLAIM_GROUP, .tag = 8), EPERM, CLAIM_OWNED);
    expect_evidence(ON_BOTH, blocked_group(7, 1), ASK(CLAIM_GROUP, .tag = 8), 7, 8);
}

static void a_group_claim_is_refused_away_from_the_default_domain(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, stray_group(), ASK(CLAIM_GROUP, .tag = 7), EBUSY, CLAIM_AWAY);
    REFUSED(ON_BOTH, leaked_group(7), ASK(CLAIM_GROUP, .tag = 7), EBUSY, CLAIM_AWAY);
    expect_evidence(ON_BOTH, stray_group(), ASK(CLAIM_GROUP, .tag = 7), IOW_KIND_TABLE, IOW_KIND_DEFAULT);
}

static void a_group_claim_is_refused_while_a_pasid_is_attached_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, with_pasids(unused_group(), 1), ASK(CLAIM_GROUP, .tag = 7), EBUSY, CLAIM_PASIDS);
    expect_evidence(ON_6_12, with_pasids(unused_group(), 2), ASK(CLAIM_GROUP, .tag = 7), 2, 0);
}

static void a_claim_without_an_owner_is_refused_first_of_all_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, unused_group(), ASK(CLAIM_GROUP), EINVAL, CLAIM_BY_NOBODY);
    REFUSED(ON_6_12, kernel_group(1), ASK(CLAIM_GROUP), EINVAL, CLAIM_BY_NOBODY);
    REFUSED(ON_6_12, blocked_group(7, 1), ASK(CLAIM_GROUP), EINVAL, CLAIM_BY_NOBODY);
    REFUSED(ON_6_1, kernel_group(1), ASK(CLAIM_GROUP), EPERM, CLAIM_KERNEL);
}

/* The claim counts, but the group has no owner that the kernel could compare: it looks like a driver's. */
static void a_claim_without_an_owner_is_taken_on_6_1(void **state)
{
    uint64_t claimed_by_nobody = blocked_group(0, 1);

    (void)state;
    MOVES_ALL(ON_6_1, unused_group(), ASK(CLAIM_GROUP), BLOCKING, claimed_by_nobody);
    REFUSED(ON_6_1, claimed_by_nobody, ASK(CLAIM_GROUP, .tag = 7), EPERM, CLAIM_KERNEL);
    REFUSED(ON_6_1, claimed_by_nobody, ASK(PROBE), EBUSY, PROBE_PRIVATE);
    WARNED(ON_6_1, claimed_by_nobody, ASK(RELEASE_GROUP), RELEASE_UNOWNED);
}

static void a_claim_that_cannot_block_all_is_undone_on_6_12(void **state)
{
    (void)state;
    FAILS(ON_6_12, unused_group(), ASK(CLAIM_GROUP, .tag = 7), REVERT, unused_group(), SAID);
    FAILS(ON_6_12, unused_group(), ASK(CLAIM_DEVICE, .tag = 7), REVERT, unused_group(), SAID);
}

static void a_claim_that_cannot_block_all_leaves_some_blocked_on_6_1(void **state)
{
    (void)state;
    FAILS(ON_6_1, unused_group(), ASK(CLAIM_GROUP, .tag = 7), LEAVE, unused_group(), SAID);
}

/* The owner is remembered, nobody is counted, and another default type was attached since. */
static void a_claimed_group_with_its_count_lost_can_be_claimed_from_its_default_domain(void **state)
{
    uint64_t word = of_kind(leaked_group(7), IOW_KIND_DEFAULT);

    (void)state;
    MOVES_ALL(ON_BOTH, word, ASK(CLAIM_GROUP, .tag = 8), BLOCKING, blocked_group(8, 1));
    MOVES_ALL(ON_6_12, word, ASK(CLAIM_DEVICE, .tag = 8), BLOCKING, blocked_group(8, 1));
    REFUSED(ON_6_12, with_pasids(word, 1), ASK(CLAIM_GROUP, .tag = 8), EBUSY, CLAIM_PASIDS);
}

static void a_release_gives_the_group_back(void **state)
{
    (void)state;
    MOVES_ALL(ON_BOTH, blocked_group(7, 1), ASK(RELEASE_GROUP), DEFAULT, unused_group());
    MOVES_ALL(ON_BOTH, attached_group(7, 1), ASK(RELEASE_GROUP), DEFAULT, unused_group());
}

static void a_release_of_what_nobody_owns_is_warned_of(void **state)
{
    (void)state;
    WARNED(ON_BOTH, unused_group(), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
    WARNED(ON_BOTH, kernel_group(2), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
    WARNED(ON_BOTH, private_group(1), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
    WARNED(ON_BOTH, stray_group(), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
    WARNED(ON_BOTH, leaked_group(7), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
    WARNED(ON_6_12, with_pasids(kernel_group(1), 1), ASK(RELEASE_GROUP), RELEASE_UNOWNED);
}

static void a_release_with_a_pasid_attached_is_warned_of_on_6_12(void **state)
{
    (void)state;
    WARNED(ON_6_12, with_pasids(attached_group(7, 1), 1), ASK(RELEASE_GROUP), RELEASE_PASIDS);
    WARNED(ON_6_12, with_pasids(attached_group(7, 1), 1), ASK(RELEASE_DEVICE), RELEASE_PASIDS);
}

static void a_release_forgets_whatever_is_counted(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, attached_group(7, 3), ASK(RELEASE_GROUP), DEFAULT, unused_group());
    MOVES_ALL(ON_BOTH, with_drivers(leaked_group(7), 1), ASK(RELEASE_GROUP), DEFAULT, unused_group());
}

static void a_release_that_fails_goes_on_on_6_12(void **state)
{
    (void)state;
    FAILS(ON_6_12, attached_group(7, 1), ASK(RELEASE_GROUP), FORCE, 0, UNSAID);
    FAILS(ON_6_12, attached_group(7, 1), ASK(RELEASE_DEVICE), FORCE, 0, UNSAID);
}

static void a_release_that_fails_leaves_a_stray_group_on_6_1(void **state)
{
    (void)state;
    FAILS(ON_6_1, attached_group(7, 1), ASK(RELEASE_GROUP), LEAVE, stray_group(), UNSAID);
    FAILS(ON_6_1, blocked_group(7, 1), ASK(RELEASE_GROUP), LEAVE, of_kind(stray_group(), IOW_KIND_BLOCKING),
        UNSAID);
}

static void devices_are_not_claimed_on_6_1(void **state)
{
    (void)state;
    REFUSED(PURE | ON_6_1, unused_group(), ASK(CLAIM_DEVICE, .tag = 7), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE | ON_6_1, unused_group(), ASK(RELEASE_DEVICE), EOPNOTSUPP, UNSUPPORTED);
}

static void a_device_claim_takes_a_free_group_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, unused_group(), ASK(CLAIM_DEVICE, .tag = 7), BLOCKING, blocked_group(7, 1));
}

static void a_device_claim_is_refused_where_a_kernel_driver_is_bound_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, kernel_group(1), ASK(CLAIM_DEVICE, .tag = 7), EPERM, CLAIM_KERNEL);
    REFUSED(ON_6_12, private_group(1), ASK(CLAIM_DEVICE, .tag = 7), EPERM, CLAIM_KERNEL);
}

static void a_device_claim_is_counted_for_the_same_owner_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, blocked_group(7, 1), ASK(CLAIM_DEVICE, .tag = 7), blocked_group(7, 2));
    BECOMES(ON_6_12, attached_group(7, 2), ASK(CLAIM_DEVICE, .tag = 7), attached_group(7, 3));
}

static void a_device_claim_is_refused_to_another_owner_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, blocked_group(7, 1), ASK(CLAIM_DEVICE, .tag = 8), EPERM, CLAIM_OWNED);
    REFUSED(ON_6_12, attached_group(7, 2), ASK(CLAIM_DEVICE, .tag = 8), EPERM, CLAIM_OWNED);
    expect_evidence(ON_6_12, attached_group(7, 2), ASK(CLAIM_DEVICE, .tag = 8), 7, 8);
}

static void a_device_claim_names_its_owner_before_its_group_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, 0, ASK(CLAIM_DEVICE, .outside = true), EINVAL, CLAIM_BY_NOBODY);
    REFUSED(ON_6_12, 0, ASK(CLAIM_DEVICE, .tag = 7, .outside = true), ENODEV, NO_GROUP);
    REFUSED(ON_6_12, kernel_group(1), ASK(CLAIM_DEVICE), EINVAL, CLAIM_BY_NOBODY);
    REFUSED(ON_6_12, 0, ASK(RELEASE_DEVICE, .outside = true), ENODEV, NO_GROUP);
}

static void a_device_claim_that_is_not_the_first_looks_at_nothing_on_6_12(void **state)
{
    uint64_t word = with_pasids(attached_group(7, 1), 2);

    (void)state;
    BECOMES(ON_6_12, word, ASK(CLAIM_DEVICE, .tag = 7), with_claims(word, 2));
}

static void a_first_device_claim_looks_at_domain_and_pasids_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, stray_group(), ASK(CLAIM_DEVICE, .tag = 7), EBUSY, CLAIM_AWAY);
    REFUSED(ON_6_12, leaked_group(7), ASK(CLAIM_DEVICE, .tag = 7), EBUSY, CLAIM_AWAY);
    REFUSED(ON_6_12, with_pasids(unused_group(), 1), ASK(CLAIM_DEVICE, .tag = 7), EBUSY, CLAIM_PASIDS);
}

static void a_device_release_takes_one_claim_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, blocked_group(7, 2), ASK(RELEASE_DEVICE), blocked_group(7, 1));
    BECOMES(ON_6_12, attached_group(7, 3), ASK(RELEASE_DEVICE), attached_group(7, 2));
    BECOMES(ON_6_12, with_pasids(attached_group(7, 2), 1), ASK(RELEASE_DEVICE),
        with_pasids(attached_group(7, 1), 1));
}

static void the_last_device_release_frees_the_group_on_6_12(void **state)
{
    (void)state;
    MOVES_ALL(ON_6_12, blocked_group(7, 1), ASK(RELEASE_DEVICE), DEFAULT, unused_group());
    MOVES_ALL(ON_6_12, attached_group(7, 1), ASK(RELEASE_DEVICE), DEFAULT, unused_group());
}

/* Linux has one count and does not ask whose it is before it takes one off. */
static void a_device_release_takes_from_the_kernels_count_on_6_12(void **state)
{
    (void)state;
    BECOMES(ON_6_12, kernel_group(2), ASK(RELEASE_DEVICE), kernel_group(1));
    BECOMES(ON_6_12, private_group(2), ASK(RELEASE_DEVICE), private_group(1));
}

static void a_device_release_of_what_nobody_owns_is_warned_of_on_6_12(void **state)
{
    (void)state;
    WARNED(ON_6_12, unused_group(), ASK(RELEASE_DEVICE), RELEASE_UNOWNED);
    WARNED(ON_6_12, kernel_group(1), ASK(RELEASE_DEVICE), RELEASE_UNOWNED);
    WARNED(ON_6_12, leaked_group(7), ASK(RELEASE_DEVICE), RELEASE_UNOWNED);
}

static void kernel_drivers_too_make_a_group_claimed(void **state)
{
    static const char *const kernels[] = {"linux-6.1", "linux-6.12"};

    (void)state;
    for (size_t i = 0; i < COUNT(kernels); i++) {
        const struct iow_profile *kernel = iow_profile_find(kernels[i]);

        assert_false(iow_ownership_claimed(kernel, unused_group()));
        assert_true(iow_ownership_claimed(kernel, kernel_group(1)));
        assert_true(iow_ownership_claimed(kernel, private_group(1)));
        assert_true(iow_ownership_claimed(kernel, blocked_group(7, 1)));
        assert_true(iow_ownership_claimed(kernel, attached_group(7, 2)));
        assert_true(iow_ownership_claimed(kernel, with_drivers(blocked_group(7, 1), 1)));
        assert_false(iow_ownership_claimed(kernel, stray_group()));
        assert_false(iow_ownership_claimed(kernel, leaked_group(7)));
    }
}

static void pure_asks_the_domain_whether_a_group_is_claimed(void **state)
{
    const struct iow_profile *pure = iow_profile_find("pure");

    (void)state;
    assert_false(iow_ownership_claimed(pure, unused_group()));
    assert_true(iow_ownership_claimed(pure, kernel_group(1)));
    assert_true(iow_ownership_claimed(pure, private_group(1)));
    assert_true(iow_ownership_claimed(pure, attached_group(7, 0)));
    assert_true(iow_ownership_claimed(pure, blocked_group(7, 0)));
}

static void a_device_in_no_group_has_nothing_to_claim(void **state)
{
    (void)state;
    REFUSED(ON_BOTH, 0, ASK(CLAIM_GROUP, .tag = 7, .outside = true), ENODEV, NO_GROUP);
    REFUSED(ON_BOTH, 0, ASK(RELEASE_GROUP, .outside = true), ENODEV, NO_GROUP);
}

static void pure_knows_no_claims(void **state)
{
    (void)state;
    REFUSED(PURE, unused_group(), ASK(CLAIM_GROUP, .tag = 7), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE, attached_group(7, 0), ASK(RELEASE_GROUP), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE, 0, ASK(CLAIM_GROUP, .tag = 7, .outside = true), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE, 0, ASK(RELEASE_GROUP, .outside = true), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE, attached_group(7, 0), ASK(CLAIM_DEVICE, .tag = 7), EOPNOTSUPP, UNSUPPORTED);
    REFUSED(PURE, attached_group(7, 0), ASK(RELEASE_DEVICE), EOPNOTSUPP, UNSUPPORTED);
}

static void a_claim_too_many_to_count_is_refused(void **state)
{
    (void)state;
    REFUSED(ON_6_12, attached_group(7, 65535), ASK(CLAIM_DEVICE, .tag = 7), E2BIG, TOO_MANY);
    REFUSED(ON_6_12, attached_group(7, 65535), ASK(CLAIM_DEVICE, .tag = 8), EPERM, CLAIM_OWNED);
    BECOMES(ON_6_12, attached_group(7, 65534), ASK(CLAIM_DEVICE, .tag = 7), attached_group(7, 65535));
    expect_evidence(ON_6_12, attached_group(7, 65535), ASK(CLAIM_DEVICE, .tag = 7), 65535, 0);
}

static void every_row_of_claims_is_visited(void **state)
{
    static const enum iow_operation operations[] = {
        IOW_OPERATION_CLAIM_GROUP,
        IOW_OPERATION_RELEASE_GROUP,
        IOW_OPERATION_CLAIM_DEVICE,
        IOW_OPERATION_RELEASE_DEVICE,
    };

    (void)state;
    assert_every_row_visited(operations, COUNT(operations));
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM_TESTS(TEST) cmocka_unit_test(pure_asks_the_domain_whether_a_group_is_claimed),
        cmocka_unit_test(a_device_in_no_group_has_nothing_to_claim),
        cmocka_unit_test(pure_knows_no_claims),
        cmocka_unit_test(a_claim_too_many_to_count_is_refused),
        cmocka_unit_test(every_row_of_claims_is_visited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
