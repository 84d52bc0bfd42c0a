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

struct iommu_ops;

struct iommu_domain {
    unsigned int type;
    const struct iommu_ops *owner; /* since 6.8 */
};

struct iommu_device {
    const struct iommu_ops *ops;
};

struct dev_iommu {
    struct iommu_device *iommu_dev;
};

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

struct kernfs_node {
    __u64 id;
};

struct kobject {
    const char *name;
    struct kernfs_node *sd;
};

struct device_driver {
    const char *name;
};

struct device {
    struct kobject kobj;
    const struct bus_type *bus;
    struct device_driver *driver;
    struct iommu_group *iommu_group;
    struct dev_iommu *iommu;
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

struct qstr {
    const unsigned char *name;
};

struct dentry {
    struct qstr d_name;
};

struct path {
    struct dentry *dentry;
};

struct super_block {
    unsigned long s_magic;
};

struct inode {
    struct super_block *i_sb;
};

struct file {
    struct path f_path;
    struct inode *f_inode;
    void *private_data;
};

struct vm_area_struct {
    struct file *vm_file;
};

struct task_struct {
    int tgid;
};

struct vfio_device {
    struct device *dev;
};

struct vfio_device_file { /* since 6.6 */
    struct vfio_device *device;
};

struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
};

struct bpf_iter__task_file {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
    __u32 fd;
    struct file *file;
};

struct bpf_iter__task_vma {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
    struct vm_area_struct *vma;
};

#pragma clang attribute pop

#endif
