/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes with files: each does what it is told, one call after the other. */
#ifndef IOWARD_LAB_WORKER_H
#define IOWARD_LAB_WORKER_H

#include "language.h"

/* None is there yet; once, before the first. */
void workers_init(const struct machine *machine);

/* Process 0, without files. */
void workers_begin(void);

bool worker_alive(unsigned process);

/* Is the slot of a process empty? */
bool worker_slot_empty(unsigned process, unsigned slot);

/* A call of a process that is there; the error number negative, ret_flags of CALL_GET_STATUS. */
int worker_do(const struct step *step, unsigned *ret_flags);

/* What the files of those that are there answer to the call for a group's status. */
void workers_look(struct status ret[MOST_PROCESSES][MOST_SLOTS]);

/* Kills all; returns when all their files are closed. */
void workers_end(void);

#endif
