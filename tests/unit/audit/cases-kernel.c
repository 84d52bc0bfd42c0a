/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#define DEFAULT .domain = IOW_KERNEL_DOMAIN_DEFAULT, .steady = true

static const struct iow_kernel_group counts[] = {{DEFAULT}, {DEFAULT, .count = 1}, {DEFAULT, .count = 2}};

static void none_is_counted(struct scene *s)
{
    s->group[GROUP_NIC].kernel = &counts[0];
}

static void one_is_counted(struct scene *s)
{
    s->group[GROUP_NIC].kernel = &counts[1];
    s->group[GROUP_PORT_A].kernel = &counts[0];
}

static void two_are_counted(struct scene *s)
{
    s->group[GROUP_NIC].kernel = &counts[2];
}

static void one_is_counted_where_none_is(struct scene *s)
{
    s->group[GROUP_PORT_A].kernel = &counts[1];
}

static void with_an_iommu_that_may_come_late(struct scene *s)
{
    s->iommu[0] = "smmu3.0x000000000b000000";
}

static void known_as_managed(struct scene *s)
{
    s->function[NIC].kernel = IOW_KERNEL_READ | IOW_KERNEL_BOUND | IOW_KERNEL_MANAGED;
}

static void known_as_it_is(struct scene *s)
{
    s->function[NIC].kernel = IOW_KERNEL_READ | IOW_KERNEL_BOUND;
}

const struct audit_case kernel_cases[] = {
    {IOW_RULE_REM_EARLY_DRIVER, none_is_counted, one_is_counted, with_an_iommu_that_may_come_late},
    {IOW_RULE_REM_OTHER_OWNER, one_is_counted_where_none_is, one_is_counted},
    {IOW_RULE_REM_OTHER_COUNT, two_are_counted, one_is_counted},
    {IOW_RULE_REM_OTHER_TRAIT, known_as_managed, known_as_it_is},
    {0},
};
