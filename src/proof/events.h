/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The environment: everything that any actor might do next, under the conditions that the world keeps.
 */
#ifndef IOWARD_PROOF_EVENTS_H
#define IOWARD_PROOF_EVENTS_H

#include "proof/stage.h"

/* Not 0: enough, stop */
typedef int (*iow_play_handler)(void *ctx, const struct iow_play *play);

/* iow_events - all of them, in an order that depends on the scene alone, moves that fail left out. Of
 * merged devices and owners one acts for all. Returns what the handler stopped with, or 0 */
int iow_events(
    const struct iow_proof_world *world, const struct iow_scene *scene, iow_play_handler handler, void *ctx);

/* iow_failures - of a play that was played without failures: all the ways in which moves of its could fail */
int iow_failures(const struct iow_proof_world *world, const struct iow_scene *scene,
    const struct iow_play *play, const struct iow_outcome *outcome, iow_play_handler handler, void *ctx);

#endif
