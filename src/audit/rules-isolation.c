/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about groups against the hardware: where Linux separates what the hardware does not. */
#include "audit/rules.h"

/*
 * A switch downstream port without ACS, or with P2P Request Redirect off and Egress Control off, hands a
 * request for a sibling port's window straight over (PCIe Base 6.12.1.1, 6.12.3). A port with a
 * device-specific answer of the kernel's table is believed.
 */
static bool forwards_to_siblings(const struct iow_config *c)
{
    const struct iow_acs_context context = {0};

    if (!(c->known & IOW_CONFIG_EXT_CAPS) || c->pcie_type != IOW_PCIE_DOWNSTREAM_PORT)
        return false;
    if (iow_acs_quirk_find(c, &context) != IOW_NONE)
        return false;
    return !c->acs_offset || !(c->acs_ctrl & (IOW_ACS_RR | IOW_ACS_EC));
}

/* The first two ports of a switch that Linux separates although one of them does not isolate. */
static void check_switch(struct iow_audit_run *run, uint32_t upstream)
{
    const struct iow_node *node = run->a->topology->node;
    const struct iow_function *functions = run->facts->functions;

    for (uint32_t a = node[upstream].first_child; a != IOW_NONE; a = node[a].next_sibling) {
        if (!forwards_to_siblings(node[a].config) || functions[a].group == IOW_NONE)
            continue;
        for (uint32_t b = node[upstream].first_child; b != IOW_NONE; b = node[b].next_sibling)
            if (b != a && node[b].config->pcie_type == IOW_PCIE_DOWNSTREAM_PORT &&
                functions[b].group != IOW_NONE && functions[b].group != functions[a].group) {
                iow_found_function(run, a, b);
                return;
            }
    }
}

static void check_switches(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->a->topology->n; i++)
        if (run->a->topology->node[i].config->pcie_type == IOW_PCIE_UPSTREAM_PORT)
            check_switch(run, i);
}

/* One for each port whose ACS changed since the groups were made. */
static void check_drift(struct iow_audit_run *run)
{
    const struct iow_analysis *a = run->a;
    bool *told = iow_mem_alloc(run->mem, a->topology->n, sizeof(*told));

    run->failed |= !told;
    for (uint32_t i = 0; told && i < a->n_differences; i++) {
        const struct iow_difference *d = &a->differences[i];
        bool drift = d->rule == IOW_RULE_DIFF_ACS_CLEARED || d->rule == IOW_RULE_DIFF_ACS_SET;

        if (!drift || d->deciding == IOW_NONE || told[d->deciding])
            continue;
        told[d->deciding] = true;
        iow_found_function(run, d->deciding, d->function);
    }
}

static void check_unexplained(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->a->n_differences; i++)
        if (run->a->differences[i].rule == IOW_RULE_DIFF_UNEXPLAINED)
            iow_found_function(run, run->a->differences[i].function, run->a->differences[i].other);
}

static void check_override(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->a->n_differences; i++)
        if (run->a->differences[i].rule == IOW_RULE_DIFF_OVERRIDE)
            iow_found_function(run, run->a->differences[i].function, run->a->differences[i].other);
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_SWITCH_SPLIT, IOW_CRITICAL, true, check_switches},
    {IOW_RULE_REM_DRIFT, IOW_CRITICAL, true, check_drift},
    {IOW_RULE_REM_OVERRIDE_FINER, IOW_CRITICAL, false, check_override},
    {IOW_RULE_REM_UNEXPLAINED, IOW_WARNING, true, check_unexplained},
};

const struct iow_audit_area iow_audit_of_isolation = IOW_AUDIT_AREA(checks);
