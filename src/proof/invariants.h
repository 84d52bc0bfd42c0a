/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The invariants, judged over what is true in a scene; what the core says is judged, never trusted. */
#ifndef IOWARD_PROOF_INVARIANTS_H
#define IOWARD_PROOF_INVARIANTS_H

#include "proof/stage.h"

/* Who may do DMA with the devices of a group, as it really is. */
struct iow_group_truth {
    uint32_t n_members;
    uint32_t spaces;  /* bit n: a member is under enum iow_proof_space n */
    uint32_t reached; /* the same with PASIDs of owners, and of two identity domains but one */
    uint32_t users; /* bit n: owner n holds a claim, attached a table, or has a member under one of its own */
    uint32_t drivers;  /* members with a driver that uses the kernel's DMA API */
    uint32_t privates; /* of those, drivers that may have a domain of their own */
    struct iow_driver_counts counts;
};

void iow_group_truth(const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t group,
    struct iow_group_truth *ret);

/* iow_broken_in - bit n: invariant n does not hold in the scene, of those that a state alone can break;
 * ret_group is where, of the lowest */
uint32_t iow_broken_in(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t *ret_group);

/* iow_broken_by - the same of those that a step breaks */
uint32_t iow_broken_by(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after);

#endif
