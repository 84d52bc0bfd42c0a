/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs share that change a machine. */
#ifndef IOWARD_CLI_ACT_H
#define IOWARD_CLI_ACT_H

#include "cli/cli.h"
#include "report/plan.h"

struct act {
    const struct options *options;
    struct host *host;
    struct iow_mem mem;
    struct iow_exec exec;
    uint32_t n_claims;
    const struct iow_claim *claims; /* as the journal had them last */
    bool telling;                   /* a person at a terminal sees each step as it happens */
    bool line_open;                 /* and the line of one has no end yet */
};

/* Each returns an exit code, and what went wrong was said. */

/* iow_act_begin - locked, the journal open and read. In: finish  ends what was abandoned, and says so */
int iow_act_begin(struct act *act, const struct options *options, bool finish);

/* iow_act_look - the journal read without acting. In: must  else a journal that cannot be read has no claims, and nothing is
 * said of it */
int iow_act_look(struct act *act, const struct options *options, bool must);

/* iow_act_reread - the claims as they are now */
int iow_act_reread(struct act *act);

/* iow_act_waits - does the kernel still carry out a step of it, and wait for somebody to let go? */
bool iow_act_waits(struct act *act, const struct iow_claim *claim);

/* iow_act_abandoned - is nobody behind a claim any more, and nothing waited for? */
bool iow_act_abandoned(struct act *act, const struct iow_claim *claim);

/* iow_act_orphaned - is its command gone, and all that could be seen to come of it, and somebody has the group open none the
 * less? It may be somebody who closed all files that he inherited; only a release takes it from him */
bool iow_act_orphaned(struct act *act, const struct iow_claim *claim);

/* iow_act_is_held - has somebody a group open now, or can that not be told? */
bool iow_act_is_held(struct act *act, uint32_t group);

/* iow_act_finish_abandoned - undoes every such claim, and says so */
int iow_act_finish_abandoned(struct act *act);

/*
 * iow_act_undo - puts back what claims changed, and draws how that went
 * In:      out   NULL: only what did not go well is said, on stderr
 */
int iow_act_undo(
    struct act *act, const struct iow_claim *const *claims, uint32_t n, bool rolled_back, FILE *out);

/* iow_act_forget - ends claims and puts nothing back; draws that */
int iow_act_forget(struct act *act, const struct iow_claim *const *claims, uint32_t n);

/* iow_act_runs - does the command still run that a claim ends with, and its ioward? */
bool iow_act_runs(struct act *act, const struct iow_claim *claim);

/* iow_act_outcome - the exit code for how a transaction ended */
int iow_act_outcome(enum iow_outcome_kind kind);

/* iow_act_draw - an outcome, in the format asked for; its exit code */
int iow_act_draw(
    struct act *act, const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out);

/* iow_act_holders - who holds these groups now, raw text in the memory of act; NULL: nobody, or it cannot be told */
const char *iow_act_holders(struct act *act, const uint32_t *groups, uint32_t n);

/* iow_act_done - unlocks; also a cleanup function, for zeros too */
void iow_act_done(struct act *act);

#endif
