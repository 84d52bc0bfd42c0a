/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IOWARD_REPORT_FIT_H
#define IOWARD_REPORT_FIT_H

#include <libsmartcols.h>
#include <stdbool.h>

/*
 * iow_fit - cuts cells of one column of a table that is wider than a terminal
 *
 * Down to the column's heading at most. The rest of the table is left as it is, so that what names things and
 * people stays whole.
 *
 * Returns: false when memory is exhausted
 */
bool iow_fit(struct libscols_table *table, size_t column, unsigned width);

#endif
