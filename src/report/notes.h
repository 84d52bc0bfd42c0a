/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remarks, differences and what is missing, as lines of text. Each prints, and is false when memory is exhausted. */
#ifndef IOWARD_REPORT_NOTES_H
#define IOWARD_REPORT_NOTES_H

#include "report/view.h"
#include <stdio.h>

/* One note with its rule and remedy. */
bool iow_note_print(const struct iow_view_note *note, FILE *out, unsigned width);

/* What is missing, many of one kind as the first and a count. */
bool iow_missing_print(const struct iow_view_missing *const *list, uint32_t n, FILE *out, unsigned width);

/* All remarks, then all that is missing; many of one kind are shown as the first few and a count. */
bool iow_notes_print(const struct iow_view *view, FILE *out, unsigned width);

#endif
