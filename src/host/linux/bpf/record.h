/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the BPF programs leave for user space, and where.
 *
 * A read of /sys/kernel/iommu_groups/N/type makes the kernel write one record of the group, and one of each of
 * its members, into two maps. Their files are in /sys/fs/bpf/ioward/IDENTITY: the identity is a digest of the
 * programs' source and of this header, so that no other build misreads them.
 */
#ifndef IOWARD_HOST_LINUX_BPF_RECORD_H
#define IOWARD_HOST_LINUX_BPF_RECORD_H

#include <linux/types.h>

/* More than these are not recorded: groups, members of all groups, members of one. */
#define IOW_RECORD_GROUPS 16384
#define IOW_RECORD_MEMBERS 32768
#define IOW_RECORD_MEMBERS_OF_ONE 256

/* flags of a group */
#define IOW_RECORD_OWNED 0x01       /* owner is set; token stands for it */
#define IOW_RECORD_HAS_DEFAULT 0x02 /* there is a default domain */
#define IOW_RECORD_ON_DEFAULT 0x04  /* the group is attached to it */
#define IOW_RECORD_ON_BLOCKING 0x08 /* the group is attached to its blocking domain */
#define IOW_RECORD_PASIDS 0x10      /* something is attached under a PASID, or an iommufd handle is kept */

struct iow_group_record {
    __u64 time_ns; /* CLOCK_MONOTONIC when it was written */
    __u32 flags;
    __u32 count; /* owner_cnt */
    __u32 token; /* of the owner's cookie: a keyed digest, the key is new at every boot */
    __u32 padding;
};

struct iow_member_key {
    __u32 group;
    __u32 position; /* in the kernel's list */
};

/* flags of a member */
#define IOW_RECORD_BOUND 0x01       /* has a driver */
#define IOW_RECORD_PCI 0x02         /* the flags below are told */
#define IOW_RECORD_MANAGED 0x04     /* its driver has driver_managed_dma */
#define IOW_RECORD_UNTRUSTED 0x08   /* untrusted */
#define IOW_RECORD_EXTERNAL 0x10    /* external_facing */
#define IOW_RECORD_ATS 0x20         /* ats_enabled */
#define IOW_RECORD_OTHER_GROUP 0x40 /* its own pointer leads to another group, or to none */
#define IOW_RECORD_ALIASES 0x80     /* has aliases of its own (dma_alias_mask) */

/* A record without a name ends the list. */
struct iow_member_record {
    __u64 time_ns;
    __u32 flags;
    char name[60]; /* cut when longer */
};

/* Of an anonymous file of VFIO that a process has open, or mapped. */
#define IOW_RECORD_MAPPED 0xffffffff

struct iow_file_record {
    __u32 pid;     /* as the first process of the machine sees it */
    __u32 fd;      /* or IOW_RECORD_MAPPED */
    char name[56]; /* of the device; cut when longer */
};

#endif
