/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IOWARD_REPORT_REFUSAL_WORDS_H
#define IOWARD_REPORT_REFUSAL_WORDS_H

#include "report/plan.h"

/* iow_refusal_text_of - as iow_refusal_text(), about several functions at once: "A, B and C"; NULL: about its own */
void iow_refusal_text_of(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal,
    const char *functions);

#endif
