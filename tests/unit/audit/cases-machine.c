/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

static void without_groups(struct scene *s)
{
    for (uint32_t i = 0; i < s->facts.n_functions; i++)
        s->function[i].group = NO_GROUP;
    s->facts.n_groups = 0;
    s->facts.n_holders = 0;
    s->facts.machine.n_iommus = 0;
}

static void without_pci(struct scene *s)
{
    without_groups(s);
    s->facts.machine.pci = false;
}

static void set_parameter(struct scene *s, const char *name, const char *value)
{
    s->parameter[0] = (struct iow_parameter){name, value};
    s->facts.machine.n_parameters = 1;
}

static void unsafe_interrupts(struct scene *s)
{
    set_parameter(s, "vfio_iommu_type1.allow_unsafe_interrupts", "Y");
}

static void no_unsafe_interrupts(struct scene *s)
{
    set_parameter(s, "vfio_iommu_type1.allow_unsafe_interrupts", "N");
}

static void noiommu_mode(struct scene *s)
{
    set_parameter(s, "vfio.enable_unsafe_noiommu_mode", "1");
}

static void no_noiommu_mode(struct scene *s)
{
    set_parameter(s, "vfio.enable_unsafe_noiommu_mode", "0");
}

static void with_override(struct scene *s)
{
    s->facts.machine.command_line = "quiet pcie_acs_override=downstream";
}

static void with_another_option(struct scene *s)
{
    s->facts.machine.command_line = "no_pcie_acs_override=downstream xintremap=off intremap=offer";
}

static void on_another_release(struct scene *s)
{
    s->facts.machine.release = 6 << 8 | 6;
}

static void on_6_1(struct scene *s)
{
    s->facts.machine.release = 6 << 8 | 1;
}

static void not_remapped(struct scene *s)
{
    s->facts.machine.interrupts = IOW_INTERRUPTS_OPEN;
}

static void chip_unread(struct scene *s)
{
    s->facts.machine.interrupts = IOW_INTERRUPTS_UNKNOWN;
}

const struct audit_case machine_cases[] = {
    {IOW_RULE_REM_NO_IOMMU, without_groups, without_pci},
    {IOW_RULE_REM_UNSAFE_INTERRUPTS, unsafe_interrupts, no_unsafe_interrupts},
    {IOW_RULE_REM_NOIOMMU_MODE, noiommu_mode, no_noiommu_mode},
    {IOW_RULE_REM_OVERRIDE_OPTION, with_override, with_another_option},
    {IOW_RULE_REM_ASSUMED_KERNEL, on_another_release, on_6_1},
    {IOW_RULE_REM_OPEN_INTERRUPTS, not_remapped, with_another_option, chip_unread},
    {0},
};
