/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owners as the kernel's memory has them, where it was read, and whether what follows from drivers and holders
 * agrees.
 *
 * The two are read one after the other: only what the memory said before and after counts as said meanwhile.
 * Source: Linux 6.1, 6.12 drivers/iommu/iommu.c struct iommu_group, iommu_device_use_default_domain(),
 * __iommu_take_dma_ownership().
 */
#include "audit/audit.h"

static enum iow_owner owner_by(const struct iow_kernel_group *kernel)
{
    if (kernel->domain == IOW_KERNEL_DOMAIN_NONE)
        return IOW_OWNER_UNKNOWN;
    if (kernel->owned)
        return IOW_OWNER_USER;
    if (kernel->domain != IOW_KERNEL_DOMAIN_DEFAULT)
        return IOW_OWNER_KERNEL_PRIVATE;
    return kernel->count ? IOW_OWNER_KERNEL : IOW_OWNER_NONE;
}

static const enum iow_rule basis_of[IOW_OWNER__COUNT] = {
    [IOW_OWNER_NONE] = IOW_RULE_OWN_READ_NONE,
    [IOW_OWNER_KERNEL] = IOW_RULE_OWN_READ_KERNEL,
    [IOW_OWNER_USER] = IOW_RULE_OWN_READ_USER,
    [IOW_OWNER_KERNEL_PRIVATE] = IOW_RULE_OWN_READ_PRIVATE,
};

/* Where both say the same, the derived basis says more: it names who. */
void iow_audit_kernel(struct iow_analysis *a)
{
    for (uint32_t g = 0; g < a->facts->n_groups; g++) {
        const struct iow_kernel_group *kernel = a->facts->groups[g].kernel;
        enum iow_owner owner = kernel ? owner_by(kernel) : IOW_OWNER_UNKNOWN;

        if (owner == IOW_OWNER_UNKNOWN)
            continue;
        a->owners[g].read = true;
        a->owners[g].owner = owner;
        if (owner != a->owners[g].derived)
            a->owners[g].basis = basis_of[owner];
    }
}

bool iow_audit_other_trait(const struct iow_facts *facts, uint32_t function)
{
    const struct iow_function *f = &facts->functions[function];

    return f->driver && f->kernel & IOW_KERNEL_BOUND &&
           (iow_driver_trait_of(f->driver) == IOW_DRIVER_MANAGED) != ((f->kernel & IOW_KERNEL_MANAGED) != 0);
}

/* Is every driver of the group known, and known rightly? */
static bool drivers_are_known(const struct iow_facts *facts, uint32_t number)
{
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];

        if (f->group == number &&
            (!(f->known & IOW_FUNCTION_DRIVER) || f->dying || iow_audit_other_trait(facts, i)))
            return false;
    }
    return true;
}

/* A driver that bound while its device had no group is not counted: nothing keeps a user out. */
enum iow_rule iow_audit_disagreement(const struct iow_analysis *a, uint32_t group)
{
    const struct iow_kernel_group *kernel = a->facts->groups[group].kernel;
    const struct iow_group_owner *owner = &a->owners[group];
    uint32_t bound = owner->drivers.n[IOW_DRIVER_DMA_API] + owner->drivers.n[IOW_DRIVER_PRIVATE];

    if (!owner->read || !kernel->steady || !drivers_are_known(a->facts, a->facts->groups[group].number))
        return IOW_RULE_NONE;
    /* Unknown is none or user. */
    if (owner->derived == IOW_OWNER_UNKNOWN &&
        (owner->owner == IOW_OWNER_NONE || owner->owner == IOW_OWNER_USER))
        return IOW_RULE_NONE;
    if (bound && (kernel->owned || kernel->count < bound))
        return IOW_RULE_REM_EARLY_DRIVER;
    if (owner->derived != owner->owner)
        return IOW_RULE_REM_OTHER_OWNER;
    return !kernel->owned && kernel->count != bound ? IOW_RULE_REM_OTHER_COUNT : IOW_RULE_NONE;
}
