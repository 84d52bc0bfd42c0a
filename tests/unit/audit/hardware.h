/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scene whose functions have registers at addresses, below bridges that let those pass. */
#ifndef IOWARD_TESTS_AUDIT_HARDWARE_H
#define IOWARD_TESTS_AUDIT_HARDWARE_H

#include "scene.h"

#include <ioward/agreement.h>

#define MIB 0x100000u
#define ENOUGH 100

static inline void hardware_place(struct scene *s, uint32_t parent, uint32_t *next)
{
    for (uint32_t i = 0; i < s->facts.n_functions; i++) {
        struct iow_function *f = &s->function[i];

        if (f->parent != parent)
            continue;
        f->config.port_number = (uint8_t)i;
        if (!iow_config_is_bridge(&f->config)) {
            f->config.bar[0] = *next;
            *next += MIB;
        }
    }
    for (uint32_t i = 0; i < s->facts.n_functions; i++) {
        struct iow_config *c = &s->function[i].config;

        if (s->function[i].parent != parent || !iow_config_is_bridge(c))
            continue;
        c->windows = (struct iow_windows){.memory_base = *next, .io_base = 1, .prefetch_base = 1};
        hardware_place(s, i, next);
        c->windows.memory_last = *next - 1;
    }
}

static inline void hardware_number(struct scene *s)
{
    for (uint32_t i = s->facts.n_functions; i-- > 0;) {
        struct iow_config *above;
        uint8_t bus = s->function[i].address.bus, last = s->function[i].config.subordinate;

        if (s->function[i].parent == IOW_NONE)
            continue;
        above = &s->function[s->function[i].parent].config;
        above->secondary = bus;
        last = last > bus ? last : bus;
        above->subordinate = above->subordinate > last ? above->subordinate : last;
    }
}

static inline void hardware_set(struct scene *s, const struct actor *actor, uint32_t n)
{
    uint32_t next = 0x80000000;

    scene_set(s, actor, n);
    hardware_number(s);
    hardware_place(s, IOW_NONE, &next);
}

static inline struct iow_agreement *hardware_play(struct scene *s)
{
    struct iow_agreement *ret;

    scene_play(s);
    assert_int_equal(iow_agreement_find(s->analysis, ENOUGH, &s->mem, &ret, NULL), 0);
    return ret;
}

#define ISOLATING 0x5f, IOW_ACS_REQUIRED
#define CLEARED 0x5f, 0
#define PLAIN -1, 0

/* A switch below a port, a device below each of its two ports, as Linux groups them when everything isolates. */
#define SWITCH(first, second)                                                                                \
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, ISOLATING, 0},                                                     \
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, PLAIN, 1},                                            \
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, first, 2},                                          \
    {                                                                                                        \
        "02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, second, 3                                            \
    }

#endif
