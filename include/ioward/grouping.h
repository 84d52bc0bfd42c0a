/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * IOMMU groups as Linux forms them, each membership with its reason.
 *
 * The kernel asks once per function, when its IOMMU driver first sees it, and looks only at functions that
 * have a group already; groups are never merged or split later. So the answer depends on the order of
 * discovery and on ACS registers at that moment. This file computes the answer for the registers as they are
 * now and the order of a boot; and, given the groups that exist, where a function would be put if it came
 * last.
 *
 * What the hardware isolates is another question.
 *
 * Source: Linux 6.1 and 6.12 (identical): drivers/iommu/iommu.c pci_device_group(), get_pci_alias_group(),
 * get_pci_function_alias_group(); drivers/pci/search.c pci_for_each_dma_alias(); drivers/pci/pci.c
 * pci_acs_path_enabled(), pci_devs_are_dma_aliases().
 */
#ifndef IOWARD_GROUPING_H
#define IOWARD_GROUPING_H

#include <ioward/acs.h>
#include <ioward/topology.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the machine adds to the topology. */
struct iow_grouping_input {
    const struct iow_topology *topology;
    const bool *covered; /* per node: an IOMMU translates for it; NULL: all. Uncovered nodes have no group */
    bool ivrs;           /* ACPI IVRS table present */
    bool acs_requested;  /* an IOMMU driver asked for ACS at boot */
    const struct iow_acs_answer *acs; /* per node, iow_grouping_acs() asked before; NULL: not yet */
};

/* Why a function is in its group. */
struct iow_reason {
    enum iow_rule rule;        /* IOW_RULE_GRP_... */
    uint32_t joined;           /* the function whose group it joined; IOW_NONE: it opened one */
    uint32_t deciding;         /* the bridge or function whose properties decided; IOW_NONE if none */
    struct iow_acs_answer acs; /* of the deciding one, for rules about ACS */
    uint32_t alias_quirk;      /* row of iow_alias_quirk_at() for IOW_RULE_GRP_DEVFN_ALIAS; else IOW_NONE */
};

/* One thing the rule looked at on its way to a reason, in order. */
struct iow_trace_step {
    enum iow_rule rule;        /* IOW_RULE_STEP_... */
    uint32_t subject;          /* node looked at */
    uint32_t other;            /* node compared with, IOW_NONE if none */
    struct iow_acs_answer acs; /* for steps about ACS */
};

#define IOW_TRACE_STEPS 64

struct iow_trace {
    uint32_t n; /* steps taken; only the first IOW_TRACE_STEPS are kept */
    struct iow_trace_step step[IOW_TRACE_STEPS];
};

struct iow_partition {
    uint32_t n; /* nodes */
    uint32_t n_sets;
    uint32_t *set; /* per node: 0 to n_sets - 1, numbered in discovery order; IOW_NONE: not covered */
    bool *certain; /* per node: nothing that decides was unreadable */
    struct iow_reason *reason;
};

/* iow_grouping_acs - does a node isolate as Linux judges it, its place in the machine taken into account? */
struct iow_acs_answer iow_grouping_acs(const struct iow_grouping_input *input, uint32_t node);

/* iow_grouping_acs_all - the same for every node, for input->acs; NULL: out of memory */
const struct iow_acs_answer *iow_grouping_acs_all(
    const struct iow_grouping_input *input, struct iow_mem *mem);

/*
 * iow_partition_predict - the groups Linux would form at a boot with the registers as they are
 * Errors:  -IOW_ENOMEM
 * Cost:    O(n log n) for real machines; O(functions of one slot squared) in a slot
 */
int iow_partition_predict(const struct iow_grouping_input *input, struct iow_mem *mem,
    struct iow_partition **ret, struct iow_explain *reterr);

/* Another history than a plain boot, for iow_group_find(). */
struct iow_history {
    bool header_multifunction; /* judge the function by its header's bit alone, as when it is added late */
    bool acs_as_enabled;       /* take each port's control register as Linux sets it when it enables ACS */
    bool acs_as_disabled;      /* take each port's redirection as off (it was enabled only afterwards) */
    bool acs_override;         /* the out-of-tree pcie_acs_override=downstream,multifunction is in force */
};

/*
 * iow_group_find - where would Linux put this function if it came now, all others being where they are?
 * In:      group    per node: any number for "has this group", IOW_NONE for "has none"; the node's own
 *                   is ignored
 *          history  NULL: registers as they are, multifunction as at boot
 * Out:     ret      reason; ret->joined tells the group: group[joined], or a new one
 *          certain  false when something that decides was unreadable; may be NULL
 *          trace    everything looked at, for explaining; may be NULL
 */
void iow_group_find(const struct iow_grouping_input *input, const uint32_t *group, uint32_t node,
    const struct iow_history *history, struct iow_reason *ret, bool *certain, struct iow_trace *trace);

/* iow_partition_trace - everything looked at when iow_partition_predict() placed this node */
int iow_partition_trace(const struct iow_grouping_input *input, const struct iow_partition *partition,
    uint32_t node, struct iow_mem *mem, struct iow_trace *ret);

#ifdef __cplusplus
}
#endif
#endif
