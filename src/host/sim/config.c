/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Config space: the model's registers, and in them what firmware and Linux put there: bus numbers, addresses of registers,
 * ACS control, the command register.
 *
 * Source: PCI Local Bus 3.0 section 6.1; PCI-to-PCI Bridge Architecture 1.2 section 3.2; PCIe 6.0 sections 7.7.11,
 * 9.3.3; Linux drivers/pci/pci.c pci_enable_acs(), drivers/pci/iov.c
 */
#include "host/sim/machine.h"

#include <string.h>

#define FIRST_MEMORY 0xc0000000u
#define MEMORY_END 0xfe000000u
#define FIRST_PORT 0x1000u
#define PORTS_END 0x10000u
#define WINDOW 0x100000u
#define PORT_WINDOW 0x1000u

/* The command register: memory and port decoding, and what a driver switches on. */
#define COMMAND_DECODE 0x0103
#define COMMAND_MASTER 0x0004
#define COMMAND_NO_INTX 0x0400

#define MOST_CONFIG 4096u

#define ARI_AT 0x100
#define SRIOV_AT 0x120
#define VF_BAR_BYTES 0x4000u

#define RESOURCE_PORTS 0x100
#define RESOURCE_MEMORY 0x200
#define RESOURCE_64 0x100000

struct placing {
    struct iow_sim *sim;
    uint32_t memory, port;
};

static void put16(uint8_t *config, unsigned at, uint32_t value)
{
    config[at] = (uint8_t)value;
    config[at + 1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *config, unsigned at, uint32_t value)
{
    put16(config, at, value);
    put16(config, at + 2, value >> 16);
}

static uint32_t align(uint32_t value, uint32_t to)
{
    return (value + to - 1) / to * to;
}

static void put_bar_register(struct iow_sim_function *f, uint32_t index, uint32_t value)
{
    unsigned at = index < 6 ? 0x10 + 4 * index : f->model->bridge ? 0x38 : 0x30;

    if (index <= 6)
        put32(f->config, at, index == 6 ? value : value | (f->bar[index].flags & 0xf));
    else
        put32(f->config, SRIOV_AT + 0x24 + 4 * (index - IOW_SIM_FIRST_VF_BAR),
            value | (f->bar[index].flags & 0xf));
}

/* What does not fit stays unassigned, as with firmware. */
static void place_bar(
    struct placing *p, struct iow_sim_function *f, uint32_t index, uint32_t each, uint32_t n, uint32_t flags)
{
    bool ports = flags & RESOURCE_PORTS;
    uint32_t *next = ports ? &p->port : &p->memory, at = align(*next, each);

    if (at >= (ports ? PORTS_END : MEMORY_END) || each * n > (ports ? PORTS_END : MEMORY_END) - at)
        return;
    f->bar[index] = (struct iow_bar){.first = at, .last = at + each * n - 1, .flags = flags, .index = index};
    *next = at + each * n;
    put_bar_register(f, index, at);
}

static void place_bars(struct placing *p, struct iow_sim_function *f)
{
    for (unsigned i = 0; i < IOW_SIM_MODEL_BARS && f->model->bars[i].size; i++)
        place_bar(p, f, f->model->bars[i].index, f->model->bars[i].size, 1, f->model->bars[i].flags);
    if (f->max_vfs)
        place_bar(p, f, IOW_SIM_FIRST_VF_BAR, VF_BAR_BYTES, f->max_vfs, 0x140204);
}

static void set_window(
    struct iow_sim_function *f, uint32_t line, uint32_t first, uint32_t end, uint32_t flags)
{
    if (end > first)
        f->bar[line] = (struct iow_bar){.first = first, .last = end - 1, .flags = flags, .index = line};
}

static void put_windows(struct iow_sim_function *f)
{
    const struct iow_bar *ports = &f->bar[IOW_SIM_FIRST_WINDOW], *memory = ports + 1;

    f->config[0x1c] = ports->flags ? (uint8_t)(ports->first >> 8) : 0xf0;
    f->config[0x1d] = ports->flags ? (uint8_t)(ports->last >> 8 & 0xf0) : 0;
    put16(f->config, 0x20, memory->flags ? (uint32_t)memory->first >> 16 : 0xfff0);
    put16(f->config, 0x22, memory->flags ? (uint32_t)memory->last >> 16 & 0xfff0 : 0);
    put16(f->config, 0x24, 0xfff1);
    put16(f->config, 0x26, 0x0001);
}

static void place_bus(struct placing *p, uint8_t bus);

static void place_behind(struct placing *p, struct iow_sim_function *bridge)
{
    uint32_t memory = p->memory = align(p->memory, WINDOW), port = p->port = align(p->port, PORT_WINDOW);

    place_bus(p, bridge->secondary);
    p->memory = align(p->memory, WINDOW);
    p->port = align(p->port, PORT_WINDOW);
    set_window(bridge, IOW_SIM_FIRST_WINDOW, port, p->port, RESOURCE_PORTS);
    set_window(bridge, IOW_SIM_FIRST_WINDOW + 1, memory, p->memory, RESOURCE_MEMORY);
    put_windows(bridge);
}

/* Registers of the bus itself first, so that the windows of its bridges are apart from them. */
static void place_bus(struct placing *p, uint8_t bus)
{
    for (uint32_t i = 0; i < p->sim->n; i++)
        if (p->sim->functions[i].address.bus == bus && p->sim->functions[i].physical_function == IOW_NONE)
            place_bars(p, &p->sim->functions[i]);
    for (uint32_t i = 0; i < p->sim->n; i++)
        if (p->sim->functions[i].address.bus == bus && p->sim->functions[i].model->bridge)
            place_behind(p, &p->sim->functions[i]);
}

static void place_all(struct iow_sim *sim)
{
    struct placing p = {.sim = sim, .memory = FIRST_MEMORY, .port = FIRST_PORT};
    int last = -1;

    for (uint32_t i = 0; i < sim->n; i++) {
        if (sim->functions[i].root_bus <= last)
            continue;
        last = sim->functions[i].root_bus;
        place_bus(&p, (uint8_t)last);
    }
}

static void put_header(struct iow_sim_function *f)
{
    const struct iow_sim_model *m = f->model;
    bool virtual = f->physical_function != IOW_NONE;
    uint8_t *c = f->config;

    put16(c, 0x00, virtual ? 0xffff : m->vendor);
    put16(c, 0x02, virtual ? 0xffff : m->device);
    put16(c, 0x06, m->bytes[0].n ? 0x0010 : 0);
    put32(c, 0x08, m->class_code << 8 | m->revision);
    c[0x0e] = (uint8_t)((m->bridge ? 1 : 0) | (f->multifunction ? 0x80 : 0));
    c[0x3c] = m->pin ? 0x0b : 0;
    c[0x3d] = m->pin;
    if (m->bridge) {
        c[0x18] = f->address.bus;
        c[0x19] = f->secondary;
        c[0x1a] = f->subordinate;
        put16(c, 0x3e, 0x0002);
    } else {
        put16(c, 0x2c, m->subvendor);
        put16(c, 0x2e, m->subdevice);
    }
}

/* Linux asks for ACS when it has an IOMMU, and then sets what it requires wherever it is offered. */
static void put_acs(struct iow_sim_function *f)
{
    unsigned at = f->model->acs_offset;

    if (!at || f->no_acs)
        return;
    put32(f->config, 0x100, 0x00020001u | at << 20);
    put32(f->config, at, 0x0001000du);
    put16(f->config, at + 4, IOW_ACS_SV | IOW_ACS_TB | IOW_ACS_RR | IOW_ACS_CR | IOW_ACS_UF | IOW_ACS_DT);
    put16(f->config, at + 6, IOW_ACS_REQUIRED);
}

static void put_sriov(struct iow_sim_function *f)
{
    if (!f->max_vfs)
        return;
    put32(f->config, ARI_AT, 0x0001000eu | (uint32_t)SRIOV_AT << 20);
    put32(f->config, SRIOV_AT, 0x00010010u);
    put16(f->config, SRIOV_AT + 0x0c, f->max_vfs);
    put16(f->config, SRIOV_AT + 0x0e, f->max_vfs);
    put16(f->config, SRIOV_AT + 0x14, 1); /* first VF offset */
    put16(f->config, SRIOV_AT + 0x16, 1); /* VF stride */
    put16(f->config, SRIOV_AT + 0x1a, f->model->device);
    put32(f->config, SRIOV_AT + 0x1c, 0x553);
    put32(f->config, SRIOV_AT + 0x20, 1);
}

static void put_bytes(struct iow_sim_function *f)
{
    const struct iow_sim_model *m = f->model;

    for (unsigned i = 0; i < IOW_SIM_MODEL_BYTES; i++)
        if (m->bytes[i].n)
            memcpy(f->config + m->bytes[i].at, m->bytes[i].bytes, m->bytes[i].n);
    if (m->integrated_type && f->parent == IOW_NONE)
        f->config[m->pcie_offset + 2] =
            (uint8_t)((f->config[m->pcie_offset + 2] & 0x0f) | IOW_PCIE_RC_ENDPOINT << 4);
}

static int read_bytes(void *ctx, uint32_t offset, void *buf, uint32_t len)
{
    const struct iow_sim_function *f = ctx;

    if (offset >= f->n_config)
        return 0;
    if (len > f->n_config - offset)
        len = f->n_config - offset;
    memcpy(buf, f->config + offset, len);
    return (int)len;
}

static int decode(struct iow_sim_function *f)
{
    struct iow_config_reader reader = {.read = read_bytes, .ctx = f};
    int r = iow_config_decode(&reader, &f->decoded, NULL);

    if (f->physical_function != IOW_NONE) { /* Linux takes them from the physical function */
        f->decoded.vendor = f->model->vendor;
        f->decoded.device = f->model->device;
        f->decoded.known |= IOW_CONFIG_IDS;
    }
    return r;
}

static void fill(struct iow_sim_function *f)
{
    f->n_config = f->model->pcie_offset ? MOST_CONFIG : 256;
    memset(f->config, 0, MOST_CONFIG);
    memset(f->bar, 0, sizeof(f->bar));
    put_header(f);
    put_bytes(f);
    put_acs(f);
    put_sriov(f);
}

int iow_sim_replace_config(struct iow_sim_function *f)
{
    fill(f);
    return decode(f);
}

int iow_sim_make_config(struct iow_sim *sim)
{
    int r = 0;

    for (uint32_t i = 0; i < sim->n; i++) {
        struct iow_sim_function *f = &sim->functions[i];

        f->config = iow_mem_alloc(&sim->mem, MOST_CONFIG, 1);
        if (!f->config)
            return -IOW_ENOMEM;
        fill(f);
    }
    place_all(sim);
    for (uint32_t i = 0; i < sim->n && !r; i++)
        r = decode(&sim->functions[i]);
    return r;
}

/* A driver of VFIO leaves bus mastering to the user of the device. */
static bool is_master(const struct iow_sim_function *f)
{
    if (f->model->bridge)
        return true;
    return iow_sim_has_vfio(f) ? f->front->opens > 0 : iow_sim_driver_of(f) != NULL;
}

void iow_sim_current_config(const struct iow_sim_function *f, uint8_t *buf)
{
    uint32_t command = f->physical_function == IOW_NONE ? COMMAND_DECODE : 0;

    memcpy(buf, f->config, f->n_config);
    if (is_master(f))
        command |= COMMAND_MASTER;
    if (iow_sim_driver_of(f) && is_master(f))
        command |= COMMAND_NO_INTX;
    put16(buf, 0x04, command);
    if (f->front->n_vfs) {
        put16(buf, SRIOV_AT + 0x08, 0x0019); /* VF enable, VF memory space, ARI */
        put16(buf, SRIOV_AT + 0x10, f->front->n_vfs);
    }
}
