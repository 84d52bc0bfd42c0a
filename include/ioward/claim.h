/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claims: groups taken for a user, as the journal remembers them.
 *
 * A claim is of one group and holds the steps that were done for it, so that they can be undone: whatever
 * ioward changed on a machine it can put back. Several groups claimed by one command share a transaction:
 * they are taken all or none. A claim ends when each of its steps is undone; nothing of it is left then but
 * a line in the history.
 */
#ifndef IOWARD_CLAIM_H
#define IOWARD_CLAIM_H

#include <ioward/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_claim_state {
    IOW_CLAIM_TAKING,    /* steps are being done; found so by another ioward: the first one died */
    IOW_CLAIM_HELD,      /* all steps are done */
    IOW_CLAIM_RELEASING, /* steps are being undone, or wait to be */
    IOW_CLAIM__COUNT
};

/* iow_claim_state_name - "taking", "held", "releasing" */
const char *iow_claim_state_name(enum iow_claim_state state);

enum iow_step_state {
    IOW_STEP_PLANNED,
    IOW_STEP_INTENDED, /* it may have happened, or not, or be under way */
    IOW_STEP_DONE,
    IOW_STEP_UNDOING, /* its inverse is what may have happened, or not, or be under way */
    IOW_STEP_UNDONE,  /* the variable is as it was before */
    IOW_STEP_LEFT, /* not put back, and not ours any more: somebody else changed it, or the device is gone */
    IOW_STEP_STATE__COUNT
};

/* iow_step_state_name - "planned", "intended", "done", "undoing", "undone", "left" */
const char *iow_step_state_name(enum iow_step_state state);

/* Who carries out an effect: a process, by number and start time (clock ticks since boot, field 22 of
 * proc/PID/stat). pid 0: nobody. */
struct iow_effort {
    uint32_t pid;
    uint64_t start_ticks;
};

struct iow_claim_step {
    int64_t id; /* ascending in the order of doing */
    struct iow_step step;
    enum iow_step_state state;
    struct iow_effort effort; /* who carries it out, or its inverse */
    enum iow_rule rule; /* why it is not undone though that was tried; IOW_RULE_NONE: nothing is wrong */
    int error;          /* the kernel's errno then, positive; 0: none */
};

struct iow_claim_member {
    struct iow_address function;
    enum iow_member_role role;
};

struct iow_claim {
    int64_t id, transaction;
    enum iow_claim_state state;
    uint32_t group;
    uint32_t uid;                 /* whom it is for */
    uint32_t by_uid;              /* who asked */
    uint64_t began_usec;          /* since the epoch */
    bool bound;                   /* ends with a command ("run") rather than with a release */
    const char *command;          /* of a bound claim; "" else. Escape when drawing */
    struct iow_effort supervisor; /* of a bound claim: the ioward that waits for the command */
    uint32_t n_members, n_steps;
    const struct iow_claim_member *members;
    const struct iow_claim_step *steps;
};

/* How a transaction ended. */
enum iow_outcome_kind {
    IOW_OUTCOME_DONE,        /* everything was done, or everything put back, as asked */
    IOW_OUTCOME_ROLLED_BACK, /* a step failed, and everything is as it was before */
    IOW_OUTCOME_PENDING,     /* an unbind waits for its user; release --resume goes on */
    IOW_OUTCOME_OPEN, /* something could not be put back; the journal says what, --resume tries again */
    IOW_OUTCOME__COUNT
};

/* iow_outcome_kind_name - "done", "rolled-back", "pending", "open" */
const char *iow_outcome_kind_name(enum iow_outcome_kind kind);

/* A step that did not go as planned. */
struct iow_failure {
    struct iow_step
        step; /* as it was carried out: an inverse when putting back; before and after the same: it was
                             looked at (give: the group) */
    bool undoing;
    enum iow_rule rule; /* IOW_RULE_EXEC_... */
    int error;          /* the kernel's errno, positive; 0: not refused by it */
    const char *seen;   /* the variable's value then; NULL: not known */
};

struct iow_outcome {
    enum iow_outcome_kind kind;
    uint32_t n_done, n_undone, n_left; /* steps */
    uint32_t n_failures;
    const struct iow_failure *failures; /* the first is the cause, those after it of the putting back */
};

#ifdef __cplusplus
}
#endif
#endif
