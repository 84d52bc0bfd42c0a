/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include <errno.h>

#include "faulty-vfs.h"

static void a_plan_that_works_is_held(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 3, true, 1);
    scene_claim(&s);
    assert_int_equal(s.result, 0);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_done, s.plan->n_steps);
    assert_int_equal(s.outcome.n_failures, 0);
    assert_string_equal(s.fake.access[1], "1000:1000:0600");
    assert_string_equal(s.fake.access[2], "1000:1000:0600");
    claims = scene_claims(&s, &n);
    assert_int_equal(n, 2);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(claims[i].state, IOW_CLAIM_HELD);
        assert_int_equal(claims[i].group, i + 1);
        assert_int_equal(claims[i].transaction, s.transaction);
        for (uint32_t j = 0; j < claims[i].n_steps; j++)
            assert_int_equal(claims[i].steps[j].state, IOW_STEP_DONE);
    }
    assert_int_equal(claims[0].n_members, 2);
    assert_int_equal(s.told[IOW_PROGRESS_DONE], s.plan->n_steps);
    scene_close(&s);
}

static void the_access_found_is_kept_to_be_put_back(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 1, false, 0);
    scene_claim(&s);
    claims = scene_claims(&s, &n);
    assert_int_equal(claims[0].steps[claims[0].n_steps - 1].step.kind, IOW_STEP_GIVE);
    assert_string_equal(claims[0].steps[claims[0].n_steps - 1].step.before, "0:0:0600");
    scene_close(&s);
}

static void a_driver_that_is_loaded_already_is_no_reason_to_stop(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.fake.vfio_loaded = true;
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.n_done, s.plan->n_steps);
    claims = scene_claims(&s, &n);
    assert_int_equal(claims[0].steps[0].state, IOW_STEP_UNDONE);
    assert_int_equal(s.told[IOW_PROGRESS_SKIPPED], 1);
    scene_undo(&s, false);
    assert_as_at_start(&s);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void facts_of_another_machine_are_not_acted_on(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.fake.actor.provenance = IOW_FROM_LIVE;
    scene_claim(&s);
    assert_int_equal(s.result, -IOW_EINVAL);
    assert_int_equal(s.why.rule, IOW_RULE_PLAN_NOT_LIVE);
    assert_int_equal(s.fake.n_effects, 0);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void a_refused_plan_is_not_run(void **state)
{
    struct iow_refusal refusal = {.rule = IOW_RULE_USE_MOUNT};
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.plan->refusals = &refusal;
    s.plan->n_refusals = 1;
    scene_claim(&s);
    assert_int_equal(s.result, -IOW_EINVAL);
    assert_int_equal(s.why.rule, IOW_RULE_USE_MOUNT);
    assert_int_equal(s.fake.n_effects, 0);
    scene_close(&s);
}

/* Asked before a driver is taken away, and after modules were loaded. */
static bool busy(void *ctx)
{
    struct scene *s = ctx;

    s->n_asked++;
    assert_true(s->fake.vfio_loaded);
    assert_int_equal(s->fake.n_effects, 1);
    return !s->busy;
}

static void what_came_into_use_since_the_plan_is_not_taken(void **state)
{
    struct scene s;

    (void)state;
    for (int in_use = 0; in_use < 2; in_use++) {
        scene_open(&s, 3, true, 1);
        s.exec.still_free = busy;
        s.busy = in_use;
        scene_claim(&s);
        assert_int_equal(s.n_asked, 1);
        if (in_use) {
            assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
            assert_int_equal(s.outcome.n_failures, 1);
            assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
            assert_int_equal(s.fake.n_effects, 1);
            assert_int_equal(scene_count(&s), 0);
        } else {
            assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
            scene_undo(&s, false);
        }
        assert_as_at_start(&s);
        scene_close(&s);
    }
}

static void what_changed_since_the_plan_ends_it(void **state)
{
    struct scene s;
    char *now;

    (void)state;
    scene_open(&s, 2, false, 0);
    strcpy(s.fake.functions[1].override, "e1000e");
    now = fake_text(&s.fake);
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_string_equal(s.outcome.failures[0].seen, "e1000e");
    assert_false(s.outcome.failures[0].undoing);
    free(s.start);
    s.start = now;
    assert_as_at_start(&s);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void stopped_before_the_first_step_nothing_is_done(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.fake.stop = 1;
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_STOPPED);
    assert_int_equal(s.fake.n_effects, 0);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void an_unbind_that_hangs_is_pending_and_the_rest_is_put_back(void **state)
{
    struct scene s;
    const struct iow_claim *claims;
    uint32_t n;

    (void)state;
    scene_open(&s, 3, false, 0);
    s.fake.fault = FAKE_HANG;
    s.fake.fault_at = 3; /* load, unbind, unbind */
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s.outcome.n_failures, 1);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_WAITS);
    assert_string_equal(s.fake.functions[0].driver, "nvme");
    assert_true(s.told[IOW_PROGRESS_WAITS] >= 1);
    claims = scene_claims(&s, &n);
    assert_int_equal(n, 1);
    assert_int_equal(claims[0].state, IOW_CLAIM_RELEASING);
    assert_int_equal(claims[0].steps[2].state, IOW_STEP_INTENDED);
    assert_int_equal(claims[0].steps[2].effort.pid, s.fake.functions[1].busy_pid);
    assert_int_equal(claims[0].steps[2].rule, IOW_RULE_EXEC_WAITS);
    fake_let_go(&s.fake);
    scene_undo(&s, true);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_as_at_start(&s);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void stopped_while_it_waits_it_does_not_wait_on(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    s.exec.timeout_usec = 3600ull * 1000000;
    s.fake.fault = FAKE_HANG;
    s.fake.fault_at = 2;
    s.fake.stop_on_hang = true;
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_STOPPED);
    assert_int_equal(s.outcome.failures[1].rule, IOW_RULE_EXEC_WAITS);
    assert_true(s.outcome.failures[1].undoing);
    assert_in_range(s.fake.n_awaits, 1, 8); /* two seconds */
    assert_ptr_equal(s.fake.actor.stop, NULL);
    scene_close(&s);
}

static void all_waits_together_take_the_time_given(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.exec.timeout_usec = 10 * 1000000;
    s.fake.fault = FAKE_HANG;
    s.fake.fault_at = 2;
    scene_claim(&s);
    assert_int_equal(
        s.fake.n_awaits, (10 - 1) * 4 + 2 * 4); /* ten seconds forward, and two more to put back */
    scene_close(&s);
}

static void a_journal_that_fails_before_the_first_step_changes_nothing(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 2, false, 0);
    faulty.n = 0;
    faulty.fail_at = 1;
    scene_claim(&s);
    assert_int_equal(s.result, -IOW_EIO);
    assert_int_equal(s.why.rule, IOW_RULE_EXEC_JOURNAL);
    assert_int_equal(s.fake.n_effects, 0);
    assert_int_equal(scene_count(&s), 0);
    scene_close(&s);
}

static void history_has_a_line_for_each_claim_and_what_became_of_it(void **state)
{
    const struct iow_history_entry *e;
    struct scene s;
    uint32_t n;

    (void)state;
    scene_open(&s, 3, true, 0);
    scene_claim(&s);
    scene_undo(&s, false);
    s.fake.fault = FAKE_REFUSE;
    s.fake.error = EPERM;
    s.fake.n_effects = 0;
    s.fake.fault_at = 1;
    scene_claim(&s);
    assert_int_equal(iow_history_list(s.exec.history, 100, &s.mem, &e, &n, NULL), 0);
    assert_int_equal(n, 6);
    assert_int_equal(e[0].kind, IOW_HISTORY_CLAIMED);
    assert_int_equal(e[0].group, 1);
    assert_int_equal(e[0].uid, 1000);
    assert_string_equal(e[0].members, "0000:00:01.0 0000:00:03.0");
    assert_string_equal(e[1].members, "0000:00:02.0");
    assert_int_equal(e[2].kind, IOW_HISTORY_RELEASED);
    assert_string_equal(e[2].note, "");
    assert_int_equal(e[4].kind, IOW_HISTORY_ROLLED_BACK);
    assert_string_equal(e[4].note, "IOW-EXEC-REFUSED");
    assert_false(s.exec.history_failed);
    scene_close(&s);
}

static void whoever_wants_no_history_and_no_progress_gets_none(void **state)
{
    struct scene s;

    (void)state;
    scene_open(&s, 1, false, 0);
    s.exec.history = iow_history_close(s.exec.history);
    s.exec.tell = NULL;
    s.exec.stop = NULL;
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_that_works_is_held),
        cmocka_unit_test(the_access_found_is_kept_to_be_put_back),
        cmocka_unit_test(a_driver_that_is_loaded_already_is_no_reason_to_stop),
        cmocka_unit_test(facts_of_another_machine_are_not_acted_on),
        cmocka_unit_test(a_refused_plan_is_not_run),
        cmocka_unit_test(what_came_into_use_since_the_plan_is_not_taken),
        cmocka_unit_test(what_changed_since_the_plan_ends_it),
        cmocka_unit_test(stopped_before_the_first_step_nothing_is_done),
        cmocka_unit_test(an_unbind_that_hangs_is_pending_and_the_rest_is_put_back),
        cmocka_unit_test(stopped_while_it_waits_it_does_not_wait_on),
        cmocka_unit_test(all_waits_together_take_the_time_given),
        cmocka_unit_test(a_journal_that_fails_before_the_first_step_changes_nothing),
        cmocka_unit_test(history_has_a_line_for_each_claim_and_what_became_of_it),
        cmocka_unit_test(whoever_wants_no_history_and_no_progress_gets_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
