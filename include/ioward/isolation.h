/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Isolation sets: which functions the hardware does not keep apart.
 *
 * A set is what hangs together when two functions are joined wherever one reaches the other's registers around the
 * IOMMU, in either direction and by either kind of request, with bus mastering and memory decoding on everywhere
 * (route.h). How sure a reach must be to join, the caller chooses; the sets of a lower grade hold those of a higher
 * one together. Found bus by bus, not pair by pair.
 *
 * Invariants:
 *  1. sets of IOW_ROUTE_SURELY are exactly those that iow_route_worst() gives for all pairs, as long as no address is
 *     in two windows;
 *  2. sets of lower grades are no finer than all pairs give. They may be wider where egress control or a closed window
 *     stops single ways that are open to others, or where something was not read.
 *
 * Only functions that are no bridges make requests; bridges with registers are members, too.
 */
#ifndef IOWARD_ISOLATION_H
#define IOWARD_ISOLATION_H

#include <ioward/route.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_isolation {
    uint32_t n; /* nodes */
    uint32_t n_sets;
    uint32_t *set; /* per node: 0 to n_sets - 1, numbered by their first nodes */
    /* Why a node is in a set of several: the rule (IOW_RULE_ROUTE_...) of one route by which it reaches a member or a
     * member reaches it, and where that rule decided. IOW_RULE_NONE and IOW_NONE: it is alone. */
    enum iow_rule *rule;
    uint32_t *deciding;
};

/*
 * iow_isolation_find
 * In:      grade  what joins: IOW_ROUTE_SURELY; IOW_ROUTE_POSSIBLY: that or possibly, or unknown;
 *                 IOW_ROUTE_IF_ROOT_COMPLEX: any of these
 *          mem    the result lives until iow_mem_done(mem)
 * Errors:  -IOW_ENOMEM
 * Cost:    O(functions times the depth of the tree); functions with egress control on, squared per bus
 */
int iow_isolation_find(const struct iow_grouping_input *machine, enum iow_route_grade grade,
    struct iow_mem *mem, struct iow_isolation **ret, struct iow_explain *reterr);

#ifdef __cplusplus
}
#endif
#endif
