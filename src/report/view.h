/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The view: what there is to show of a machine, as plain rows, made once for every format.
 *
 * Strings come ready for people: strangers' bytes in composed texts are escaped already; single values that
 * came from outside (command, driver, path) are raw, because each format escapes them its own way. A row
 * points to the record it came from, so that nothing is stored twice.
 */
#ifndef IOWARD_REPORT_VIEW_H
#define IOWARD_REPORT_VIEW_H

#include "report/names.h"
#include "report/text.h"
#include <ioward/analysis.h>

struct iow_view_function {
    uint32_t position; /* in the facts */
    const struct iow_function *record;
    char address[IOW_ADDRESS_TEXT];
    const char *vendor_name, *device_name; /* NULL: not in pci.ids */
    const char *name;                      /* both, or what is known of them */
    const char *class_name;                /* words, or the number */
    const char *driver;                    /* raw; NULL: none */
    enum iow_driver_trait trait;
    uint32_t predicted; /* set of the partition; IOW_NONE: not covered, or not certain */
    bool forwards;      /* a bridge that only passes on what is below it */
    bool certain; /* all that decides its predicted group could be read; else there is no reason to show */
    const struct iow_reason *reason;
    const char *reason_text;
};

struct iow_view_group {
    const struct iow_group *record;
    const struct iow_group_owner *owner;
    const char *basis_text;
    uint32_t n_members; /* PCI functions */
    const struct iow_view_function *const *members;
    uint32_t n_others; /* not PCI */
    const struct iow_other_member *const *others;
    const char *holder; /* one line about the holders, escaped; "" none */
};

/* A line that says something about the machine: a finding or a difference. */
struct iow_view_note {
    enum iow_rule rule;
    enum iow_severity severity;         /* of a finding */
    const struct iow_finding *finding;  /* NULL: a difference */
    const char *text;                   /* sentence */
    const char *remedy;                 /* filled; NULL: none */
    uint32_t function, other, deciding; /* positions, or IOW_NONE */
    uint32_t group;
};

struct iow_view_missing {
    const struct iow_missing *record;
    const char *text;
    const char *subject; /* escaped; NULL: none */
};

struct iow_view {
    const struct iow_analysis *analysis;
    const struct iow_facts *facts;
    const struct iow_machine *machine;
    const char *source_path; /* NULL: the live machine */
    uint32_t n_functions;
    struct iow_view_function *functions;
    uint32_t n_groups;
    struct iow_view_group *groups;
    uint32_t n_ungrouped;
    const struct iow_view_function **ungrouped;
    uint32_t n_findings;
    struct iow_view_note *findings;
    uint32_t n_differences;
    struct iow_view_note *differences; /* one per difference of the analysis */
    uint32_t n_missing;
    struct iow_view_missing *missing;
    const struct iow_view_missing **missing_list; /* the same, for drawers that take a selection */
};

/*
 * iow_view_build
 * In:      names        NULL: no words from pci.ids
 *          source_path  as given with --from, borrowed; NULL: live
 *          mem          the view lives until iow_mem_done(mem)
 * Errors:  -IOW_ENOMEM
 */
int iow_view_build(const struct iow_analysis *analysis, struct iow_names *names, const char *source_path,
    struct iow_mem *mem, struct iow_view **ret);

/* iow_view_group_of - the group with this kernel number; NULL: none */
const struct iow_view_group *iow_view_group_of(const struct iow_view *view, uint32_t number);

/* iow_view_address - of a position; "?" for IOW_NONE */
const char *iow_view_address(const struct iow_view *view, uint32_t position);

/* iow_view_holder - "qemu-system-x86 (process 812)", escaped */
void iow_view_holder(struct iow_text *to, const struct iow_holder *holder);

/* iow_view_reason, iow_view_step - the sentences of a reason and of a step of the rule's search */
char *iow_view_reason(
    const struct iow_view *view, uint32_t function, const struct iow_reason *reason, struct iow_mem *mem);
char *iow_view_step(const struct iow_view *view, const struct iow_trace_step *step, struct iow_mem *mem);

/* iow_view_finding - a finding as a line; false when memory is exhausted */
bool iow_view_finding(const struct iow_view *view, const struct iow_finding *finding, struct iow_mem *mem,
    struct iow_view_note *ret);

/* iow_driver_trait_name - "none", "dma-api", "managed", "private" */
const char *iow_driver_trait_name(enum iow_driver_trait trait);

#endif
