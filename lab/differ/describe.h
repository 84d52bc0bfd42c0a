/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's machine and its drivers, as the model wants them described. */
#ifndef IOWARD_LAB_DESCRIBE_H
#define IOWARD_LAB_DESCRIBE_H

#include "front/front.h"
#include "language.h"

/* Ends the program. */
_Noreturn void complain(const char *what);

/* What the agent wrote. */
void load_machine(struct machine *machine, const char *path);

/* Before iow_front_boot(). */
void describe_drivers(struct iow_front *front, const struct machine *machine);
void describe_machine(struct iow_front *front, const struct machine *machine);

#endif
