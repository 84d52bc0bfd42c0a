/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/work.h"

#include <string.h>

#include "base/explain.h"

static bool fails(
    struct iow_work *work, const struct iow_work_step *ws, enum iow_rule rule, int error, const char *seen)
{
    iow_work_fail(work, &ws->record.step, rule, error, seen);
    return false;
}

static bool journal_fails(struct iow_work *work, const struct iow_work_step *ws)
{
    iow_work_journal_failed(work, &ws->record.step);
    return false;
}

static bool cannot_observe(struct iow_work *work, const struct iow_work_step *ws, int error)
{
    enum iow_rule rule = iow_observe_rule(error);

    return fails(work, ws, rule, rule == IOW_RULE_EXEC_REFUSED ? -error : 0, NULL);
}

/* Somebody loaded the driver, or gave the node to this user, already: that is not ours to put back. */
static bool is_done_already(const struct iow_step *step, const char *value)
{
    bool any = step->kind == IOW_STEP_LOAD || (step->kind == IOW_STEP_GIVE && !*step->before);

    return any && strcmp(value, step->after) == 0;
}

static bool skip(struct iow_work *work, struct iow_work_step *ws)
{
    ws->record.state = IOW_STEP_UNDONE;
    if (iow_work_write(work, ws) < 0) {
        ws->record.state = IOW_STEP_PLANNED;
        return journal_fails(work, ws);
    }
    work->outcome.n_done++;
    iow_work_tell(work, IOW_PROGRESS_SKIPPED, &ws->record.step, IOW_RULE_NONE, 0);
    return true;
}

/* A plan could not know the access of a node that was not there yet: what is found takes its place. */
static bool adopt_access(struct iow_work_step *ws, const char *value)
{
    struct iow_step *step = &ws->record.step;

    if (step->kind != IOW_STEP_GIVE || *step->before || !*value || strlen(value) >= sizeof(ws->access))
        return false;
    memcpy(ws->access, value, strlen(value) + 1);
    step->before = ws->access;
    return true;
}

static bool prepare(struct iow_work *work, struct iow_work_step *ws)
{
    struct iow_actor *actor = work->exec->actor;
    int r = actor->ops->prepare(actor, &ws->record.step, &ws->record.effort);

    if (r < 0)
        return fails(work, ws, IOW_RULE_EXEC_REFUSED, -r, NULL);
    ws->record.state = IOW_STEP_INTENDED;
    if (iow_work_write(work, ws) == 0)
        return true;
    actor->ops->cancel(actor);
    ws->record.state = IOW_STEP_PLANNED;
    return journal_fails(work, ws);
}

static bool act(struct iow_work *work, struct iow_work_step *ws)
{
    int r = iow_work_act(work, &ws->record.step, &ws->record.effort);

    if (r == -IOW_EINPROGRESS)
        return fails(work, ws, iow_work_stopped(work) ? IOW_RULE_EXEC_STOPPED : IOW_RULE_EXEC_WAITS, 0, NULL);
    ws->record.effort = (struct iow_effort){0};
    return r < 0 ? fails(work, ws, IOW_RULE_EXEC_REFUSED, -r, NULL) : true;
}

static bool check(struct iow_work *work, struct iow_work_step *ws)
{
    struct iow_actor *actor = work->exec->actor;
    char value[IOW_VALUE_BYTES];
    int r = actor->ops->observe(actor, &ws->record.step, value);

    if (r < 0)
        return cannot_observe(work, ws, r);
    if (strcmp(value, ws->record.step.after) != 0)
        return fails(work, ws, IOW_RULE_EXEC_NOT_SO, 0, value);
    ws->record.state = IOW_STEP_DONE;
    if (iow_work_write(work, ws) < 0)
        return journal_fails(work, ws);
    work->outcome.n_done++;
    iow_work_tell(work, IOW_PROGRESS_DONE, &ws->record.step, IOW_RULE_NONE, 0);
    return true;
}

static bool do_step(struct iow_work *work, struct iow_work_step *ws)
{
    struct iow_actor *actor = work->exec->actor;
    struct iow_step *step = &ws->record.step;
    char value[IOW_VALUE_BYTES];
    int r;

    if (iow_work_stopped(work))
        return fails(work, ws, IOW_RULE_EXEC_STOPPED, 0, NULL);
    iow_work_tell(work, IOW_PROGRESS_BEGINS, step, IOW_RULE_NONE, 0);
    r = actor->ops->observe(actor, step, value);
    if (r < 0)
        return cannot_observe(work, ws, r);
    if (is_done_already(step, value))
        return skip(work, ws);
    if (!adopt_access(ws, value) && strcmp(value, step->before) != 0)
        return fails(work, ws, IOW_RULE_EXEC_CHANGED, 0, value);
    return prepare(work, ws) && act(work, ws) && check(work, ws);
}

/* A failure that is about no step. */
static bool fails_as_a_whole(struct iow_work *work, enum iow_rule rule)
{
    struct iow_step none = {
        .kind = IOW_STEP_GIVE, .group = work->claims[0]->group, .before = "", .after = ""};

    iow_work_fail(work, &none, rule, 0, NULL);
    return false;
}

/* Loading takes its time, and nothing from anybody. */
static bool takes_first(const struct iow_work *work, uint32_t i)
{
    return work->steps[i].record.step.kind != IOW_STEP_LOAD &&
           (i == 0 || work->steps[i - 1].record.step.kind == IOW_STEP_LOAD);
}

static bool do_steps(struct iow_work *work)
{
    const struct iow_exec *exec = work->exec;

    for (uint32_t i = 0; i < work->n_steps; i++) {
        work->number = i + 1;
        if (takes_first(work, i) && exec->still_free && !exec->still_free(exec->ctx))
            return fails_as_a_whole(work, IOW_RULE_EXEC_CHANGED);
        if (!do_step(work, &work->steps[i]))
            return false;
    }
    return true;
}

/* The last look at everything, and the commit after which nothing is taken back. */
static bool hold(struct iow_work *work, const struct iow_facts *facts, const struct iow_plan *plan)
{
    struct iow_step none = {
        .kind = IOW_STEP_GIVE, .group = plan->members[0].group, .before = "", .after = ""};

    if (!iow_work_verify(work, facts, plan))
        return false;
    if (iow_work_stopped(work))
        return fails_as_a_whole(work, IOW_RULE_EXEC_STOPPED);
    if (iow_journal_hold(work->exec->journal, work->claims[0]->transaction, NULL) == 0)
        return true;
    iow_work_journal_failed(work, &none);
    return false;
}

static void run(struct iow_work *work, const struct iow_facts *facts, const struct iow_plan *plan)
{
    struct iow_actor *actor = work->exec->actor;
    const volatile int *asked = actor->stop;
    bool held;

    actor->stop = work->exec->stop;
    held = do_steps(work) && hold(work, facts, plan);
    actor->stop = asked;
    if (!held) {
        iow_work_undo(work, true);
        return;
    }
    for (uint32_t i = 0; i < work->n_claims; i++)
        iow_work_history(work, work->claims[i], IOW_HISTORY_CLAIMED);
    work->outcome.kind = IOW_OUTCOME_DONE;
}

/* The claims of one transaction, with the numbers that the journal gave their steps. */
static int claims_of(struct iow_journal *journal, int64_t transaction, struct iow_mem *mem,
    const struct iow_claim *const **ret, uint32_t *ret_n, struct iow_explain *reterr)
{
    const struct iow_claim *all, **mine;
    uint32_t n_all, n = 0;
    int r = iow_journal_claims(journal, mem, &all, &n_all, reterr);

    if (r < 0)
        return r;
    mine = iow_mem_alloc(mem, n_all, sizeof(*mine));
    if (!mine)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    for (uint32_t i = 0; i < n_all; i++)
        if (all[i].transaction == transaction)
            mine[n++] = &all[i];
    *ret = mine;
    *ret_n = n;
    return 0;
}

static int check_plan(const struct iow_exec *exec, const struct iow_facts *facts, const struct iow_plan *plan,
    struct iow_explain *reterr)
{
    if (iow_facts_provenance(facts) != exec->actor->provenance)
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_PLAN_NOT_LIVE);
    if (plan->n_refusals)
        return iow_explain(reterr, -IOW_EINVAL, plan->refusals[0].rule);
    return 0;
}

int iow_exec_claim(struct iow_exec *exec, const struct iow_facts *facts, const struct iow_plan *plan,
    const struct iow_transaction *about, struct iow_mem *mem, struct iow_outcome *ret,
    int64_t *ret_transaction, struct iow_explain *reterr)
{
    const struct iow_claim *const *claims = NULL;
    struct iow_work work;
    uint32_t n = 0;
    int r = check_plan(exec, facts, plan, reterr);

    if (r == 0)
        r = iow_journal_begin(exec->journal, facts, plan, about, ret_transaction, reterr);
    if (r < 0)
        return r;
    r = claims_of(exec->journal, *ret_transaction, mem, &claims, &n, reterr);
    if (r < 0)
        return r;
    if (iow_work_init(&work, exec, claims, n, mem) < 0) {
        for (uint32_t i = 0; i < n; i++)
            (void)iow_journal_end(exec->journal, claims[i]->id, NULL);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    run(&work, facts, plan);
    *ret = work.outcome;
    return 0;
}
