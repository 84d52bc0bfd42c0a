/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pci/cross.h"
#include "pci/place.h"
#include "pci/sets.h"

#define ENOUGH 3

/* What a place makes of its neighbour's address, as a rank. */
static int rank_of(enum iow_hop_way way)
{
    switch (way) {
    case IOW_HOP_DIRECT:
        return IOW_RANK_SURELY;
    case IOW_HOP_UNKNOWN:
        return 4;
    case IOW_HOP_POSSIBLY:
        return IOW_RANK_POSSIBLY;
    case IOW_HOP_ROOT_COMPLEX:
        return IOW_RANK_ROOT_COMPLEX;
    default:
        return 0;
    }
}

static bool same_unit(const struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t a, uint32_t b)
{
    return a == b || (bus->roots && iow_place_one_device(f->t, a, b));
}

static bool among(
    const struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t node, const uint32_t *few, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        if (same_unit(f, bus, few[k], node))
            return true;
    return false;
}

static int cross(const struct iow_sets *f, uint32_t at, uint32_t peer, bool translated, struct iow_hop *hop)
{
    *hop = (struct iow_hop){.node = at, .way = IOW_HOP_UP};
    iow_cross(&(struct iow_crossing){.machine = f->machine,
                  .at = at,
                  .peer = peer,
                  .below = !iow_sets_requester(f, at),
                  .translated = translated},
        hop);
    return rank_of(hop->way);
}

/* As which stand-in do requests at "at" reach what is at "peer"? IOW_NONE: they do not. */
static uint32_t reaches(const struct iow_sets *f, uint32_t at, uint32_t peer, struct iow_hop *hop)
{
    if (f->sends[at] != IOW_SETS_NOBODY && cross(f, at, peer, false, hop) >= f->needed)
        return iow_sets_element(f, IOW_SETS_SENDS, at);
    if (f->sends_translated[at] != IOW_SETS_NOBODY && cross(f, at, peer, true, hop) >= f->needed)
        return iow_sets_element(f, IOW_SETS_SENDS_TRANSLATED, at);
    return IOW_NONE;
}

static void join_peers(struct iow_sets *f, uint32_t at, uint32_t peer)
{
    struct iow_hop hop;
    uint32_t from = f->takes[peer] != IOW_SETS_NOBODY ? reaches(f, at, peer, &hop) : IOW_NONE;
    uint32_t to = iow_sets_element(f, IOW_SETS_TAKES, peer), sender;

    if (from == IOW_NONE)
        return;
    sender =
        iow_sets_one((from == iow_sets_element(f, IOW_SETS_SENDS, at) ? f->sends : f->sends_translated)[at]);
    iow_sets_activate(f, from, hop.rule, hop.node, iow_sets_one(f->takes[peer]));
    iow_sets_activate(f, to, hop.rule, hop.node, sender);
    iow_sets_join(f, from, to);
    iow_sets_link(f, sender, iow_sets_one(f->takes[peer]));
}

/* Only its vector makes a difference between peers of one bus. */
static bool tells_peers_apart(const struct iow_sets *f, uint32_t at)
{
    return iow_egress_acs(f->machine, at).on & IOW_ACS_EC;
}

/*
 * Who lets requests pass to one peer lets them pass to all, other than by egress control. So all pairs hang together
 * as those do that have one of the first three of their kind in them: among three and three, without those of one and the
 * same unit, everything still hangs together that would among all.
 */
static void join_some(struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t at, const uint32_t *few,
    uint32_t n, bool takes)
{
    for (uint32_t k = 0; k < n; k++)
        if (!same_unit(f, bus, at, few[k]))
            join_peers(f, takes ? at : few[k], takes ? few[k] : at);
}

static void join_all(struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t at)
{
    for (uint32_t k = 0; k < bus->n; k++)
        if (!same_unit(f, bus, at, bus->node[k]))
            join_peers(f, at, bus->node[k]);
}

/* Those that let nothing pass must not be among the few. */
static bool lets_pass(
    const struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t at, const uint32_t *few, uint32_t n)
{
    struct iow_hop hop;

    for (uint32_t k = 0; k < n; k++)
        if (!same_unit(f, bus, at, few[k]))
            return reaches(f, at, few[k], &hop) != IOW_NONE;
    return false;
}

/* The first few of different units whose registers are reached by way of the bus. */
static uint32_t pick_takers(const struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t ret[ENOUGH])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < bus->n && n < ENOUGH; i++) {
        uint32_t node = bus->node[i];

        if (f->takes[node] != IOW_SETS_NOBODY && !among(f, bus, node, ret, n))
            ret[n++] = node;
    }
    return n;
}

/* Conventional root buses make a difference between their own and others; those of one are looked at by themselves. */
static bool is_fair(const struct iow_sets *f, const struct iow_sets_bus *bus, uint32_t at)
{
    return !tells_peers_apart(f, at) && (!bus->roots || f->needed <= IOW_RANK_ROOT_COMPLEX ||
                                            iow_place_bus(f->t, at) != IOW_BUS_PLAIN_ROOT);
}

static uint32_t pick_senders(const struct iow_sets *f, const struct iow_sets_bus *bus, const uint32_t *takers,
    uint32_t n_takers, uint32_t ret[ENOUGH])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < bus->n && n < ENOUGH; i++) {
        uint32_t node = bus->node[i];

        if (!among(f, bus, node, ret, n) && is_fair(f, bus, node) &&
            lets_pass(f, bus, node, takers, n_takers))
            ret[n++] = node;
    }
    return n;
}

void iow_sets_find_on_bus(struct iow_sets *f, const struct iow_sets_bus *bus)
{
    uint32_t senders[ENOUGH], takers[ENOUGH];
    uint32_t n_takers = pick_takers(f, bus, takers);
    uint32_t n_senders = pick_senders(f, bus, takers, n_takers, senders);

    for (uint32_t i = 0; i < bus->n; i++) {
        if (f->sends[bus->node[i]] != IOW_SETS_NOBODY && tells_peers_apart(f, bus->node[i]))
            join_all(f, bus, bus->node[i]);
        else
            join_some(f, bus, bus->node[i], takers, n_takers, true);
        join_some(f, bus, bus->node[i], senders, n_senders, false);
    }
}
