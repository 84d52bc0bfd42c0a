/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One decision of the kernel about who may do DMA, as it was seen: who asked what of which group, how the group was
 * before and after, and what came of it. Nothing is concluded here.
 *
 * BPF programs fill it inside the kernel, so it has fixed-width fields and no pointers.
 */
#ifndef IOWARD_FACTS_DECISION_H
#define IOWARD_FACTS_DECISION_H

#include <linux/types.h>

/*
 * The kernel's functions that decide: X(enumerator, function, what it is needed for, present in every kernel).
 * Source: Linux 6.1, 6.12 drivers/iommu/iommu.c, drivers/pci/pci.c; include/trace/events/iommu.h for JOIN and LEAVE
 *
 * Each is called from other files or through a pointer, or is a tracepoint, so that no compiler can hide a call of it by
 * inlining; but iommu_probe_device() is called in its own file, too, where it might.
 */
#define IOW_DECISION_LIST(X)                                                                                 \
    X(CLAIM_GROUP, "iommu_group_claim_dma_owner", "claims of groups", 1)                                     \
    X(CLAIM_DEVICE, "iommu_device_claim_dma_owner", "claims of devices", 0)                                  \
    X(RELEASE_GROUP, "iommu_group_release_dma_owner", "releases of groups", 1)                               \
    X(RELEASE_DEVICE, "iommu_device_release_dma_owner", "releases of devices", 0)                            \
    X(PROBE, "iommu_device_use_default_domain", "drivers that are let in or kept out", 1)                    \
    X(UNBOUND, "iommu_device_unuse_default_domain", "drivers that leave", 1)                                 \
    X(ATTACH_GROUP, "iommu_attach_group", "page tables of groups", 1)                                        \
    X(DETACH_GROUP, "iommu_detach_group", "page tables taken from groups", 1)                                \
    X(ATTACH_HANDLE, "iommu_attach_group_handle", "page tables of an iommufd", 0)                            \
    X(DETACH_HANDLE, "iommu_detach_group_handle", "page tables taken by an iommufd", 0)                      \
    X(REPLACE_HANDLE, "iommu_replace_group_handle", "page tables exchanged by an iommufd", 0)                \
    X(REPLACE, "iommu_group_replace_domain", "page tables exchanged", 0)                                     \
    X(ATTACH_DEVICE, "iommu_attach_device", "page tables of devices", 1)                                     \
    X(DETACH_DEVICE, "iommu_detach_device", "page tables taken from devices", 1)                             \
    X(ATTACH_PASID, "iommu_attach_device_pasid", "page tables of PASIDs", 0)                                 \
    X(DETACH_PASID, "iommu_detach_device_pasid", "page tables taken from PASIDs", 0)                         \
    X(JOIN, "add_device_to_group", "members that join", 1)                                                   \
    X(LEAVE, "remove_device_from_group", "members that leave", 1)                                            \
    X(NO_JOIN, "iommu_probe_device", "members that could not join", 1)                                       \
    X(SET_TYPE, "iommu_group_store_type", "changes of a group's type", 1)                                    \
    X(RESET, "pci_reset_function", "resets of functions", 1)                                                 \
    X(RESET_LOCKED, "pci_reset_function_locked", "resets of functions by their drivers", 1)                  \
    X(TRY_RESET, "pci_try_reset_function", "resets of functions for users", 1)                               \
    X(RESET_BUS, "pci_reset_bus", "resets of buses and slots", 1)

enum iow_decision_what {
#define IOW_DECISION_ENUM(name, function, purpose, always) IOW_DECISION_##name,
    IOW_DECISION_LIST(IOW_DECISION_ENUM)
#undef IOW_DECISION_ENUM
    IOW_DECISION__COUNT
};

/* More members than these are not counted. */
#define IOW_LOOK_MEMBERS 32

/* flags of a look */
#define IOW_LOOK_SEEN 0x01        /* without it, nothing else here means anything */
#define IOW_LOOK_OWNED 0x02       /* owner is set; token stands for it */
#define IOW_LOOK_HAS_DEFAULT 0x04 /* there is a default domain, of default_type */
#define IOW_LOOK_PASIDS 0x08      /* something is attached under a PASID, or an iommufd handle is kept */

/* Which domain a group is attached to, or is to be. */
#define IOW_LOOK_DEFAULT 0
#define IOW_LOOK_BLOCKING 1
#define IOW_LOOK_OTHER 2
#define IOW_LOOK_OTHER_IDENTITY 3 /* another, of the identity type */

/* A group at one moment, as its own fields have it. */
struct iow_group_look {
    __u32 flags;
    __u32 count; /* owner_cnt */
    __u32 token; /* of the owner's cookie: a keyed digest, with a key of this run alone */
    __u32 domain;
    __u32 default_type; /* as the kernel numbers it: IOW_LOOK_TYPE_... */
    __u32 members;      /* IOW_LOOK_MEMBERS: these, or more */
};

/* Source: include/linux/iommu.h IOMMU_DOMAIN_IDENTITY, IOMMU_DOMAIN_DMA, IOMMU_DOMAIN_DMA_FQ */
#define IOW_LOOK_TYPE_IDENTITY 4
#define IOW_LOOK_TYPE_DMA 3
#define IOW_LOOK_TYPE_DMA_FQ 11

/* flags of a decision */
#define IOW_DECISION_OUTSIDE 0x01      /* the device asked about is in no group */
#define IOW_DECISION_OTHER_SEEN 0x02   /* whether the domain is another IOMMU's was seen */
#define IOW_DECISION_OTHER_IOMMU 0x04  /* it is */
#define IOW_DECISION_OTHER_DOMAIN 0x08 /* what is to be detached is not what is attached */
#define IOW_DECISION_BOUND_SEEN 0x10   /* whether the first member has a driver was seen */
#define IOW_DECISION_BOUND 0x20        /* it has */
#define IOW_DECISION_COOKIE 0x40       /* who claims gave a cookie; asker stands for it */
#define IOW_DECISION_HAS_GROUP 0x80    /* group is its number */
#define IOW_DECISION_NO_RESULT 0x100   /* the function returns nothing */
#define IOW_DECISION_NAMES 0x200       /* names and texts could be read at all */

struct iow_decision {
    __u64 time_ns; /* CLOCK_MONOTONIC when it was made */
    __u64 took_ns; /* 0: not seen */
    __u64 inode;   /* of the device's folder in sysfs; 0: no device */
    __u32 what;    /* enum iow_decision_what */
    __s32 result;  /* 0, or a negative error number */
    __u32 pid;     /* as the first process of the machine sees it */
    __u32 flags;
    __u32 group;
    __u32 asker;  /* token */
    __u32 domain; /* to attach */
    __u32 padding;
    struct iow_group_look before, after;
    char comm[16];
    char device[32]; /* "" not told; cut when longer */
    char driver[24]; /* that has the device, or is about to; likewise */
    char wanted[16]; /* the text that was written to type; likewise */
};

#endif
