/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that makes one write for ioward, or one read, or loads a module, and may have to wait for ever in it. */
#ifndef IOWARD_HOST_HELPER_H
#define IOWARD_HOST_HELPER_H

#include <stdbool.h>

/*
 * iow_helper_main - to be called first of all by the program named in iow_actor_open_live()
 * Returns: false when this process is no helper; else *ret_code is what to exit with at once
 */
bool iow_helper_main(int argc, char **argv, int *ret_code);

#endif
