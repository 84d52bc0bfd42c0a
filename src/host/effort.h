/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes told apart for ever: by number and start time, since numbers are used again. */
#ifndef IOWARD_HOST_EFFORT_H
#define IOWARD_HOST_EFFORT_H

#include <ioward/claim.h>
#include <sys/types.h>

/* iow_effort_of - the process that has this number now
 * Errors: -IOW_ENOENT there is none; another errno of reading /proc */
int iow_effort_of(pid_t pid, struct iow_effort *ret);

/* iow_effort_alive - is that very process still there, and has it not ended? What cannot be told counts as alive */
bool iow_effort_alive(const struct iow_effort *effort);

/* iow_effort_await - 0 when it has ended; -IOW_EINPROGRESS when it has not after this time, or stop was raised. A child of
 * ours that has ended is reaped */
int iow_effort_await(const struct iow_effort *effort, uint64_t timeout_usec, const volatile int *stop);

#endif
