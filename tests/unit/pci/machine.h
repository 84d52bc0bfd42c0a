/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small machine written down as one line a function, in address order, and its topology. */
#ifndef IOWARD_TESTS_PCI_MACHINE_H
#define IOWARD_TESTS_PCI_MACHINE_H

#include "testing.h"

#include <ioward/grouping.h>

#define MACHINE_MOST 64

struct line {
    const char *address;
    const char *parent; /* NULL: on a root bus */
    uint8_t type;       /* enum iow_pcie_type */
    int acs_cap;        /* -1: no capability */
    uint16_t acs_ctrl;
    bool multifunction; /* header bit */
    uint16_t vendor, device;
    const char *physical_function;
    const char *real_dma;
};

struct machine {
    uint32_t n;
    struct iow_config config[MACHINE_MOST];
    struct iow_topology_input input[MACHINE_MOST];
    struct iow_mem mem;
    struct iow_topology *topology;
};

static inline struct iow_address at(const char *text)
{
    struct iow_address a;

    assert_int_equal(iow_address_parse(text, strlen(text), &a), 0);
    return a;
}

static inline uint32_t index_of(const struct machine *m, const char *text)
{
    const struct iow_address a = text ? at(text) : (struct iow_address){0};

    for (uint32_t i = 0; text && i < m->n; i++)
        if (iow_address_compare(&m->input[i].address, &a) == 0)
            return i;
    return IOW_NONE;
}

static inline void machine_describe(struct machine *m, const struct line *line, uint32_t n)
{
    memset(m, 0, sizeof(*m));
    m->n = n;
    for (uint32_t i = 0; i < n; i++) {
        m->config[i] = (struct iow_config){
            .known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS,
            .vendor = line[i].vendor ? line[i].vendor : 0x1b36,
            .device = line[i].device ? line[i].device : 0x0001,
            .pcie_type = line[i].type,
            .multifunction = line[i].multifunction,
            .acs_offset = line[i].acs_cap >= 0 ? 0x148 : 0,
            .acs_cap = (uint16_t)(line[i].acs_cap >= 0 ? line[i].acs_cap : 0),
            .acs_ctrl = line[i].acs_ctrl,
        };
        m->input[i] = (struct iow_topology_input){.address = at(line[i].address), .config = &m->config[i]};
    }
    for (uint32_t i = 0; i < n; i++) {
        m->input[i].parent = index_of(m, line[i].parent);
        m->input[i].physical_function = index_of(m, line[i].physical_function);
        m->input[i].real_dma = index_of(m, line[i].real_dma);
        if (m->input[i].parent != IOW_NONE)
            m->config[m->input[i].parent].header_type = 1;
    }
    iow_mem_init_malloc(&m->mem);
}

static inline void machine_build(struct machine *m, const struct line *line, uint32_t n)
{
    machine_describe(m, line, n);
    assert_int_equal(iow_topology_build(m->input, n, &m->mem, &m->topology, NULL), 0);
}

#endif
