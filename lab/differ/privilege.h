/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What only the administrator may do, and being less than that. */
#ifndef IOWARD_LAB_PRIVILEGE_H
#define IOWARD_LAB_PRIVILEGE_H

#include <stdbool.h>

/* Has the calling process CAP_SYS_RAWIO, which it could have? */
void set_rawio(bool has);

/* A module by its driver's name; 0 or a negative error number. The file is MODULES/NAME.ko, its parameters
 * are in MODULES/NAME.options if that is there. One that is loaded is not loaded again; one that is used is
 * not waited for. */
#define MODULES "/run/differ-modules"
int load_module(const char *name);
int unload_module(const char *name);

#endif
