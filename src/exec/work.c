/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/work.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND_USEC 1000000u

/* What each step gets, whatever is left of the time. */
#define LEAST_USEC (2 * SECOND_USEC)

/* How often whoever wants it to stop is asked. */
#define SLICE_USEC (SECOND_USEC / 4)

/* Room for every step to fail forward, undone, and for what is about no step. */
#define FAILURES_BESIDE 8

static int by_id(const void *a, const void *b)
{
    int64_t first = ((const struct iow_work_step *)a)->record.id;
    int64_t second = ((const struct iow_work_step *)b)->record.id;

    return (first > second) - (first < second);
}

int iow_work_init(struct iow_work *work, struct iow_exec *exec, const struct iow_claim *const *claims,
    uint32_t n, struct iow_mem *mem)
{
    *work = (struct iow_work){
        .exec = exec, .mem = mem, .claims = claims, .n_claims = n, .left_usec = exec->timeout_usec};
    for (uint32_t i = 0; i < n; i++)
        work->total += claims[i]->n_steps;
    work->room = 2 * work->total + FAILURES_BESIDE;
    work->steps = iow_mem_alloc(mem, work->total, sizeof(*work->steps));
    work->failures = iow_mem_alloc(mem, work->room, sizeof(*work->failures));
    if (!work->steps || !work->failures)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < claims[i]->n_steps; j++)
            work->steps[work->n_steps++] = (struct iow_work_step){.record = claims[i]->steps[j], .claim = i};
    qsort(work->steps, work->n_steps, sizeof(*work->steps), by_id);
    return 0;
}

void iow_work_tell(struct iow_work *work, enum iow_progress_kind kind, const struct iow_step *step,
    enum iow_rule rule, int error)
{
    if (work->exec->tell)
        work->exec->tell(work->exec->ctx, &(struct iow_progress){.kind = kind,
                                              .step = step,
                                              .undoing = work->undoing,
                                              .number = work->number,
                                              .total = work->total,
                                              .rule = rule,
                                              .error = error});
}

void iow_work_fail(
    struct iow_work *work, const struct iow_step *step, enum iow_rule rule, int error, const char *seen)
{
    iow_work_tell(work, IOW_PROGRESS_FAILED, step, rule, error);
    if (work->n_failures == work->room)
        return;
    work->failures[work->n_failures++] = (struct iow_failure){.step = *step,
        .undoing = work->undoing,
        .rule = rule,
        .error = error,
        .seen = seen ? iow_mem_text(work->mem, seen, strlen(seen)) : NULL};
}

void iow_work_journal_failed(struct iow_work *work, const struct iow_step *step)
{
    if (!work->journal_failed)
        iow_work_fail(work, step, IOW_RULE_EXEC_JOURNAL, 0, NULL);
    work->journal_failed = true;
}

int iow_work_write(struct iow_work *work, struct iow_work_step *step)
{
    const struct iow_claim_step *record = &step->record;
    int r = iow_journal_step(work->exec->journal, record->id, record->state, &record->effort,
        record->step.before, record->rule, record->error, NULL);

    step->unwritten = r < 0;
    return r;
}

bool iow_work_stopped(const struct iow_work *work)
{
    return work->exec->stop && *work->exec->stop;
}

enum iow_rule iow_observe_rule(int error)
{
    switch (error) {
    case -IOW_ENODEV:
        return IOW_RULE_EXEC_GONE;
    case -IOW_ESTALE:
        return IOW_RULE_EXEC_OTHER_DEVICE;
    case -IOW_EINPROGRESS:
        return IOW_RULE_EXEC_UNSEEN;
    default:
        return IOW_RULE_EXEC_REFUSED;
    }
}

/* No jump of the wall clock makes a wait longer or shorter. */
static uint64_t monotonic_usec(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_USEC + (uint64_t)now.tv_nsec / 1000;
}

/* What a wait took, off what is left. On a machine with a clock of its own a wait that was not enough takes no time
 * here, and counts as what was asked. */
static uint64_t charge(struct iow_work *work, uint64_t begun, uint64_t asked, int r)
{
    uint64_t took = monotonic_usec() - begun;

    if (r == -IOW_EINPROGRESS && took < asked)
        took = asked;
    work->left_usec -= took < work->left_usec ? took : work->left_usec;
    return took;
}

static uint64_t allowed(const struct iow_work *work)
{
    return work->left_usec > LEAST_USEC ? work->left_usec : LEAST_USEC;
}

/* Going forward, whoever wants to stop is heard at once. What has to be put back gets its least time even so. */
static bool gives_up(const struct iow_work *work, uint64_t waited)
{
    return iow_work_stopped(work) && (!work->undoing || waited >= LEAST_USEC);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static int wait_for(struct iow_work *work, const struct iow_step *step, const struct iow_effort *effort,
    uint64_t waited, uint64_t until)
{
    struct iow_actor *actor = work->exec->actor;
    bool told = false;
    int r = -IOW_EINPROGRESS;

    while (r == -IOW_EINPROGRESS && waited < until && !gives_up(work, waited)) {
        uint64_t slice = least(SLICE_USEC, until - waited), begun = monotonic_usec();

        if (waited >= SECOND_USEC && !told) {
            iow_work_tell(work, IOW_PROGRESS_WAITS, step, IOW_RULE_EXEC_WAITS, 0);
            told = true;
        }
        r = actor->ops->await(actor, effort, slice);
        waited += charge(work, begun, slice, r);
    }
    return r == -IOW_EINPROGRESS ? r : 0;
}

int iow_work_act(struct iow_work *work, const struct iow_step *step, const struct iow_effort *effort)
{
    struct iow_actor *actor = work->exec->actor;
    uint64_t until = allowed(work), first = least(SECOND_USEC, until), begun = monotonic_usec();
    int r = actor->ops->act(actor, first);
    uint64_t took = charge(work, begun, first, r);

    return r == -IOW_EINPROGRESS ? wait_for(work, step, effort, took, until) : r;
}

int iow_work_await(struct iow_work *work, const struct iow_step *step, const struct iow_effort *effort)
{
    return wait_for(work, step, effort, 0, allowed(work));
}
