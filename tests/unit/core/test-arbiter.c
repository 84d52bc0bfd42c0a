/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How members are moved, and what is left when one cannot be. */
#include "kernel-tests.h"
#include "machine.h"

static void owned_and_attached(struct machine *m, const char *profile, unsigned members)
{
    const struct iow_dma_domain a = table_of(7, "a");

    machine_init(m, profile, members);
    if (!(m->arbiter.profile->features & 1u << IOW_FEATURE_PURE))
        assert_int_equal(iow_dma_claim_group(&m->group, 7, NULL), 0);
    assert_int_equal(iow_dma_attach_group(&m->group, &a, NULL), 0);
    machine_forget(m);
}

static void a_claim_blocks_unbound_members_too(void **state)
{
    static const char *const kernels[] = {"linux-6.1", "linux-6.12"};
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(kernels); i++) {
        machine_init(&m, kernels[i], 3);
        machine_bind(&m, 1, IOW_DRIVER_MANAGED);
        assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
        assert_log(&m, "0>blocking 1>blocking 2>blocking");
        assert_state(&m, BLOCKED);
        assert_members_follow(&m, 0);
    }
}

static void a_claim_reverts_the_members_up_to_the_one_that_failed_on_6_12(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 3);
    machine_break(&m, 1, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, &explain), -EIO);
    assert_int_equal(explain.code, -EIO);
    assert_int_equal(explain.rule, IOW_RULE_DMA_ATTACH_FAILED);
    assert_log(&m, "0>blocking 1>blocking! 0>default 1>default");
    assert_state(&m, FREE);
    assert_members_follow(&m, 0);
    assert_int_equal(iow_dma_claim_device(&m.device[0], 7, NULL), -EIO);
    assert_state(&m, FREE);
}

static void a_claim_leaves_the_members_before_the_one_that_failed_blocked_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 3);
    machine_break(&m, 2, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), -EIO);
    assert_log(&m, "0>blocking 1>blocking 2>blocking!");
    assert_state(&m, FREE);
    assert_int_equal(m.on[0].kind, IOW_KIND_BLOCKING);
    assert_int_equal(m.on[1].kind, IOW_KIND_BLOCKING);
    assert_members_follow(&m, 1u << 0 | 1u << 1);
}

static void a_driver_binds_to_a_member_left_blocked_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 2);
    machine_break(&m, 1, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), -EIO);
    machine_bind(&m, 0, IOW_DRIVER_DMA_API);
    assert_state(&m, KERNEL);
    assert_int_equal(m.on[0].kind, IOW_KIND_BLOCKING);
}

static void an_attach_reverts_the_members_up_to_the_one_that_failed_on_6_12(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a"), b = table_of(7, "b");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 3);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    machine_break(&m, 1, IOW_KIND_TABLE);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), -EIO);
    assert_log(&m, "0>a 1>a! 0>blocking 1>blocking");
    assert_state(&m, BLOCKED);
    assert_members_follow(&m, 0);
    assert_int_equal(iow_dma_replace(&m.group, &b, NULL), -EIO);
    assert_log(&m, "0>b 1>b! 0>blocking 1>blocking");
    machine_mend(&m, 1);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    assert_log(&m, "0>a 1>a 2>a");
    assert_state(&m, ATTACHED);
}

static void an_attach_reverts_all_members_on_6_1(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 3);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    machine_break(&m, 1, IOW_KIND_TABLE);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), -EIO);
    assert_log(&m, "0>a 1>a! 0>blocking 1>blocking 2>blocking");
    assert_state(&m, BLOCKED);
    assert_members_follow(&m, 0);
}

static void a_release_blocks_the_member_that_failed_on_6_12(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 3);
    machine_break(&m, 1, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_log(&m, "0>default 1>default! 1>blocking 2>default");
    assert_state(&m, FREE);
    assert_members_follow(&m, 1u << 1);
    assert_int_equal(m.n_notes, 2);
    assert_stuck_note(&m, 0);
    assert_note(&m, 1, IOW_OPERATION_RELEASE_GROUP, IOW_RULE_NONE);
}

static void a_release_stops_at_the_member_that_failed_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.1", 3);
    machine_break(&m, 1, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_log(&m, "0>default 1>default!");
    assert_state(&m, STRAY);
    assert_members_follow(&m, 1u << 0);
    assert_stuck_note(&m, 0);
    assert_int_equal(iow_dma_claim_group(&m.group, 8, NULL), -EBUSY);
}

static void a_detach_stops_at_the_member_that_failed_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.1", 2);
    machine_break(&m, 1, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
    assert_log(&m, "0>blocking 1>blocking!");
    assert_state(&m, ATTACHED);
    assert_members_follow(&m, 1u << 0);
}

static void a_detach_goes_on_after_the_member_that_failed_on_6_12(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 2);
    machine_break(&m, 0, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
    assert_log(&m, "0>blocking! 1>blocking");
    assert_state(&m, BLOCKED);
    assert_members_follow(&m, 1u << 0);
}

static void a_member_that_cannot_go_back_is_blocked(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.12"};
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        const struct iow_dma_domain identity = {
            .kind = IOW_KIND_IDENTITY, .owner = 7, .handle = (void *)(uintptr_t) "identity"};

        owned_and_attached(&m, profiles[i], 3);
        machine_break(&m, 0, IOW_KIND_TABLE);
        machine_break(&m, 1, IOW_KIND_IDENTITY);
        assert_int_equal(iow_dma_replace(&m.group, &identity, NULL), -EIO);
        assert_log(&m, "0>identity 1>identity! 0>a! 0>blocking 1>a");
        assert_state(&m, ATTACHED);
        assert_members_follow(&m, 1u << 0);
        assert_int_equal(m.n_notes, 2);
        assert_stuck_note(&m, 0);
        assert_note(&m, 1, IOW_OPERATION_REPLACE, IOW_RULE_NONE);
    }
}

/* Where the group is blocked, going back and being blocked are the same, and tried once. */
static void a_member_that_cannot_go_back_to_blocking_is_left(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    machine_forget(&m);
    machine_break(&m, 0, IOW_KIND_BLOCKING);
    machine_break(&m, 1, IOW_KIND_TABLE);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), -EIO);
    assert_log(&m, "0>a 1>a! 0>blocking! 1>blocking");
    assert_state(&m, BLOCKED);
    assert_stuck_note(&m, 0);
}

static void a_member_that_cannot_be_blocked_either_is_noted_twice(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 2);
    machine_break(&m, 0, IOW_KIND_DEFAULT);
    machine_break(&m, 0, IOW_KIND_BLOCKING);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_log(&m, "0>default! 0>blocking! 1>default");
    assert_int_equal(m.n_notes, 3);
    assert_stuck_note(&m, 0);
    assert_stuck_note(&m, 1);
    assert_note(&m, 2, IOW_OPERATION_RELEASE_GROUP, IOW_RULE_NONE);
}

static void a_device_with_direct_regions_is_not_claimed_on_6_12(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_claim_group(&m.group, 7, &explain), -EINVAL);
    assert_int_equal(explain.code, -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_DIRECT);
    assert_log(&m, "0>blocking 0>default 1>default");
    assert_state(&m, FREE);
    assert_members_follow(&m, 0);
    assert_int_equal(iow_dma_claim_device(&m.device[0], 7, NULL), -EINVAL);
}

static void a_device_with_direct_regions_is_claimed_on_6_1(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 2);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_log(&m, "0>blocking 1>blocking");
}

/* A device with direct regions may join an owner's page table; the owner's detach cannot take it off
 * again. */
static void a_device_with_direct_regions_stays_on_a_page_table_it_joined(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 1);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    assert_log(&m, "1>a");
    machine_forget(&m);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
    assert_log(&m, "0>blocking");
    assert_state(&m, BLOCKED);
    assert_members_follow(&m, 1u << 1);
    assert_stuck_note(&m, 0);
}

/* ... but a member that has nowhere else to go is blocked whatever its firmware needs. */
static void a_device_with_direct_regions_is_blocked_as_a_last_resort(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 1);
    m.device[1].direct = true;
    assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
    machine_forget(&m);
    machine_break(&m, 1, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_log(&m, "0>default 1>default! 1>blocking");
}

static void pure_tells_the_owner_when_a_detach_fails(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "pure", 2);
    machine_break(&m, 1, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), -EIO);
    assert_log(&m, "0>default 1>default! 0>a 1>a");
    assert_state(&m, ATTACHED);
    assert_members_follow(&m, 0);
}

#define TEST(name, seen) cmocka_unit_test(name),

int main(void)
{
    const struct CMUnitTest tests[] = {
        MOVING_TESTS(TEST) cmocka_unit_test(a_member_that_cannot_go_back_to_blocking_is_left),
        cmocka_unit_test(a_member_that_cannot_be_blocked_either_is_noted_twice),
        cmocka_unit_test(a_device_with_direct_regions_stays_on_a_page_table_it_joined),
        cmocka_unit_test(a_device_with_direct_regions_is_blocked_as_a_last_resort),
        cmocka_unit_test(pure_tells_the_owner_when_a_detach_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
