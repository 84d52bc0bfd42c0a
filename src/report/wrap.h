/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IOWARD_REPORT_WRAP_H
#define IOWARD_REPORT_WRAP_H

#include <stdio.h>

/*
 * iow_wrap - prints text broken at spaces, with a newline at the end
 * In:      first   what the first line begins with; the following lines begin with as many spaces
 *          width   columns of the whole line, at least 20 of them for text
 */
void iow_wrap(FILE *out, const char *first, const char *text, unsigned width);

/* iow_wrap_columns - of UTF-8 text, each character taken as one: names of hardware have no wide ones to speak of */
unsigned iow_wrap_columns(const char *text, size_t len);

/* iow_wrap_width - columns of the terminal that out is; 100 where it is none */
unsigned iow_wrap_width(FILE *out);

#endif
