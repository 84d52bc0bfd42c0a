/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's private structures, as far as the programs look at them. Where a field really is, the kernel's own
 * types tell when a program is loaded.
 * Source: Linux 6.1, 6.12 drivers/iommu/iommu.c struct iommu_group, struct group_device; include/linux/pci.h.
 */
#ifndef IOWARD_HOST_LINUX_BPF_KERNEL_H
#define IOWARD_HOST_LINUX_BPF_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
    struct list_head *next;
};

struct xarray {
    void *xa_head;
};

struct iommu_domain;

struct iommu_group {
    struct list_head devices;
    struct xarray pasid_array; /* since 6.3 */
    int id;
    struct iommu_domain *default_domain;
    struct iommu_domain *blocking_domain;
    struct iommu_domain *domain;
    unsigned int owner_cnt;
    void *owner;
};

struct bus_type {
    const char *name;
};

struct kobject {
    const char *name;
};

struct device_driver;

struct device {
    struct kobject kobj;
    const struct bus_type *bus;
    struct device_driver *driver;
    struct iommu_group *iommu_group;
};

struct group_device {
    struct list_head list;
    struct device *dev;
};

struct pci_driver {
    bool driver_managed_dma;
};

struct pci_dev {
    struct pci_driver *driver;
    struct device dev;
    unsigned long *dma_alias_mask;
    unsigned int ats_enabled : 1;
    unsigned int untrusted : 1;
    unsigned int external_facing : 1;
};

#pragma clang attribute pop

#endif
