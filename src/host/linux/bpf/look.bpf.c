/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's word on groups: reading /sys/kernel/iommu_groups/N/type calls iommu_group_show_type(), and these
 * programs, standing at its entry, write down what the group's own fields say.
 *
 * They stand before the group's mutex is taken: what they see may be the middle of a change. Who reads compares two
 * looks. A cookie leaves only as a token.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include "kernel.h"
#include "record.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "token.h"

char program_license[] SEC("license") = "GPL";

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, IOW_RECORD_GROUPS);
    __type(key, __u32);
    __type(value, struct iow_group_record);
} groups SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, IOW_RECORD_MEMBERS);
    __type(key, struct iow_member_key);
    __type(value, struct iow_member_record);
} members SEC(".maps");

/* Typed looks only: they work where a locked-down kernel refuses to read its memory for a program. */
SEC("fentry/iommu_group_show_type")
int BPF_PROG(look_at_group, struct iommu_group *group)
{
    struct iow_group_record record = {.time_ns = bpf_ktime_get_ns(), .count = group->owner_cnt};
    struct iommu_domain *domain = group->domain, *home = group->default_domain;
    void *owner = group->owner;
    __u32 number = (__u32)group->id;

    if (owner) {
        record.flags |= IOW_RECORD_OWNED;
        record.token = token_of((__u64)owner);
    }
    if (home)
        record.flags |= IOW_RECORD_HAS_DEFAULT;
    if (domain == home)
        record.flags |= IOW_RECORD_ON_DEFAULT;
    if (domain && domain == group->blocking_domain)
        record.flags |= IOW_RECORD_ON_BLOCKING;
    if (bpf_core_field_exists(group->pasid_array) && group->pasid_array.xa_head)
        record.flags |= IOW_RECORD_PASIDS;
    bpf_map_update_elem(&groups, &number, &record, BPF_ANY);
    return 0;
}

static __always_inline __u32 pci_flags(struct device *dev)
{
    struct pci_dev *pci = (void *)dev - bpf_core_field_offset(struct pci_dev, dev);
    struct pci_driver *driver = BPF_CORE_READ(pci, driver);
    __u32 flags = IOW_RECORD_PCI;

    if (driver && BPF_CORE_READ(driver, driver_managed_dma))
        flags |= IOW_RECORD_MANAGED;
    if (BPF_CORE_READ_BITFIELD_PROBED(pci, untrusted))
        flags |= IOW_RECORD_UNTRUSTED;
    if (BPF_CORE_READ_BITFIELD_PROBED(pci, external_facing))
        flags |= IOW_RECORD_EXTERNAL;
    if (BPF_CORE_READ_BITFIELD_PROBED(pci, ats_enabled))
        flags |= IOW_RECORD_ATS;
    if (BPF_CORE_READ(pci, dma_alias_mask))
        flags |= IOW_RECORD_ALIASES;
    return flags;
}

static __always_inline bool is_pci(struct device *dev)
{
    const char *name = BPF_CORE_READ(dev, bus, name);
    char bus[4];

    return bpf_probe_read_kernel_str(bus, sizeof(bus), name) == 4 && bus[0] == 'p' && bus[1] == 'c' &&
           bus[2] == 'i';
}

static __always_inline void fill_member(
    struct iow_member_record *record, struct iommu_group *group, struct device *dev)
{
    bpf_probe_read_kernel_str(record->name, sizeof(record->name), BPF_CORE_READ(dev, kobj.name));
    if (BPF_CORE_READ(dev, driver))
        record->flags |= IOW_RECORD_BOUND;
    if (BPF_CORE_READ(dev, iommu_group) != group)
        record->flags |= IOW_RECORD_OTHER_GROUP;
    if (is_pci(dev))
        record->flags |= pci_flags(dev);
}

struct walk {
    struct iommu_group *group;
    struct list_head *head, *at;
    __u32 number;
};

/* One member; after the last one the record without a name, and 1 to end. */
static long look_at_member(__u32 position, struct walk *walk)
{
    struct iommu_group *group = walk->group;
    struct list_head *at = walk->at;
    struct group_device *member = (void *)at - bpf_core_field_offset(struct group_device, list);
    struct iow_member_key key = {.group = walk->number, .position = position};
    struct iow_member_record record = {.time_ns = bpf_ktime_get_ns()};
    bool end = at == walk->head;

    if (!end)
        fill_member(&record, group, BPF_CORE_READ(member, dev));
    bpf_map_update_elem(&members, &key, &record, BPF_ANY);
    walk->at = BPF_CORE_READ(at, next);
    return end;
}

/* Following a list is no typed look: a program of its own, so that the one above needs none of this. */
SEC("fentry/iommu_group_show_type")
int BPF_PROG(look_at_members, struct iommu_group *group)
{
    struct walk walk = {
        .group = group,
        .head = (void *)group + bpf_core_field_offset(struct iommu_group, devices),
        .at = BPF_CORE_READ(group, devices.next),
        .number = (__u32)group->id,
    };

    bpf_loop(IOW_RECORD_MEMBERS_OF_ONE, look_at_member, &walk, 0);
    return 0;
}
