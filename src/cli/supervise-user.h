/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What running a command for a user needs to know of that user, and of the processes that came of the command. */
#ifndef IOWARD_CLI_SUPERVISE_USER_H
#define IOWARD_CLI_SUPERVISE_USER_H

#include "cli/supervise.h"

/* iow_environment_for - our environment, as iow_supervise() changes it; free with iow_environment_free(). NULL: no
 * memory */
char **iow_environment_for(const struct iow_supervision *what);
void iow_environment_free(char ***environment);

/*
 * Processes that came of us before there was a command: a helper that waits in the kernel for some device's user may do so
 * for ever, and gets no signal from us.
 */
struct iow_earlier {
    struct iow_earlier_process *at;
    size_t n;
};

struct iow_earlier_process {
    pid_t pid;
    unsigned long long start;
};

/* iow_earlier_note - those that there are now; free with iow_earlier_free(). false: no memory */
bool iow_earlier_note(struct iow_earlier *ret);
void iow_earlier_free(struct iow_earlier *earlier);

/* iow_descendants - processes that came of us, but not of those, and have not ended */
struct iow_left_behind iow_descendants(const struct iow_earlier *earlier);

/* iow_children_any - is there a child of ours that is none of those? */
bool iow_children_any(const struct iow_earlier *earlier);

/* iow_terminal_is_his - is the terminal that controls us, if any does, the user's? */
bool iow_terminal_is_his(const struct iow_supervision *what);

/* iow_become_user - for good; 0, or -1 and errno */
int iow_become_user(const struct iow_supervision *what);

/* iow_children_signal - to each child of ours that is none of those */
void iow_children_signal(int number, const struct iow_earlier *earlier);

#endif
