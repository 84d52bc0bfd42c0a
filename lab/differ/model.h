/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model in the middle of a sequence. */
#ifndef IOWARD_LAB_MODEL_H
#define IOWARD_LAB_MODEL_H

#include "describe.h"

#include <stdio.h>

struct model {
    struct machine machine;
    struct iow_mem mem;
    struct iow_front front;
    uint32_t slots[MOST_PROCESSES][MOST_SLOTS]; /* IOW_NONE: empty */
    struct step steps[MOST_STEPS];
    uint32_t tasks[MOST_STEPS]; /* of each step that sleeps */
    bool out[MOST_FUNCTIONS];   /* nothing is in the slot below */
    FILE *refusals;             /* NULL: nobody asks for them */
    unsigned sequence, step;    /* that is done now */
};

struct iow_front_answer ask(struct model *m, struct iow_front_op op);

/* Has the slot a file, not a mapping? fd: its descriptor */
bool is_file(const struct model *m, uint32_t fd);

/* see.c: what has ended, and all that can be seen. */
void observe(struct model *m, struct answer *ret);

#endif
