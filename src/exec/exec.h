/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running plans and undoing them.
 *
 * Before the first step that takes something, whoever made the plan is asked whether it would still make it: while a module was
 * loaded somebody may have begun to use the device.
 *
 * Forward, for each step: observe that the variable has the value before; make the effect ready; commit the intent
 * and who carries it out; act; observe that it has the value after; commit the outcome. Anything else than that
 * ends the transaction, and what was done is undone.
 *
 * Undoing is one mechanism for rollback, release and recovery after a crash: the steps of the claim that may
 * have happened, in reverse order, each driven by what is observed and not by what is remembered:
 *  1. if somebody is still at it, wait for that; what is not over in time leaves the claim pending;
 *  2. the variable has the value before, or one that an earlier step of the claim found: nothing to do, undone; so is
 *     access to a node that is gone, and a load, which has no inverse;
 *  3. it has the value after, or of a node the owner after, who may have changed its mode: intent, inverse, observe,
 *     outcome; not a node whose group has no member of the claim any more: it is of other devices, and left;
 *  4. any other value: somebody else changed it; left as it is, and said (IOW-EXEC-FOREIGN); so is a driver that is refused
 *     because of an override that was left (IOW-EXEC-OVERRIDDEN);
 *  5. the function is gone, or another device is at its address: nothing to put back; left, and said.
 * A step that fails keeps later inverses of the same function from being tried (they could not be right), and an
 * unbind that puts back and is pending keeps every bind of its group from being tried (the group still has its user);
 * all others go on. What stays is in the journal and is tried again by the next resume.
 * When all is back, a group that somebody has open still does not count as released: its claim stays until nobody has.
 *
 * When the journal cannot be written: going forward nothing more is done and everything is undone; undoing goes on
 * without it, since a device without driver is worse than a stale line.
 */
#ifndef IOWARD_EXEC_EXEC_H
#define IOWARD_EXEC_EXEC_H

#include "exec/history.h"
#include "exec/journal.h"
#include "host/actor.h"

enum iow_progress_kind {
    IOW_PROGRESS_BEGINS,
    IOW_PROGRESS_DONE,
    IOW_PROGRESS_FAILED,
    IOW_PROGRESS_WAITS,  /* not done after a second; said once for a step, when the holder can be told, too */
    IOW_PROGRESS_SKIPPED /* nothing to do, or not tried; see rule */
};

struct iow_progress {
    enum iow_progress_kind kind;
    const struct iow_step *step; /* as carried out: an inverse when undoing */
    bool undoing;
    uint32_t number, total; /* of this step in what is being done, from 1 */
    enum iow_rule rule;
    int error;
};

struct iow_exec {
    struct iow_actor *actor;
    struct iow_journal *journal;
    struct iow_history_file *history; /* NULL: none is kept */
    const char *boot_id;
    uint64_t timeout_usec; /* for everything that waits, together; what comes after it has run out still gets
                                 two seconds each */
    const volatile int *stop;   /* not 0: roll back, and do not wait; NULL: nobody asks */
    uint64_t (*now_usec)(void); /* since the epoch */
    void (*tell)(void *ctx, const struct iow_progress *progress); /* NULL: tell nobody */
    /* Would the same plan be made now? false: no, or it cannot be told. NULL: nobody is asked */
    bool (*still_free)(void *ctx);
    /* Has somebody a group open now, or can that not be told? NULL: nobody has */
    bool (*is_held)(void *ctx, uint32_t group);
    void *ctx; /* of all of these */
    bool
        history_failed; /* set when a line of the history could not be written; nothing else follows from it */
};

/*
 * iow_exec_claim - runs a plan that is not refused
 * In:      facts    what the plan was made from. Not of the actor's provenance: -IOW_EINVAL (IOW-PLAN-NOT-LIVE)
 * Out:     ret      in mem, always filled when 0 is returned
 * Returns: 0 when it ran, however it ended (ret->kind); after the last step facts are read again: every
 *          member is still in its group, nobody joined, each has its driver, or everything is undone
 * Errors:  nothing was changed: -IOW_EINVAL, -IOW_EIO (IOW-EXEC-JOURNAL), -IOW_ENOMEM
 */
int iow_exec_claim(struct iow_exec *exec, const struct iow_facts *facts, const struct iow_plan *plan,
    const struct iow_transaction *about, struct iow_mem *mem, struct iow_outcome *ret,
    int64_t *ret_transaction, struct iow_explain *reterr);

/*
 * iow_exec_undo - puts back what a claim changed, and ends it
 * In:      claims   of iow_journal_claims(); all of them are undone together: every step of all of them in
 *                   reverse order
 *          rolled_back  the outcome is called rolled-back rather than done
 */
int iow_exec_undo(struct iow_exec *exec, const struct iow_claim *const *claims, uint32_t n, bool rolled_back,
    struct iow_mem *mem, struct iow_outcome *ret, struct iow_explain *reterr);

/*
 * iow_exec_forget - ends claims and puts nothing back; the history says so
 * Out:     ret      n_left counts what would have been to undo
 * Errors:  -IOW_EIO (IOW-EXEC-JOURNAL): those after the first that failed are still there; -IOW_ENOMEM
 */
int iow_exec_forget(struct iow_exec *exec, const struct iow_claim *const *claims, uint32_t n,
    struct iow_mem *mem, struct iow_outcome *ret, struct iow_explain *reterr);

/* iow_claim_has_group - is a member of a claim in its group still? If not, other devices may have the group's number now */
bool iow_claim_has_group(const struct iow_claim *claim, const struct iow_facts *facts);

/* iow_claim_abandoned - nobody is behind it any more: its taking or releasing was not finished, or the command it ends with
 * is gone with all that came of it. In: actor answers who is alive; lock_folder has the bound claims' files
 * ("run-TRANSACTION", locked by everyone whom the command left behind) */
bool iow_claim_abandoned(struct iow_actor *actor, const char *lock_folder, const struct iow_claim *claim);

#endif
