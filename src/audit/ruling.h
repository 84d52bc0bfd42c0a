/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Why the kernel decided as it did: the row of the core's table that gives the answer seen, from the state seen.
 *
 * What was not seen is asked in every way that it may have been; a row counts only if it gives the very answer. So
 * one reason may be left, several, or none, and nothing is ever added to them.
 */
#ifndef IOWARD_AUDIT_RULING_H
#define IOWARD_AUDIT_RULING_H

#include "facts/decision.h"
#include <ioward/transition.h>

enum iow_reading {
    IOW_READING_DONE,      /* it was let through, as the table has it */
    IOW_READING_REASON,    /* one rule of the table */
    IOW_READING_AMBIGUOUS, /* one of several */
    IOW_READING_NONE,      /* no rule of the table gives this answer from what was seen */
    IOW_READING_BESIDE,    /* ownership has no say in it (a reset) */
    IOW_READING__COUNT,
};

#define IOW_RULING_RULES 8

struct iow_ruling {
    enum iow_reading reading;
    enum iow_operation operation; /* unless IOW_READING_BESIDE */
    /* The group was another afterwards than this decision alone makes it: somebody else changed it meanwhile. */
    bool changed;
    bool perhaps_done;    /* ambiguous: it may also have been let through */
    bool perhaps_earlier; /* ambiguous: it may also have been refused before ownership was asked */
    uint32_t n_rules;
    enum iow_rule rules[IOW_RULING_RULES];
};

/* iow_ruling_of - under the rules of the kernel that decided; what of the decision is out of range is taken as unseen */
void iow_ruling_of(
    const struct iow_profile *profile, const struct iow_decision *decision, struct iow_ruling *ret);

/* iow_reading_name - "done", "reason", "ambiguous", "none", "beside" */
const char *iow_reading_name(enum iow_reading reading);

/* iow_decision_function - the kernel's; "?" for a number that is none */
const char *iow_decision_function(uint32_t what);

#endif
