/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds of every answer, whatever is asked; what is answered is the matter of test-transition-*.c. */
#include "transitions.h"

static void for_every_question(iow_each_question each)
{
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++)
        ask_everything((enum iow_operation)operation, each);
}

static void check_refusal(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_explain explain = {0};
    struct iow_transition t;
    struct iow_transition_row row;
    int r = iow_transition(profile, word, event, &t, &explain);

    assert_true(iow_transition_row_at(t.row, &row));
    assert_int_equal(row.operation, event->operation);
    assert_int_equal(row.code, r);
    assert_int_equal(row.warns, t.warned);
    if (r == 0 && !t.warned)
        return;
    assert_int_equal(t.next, word);
    assert_int_equal(t.failed, word);
    assert_int_equal(t.move, IOW_MOVE_NONE);
    assert_int_equal(explain.code, r);
    assert_int_equal(explain.rule, r ? row.rule : IOW_RULE_NONE);
    assert_int_equal(explain.subject.kind, IOW_SUBJECT_NONE);
}

static void a_refusal_changes_nothing_and_is_the_one_of_its_row(void **state)
{
    (void)state;
    for_every_question(check_refusal);
}

static void check_row(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_transition t;
    struct iow_transition_row row;
    enum iow_state is = event->outside ? IOW_STATE_OUTSIDE : iow_ownership_state(profile, word);

    (void)iow_transition(profile, word, event, &t, NULL);
    assert_true(iow_transition_row_at(t.row, &row));
    assert_true(row.states >> is & 1);
    assert_int_equal(row.with & ~profile->features, 0);
    assert_int_equal(row.without & profile->features, 0);
}

static void the_row_that_answers_fits_profile_and_state(void **state)
{
    (void)state;
    for_every_question(check_row);
}

static void check_counts(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_ownership is = iow_ownership_unpack(word), next;
    struct iow_transition t;

    (void)iow_transition(profile, word, event, &t, NULL);
    next = iow_ownership_unpack(t.next);
    assert_true(next.drivers <= is.drivers + 1);
    assert_true(next.claims <= is.claims + 1);
    assert_true(next.pasids <= is.pasids + 1);
    if (t.move == IOW_MOVE_ALL)
        assert_int_equal(next.kind, t.target);
    else if (event->operation != IOW_OPERATION_REMOVE && event->operation != IOW_OPERATION_RELEASE_GROUP &&
             event->operation != IOW_OPERATION_RELEASE_DEVICE)
        assert_int_equal(next.kind, is.kind);
}

/* A count that ran over would show as a jump, and so would one that ran below nothing. */
static void counts_go_by_one_and_the_domain_changes_only_by_a_move(void **state)
{
    (void)state;
    for_every_question(check_counts);
}

static void an_explanation_need_not_be_asked_for(void **state)
{
    struct iow_event event = ASK(CLAIM_DEVICE, .tag = 7);
    struct iow_transition t;

    (void)state;
    assert_int_equal(iow_transition(iow_profile_find("linux-6.1"), 0, &event, &t, NULL), -EOPNOTSUPP);
}

/* The device asked about is in no group, so the word can be no group's. */
static void the_word_means_nothing_for_a_device_outside(void **state)
{
    (void)state;
    UNCHANGED(ON_EVERY, attached_group(7, 1), ASK(PROBE, .outside = true));
    REFUSED(ON_EVERY, attached_group(7, 1), ASK(ATTACH_DEVICE, .outside = true), ENODEV, NO_GROUP);
}

/* A group released on its default domain has nobody to move. */
static void a_release_on_the_default_domain_moves_nobody(void **state)
{
    uint64_t word = of_kind(with_drivers(leaked_group(7), 1), IOW_KIND_DEFAULT);

    (void)state;
    BECOMES(ON_BOTH, word, ASK(RELEASE_GROUP), unused_group());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_changes_nothing_and_is_the_one_of_its_row),
        cmocka_unit_test(the_row_that_answers_fits_profile_and_state),
        cmocka_unit_test(counts_go_by_one_and_the_domain_changes_only_by_a_move),
        cmocka_unit_test(an_explanation_need_not_be_asked_for),
        cmocka_unit_test(the_word_means_nothing_for_a_device_outside),
        cmocka_unit_test(a_release_on_the_default_domain_moves_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
