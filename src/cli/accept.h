/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the folder of accepted risks. */
#ifndef IOWARD_CLI_ACCEPT_H
#define IOWARD_CLI_ACCEPT_H

#include "cli/cli.h"
#include <ioward/audit.h>

/*
 * iow_accept_read - every file of the folder whose name ends in .conf, in the order of their names
 * In:      wanted  the folder must be there; else none is no acceptance
 * Errors:  as iow_accept_parse(); -IOW_EACCES (IOW-READ-DENIED), -IOW_EIO (IOW-READ-FAILED) with the file's name;
 *          -IOW_E2BIG (IOW-ACCEPT-SIZE)
 */
int iow_accept_read(const char *folder, bool wanted, struct iow_mem *mem, struct iow_acceptance **ret,
    uint32_t *ret_n, struct iow_explain *reterr);

/*
 * iow_accept_take - those that count for what a command is about: this machine's, or of the folder that it names
 * Out:     ret_today  the day as people here have it, since acceptances end by the calendar: days since 1970-01-01
 * Returns: an exit code, and what went wrong was said
 */
int iow_accept_take(const struct options *options, struct iow_mem *mem, struct iow_acceptance **ret,
    uint32_t *ret_n, int32_t *ret_today);

#endif
