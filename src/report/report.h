/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drawing: a view, on a stream, in a format.
 *
 * Every drawer returns 0 or -IOW_ENOMEM. Errors of writing stay with the stream; the program looks at it
 * once, at the end. docs/json.md documents each JSON document.
 */
#ifndef IOWARD_REPORT_REPORT_H
#define IOWARD_REPORT_REPORT_H

#include "report/view.h"
#include "report/why.h"
#include <stdio.h>

struct iow_status_style {
    const char *columns; /* as typed after -o, checked by iow_status_columns(); NULL: the usual ones */
    bool noheadings;
    bool tree; /* members below their groups, also with columns */
    bool list; /* one line per member, also without columns */
    bool dim;  /* show forwarding bridges faintly: out is a terminal that can */
};

int iow_status_text(const struct iow_view *view, const struct iow_status_style *style, FILE *out);
int iow_status_json(const struct iow_view *view, FILE *out);

#define IOW_STATUS_COLUMNS 32

/* iow_status_columns - checks a list of column names; 0, or -IOW_EINVAL and in ret_bad where the bad name
 * begins */
int iow_status_columns(const char *text, const char **ret_bad);

/* iow_status_wants_names - would a table of these columns (NULL: the usual ones) show words from pci.ids? */
bool iow_status_wants_names(const char *columns);

/* iow_status_column_at - name and meaning of column i, for help; NULL past the end */
const char *iow_status_column_at(unsigned i, const char **ret_help);

/* Everything about functions, given by position. */
int iow_show_text(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out);
int iow_show_json(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out);

int iow_why_text(const struct iow_view *view, const struct iow_why *why, FILE *out);
int iow_why_json(const struct iow_view *view, const struct iow_why *why, FILE *out);

#endif
