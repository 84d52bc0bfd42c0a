/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people are told on stderr while something goes on. */
#ifndef IOWARD_CLI_TELL_H
#define IOWARD_CLI_TELL_H

#include "exec/exec.h"

/* iow_tell_line - one line, with what is strange in it escaped */
void iow_tell_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* iow_tell_progress - for iow_exec, ctx is the struct act: one line for each step as it happens */
void iow_tell_progress(void *ctx, const struct iow_progress *progress);

#endif
