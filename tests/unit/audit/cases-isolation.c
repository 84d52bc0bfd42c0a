/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#define ROOT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define UP IOW_PCIE_UPSTREAM_PORT, -1, 0
#define DOWN IOW_PCIE_DOWNSTREAM_PORT, -1, 0
#define DOWN_ACS IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x1d

static void a_split_switch(struct scene *s)
{
    static const struct actor actors[] = {{"00:02.0", NULL, ROOT, 0}, {"01:00.0", "00:02.0", UP, 1},
        {"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}};

    scene_end(s);
    scene_set(s, actors, COUNT(actors));
}

static void an_isolating_switch(struct scene *s)
{
    static const struct actor actors[] = {{"00:02.0", NULL, ROOT, 0}, {"01:00.0", "00:02.0", UP, 1},
        {"02:03.0", "01:00.0", DOWN_ACS, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}};

    scene_end(s);
    scene_set(s, actors, COUNT(actors));
}

static void acs_cleared(struct scene *s)
{
    s->function[PORT_A].config.acs_ctrl = 0;
}

static void acs_as_wanted_and_more(struct scene *s)
{
    s->function[PORT_A].config.acs_ctrl |= IOW_ACS_TB;
}

static void no_acs(struct scene *s)
{
    s->function[PORT_A].config.acs_offset = 0;
}

static void no_acs_but_override(struct scene *s)
{
    no_acs(s);
    s->facts.machine.command_line = "pcie_acs_override=downstream";
}

const struct audit_case isolation_cases[] = {
    {IOW_RULE_REM_SWITCH_SPLIT, a_split_switch, an_isolating_switch},
    {IOW_RULE_REM_DRIFT, acs_cleared, acs_as_wanted_and_more},
    {IOW_RULE_REM_OVERRIDE_FINER, no_acs_but_override, no_acs},
    {IOW_RULE_REM_UNEXPLAINED, no_acs, no_acs_but_override},
    {0},
};
