/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "ioward route --sets": what the hardware does not keep apart, and how that agrees with the kernel's groups.
 */
#ifndef IOWARD_REPORT_SETS_H
#define IOWARD_REPORT_SETS_H

#include "report/view.h"
#include <ioward/agreement.h>
#include <json-c/json.h>
#include <stdio.h>

/* Isolation sets of one grade that have several members, and of these only what was asked about. */
struct iow_sets_of_grade {
    struct iow_grade_agreement agreement;
    uint32_t n;             /* sets */
    const uint32_t *first;  /* per set: where its members begin; one more, where the last set's end */
    const uint32_t *member; /* positions, ascending in each set */
    bool *shown; /* per listed breach; what is sure is shown with the surest grade, not again below */
};

/* A port whose ACS bits were cleared after the groups were made. */
struct iow_sets_drift {
    uint32_t port;
    uint16_t cleared; /* bits that Linux sets, and that the hardware has */
    uint32_t n_opened;
    struct iow_opened *opened;
    bool more; /* there may be others */
};

struct iow_sets_view {
    const struct iow_agreement *agreement;
    uint32_t n_grades; /* the surest first */
    struct iow_sets_of_grade grade[IOW_ROUTE_GRADE__COUNT];
    bool *coarse; /* per coarse group: shown */
    uint32_t n_drifts;
    struct iow_sets_drift *drifts;
};

/*
 * iow_sets_view_find
 * In:      grades  1 << enum iow_route_grade, or several
 *          about   per function: asked about; NULL: all
 * Errors:  -IOW_ENOMEM
 */
int iow_sets_view_find(const struct iow_view *view, unsigned grades, const bool *about, struct iow_mem *mem,
    struct iow_sets_view **ret);

/* iow_breach_text - "A (group 1) reaches the registers of B (group 2) around the IOMMU, and ...: WHERE (RULE)" */
void iow_breach_text(struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach);

/* iow_breach_cause_text, iow_breach_remedy_text - why Linux has them apart, what to do; empty: nothing to do */
void iow_breach_cause_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause);
void iow_breach_remedy_text(
    struct iow_text *to, const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause);

/* iow_closed_text - is every group closed, as a sentence */
void iow_closed_text(struct iow_text *to, const struct iow_view *view, const struct iow_agreement *agreement);

/* iow_opened_text - "A (group 1) reaches ..., which did not before" */
void iow_opened_text(struct iow_text *to, const struct iow_view *view, const struct iow_opened *opened);

/* iow_coarse_rule - what would split a group: IOW_RULE_HW_SPLIT_... */
enum iow_rule iow_coarse_rule(const struct iow_coarse_group *coarse);

/* The object "breach" of a document. */
struct json_object *iow_json_breach(
    const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause);

int iow_sets_text(const struct iow_view *view, const struct iow_sets_view *sets, FILE *out);
int iow_sets_json(const struct iow_view *view, const struct iow_sets_view *sets, FILE *out);

#endif
