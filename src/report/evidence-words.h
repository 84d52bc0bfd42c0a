/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen and wanted, in words. */
#ifndef IOWARD_REPORT_EVIDENCE_WORDS_H
#define IOWARD_REPORT_EVIDENCE_WORDS_H

#include "report/rules.h"
#include <ioward/transition.h>

/* iow_evidence_text - to follow a sentence: ": 2 drivers are counted", "; seen 0x40, wanted 0x0"; nothing
 * where the sentence says it all */
void iow_evidence_text(struct iow_text *to, enum iow_evidence_kind kind, const struct iow_evidence *evidence);

/* iow_domain_kind_words - "the default domain", "a page table"; "?" for a number that is none */
const char *iow_domain_kind_words(enum iow_domain_kind kind);

/* iow_domain_type_name - as in sysfs: "DMA", "DMA-FQ", "identity"; "none" where there is no default domain */
const char *iow_domain_type_name(enum iow_domain_type type);

#endif
