/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Topology: which bridge is above which function.
 *
 * Knows addresses, bridges and buses; knows nothing of ACS or groups. Invariants of a built topology:
 *  1. parents form a forest: following parent from any node ends at a node on a root bus;
 *  2. parent is a bridge, or the parent's config space was not readable;
 *  3. order[] holds every node once, parents before children, virtual functions last.
 */
#ifndef IOWARD_TOPOLOGY_H
#define IOWARD_TOPOLOGY_H

#include <ioward/alias.h>
#include <ioward/mem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parent is not told: find it by bus numbers. */
#define IOW_PARENT_BY_BUS (UINT32_MAX - 1)

/* One function, as the builder is told of it. Indices are positions in the array given to the builder. */
struct iow_topology_input {
    struct iow_address address;
    const struct iow_config *config; /* borrowed, must outlive the topology; known may be 0 */
    uint32_t parent;                 /* bridge above; IOW_NONE: on a root bus; IOW_PARENT_BY_BUS */
    uint32_t physical_function;      /* of a virtual function; else IOW_NONE */
    uint32_t real_dma; /* function whose requester ID this one's requests carry (VMD); else IOW_NONE */
};

struct iow_node {
    struct iow_address address;
    const struct iow_config *config;
    uint32_t parent; /* IOW_NONE on a root bus */
    uint32_t physical_function;
    uint32_t real_dma;
    uint32_t first_child, next_sibling; /* children in devfn order, virtual functions last */
    uint32_t alias_quirk; /* first row of iow_alias_quirk_at() for it; IOW_NONE: none, as for nearly all */
    bool alias_on_bus; /* somebody on its bus, it too, has such a row or another's requester ID (real_dma) */
};

struct iow_topology {
    uint32_t n;
    struct iow_node *node;
    uint32_t
        *order; /* discovery order as Linux scans: a bus in devfn order, then behind each bridge; then VFs */
};

/*
 * iow_topology_build - join functions into a forest
 * In:      input   n functions in ascending order of address; node i of the result is function i
 *          mem     the result lives until iow_mem_done(mem)
 * Errors:  -IOW_ELOOP bridges contain each other, or are nested deeper than a domain has buses
 *          (IOW-TOPO-LOOP); -IOW_EINVAL addresses not ascending (IOW-TOPO-DUPLICATE), an index out of range
 *          or a bridge of another domain (IOW-TOPO-PARENT); -IOW_ENOMEM
 * Source:  drivers/pci/probe.c pci_scan_child_bus_extend() (order)
 * Cost:    O(n) for trees of bounded depth
 */
int iow_topology_build(const struct iow_topology_input *input, uint32_t n, struct iow_mem *mem,
    struct iow_topology **ret, struct iow_explain *reterr);

/* iow_topology_find - node at an address, IOW_NONE if there is none */
uint32_t iow_topology_find(const struct iow_topology *topology, const struct iow_address *address);

static inline bool iow_node_on_root_bus(const struct iow_topology *t, uint32_t i)
{
    return t->node[i].parent == IOW_NONE;
}

#ifdef __cplusplus
}
#endif
#endif
