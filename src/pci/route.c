/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/cross.h"
#include "pci/place.h"

#include "base/memory.h"

/* One request on its way up. */
struct walk {
    const struct iow_grouping_input *machine;
    const struct iow_topology *t;
    const struct iow_route_request *request;
    struct iow_route *route;
    uint32_t at; /* the node that the request has come to */
    uint8_t bus; /* of its requester ID */
    /* What the request may have done on its way, the first of each; way IOW_HOP_UP: nothing. */
    struct iow_hop unknown, may_stop, possible, root_complex;
};

static const struct iow_node *node_at(const struct walk *w)
{
    return &w->t->node[w->at];
}

static void keep(struct walk *w, const struct iow_hop *hop)
{
    if (w->route->n_hops < IOW_ROUTE_HOPS)
        w->route->hop[w->route->n_hops++] = *hop;
}

static void note(struct iow_hop *first, const struct iow_hop *hop)
{
    if (first->way == IOW_HOP_UP)
        *first = *hop;
}

/* Goes on where the hop leads: true while that is up. */
static bool take(struct walk *w, const struct iow_hop *hop)
{
    keep(w, hop);
    switch (hop->way) {
    case IOW_HOP_UP:
        return true;
    case IOW_HOP_UNKNOWN:
        note(&w->unknown, hop);
        return true;
    case IOW_HOP_MAY_STOP:
        note(&w->may_stop, hop);
        return true;
    case IOW_HOP_POSSIBLY:
        note(&w->possible, hop);
        return true;
    case IOW_HOP_ROOT_COMPLEX:
        note(&w->root_complex, hop);
        return true;
    default:
        w->route->deciding = *hop;
        return false;
    }
}

static bool step(struct walk *w, uint32_t node, enum iow_rule rule, enum iow_hop_way way)
{
    const struct iow_hop hop = {.node = node, .rule = rule, .way = way};

    return take(w, &hop);
}

/* P1, P2 */
static bool masters(const struct walk *w)
{
    return w->request->enabled || node_at(w)->config->command & IOW_COMMAND_MASTER;
}

/* A virtual function's are switched by its physical function's SR-IOV control. */
static bool is_virtual_with(const struct walk *w, uint32_t node, uint16_t wanted)
{
    uint32_t physical = w->t->node[node].physical_function;

    return w->request->enabled || physical == IOW_NONE ||
           (w->t->node[physical].config->sriov_ctrl & wanted) == wanted;
}

/* P4; a virtual function has no memory decoding of its own. */
static bool answers(const struct walk *w)
{
    const struct iow_node *to = &w->t->node[w->request->to];

    if (to->physical_function != IOW_NONE)
        return is_virtual_with(w, w->request->to, IOW_SRIOV_VF_ENABLE | IOW_SRIOV_VF_MEMORY);
    return w->request->enabled || to->config->command & IOW_COMMAND_MEMORY;
}

static bool lets_down(const struct walk *w, const struct iow_node *bridge)
{
    return iow_place_forwards(bridge, w->request->address, w->request->enabled) ||
           iow_place_takes_the_rest(bridge, w->request->enabled);
}

/*
 * P3: every bridge from the turning point down to the target lets the address pass; the one that does not. Those above
 * both do not count.
 */
static uint32_t closed_bridge(struct walk *w)
{
    const struct iow_node *n = w->t->node;
    uint32_t b = n[w->request->to].parent;

    while (
        b != IOW_NONE && b != w->request->from && iow_place_towards(w->t, b, w->request->from) == IOW_NONE) {
        if (!(n[b].config->known & IOW_CONFIG_HEADER))
            step(w, b, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
        else if (!lets_down(w, &n[b]))
            return b;
        b = n[b].parent;
    }
    return IOW_NONE;
}

/* Can its headers tell whether it asks and answers? */
static bool is_read(const struct walk *w, uint32_t node)
{
    uint32_t physical = w->t->node[node].physical_function;

    return w->t->node[node].config->known & IOW_CONFIG_HEADER &&
           (physical == IOW_NONE || w->t->node[physical].config->known & IOW_CONFIG_EXT_CAPS);
}

/* What holds wherever the request goes; false: it ends here. */
static bool may_begin(struct walk *w)
{
    uint32_t from = w->request->from, to = w->request->to, closed = closed_bridge(w);
    enum iow_bus_kind bus = iow_place_bus(w->t, from);
    bool conventional = bus == IOW_BUS_CONVENTIONAL || bus == IOW_BUS_PLAIN_ROOT;

    if (closed != IOW_NONE)
        return step(w, closed, IOW_RULE_ROUTE_WINDOW, IOW_HOP_BLOCKED);
    if (conventional && w->request->translated)
        return step(w, from, IOW_RULE_ROUTE_UNTRANSLATED_ONLY, IOW_HOP_BLOCKED);
    if (!is_read(w, from))
        step(w, from, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
    else if (!masters(w) || !is_virtual_with(w, from, IOW_SRIOV_VF_ENABLE))
        return step(w, from, IOW_RULE_ROUTE_MASTER_OFF, IOW_HOP_BLOCKED);
    if (!is_read(w, to))
        step(w, to, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
    else if (!answers(w))
        return step(w, to, IOW_RULE_ROUTE_TARGET_OFF, IOW_HOP_BLOCKED);
    return true;
}

/* P5: a bridge that the request passes, or one beside it, takes the address for its own, though the target is not
 * below. The root complex has no list of windows. */
static uint32_t rival(const struct walk *w, uint32_t towards)
{
    const struct iow_node *n = w->t->node;
    uint32_t parent = node_at(w)->parent;

    if (w->at != w->request->from && iow_place_towards(w->t, w->at, w->request->to) == IOW_NONE &&
        iow_place_forwards(&n[w->at], w->request->address, w->request->enabled))
        return w->at;
    if (towards == IOW_NONE || parent == IOW_NONE)
        return IOW_NONE;
    for (uint32_t i = n[parent].first_child; i != IOW_NONE && n[i].physical_function == IOW_NONE;
         i = n[i].next_sibling) /* virtual functions, which come last, are no bridges */
        if (i != towards && i != w->at && iow_place_forwards(&n[i], w->request->address, w->request->enabled))
            return i;
    return IOW_NONE;
}

/*
 * Who beside the request answers to the address: the target, or the bridge towards it. IOW_NONE: nobody. A bridge whose
 * windows were not read may.
 */
static uint32_t find_peer(const struct walk *w)
{
    uint32_t towards = iow_place_towards(w->t, node_at(w)->parent, w->request->to);

    if (towards == IOW_NONE || towards == w->at)
        return IOW_NONE;
    if (towards == w->request->to || !(w->t->node[towards].config->known & IOW_CONFIG_HEADER) ||
        lets_down(w, &w->t->node[towards]))
        return towards;
    return IOW_NONE;
}

/* Would it come to its target if this port sent it back down? */
static bool leads_down(const struct walk *w)
{
    uint32_t b = w->t->node[w->request->to].parent;

    while (b != IOW_NONE && b != w->at && lets_down(w, &w->t->node[b]))
        b = w->t->node[b].parent;
    return b == w->at && iow_place_forwards(node_at(w), w->request->address, w->request->enabled);
}

/* What is so about a request that comes to a port from below. */
static unsigned facts_at_port(const struct walk *w)
{
    const struct iow_config *c = node_at(w)->config;
    unsigned facts = w->bus < c->secondary || w->bus > c->subordinate ? IOW_EGRESS_FOREIGN : 0;

    if (leads_down(w))
        facts |= IOW_EGRESS_OWN;
    return facts;
}

/* Through a bridge from below; what it is there decides the rule where no neighbour comes into play. */
static bool enter(struct walk *w, struct iow_hop *hop)
{
    const struct iow_node *n = node_at(w);

    if (!(n->config->known & IOW_CONFIG_CAPS)) {
        hop->rule = IOW_RULE_ROUTE_UNREAD;
        hop->way = IOW_HOP_UNKNOWN;
        return true;
    }
    if (!masters(w)) {
        hop->rule = IOW_RULE_ROUTE_UPSTREAM_OFF;
        hop->way = IOW_HOP_BLOCKED;
        return false;
    }
    hop->rule = IOW_RULE_ROUTE_PASSES;
    if (iow_place_is_port(n) || n->config->pcie_type == IOW_PCIE_UPSTREAM_PORT)
        return true;
    hop->rule = IOW_RULE_ROUTE_BRIDGE_PASSES;
    if (n->config->pcie_type == IOW_PCIE_TO_PCI_BRIDGE)
        w->bus = n->config->secondary;
    if (w->request->translated) {
        hop->rule = IOW_RULE_ROUTE_UNTRANSLATED_ONLY;
        hop->way = IOW_HOP_BLOCKED;
    } else if (iow_place_forwards(n, w->request->address, w->request->enabled)) {
        hop->rule = IOW_RULE_ROUTE_BRIDGE_OWN;
        hop->way = IOW_HOP_BLOCKED;
    }
    return hop->way == IOW_HOP_UP;
}

/* What becomes of the request at this node; false: it does not go up. */
static bool pass(struct walk *w)
{
    struct iow_hop hop = {.node = w->at, .rule = IOW_RULE_ROUTE_SENT, .way = IOW_HOP_UP};
    bool below = w->at != w->request->from;
    uint32_t peer = find_peer(w), other = rival(w, peer);

    if (other != IOW_NONE)
        return step(w, other, IOW_RULE_ROUTE_OVERLAP, IOW_HOP_UNKNOWN);
    if (below && !enter(w, &hop))
        return take(w, &hop);
    if (hop.way == IOW_HOP_UNKNOWN)
        return take(w, &hop);
    iow_cross(&(struct iow_crossing){.machine = w->machine,
                  .at = w->at,
                  .peer = peer,
                  .below = below,
                  .registers = w->request->to == (peer == IOW_NONE ? w->at : peer),
                  .translated = w->request->translated,
                  .facts = below ? facts_at_port(w) : 0},
        &hop);
    return take(w, &hop);
}

/* The request has come to the root complex, and not turned before. */
static void arrive_at_root(struct walk *w)
{
    const struct iow_config *c = w->t->node[w->request->from].config;
    bool covered = !w->machine->covered || w->machine->covered[w->request->from];
    uint32_t from = w->request->from;

    w->route->deciding.way = IOW_HOP_UP;
    if (!covered)
        step(w, from, IOW_RULE_ROUTE_NO_IOMMU, IOW_HOP_ROOT_COMPLEX);
    else if (!w->request->translated)
        step(w, from, IOW_RULE_ROUTE_IOMMU, IOW_HOP_THROUGH);
    else if (!(c->known & IOW_CONFIG_EXT_CAPS))
        step(w, from, IOW_RULE_ROUTE_UNREAD, IOW_HOP_UNKNOWN);
    else if (c->ats_ctrl & IOW_ATS_ENABLE)
        step(w, from, IOW_RULE_ROUTE_ATS, IOW_HOP_ROOT_COMPLEX);
    else
        step(w, from, IOW_RULE_ROUTE_ATS_OFF, IOW_HOP_BLOCKED);
}

/* The bridges from the turning point down, for those who read the route. */
static void descend(struct walk *w)
{
    uint32_t at = iow_place_towards(w->t, node_at(w)->parent, w->request->to);
    struct iow_hop hop = {.rule = IOW_RULE_ROUTE_DOWN, .way = IOW_HOP_DOWN};

    for (; at != w->request->to; at = iow_place_towards(w->t, at, w->request->to)) {
        hop.node = at;
        keep(w, &hop);
    }
    hop = (struct iow_hop){.node = at, .rule = IOW_RULE_ROUTE_ARRIVED, .way = IOW_HOP_ARRIVED};
    keep(w, &hop);
}

/* What follows from where the walk ended, and from what may have become of the request before. */
static void conclude(struct walk *w)
{
    static const enum iow_route_answer plain[IOW_HOP_WAY__COUNT] = {
        [IOW_HOP_BLOCKED] = IOW_ROUTE_BLOCKED,
        [IOW_HOP_THROUGH] = IOW_ROUTE_THROUGH,
        [IOW_HOP_DIRECT] = IOW_ROUTE_AROUND,
    };
    bool arrives = w->route->deciding.way == IOW_HOP_DIRECT,
         stops = w->route->deciding.way == IOW_HOP_BLOCKED;
    bool turns = w->possible.way != IOW_HOP_UP || w->root_complex.way != IOW_HOP_UP;
    struct iow_route *r = w->route;

    r->grade = IOW_ROUTE_SURELY;
    if (w->unknown.way == IOW_HOP_UP && w->may_stop.way != IOW_HOP_UP && (arrives || (!turns && !stops)))
        w->unknown = w->may_stop;
    if (w->unknown.way != IOW_HOP_UP) {
        r->answer = IOW_ROUTE_UNKNOWN;
        r->deciding = w->unknown;
    } else if (arrives || !turns) {
        r->answer = plain[r->deciding.way];
    } else {
        bool possibly = w->possible.way != IOW_HOP_UP;

        r->answer = IOW_ROUTE_AROUND;
        r->grade = possibly ? IOW_ROUTE_POSSIBLY : IOW_ROUTE_IF_ROOT_COMPLEX;
        r->deciding = possibly ? w->possible : w->root_complex;
    }
}

void iow_route_find(
    const struct iow_grouping_input *machine, const struct iow_route_request *request, struct iow_route *ret)
{
    struct walk w = {
        .machine = machine,
        .t = machine->topology,
        .request = request,
        .route = ret,
        .at = request->from,
        .bus = machine->topology->node[request->from].address.bus,
    };
    bool up;

    ret->n_hops = 0;
    ret->address = request->address;
    ret->deciding = (struct iow_hop){.node = request->from, .way = IOW_HOP_UP};
    up = may_begin(&w);
    while (up && (up = pass(&w)) && node_at(&w)->parent != IOW_NONE)
        w.at = node_at(&w)->parent;
    if (up)
        arrive_at_root(&w);
    else if (ret->deciding.way == IOW_HOP_DIRECT)
        descend(&w);
    conclude(&w);
}
