/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every call has in common: the lock, the notes, and the queries that need neither. */
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

static void a_failed_move_is_noted_with_the_word_that_remained(void **state)
{
    struct machine m;
    uint64_t word;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    machine_break(&m, 0, IOW_KIND_BLOCKING);
    word = iow_dma_word(&m.group);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), -EIO);
    assert_int_equal(m.n_notes, 1);
    assert_note(&m, 0, IOW_OPERATION_CLAIM_GROUP, IOW_RULE_NONE);
    assert_int_equal(m.note[0].before, word);
    assert_int_equal(m.note[0].after, word);
}

static void a_change_is_noted_with_both_words(void **state)
{
    struct machine m;
    uint64_t before;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    before = iow_dma_word(&m.group);
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(m.n_notes, 1);
    assert_note(&m, 0, IOW_OPERATION_CLAIM_GROUP, IOW_RULE_NONE);
    assert_int_equal(m.note[0].before, before);
    assert_int_equal(m.note[0].after, iow_dma_word(&m.group));
    assert_int_not_equal(before, iow_dma_word(&m.group));
}

static void a_warning_is_noted_and_no_error(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_int_equal(iow_dma_detach_device(&m.device[0], 7, NULL), 0);
    assert_int_equal(m.n_notes, 2);
    assert_note(&m, 0, IOW_OPERATION_RELEASE_GROUP, IOW_RULE_DMA_RELEASE_UNOWNED);
    assert_note(&m, 1, IOW_OPERATION_DETACH_DEVICE, IOW_RULE_DMA_DETACH_OTHER);
    assert_int_equal(m.note[0].before, m.note[0].after);
    assert_log(&m, "");
}

static void a_refusal_is_not_noted(void **state)
{
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_claim_group(&m.group, 8, NULL), -EPERM);
    assert_int_equal(iow_dma_probe(&m.device[0], IOW_DRIVER_DMA_API, NULL), -EBUSY);
    assert_int_equal(m.n_notes, 0);
    assert_log(&m, "");
}

static void an_explanation_is_written_only_with_an_error(void **state)
{
    struct iow_explain explain = {.code = 1};
    struct machine m;

    (void)state;
    owned_and_attached(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_detach_group(&m.group, 7, &explain), 0);
    machine_break(&m, 0, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_release_group(&m.group, &explain), 0);
    owned_and_attached(&m, "linux-6.1", 1);
    machine_break(&m, 0, IOW_KIND_DEFAULT);
    assert_int_equal(iow_dma_release_group(&m.group, &explain), 0);
    assert_int_equal(explain.code, 1);
}

static int operate(struct machine *m, unsigned n)
{
    const struct iow_dma_domain a = table_of(7, "a");

    switch (n) {
    case 0:
        return iow_dma_add(&m->group, &m->device[1], NULL);
    case 1:
        return iow_dma_remove(&m->device[0], NULL);
    case 2:
        return iow_dma_probe(&m->device[0], IOW_DRIVER_DMA_API, NULL);
    case 3:
        return iow_dma_bound(&m->device[0], NULL);
    case 4:
        return iow_dma_probe_failed(&m->device[0], NULL);
    case 5:
        return iow_dma_unbind(&m->device[0], NULL);
    case 6:
        return iow_dma_unbound(&m->device[0], NULL);
    case 7:
        return iow_dma_claim_group(&m->group, 7, NULL);
    case 8:
        return iow_dma_release_group(&m->group, NULL);
    case 9:
        return iow_dma_claim_device(&m->device[0], 7, NULL);
    case 10:
        return iow_dma_release_device(&m->device[0], NULL);
    case 11:
        return iow_dma_attach_group(&m->group, &a, NULL);
    case 12:
        return iow_dma_detach_group(&m->group, 7, NULL);
    case 13:
        return iow_dma_attach_device(&m->device[0], &a, NULL);
    case 14:
        return iow_dma_detach_device(&m->device[0], 7, NULL);
    case 15:
        return iow_dma_replace(&m->group, &a, NULL);
    case 16:
        return iow_dma_attach_pasid(&m->device[0], 1, &a, NULL);
    case 17:
        return iow_dma_detach_pasid(&m->device[0], 1, 7, NULL);
    default:
        return iow_dma_set_type(&m->group, IOW_TYPE_IDENTITY, false, NULL);
    }
}

enum {
    N_OPERATIONS = 19
};

/* Every operation, after every other, whether it is refused, fails or succeeds: the hooks see to the
 * balance. */
static void every_operation_takes_the_lock_at_most_once_and_gives_it_back(void **state)
{
    (void)state;
    for (uint32_t p = 0; iow_profile_at(p); p++)
        for (unsigned first = 0; first < N_OPERATIONS; first++)
            for (unsigned second = 0; second < N_OPERATIONS; second++)
                for (unsigned broken = 0; broken < 2; broken++) {
                    struct machine m;

                    machine_init(&m, iow_profile_at(p)->name, 1);
                    (void)operate(&m, first);
                    machine_forget(&m);
                    m.failing[0] = broken ? ~0u : 0;
                    m.failing_pasid = broken && second != 17;
                    (void)operate(&m, second);
                    assert_int_equal(m.depth, 0);
                    assert_true(m.locks <= 1);
                    if (m.n_notes)
                        assert_int_equal(m.locks, 1);
                }
}

static void without_lock_hooks_there_is_one_thread(void **state)
{
    for (unsigned n = 0; n < N_OPERATIONS; n++) {
        struct machine m;

        machine_init(&m, "linux-6.12", 1);
        m.hooks.lock = m.hooks.unlock = NULL;
        (void)operate(&m, n);
        assert_int_equal(m.locks, 0);
    }
    (void)state;
}

static void nobody_need_be_noted_to(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "linux-6.12", 2);
    m.hooks.noted = NULL;
    assert_int_equal(iow_dma_claim_group(&m.group, 7, NULL), 0);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_int_equal(iow_dma_release_group(&m.group, NULL), 0);
    assert_int_equal(m.n_notes, 0);
    assert_state(&m, FREE);
}

static void anyone_may_ask_for_the_owner_without_the_lock(void **state)
{
    struct machine m;
    uint32_t tag = 99;

    (void)state;
    machine_init(&m, "linux-6.12", 1);
    assert_int_equal(iow_dma_owner(&m.group, &tag), IOW_OWNER_NONE);
    assert_int_equal(tag, 0);
    assert_false(iow_dma_claimed(&m.group));
    machine_bind(&m, 0, IOW_DRIVER_DMA_API);
    assert_int_equal(iow_dma_owner(&m.group, NULL), IOW_OWNER_KERNEL);
    assert_true(iow_dma_claimed(&m.group));
    machine_unbind(&m, 0);
    assert_int_equal(iow_dma_claim_group(&m.group, IOW_MOST_TAG, NULL), 0);
    machine_forget(&m);
    assert_int_equal(iow_dma_owner(&m.group, &tag), IOW_OWNER_USER);
    assert_int_equal(tag, IOW_MOST_TAG);
    assert_true(iow_dma_claimed(&m.group));
    assert_int_equal(m.locks, 0);
}

static void a_driver_with_its_own_domain_is_the_kernel_in_private(void **state)
{
    const struct iow_dma_domain own = table_of(0, "own");
    struct machine m;
    uint32_t tag = 99;

    (void)state;
    machine_init(&m, "pure", 1);
    machine_bind(&m, 0, IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_dma_attach_device(&m.device[0], &own, NULL), 0);
    assert_int_equal(iow_dma_owner(&m.group, &tag), IOW_OWNER_KERNEL_PRIVATE);
    assert_int_equal(tag, 0);
    assert_true(iow_dma_claimed(&m.group));
}

static void a_new_group_is_free_and_on_its_default_domain(void **state)
{
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 0);
    iow_dma_group_init(&m.group, &m.arbiter, IOW_TYPE_IDENTITY, &m);
    assert_state(&m, FREE);
    assert_int_equal(iow_ownership_unpack(iow_dma_word(&m.group)).type, IOW_TYPE_IDENTITY);
    assert_int_equal(m.group.domain.kind, IOW_KIND_DEFAULT);
    assert_int_equal(m.group.domain.type, IOW_TYPE_IDENTITY);
    assert_ptr_equal(m.group.lock, &m);
    assert_null(m.group.first);
}

static void a_new_device_is_in_no_group_and_unbound(void **state)
{
    struct iow_dma_device device;
    struct machine m;

    (void)state;
    machine_init(&m, "pure", 0);
    iow_dma_device_init(&device, &m.arbiter, &m);
    assert_null(device.group);
    assert_ptr_equal(device.handle, &m);
    assert_ptr_equal(device.arbiter, &m.arbiter);
    assert_int_equal(device.trait, IOW_DRIVER_NONE);
    assert_int_equal(device.phase, IOW_PHASE_UNBOUND);
    assert_false(device.direct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_move_is_noted_with_the_word_that_remained),
        cmocka_unit_test(a_change_is_noted_with_both_words),
        cmocka_unit_test(a_warning_is_noted_and_no_error),
        cmocka_unit_test(a_refusal_is_not_noted),
        cmocka_unit_test(an_explanation_is_written_only_with_an_error),
        cmocka_unit_test(every_operation_takes_the_lock_at_most_once_and_gives_it_back),
        cmocka_unit_test(without_lock_hooks_there_is_one_thread),
        cmocka_unit_test(nobody_need_be_noted_to),
        cmocka_unit_test(anyone_may_ask_for_the_owner_without_the_lock),
        cmocka_unit_test(a_driver_with_its_own_domain_is_the_kernel_in_private),
        cmocka_unit_test(a_new_group_is_free_and_on_its_default_domain),
        cmocka_unit_test(a_new_device_is_in_no_group_and_unbound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
