/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filling an explain object: freestanding, no allocation. Every function accepts a NULL object and returns
 * code. */
#ifndef IOWARD_BASE_EXPLAIN_H
#define IOWARD_BASE_EXPLAIN_H

#include <ioward/error.h>

int iow_explain(struct iow_explain *reterr, int code, enum iow_rule rule);
int iow_explain_text(struct iow_explain *reterr, int code, enum iow_rule rule, const char *text);
int iow_explain_function(
    struct iow_explain *reterr, int code, enum iow_rule rule, const struct iow_address *address);

/* Adds seen and wanted to an object filled before; silently drops what does not fit. */
void iow_explain_evidence(struct iow_explain *reterr, uint64_t seen, uint64_t wanted, uint32_t offset);

#endif
