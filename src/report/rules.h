/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each rule says in words.
 *
 * One table row for each rule of include/ioward/rule.h. A sentence has places for what it is about:
 * {function}, {joined}, {deciding}, {other}, {group}, {holder}, {subject}, {path}, {acs}, {quirk}, {drivers}, {release}, {name}, {by}.
 * Only these words reach people; code elsewhere decides which rule applies, never how it is said.
 */
#ifndef IOWARD_REPORT_RULES_H
#define IOWARD_REPORT_RULES_H

#include "report/text.h"
#include <ioward/rule.h>

/* What the numbers seen and wanted of a rule's evidence are. */
enum iow_evidence_kind {
    IOW_EVIDENCE_REGISTER, /* bits, or an offset */
    IOW_EVIDENCE_ERRNO,    /* seen: an error number of the system */
    IOW_EVIDENCE_SILENT,   /* the sentence says it all */
    IOW_EVIDENCE_NUMBER,   /* seen: how many are counted */
    IOW_EVIDENCE_DRIVERS,  /* seen: how many drivers are counted */
    IOW_EVIDENCE_MEMBERS,  /* seen: how many members the group has */
    IOW_EVIDENCE_PASIDS,   /* seen: how many PASIDs are attached */
    IOW_EVIDENCE_OWNER,    /* seen: tag of the owner, wanted: of who asks */
    IOW_EVIDENCE_KIND,     /* seen: enum iow_domain_kind */
    IOW_EVIDENCE_TYPE,     /* seen and wanted: enum iow_domain_type */
    IOW_EVIDENCE_LINE,     /* seen: line of the file that is the subject */
};

struct iow_rule_words {
    const char *title;    /* a few words, no full stop */
    const char *sentence; /* whole sentence, without its full stop */
    const char *remedy;   /* what to do next, an imperative without its full stop; NULL: nothing is wrong */
    const char
        *remedy_otherwise; /* in the other case of a rule that has two: see view-words.c, refusal-words.c */
    enum iow_evidence_kind evidence;
};

/* iow_rule_words - never NULL; the row of IOW_RULE_NONE for a number that is no rule */
const struct iow_rule_words *iow_rule_words(enum iow_rule rule);

/* What the places in a sentence stand for: text that is safe to show as it is. NULL: the sentence says "?".
 */
struct iow_rule_places {
    const char *function, *joined, *deciding, *other, *group, *holder, *subject, *path, *acs, *quirk,
        *drivers, *release, *name, *by;
};

/* iow_rule_remedy - what to do when the rule failed with this error number of the system (positive); NULL: nothing
 */
const char *iow_rule_remedy(enum iow_rule rule, int number);

/* iow_rule_sentence - the rule's sentence with its places filled */
void iow_rule_sentence(struct iow_text *to, enum iow_rule rule, const struct iow_rule_places *places);

/* iow_rule_fill - the same for any text with places */
void iow_rule_fill(struct iow_text *to, const char *sentence, const struct iow_rule_places *places);

/* iow_rule_place_known - is this, without its braces, the name of a place? */
bool iow_rule_place_known(const char *name, size_t len);

#endif
