/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person should know about this machine, each remark a rule of its own below. */
#include "audit/audit.h"

#include <string.h>

struct remarks {
    struct iow_analysis *a;
    struct iow_mem *mem;
    void *list;
    bool failed; /* memory ran out */
};

static struct iow_remark *add(struct remarks *r, enum iow_rule rule)
{
    struct iow_remark *remark = iow_audit_append(r->mem, &r->list, &r->a->n_remarks, sizeof(*remark));

    if (!remark) {
        r->failed = true;
        return NULL;
    }
    *remark = (struct iow_remark){.rule = rule,
        .subject = {.kind = IOW_SUBJECT_MACHINE},
        .function = IOW_NONE,
        .other = IOW_NONE,
        .group = IOW_NONE,
        .holder = IOW_NONE};
    return remark;
}

static void add_about_function(struct remarks *r, enum iow_rule rule, uint32_t function, uint32_t other)
{
    struct iow_remark *remark = add(r, rule);

    if (!remark)
        return;
    remark->function = function;
    remark->other = other;
    remark->subject = (struct iow_subject){
        .kind = IOW_SUBJECT_FUNCTION, .address = r->a->facts->functions[function].address};
    remark->group = r->a->facts->functions[function].group;
}

static void add_about_group(struct remarks *r, enum iow_rule rule, uint32_t group, uint32_t function)
{
    struct iow_remark *remark = add(r, rule);

    if (!remark)
        return;
    remark->group = r->a->facts->groups[group].number;
    remark->function = function;
    remark->subject = (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = remark->group};
    if (r->a->owners[group].n_holders)
        remark->holder = r->a->owners[group].holders[0];
    else if (r->a->owners[group].n_possible)
        remark->holder = r->a->owners[group].possible[0];
}

/* --- the machine --- */

static bool parameter_is_on(const struct iow_facts *facts, const char *name)
{
    for (uint32_t i = 0; i < facts->machine.n_parameters; i++)
        if (!strcmp(facts->machine.parameters[i].name, name))
            return facts->machine.parameters[i].value[0] == 'Y' ||
                   facts->machine.parameters[i].value[0] == '1';
    return false;
}

/* The releases whose rules were compared with a running kernel. Source of the rules: see grouping.h,
 * ownership.h. */
static bool release_is_verified(uint16_t release)
{
    return release == (6 << 8 | 1) || release == (6 << 8 | 12);
}

static void about_machine(struct remarks *r)
{
    const struct iow_facts *facts = r->a->facts;

    if (facts->machine.pci && !facts->n_groups)
        add(r, IOW_RULE_REM_NO_IOMMU);
    if (parameter_is_on(facts, "vfio_iommu_type1.allow_unsafe_interrupts") ||
        parameter_is_on(facts, "iommufd.allow_unsafe_interrupts"))
        add(r, IOW_RULE_REM_UNSAFE_INTERRUPTS);
    if (parameter_is_on(facts, "vfio.enable_unsafe_noiommu_mode"))
        add(r, IOW_RULE_REM_NOIOMMU_MODE);
    if (iow_audit_has_option(facts, "pcie_acs_override"))
        add(r, IOW_RULE_REM_OVERRIDE_OPTION);
    if (facts->machine.release && !release_is_verified(facts->machine.release))
        add(r, IOW_RULE_REM_ASSUMED_KERNEL);
}

/* --- functions --- */

/* Groups exist, but no IOMMU translates for this function: it reaches all memory, and nobody can own it. */
static void about_ungrouped(struct remarks *r)
{
    const struct iow_facts *facts = r->a->facts;

    if (!facts->n_groups || iow_audit_groups_lazily(facts))
        return;
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];

        /* Without that flag its group is not known, which is another thing. */
        if (f->group == IOW_NONE && f->known & IOW_FUNCTION_DRIVER && !f->dying)
            add_about_function(r, IOW_RULE_REM_UNGROUPED, i, IOW_NONE);
    }
}

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
static void about_switch(struct remarks *r, uint32_t upstream)
{
    const struct iow_node *node = r->a->topology->node;
    const struct iow_function *functions = r->a->facts->functions;

    for (uint32_t a = node[upstream].first_child; a != IOW_NONE; a = node[a].next_sibling) {
        if (!forwards_to_siblings(node[a].config) || functions[a].group == IOW_NONE)
            continue;
        for (uint32_t b = node[upstream].first_child; b != IOW_NONE; b = node[b].next_sibling)
            if (b != a && node[b].config->pcie_type == IOW_PCIE_DOWNSTREAM_PORT &&
                functions[b].group != IOW_NONE && functions[b].group != functions[a].group) {
                add_about_function(r, IOW_RULE_REM_SWITCH_SPLIT, a, b);
                return;
            }
    }
}

static void about_switches(struct remarks *r)
{
    for (uint32_t i = 0; i < r->a->topology->n; i++)
        if (r->a->topology->node[i].config->pcie_type == IOW_PCIE_UPSTREAM_PORT)
            about_switch(r, i);
}

/* Bus Master Enable of the command register. */
#define COMMAND_MASTER 0x4

/*
 * A function without driver that may still master the bus uses whatever domain its group has: the whole
 * memory when that is identity, a user's mappings when the group has a user.
 */
static void about_idle_masters(struct remarks *r)
{
    const struct iow_facts *facts = r->a->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (f->driver || g == IOW_NONE || iow_config_is_bridge(&f->config) ||
            !(f->config.known & IOW_CONFIG_HEADER) || !(f->config.command & COMMAND_MASTER) ||
            r->a->owners[g].pending == i)
            continue;
        if (r->a->owners[g].owner == IOW_OWNER_USER ||
            (facts->groups[g].type && !strcmp(facts->groups[g].type, "identity")))
            add_about_function(r, IOW_RULE_REM_IDLE_MASTER, i, IOW_NONE);
    }
}

/* --- groups --- */

/* The first member of each group that is bound to an ordinary driver. */
static uint32_t *find_blocking(const struct remarks *r)
{
    const struct iow_facts *facts = r->a->facts;
    uint32_t *blocking = iow_mem_alloc(r->mem, facts->n_groups, sizeof(*blocking));

    for (uint32_t g = 0; blocking && g < facts->n_groups; g++)
        blocking[g] = IOW_NONE;
    for (uint32_t i = facts->n_functions; blocking && i-- > 0;) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (g != IOW_NONE && iow_driver_trait_of(f->driver) == IOW_DRIVER_DMA_API)
            blocking[g] = i;
    }
    return blocking;
}

/* A vfio node beside an ordinary driver: a member waits for a user, and another keeps every user out. */
static void about_groups(struct remarks *r)
{
    uint32_t *blocking = find_blocking(r);

    r->failed |= !blocking;
    for (uint32_t g = 0; blocking && g < r->a->facts->n_groups; g++) {
        const struct iow_group_owner *owner = &r->a->owners[g];

        if (r->a->facts->groups[g].vfio_node && owner->drivers.n[IOW_DRIVER_DMA_API] &&
            owner->owner == IOW_OWNER_KERNEL)
            add_about_group(r, IOW_RULE_REM_NOT_VIABLE, g, blocking[g]);
        if (owner->pending != IOW_NONE || owner->pending_possible)
            add_about_group(r, IOW_RULE_REM_PENDING_UNBIND, g, owner->pending);
    }
}

/* --- files against the kernel's memory --- */

static void about_kernel(struct remarks *r)
{
    const struct iow_facts *facts = r->a->facts;

    for (uint32_t g = 0; g < facts->n_groups; g++) {
        enum iow_rule rule = iow_audit_disagreement(r->a, g);

        if (rule != IOW_RULE_NONE)
            add_about_group(r, rule, g, IOW_NONE);
    }
    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (iow_audit_other_trait(facts, i))
            add_about_function(r, IOW_RULE_REM_OTHER_TRAIT, i, IOW_NONE);
}

/* --- prediction against kernel --- */

/* One remark per port whose ACS changed since the groups were made, one per function that nothing explains. */
static void about_differences(struct remarks *r)
{
    const struct iow_analysis *a = r->a;
    bool *told = iow_mem_alloc(r->mem, a->topology->n, sizeof(*told));

    r->failed |= !told;
    for (uint32_t i = 0; told && i < a->n_differences; i++) {
        const struct iow_difference *d = &a->differences[i];
        bool drift = d->rule == IOW_RULE_DIFF_ACS_CLEARED || d->rule == IOW_RULE_DIFF_ACS_SET;

        if (d->rule == IOW_RULE_DIFF_UNEXPLAINED)
            add_about_function(r, IOW_RULE_REM_UNEXPLAINED, d->function, d->other);
        if (!drift || d->deciding == IOW_NONE || told[d->deciding])
            continue;
        told[d->deciding] = true;
        add_about_function(r, IOW_RULE_REM_DRIFT, d->deciding, d->function);
    }
}

int iow_audit_remarks(struct iow_analysis *a, struct iow_mem *mem)
{
    struct remarks r = {.a = a, .mem = mem};

    about_machine(&r);
    about_ungrouped(&r);
    about_switches(&r);
    about_idle_masters(&r);
    about_groups(&r);
    about_kernel(&r);
    about_differences(&r);
    a->remarks = r.list;
    return r.failed ? -IOW_ENOMEM : 0;
}
