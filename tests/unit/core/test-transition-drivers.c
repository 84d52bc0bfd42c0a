/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drivers that come and go. Source: Linux 6.1 and 6.12, iommu_device_use_default_domain() and unuse. */
#include "kernel-tests.h"
#include "transitions.h"

#define DEFERRED 517 /* EPROBE_DEFER: no number of user space */

static void a_driver_binds_to_a_device_without_a_group(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, 0, ASK(PROBE, .outside = true));
    UNCHANGED(ON_EVERY, 0, ASK(PROBE_MANAGED, .outside = true));
    UNCHANGED(ON_EVERY, 0, ASK(PROBE_FAILED, .outside = true));
    UNCHANGED(ON_EVERY, 0, ASK(UNBIND, .outside = true));
    UNCHANGED(ON_EVERY, 0, ASK(UNBOUND, .outside = true));
}

static void the_first_kernel_driver_makes_a_free_group_the_kernels(void **state)
{
    (void)state;
    BECOMES(ON_EVERY, unused_group(), ASK(PROBE), kernel_group(1));
}

static void a_further_kernel_driver_is_counted(void **state)
{
    (void)state;
    BECOMES(ON_EVERY, kernel_group(1), ASK(PROBE), kernel_group(2));
    BECOMES(ON_EVERY, kernel_group(29), ASK(PROBE), kernel_group(30));
}

static void a_kernel_driver_is_refused_in_an_owned_group(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, blocked_group(7, 1), ASK(PROBE), EBUSY, PROBE_OWNED);
    REFUSED(ON_EVERY, attached_group(7, 1), ASK(PROBE), EBUSY, PROBE_OWNED);
    REFUSED(ON_6_12, attached_group(7, 5), ASK(PROBE), EBUSY, PROBE_OWNED);
    expect_evidence(ON_EVERY, blocked_group(7, 1), ASK(PROBE), 7, 0);
}

static void a_kernel_driver_is_refused_beside_a_private_domain(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, private_group(1), ASK(PROBE), EBUSY, PROBE_PRIVATE);
    REFUSED(ON_EVERY, of_kind(private_group(1), IOW_KIND_BLOCKING), ASK(PROBE), EBUSY, PROBE_PRIVATE);
    expect_evidence(ON_EVERY, private_group(1), ASK(PROBE), IOW_KIND_TABLE, IOW_KIND_DEFAULT);
}

static void a_probe_waits_for_the_default_domain_on_6_12(void **state)
{
    uint64_t word = of_type(unused_group(), IOW_TYPE_NONE);

    (void)state;
    REFUSED(ON_6_12, word, ASK(PROBE), DEFERRED, NO_DEFAULT);
    expect_evidence(ON_6_12, word, ASK(PROBE), IOW_TYPE_NONE, 0);
}

static void a_probe_does_not_wait_for_a_default_domain_on_6_1(void **state)
{
    (void)state;
    BECOMES(
        ON_6_1, of_type(unused_group(), IOW_TYPE_NONE), ASK(PROBE), of_type(kernel_group(1), IOW_TYPE_NONE));
}

static void waiting_for_the_default_domain_comes_before_any_refusal_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, of_type(blocked_group(7, 1), IOW_TYPE_NONE), ASK(PROBE), DEFERRED, NO_DEFAULT);
    REFUSED(ON_6_12, of_type(private_group(1), IOW_TYPE_NONE), ASK(PROBE), DEFERRED, NO_DEFAULT);
    REFUSED(
        ON_6_12, of_type(with_pasids(kernel_group(1), 1), IOW_TYPE_NONE), ASK(PROBE), DEFERRED, NO_DEFAULT);
    REFUSED(ON_6_1, of_type(blocked_group(7, 1), IOW_TYPE_NONE), ASK(PROBE), EBUSY, PROBE_OWNED);
}

/* A driver attached an identity domain of its own, in a group whose default domain is identity. */
static uint64_t identity_beside_identity(void)
{
    return of_type(of_kind(private_group(1), IOW_KIND_IDENTITY), IOW_TYPE_IDENTITY);
}

static void one_identity_domain_passes_for_another_on_6_1(void **state)
{
    (void)state;
    BECOMES(ON_6_1, identity_beside_identity(), ASK(PROBE), with_drivers(identity_beside_identity(), 2));
    REFUSED(ON_6_1, of_kind(private_group(1), IOW_KIND_IDENTITY), ASK(PROBE), EBUSY, PROBE_PRIVATE);
    REFUSED(ON_6_1, of_type(private_group(1), IOW_TYPE_IDENTITY), ASK(PROBE), EBUSY, PROBE_PRIVATE);
}

static void one_identity_domain_does_not_pass_for_another_on_6_12(void **state)
{
    (void)state;
    REFUSED(PURE | ON_6_12, identity_beside_identity(), ASK(PROBE), EBUSY, PROBE_PRIVATE);
}

static void identity_helps_nobody_in_an_owned_group_on_6_1(void **state)
{
    uint64_t word = of_type(of_kind(attached_group(7, 1), IOW_KIND_IDENTITY), IOW_TYPE_IDENTITY);

    (void)state;
    REFUSED(ON_6_1, word, ASK(PROBE), EBUSY, PROBE_OWNED);
}

static void a_kernel_driver_is_refused_while_a_pasid_is_attached_on_6_12(void **state)
{
    (void)state;
    REFUSED(ON_6_12, with_pasids(kernel_group(1), 3), ASK(PROBE), EBUSY, PROBE_PASIDS);
    expect_evidence(ON_6_12, with_pasids(kernel_group(1), 3), ASK(PROBE), 3, 0);
}

static void nothing_is_looked_at_while_nobody_is_counted(void **state)
{
    (void)state;
    BECOMES(ON_BOTH, stray_group(), ASK(PROBE), private_group(1));
    BECOMES(ON_BOTH, leaked_group(7), ASK(PROBE), with_drivers(leaked_group(7), 1));
    BECOMES(ON_6_12, with_pasids(unused_group(), 1), ASK(PROBE), with_pasids(kernel_group(1), 1));
}

static void a_managed_driver_binds_beside_kernel_drivers_and_owners(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, unused_group(), ASK(PROBE_MANAGED));
    UNCHANGED(ON_EVERY, kernel_group(2), ASK(PROBE_MANAGED));
    UNCHANGED(ON_EVERY, blocked_group(7, 1), ASK(PROBE_MANAGED));
    UNCHANGED(ON_EVERY, attached_group(7, 1), ASK(PROBE_MANAGED));
}

static void a_managed_driver_binds_in_every_state(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, private_group(1), ASK(PROBE_MANAGED));
    UNCHANGED(ON_EVERY, stray_group(), ASK(PROBE_MANAGED));
    UNCHANGED(ON_BOTH, leaked_group(7), ASK(PROBE_MANAGED));
    UNCHANGED(ON_BOTH, of_type(unused_group(), IOW_TYPE_NONE), ASK(PROBE_MANAGED));
}

static void a_failed_probe_is_counted_no_longer(void **state)
{
    (void)state;
    BECOMES(ON_EVERY, kernel_group(1), ASK(PROBE_FAILED), unused_group());
    BECOMES(ON_EVERY, kernel_group(3), ASK(PROBE_FAILED), kernel_group(2));
    BECOMES(ON_BOTH, private_group(1), ASK(PROBE_FAILED), stray_group());
}

static void unbinding_begins_without_a_question(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, kernel_group(1), ASK(UNBIND));
    UNCHANGED(ON_BOTH, private_group(1), ASK(UNBIND));
    UNCHANGED(ON_EVERY, attached_group(7, 1), ASK(UNBIND));
    UNCHANGED(ON_EVERY, unused_group(), ASK(UNBIND));
}

static void a_kernel_driver_that_goes_leaves_the_others_counted(void **state)
{
    (void)state;
    BECOMES(ON_EVERY, kernel_group(3), ASK(UNBOUND), kernel_group(2));
}

static void the_last_kernel_driver_to_go_leaves_a_free_group(void **state)
{
    (void)state;
    BECOMES(ON_EVERY, kernel_group(1), ASK(UNBOUND), unused_group());
}

static void a_private_domain_outlives_its_driver(void **state)
{
    (void)state;
    BECOMES(ON_BOTH, private_group(1), ASK(UNBOUND), stray_group());
}

static void a_driver_that_nobody_counted_is_warned_of_when_it_goes(void **state)
{
    (void)state;
    WARNED(ON_EVERY, unused_group(), ASK(UNBOUND), COUNT_LOST);
    WARNED(ON_EVERY, unused_group(), ASK(PROBE_FAILED), COUNT_LOST);
    WARNED(ON_BOTH, stray_group(), ASK(UNBOUND), COUNT_LOST);
    WARNED(ON_BOTH, leaked_group(7), ASK(UNBOUND), COUNT_LOST);
    WARNED(ON_6_12, with_pasids(unused_group(), 1), ASK(UNBOUND), COUNT_LOST);
}

/* Linux has one count: the driver was bound before its device had a group, and goes after the group was
 * claimed. */
static void a_driver_that_nobody_counted_takes_the_claim_with_it(void **state)
{
    (void)state;
    BECOMES(ON_BOTH, blocked_group(7, 1), ASK(UNBOUND), leaked_group(7));
    BECOMES(ON_BOTH, blocked_group(7, 1), ASK(PROBE_FAILED), leaked_group(7));
    BECOMES(ON_6_12, attached_group(7, 3), ASK(UNBOUND), attached_group(7, 2));
}

static void a_pasid_keeps_the_count_of_a_driver_that_goes_on_6_12(void **state)
{
    (void)state;
    WARNED(ON_6_12, with_pasids(kernel_group(1), 1), ASK(UNBOUND), COUNT_KEPT);
    WARNED(ON_6_12, with_pasids(kernel_group(1), 1), ASK(PROBE_FAILED), COUNT_KEPT);
}

static void pure_refuses_kernel_drivers_while_the_domain_is_not_the_default(void **state)
{
    (void)state;
    REFUSED(PURE, blocked_group(7, 0), ASK(PROBE), EBUSY, PROBE_OWNED);
    REFUSED(PURE, attached_group(7, 0), ASK(PROBE), EBUSY, PROBE_OWNED);
    REFUSED(PURE, private_group(1), ASK(PROBE), EBUSY, PROBE_PRIVATE);
    REFUSED(PURE, stray_group(), ASK(PROBE), EBUSY, PROBE_PRIVATE);
}

static void pure_lets_no_driver_leave_its_domain_behind(void **state)
{
    (void)state;
    REFUSED(PURE, private_group(1), ASK(UNBIND), EBUSY, DETACH_FIRST);
    REFUSED(PURE, private_group(1), ASK(PROBE_FAILED), EBUSY, DETACH_FIRST);
    expect_evidence(PURE, private_group(1), ASK(UNBIND), IOW_KIND_TABLE, IOW_KIND_DEFAULT);
}

static void pure_warns_of_a_count_that_is_not_there(void **state)
{
    (void)state;
    WARNED(PURE, private_group(1), ASK(UNBOUND), COUNT_LOST);
    WARNED(PURE, attached_group(7, 0), ASK(UNBOUND), COUNT_LOST);
    WARNED(PURE, attached_group(7, 0), ASK(PROBE_FAILED), COUNT_LOST);
}

static void a_driver_too_many_to_count_is_refused(void **state)
{
    (void)state;
    REFUSED(ON_EVERY, kernel_group(65535), ASK(PROBE), E2BIG, TOO_MANY);
    BECOMES(ON_EVERY, kernel_group(65534), ASK(PROBE), kernel_group(65535));
    REFUSED(ON_6_12, with_pasids(kernel_group(65535), 1), ASK(PROBE), EBUSY, PROBE_PASIDS);
    expect_evidence(ON_EVERY, kernel_group(65535), ASK(PROBE), 65535, 0);
    REFUSED(ON_6_1, with_drivers(identity_beside_identity(), 65535), ASK(PROBE), E2BIG, TOO_MANY);
}

static void every_row_of_drivers_is_visited(void **state)
{
    static const enum iow_operation operations[] = {
        IOW_OPERATION_PROBE,
        IOW_OPERATION_PROBE_MANAGED,
        IOW_OPERATION_PROBE_FAILED,
        IOW_OPERATION_UNBIND,
        IOW_OPERATION_UNBOUND,
    };

    (void)state;
    assert_every_row_visited(operations, COUNT(operations));
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRIVER_TESTS(TEST) cmocka_unit_test(pure_refuses_kernel_drivers_while_the_domain_is_not_the_default),
        cmocka_unit_test(pure_lets_no_driver_leave_its_domain_behind),
        cmocka_unit_test(pure_warns_of_a_count_that_is_not_there),
        cmocka_unit_test(a_driver_too_many_to_count_is_refused),
        cmocka_unit_test(every_row_of_drivers_is_visited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
