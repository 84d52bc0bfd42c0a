/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a command on this machine. */
#ifndef IOWARD_CLI_HOST_RUN_H
#define IOWARD_CLI_HOST_RUN_H

#include "cli/host.h"

#define RUN_FOLDER "/run/ioward"

/* See struct host_ops. */
int iow_host_supervisor(struct host *host, struct iow_effort *ret, struct iow_explain *reterr);
int iow_host_look_for(struct host *host, char **argv, const struct user *user, struct iow_explain *reterr);
int iow_host_run(struct host *host, struct host_command *command, struct iow_explain *reterr);

#endif
