/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A switch whose first port was opened since Linux formed the groups, and beside it a group that is coarser than needed. */
#ifndef IOWARD_TESTS_REPORT_SETS_STAGE_H
#define IOWARD_TESTS_REPORT_SETS_STAGE_H

#include "audit/hardware.h"
#include "stage.h"

#include "report/sets.h"

#define ALL_GRADES (1u << IOW_ROUTE_GRADE__COUNT) - 1
#define SURE 1u << IOW_ROUTE_SURELY

static inline void stage_set_sets(struct stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0},
        {"00:03.0", NULL, PORT_CLEARED, 6, .multifunction = true},
        {"00:03.1", NULL, PORT_CLEARED, 6, .multifunction = true},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, PLAIN, 1},
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, CLEARED, 2},
        {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, ISOLATING, 3}, {"03:00.0", "02:00.0", EP, 4},
        {"04:00.0", "02:01.0", EP, 5}, {"05:00.0", "00:03.0", EP, 6}, {"06:00.0", "00:03.1", EP, 6}};

    hardware_set(&s->scene, actor, COUNT(actor));
}

static inline struct iow_sets_view *stage_sets(struct stage *s, unsigned grades, const bool *about)
{
    struct iow_sets_view *ret;

    stage_play(s);
    assert_int_equal(iow_sets_view_find(s->view, grades, about, &s->scene.mem, &ret), 0);
    return ret;
}

#endif
