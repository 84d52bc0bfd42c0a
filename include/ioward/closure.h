/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Closure: is what shares an owner closed under reach?
 *
 * Takes functions in parts, each function in one (the kernel's groups, mostly), and tells where the hardware does not
 * keep the parts apart: where a function of one reaches registers of another around the IOMMU (route.h). The rule that a group
 * has at most one owner protects exactly if no function surely does.
 *
 * Invariants:
 *  1. a breach is a route: iow_route_worst() gives it for these two functions, and it is as sure as was asked;
 *  2. for IOW_ROUTE_SURELY the breaches found join all parts that all pairs of functions do, but for an address that is in
 *     two windows; what the sets of lower grades join may be more (isolation.h), and is in n_unshown.
 *
 * Found from the sets, not from all pairs: enough breaches to join what hangs together, not each there is.
 */
#ifndef IOWARD_CLOSURE_H
#define IOWARD_CLOSURE_H

#include <ioward/isolation.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A reach that leaves its part. */
struct iow_breach {
    uint32_t from, to;            /* nodes: a request of "from" comes to registers of "to" */
    enum iow_route_answer answer; /* IOW_ROUTE_AROUND, or IOW_ROUTE_UNKNOWN */
    enum iow_route_grade grade;   /* IOW_ROUTE_SURELY but for IOW_ROUTE_AROUND */
    struct iow_hop deciding;
    bool translated; /* only if the request says that its address was translated before (ATS) */
    bool mutual;     /* "to" reaches "from" no less surely */
};

struct iow_closure {
    struct iow_isolation *sets;
    uint32_t n_parts;
    uint32_t *
        together; /* per part: the first part that it hangs together with; its own number: with none before it */
    uint32_t n_breaches; /* enough to join all that hang together, as far as single routes show it */
    uint32_t n_unshown;  /* as many more would be needed */
    uint32_t n_listed;   /* of the breaches, the first */
    struct iow_breach *breach;
};

/*
 * iow_closure_find
 * In:      part   per node: 0 to n_parts - 1
 *          grade  what counts: IOW_ROUTE_SURELY; IOW_ROUTE_POSSIBLY: that or possibly, or unknown;
 *                 IOW_ROUTE_IF_ROOT_COMPLEX: any of these
 *          most   breaches to list
 *          mem    the result lives until iow_mem_done(mem)
 * Errors:  -IOW_ENOMEM
 * Cost:    as iow_isolation_find(), and a route for each that may leave its part
 */
int iow_closure_find(const struct iow_grouping_input *machine, const uint32_t *part, uint32_t n_parts,
    enum iow_route_grade grade, uint32_t most, struct iow_mem *mem, struct iow_closure **ret,
    struct iow_explain *reterr);

/* iow_breach_find - the way from one function to another that isolates least; its rank as iow_route_rank() */
int iow_breach_find(
    const struct iow_grouping_input *machine, uint32_t from, uint32_t to, struct iow_breach *ret);

#ifdef __cplusplus
}
#endif
#endif
