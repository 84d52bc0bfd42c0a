/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims being worked on: how far each step is, how long may still be waited, and what went otherwise than planned.
 *
 * Knows how to tell the journal, the history and whoever looks on; what to do next is for run.c and undo.c.
 */
#ifndef IOWARD_EXEC_WORK_H
#define IOWARD_EXEC_WORK_H

#include "exec/exec.h"

/* Why a step stays as it is, although it should be put back. */
enum iow_hold {
    IOW_HOLD_NONE,
    IOW_HOLD_FAILED,
    IOW_HOLD_PENDING, /* somebody is still at it */
    IOW_HOLD_BEHIND   /* not tried, because of one of these */
};

struct iow_work_step {
    struct iow_claim_step record; /* as it is, also when the journal could not be told */
    uint32_t claim;               /* position */
    bool unwritten;               /* the journal has an older state */
    enum iow_hold hold;
    char access[IOW_ACCESS_TEXT]; /* the value found before a give */
};

struct iow_work {
    struct iow_exec *exec;
    struct iow_mem *mem;
    const struct iow_claim *const *claims;
    uint32_t n_claims;
    struct iow_work_step *steps; /* in the order of doing */
    uint32_t n_steps;
    uint64_t left_usec; /* of what waits together */
    bool undoing;
    bool journal_failed;    /* said once */
    uint32_t number, total; /* for progress */
    struct iow_failure *failures;
    uint32_t n_failures, room;
    struct iow_outcome outcome; /* counts only, until the end */
};

/* iow_work_init - In: claims  borrowed. Errors: -IOW_ENOMEM */
int iow_work_init(struct iow_work *work, struct iow_exec *exec, const struct iow_claim *const *claims,
    uint32_t n, struct iow_mem *mem);

void iow_work_tell(struct iow_work *work, enum iow_progress_kind kind, const struct iow_step *step,
    enum iow_rule rule, int error);

/* iow_work_fail - a failure for the outcome, and for whoever looks on. seen: copied; NULL: not known */
void iow_work_fail(
    struct iow_work *work, const struct iow_step *step, enum iow_rule rule, int error, const char *seen);

/* iow_work_write - tells the journal how far a step is: what its record says. Errors: as iow_journal_step() */
int iow_work_write(struct iow_work *work, struct iow_work_step *step);

/* iow_work_journal_failed - says it, once */
void iow_work_journal_failed(struct iow_work *work, const struct iow_step *step);

/* iow_work_act, iow_work_await - let the effect made ready happen, or one of an earlier time end, and wait for it
 * within what is left of the time. step: as it is carried out
 * Returns: 0: over, to be observed; -IOW_EINPROGRESS: not in time, or stopped; -errno: the kernel refused */
int iow_work_act(struct iow_work *work, const struct iow_step *step, const struct iow_effort *effort);
int iow_work_await(struct iow_work *work, const struct iow_step *step, const struct iow_effort *effort);

/* iow_work_stopped - whoever started it wants it to end */
bool iow_work_stopped(const struct iow_work *work);

/* iow_observe_rule - what it means that a variable cannot be observed */
enum iow_rule iow_observe_rule(int error);

/* iow_work_history - a line about one claim; with the rules of the failures of its group */
void iow_work_history(struct iow_work *work, const struct iow_claim *claim, enum iow_history_kind kind);

/* iow_work_undo - puts every step back that may have happened, and ends the claims that are closed then (undo.c) */
void iow_work_undo(struct iow_work *work, bool rolled_back);

/* iow_work_read - the machine as it is now, without what only a plan needs. Errors: as iow_facts_read() */
int iow_work_read(struct iow_work *work, struct iow_facts **ret);

/* iow_work_verify - looks at the whole machine again after the last step (verify.c); false: a failure was added */
bool iow_work_verify(struct iow_work *work, const struct iow_facts *facts, const struct iow_plan *plan);

#endif
