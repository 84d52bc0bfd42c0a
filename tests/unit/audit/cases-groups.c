/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

static void invented(struct scene *s)
{
    s->group[GROUP_CARD].name = "vfio-noiommu";
}

static void with_another_name(struct scene *s)
{
    s->group[GROUP_CARD].name = "vfio-platform";
}

static void not_held(struct scene *s)
{
    s->facts.n_holders = 0;
}

static void beside_a_kernel_driver(struct scene *s)
{
    not_held(s);
    s->function[SOUND].driver = "snd_hda_intel";
}

static void beside_pci_stub(struct scene *s)
{
    not_held(s);
    s->function[SOUND].driver = "pci-stub";
}

static void driven_from_user_space(struct scene *s)
{
    s->function[NIC].driver = "uio_pci_generic";
}

static void driven_by_a_namesake(struct scene *s)
{
    s->function[NIC].driver = "uio_pci_generic_2";
    s->function[PORT_A].driver = "shpchpd";
}

static void unbound_while_open(struct scene *s)
{
    s->function[CARD].driver = NULL;
    s->function[CARD].vfio_device = true;
}

static void driven_by_shpchp(struct scene *s)
{
    s->function[PORT_A].driver = "shpchp";
}

static void with_a_domain_of_its_driver(struct scene *s)
{
    s->function[NIC].driver = "tegra-host1x";
}

static void set_region(struct scene *s, const struct iow_region *region)
{
    s->group[GROUP_NIC].regions = region;
    s->group[GROUP_NIC].n_regions = region ? 1 : 0;
}

static void with_a_region(struct scene *s)
{
    static const struct iow_region region = {0, 0xffff, "direct"};

    set_region(s, &region);
}

static void with_a_region_that_may_go(struct scene *s)
{
    static const struct iow_region region = {0, 0xffff, "direct-relaxable"};

    set_region(s, &region);
}

static void regions_unread(struct scene *s)
{
    set_region(s, NULL);
}

const struct audit_case group_cases[] = {
    {IOW_RULE_REM_NOIOMMU_GROUP, invented, with_another_name},
    {IOW_RULE_REM_NOT_VIABLE, beside_a_kernel_driver, beside_pci_stub},
    {IOW_RULE_REM_FOREIGN_DRIVER, driven_from_user_space, driven_by_a_namesake},
    {IOW_RULE_REM_PENDING_UNBIND, unbound_while_open, not_held},
    {IOW_RULE_REM_SHPC_DRIVER, driven_by_shpchp, driven_by_a_namesake},
    {IOW_RULE_REM_PRIVATE_DRIVER, with_a_domain_of_its_driver, driven_from_user_space},
    {IOW_RULE_REM_FIRMWARE_REGION, with_a_region, with_a_region_that_may_go, regions_unread},
    {0},
};
