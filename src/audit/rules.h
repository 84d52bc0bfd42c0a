/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the audit: the rules, area by area, and what their checks may say.
 *
 * A check looks at the whole machine and says what it finds; it runs under its own row, so it names no rule.
 * What it cannot judge it says, too, where that would have mattered.
 */
#ifndef IOWARD_AUDIT_RULES_H
#define IOWARD_AUDIT_RULES_H

#include "audit/audit.h"

struct iow_agreement;
struct iow_audit_run;

struct iow_audit_check {
    enum iow_rule rule;
    enum iow_severity severity;
    bool glance; /* needs nothing but what is always read: part of every analysis */
    void (*check)(struct iow_audit_run *run);
};

struct iow_audit_run {
    const struct iow_analysis *a;
    const struct iow_facts *facts;
    const bool *given; /* per group: about to be given away, or given; NULL at a glance */
    struct iow_mem *mem;
    const struct iow_audit_check *row; /* the one that runs */
    struct iow_agreement *agreement;   /* of groups with the hardware; NULL until a rule asks for it */
    void *findings, *unknown;
    uint32_t n_findings, n_unknown;
    struct iow_finding lost; /* what is said when memory ran out */
    bool failed;
};

/* The rules of an area. */
struct iow_audit_area {
    const struct iow_audit_check *checks;
    uint32_t n;
};

#define IOW_AUDIT_AREA(checks)                                                                               \
    {                                                                                                        \
        checks, sizeof(checks) / sizeof((checks)[0])                                                         \
    }

extern const struct iow_audit_area iow_audit_of_machine, iow_audit_of_groups, iow_audit_of_devices,
    iow_audit_of_isolation, iow_audit_of_reach, iow_audit_of_kernel, iow_audit_of_doors, iow_audit_of_peers,
    iow_audit_of_slots, iow_audit_of_host;

/* iow_audit_check_at - row i of all areas together; NULL past the end */
const struct iow_audit_check *iow_audit_check_at(uint32_t i);

/*
 * iow_found_machine, iow_found_function, iow_found_group - one finding under the row that runs
 * In:      function  position; of a group: the member that it is about, IOW_NONE: all
 *          group     position
 * Returns: to add name and by; until the next one is said
 */
struct iow_finding *iow_found_machine(struct iow_audit_run *run);
struct iow_finding *iow_found_function(struct iow_audit_run *run, uint32_t function, uint32_t other);
struct iow_finding *iow_found_group(struct iow_audit_run *run, uint32_t group, uint32_t function);

/* iow_unknown_machine, iow_unknown_function, iow_unknown_group - the row that runs cannot be judged here; what: what could
 * not be read, as the words of a sentence */
void iow_unknown_machine(struct iow_audit_run *run, const char *what);
void iow_unknown_function(struct iow_audit_run *run, uint32_t function, const char *what);
void iow_unknown_group(struct iow_audit_run *run, uint32_t group, const char *what);

/* iow_audit_given - per group: has a member that is bound or about to be bound to a driver of VFIO, or that the
 * request names; NULL: no memory */
bool *iow_audit_given(
    const struct iow_facts *facts, const struct iow_audit_request *request, struct iow_mem *mem);

/* iow_audit_accept - marks the findings that are accepted; iow_audit()'s last step. -IOW_ENOMEM */
int iow_audit_accept(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, struct iow_audit *audit);

#endif
