/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "naive-route.h"

static const struct iow_topology *t;
static uint32_t a, b;
static uint64_t x;
static bool at2;

static bool on(uint32_t i, unsigned bit)
{
    const struct iow_config *c = t->node[i].config;

    return c->acs_offset && c->acs_cap & bit && c->acs_ctrl & bit;
}

static uint8_t type(uint32_t i)
{
    return t->node[i].config->pcie_type;
}

static bool window(uint32_t i)
{
    const struct iow_windows *w = &t->node[i].config->windows;

    return t->node[i].config->header_type == 1 && w->memory_base <= x && x <= w->memory_last;
}

static bool above(uint32_t i, uint32_t below)
{
    for (uint32_t k = t->node[below].parent; k != IOW_NONE; k = t->node[k].parent)
        if (k == i)
            return true;
    return false;
}

/* Who on the bus of i takes the address? */
static uint32_t taker(uint32_t i)
{
    for (uint32_t k = 0; k < t->n; k++)
        if (k != i && t->node[k].parent == t->node[i].parent && (k == b || (window(k) && above(k, b))))
            return k;
    return IOW_NONE;
}

static bool vector(uint32_t i, unsigned number)
{
    return t->node[i].config->acs_egress[number / 32] >> number % 32 & 1;
}

static unsigned up(uint32_t i);

/* Both controls together, for a peer whose bit in the vector is this. */
static unsigned redirect_or_not(uint32_t i, bool bit)
{
    bool rr = on(i, IOW_ACS_RR), ec = on(i, IOW_ACS_EC);

    if (!ec)
        return rr ? up(i) : NAIVE_ARRIVES;
    if (!bit)
        return NAIVE_ARRIVES;
    return rr ? up(i) : NAIVE_NOWHERE;
}

static unsigned function(uint32_t i, uint32_t peer)
{
    if (!t->node[i].config->acs_offset)
        return NAIVE_ARRIVES | up(i);
    if (!(t->node[i].config->acs_cap & IOW_ACS_RR))
        return up(i);
    if (at2 && on(i, IOW_ACS_DT))
        return NAIVE_ARRIVES;
    return redirect_or_not(i, vector(i, t->node[peer].address.function));
}

static unsigned root_fate(void)
{
    if (!at2)
        return NAIVE_IOMMU;
    return t->node[a].config->ats_ctrl & IOW_ATS_ENABLE ? NAIVE_IF_ROOT_COMPLEX : NAIVE_NOWHERE;
}

static unsigned port(uint32_t i)
{
    uint32_t peer = taker(i);
    uint8_t bus = t->node[a].address.bus;
    bool root = t->node[i].parent == IOW_NONE, out;
    unsigned fates;

    out = bus < t->node[i].config->secondary || bus > t->node[i].config->subordinate;
    if ((on(i, IOW_ACS_SV) && out) || (on(i, IOW_ACS_TB) && at2))
        return NAIVE_NOWHERE;
    if (i == b || (peer == b && !root && type(b) == IOW_PCIE_DOWNSTREAM_PORT))
        return NAIVE_ARRIVES | up(i);
    if (window(i))
        return on(i, IOW_ACS_UF) ? up(i) : NAIVE_ARRIVES | up(i);
    if (peer == IOW_NONE)
        return up(i);
    if (!t->node[i].config->acs_offset || (at2 && on(i, IOW_ACS_DT)))
        fates = NAIVE_ARRIVES;
    else if (on(i, IOW_ACS_EC) && type(peer) != IOW_PCIE_ROOT_PORT && type(peer) != IOW_PCIE_DOWNSTREAM_PORT)
        fates = NAIVE_UNKNOWN;
    else
        fates = redirect_or_not(i, vector(i, t->node[peer].config->port_number));
    if (root && fates == NAIVE_ARRIVES)
        return NAIVE_IF_ROOT_COMPLEX | root_fate();
    return fates;
}

static bool shared_bus(uint32_t i)
{
    uint32_t p = t->node[i].parent;

    return p != IOW_NONE && (type(p) == IOW_PCIE_NONE || type(p) == IOW_PCIE_TO_PCI_BRIDGE);
}

/* The request is at i, which made it or had it from below. */
static unsigned at(uint32_t i)
{
    uint32_t peer = taker(i);

    if (i != a && (type(i) == IOW_PCIE_ROOT_PORT || type(i) == IOW_PCIE_DOWNSTREAM_PORT))
        return port(i);
    if (i != a && (type(i) == IOW_PCIE_NONE || type(i) == IOW_PCIE_TO_PCI_BRIDGE) && (window(i) || at2))
        return NAIVE_NOWHERE;
    if (i == b)
        return NAIVE_ARRIVES | up(i);
    if (peer == IOW_NONE)
        return up(i);
    if (shared_bus(i))
        return at2 ? NAIVE_NOWHERE : NAIVE_ARRIVES;
    if (t->node[i].parent != IOW_NONE)
        return function(i, peer);
    if (t->node[i].address.device == t->node[peer].address.device)
        return function(i, peer);
    return on(i, IOW_ACS_RR) ? up(i) : (NAIVE_IF_ROOT_COMPLEX | root_fate());
}

static unsigned up(uint32_t i)
{
    return t->node[i].parent == IOW_NONE ? root_fate() : at(t->node[i].parent);
}

unsigned naive_fates(
    const struct iow_topology *topology, uint32_t from, uint32_t to, uint64_t address, bool translated)
{
    t = topology;
    a = from;
    b = to;
    x = address;
    at2 = translated;
    if (at2 && shared_bus(a))
        return NAIVE_NOWHERE;
    for (uint32_t k = t->node[b].parent; k != IOW_NONE && k != a && !above(k, a); k = t->node[k].parent)
        if (!window(k))
            return NAIVE_NOWHERE;
    return at(a);
}
