/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that write to sysfs: a write may sleep in the kernel, and where its writer sleeps, the kernel
 * tells. They outlive what they write, since under emulation a fork costs as much as ten writes. */
#ifndef IOWARD_LAB_WRITER_H
#define IOWARD_LAB_WRITER_H

#include "language.h"

#include <stddef.h>
#include <sys/types.h>

/* Before the first; machine: shared with all of them. */
void writers_init(const struct machine *machine);

/* Has one that is idle do the call of a step; returns which. */
unsigned writer_begin(const struct step *step);

/* Has it done it? Then what came of it, and it is idle again. */
bool writer_ended(unsigned writer, int *ret_code);

/* Does it sleep until another one's call, or a user's, has ended? */
bool writer_waits(unsigned writer);
bool thread_waits(pid_t pid); /* any of the machine's */

/* Until one of them has done something, but no longer than so many milliseconds; others: something else is
 * being waited for, so that it makes sense with all of them idle, too. */
void writers_pause(int milliseconds, bool others);

/* Its stack in the kernel, for a complaint. */
void writer_stack(unsigned writer, char *text, size_t size);

#endif
