/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search itself, for those who need more of it than iow_proof_run() gives: all states, and traces to
 * any. */
#ifndef IOWARD_PROOF_SEARCH_H
#define IOWARD_PROOF_SEARCH_H

#include "proof/events.h"
#include "proof/store.h"

struct iow_search {
    const struct iow_proof_world *world;
    uint32_t until; /* stop once all these invariants are broken; 0: search everything */
    void (*seen)(void *ctx, const struct iow_scene *scene, uint32_t number); /* every state; may be NULL */
    void *ctx;
    struct iow_store store;
    struct iow_way broken[IOW_PROOF_INVARIANT__COUNT]; /* the first step that broke it */
    struct iow_proof_result result;
};

/* iow_search_run - errors as iow_proof_run(); end with iow_search_done() in any case */
int iow_search_run(struct iow_search *search);
void iow_search_done(struct iow_search *search);

/* iow_search_trace - from the first state by the way given, in names that stay the same all along. 0 or
 * -IOW_ENOMEM */
int iow_search_trace(
    const struct iow_search *search, struct iow_way way, struct iow_mem *mem, struct iow_proof_trace *ret);

/* iow_plays - what may be done in a scene, failures included: the handler gets every play with what came
 * of it */
typedef int (*iow_played_handler)(
    void *ctx, const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after);
int iow_plays(const struct iow_proof_world *world, const struct iow_scene *scene, iow_played_handler handler,
    void *ctx);

#endif
