/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of a simulated machine that use devices given to them. */
#ifndef IOWARD_CLI_SIM_PROGRAM_H
#define IOWARD_CLI_SIM_PROGRAM_H

#include "cli/host.h"

/* iow_sim_program_supervisor - nobody: the program has ended when the verb that started it has */
int iow_sim_program_supervisor(struct host *host, struct iow_effort *ret, struct iow_explain *reterr);

/* iow_sim_program_run - the program opens the devices that its user was given, and ends; one called "hold" stays behind
 * with them open */
int iow_sim_program_run(struct host *host, struct host_command *command, struct iow_explain *reterr);

#endif
