/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scene: facts written down by hand, and what follows from them. */
#ifndef IOWARD_TESTS_AUDIT_SCENE_H
#define IOWARD_TESTS_AUDIT_SCENE_H

#include "testing.h"

#include <ioward/analysis.h>

#include "facts/facts.h"

#define SCENE_MOST 24
#define NO_GROUP IOW_NONE

/* One function, in address order. */
struct actor {
    const char *address;
    const char *parent; /* NULL: on a root bus */
    uint8_t type;       /* enum iow_pcie_type */
    int acs_cap;        /* -1: no capability */
    uint16_t acs_ctrl;
    uint32_t group;
    const char *driver;
    bool multifunction;
    bool master; /* bus mastering enabled */
    bool vfio_device;
};

struct scene {
    struct iow_facts facts;
    struct iow_function function[SCENE_MOST];
    struct iow_group group[SCENE_MOST];
    struct iow_holder holder[SCENE_MOST];
    struct iow_held held[SCENE_MOST][4];
    const char *iommu[2];
    struct iow_parameter parameter[4];
    struct iow_slot slot[2];
    const char *module[2];
    struct iow_use use[2];
    struct iow_missing missing[1];
    struct iow_mem mem;
    struct iow_analysis *analysis;
};

static inline uint32_t scene_function(const struct scene *s, const char *text)
{
    struct iow_address a;

    assert_int_equal(iow_address_parse(text, strlen(text), &a), 0);
    for (uint32_t i = 0; i < s->facts.n_functions; i++)
        if (iow_address_compare(&s->function[i].address, &a) == 0)
            return i;
    fail_msg("no function %s", text);
    return IOW_NONE;
}

static inline uint32_t scene_group(const struct scene *s, uint32_t number)
{
    for (uint32_t g = 0; g < s->facts.n_groups; g++)
        if (s->group[g].number == number)
            return g;
    fail_msg("no group %u", number);
    return IOW_NONE;
}

static inline void scene_add_function(struct scene *s, const struct actor *actor)
{
    uint32_t i = s->facts.n_functions++;
    struct iow_function *f = &s->function[i];

    *f = (struct iow_function){
        .config = {.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS,
            .vendor = 0x1b36,
            .device = 1,
            .pcie_type = actor->type,
            .multifunction = actor->multifunction,
            .command = actor->master ? 4 : 0,
            .acs_offset = actor->acs_cap >= 0 ? 0x148 : 0,
            .acs_cap = (uint16_t)(actor->acs_cap >= 0 ? actor->acs_cap : 0),
            .acs_ctrl = actor->acs_ctrl},
        .known = IOW_FUNCTION_PATH | IOW_FUNCTION_DRIVER,
        .parent = IOW_NONE,
        .physical_function = IOW_NONE,
        .real_dma = IOW_NONE,
        .group = actor->group,
        .driver = actor->driver,
        .vfio_device = actor->vfio_device,
        .numa_node = -1,
    };
    assert_int_equal(iow_address_parse(actor->address, strlen(actor->address), &f->address), 0);
    if (actor->parent) {
        f->parent = scene_function(s, actor->parent);
        s->function[f->parent].config.header_type = 1;
    }
}

/* Groups follow from the functions' numbers, which may come in any order. */
static inline void scene_add_group(struct scene *s, uint32_t number)
{
    uint32_t g = 0;

    if (number == NO_GROUP)
        return;
    while (g < s->facts.n_groups && s->group[g].number < number)
        g++;
    if (g < s->facts.n_groups && s->group[g].number == number) {
        s->group[g].n_members++;
        return;
    }
    memmove(&s->group[g + 1], &s->group[g], (s->facts.n_groups - g) * sizeof(s->group[0]));
    s->group[g] = (struct iow_group){.number = number, .type = "DMA-FQ", .n_members = 1};
    s->facts.n_groups++;
}

static inline void scene_set(struct scene *s, const struct actor *actor, uint32_t n)
{
    memset(s, 0, sizeof(*s));
    iow_mem_init_malloc(&s->mem);
    s->iommu[0] = "dmar0";
    s->facts.functions = s->function;
    s->facts.groups = s->group;
    s->facts.holders = s->holder;
    s->facts.holders_read = true;
    s->facts.uses = s->use;
    s->facts.missing = s->missing;
    s->facts.machine = (struct iow_machine){.kernel = "6.12.1",
        .release = 6 << 8 | 12,
        .command_line = "",
        .pci = true,
        .groups = true,
        .dmar = true,
        .n_iommus = 1,
        .iommus = s->iommu,
        .parameters = s->parameter,
        .slots = s->slot,
        .modules = s->module,
        .holders_complete = true};
    for (uint32_t i = 0; i < n; i++) {
        scene_add_function(s, &actor[i]);
        scene_add_group(s, actor[i].group);
    }
}

/* A process and up to four files it holds. */
static inline void scene_hold(struct scene *s, uint32_t pid, const struct iow_held *held, uint32_t n)
{
    uint32_t h = s->facts.n_holders++;

    memcpy(s->held[h], held, n * sizeof(*held));
    s->holder[h] =
        (struct iow_holder){.pid = pid, .uid = 1000, .command = "user", .n_held = n, .held = s->held[h]};
}

static inline void scene_play(struct scene *s)
{
    assert_int_equal(iow_analyse(&s->facts, &s->mem, &s->analysis, NULL), 0);
}

static inline void scene_end(struct scene *s)
{
    iow_mem_done(&s->mem);
}

#endif
