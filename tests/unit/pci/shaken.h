/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small trees of every kind of bus, their registers at random. */
#ifndef IOWARD_TESTS_PCI_SHAKEN_H
#define IOWARD_TESTS_PCI_SHAKEN_H

#include "routes.h"

static uint32_t shaken_seed = 12345;

static inline uint32_t pick(uint32_t n)
{
    shaken_seed = shaken_seed * 1103515245 + 12345;
    return (shaken_seed >> 16) % n;
}

static const struct line shaken_trees[][12] = {
    {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x7f}, {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, 0x7f},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1},
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"02:02.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, 0x7f, 0, true},
        {"03:00.1", "02:00.0", IOW_PCIE_ENDPOINT, -1, 0, true}, {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, -1},
        {"05:00.0", "02:02.0", IOW_PCIE_ENDPOINT, -1}, {"06:00.0", "00:03.0", IOW_PCIE_ENDPOINT, -1}},
    {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x7f}, {"00:03.0", NULL, IOW_PCIE_RC_ENDPOINT, 0x7f, 0, true},
        {"00:03.1", NULL, IOW_PCIE_RC_ENDPOINT, 0x7f, 0, true}, {"00:04.0", NULL, IOW_PCIE_RC_ENDPOINT, -1},
        {"01:00.0", "00:02.0", IOW_PCIE_TO_PCI_BRIDGE, -1}, {"02:01.0", "01:00.0", IOW_PCIE_NONE, -1},
        {"02:02.0", "01:00.0", IOW_PCIE_NONE, -1}, {"03:01.0", "02:02.0", IOW_PCIE_NONE, -1},
        {"80:00.0", NULL, IOW_PCIE_NONE, -1}, {"80:01.0", NULL, IOW_PCIE_NONE, -1}},
    {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x7f},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, 0x7f, 0, true},
        {"01:00.1", "00:02.0", IOW_PCIE_ENDPOINT, 0x7f, 0, true},
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, 0x7f},
        {"03:00.1", "02:00.0", IOW_PCIE_ENDPOINT, 0x7f, .physical_function = "03:00.0"},
        {"03:00.2", "02:00.0", IOW_PCIE_ENDPOINT, -1, .physical_function = "03:00.0"},
        {"04:00.0", "02:01.0", IOW_PCIE_UPSTREAM_PORT, -1},
        {"05:00.0", "04:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"05:01.0", "04:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x7f},
        {"06:00.0", "05:00.0", IOW_PCIE_ENDPOINT, -1}},
};

/* Registers as nobody would set them: bits, ranges, vectors and buses at random. */
static inline void shake(struct routes *r, bool *covered, bool with_egress_control, bool with_unread)
{
    for (uint32_t i = 0; i < r->m.n; i++) {
        struct iow_config *c = &r->m.config[i];

        c->acs_ctrl = (uint16_t)(pick(2) ? pick(128) : pick(2) ? IOW_ACS_REQUIRED : 0);
        c->acs_ctrl &= with_egress_control ? 0x7f : ~IOW_ACS_EC;
        c->acs_offset = c->acs_offset && pick(8) ? c->acs_offset : 0;
        c->acs_egress[0] = pick(1u << 16);
        c->bar[0] = pick(6) ? c->bar[0] : 0;
        c->ats_ctrl = pick(8) ? 0 : IOW_ATS_ENABLE;
        c->subordinate = c->header_type && pick(12) ? c->subordinate : 0;
        if (c->header_type && !pick(10))
            c->windows.memory_last = 0;
        if (with_unread && !pick(10))
            c->known &= (uint8_t)(pick(2)   ? IOW_CONFIG_HEADER | IOW_CONFIG_IDS
                                  : pick(2) ? ~IOW_CONFIG_EXT_CAPS
                                            : 0);
        c->pcie_type = c->known & IOW_CONFIG_CAPS ? c->pcie_type : IOW_PCIE_NONE;
        if (c->known & IOW_CONFIG_CAPS &&
            c->pcie_type == IOW_PCIE_NONE) /* has no extended space to be left unread */
            c->known |= IOW_CONFIG_EXT_CAPS;
        c->acs_offset = c->known & IOW_CONFIG_EXT_CAPS ? c->acs_offset : 0;
        covered[i] = pick(10) > 0;
    }
}

/* covered: room for what the machine refers to from then on */
static inline void shaken_build(
    struct routes *r, bool covered[MACHINE_MOST], uint32_t round, bool with_egress_control, bool with_unread)
{
    const struct line *line = shaken_trees[round % COUNT(shaken_trees)];
    uint32_t n = 0;

    while (n < COUNT(shaken_trees[0]) && line[n].address)
        n++;
    routes_build(r, line, n);
    shake(r, covered, with_egress_control, with_unread);
    r->machine.covered = covered;
}

#endif
