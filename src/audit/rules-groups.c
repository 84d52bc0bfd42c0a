/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about groups and the drivers bound in them. */
#include "audit/rules.h"

#include <string.h>

/* The first member of each group that is bound to an ordinary driver. */
static uint32_t *find_blocking(const struct iow_audit_run *run)
{
    const struct iow_facts *facts = run->facts;
    uint32_t *blocking = iow_mem_alloc(run->mem, facts->n_groups, sizeof(*blocking));

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
static void check_viable(struct iow_audit_run *run)
{
    uint32_t *blocking = find_blocking(run);

    run->failed |= !blocking;
    for (uint32_t g = 0; blocking && g < run->facts->n_groups; g++) {
        const struct iow_group_owner *owner = &run->a->owners[g];

        if (run->facts->groups[g].vfio_node && owner->drivers.n[IOW_DRIVER_DMA_API] &&
            owner->owner == IOW_OWNER_KERNEL)
            iow_found_group(run, g, blocking[g]);
    }
}

static void check_pending(struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (run->a->owners[g].pending != IOW_NONE || run->a->owners[g].pending_possible)
            iow_found_group(run, g, run->a->owners[g].pending);
}

static void check_invented(struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (iow_audit_is_invented(&run->facts->groups[g]))
            iow_found_group(run, g, IOW_NONE);
}

static bool is_one_of(const char *driver, const char *const *names, size_t n)
{
    for (size_t i = 0; driver && i < n; i++)
        if (!strcmp(names[i], driver))
            return true;
    return false;
}

/* Every grouped function that has one of these drivers. */
static void check_drivers(struct iow_audit_run *run, const char *const *names, size_t n)
{
    for (uint32_t i = 0; i < run->facts->n_functions; i++) {
        const struct iow_function *f = &run->facts->functions[i];

        if (f->group != IOW_NONE && is_one_of(f->driver, names, n))
            iow_found_function(run, i, IOW_NONE)->name = f->driver;
    }
}

/* They let a program or another domain drive the device under the kernel's own page table, and count as the
 * kernel's. */
static void check_foreign_drivers(struct iow_audit_run *run)
{
    static const char *const names[] = {"uio_pci_generic", "igb_uio", "pciback", "xen-pciback"};

    check_drivers(run, names, sizeof(names) / sizeof(names[0]));
}

/* It does no DMA, yet is not marked as managed: it keeps the group of what is below its bridge. */
static void check_shpchp(struct iow_audit_run *run)
{
    static const char *const names[] = {"shpchp"};

    check_drivers(run, names, 1);
}

static void check_private_drivers(struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (run->a->owners[g].owner == IOW_OWNER_KERNEL_PRIVATE)
            iow_found_group(run, g, IOW_NONE);
}

/* Source: Linux 6.12 drivers/iommu/iommu.c iommu_create_device_direct_mappings(), __iommu_take_dma_ownership() */
static void check_regions(struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++) {
        const struct iow_group *group = &run->facts->groups[g];
        uint32_t i = 0;

        if (iow_audit_is_invented(group))
            continue;
        if (!group->regions)
            iow_unknown_group(run, g, "the regions that the firmware reserved for it");
        while (group->regions && i < group->n_regions && strcmp(group->regions[i].type, "direct") != 0)
            i++;
        if (group->regions && i < group->n_regions)
            iow_found_group(run, g, IOW_NONE);
    }
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_NOIOMMU_GROUP, IOW_CRITICAL, false, check_invented},
    {IOW_RULE_REM_NOT_VIABLE, IOW_WARNING, true, check_viable},
    {IOW_RULE_REM_FOREIGN_DRIVER, IOW_WARNING, false, check_foreign_drivers},
    {IOW_RULE_REM_PENDING_UNBIND, IOW_NOTICE, true, check_pending},
    {IOW_RULE_REM_SHPC_DRIVER, IOW_NOTICE, false, check_shpchp},
    {IOW_RULE_REM_PRIVATE_DRIVER, IOW_NOTICE, false, check_private_drivers},
    {IOW_RULE_REM_FIRMWARE_REGION, IOW_NOTICE, false, check_regions},
};

const struct iow_audit_area iow_audit_of_groups = IOW_AUDIT_AREA(checks);
