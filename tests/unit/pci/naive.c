/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "naive.h"

#include <ioward/alias.h>
#include <string.h>

static const struct iow_topology *t;
static uint32_t *group;
static bool visited[256];

static bool mf(uint32_t i)
{
    return t->node[i].physical_function == IOW_NONE &&
           (t->node[i].config->multifunction || t->node[i].address.function > 0);
}

static bool acs(uint32_t i)
{
    const struct iow_config *c = t->node[i].config;
    const struct iow_acs_context context = {
        .on_root_bus = t->node[i].parent == IOW_NONE, .multifunction = mf(i)};
    uint32_t row = iow_acs_quirk_find(c, &context);
    uint16_t need = 0x1d & (c->acs_cap | 0x20);

    if (row != IOW_NONE)
        return iow_acs_enabled(c, &context, 0x1d).value == IOW_ACS_YES;
    if (c->pcie_type == 0xff || c->pcie_type == 7 || c->pcie_type == 8 || c->pcie_type == 10)
        return false;
    if (c->pcie_type == 4 || c->pcie_type == 6 || mf(i))
        return c->acs_offset && (need & c->acs_ctrl) == need;
    return true;
}

static bool path(uint32_t i)
{
    return i == IOW_NONE || (acs(i) && path(t->node[i].parent));
}

static bool aliases(uint32_t x, uint32_t y)
{
    uint8_t dx = iow_address_devfn(&t->node[x].address), dy = iow_address_devfn(&t->node[y].address);
    struct iow_devfn_set sx, sy;

    iow_alias_devfns(t->node[x].config, dx, &sx);
    iow_alias_devfns(t->node[y].config, dy, &sy);
    return iow_devfn_set_has(&sx, dy) || iow_devfn_set_has(&sy, dx) || t->node[x].real_dma == y ||
           t->node[y].real_dma == x;
}

static bool bus(uint32_t x, uint32_t y)
{
    return x != y && t->node[x].address.domain == t->node[y].address.domain &&
           t->node[x].address.bus == t->node[y].address.bus && t->node[x].parent == t->node[y].parent;
}

static uint32_t by_function(uint32_t x);

static uint32_t by_alias(uint32_t x)
{
    uint8_t devfn = iow_address_devfn(&t->node[x].address);
    uint32_t g = group[x];

    if (visited[devfn])
        return IOW_NONE;
    visited[devfn] = true;
    for (uint32_t y = 0; g == IOW_NONE && y < t->n; y++)
        if (bus(x, y) && aliases(x, y)) {
            g = by_alias(y);
            if (g == IOW_NONE)
                g = by_function(y);
        }
    return g;
}

static uint32_t by_function(uint32_t x)
{
    uint32_t g = IOW_NONE;

    if (!mf(x) || acs(x))
        return IOW_NONE;
    for (uint32_t y = 0; g == IOW_NONE && y < t->n; y++)
        if (bus(x, y) && t->node[x].address.device == t->node[y].address.device && !acs(y))
            g = by_alias(y);
    return g;
}

static bool translates_root(uint32_t i)
{
    return t->node[i].config->vendor == 0x14e4 &&
           (t->node[i].config->device == 0x9000 || t->node[i].config->device == 0x9084);
}

static uint32_t find(uint32_t i)
{
    uint32_t last = t->node[i].real_dma == IOW_NONE ? i : t->node[i].real_dma, g;

    if (last != i && group[last] != IOW_NONE)
        return group[last];
    for (uint32_t b = t->node[last].parent; b != IOW_NONE && !translates_root(b); b = t->node[b].parent) {
        uint8_t type = t->node[b].config->pcie_type;

        if (type != 0xff && type != 7 && type != 8)
            continue;
        last = b;
        if (group[b] != IOW_NONE)
            return group[b];
    }
    for (uint32_t b = t->node[last].parent; b != IOW_NONE && !path(b); b = t->node[b].parent) {
        last = b;
        if (group[b] != IOW_NONE)
            return group[b];
    }
    memset(visited, 0, sizeof(visited));
    g = by_alias(last);
    return g != IOW_NONE ? g : by_function(last);
}

void naive_partition(const struct iow_topology *topology, uint32_t *set)
{
    t = topology;
    group = set;
    for (uint32_t i = 0; i < t->n; i++)
        group[i] = IOW_NONE;
    for (uint32_t k = 0; k < t->n; k++) {
        uint32_t i = t->order[k], g = find(i);

        group[i] = g == IOW_NONE ? k : g;
    }
}
