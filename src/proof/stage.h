/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stage: where one actor does one thing to a scene, by the arbiter itself, with hooks that keep the
 * truth.
 */
#ifndef IOWARD_PROOF_STAGE_H
#define IOWARD_PROOF_STAGE_H

#include "proof/scene.h"

/* What is done. Names are those of the scene. */
struct iow_play {
    uint8_t actor;  /* enum iow_proof_actor */
    uint8_t act;    /* enum iow_operation or IOW_PROOF_ACT_... */
    uint8_t device; /* or IOW_PROOF_DEVICES */
    uint8_t group;  /* or IOW_PROOF_OUTSIDE */
    uint8_t owner;
    uint8_t trait; /* of a probe */
    uint8_t kind;  /* enum iow_domain_kind, of an attach */
    uint8_t type;
    bool late;      /* those that fail do so not at their first move but at their second */
    uint32_t fails; /* bit n: device n cannot be moved the first time it should be */
    uint32_t ahead; /* with fails: bit n: device n joined before them, the others after */
};

struct iow_outcome {
    int code;
    uint32_t row;        /* that the arbiter noted last; IOW_NONE: none */
    uint32_t moved_once; /* bit n: device n was asked to move, successfully or not */
    uint32_t moved_twice;
    uint32_t failed; /* bit n: device n could not be moved where it should */
};

/* iow_stage_order - the members of a group, in the order that an event wants them to have joined. Returns
 * how many. */
uint32_t iow_stage_order(const struct iow_proof_world *world, const struct iow_scene *scene,
    const struct iow_play *event, uint8_t order[IOW_PROOF_DEVICES]);

/* iow_stage_play - do it. reterr may be NULL */
void iow_stage_play(const struct iow_proof_world *world, struct iow_scene *scene,
    const struct iow_play *event, struct iow_outcome *ret, struct iow_explain *reterr);

#endif
