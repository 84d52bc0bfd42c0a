/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the machine as a whole: is there an IOMMU, and what was switched off. */
#include "audit/rules.h"

#include <string.h>

static bool parameter_is_on(const struct iow_facts *facts, const char *name)
{
    for (uint32_t i = 0; i < facts->machine.n_parameters; i++)
        if (!strcmp(facts->machine.parameters[i].name, name))
            return facts->machine.parameters[i].value[0] == 'Y' ||
                   facts->machine.parameters[i].value[0] == '1';
    return false;
}

static void check_iommu(struct iow_audit_run *run)
{
    if (run->facts->machine.pci && !run->facts->n_groups)
        iow_found_machine(run);
}

static void check_unsafe_interrupts(struct iow_audit_run *run)
{
    if (parameter_is_on(run->facts, "vfio_iommu_type1.allow_unsafe_interrupts") ||
        parameter_is_on(run->facts, "iommufd.allow_unsafe_interrupts"))
        iow_found_machine(run);
}

static void check_noiommu_mode(struct iow_audit_run *run)
{
    if (parameter_is_on(run->facts, "vfio.enable_unsafe_noiommu_mode"))
        iow_found_machine(run);
}

static void check_override_option(struct iow_audit_run *run)
{
    if (iow_audit_has_option(run->facts, "pcie_acs_override"))
        iow_found_machine(run);
}

/* The releases whose rules were compared with a running kernel. Source of the rules: see grouping.h,
 * ownership.h. */
static void check_release(struct iow_audit_run *run)
{
    uint16_t release = run->facts->machine.release;

    if (release && release != (6 << 8 | 1) && release != (6 << 8 | 12))
        iow_found_machine(run);
}

/* Source: drivers/iommu/irq_remapping.c setup_irqremap(), setup_nointremap() */
static bool remapping_is_switched_off(const struct iow_facts *facts)
{
    return iow_audit_has_option(facts, "intremap=off") || iow_audit_has_option(facts, "nointremap");
}

static void check_interrupts(struct iow_audit_run *run)
{
    const struct iow_machine *m = &run->facts->machine;

    if (!run->facts->n_groups)
        return;
    if (m->interrupts == IOW_INTERRUPTS_OPEN || remapping_is_switched_off(run->facts))
        iow_found_machine(run);
    else if (m->interrupts == IOW_INTERRUPTS_UNKNOWN)
        iow_unknown_machine(run, "by which chip the interrupts of devices come");
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_NO_IOMMU, IOW_CRITICAL, true, check_iommu},
    {IOW_RULE_REM_UNSAFE_INTERRUPTS, IOW_CRITICAL, true, check_unsafe_interrupts},
    {IOW_RULE_REM_NOIOMMU_MODE, IOW_CRITICAL, true, check_noiommu_mode},
    {IOW_RULE_REM_OVERRIDE_OPTION, IOW_WARNING, true, check_override_option},
    {IOW_RULE_REM_ASSUMED_KERNEL, IOW_NOTICE, true, check_release},
    {IOW_RULE_REM_OPEN_INTERRUPTS, IOW_WARNING, false, check_interrupts},
};

const struct iow_audit_area iow_audit_of_machine = IOW_AUDIT_AREA(checks);
