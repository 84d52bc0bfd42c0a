/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One decision of the kernel, drawn: a line for people, a line of JSON. */
#ifndef IOWARD_REPORT_DECISION_H
#define IOWARD_REPORT_DECISION_H

#include "audit/ruling.h"
#include "report/text.h"
#include <stdio.h>

struct iow_decision_view {
    const struct iow_decision *decision;
    const struct iow_ruling *ruling;
    const char *device; /* "0000:01:00.0"; NULL: it is about no device, or which one was not seen */
    uint64_t when_usec;
};

/*
 * iow_decision_text, iow_decision_json - the line, and its newline
 * Errors:  -IOW_ENOMEM; errors of out stay in out
 */
int iow_decision_text(const struct iow_decision_view *view, FILE *out);
int iow_decision_json(const struct iow_decision_view *view, FILE *out);

/* iow_decision_operation - "claim the group", "reset" */
const char *iow_decision_operation(const struct iow_ruling *ruling);

/* iow_look_domain_name - "default", "blocking", "other", "other-identity"; "?" for a number that is none */
const char *iow_look_domain_name(uint32_t domain);

/* iow_look_type_name - "DMA", "DMA-FQ", "identity"; NULL: none, or none that ioward knows */
const char *iow_look_type_name(const struct iow_group_look *look);

/* iow_decision_error_name - of its result: "EBUSY", "error 524"; NULL: it was let through */
#define IOW_DECISION_ERROR 24
const char *iow_decision_error_name(const struct iow_decision *decision, char buf[IOW_DECISION_ERROR]);

#endif
