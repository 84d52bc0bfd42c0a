/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "ioward audit": what the rules found, what they could not judge, and what became of accepted risks.
 */
#ifndef IOWARD_REPORT_AUDIT_H
#define IOWARD_REPORT_AUDIT_H

#include "report/view.h"
#include <stdio.h>

/* What to show. */
struct iow_audit_choice {
    enum iow_severity least;
    uint32_t
        n_functions; /* 0: of the whole machine; else what is about these, their groups, or the machine */
    const uint32_t *functions;
};

struct iow_audit_unknown {
    const struct iow_finding *record;
    const char *text;
};

/* A driver that is bound, and how the rule of ownership sees it. */
struct iow_audit_driver {
    const char *name; /* raw */
    enum iow_driver_trait trait;
};

struct iow_audit_view {
    const struct iow_view *view;
    int32_t today;
    uint32_t n_findings; /* those chosen, accepted ones among them */
    struct iow_view_note *findings;
    uint32_t n_unknown;
    struct iow_audit_unknown *unknown;
    uint32_t n_acceptances;
    const struct iow_acceptance *acceptances;
    uint32_t n_missing;
    const struct iow_view_missing **missing;
    uint32_t n_drivers;
    struct iow_audit_driver *drivers; /* by name, each once */
};

/* iow_audit_view_build - Errors: -IOW_ENOMEM */
int iow_audit_view_build(const struct iow_view *view, const struct iow_audit *audit,
    const struct iow_audit_request *request, const struct iow_audit_choice *choice, struct iow_mem *mem,
    struct iow_audit_view *ret);

/* What it comes to, the worst last. */
enum iow_audit_result {
    IOW_AUDIT_CLEAN, /* nothing but what is accepted */
    IOW_AUDIT_NOTICES,
    IOW_AUDIT_UNKNOWN, /* something could not be judged, or not be read */
    IOW_AUDIT_WARNINGS,
    IOW_AUDIT_CRITICAL,
    IOW_AUDIT__COUNT
};

enum iow_audit_result iow_audit_view_result(const struct iow_audit_view *audit);

int iow_audit_text(const struct iow_audit_view *audit, FILE *out);
int iow_audit_json(const struct iow_audit_view *audit, struct iow_mem *mem, FILE *out);

/* The table of rules. */
int iow_audit_rules_text(FILE *out);
int iow_audit_rules_json(FILE *out);

#endif
