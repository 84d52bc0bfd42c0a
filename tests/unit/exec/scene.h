/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fake machine, a journal in a folder of its own, and an executor between them. */
#ifndef IOWARD_TESTS_EXEC_SCENE_H
#define IOWARD_TESTS_EXEC_SCENE_H

#include "fake.h"

struct scene {
    struct fake fake;
    struct iow_exec exec;
    struct iow_mem mem;
    struct iow_facts *facts;
    struct iow_plan *plan;
    char *start; /* the machine as it was */
    char folder[64], path[96];
    struct iow_outcome outcome;
    int64_t transaction;
    int result;
    struct iow_explain why;
    unsigned n_asked; /* whether it may still be taken, or is held */
    bool busy;        /* what a test says then */
    unsigned told[IOW_PROGRESS_SKIPPED + 1];
};

void scene_open(struct scene *scene, unsigned n, bool spread, int overrides);
void scene_close(struct scene *scene);

/* All functions are on vfio-pci already: a new plan gives their nodes, and no more. */
void scene_on_vfio(struct scene *scene);

/* The journal as another process finds it. */
void scene_reopen(struct scene *scene);

/* Runs the plan; result and outcome are in the scene. */
void scene_claim(struct scene *scene);

/* Undoes everything that the journal has. */
void scene_undo(struct scene *scene, bool rolled_back);

const struct iow_claim *scene_claims(struct scene *scene, uint32_t *ret_n);
uint32_t scene_count(struct scene *scene);

/* The machine is as it was at the start, but for what is not ours any more. */
void assert_as_at_start(struct scene *scene);

bool scene_failed_with(const struct scene *scene, enum iow_rule rule);

#endif
