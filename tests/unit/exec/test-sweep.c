/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every effect, and every write of the journal, goes wrong in every way: afterwards the machine is as it was, or the
 * journal says what is open, and a resume closes it. */
#include "scene.h"

#include <errno.h>

#include "faulty-vfs.h"

struct machine {
    unsigned n;
    bool spread;
    int overrides;
};

static const struct machine machines[] = {
    {1, false, 0},
    {1, false, 1},
    {1, false, 2},
    {2, false, 0},
    {2, true, 1},
    {3, false, 0},
    {3, true, 1},
    {3, true, 2},
};

static void open_machine(struct scene *s, const struct machine *m)
{
    scene_open(s, m->n, m->spread, m->overrides);
}

/* What is open is in the journal with a reason, or waits behind something that is. */
static void journal_says_what_is_open(struct scene *s)
{
    uint32_t n, reasons = 0;
    const struct iow_claim *claims = scene_claims(s, &n);

    assert_true(n > 0);
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(claims[i].state, IOW_CLAIM_RELEASING);
        for (uint32_t j = 0; j < claims[i].n_steps; j++)
            reasons += claims[i].steps[j].rule != IOW_RULE_NONE;
    }
    assert_true(reasons > 0);
}

static void check_outcome(struct scene *s)
{
    switch (s->outcome.kind) {
    case IOW_OUTCOME_DONE:
        break;
    case IOW_OUTCOME_ROLLED_BACK:
        assert_true(s->outcome.n_failures > 0);
        assert_as_at_start(s);
        assert_int_equal(scene_count(s), 0);
        break;
    case IOW_OUTCOME_PENDING:
    case IOW_OUTCOME_OPEN:
        assert_true(s->outcome.n_failures > 0);
        journal_says_what_is_open(s);
        break;
    case IOW_OUTCOME__COUNT:
        fail();
    }
}

/* The next ioward, with nobody in the way. */
static void resume(struct scene *s)
{
    fake_let_go(&s->fake);
    scene_reopen(s);
    scene_undo(s, true);
    assert_int_equal(s->outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(scene_count(s), 0);
    assert_as_at_start(s);
}

static void set_fault(struct scene *s, enum fake_fault fault, unsigned at, bool lasting)
{
    s->fake.fault = fault;
    s->fake.n_effects = 0;
    s->fake.fault_at = at;
    s->fake.lasting = lasting;
    s->fake.error = EPERM;
}

static bool is_crash(enum fake_fault fault)
{
    return fault == FAKE_CRASH || fault == FAKE_CRASH_AFTER || fault == FAKE_HANG_CRASH;
}

static bool somebody_is_at_it(const struct scene *s)
{
    for (unsigned i = 0; i < s->fake.n_functions; i++)
        if (s->fake.functions[i].busy_pid)
            return true;
    return false;
}

/* The next ioward, while what the first began is still under way. */
static void resume_too_early(struct scene *s)
{
    if (!somebody_is_at_it(s))
        return;
    scene_reopen(s);
    scene_undo(s, true);
    assert_int_equal(s->outcome.kind, IOW_OUTCOME_PENDING);
    assert_int_equal(s->fake.n_refused_busy, 0);
    journal_says_what_is_open(s);
}

/* How many effects a claim, and then its release, has. */
static void count_effects(const struct machine *m, unsigned *taking, unsigned *releasing)
{
    struct scene s;

    open_machine(&s, m);
    scene_claim(&s);
    *taking = s.fake.n_effects;
    scene_undo(&s, false);
    *releasing = s.fake.n_effects - *taking;
    scene_close(&s);
}

static void claim_with(const struct machine *m, enum fake_fault fault, unsigned at, bool lasting)
{
    struct scene s;

    open_machine(&s, m);
    set_fault(&s, fault, at, lasting);
    scene_claim(&s);
    assert_int_equal(s.result, 0);
    if (!is_crash(fault))
        check_outcome(&s);
    if (fault == FAKE_LIE)
        assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_NOT_SO);
    resume_too_early(&s);
    resume(&s);
    scene_close(&s);
}

static void release_with(const struct machine *m, enum fake_fault fault, unsigned at, bool lasting)
{
    struct scene s;

    open_machine(&s, m);
    scene_claim(&s);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    set_fault(&s, fault, at, lasting);
    scene_undo(&s, false);
    if (!is_crash(fault))
        check_outcome(&s);
    if (fault == FAKE_LIE)
        assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_NOT_SO);
    resume_too_early(&s);
    resume(&s);
    scene_close(&s);
}

static void each_effect_of_a_claim_goes_wrong_in_each_way(void **state)
{
    unsigned taking, releasing;

    (void)state;
    for (unsigned i = 0; i < COUNT(machines); i++) {
        count_effects(&machines[i], &taking, &releasing);
        for (enum fake_fault fault = FAKE_NONE + 1; fault < FAKE__COUNT; fault++)
            for (unsigned at = 1; at <= taking; at++) {
                claim_with(&machines[i], fault, at, false);
                claim_with(&machines[i], fault, at, true);
            }
    }
}

static void each_effect_of_a_release_goes_wrong_in_each_way(void **state)
{
    unsigned taking, releasing;

    (void)state;
    for (unsigned i = 0; i < COUNT(machines); i++) {
        count_effects(&machines[i], &taking, &releasing);
        for (enum fake_fault fault = FAKE_NONE + 1; fault < FAKE__COUNT; fault++)
            for (unsigned at = 1; at <= releasing; at++) {
                release_with(&machines[i], fault, at, false);
                release_with(&machines[i], fault, at, true);
            }
    }
}

static void a_resume_that_dies_is_resumed(void **state)
{
    unsigned taking, releasing;

    (void)state;
    count_effects(&machines[6], &taking, &releasing);
    for (unsigned at = 1; at <= taking; at++)
        for (unsigned again = 1; again <= releasing; again++) {
            struct scene s;

            open_machine(&s, &machines[6]);
            set_fault(&s, at % 2 ? FAKE_CRASH : FAKE_CRASH_AFTER, at, false);
            scene_claim(&s);
            scene_reopen(&s);
            set_fault(&s, again % 2 ? FAKE_CRASH : FAKE_CRASH_AFTER, again, false);
            scene_undo(&s, true);
            resume(&s);
            scene_close(&s);
        }
}

/* How writes go wrong: one, all from one on, or whoever writes dies. */
enum writes {
    ONE_FAILS,
    ALL_FAIL,
    DIES
};

static void set_writes(enum writes how, unsigned at)
{
    faulty = (struct faulty_writes){0};
    if (how == DIES)
        faulty.die_at = at;
    else
        faulty.fail_at = at;
    faulty.lasting = how == ALL_FAIL;
}

/* Claims and releases with one write of either going wrong; false: there is no such write. */
static bool write_fails(const struct machine *m, enum writes how, bool releasing, unsigned at)
{
    struct scene s;
    bool reached;

    open_machine(&s, m);
    if (releasing)
        scene_claim(&s);
    set_writes(how, at);
    if (releasing)
        scene_undo(&s, false);
    else
        scene_claim(&s);
    reached = faulty.n >= at;
    if (how != DIES && s.result == 0 && !releasing && reached) {
        assert_true(scene_failed_with(&s, IOW_RULE_EXEC_JOURNAL));
        assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    }
    if (how != DIES && reached)
        assert_as_at_start(&s); /* whatever the journal does */
    resume(&s);
    scene_close(&s);
    return reached;
}

static void each_write_of_the_journal_goes_wrong_in_each_way(void **state)
{
    unsigned n = 0;

    (void)state;
    for (unsigned i = 0; i < COUNT(machines); i += 3)
        for (int releasing = 0; releasing < 2; releasing++)
            for (enum writes how = ONE_FAILS; how <= DIES; how++)
                for (unsigned at = 1; write_fails(&machines[i], how, releasing, at); at++)
                    n++;
    assert_true(n > 500); /* two for each commit */
}

static void users_that_do_not_let_go_leave_it_pending(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT(machines); i++) {
        struct scene s;

        open_machine(&s, &machines[i]);
        scene_claim(&s);
        s.fake.in_use[1] = true;
        scene_undo(&s, false);
        assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
        assert_int_equal(s.fake.n_refused_busy, 0);
        check_outcome(&s);
        scene_reopen(&s);
        scene_undo(&s, false); /* still not */
        assert_int_equal(s.outcome.kind, IOW_OUTCOME_PENDING);
        assert_int_equal(s.fake.n_refused_busy, 0);
        resume(&s);
        scene_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_effect_of_a_claim_goes_wrong_in_each_way),
        cmocka_unit_test(each_effect_of_a_release_goes_wrong_in_each_way),
        cmocka_unit_test(a_resume_that_dies_is_resumed),
        cmocka_unit_test(each_write_of_the_journal_goes_wrong_in_each_way),
        cmocka_unit_test(users_that_do_not_let_go_leave_it_pending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
