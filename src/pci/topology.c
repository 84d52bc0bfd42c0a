/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/topology.h>

#include "base/explain.h"

/* Bus numbers have 8 bits, and every bridge leads to a bus of its own. */
#define BUSES 256

static bool is_virtual(const struct iow_node *node)
{
    return node->physical_function != IOW_NONE;
}

static int check_input(const struct iow_topology_input *input, uint32_t n, struct iow_explain *reterr)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_topology_input *in = &input[i];

        if (i && iow_address_compare(&input[i - 1].address, &in->address) >= 0)
            return iow_explain_function(reterr, -IOW_EINVAL, IOW_RULE_TOPO_DUPLICATE, &in->address);
        if ((in->parent >= n && in->parent != IOW_NONE && in->parent != IOW_PARENT_BY_BUS) ||
            (in->physical_function >= n && in->physical_function != IOW_NONE) ||
            (in->real_dma >= n && in->real_dma != IOW_NONE) ||
            (in->parent < n && input[in->parent].address.domain != in->address.domain))
            return iow_explain_function(reterr, -IOW_EINVAL, IOW_RULE_TOPO_PARENT, &in->address);
    }
    return 0;
}

/* Which bridge of this domain leads to each bus; the first one told wins, as in the kernel's scan. */
static void map_buses(
    const struct iow_topology_input *input, uint32_t first, uint32_t end, uint32_t *bridge_of)
{
    for (uint32_t bus = 0; bus < BUSES; bus++)
        bridge_of[bus] = IOW_NONE;
    for (uint32_t i = first; i < end; i++) {
        const struct iow_config *c = input[i].config;

        if (!(c->known & IOW_CONFIG_HEADER) || !iow_config_is_bridge(c) || !c->secondary)
            continue;
        if (bridge_of[c->secondary] == IOW_NONE)
            bridge_of[c->secondary] = i;
    }
}

static void find_parents(struct iow_topology *t, const struct iow_topology_input *input)
{
    uint32_t bridge_of[BUSES];

    for (uint32_t first = 0, end; first < t->n; first = end) {
        for (end = first; end < t->n && input[end].address.domain == input[first].address.domain; end++)
            ;
        map_buses(input, first, end, bridge_of);
        for (uint32_t i = first; i < end; i++)
            if (input[i].parent == IOW_PARENT_BY_BUS)
                t->node[i].parent = bridge_of[input[i].address.bus];
    }
    /* The bus of a virtual function may be one that no bridge register names; it hangs where its PF's bus
     * hangs. */
    for (uint32_t i = 0; i < t->n; i++)
        if (input[i].parent == IOW_PARENT_BY_BUS && t->node[i].parent == IOW_NONE && is_virtual(&t->node[i]))
            t->node[i].parent = t->node[t->node[i].physical_function].parent;
}

static bool on_one_bus(const struct iow_node *a, const struct iow_node *b)
{
    return a->address.domain == b->address.domain && a->address.bus == b->address.bus;
}

static void find_alias_buses(struct iow_topology *t)
{
    for (uint32_t first = 0, end; first < t->n; first = end) {
        bool found = false;

        for (end = first; end < t->n && on_one_bus(&t->node[first], &t->node[end]); end++)
            found = found || t->node[end].alias_quirk != IOW_NONE || t->node[end].real_dma != IOW_NONE;
        for (uint32_t i = first; i < end; i++)
            t->node[i].alias_on_bus = found;
    }
}

/*
 * Every walk to the root ends, or names a bridge that is above itself. depth[] holds the number of nodes from a node
 * to its root bus, 0 while it is not known; each node is walked over twice at most.
 */
static int find_depths(const struct iow_topology *t, uint16_t *depth, struct iow_explain *reterr)
{
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t levels = 0, at;

        for (at = i; at != IOW_NONE && !depth[at] && levels <= BUSES; at = t->node[at].parent)
            levels++;
        if (at != IOW_NONE)
            levels += depth[at];
        if (levels > BUSES)
            return iow_explain_function(reterr, -IOW_ELOOP, IOW_RULE_TOPO_LOOP, &t->node[i].address);
        for (at = i; at != IOW_NONE && !depth[at]; at = t->node[at].parent)
            depth[at] = (uint16_t)levels--;
    }
    return 0;
}

static int check_forest(const struct iow_topology *t, struct iow_mem *mem, struct iow_explain *reterr)
{
    const struct iow_mem before = *mem;
    uint16_t *depth = iow_mem_alloc(mem, t->n, sizeof(*depth));
    int r = depth ? find_depths(t, depth, reterr) : iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);

    iow_mem_rewind(mem, &before);
    return r;
}

static void link_child(struct iow_topology *t, uint32_t i, uint32_t *first_root)
{
    uint32_t parent = t->node[i].parent;
    uint32_t *head = parent == IOW_NONE ? first_root : &t->node[parent].first_child;

    t->node[i].next_sibling = *head;
    *head = i;
}

/* Pushing to the front from the last address to the first leaves lists in ascending order, VFs behind the
 * others. */
static uint32_t link_children(struct iow_topology *t)
{
    uint32_t first_root = IOW_NONE;

    for (uint32_t i = t->n; i-- > 0;)
        if (is_virtual(&t->node[i]))
            link_child(t, i, &first_root);
    for (uint32_t i = t->n; i-- > 0;)
        if (!is_virtual(&t->node[i]))
            link_child(t, i, &first_root);
    return first_root;
}

static bool same_bus(const struct iow_node *a, const struct iow_node *b)
{
    return on_one_bus(a, b) && a->parent == b->parent;
}

/* Emits the functions found on one bus: the siblings from head on, as far as they are on its bus. */
static uint32_t emit_bus(struct iow_topology *t, uint32_t head, uint32_t n)
{
    for (uint32_t i = head; i != IOW_NONE && same_bus(&t->node[head], &t->node[i]);
         i = t->node[i].next_sibling)
        if (!is_virtual(&t->node[i]))
            t->order[n++] = i;
    return n;
}

/* A bus is scanned whole before the buses behind its bridges; root buses one after the other; VFs come last.
 */
static void find_order(struct iow_topology *t, uint32_t first_root)
{
    uint32_t n = 0, at = first_root;

    if (at != IOW_NONE)
        n = emit_bus(t, at, n);
    while (at != IOW_NONE) {
        uint32_t next = t->node[at].first_child;

        if (next == IOW_NONE) {
            while (at != IOW_NONE && t->node[at].next_sibling == IOW_NONE)
                at = t->node[at].parent;
            if (at == IOW_NONE)
                break;
            next = t->node[at].next_sibling;
            if (same_bus(&t->node[at], &t->node[next]) || is_virtual(&t->node[next])) {
                at = next;
                continue;
            }
        }
        n = emit_bus(t, next, n);
        at = next;
    }
    for (uint32_t i = 0; i < t->n; i++)
        if (is_virtual(&t->node[i]))
            t->order[n++] = i;
}

int iow_topology_build(const struct iow_topology_input *input, uint32_t n, struct iow_mem *mem,
    struct iow_topology **ret, struct iow_explain *reterr)
{
    struct iow_topology *t = iow_mem_alloc(mem, 1, sizeof(*t));
    int r = check_input(input, n, reterr);

    if (r < 0)
        return r;
    if (!t)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    t->n = n;
    t->node = iow_mem_alloc(mem, n, sizeof(*t->node));
    t->order = iow_mem_alloc(mem, n, sizeof(*t->order));
    if (!t->node || !t->order)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    for (uint32_t i = 0; i < n; i++)
        t->node[i] = (struct iow_node){
            .address = input[i].address,
            .config = input[i].config,
            .parent = input[i].parent,
            .physical_function = input[i].physical_function,
            .real_dma = input[i].real_dma,
            .first_child = IOW_NONE,
            .next_sibling = IOW_NONE,
            .alias_quirk = iow_alias_quirk_find(input[i].config, 0),
        };
    find_parents(t, input);
    find_alias_buses(t);
    r = check_forest(t, mem, reterr);
    if (r < 0)
        return r;
    find_order(t, link_children(t));
    *ret = t;
    return 0;
}

uint32_t iow_topology_find(const struct iow_topology *topology, const struct iow_address *address)
{
    uint32_t low = 0, high = topology->n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = iow_address_compare(&topology->node[middle].address, address);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return IOW_NONE;
}
