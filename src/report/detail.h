/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Details of one function that both formats of "ioward show" need, computed once. */
#ifndef IOWARD_REPORT_DETAIL_H
#define IOWARD_REPORT_DETAIL_H

#include "report/view.h"

/* Is this missing of that function, or of its group? */
bool iow_detail_is_about(const struct iow_missing *missing, const struct iow_function *function);

/* The bridges above a function, from the root down, and the function itself last; their number. The room must
 * hold one for every function. */
uint32_t iow_detail_path(const struct iow_view *view, uint32_t function, uint32_t *ret);

/* "BAR 0", "ROM", "VF BAR 2", "window 1" */
void iow_detail_bar_name(struct iow_text *to, const struct iow_bar *bar);

/* "memory", "prefetchable memory", "I/O ports" */
const char *iow_detail_bar_kind(const struct iow_bar *bar);

/* "16 KiB" */
void iow_detail_size(struct iow_text *to, uint64_t bytes);

/* "D0", "D3hot", ...; NULL: not known */
const char *iow_detail_power(uint8_t state);

#endif
