/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/climb.h"

#include "pci/place.h"

uint8_t iow_climb_traits(const struct iow_grouping_input *machine, uint32_t node)
{
    const struct iow_node *n = &machine->topology->node[node];
    struct iow_egress_acs acs;
    unsigned traits = IOW_CLIMB_PORT;

    if (!(n->config->known & IOW_CONFIG_CAPS))
        return IOW_CLIMB_UNREAD;
    if (!iow_place_is_port(n))
        return n->config->pcie_type == IOW_PCIE_UPSTREAM_PORT ? 0 : IOW_CLIMB_CONVENTIONAL;
    acs = iow_egress_acs(machine, node);
    traits |= acs.known ? 0 : IOW_CLIMB_ACS_UNREAD;
    traits |= acs.on & IOW_ACS_SV ? IOW_CLIMB_SV : 0;
    traits |= acs.on & IOW_ACS_TB ? IOW_CLIMB_TB : 0;
    traits |= acs.on & IOW_ACS_UF ? 0 : IOW_CLIMB_RETURNS;
    return (uint8_t)traits;
}

/* Are the headers read that tell whether it takes part at all? */
static bool is_read(const struct iow_topology *t, uint32_t node)
{
    uint32_t physical = t->node[node].physical_function;

    return t->node[node].config->known & IOW_CONFIG_HEADER &&
           (physical == IOW_NONE || t->node[physical].config->known & IOW_CONFIG_EXT_CAPS);
}

void iow_climb_begin(const struct iow_grouping_input *machine, uint32_t node, struct iow_climb *ret)
{
    enum iow_bus_kind bus = iow_place_bus(machine->topology, node);

    *ret = (struct iow_climb){
        .at = node,
        .bus = machine->topology->node[node].address.bus,
        .plain = true,
        .translated = bus != IOW_BUS_CONVENTIONAL && bus != IOW_BUS_PLAIN_ROOT,
        .unread = bus == IOW_BUS_UNREAD || !is_read(machine->topology, node),
    };
}

/* What a port stops before it looks at the address. */
static void pass_port(const struct iow_config *c, uint8_t traits, struct iow_climb *climb)
{
    bool foreign = climb->bus < c->secondary || climb->bus > c->subordinate;

    if (traits & IOW_CLIMB_ACS_UNREAD) {
        climb->may_stop = true;
        climb->unread = climb->unread || foreign;
        return;
    }
    if (traits & IOW_CLIMB_SV && foreign)
        climb->plain = climb->translated = false;
    if (traits & IOW_CLIMB_TB)
        climb->translated = false;
}

bool iow_climb_up(const struct iow_topology *t, const uint8_t *traits, struct iow_climb *climb)
{
    uint32_t above = t->node[climb->at].parent;
    const struct iow_config *c;

    if (above == IOW_NONE || !climb->plain)
        return false;
    c = t->node[above].config;
    climb->at = above;
    if (traits[above] & IOW_CLIMB_UNREAD) {
        climb->unread = true;
    } else if (traits[above] & IOW_CLIMB_PORT) {
        pass_port(c, traits[above], climb);
    } else if (traits[above] & IOW_CLIMB_CONVENTIONAL) {
        climb->translated = false;
        if (c->pcie_type == IOW_PCIE_TO_PCI_BRIDGE)
            climb->bus = c->secondary;
    }
    return true;
}

static uint32_t height_of(const struct iow_topology *t, uint32_t node, uint64_t address, bool *unread)
{
    uint32_t height = 0;

    for (uint32_t b = t->node[node].parent; b != IOW_NONE; b = t->node[b].parent) {
        if (!(t->node[b].config->known & IOW_CONFIG_HEADER)) {
            *unread = true;
            break;
        }
        if (!iow_place_forwards(&t->node[b], address, true) && !iow_place_takes_the_rest(&t->node[b], true))
            break;
        height++;
    }
    return height;
}

uint32_t iow_climb_height(const struct iow_topology *t, uint32_t node, bool *unread)
{
    uint32_t highest = IOW_NONE;
    uint64_t address;

    *unread = !is_read(t, node);
    if (*unread)
        return IOW_NONE;
    for (uint32_t at = 0; (at = iow_route_address(t, node, at, &address));) {
        uint32_t height = height_of(t, node, address, unread);

        highest = highest == IOW_NONE || height > highest ? height : highest;
    }
    return highest;
}
