/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences of a view, for view.c only. */
#ifndef IOWARD_REPORT_VIEW_WORDS_H
#define IOWARD_REPORT_VIEW_WORDS_H

#include "report/text.h"
#include "report/view.h"
#include <ioward/alias.h>

/* Up to three holders by name, then how many more. */
void iow_view_holders(
    struct iow_text *to, const struct iow_facts *facts, const uint32_t *positions, uint32_t n);

/* From what the owner of a group follows; NULL when memory is exhausted. */
char *iow_view_basis(const struct iow_view *view, const struct iow_view_group *group, struct iow_mem *mem);

/* False when memory is exhausted. */
bool iow_view_difference(const struct iow_view *view, const struct iow_difference *difference,
    struct iow_mem *mem, struct iow_view_note *ret);

#endif
