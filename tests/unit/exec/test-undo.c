/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include <errno.h>

#include "faulty-vfs.h"

static void released_everything_is_as_it_was(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 3, true, 2);
    scene_claim(&s);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_undone, s.plan->n_steps - 1); /* a module stays */
    assert_int_equal(s.outcome.n_left, 0);
    assert_int_equal(s.outcome.n_failures, 0);
    assert_as_at_start(&s);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

struct order {
    struct iow_step steps[32];
    unsigned n;
};

static void remember(void *ctx, const struct iow_progress *progress)
{
    struct order *order = ctx;

    if (progress->kind == IOW_PROGRESS_BEGINS && order->n < COUNT(order->steps))
        order->steps[order->n++] = *progress->step;
}

static void several_claims_are_undone_step_by_step_in_reverse(void **state)
{
    struct order order = {.n = 0};
    struct scene s;

    (void)state;
    scene_open(&s, 3, true, 0);
    scene_claim(&s);
    s.exec.tell = remember;
    s.exec.ctx = &order;
    scene_undo(&s, false);
    assert_int_equal(order.n, s.plan->n_steps - 1);
    for (unsigned i = 0; i < order.n; i++) {
        const struct iow_step *done = &s.plan->steps[s.plan->n_steps - 1 - i];

        assert_int_equal(order.steps[i].kind, iow_step_inverse(done).kind);
        assert_int_equal(order.steps[i].group, done->group);
        assert_int_equal(iow_address_compare(&order.steps[i].function, &done->function), 0);
    }
    scene_close(&s);
}

static void only_the_claim_named_is_undone(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 2, true, 0);
    scene_claim(&s);
    claims = scene_claims(&s, &n);
    assert_int_equal(n, 2);
    claims++;
    assert_int_equal(iow_exec_undo(&s.exec, &claims, 1, false, &s.mem, &s.outcome, NULL), 0);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_string_equal(s.fake.functions[0].driver, "vfio-pci");
    assert_string_equal(s.fake.functions[1].driver, "e1000e");
    assert_int_equal(scene_count(&s), 1);
    scene_close(&s);
}

static void what_somebody_else_changed_is_left_and_said(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    strcpy(s.fake.functions[0].override, "theirs");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.n_left, 1);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_FOREIGN);
    assert_true(s.outcome.failures[0].undoing);
    assert_int_equal(s.outcome.failures[0].step.kind, IOW_STEP_OVERRIDE);
    assert_string_equal(s.outcome.failures[0].seen, "theirs");
    assert_string_equal(s.fake.functions[0].override, "theirs");
    /* The driver does not match their override: that is still ours to try again. */
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_OPEN);
    assert_int_equal(s.outcome.failures[1].rule, IOW_RULE_EXEC_REFUSED);
    assert_int_equal(s.outcome.failures[1].error, ENODEV);
    strcpy(s.fake.functions[0].override, "");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void a_function_that_is_gone_is_said_once_and_its_claim_ends(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    s.fake.functions[1].gone = true;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_left, 3);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_GONE);
    assert_int_equal(scene_count(&s), 0);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void another_device_at_the_address_is_not_touched(void **state)
{
    struct scene s;
    unsigned effects;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    s.fake.functions[0].identity ^= 1;
    effects = s.fake.n_effects;
    scene_undo(&s, false);
    assert_int_equal(s.fake.n_effects, effects + 1); /* the node's access */
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_OTHER_DEVICE);
    assert_int_equal(s.outcome.n_left, 3);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void put_back_by_hand_there_is_nothing_to_do(void **state)
{
    struct scene s;
    unsigned effects;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    strcpy(s.fake.functions[0].driver, "nvme");
    strcpy(s.fake.functions[0].override, "");
    strcpy(s.fake.access[1], "");
    effects = s.fake.n_effects;
    scene_undo(&s, false);
    assert_int_equal(s.fake.n_effects, effects);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_left, 0);
    assert_int_equal(s.outcome.n_failures, 0);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void a_group_that_has_its_user_gets_no_driver_back_but_others_do(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 3, true, 0);
    scene_claim(&s);
    s.fake.in_use[1] = true;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s.fake.n_refused_busy, 0);
    assert_string_equal(s.fake.functions[1].driver, "e1000e");
    assert_string_equal(s.fake.functions[0].driver, "");
    claims = scene_claims(&s, &n);
    assert_int_equal(n, 1);
    assert_int_equal(claims[0].group, 1);
    assert_int_equal(claims[0].state, IOW_CLAIM_RELEASING);
    fake_let_go(&s.fake);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void one_device_in_use_keeps_drivers_from_its_whole_group(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    s.fake.n_effects = 0;
    s.fake.fault = FAKE_HANG;
    s.fake.fault_at = 2; /* the unbind of the second */
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_int_equal(s.fake.n_refused_busy, 0);
    assert_string_equal(s.fake.functions[0].driver, "");
    assert_string_equal(s.fake.functions[0].override, "");
    fake_let_go(&s.fake);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void a_step_that_fails_keeps_those_of_its_function_back_and_no_others(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    s.fake.n_effects = 0;
    s.fake.fault = FAKE_REFUSE;
    s.fake.error = EIO;
    s.fake.fault_at = 2; /* the unbind of the second */
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_OPEN);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_int_equal(s.outcome.failures[0].error, EIO);
    assert_string_equal(s.fake.functions[0].driver, "nvme");
    assert_string_equal(s.fake.functions[0].override, "");
    assert_string_equal(s.fake.functions[1].driver, "vfio-pci");
    assert_string_equal(s.fake.functions[1].override, "vfio-pci");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void whoever_wants_to_stop_does_not_keep_things_from_being_put_back(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    s.fake.stop = 1;
    s.exec.timeout_usec = 3600ull * 1000000;
    s.fake.in_use[1] = true;
    s.fake.n_awaits = 0;
    s.fake.actor.stop = &s.fake.stop;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_in_range(s.fake.n_awaits, 2, 8); /* two seconds for each of two */
    assert_false(s.fake.heard_stop);
    assert_ptr_equal(s.fake.actor.stop, &s.fake.stop);
    fake_let_go(&s.fake);
    scene_undo(&s, false);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void without_its_journal_it_goes_on(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    faulty.n = 0;
    faulty.fail_at = 1;
    faulty.lasting = true;
    scene_undo(&s, false);
    assert_as_at_start(&s);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_JOURNAL));
    assert_int_equal(s.outcome.n_failures, 1);
    faulty.lasting = false;
    assert_int_equal(scene_count(&s), 1); /* a stale line */
    scene_undo(&s, false);
    assert_int_equal(s.outcome.n_failures, 0);
    assert_int_equal(s.outcome.n_left, 0);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void what_the_journal_missed_it_is_told_at_the_end(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    faulty.n = 0;
    faulty.fail_at = 9;
    scene_undo(&s, false);
    assert_true(faulty.n > 9);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_JOURNAL));
    assert_int_equal(scene_count(&s), 0);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void no_claims_are_undone_at_once(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    scene_undo(&s, true);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(released_everything_is_as_it_was),
        cmocka_unit_test(several_claims_are_undone_step_by_step_in_reverse),
        cmocka_unit_test(only_the_claim_named_is_undone),
        cmocka_unit_test(what_somebody_else_changed_is_left_and_said),
        cmocka_unit_test(a_function_that_is_gone_is_said_once_and_its_claim_ends),
        cmocka_unit_test(another_device_at_the_address_is_not_touched),
        cmocka_unit_test(put_back_by_hand_there_is_nothing_to_do),
        cmocka_unit_test(a_group_that_has_its_user_gets_no_driver_back_but_others_do),
        cmocka_unit_test(one_device_in_use_keeps_drivers_from_its_whole_group),
        cmocka_unit_test(a_step_that_fails_keeps_those_of_its_function_back_and_no_others),
        cmocka_unit_test(whoever_wants_to_stop_does_not_keep_things_from_being_put_back),
        cmocka_unit_test(without_its_journal_it_goes_on),
        cmocka_unit_test(what_the_journal_missed_it_is_told_at_the_end),
        cmocka_unit_test(no_claims_are_undone_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
