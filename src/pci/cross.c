/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/cross.h"

#include "pci/place.h"

static const struct iow_node *node_of(const struct iow_crossing *c, uint32_t node)
{
    return &c->machine->topology->node[node];
}

/* The bit of an egress control vector that stands for the peer: a port's number, a function's number. */
static unsigned vector_bit(const struct iow_crossing *c, bool of_port)
{
    const struct iow_node *p = node_of(c, c->peer), *self = node_of(c, c->at);

    if (of_port)
        return iow_place_is_port(p) && p->config->known & IOW_CONFIG_CAPS
                   ? iow_egress_vector(self->config, p->config->port_number)
                   : IOW_EGRESS_NO_BIT;
    return p->address.bus == self->address.bus && p->address.device == self->address.device
               ? iow_egress_vector(self->config, p->address.function)
               : IOW_EGRESS_NO_BIT;
}

static bool is_virtual(const struct iow_crossing *c, uint32_t node)
{
    return node_of(c, node)->physical_function != IOW_NONE;
}

static unsigned facts_of(const struct iow_crossing *c, bool of_port)
{
    unsigned facts = c->facts | (c->translated ? IOW_EGRESS_TRANSLATED : 0);

    if (c->peer == IOW_NONE)
        return facts;
    facts |= IOW_EGRESS_PEER | vector_bit(c, of_port);
    return facts | (is_virtual(c, c->at) || is_virtual(c, c->peer) ? IOW_EGRESS_VIRTUAL : 0);
}

static void set(struct iow_hop *hop, enum iow_rule rule, enum iow_hop_way way)
{
    hop->rule = rule;
    hop->way = way;
}

/* Registers of a switch's port beside, or of the bridge itself that the request comes through: no ACS has a say. */
static bool is_register_of_port(const struct iow_crossing *c)
{
    return c->registers && (c->peer == IOW_NONE || iow_place_in_switch(c->machine->topology, c->peer));
}

/* No register tells whether the root complex passes requests between its ports. What stops a request stops it whatever it
 * is for. */
static void cross_port(const struct iow_crossing *c, struct iow_hop *hop)
{
    const struct iow_egress_acs acs = iow_egress_acs(c->machine, c->at);
    bool registers = is_register_of_port(c);
    unsigned facts = facts_of(c, true);

    if (registers)
        facts &= IOW_EGRESS_TRANSLATED | IOW_EGRESS_FOREIGN;
    iow_egress_port(&acs, facts, hop);
    if (registers && hop->way != IOW_HOP_BLOCKED) {
        set(hop, IOW_RULE_ROUTE_PORT_REGISTERS, IOW_HOP_POSSIBLY);
        hop->bit = 0;
    }
    if (node_of(c, c->at)->parent == IOW_NONE && hop->way == IOW_HOP_DIRECT)
        hop->way = IOW_HOP_ROOT_COMPLEX;
}

static void cross_function(const struct iow_crossing *c, struct iow_hop *hop)
{
    const struct iow_egress_acs acs = iow_egress_acs(c->machine, c->at);

    iow_egress_function(&acs, facts_of(c, false), hop);
}

/* Between what is on root buses. */
static void cross_root(const struct iow_crossing *c, struct iow_hop *hop)
{
    const struct iow_egress_acs acs = iow_egress_acs(c->machine, c->at);

    if (!acs.known) {
        set(hop, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
    } else if (acs.on & IOW_ACS_RR) {
        set(hop, IOW_RULE_ROUTE_REDIRECTED, IOW_HOP_UP);
        hop->bit = IOW_ACS_RR;
        hop->assumed = acs.assumed;
    } else {
        set(hop, IOW_RULE_ROUTE_ROOT_COMPLEX, IOW_HOP_ROOT_COMPLEX);
    }
}

static bool on_one_root_bus(const struct iow_crossing *c)
{
    const struct iow_address *a = &node_of(c, c->at)->address, *b = &node_of(c, c->peer)->address;

    return a->domain == b->domain && a->bus == b->bus;
}

/* A requester, or what passes on for those below without being such a port; the peer is beside it. */
static void cross_bus(const struct iow_crossing *c, enum iow_bus_kind bus, struct iow_hop *hop)
{
    switch (bus) {
    case IOW_BUS_ROOT:
        if (iow_place_one_device(c->machine->topology, c->at, c->peer))
            cross_function(c, hop);
        else
            cross_root(c, hop);
        break;
    case IOW_BUS_PLAIN_ROOT:
        if (on_one_root_bus(c))
            set(hop, IOW_RULE_ROUTE_ROOT_BUS, IOW_HOP_POSSIBLY);
        else
            cross_root(c, hop);
        break;
    case IOW_BUS_CONVENTIONAL:
        set(hop, IOW_RULE_ROUTE_SHARED_BUS, IOW_HOP_DIRECT);
        break;
    default:
        cross_function(c, hop);
        break;
    }
}

void iow_cross(const struct iow_crossing *c, struct iow_hop *ret)
{
    enum iow_bus_kind bus;

    if (c->below && iow_place_is_port(node_of(c, c->at))) {
        cross_port(c, ret);
        return;
    }
    if (is_register_of_port(c)) {
        set(ret, IOW_RULE_ROUTE_PORT_REGISTERS, IOW_HOP_POSSIBLY);
        return;
    }
    bus = iow_place_bus(c->machine->topology, c->at);
    if (bus == IOW_BUS_UNREAD) {
        ret->node = node_of(c, c->at)->parent;
        set(ret, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
    } else if (c->peer != IOW_NONE) {
        cross_bus(c, bus, ret);
    }
}
