/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a function is in its group, or why two are together or apart: what there is to say, before it is drawn.
 */
#ifndef IOWARD_REPORT_WHY_H
#define IOWARD_REPORT_WHY_H

#include "report/about.h"

struct iow_why_step {
    struct iow_trace_step step;
    const char *text;
};

struct iow_why_link {
    struct iow_link link;
    const char *text;
};

/* One of the functions asked about. */
struct iow_why_side {
    const struct iow_view_function *function;
    const struct iow_view_group *group; /* NULL: none */
    bool readable;       /* what decides the groups of it and of its companions could be read */
    uint32_t n_together; /* members of the predicted group, itself among them, in the rule's order */
    const struct iow_view_function **together;
    uint32_t n_missing; /* expected with it, and not in the kernel's group */
    const struct iow_view_function **missing;
    uint32_t n_surplus; /* in the kernel's group, and not expected */
    const struct iow_view_function **surplus;
    uint32_t n_steps;
    struct iow_why_step *steps;             /* what the rule looked at */
    uint32_t n_left_out;                    /* steps that were not kept */
    const struct iow_view_function *opener; /* of the predicted group; perhaps the function itself */
    uint32_t n_separators;
    struct iow_why_step *separators; /* what kept the opener out of every other group */
};

struct iow_why {
    uint32_t n; /* 1 or 2 */
    struct iow_why_side side[2];
    bool same_group, same_predicted; /* of two; false when a group or prediction is missing */
    uint32_t n_links;
    struct iow_why_link *links; /* of two that are predicted to be together */
    bool whole;                 /* of one: it stands for its whole group */
    struct iow_about about;     /* what there is to know */
};

/* iow_why_unconfined - does no IOMMU translate for it? Then there is nothing to agree or disagree with */
bool iow_why_unconfined(const struct iow_why_side *side);

/* iow_why_agrees - has the kernel grouped this function, which an IOMMU covers, as its rule does now? */
bool iow_why_agrees(const struct iow_why_side *side);

/*
 * iow_why_build
 * In:      functions  one or two positions; two different ones
 * Errors:  -IOW_ENOMEM
 */
int iow_why_build(const struct iow_view *view, const uint32_t *functions, uint32_t n, struct iow_mem *mem,
    struct iow_why **ret);

/*
 * iow_why_build_group - about the whole group of a function, as the member that opened it
 * In:      function  a position, in a group
 */
int iow_why_build_group(
    const struct iow_view *view, uint32_t function, struct iow_mem *mem, struct iow_why **ret);

#endif
