/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about single devices: what they may do with nobody looking, and what their reset takes along. */
#include "audit/rules.h"

#include <string.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

/* Groups exist, but no IOMMU translates for this function: it reaches all memory, and nobody can own it. */
static void check_ungrouped(struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;

    if (!facts->n_groups || iow_audit_groups_lazily(facts))
        return;
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];

        /* Without that flag its group is not known, which is another thing. */
        if (f->group == IOW_NONE && f->known & IOW_FUNCTION_DRIVER && !f->dying)
            iow_found_function(run, i, IOW_NONE);
    }
}

static bool is_identity(const struct iow_group *group)
{
    return group->type && !strcmp(group->type, "identity");
}

/*
 * A function without driver that may still master the bus uses whatever domain its group has: the whole
 * memory when that is identity, a user's mappings when the group has a user.
 */
static void check_idle_masters(struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (f->driver || g == IOW_NONE || iow_config_is_bridge(&f->config) ||
            !(f->config.known & IOW_CONFIG_HEADER) || !(f->config.command & IOW_COMMAND_MASTER) ||
            run->a->owners[g].pending == i)
            continue;
        if (run->a->owners[g].owner == IOW_OWNER_USER || is_identity(&facts->groups[g]))
            iow_found_function(run, i, IOW_NONE);
    }
}

enum answer {
    NO,
    YES,
    NOT_TOLD
};

/* Source: drivers/pci/probe.c pci_set_removable(), set_pcie_untrusted(); shown since Linux 5.14 */
static enum answer is_external(const struct iow_facts *facts, const struct iow_function *f)
{
    if (f->removable || f->kernel & IOW_KERNEL_UNTRUSTED)
        return YES;
    if (f->kernel & IOW_KERNEL_READ)
        return NO;
    return facts->machine.surroundings && f->known & IOW_FUNCTION_DETAILS &&
                   facts->machine.release >= RELEASE(5, 14)
               ? NO
               : NOT_TOLD;
}

/* False: it is not told of some function which the rule would have to know of; that is said once. */
static bool external_is_told(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->facts->n_functions; i++)
        if (is_external(run->facts, &run->facts->functions[i]) == NOT_TOLD) {
            iow_unknown_machine(run, "which devices were plugged in from outside");
            return false;
        }
    return true;
}

static bool is_translated(const struct iow_facts *facts, uint32_t g)
{
    return g != IOW_NONE && !iow_audit_is_invented(&facts->groups[g]) && !is_identity(&facts->groups[g]);
}

/* A port for such devices passes nothing on by itself: it matters only that an IOMMU covers it. */
static void check_external(struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;
    bool lazily = iow_audit_groups_lazily(facts);

    (void)external_is_told(run);
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (g == IOW_NONE && lazily)
            continue;
        if (is_external(facts, f) == YES && g != IOW_NONE && !facts->groups[g].type)
            iow_unknown_function(run, i, "the type of its group's domain");
        else if ((is_external(facts, f) == YES && !is_translated(facts, g)) ||
                 (f->kernel & IOW_KERNEL_EXTERNAL && g == IOW_NONE))
            iow_found_function(run, i, IOW_NONE);
    }
}

static bool has_ats(const struct iow_function *f)
{
    return f->kernel & IOW_KERNEL_ATS || (f->config.ats_offset && f->config.ats_ctrl & IOW_ATS_ENABLE);
}

static bool ats_is_told(const struct iow_function *f)
{
    return f->kernel & IOW_KERNEL_READ || f->config.known & IOW_CONFIG_EXT_CAPS;
}

/* What a rule about translation by the device itself finds of one function it is about. */
static void check_ats_of(struct iow_audit_run *run, uint32_t i)
{
    const struct iow_function *f = &run->facts->functions[i];

    if (has_ats(f))
        iow_found_function(run, i, IOW_NONE);
    else if (!ats_is_told(f) && !iow_config_is_bridge(&f->config))
        iow_unknown_function(run, i, "its ATS capability");
}

static void check_external_ats(struct iow_audit_run *run)
{
    (void)external_is_told(run);
    for (uint32_t i = 0; i < run->facts->n_functions; i++)
        if (is_external(run->facts, &run->facts->functions[i]) == YES)
            check_ats_of(run, i);
}

static void check_user_ats(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->facts->n_functions; i++)
        if (iow_audit_owner(run->a, &run->facts->functions[i]) == IOW_OWNER_USER)
            check_ats_of(run, i);
}

/* The file is not there where no method works, and in kernels before 5.15 for all. */
static enum answer has_reset(const struct iow_facts *facts, const struct iow_function *f)
{
    if (!(f->known & IOW_FUNCTION_DETAILS) || facts->machine.release < RELEASE(5, 15))
        return NOT_TOLD;
    return f->reset_methods && *f->reset_methods ? YES : NO;
}

/* A function beside it on its bus that is in another group: resetting the bus resets that, too. */
static uint32_t find_stranger(const struct iow_audit_run *run, uint32_t i)
{
    const struct iow_node *node = run->a->topology->node;
    const struct iow_function *functions = run->facts->functions;

    if (node[i].parent == IOW_NONE)
        return IOW_NONE;
    for (uint32_t k = node[node[i].parent].first_child; k != IOW_NONE; k = node[k].next_sibling)
        if (functions[k].group != functions[i].group && node[k].physical_function == IOW_NONE)
            return k;
    return IOW_NONE;
}

/* Only resetting its whole bus would reset it, and that is not its owner's to do.
 * Source: drivers/pci/pci.c pci_parent_bus_reset(); drivers/vfio/pci/vfio_pci_core.c vfio_pci_dev_set_hot_reset() */
static void check_bus_reset(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->facts->n_functions; i++) {
        const struct iow_function *f = &run->facts->functions[i];
        uint32_t stranger;

        if (f->group == IOW_NONE || f->dying || iow_config_is_bridge(&f->config) ||
            f->physical_function != IOW_NONE)
            continue;
        stranger = find_stranger(run, i);
        if (stranger == IOW_NONE)
            continue;
        if (has_reset(run->facts, f) == NO)
            iow_found_function(run, i, stranger);
        else if (has_reset(run->facts, f) == NOT_TOLD)
            iow_unknown_function(run, i, "how it can be reset");
    }
}

/* Resetting a physical function ends all its virtual ones. PCIe 6.0 section 9.2.2 */
static void check_vf_reset(struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        uint32_t physical = facts->functions[i].physical_function;
        const struct iow_function *pf = physical == IOW_NONE ? NULL : &facts->functions[physical];

        if (pf && iow_driver_is_vfio(pf->driver) && pf->group != facts->functions[i].group)
            iow_found_function(run, physical, i);
    }
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_EXTERNAL_OPEN, IOW_CRITICAL, false, check_external},
    {IOW_RULE_REM_EXTERNAL_ATS, IOW_CRITICAL, false, check_external_ats},
    {IOW_RULE_REM_UNGROUPED, IOW_WARNING, true, check_ungrouped},
    {IOW_RULE_REM_IDLE_MASTER, IOW_WARNING, true, check_idle_masters},
    {IOW_RULE_REM_USER_ATS, IOW_WARNING, false, check_user_ats},
    {IOW_RULE_REM_BUS_RESET, IOW_WARNING, false, check_bus_reset},
    {IOW_RULE_REM_VF_RESET, IOW_WARNING, false, check_vf_reset},
};

const struct iow_audit_area iow_audit_of_devices = IOW_AUDIT_AREA(checks);
