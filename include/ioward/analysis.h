/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Analysis: what follows from the facts of a machine.
 *
 * Joins the rooms: topology and predicted groups, the owner of each group, where prediction and kernel differ
 * and why, and what the rules find at a glance. Pure: facts in, values out.
 */
#ifndef IOWARD_ANALYSIS_H
#define IOWARD_ANALYSIS_H

#include <ioward/audit.h>
#include <ioward/facts.h>
#include <ioward/grouping.h>
#include <ioward/owner.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is concluded about the owner of a group, and from what. One per iow_facts_group_at(). */
struct iow_group_owner {
    enum iow_owner owner;
    enum iow_rule basis;    /* IOW_RULE_OWN_... */
    enum iow_owner derived; /* the owner by drivers and holders alone */
    bool read;              /* owner is what the kernel's memory says */
    struct iow_driver_counts drivers;
    uint32_t n_holders;
    const uint32_t *holders; /* positions among the holders of the facts: hold this group for sure */
    uint32_t n_possible;
    const uint32_t *possible; /* hold some vfio device that cannot be told, perhaps of this group */
    uint32_t pending;         /* function whose unbind waits for its user; IOW_NONE if none is seen */
    bool pending_possible;    /* an unbound member may be one whose unbind waits; it cannot be told which */
};

/* A function whose kernel group is not the predicted one. */
struct iow_difference {
    uint32_t function;
    enum iow_rule rule; /* IOW_RULE_DIFF_...; IOW_RULE_DIFF_UNEXPLAINED when no history we know explains it */
    uint32_t other;    /* a function it was expected with, or is with against expectation; IOW_NONE if none */
    uint32_t deciding; /* port or function that explains it; IOW_NONE if none */
    bool finer;        /* the kernel separates it from other; else it joins them */
};

struct iow_analysis {
    const struct iow_facts *facts; /* borrowed, must outlive the analysis */
    struct iow_topology *topology; /* node i is function i */
    struct iow_grouping_input grouping;
    struct iow_partition *partition;
    struct iow_group_owner *owners;
    uint32_t n_differences;
    struct iow_difference *differences;
    uint32_t n_findings; /* of the rules that need nothing but what is always read; see audit.h for all */
    struct iow_finding *findings;
};

/*
 * iow_analyse - everything that follows
 * In:      mem   the result lives until iow_mem_done(mem)
 * Errors:  as iow_topology_build(); -IOW_ENOMEM
 */
int iow_analyse(const struct iow_facts *facts, struct iow_mem *mem, struct iow_analysis **ret,
    struct iow_explain *reterr);

/* What makes two functions share a group, or keeps them apart, as a chain of reasons. */
struct iow_link {
    uint32_t from, to; /* functions; "from" joined the group of "to" */
    struct iow_reason reason;
};

/*
 * iow_explain_pair - how two functions come to be in one predicted group
 * Out:     ret     links that lead from a to b through members of their group; a NULL array and 0 when
 *                  they are not in one
 * Errors:  -IOW_ENOMEM
 */
int iow_explain_pair(const struct iow_analysis *analysis, uint32_t a, uint32_t b, struct iow_mem *mem,
    const struct iow_link **ret, uint32_t *ret_n);

#ifdef __cplusplus
}
#endif
#endif
