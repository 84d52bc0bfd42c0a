/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small machine written down as one line a function, in address order, and its topology. */
#ifndef IOWARD_TESTS_PCI_MACHINE_H
#define IOWARD_TESTS_PCI_MACHINE_H

#include "testing.h"

#include <ioward/grouping.h>
#include <stdlib.h>

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

/* One chunk, and no more. */
static inline void *machine_grow_once(void *given, size_t size_bytes)
{
    void *chunk = *(bool *)given ? NULL : malloc(size_bytes);

    *(bool *)given = true;
    return chunk;
}

static inline void machine_release(void *given, void *chunk)
{
    (void)given;
    free(chunk);
}

#define MACHINE_CHUNK_BYTES 16384u

/* An arena with so many bytes left. */
static inline void machine_limit(struct iow_mem *mem, bool *given, size_t bytes)
{
    *given = false;
    iow_mem_init(mem, machine_grow_once, machine_release, given);
    assert_non_null(iow_mem_alloc(mem, 1, MACHINE_CHUNK_BYTES - bytes));
}

typedef int machine_call_fn(void *ctx, struct iow_mem *mem, struct iow_explain *reterr);

/* Is it an error until there is enough memory, which is more than the answer takes? */
static inline void machine_starve(machine_call_fn *call, void *ctx, size_t answer_bytes)
{
    size_t bytes;
    int r = -1;

    for (bytes = 0; r < 0 && bytes < MACHINE_CHUNK_BYTES; bytes += 16) {
        struct iow_explain e = {0};
        struct iow_mem few;
        bool given;

        machine_limit(&few, &given, bytes);
        r = call(ctx, &few, &e);
        assert_true(r == 0 || r == -IOW_ENOMEM);
        assert_int_equal(e.rule, r == 0 ? IOW_RULE_NONE : IOW_RULE_READ_NO_MEMORY);
        iow_mem_done(&few);
    }
    assert_int_equal(r, 0);
    assert_true(bytes > answer_bytes);
}

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
