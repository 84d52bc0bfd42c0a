/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ownership: who may do DMA with the devices of a group.
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
#ifndef IOWARD_OWNERSHIP_H
#define IOWARD_OWNERSHIP_H

#include <ioward/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_driver_trait {
    IOW_DRIVER_NONE,    /* no driver bound */
    IOW_DRIVER_DMA_API, /* uses the kernel's DMA API: the ordinary driver, and the answer for unknown names */
    IOW_DRIVER_MANAGED, /* driver_managed_dma: compatible with every owner */
    IOW_DRIVER_PRIVATE, /* driver known to attach a domain of its own as long as it is bound */
    IOW_DRIVER__COUNT,
};

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

/* iow_owner_name - "none", "kernel", "user", "kernel-private", "unknown" */
const char *iow_owner_name(enum iow_owner owner);

/*
 * iow_driver_trait_of - how a driver does DMA, by its name
 * In:      driver  NULL or "": none bound
 *          release kernel release as major << 8 | minor; drivers that came later are ordinary before;
 *                  0: newest known
 */
enum iow_driver_trait iow_driver_trait_of(const char *driver, uint16_t release);

/* iow_driver_is_vfio - is this a driver that hands its devices to user space through VFIO? */
bool iow_driver_is_vfio(const char *driver);

/* iow_bus_checks_ownership - does a bus of this name ask for ownership before a driver binds? */
bool iow_bus_checks_ownership(const char *bus, uint16_t release);

#ifdef __cplusplus
}
#endif
#endif
