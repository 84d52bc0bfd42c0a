/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains, PASIDs and types as an embedder asks for them. What each answers is the matter of
 * test-transition-*.c. */
#include "machine.h"

static void pure_attaches_and_that_is_the_claim(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a"), b = table_of(8, "b"), none = blocking_of(7);
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 2);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    assert_int_equal(iow_dma_attach_group(&m.group, &b, &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_OTHER_OWNER);
    assert_int_equal(iow_dma_attach_group(&m.group, &none, NULL), 0);
    assert_state(&m, BLOCKED);
    assert_int_equal(iow_dma_detach_group(&m.group, 8, NULL), -EPERM);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 8, NULL), -EPERM);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
    assert_log(&m, "0>a 1>a 0>blocking 1>blocking 0>default 1>default");
    assert_state(&m, FREE);
    assert_members_follow(&m, 0);
}

static void a_domain_is_replaced_without_blocking_in_between(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.12"};
    const struct iow_dma_domain a = table_of(7, "a"), b = table_of(7, "b");
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        machine_init(&m, profiles[i], 2);
        (void)iow_dma_claim_group(&m.group, 7, NULL);
        assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
        machine_forget(&m);
        assert_int_equal(iow_dma_replace(&m.group, &b, NULL), 0);
        assert_log(&m, "0>b 1>b");
        assert_members_follow(&m, 0);
        assert_int_equal(iow_dma_add(&m.group, &m.device[2], NULL), 0);
        assert_log(&m, "2>b");
    }
}

static void a_device_alone_in_its_group_is_attached_and_detached(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.1", "linux-6.12"};
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        machine_init(&m, profiles[i], 1);
        assert_int_equal(iow_dma_attach_device(&m.device[0], &a, NULL), 0);
        assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
        assert_log(&m, "0>a 0>default");
        assert_state(&m, FREE);
        assert_int_equal(iow_dma_add(&m.group, &m.device[1], NULL), 0);
        assert_int_equal(iow_dma_attach_device(&m.device[0], &a, NULL), -EINVAL);
    }
}

static void a_device_is_not_detached_from_the_domain_of_somebody_else(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 8, NULL), 0);
    assert_note(&m, 0, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
    assert_note(&m, 2, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
    assert_log(&m, "0>blocking");
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 0, NULL), 0);
    assert_note(&m, 0, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
}

static void the_blocking_domain_is_the_owners_and_the_groups_own(void **state)
{
    struct iow_dma_domain other = table_of(7, "other");
    struct machine m;

    (void)state;
    other.other_iommu = true;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(m.on[1].owner, 7);
    assert_int_equal(iow_dma_replace(&m.group, &other, NULL), 0);
    assert_true(m.on[1].other_iommu);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
    assert_false(m.on[1].other_iommu);
    assert_false(m.group.domain.other_iommu);
    assert_int_equal(m.group.domain.owner, 7);
}

static void a_device_in_no_group_is_not_attached(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 0);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &a, NULL), -ENODEV);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 1, &a, NULL), -ENODEV);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 1, 7, NULL), -ENODEV);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
    assert_log(&m, "");
    assert_int_equal(m.locks, 0);
}

/* Only the driver itself may: not another device's, not one that is leaving, not a managed one. */
static void pure_asks_which_driver_attaches(void **state)
{
    const struct iow_dma_domain own = table_of(0, "own");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 1);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, &explain), -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_ATTACH_BY_NOBODY);
    machine_bind(&m, 0, IOW_DRIVER_MANAGED);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), -EINVAL);
    machine_unbind(&m, 0);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_PRIVATE, NULL), 0);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), 0);
    assert_int_equal(iow_dma_probe_failed(&m.device[0], NULL), -EBUSY);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 0, NULL), 0);
    assert_int_equal(iow_dma_bound(&m.device[0], NULL), 0);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), 0);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 0, NULL), 0);
    assert_int_equal(iow_dma_unbind(&m.device[0], NULL), 0);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), -EINVAL);
}

static void a_domain_of_another_iommu_is_refused(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.12"};
    struct iow_dma_domain other = table_of(7, "other");
    struct machine m;

    (void)state;
    other.other_iommu = true;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        machine_init(&m, profiles[i], 1);
        assert_int_equal(iow_dma_attach_group(&m.group, &other, NULL), -EINVAL);
        assert_log(&m, "");
    }
}

static void pasids_are_counted_by_device_and_by_group(void **state)
{
    const struct iow_dma_domain a = table_of(0, "a");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &a, NULL), 0);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 6, &a, NULL), 0);
    assert_int_equal(iow_dma_attach_pasid(&m.device[1], 5, &a, NULL), 0);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).pasids, 3);
    assert_int_equal(m.device[0].pasids, 2);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), -EBUSY);
    assert_int_equal(iow_dma_detach_pasid(&m.device[1], 5, 0, NULL), 0);
    assert_int_equal(iow_dma_detach_pasid(&m.device[1], 5, 0, &explain), -EINVAL);
    assert_int_equal(explain.rule, IOW_RULE_DMA_NO_PASID);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 6, 0, NULL), 0);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 5, 0, NULL), 0);
    assert_log(&m, "0:5>a 0:6>a 1:5>a 1:5> 0:6> 0:5>");
    assert_int_equal(m.n_notes, 6);
    assert_note(&m, 0, IOW_OPERATION_ATTACH_PASID, IOW_RULE_NONE);
    assert_note(&m, 5, IOW_OPERATION_DETACH_PASID, IOW_RULE_NONE);
    assert_state(&m, FREE);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
}

static void an_owner_beyond_the_tags_attaches_no_pasid(void **state)
{
    const struct iow_dma_domain beyond = table_of(IOW_MOST_TAG + 1, "beyond");
    const struct iow_dma_domain last = table_of(IOW_MOST_TAG, "last");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &beyond, &explain), -E2BIG);
    assert_int_equal(explain.rule, IOW_RULE_DMA_TOO_MANY);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &last, NULL), 0);
}

static void a_pasid_that_cannot_be_attached_is_not_counted(void **state)
{
    const struct iow_dma_domain a = table_of(0, "a");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    m.failing_pasid = true;
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &a, &explain), -ENOMEM);
    assert_int_equal(explain.rule, IOW_RULE_DMA_ATTACH_FAILED);
    assert_int_equal(m.device[0].pasids, 0);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).pasids, 0);
}

static void without_a_hook_there_are_no_pasids(void **state)
{
    const struct iow_dma_domain a = table_of(0, "a");
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    m.hooks.pasid = NULL;
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &a, &explain), -EOPNOTSUPP);
    assert_int_equal(explain.rule, IOW_RULE_DMA_NO_HOOK);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 5, 0, NULL), -EOPNOTSUPP);
}

static void pure_keeps_pasids_to_the_owner(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a"), b = table_of(8, "b");
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 1);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &a, NULL), -EINVAL);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &b, NULL), -EPERM);
    assert_int_equal(iow_dma_attach_pasid(&m.device[0], 5, &a, NULL), 0);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), -EBUSY);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 5, 8, NULL), -EPERM);
    assert_int_equal(iow_dma_detach_pasid(&m.device[0], 5, 7, NULL), 0);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, NULL), 0);
}

static void a_new_default_domain_is_what_newcomers_join(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_IDENTITY, false, NULL), 0);
    assert_log(&m, "0>default 1>default");
    assert_int_equal(m.on[0].type, IOW_TYPE_IDENTITY);
    assert_int_equal(m.group.domain.type, IOW_TYPE_IDENTITY);
    assert_int_equal(iow_dma_add(&m.group, &m.device[2], NULL), 0);
    assert_int_equal(m.on[2].type, IOW_TYPE_IDENTITY);
    assert_state(&m, FREE);
}

static void a_type_that_fails_leaves_the_old_one(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.12"};
    struct machine m;

    (void)state;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        machine_init(&m, profiles[i], 2);
        machine_break(&m, 1, IOW_KIND_DEFAULT);
        assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_IDENTITY, false, NULL), -EIO);
        assert_log(&m, "0>default 1>default! 0>default 1>default! 1>blocking");
        assert_int_equal(m.on[0].type, IOW_TYPE_DMA);
        assert_int_equal(m.group.domain.type, IOW_TYPE_DMA);
    }
}

static void a_default_domain_becomes_lazy_in_place(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    machine_bind(&m, 0, IOW_DRIVER_DMA_API);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_DMA_FQ, false, NULL), 0);
    assert_log(&m, "");
    assert_int_equal(m.group.domain.type, IOW_TYPE_DMA_FQ);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).type, IOW_TYPE_DMA_FQ);
}

/* The owner's page table stays where it is; the domain to come back to is another. */
static void a_default_domain_becomes_lazy_below_an_owner(void **state)
{
    const struct iow_dma_domain a = table_of(7, "a");
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(iow_dma_attach_group(&m.group, &a, NULL), 0);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_DMA_FQ, false, NULL), 0);
    assert_members_follow(&m, 0);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_int_equal(m.on[0].kind, IOW_KIND_DEFAULT);
    assert_int_equal(m.on[0].type, IOW_TYPE_DMA_FQ);
}

static void any_bound_driver_keeps_the_type_on_6_1(void **state)
{
    struct iow_explain explain;
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.1", 1);
    machine_bind(&m, 0, IOW_DRIVER_MANAGED);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_IDENTITY, false, &explain), -EBUSY);
    assert_int_equal(explain.rule, IOW_RULE_DMA_TYPE_BOUND);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_DMA_FQ, false, NULL), 0);
    machine_unbind(&m, 0);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_IDENTITY, true, NULL), -EINVAL);
    assert_int_equal(iow_dma_set_type(&m.group, IOW_TYPE_IDENTITY, false, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pure_attaches_and_that_is_the_claim),
        cmocka_unit_test(a_domain_is_replaced_without_blocking_in_between),
        cmocka_unit_test(a_device_alone_in_its_group_is_attached_and_detached),
        cmocka_unit_test(a_device_is_not_detached_from_the_domain_of_somebody_else),
        cmocka_unit_test(the_blocking_domain_is_the_owners_and_the_groups_own),
        cmocka_unit_test(a_device_in_no_group_is_not_attached),
        cmocka_unit_test(pure_asks_which_driver_attaches),
        cmocka_unit_test(a_domain_of_another_iommu_is_refused),
        cmocka_unit_test(pasids_are_counted_by_device_and_by_group),
        cmocka_unit_test(an_owner_beyond_the_tags_attaches_no_pasid),
        cmocka_unit_test(a_pasid_that_cannot_be_attached_is_not_counted),
        cmocka_unit_test(without_a_hook_there_are_no_pasids),
        cmocka_unit_test(pure_keeps_pasids_to_the_owner),
        cmocka_unit_test(a_new_default_domain_is_what_newcomers_join),
        cmocka_unit_test(a_type_that_fails_leaves_the_old_one),
        cmocka_unit_test(a_default_domain_becomes_lazy_in_place),
        cmocka_unit_test(a_default_domain_becomes_lazy_below_an_owner),
        cmocka_unit_test(any_bound_driver_keeps_the_type_on_6_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
