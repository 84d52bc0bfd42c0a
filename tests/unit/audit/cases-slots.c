/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

/* The port above the user's card is of the card's group. */
static void with_slot(struct scene *s, bool isolates, bool hotplug)
{
    s->function[PORT_B].group = GROUP_CARD;
    s->function[PORT_B].config.acs_ctrl = isolates ? 0x1d : 0;
    s->slot[0] = (struct iow_slot){.name = "1", .bus = 2, .hotplug = hotplug};
    s->facts.machine.n_slots = 1;
}

static void a_slot_for_hotplug(struct scene *s)
{
    with_slot(s, false, true);
}

static void a_slot_that_is_shut(struct scene *s)
{
    with_slot(s, false, false);
}

static void a_slot_below_an_isolating_port(struct scene *s)
{
    with_slot(s, true, true);
}

const struct audit_case slot_cases[] = {
    {IOW_RULE_REM_SLOT_GROWS, a_slot_for_hotplug, a_slot_that_is_shut, surroundings_unread},
    {IOW_RULE_REM_SLOT_GROWS, a_slot_for_hotplug, a_slot_below_an_isolating_port},
    {0},
};
