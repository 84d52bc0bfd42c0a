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
    assert_int_equal(s.outcome.n_left, 2);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_FOREIGN);
    assert_true(s.outcome.failures[0].undoing);
    assert_int_equal(s.outcome.failures[0].step.kind, IOW_STEP_OVERRIDE);
    assert_string_equal(s.outcome.failures[0].seen, "theirs");
    assert_string_equal(s.fake.functions[0].override, "theirs");
    /* Their override keeps its driver away: the device is theirs. */
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_failures, 2);
    assert_int_equal(s.outcome.failures[1].rule, IOW_RULE_EXEC_OVERRIDDEN);
    assert_int_equal(s.outcome.failures[1].step.kind, IOW_STEP_BIND);
    assert_string_equal(s.outcome.failures[1].seen, "theirs");
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void an_override_of_somebody_else_that_lets_the_driver_bind_hinders_nothing(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    strcpy(s.fake.functions[0].override, "nvme");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_string_equal(s.fake.functions[0].driver, "nvme");
    scene_close(&s);
}

/* Somebody's own unbind waits, and has the device locked. */
static void what_cannot_be_read_is_said_and_tried_again(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    s.fake.functions[0].driver[0] = '\0';
    s.fake.functions[0].busy_pid = 99;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_UNSEEN);
    assert_int_equal(s.outcome.failures[0].step.kind, IOW_STEP_OVERRIDE);
    s.fake.functions[0].busy_pid = 0;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void a_driver_refused_for_another_reason_is_tried_again(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    strcpy(s.fake.functions[0].override, "nvme");
    s.fake.n_effects = 0;
    s.fake.fault = FAKE_REFUSE;
    s.fake.error = EIO;
    s.fake.fault_at = 3; /* the bind, after node and unbind */
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_OPEN);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_REFUSED));
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_string_equal(s.fake.functions[0].driver, "nvme");
    scene_close(&s);
}

static void what_is_forgotten_is_not_put_back_and_its_claim_ends(void **state)
{
    const struct iow_history_entry *entries;
    struct scene s;
    const struct iow_claim *claims;
    unsigned effects;
    uint32_t n;

    (void)state;
    scene_open(&s, 2, true, 0);
    scene_claim(&s);
    claims = scene_claims(&s, &n);
    assert_int_equal(n, 2);
    effects = s.fake.n_effects;
    assert_int_equal(iow_exec_forget(&s.exec, &claims, 1, &s.mem, &s.outcome, NULL), 0);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_left, 4); /* a module is nobody's */
    assert_int_equal(s.outcome.n_undone, 0);
    assert_int_equal(s.outcome.n_failures, 0);
    assert_int_equal(s.fake.n_effects, effects);
    assert_string_equal(s.fake.functions[0].driver, "vfio-pci");
    assert_int_equal(scene_count(&s), 1);
    assert_int_equal(iow_history_list(s.exec.history, 1, &s.mem, &entries, &n, NULL), 0);
    assert_int_equal(entries[0].kind, IOW_HISTORY_FORGOTTEN);
    assert_int_equal(entries[0].group, 1);
    scene_close(&s);
}

static void a_claim_whose_end_cannot_be_written_is_not_forgotten(void **state)
{
    const struct iow_claim *claims;
    struct scene s;
    uint32_t n;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    claims = scene_claims(&s, &n);
    faulty.n = 0;
    faulty.fail_at = 1;
    faulty.lasting = true;
    assert_int_equal(iow_exec_forget(&s.exec, &claims, 1, &s.mem, &s.outcome, &s.why), -IOW_EIO);
    assert_int_equal(s.why.rule, IOW_RULE_EXEC_JOURNAL);
    faulty.lasting = false;
    scene_undo(&s, false);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void a_node_whose_owner_changed_its_mode_is_taken_back(void **state)
{
    static const char *const changed[] = {"1000:1000:0604", "1000:27:0660", "1000:1000:0600"};

    (void)state;
    for (unsigned i = 0; i < COUNT(changed); i++) {
        struct scene s;

        scene_open(&s, 1, false, 0);
        scene_on_vfio(&s);
        scene_claim(&s);
        assert_string_equal(s.fake.access[1], "1000:1000:0600");
        strcpy(s.fake.access[1], changed[i]);
        scene_undo(&s, false);
        assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
        assert_int_equal(s.outcome.n_failures, 0);
        assert_string_equal(s.fake.access[1], "0:0:0600");
        scene_close(&s);
    }
}

static void a_node_of_another_owner_is_left(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_on_vfio(&s);
    scene_claim(&s);
    strcpy(s.fake.access[1], "1001:1000:0600");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.n_left, 1);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_FOREIGN));
    assert_string_equal(s.fake.access[1], "1001:1000:0600");
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void a_group_number_that_other_devices_have_is_not_ours(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, true, 0);
    scene_on_vfio(&s);
    s.plan->n_steps--; /* the second goes to nobody */
    s.plan->n_members--;
    scene_claim(&s);
    s.fake.functions[0].gone = true;
    s.fake.functions[1].group = 1;
    strcpy(s.fake.access[1], "1000:1000:0600");
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_left, 1);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_GONE));
    assert_string_equal(s.fake.access[1], "1000:1000:0600");
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static bool held(void *ctx, uint32_t group)
{
    struct scene *s = ctx;

    assert_int_equal(group, 1);
    s->n_asked++;
    return s->busy;
}

static void what_nobody_unbinds_is_released_when_nobody_holds_it(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_on_vfio(&s);
    s.exec.is_held = held;
    scene_claim(&s);
    s.busy = true;
    for (int i = 0; i < 2; i++) {
        scene_undo(&s, false);
        assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
        assert_int_equal(s.outcome.n_failures, 1);
        assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_HELD);
        assert_string_equal(s.fake.access[1], "0:0:0600"); /* nobody else gets in */
        claims = scene_claims(&s, &n);
        assert_int_equal(n, 1);
        assert_int_equal(claims[0].state, IOW_CLAIM_RELEASING);
    }
    s.busy = false;
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(scene_count(&s), 0);
    assert_int_equal(s.n_asked, 3);
    scene_close(&s);
}

static void what_was_unbound_is_held_by_nobody(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    s.exec.is_held = held;
    s.busy = true;
    scene_claim(&s);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.n_asked, 0);
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

static void without_any_space_it_goes_on(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    scene_claim(&s);
    iow_journal_close(s.exec.journal);
    faulty.no_sharing = true;
    faulty.fail_at = 1;
    faulty.n = 0;
    faulty.lasting = true;
    assert_int_equal(iow_journal_open(s.path, s.exec.boot_id, &s.exec.journal, &s.why), 0);
    assert_int_equal(scene_count(&s), 1);
    scene_undo(&s, false);
    assert_as_at_start(&s);
    assert_true(scene_failed_with(&s, IOW_RULE_EXEC_JOURNAL));
    assert_int_equal(scene_count(&s), 1);
    faulty = (struct faulty_writes){0};
    scene_reopen(&s);
    scene_undo(&s, false);
    assert_int_equal(s.outcome.n_failures, 0);
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
        cmocka_unit_test(an_override_of_somebody_else_that_lets_the_driver_bind_hinders_nothing),
        cmocka_unit_test(what_cannot_be_read_is_said_and_tried_again),
        cmocka_unit_test(a_driver_refused_for_another_reason_is_tried_again),
        cmocka_unit_test(what_is_forgotten_is_not_put_back_and_its_claim_ends),
        cmocka_unit_test(a_claim_whose_end_cannot_be_written_is_not_forgotten),
        cmocka_unit_test(a_node_whose_owner_changed_its_mode_is_taken_back),
        cmocka_unit_test(a_node_of_another_owner_is_left),
        cmocka_unit_test(a_group_number_that_other_devices_have_is_not_ours),
        cmocka_unit_test(what_nobody_unbinds_is_released_when_nobody_holds_it),
        cmocka_unit_test(what_was_unbound_is_held_by_nobody),
        cmocka_unit_test(a_function_that_is_gone_is_said_once_and_its_claim_ends),
        cmocka_unit_test(another_device_at_the_address_is_not_touched),
        cmocka_unit_test(put_back_by_hand_there_is_nothing_to_do),
        cmocka_unit_test(a_group_that_has_its_user_gets_no_driver_back_but_others_do),
        cmocka_unit_test(one_device_in_use_keeps_drivers_from_its_whole_group),
        cmocka_unit_test(a_step_that_fails_keeps_those_of_its_function_back_and_no_others),
        cmocka_unit_test(whoever_wants_to_stop_does_not_keep_things_from_being_put_back),
        cmocka_unit_test(without_its_journal_it_goes_on),
        cmocka_unit_test(without_any_space_it_goes_on),
        cmocka_unit_test(what_the_journal_missed_it_is_told_at_the_end),
        cmocka_unit_test(no_claims_are_undone_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
