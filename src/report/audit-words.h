/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of the audit mean, beyond the sentence of a finding. */
#ifndef IOWARD_REPORT_AUDIT_WORDS_H
#define IOWARD_REPORT_AUDIT_WORDS_H

#include <ioward/audit.h>
#include <ioward/facts.h>

struct iow_audit_words {
    const char *meaning;  /* why it matters: sentences */
    const char *evidence; /* from what it is told, an enumeration without full stop */
};

/* iow_audit_words - NULL: no rule of the audit */
const struct iow_audit_words *iow_audit_words(enum iow_rule rule);

/* iow_peer_words - what a module of this name can be asked to do; never NULL */
const char *iow_peer_words(const char *module);

#endif
