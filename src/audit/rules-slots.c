/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about slots: who may get a device that somebody plugs in. */
#include "audit/rules.h"

/* The bridge whose bus a slot is on; IOW_NONE: a root bus. */
static uint32_t find_bridge(const struct iow_facts *facts, const struct iow_slot *slot)
{
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];

        if (f->address.domain == slot->domain && iow_config_is_bridge(&f->config) &&
            f->config.known & IOW_CONFIG_HEADER && f->config.secondary == slot->bus)
            return i;
    }
    return IOW_NONE;
}

/* What appears below a bridge that does not isolate joins the bridge's group. */
static void check_slot(struct iow_audit_run *run, const struct iow_slot *slot)
{
    uint32_t bridge = find_bridge(run->facts, slot), g;
    struct iow_finding *finding;

    if (bridge == IOW_NONE || iow_grouping_acs(&run->a->grouping, bridge).value == IOW_ACS_YES)
        return;
    g = iow_facts_find_group(run->facts, run->facts->functions[bridge].group);
    if (g == IOW_NONE || !(run->given[g] || run->a->owners[g].owner == IOW_OWNER_USER))
        return;
    finding = iow_found_group(run, g, bridge);
    finding->name = slot->name;
}

static bool anything_is_given(const struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (run->given[g])
            return true;
    return false;
}

static void check_slots(struct iow_audit_run *run)
{
    const struct iow_machine *m = &run->facts->machine;

    if (!m->surroundings && anything_is_given(run))
        iow_unknown_machine(run, "which slots there are");
    for (uint32_t i = 0; i < m->n_slots; i++)
        if (m->slots[i].hotplug)
            check_slot(run, &m->slots[i]);
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_SLOT_GROWS, IOW_WARNING, false, check_slots},
};

const struct iow_audit_area iow_audit_of_slots = IOW_AUDIT_AREA(checks);
