/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims as an embedder makes them. What each answers is the matter of test-transition-claims.c. */
#include "machine.h"

static void a_group_is_claimed_used_and_released(void **state)
{
    static const char *const kernels[] = {"linux-6.1", "linux-6.12"};
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(kernels); i++) {
        machine_init(&m, kernels[i], 2);
        assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
        assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
        assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
        assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
        assert_log(&m, "0>blocking 1>blocking 0>a 1>a 0>blocking 1>blocking 0>default 1>default");
        assert_state(&m, FREE);
        assert_members_follow(&m, 0);
    }
}

static void two_devices_of_one_owner_are_claimed_and_released_one_by_one(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_claim_device(&m.device[0], 7, NULL), 0);
    assert_int_equal(iow_dma_claim_device(&m.device[1], 7, NULL), 0);
    assert_log(&m, "0>blocking 1>blocking");
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).claims, 2);
    assert_int_equal(iow_dma_claim_device(&m.device[1], 8, NULL), -EPERM);
    assert_int_equal(iow_dma_release_device(&m.device[0], NULL), 0);
    assert_log(&m, "");
    assert_state(&m, BLOCKED);
    assert_int_equal(iow_dma_release_device(&m.device[1], NULL), 0);
    assert_log(&m, "0>default 1>default");
    assert_state(&m, FREE);
}

static void a_device_in_no_group_is_not_claimed(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 0);
    assert_int_equal(iow_dma_claim_device(&m.device[0], 7, &explain), -ENODEV);
    assert_int_equal(explain.rule, IOW_RULE_DMA_NO_GROUP);
    assert_int_equal(iow_dma_release_device(&m.device[0], NULL), -ENODEV);
    assert_int_equal(m.locks, 0);
}

static void an_owner_whose_tag_does_not_fit_is_refused(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, IOW_MOST_TAG + 1, &explain), -E2BIG);
    assert_int_equal(explain.rule, IOW_RULE_DMA_TOO_MANY);
    assert_int_equal(iow_dma_claim_device(&m.device[0], UINT32_MAX, NULL), -E2BIG);
    assert_state(&m, FREE);
    assert_int_equal(iow_dma_claim_group(&m.group, IOW_MOST_TAG, NULL), 0);
}

static void pure_knows_no_claim(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, &explain), -EOPNOTSUPP);
    assert_int_equal(explain.rule, IOW_RULE_DMA_UNSUPPORTED);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), -EOPNOTSUPP);
    assert_int_equal(iow_dma_claim_device(&m.device[0], 7, NULL), -EOPNOTSUPP);
    assert_int_equal(iow_dma_release_device(&m.device[0], NULL), -EOPNOTSUPP);
    assert_log(&m, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_claimed_used_and_released),
        cmocka_unit_test(two_devices_of_one_owner_are_claimed_and_released_one_by_one),
        cmocka_unit_test(a_device_in_no_group_is_not_claimed),
        cmocka_unit_test(an_owner_whose_tag_does_not_fit_is_refused),
        cmocka_unit_test(pure_knows_no_claim),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
