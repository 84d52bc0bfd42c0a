/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/place.h"

/* A bridge of the PCI-to-PCI class that takes whatever nobody else takes: PCI-to-PCI Bridge Architecture 1.2 section
 * 4.9. */
#define SUBTRACTIVE_DECODE 0x060401

static bool same_root_bus(const struct iow_node *a, const struct iow_node *b)
{
    return b->parent == IOW_NONE && a->address.domain == b->address.domain &&
           a->address.bus == b->address.bus;
}

static bool may_be_express(const struct iow_config *c)
{
    return !(c->known & IOW_CONFIG_CAPS) || c->pcie_type != IOW_PCIE_NONE;
}

/* Functions are in order of address, so those of one bus are neighbours. */
static bool is_plain_root(const struct iow_topology *t, uint32_t node)
{
    const struct iow_node *n = t->node;
    uint32_t first = node;

    if (may_be_express(n[node].config))
        return false;
    while (first && n[first - 1].address.domain == n[node].address.domain &&
           n[first - 1].address.bus == n[node].address.bus)
        first--;
    for (uint32_t i = first;
         i < t->n && n[i].address.domain == n[node].address.domain && n[i].address.bus == n[node].address.bus;
         i++)
        if (same_root_bus(&n[node], &n[i]) && may_be_express(n[i].config))
            return false;
    return true;
}

enum iow_bus_kind iow_place_bus(const struct iow_topology *t, uint32_t node)
{
    uint32_t parent = t->node[node].parent;
    const struct iow_config *c;

    if (parent == IOW_NONE)
        return is_plain_root(t, node) ? IOW_BUS_PLAIN_ROOT : IOW_BUS_ROOT;
    c = t->node[parent].config;
    if (!(c->known & IOW_CONFIG_CAPS))
        return IOW_BUS_UNREAD;
    switch (c->pcie_type) {
    case IOW_PCIE_ROOT_PORT:
    case IOW_PCIE_DOWNSTREAM_PORT:
    case IOW_PCI_TO_PCIE_BRIDGE:
        return IOW_BUS_LINK;
    case IOW_PCIE_UPSTREAM_PORT:
        return IOW_BUS_INTERNAL;
    default:
        return IOW_BUS_CONVENTIONAL;
    }
}

uint32_t iow_place_towards(const struct iow_topology *t, uint32_t parent, uint32_t to)
{
    while (to != IOW_NONE && t->node[to].parent != parent)
        to = t->node[to].parent;
    return to;
}

static bool within(uint64_t address, uint64_t first, uint64_t last)
{
    return first <= address && address <= last;
}

bool iow_place_forwards(const struct iow_node *bridge, uint64_t address, bool enabled)
{
    const struct iow_config *c = bridge->config;

    if (!iow_config_is_bridge(c) || (!enabled && !(c->command & IOW_COMMAND_MEMORY)))
        return false;
    return within(address, c->windows.memory_base, c->windows.memory_last) ||
           within(address, c->windows.prefetch_base, c->windows.prefetch_last);
}

bool iow_place_takes_the_rest(const struct iow_node *bridge, bool enabled)
{
    return bridge->config->class_code == SUBTRACTIVE_DECODE &&
           (enabled || bridge->config->command & IOW_COMMAND_MEMORY);
}

bool iow_place_is_port(const struct iow_node *node)
{
    return node->config->pcie_type == IOW_PCIE_ROOT_PORT ||
           node->config->pcie_type == IOW_PCIE_DOWNSTREAM_PORT;
}

bool iow_place_in_switch(const struct iow_topology *t, uint32_t node)
{
    return iow_config_is_bridge(t->node[node].config) && t->node[node].parent != IOW_NONE &&
           iow_place_bus(t, node) == IOW_BUS_INTERNAL;
}

/* A link leads to one device, whatever device numbers ARI and SR-IOV give its functions. */
bool iow_place_one_device(const struct iow_topology *t, uint32_t a, uint32_t b)
{
    const struct iow_node *x = &t->node[a], *y = &t->node[b];

    if (x->parent != y->parent)
        return false;
    if (x->parent != IOW_NONE && iow_place_bus(t, a) == IOW_BUS_LINK)
        return true;
    if (x->physical_function != IOW_NONE)
        x = &t->node[x->physical_function];
    if (y->physical_function != IOW_NONE)
        y = &t->node[y->physical_function];
    return x->address.domain == y->address.domain && x->address.bus == y->address.bus &&
           x->address.device == y->address.device;
}
