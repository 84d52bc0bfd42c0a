/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's PCI functions and groups as sysfs shows them, and writing its files. */
#ifndef IOWARD_LAB_SYSFS_H
#define IOWARD_LAB_SYSFS_H

#include "language.h"

/* Functions by their addresses; a group is there when one of its functions is. */
void read_machine(struct machine *machine, char *const *addresses, unsigned n);
void write_machine(const struct machine *machine, const char *path);

/* The call of a step that writes a file; 0 or a negative error number. */
int do_write(const struct machine *machine, const struct step *step);

/* 0 or a negative error number. */
int write_file(const char *path, const char *text);

#endif
