/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What running a command for a user needs to know of that user, and of the processes that came of the command. */
#ifndef IOWARD_CLI_SUPERVISE_USER_H
#define IOWARD_CLI_SUPERVISE_USER_H

#include "cli/supervise.h"

/* iow_environment_for - our environment, as iow_supervise() changes it; free with iow_environment_free(). NULL: no
 * memory */
char **iow_environment_for(const struct iow_supervision *what);
void iow_environment_free(char ***environment);

/* iow_descendants_count - processes that came of us and have not ended */
unsigned iow_descendants_count(void);

/* iow_children_signal - to each child of ours */
void iow_children_signal(int number);

#endif
