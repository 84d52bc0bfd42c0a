/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two ports, the first of them open; below each a device with registers at an address. */
#ifndef IOWARD_TESTS_REPORT_ROUTE_STAGE_H
#define IOWARD_TESTS_REPORT_ROUTE_STAGE_H

#include "stage.h"

#include "report/route.h"

static inline void stage_set_routes(struct stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_CLEARED, 0, "pcieport"},
        {"00:03.0", NULL, PORT, 1, "pcieport"}, {"01:00.0", "00:02.0", EP, 2, "nvme"},
        {"02:00.0", "00:03.0", EP, 3, "e1000e"}};

    scene_set(&s->scene, actor, COUNT(actor));
    for (uint32_t i = 0; i < COUNT(actor); i++) {
        struct iow_config *c = &s->scene.function[i].config;

        c->command = IOW_COMMAND_MASTER | IOW_COMMAND_MEMORY;
        if (i < 2) {
            c->secondary = c->subordinate = (uint8_t)(i + 1);
            c->windows.memory_base = 0xf0000000 + i * 0x100000;
            c->windows.memory_last = c->windows.memory_base + 0xfffff;
        } else {
            c->bar[0] = 0xf0000000 + (i - 2) * 0x100000;
        }
    }
}

#endif
