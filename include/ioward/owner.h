/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owners: who may do DMA with the devices of a group.
 *
 * Derived, never stored: it follows from the domain a group is attached to and from the drivers its members
 * are bound to. Knows these two facts only; not how they were learned.
 *
 *   owner           domain       drivers of the members
 *   none            default      unbound, or only managed-DMA drivers
 *   kernel          default      at least one that uses the kernel's DMA API
 *   user            not default  none that uses the kernel's DMA API
 *   kernel-private  not default  the driver that attached a domain of its own
 *
 * Source: Linux 6.1, 6.12 drivers/iommu/iommu.c iommu_device_use_default_domain(),
 * iommu_group_claim_dma_owner(); include/linux/pci.h driver_managed_dma.
 */
#ifndef IOWARD_OWNER_H
#define IOWARD_OWNER_H

#include <ioward/driver.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_domain {
    IOW_DOMAIN_DEFAULT,     /* what the kernel set up for its own DMA API */
    IOW_DOMAIN_NOT_DEFAULT, /* blocking, or a page table of the owner */
    IOW_DOMAIN_UNKNOWN,     /* cannot be told from here */
    IOW_DOMAIN__COUNT,
};

enum iow_owner {
    IOW_OWNER_NONE,
    IOW_OWNER_KERNEL,
    IOW_OWNER_USER,
    IOW_OWNER_KERNEL_PRIVATE,
    IOW_OWNER_UNKNOWN, /* none or user: what would tell them apart cannot be seen */
    IOW_OWNER__COUNT,
};

/* How many members of a group are bound to a driver of each kind. */
struct iow_driver_counts {
    uint32_t n[IOW_DRIVER__COUNT];
};

/* iow_owner_derive - the table above; the kernel refuses the states that the table does not name, and a group
 * caught in one (the domain not default, and an ordinary driver bound) answers IOW_OWNER_KERNEL_PRIVATE */
enum iow_owner iow_owner_derive(enum iow_domain domain, const struct iow_driver_counts *drivers);

/* iow_owner_of_word - the same for a word of ioward/transition.h, whose drivers are counted */
enum iow_owner iow_owner_of_word(uint64_t word);

/* iow_owner_name - "none", "kernel", "user", "kernel-private", "unknown" */
const char *iow_owner_name(enum iow_owner owner);

#ifdef __cplusplus
}
#endif
#endif
