/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/work.h"

#include <string.h>

#include "base/explain.h"

static bool may_have_happened(const struct iow_work_step *ws)
{
    return ws->record.state == IOW_STEP_INTENDED || ws->record.state == IOW_STEP_DONE ||
           ws->record.state == IOW_STEP_UNDOING;
}

static bool about_function(const struct iow_step *step)
{
    return step->kind == IOW_STEP_UNBIND || step->kind == IOW_STEP_OVERRIDE || step->kind == IOW_STEP_BIND;
}

static bool same_function(const struct iow_step *a, const struct iow_step *b)
{
    return about_function(a) && about_function(b) && iow_address_compare(&a->function, &b->function) == 0;
}

/* Unbind and bind change the same variable. */
static bool same_variable(const struct iow_step *a, const struct iow_step *b)
{
    return same_function(a, b) && (a->kind == IOW_STEP_OVERRIDE) == (b->kind == IOW_STEP_OVERRIDE);
}

/* Going on without the journal: what it could not be told now, it is told at the end. */
static void write_down(struct iow_work *work, struct iow_work_step *ws)
{
    if (iow_work_write(work, ws) < 0)
        iow_work_journal_failed(work, &ws->record.step);
}

static void close_step(
    struct iow_work *work, struct iow_work_step *ws, enum iow_step_state state, enum iow_rule rule)
{
    ws->record.state = state;
    ws->record.effort = (struct iow_effort){0};
    ws->record.rule = rule;
    ws->record.error = 0;
    write_down(work, ws);
    if (state == IOW_STEP_LEFT)
        work->outcome.n_left++;
    else if (iow_step_has_inverse(&ws->record.step))
        work->outcome.n_undone++;
}

/* It stays in the journal, with the reason. */
static void keep_quietly(
    struct iow_work *work, struct iow_work_step *ws, enum iow_hold hold, enum iow_rule rule, int error)
{
    ws->hold = hold;
    ws->record.rule = rule;
    ws->record.error = error;
    write_down(work, ws);
}

static void keep(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse,
    enum iow_hold hold, enum iow_rule rule, int error, const char *seen)
{
    keep_quietly(work, ws, hold, rule, error);
    iow_work_fail(work, inverse, rule, error, seen);
}

/* Going forward it was said already. */
static bool said_of_step(const struct iow_work *work, const struct iow_step *step, enum iow_rule rule)
{
    for (uint32_t i = 0; i < work->n_failures; i++) {
        const struct iow_step *other = &work->failures[i].step;

        if (work->failures[i].rule == rule && other->kind == step->kind && other->group == step->group &&
            iow_address_compare(&other->function, &step->function) == 0)
            return true;
    }
    return false;
}

/* One word about a function that is gone is enough. */
static bool said_of_function(const struct iow_work *work, const struct iow_step *step, enum iow_rule rule)
{
    for (uint32_t i = 0; i < work->n_failures; i++)
        if (work->failures[i].rule == rule && same_function(&work->failures[i].step, step))
            return true;
    return false;
}

static void leave(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse,
    enum iow_rule rule, const char *seen)
{
    close_step(work, ws, IOW_STEP_LEFT, rule);
    if (rule == IOW_RULE_EXEC_FOREIGN || !said_of_function(work, inverse, rule))
        iow_work_fail(work, inverse, rule, 0, seen);
    else
        iow_work_tell(work, IOW_PROGRESS_SKIPPED, inverse, rule, 0);
}

static void cannot_observe(
    struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse, int error)
{
    enum iow_rule rule = iow_observe_rule(error);

    if (rule == IOW_RULE_EXEC_GONE || rule == IOW_RULE_EXEC_OTHER_DEVICE)
        leave(work, ws, inverse, rule, NULL);
    else if (rule == IOW_RULE_EXEC_UNSEEN)
        keep(work, ws, inverse, IOW_HOLD_PENDING, rule, 0, NULL);
    else
        keep(work, ws, inverse, IOW_HOLD_FAILED, rule, -error, NULL);
}

/* The value before; one that an earlier step of the claim found, so that it is put back farther than asked; or no
 * node, so that nobody has access through it. */
static bool is_back(const struct iow_work *work, const struct iow_work_step *ws, const char *value)
{
    const struct iow_step *step = &ws->record.step;

    if (strcmp(value, step->before) == 0 || (step->kind == IOW_STEP_GIVE && !*value))
        return true;
    for (const struct iow_work_step *s = work->steps; s < ws; s++)
        if (s->claim == ws->claim && s->record.state != IOW_STEP_PLANNED &&
            same_variable(&s->record.step, step) && strcmp(value, s->record.step.before) == 0)
            return true;
    return false;
}

/* The owner of a node may change its mode, and its group to one he is in; that does not make it somebody else's. */
static bool is_ours(const struct iow_step *step, const char *value)
{
    uint32_t owner, wanted, group, mode;

    if (step->kind != IOW_STEP_GIVE)
        return strcmp(value, step->after) == 0;
    return iow_access_parse(value, &owner, &group, &mode) == 0 &&
           iow_access_parse(step->after, &wanted, &group, &mode) == 0 && owner == wanted;
}

/* The number of a group whose devices were all pulled out goes to other devices. What cannot be told is taken for ours: the
 * user was given access by nobody else. */
static bool is_of_others(struct iow_work *work, const struct iow_work_step *ws)
{
    struct iow_facts *now = NULL;
    bool others;

    if (ws->record.step.kind != IOW_STEP_GIVE || iow_work_read(work, &now) < 0)
        return false;
    others = !iow_claim_has_group(work->claims[ws->claim], now);
    iow_facts_free(now);
    return others;
}

/* Why it is not even tried; NULL: it is. */
static const struct iow_work_step *behind(
    const struct iow_work *work, const struct iow_work_step *ws, const struct iow_step *inverse)
{
    for (const struct iow_work_step *s = ws + 1; s < work->steps + work->n_steps; s++) {
        const struct iow_step *other = &s->record.step;

        if (s->hold == IOW_HOLD_NONE)
            continue;
        if (same_function(other, inverse))
            return s;
        if (s->hold == IOW_HOLD_BEHIND)
            continue;
        if (inverse->kind == IOW_STEP_BIND && s->hold == IOW_HOLD_PENDING && other->kind == IOW_STEP_BIND &&
            s->record.state == IOW_STEP_UNDOING && other->group == inverse->group)
            return s;
    }
    return NULL;
}

/*
 * Who set an override of his own decides which driver the device gets: a driver that was refused because of it has no claim
 * to it any more. True: it was left.
 */
static bool left_to_others(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse)
{
    char value[IOW_VALUE_BYTES];

    for (const struct iow_work_step *s = work->steps; s < work->steps + work->n_steps; s++) {
        const struct iow_step *step = &s->record.step;

        if (s->claim != ws->claim || step->kind != IOW_STEP_OVERRIDE || s->record.state != IOW_STEP_LEFT ||
            s->record.rule != IOW_RULE_EXEC_FOREIGN || !same_function(step, inverse))
            continue;
        if (work->exec->actor->ops->observe(work->exec->actor, step, value) < 0 || !*value ||
            strcmp(value, inverse->after) == 0)
            return false;
        leave(work, ws, inverse, IOW_RULE_EXEC_OVERRIDDEN, value);
        return true;
    }
    return false;
}

/* After the inverse: the machine says what came of it, the kernel's answer only why not. */
static void judge(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse, int answer)
{
    char value[IOW_VALUE_BYTES];
    int r = work->exec->actor->ops->observe(work->exec->actor, inverse, value);

    if (r < 0) {
        cannot_observe(work, ws, inverse, r);
        return;
    }
    if (is_back(work, ws, value)) {
        close_step(work, ws, IOW_STEP_UNDONE, IOW_RULE_NONE);
        iow_work_tell(work, IOW_PROGRESS_DONE, inverse, IOW_RULE_NONE, 0);
    } else if (answer < 0 && inverse->kind == IOW_STEP_BIND && left_to_others(work, ws, inverse)) {
        return;
    } else if (answer < 0) {
        keep(work, ws, inverse, IOW_HOLD_FAILED, IOW_RULE_EXEC_REFUSED, -answer, value);
    } else {
        keep(work, ws, inverse, IOW_HOLD_FAILED, IOW_RULE_EXEC_NOT_SO, 0, value);
    }
}

static void put_back(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *inverse)
{
    struct iow_actor *actor = work->exec->actor;
    struct iow_effort effort = {0};
    int r = actor->ops->prepare(actor, inverse, &effort);

    if (r < 0) {
        keep(work, ws, inverse, IOW_HOLD_FAILED, IOW_RULE_EXEC_REFUSED, -r, NULL);
        return;
    }
    ws->record.state = IOW_STEP_UNDOING;
    ws->record.effort = effort;
    write_down(work, ws);
    r = iow_work_act(work, inverse, &effort);
    if (r == -IOW_EINPROGRESS)
        keep(work, ws, inverse, IOW_HOLD_PENDING, IOW_RULE_EXEC_WAITS, 0, NULL);
    else
        judge(work, ws, inverse, r);
}

/* What somebody began is waited for; false: he is still at it. */
static bool is_over(struct iow_work *work, struct iow_work_step *ws, const struct iow_step *step)
{
    if (ws->record.state == IOW_STEP_DONE || !ws->record.effort.pid)
        return true;
    if (iow_work_await(work, step, &ws->record.effort) == 0)
        return true;
    if (said_of_step(work, step, IOW_RULE_EXEC_WAITS))
        keep_quietly(work, ws, IOW_HOLD_PENDING, IOW_RULE_EXEC_WAITS, 0);
    else
        keep(work, ws, step, IOW_HOLD_PENDING, IOW_RULE_EXEC_WAITS, 0, NULL);
    return false;
}

static void undo_step(struct iow_work *work, struct iow_work_step *ws)
{
    const struct iow_step inverse = iow_step_inverse(&ws->record.step);
    const struct iow_work_step *reason = behind(work, ws, &inverse);
    char value[IOW_VALUE_BYTES];
    int r;

    if (reason) {
        ws->hold = IOW_HOLD_BEHIND;
        ws->record.rule = reason->record.rule; /* for those that are behind this one; not written */
        iow_work_tell(work, IOW_PROGRESS_SKIPPED, &inverse, reason->record.rule, 0);
        return;
    }
    iow_work_tell(work, IOW_PROGRESS_BEGINS, &inverse, IOW_RULE_NONE, 0);
    if (!is_over(work, ws, ws->record.state == IOW_STEP_INTENDED ? &ws->record.step : &inverse))
        return;
    r = work->exec->actor->ops->observe(work->exec->actor, &inverse, value);
    if (r < 0) {
        cannot_observe(work, ws, &inverse, r);
    } else if (is_back(work, ws, value)) {
        close_step(work, ws, IOW_STEP_UNDONE, IOW_RULE_NONE);
        iow_work_tell(work, IOW_PROGRESS_SKIPPED, &inverse, IOW_RULE_NONE, 0);
    } else if (!is_ours(&ws->record.step, value)) {
        leave(work, ws, &inverse, IOW_RULE_EXEC_FOREIGN, value);
    } else if (is_of_others(work, ws)) {
        leave(work, ws, &inverse, IOW_RULE_EXEC_GONE, NULL);
    } else {
        put_back(work, ws, &inverse);
    }
}

static void count(struct iow_work *work)
{
    work->number = 0;
    work->total = 0;
    for (uint32_t i = 0; i < work->n_steps; i++)
        if (may_have_happened(&work->steps[i]) && iow_step_has_inverse(&work->steps[i].record.step))
            work->total++;
}

static void undo_steps(struct iow_work *work)
{
    for (uint32_t i = work->n_steps; i-- > 0;) {
        struct iow_work_step *ws = &work->steps[i];

        if (!may_have_happened(ws))
            continue;
        if (!iow_step_has_inverse(&ws->record.step)) {
            close_step(work, ws, IOW_STEP_UNDONE, IOW_RULE_NONE);
            continue;
        }
        work->number++;
        undo_step(work, ws);
    }
}

static bool is_closed(enum iow_outcome_kind kind)
{
    return kind == IOW_OUTCOME_DONE || kind == IOW_OUTCOME_ROLLED_BACK;
}

/* How a claim is now. */
static enum iow_outcome_kind kind_of(const struct iow_work *work, uint32_t claim, bool rolled_back)
{
    enum iow_outcome_kind kind = rolled_back ? IOW_OUTCOME_ROLLED_BACK : IOW_OUTCOME_DONE;

    for (uint32_t i = 0; i < work->n_steps; i++) {
        const struct iow_work_step *ws = &work->steps[i];

        if (ws->claim != claim || !may_have_happened(ws))
            continue;
        if (ws->hold == IOW_HOLD_PENDING)
            return IOW_OUTCOME_PENDING;
        kind = IOW_OUTCOME_OPEN;
    }
    return kind;
}

static bool was_bound(const struct iow_claim *claim, const struct iow_address *function)
{
    for (uint32_t i = 0; i < claim->n_steps; i++)
        if (claim->steps[i].step.kind == IOW_STEP_BIND &&
            iow_address_compare(&claim->steps[i].step.function, function) == 0)
            return true;
    return false;
}

/* What we bound was unbound, and the kernel waited for its user. A device that keeps its VFIO driver is let go by nobody. */
static bool may_be_held(const struct iow_claim *claim)
{
    for (uint32_t i = 0; i < claim->n_members; i++) {
        const struct iow_claim_member *member = &claim->members[i];
        bool given = member->role == IOW_MEMBER_ASKED || member->role == IOW_MEMBER_COMPANION;

        if (given && !was_bound(claim, &member->function))
            return true;
    }
    return false;
}

/* Whoever had it open before he lost the node goes on with the device. */
static bool is_held(struct iow_work *work, const struct iow_claim *claim)
{
    const struct iow_exec *exec = work->exec;
    struct iow_step none = {.kind = IOW_STEP_GIVE, .group = claim->group, .before = "", .after = ""};

    if (!exec->is_held || !may_be_held(claim) || !exec->is_held(exec->ctx, claim->group))
        return false;
    iow_work_fail(work, &none, IOW_RULE_EXEC_HELD, 0, NULL);
    return true;
}

static int write_state(struct iow_work *work, const struct iow_claim *claim, bool closed)
{
    return closed ? iow_journal_end(work->exec->journal, claim->id, NULL)
                  : iow_journal_state(work->exec->journal, claim->id, IOW_CLAIM_RELEASING, NULL);
}

static const struct iow_step *any_step(const struct iow_work *work, uint32_t claim)
{
    for (uint32_t i = 0; i < work->n_steps; i++)
        if (work->steps[i].claim == claim)
            return &work->steps[i].record.step;
    return NULL;
}

/* Once more what the journal missed, then the claim itself. */
static void finish_claim(struct iow_work *work, uint32_t i, enum iow_outcome_kind kind)
{
    static const enum iow_history_kind entry[IOW_OUTCOME__COUNT] = {
        [IOW_OUTCOME_DONE] = IOW_HISTORY_RELEASED,
        [IOW_OUTCOME_ROLLED_BACK] = IOW_HISTORY_ROLLED_BACK,
        [IOW_OUTCOME_PENDING] = IOW_HISTORY_PENDING,
        [IOW_OUTCOME_OPEN] = IOW_HISTORY_OPEN,
    };
    const struct iow_claim *claim = work->claims[i];
    bool closed = is_closed(kind);

    for (uint32_t j = 0; j < work->n_steps; j++)
        if (work->steps[j].claim == i && work->steps[j].unwritten)
            write_down(work, &work->steps[j]);
    if (write_state(work, claim, closed) < 0) {
        struct iow_step none = {.kind = IOW_STEP_GIVE, .group = claim->group, .before = "", .after = ""};
        const struct iow_step *step = any_step(work, i);

        iow_work_journal_failed(work, step ? step : &none);
    }
    /* That it still waits was said when it began to. */
    if (closed || claim->state != IOW_CLAIM_RELEASING)
        iow_work_history(work, claim, entry[kind]);
}

void iow_work_undo(struct iow_work *work, bool rolled_back)
{
    struct iow_actor *actor = work->exec->actor;
    const volatile int *asked = actor->stop;

    work->undoing = true;
    actor->stop = NULL; /* it is here that is decided how long to wait */
    for (uint32_t i = 0; i < work->n_claims; i++)
        (void)write_state(work, work->claims[i], false);
    count(work);
    undo_steps(work);
    actor->stop = asked;
    work->outcome.kind = rolled_back ? IOW_OUTCOME_ROLLED_BACK : IOW_OUTCOME_DONE;
    for (uint32_t i = 0; i < work->n_claims; i++) {
        enum iow_outcome_kind kind = kind_of(work, i, rolled_back);

        if (is_closed(kind) && is_held(work, work->claims[i]))
            kind = IOW_OUTCOME_PENDING;
        finish_claim(work, i, kind);
        if (kind == IOW_OUTCOME_PENDING ||
            (kind == IOW_OUTCOME_OPEN && work->outcome.kind != IOW_OUTCOME_PENDING))
            work->outcome.kind = kind;
    }
    work->outcome.n_failures = work->n_failures;
    work->outcome.failures = work->failures;
}

/* Nothing of it is put back, and nobody will try to any more. */
static int forget_claim(struct iow_work *work, uint32_t i, struct iow_explain *reterr)
{
    struct iow_journal *journal = work->exec->journal;

    for (uint32_t j = 0; j < work->n_steps; j++) {
        struct iow_work_step *ws = &work->steps[j];
        int r;

        if (ws->claim != i || !may_have_happened(ws))
            continue;
        r = iow_journal_step(journal, ws->record.id, IOW_STEP_LEFT, NULL, NULL, IOW_RULE_NONE, 0, reterr);
        if (r < 0)
            return r;
        ws->record.state = IOW_STEP_LEFT;
        work->outcome.n_left += iow_step_has_inverse(&ws->record.step);
    }
    return iow_journal_end(journal, work->claims[i]->id, reterr);
}

int iow_exec_forget(struct iow_exec *exec, const struct iow_claim *const *claims, uint32_t n,
    struct iow_mem *mem, struct iow_outcome *ret, struct iow_explain *reterr)
{
    struct iow_work work;

    if (iow_work_init(&work, exec, claims, n, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    for (uint32_t i = 0; i < n; i++) {
        int r = forget_claim(&work, i, reterr);

        if (r < 0)
            return r;
        iow_work_history(&work, claims[i], IOW_HISTORY_FORGOTTEN);
    }
    work.outcome.kind = IOW_OUTCOME_DONE;
    *ret = work.outcome;
    return 0;
}

int iow_exec_undo(struct iow_exec *exec, const struct iow_claim *const *claims, uint32_t n, bool rolled_back,
    struct iow_mem *mem, struct iow_outcome *ret, struct iow_explain *reterr)
{
    struct iow_work work;

    if (iow_work_init(&work, exec, claims, n, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    iow_work_undo(&work, rolled_back);
    *ret = work.outcome;
    return 0;
}
