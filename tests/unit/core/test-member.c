/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members that join and leave. */
#include "kernel-tests.h"
#include "machine.h"

static void a_newcomer_joins_a_user_page_table_before_any_driver(void **state)
{
    static const char *const kernels[] = {"linux-6.1", "linux-6.12"};
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(kernels); i++) {
        machine_init(&m, kernels[i], 1);
        assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
        assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
        machine_forget(&m);
        assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
        assert_log(&m, "1>a");
        assert_state(&m, ATTACHED);
        assert_int_equal(iow_dma_probe(&m.device[1], IOW_DRIVER_DMA_API, NULL), -EBUSY);
    }
}

/* A driver's own domain; its device is alone in the group when it attaches, and no longer is when another
 * comes. */
static void with_private_domain(struct machine *m, const char *profile)
{
    const struct iow_dma_domain own = table_of(0, "own");

    machine_init(m, profile, 1);
    machine_bind(m, 0, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_dma_attach_device(&m->device[0], &own, NULL), 0);
    machine_forget(m);
}

static void a_newcomer_to_a_private_domain_ends_on_the_default_one_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    with_private_domain(&m, "linux-6.1");
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_log(&m, "1>own 1>default");
    assert_int_equal(m.on[1].type, IOW_TYPE_DMA);
    assert_state(&m, PRIVATE);
    assert_members_follow(&m, 1u << 1);
}

static void a_newcomer_to_a_private_domain_stays_there_on_6_12(void **state)
{
    struct machine m;

    (void)state;
    with_private_domain(&m, "linux-6.12");
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_log(&m, "1>own");
    assert_members_follow(&m, 0);
}

static void a_newcomer_that_fails_on_either_move_never_was_a_member_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    with_private_domain(&m, "linux-6.1");
    machine_break(&m, 1, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -EIO);
    assert_log(&m, "1>own 1>default! -1");
    m.hooks.detach = NULL;
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -EIO);
    assert_log(&m, "1>own 1>default!");
    machine_mend(&m, 1);
    machine_break(&m, 1, IOW_KIND_TABLE);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -EIO);
    assert_log(&m, "1>own!");
    assert_int_equal(m.group.n_members, 1);
}

static void a_device_with_direct_regions_does_not_join_a_blocked_group_on_6_12(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], &explain), -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_DIRECT);
    assert_log(&m, "");
    assert_null(m.device[1].group);
    assert_int_equal(m.group.n_members, 1);
}

static void a_device_that_failed_to_join_binds_uncounted_on_6_12(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -EINVAL);
    machine_bind(&m, 1, IOW_DRIVER_DMA_API);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).drivers, 0);
    assert_state(&m, BLOCKED);
}

static void a_driver_bound_before_its_device_had_a_group_is_not_counted(void **state)
{
    static const char *const kernels[] = {"linux-6.1", "linux-6.12"};
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(kernels); i++) {
        machine_init(&m, kernels[i], 0);
        machine_bind(&m, 0, IOW_DRIVER_DMA_API);
        assert_int_equal(iow_dma_add(&m.group, &m.device[0], NULL), 0);
        assert_state(&m, FREE);
        assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
        assert_int_equal(m.on[0].kind, IOW_KIND_BLOCKING);
        assert_int_equal(iow_dma_unbind(&m.device[0], NULL), 0);
        assert_int_equal(iow_dma_unbound(&m.device[0], NULL), 0);
        assert_state(&m, LEAKED);
    }
}

static void pure_counts_a_driver_that_comes_with_its_device(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 0);
    machine_bind(&m, 0, IOW_DRIVER_DMA_API);
    machine_bind(&m, 1, IOW_DRIVER_MANAGED);
    assert_int_equal(iow_dma_add(&m.group, &m.device[0], NULL), 0);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_state(&m, KERNEL);
    machine_unbind(&m, 0);
    assert_state(&m, FREE);
}

static void pure_keeps_a_device_with_a_driver_out_of_an_owned_group(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 1);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    machine_bind(&m, 1, IOW_DRIVER_PRIVATE);
    machine_bind(&m, 2, IOW_DRIVER_MANAGED);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), -EBUSY);
    assert_log(&m, "");
    assert_int_equal(iow_dma_add(&m.group, &m.device[2], NULL), 0);
    assert_log(&m, "2>a");
}

static void members_are_moved_in_the_order_they_joined(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 0);
    for (int i = 3; i >= 0; i--)
        assert_int_equal(iow_dma_add(&m.group, &m.device[i], NULL), 0);
    assert_log(&m, "3>default 2>default 1>default 0>default");
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_log(&m, "3>blocking 2>blocking 1>blocking 0>blocking");
}

static void a_device_joins_one_group_once(void **state)
{
    struct iow_explain explain;
    struct iow_dma_group other;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 2);
    assert_int_equal(iow_dma_add(&m.group, &m.device[0], &explain), -EEXIST);
    assert_int_equal(explain.rule, IOW_RULE_DMA_IN_GROUP);
    iow_dma_group_init(&other, &m.arbiter, IOW_TYPE_DMA, &m);
    assert_int_equal(iow_dma_add(&other, &m.device[0], NULL), -EEXIST);
    assert_log(&m, "");
    assert_int_equal(m.group.n_members, 2);
    assert_int_equal(other.n_members, 0);
}

/* First, last, in the middle, the only one. */
static void any_member_leaves_and_may_come_back(void **state)
{
    static const unsigned left[][3] = {{1, 2, 0}, {0, 2, 1}, {0, 1, 2}};
    static const char *const logs[] = {"-0 0>default 1>blocking 2>blocking 0>blocking",
        "-1 1>default 0>blocking 2>blocking 1>blocking", "-2 2>default 0>blocking 1>blocking 2>blocking"};

    (void)state;
    for (unsigned gone = 0; gone < 3; gone++) {
        struct machine m;
        const struct iow_dma_device *d;

        machine_init(&m, "linux-6.12", 3);
        assert_int_equal(iow_dma_remove(&m.device[gone], NULL), 0);
        assert_null(m.device[gone].group);
        assert_null(m.device[gone].previous);
        assert_null(m.device[gone].next);
        assert_int_equal(m.group.n_members, 2);
        assert_int_equal(iow_dma_add(&m.group, &m.device[gone], NULL), 0);
        assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
        assert_log(&m, logs[gone]);
        d = m.group.last;
        for (int i = 2; i >= 0; i--, d = d->previous)
            assert_ptr_equal(d, &m.device[left[gone][i]]);
        assert_null(d);
    }
}

static void the_last_member_takes_what_the_group_was_with_it(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_remove(&m.device[0], NULL), 0);
    assert_log(&m, "-0");
    assert_state(&m, FREE);
    assert_null(m.group.first);
    assert_null(m.group.last);
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_log(&m, "1>default");
}

static void a_device_leaves_unbound_and_without_pasids(void **state)
{
    const struct iow_dma_domain a = table_of(0, "a");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    machine_bind(&m, 0, IOW_DRIVER_DMA_API);
    assert_int_equal(iow_dma_remove(&m.device[0], &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_BOUND);
    machine_unbind(&m, 0);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 1, &a, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_remove(&m.device[0], &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_PASIDS_LEFT);
    assert_log(&m, "");
    assert_ptr_equal(m.device[0].group, &m.group);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 1, 0, NULL), 0);
    assert_int_equal(iow_dma_remove(&m.device[0], NULL), 0);
}

static void a_device_in_no_group_does_not_leave_one(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 0);
    assert_int_equal(iow_dma_remove(&m.device[0], &explain), -ENODEV);
    assert_int_equal(explain.rule, IOW_RULE_DMA_NO_GROUP);
    assert_int_equal(m.locks, 0);
}

static void a_device_leaves_quietly_without_a_hook_for_it(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 1);
    m.hooks.detach = NULL;
    assert_int_equal(iow_dma_remove(&m.device[0], NULL), 0);
    assert_log(&m, "");
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOINING_TESTS(TEST) cmocka_unit_test(pure_counts_a_driver_that_comes_with_its_device),
        cmocka_unit_test(pure_keeps_a_device_with_a_driver_out_of_an_owned_group),
        cmocka_unit_test(members_are_moved_in_the_order_they_joined),
        cmocka_unit_test(a_device_joins_one_group_once),
        cmocka_unit_test(any_member_leaves_and_may_come_back),
        cmocka_unit_test(the_last_member_takes_what_the_group_was_with_it),
        cmocka_unit_test(a_device_leaves_unbound_and_without_pasids),
        cmocka_unit_test(a_device_in_no_group_does_not_leave_one),
        cmocka_unit_test(a_device_leaves_quietly_without_a_hook_for_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
