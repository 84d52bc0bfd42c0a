/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking groups for a user: what claim and run share. */
#ifndef IOWARD_CLI_TAKE_H
#define IOWARD_CLI_TAKE_H

#include "cli/act.h"

struct take {
    struct act act;
    struct machine machine; /* as it was before anything was changed */
    struct user user;
    struct iow_claim_request request;
    struct iow_plan *plan;
    uint32_t n_groups;
    const uint32_t *groups; /* of the plan, ascending */
    int64_t transaction;
};

/*
 * iow_take_plan - reads the machine and makes the plan, refused or not
 * In:      act of take is begun, or looked
 * Returns: an exit code, and what went wrong was said
 */
int iow_take_plan(struct take *take, int n, char **devices);

/* iow_take_refused - the exit code for a plan's refusals; EXIT_DONE when there are none */
int iow_take_refused(const struct iow_plan *plan);

/* iow_take_draw_plan - in the format asked for; an exit code */
int iow_take_draw_plan(struct take *take, FILE *out);

/*
 * iow_take_run - carries the plan out; risks of it that were accepted are said on standard error
 * In:      quiet  nothing is drawn when all went well
 * Returns: an exit code; how it went was drawn
 */
int iow_take_run(struct take *take, struct iow_transaction *about, bool quiet);

/* iow_take_done - also a cleanup function, for zeros too */
void iow_take_done(struct take *take);

#endif
