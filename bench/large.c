/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "large.h"

#include <ioward/acs.h>
#include <stdlib.h>

#define MIB UINT64_C(0x100000)
#define REGISTERS UINT64_C(0x4000) /* bytes of each function */
#define FIRST_ADDRESS (UINT64_C(1) << 32)

#define EVERYTHING (IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS)
#define ACS_OFFERED 0x5f

/* What is on a bus, and on the buses that this leads to. */
struct shape {
    uint8_t type; /* enum iow_pcie_type */
    uint8_t devices, functions;
    uint16_t vfs; /* of each function */
    uint16_t vendor, device;
    const struct shape *below;
    const struct shape *beside; /* more on the same bus, after these devices */
};

static const struct shape card = {IOW_PCIE_ENDPOINT, 1, 2, .vendor = 0x15b3, .device = 0x101d};
static const struct shape low_ports = {IOW_PCIE_DOWNSTREAM_PORT, 8, 1, 0, 0x10b5, 0x8796, &card};
static const struct shape low_switch = {IOW_PCIE_UPSTREAM_PORT, 1, 1, 0, 0x10b5, 0x8796, &low_ports};
static const struct shape high_ports = {IOW_PCIE_DOWNSTREAM_PORT, 4, 1, 0, 0x10b5, 0x8796, &low_switch};
static const struct shape high_switch = {IOW_PCIE_UPSTREAM_PORT, 1, 1, 0, 0x10b5, 0x8796, &high_ports};
static const struct shape card_with_vfs = {IOW_PCIE_ENDPOINT, 1, 2, 4000, 0x8086, 0x1592};
static const struct shape old_cards = {IOW_PCIE_NONE, 8, 4, .vendor = 0x10ec, .device = 0x8139};
static const struct shape old_bridge = {IOW_PCIE_TO_PCI_BRIDGE, 1, 1, 0, 0x104c, 0x8231, &old_cards};
static const struct shape integrated = {IOW_PCIE_RC_ENDPOINT, 24, 8, .vendor = 0x1022, .device = 0x15e2};

static const struct {
    const char *name;
    struct shape root;
} kinds[] = {
    [LARGE_SWITCHES] = {"switches", {IOW_PCIE_ROOT_PORT, 4, 1, 0, 0x8086, 0x347a, &high_switch}},
    [LARGE_VIRTUAL] = {"virtual functions", {IOW_PCIE_ROOT_PORT, 4, 1, 0, 0x8086, 0x347a, &card_with_vfs}},
    [LARGE_DOMAINS] = {"domains", {IOW_PCIE_ROOT_PORT, 2, 1, 0, 0x8086, 0x347a, &card}},
    [LARGE_SHARED] = {"shared buses",
        {IOW_PCIE_ROOT_PORT, 8, 1, 0, 0x8086, 0x347a, &old_bridge, .beside = &integrated}},
};

struct maker {
    struct large *large;
    uint32_t most;
    uint32_t domain;
    uint32_t last_bus; /* that was given a number */
    uint64_t address;  /* the next free one */
};

static uint64_t take_addresses(struct maker *m, uint64_t bytes)
{
    uint64_t address = m->address;

    m->address += bytes;
    return address;
}

/* A base address register of 64 bits. */
static void place(uint32_t bar[IOW_BARS], uint64_t address)
{
    bar[0] = (uint32_t)address | 0xc;
    bar[1] = (uint32_t)(address >> 32);
}

static bool is_port(uint8_t type)
{
    return type == IOW_PCIE_ROOT_PORT || type == IOW_PCIE_DOWNSTREAM_PORT;
}

/* The next function, at this bus, device and function; IOW_NONE: the machine is complete. */
static uint32_t add(struct maker *m, const struct shape *shape, uint32_t parent, uint32_t where)
{
    uint32_t i = m->large->n;
    struct iow_config *c = &m->large->config[i];

    if (i == m->most)
        return IOW_NONE;
    m->large->n++;
    *c = (struct iow_config){
        .known = EVERYTHING,
        .header_type = shape->below ? 1 : 0,
        .multifunction = shape->functions > 1,
        .pcie_type = shape->type,
        .vendor = shape->vendor,
        .device = shape->device,
        .command = IOW_COMMAND_MASTER | IOW_COMMAND_MEMORY,
        .windows = {.io_base = 1, .memory_base = 1, .prefetch_base = 1},
    };
    if (is_port(shape->type)) {
        c->acs_offset = 0x148;
        c->acs_cap = ACS_OFFERED;
        c->acs_ctrl = (m->domain + where / 8) % 4 == 3 ? 0 : IOW_ACS_REQUIRED;
    }
    m->large->input[i] = (struct iow_topology_input){
        .address = {.domain = m->domain,
            .bus = (uint8_t)(where >> 8),
            .device = where >> 3 & 31,
            .function = where & 7},
        .config = c,
        .parent = parent,
        .physical_function = IOW_NONE,
        .real_dma = IOW_NONE,
    };
    return i;
}

static uint32_t add_physical(struct maker *m, const struct shape *shape, uint32_t parent, uint32_t where)
{
    uint32_t i = add(m, shape, parent, where);

    if (i != IOW_NONE)
        place(m->large->config[i].bar, take_addresses(m, REGISTERS));
    return i;
}

/* Behind the physical functions, on their bus and the next ones. */
static uint32_t add_virtual(struct maker *m, const struct shape *shape, uint32_t physical, uint32_t where)
{
    struct iow_config *c = &m->large->config[physical];

    c->sriov_offset = 0x160;
    c->sriov_ctrl = IOW_SRIOV_VF_ENABLE | IOW_SRIOV_VF_MEMORY;
    place(c->vf_bar, take_addresses(m, shape->vfs * REGISTERS));
    for (uint32_t v = 0; v < shape->vfs; v++, where++) {
        uint32_t i = add(m, shape, m->large->input[physical].parent, where);

        if (i == IOW_NONE)
            break;
        m->large->config[i].multifunction = false;
        m->large->config[i].command = 0;
        m->large->input[i].physical_function = physical;
    }
    m->last_bus = m->last_bus > (where - 1) >> 8 ? m->last_bus : (where - 1) >> 8;
    return where;
}

static void add_bus(struct maker *m, const struct shape *shape, uint32_t parent, uint32_t bus);

static void add_below(struct maker *m, const struct shape *shape, uint32_t bridge)
{
    struct iow_config *c = &m->large->config[bridge];

    m->address = (m->address + MIB - 1) / MIB * MIB;
    c->primary = m->large->input[bridge].address.bus;
    c->secondary = (uint8_t)++m->last_bus;
    c->windows.prefetch_base = m->address;
    add_bus(m, shape->below, bridge, c->secondary);
    m->address = (m->address + MIB - 1) / MIB * MIB;
    c->subordinate = (uint8_t)m->last_bus;
    c->windows.prefetch_last = m->address - 1;
}

/* In order of address: a bus whole, then what is behind its bridges, which have the next numbers. */
static void add_bus(struct maker *m, const struct shape *shape, uint32_t parent, uint32_t bus)
{
    uint32_t first = m->large->n, where = bus << 8, end;

    for (const struct shape *s = shape; s; s = s->beside)
        for (uint32_t k = 0; k < s->devices; k++, where = (where | 7) + 1)
            for (uint32_t f = 0; f < s->functions; f++)
                (void)add_physical(m, s, parent, where + f);
    end = m->large->n;
    for (uint32_t i = first; shape->vfs && i < end; i++)
        where = add_virtual(m, shape, i, where);
    for (uint32_t i = first; shape->below && i < end && i < first + shape->devices; i++)
        add_below(m, shape, i);
}

const char *large_name(enum large_kind kind)
{
    return kinds[kind].name;
}

bool large_make(enum large_kind kind, uint32_t n, struct large *ret)
{
    struct maker m = {.large = ret, .most = n, .address = FIRST_ADDRESS};

    *ret = (struct large){
        .config = calloc(n, sizeof(*ret->config)),
        .input = calloc(n, sizeof(*ret->input)),
    };
    if (!ret->config || !ret->input) {
        large_done(ret);
        return false;
    }
    for (; ret->n < n; m.domain++) {
        m.last_bus = 0;
        add_bus(&m, &kinds[kind].root, IOW_NONE, 0);
    }
    return true;
}

void large_done(struct large *large)
{
    free(large->config);
    free(large->input);
    *large = (struct large){0};
}
