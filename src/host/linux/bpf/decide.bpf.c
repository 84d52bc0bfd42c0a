/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's decisions, as they are made: at the entry of each function that decides, how the group is; when it
 * returns, how it is now, who asked and what was answered.
 *
 * The functions take the group's mutex inside, so what is seen at their entry may have changed when they decide; who
 * reads compares both looks. Looks at the state are typed, which a locked-down kernel allows too; names and texts, and
 * what a list leads to, are read only where the loader found that this is allowed.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include "facts/decision.h"
#include "kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "token.h"

char program_license[] SEC("license") = "GPL";

/* May helpers read the kernel's memory? What needs them is left out of the programs where not. */
const volatile bool may_follow;

/* Decisions that found no room. */
__u64 n_lost;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 1 << 20);
} decisions SEC(".maps");

struct call {
    __u64 task;
    __u64 what;
};

/* What was seen when a call began. */
struct begun {
    __u64 time_ns;
    __u32 flags; /* of the decision */
    __u32 domain;
    struct iow_group_look before;
};

/* Calls that have not returned. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096);
    __type(key, struct call);
    __type(value, struct begun);
} calls SEC(".maps");

static __always_inline __u32 kind_of(struct iommu_group *group, struct iommu_domain *domain)
{
    if (!domain || domain == group->default_domain)
        return IOW_LOOK_DEFAULT;
    if (domain == group->blocking_domain)
        return IOW_LOOK_BLOCKING;
    return domain->type == IOW_LOOK_TYPE_IDENTITY ? IOW_LOOK_OTHER_IDENTITY : IOW_LOOK_OTHER;
}

static __always_inline __u32 count_members(struct iommu_group *group)
{
    struct list_head *head = &group->devices, *at = group->devices.next;
    __u32 n = 0;

    for (; n < IOW_LOOK_MEMBERS && at && at != head; n++)
        at = at->next;
    return n;
}

/* Not inline: each program has it twice. */
static __attribute__((noinline)) int look_at(struct iommu_group *group, struct iow_group_look *look)
{
    void *owner = group->owner;
    struct iommu_domain *home = group->default_domain;

    look->flags = IOW_LOOK_SEEN;
    look->count = group->owner_cnt;
    look->domain = kind_of(group, group->domain);
    look->members = count_members(group);
    if (owner) {
        look->flags |= IOW_LOOK_OWNED;
        look->token = token_of((__u64)owner);
    }
    if (home) {
        look->flags |= IOW_LOOK_HAS_DEFAULT;
        look->default_type = home->type;
    }
    if (bpf_core_field_exists(group->pasid_array) && group->pasid_array.xa_head)
        look->flags |= IOW_LOOK_PASIDS;
    return 0;
}

static __always_inline struct device *first_member(struct iommu_group *group)
{
    struct list_head *first = group->devices.next;

    return BPF_CORE_READ(
        (struct group_device *)((void *)first - bpf_core_field_offset(struct group_device, list)), dev);
}

static __always_inline __u32 owner_flags(const void *of_device, const void *of_domain)
{
    return IOW_DECISION_OTHER_SEEN | (of_device == of_domain ? 0 : IOW_DECISION_OTHER_IOMMU);
}

/* Is the domain another IOMMU's? A device tells by typed looks alone. */
static __always_inline __u32 flags_of_domain(
    struct iommu_group *group, struct device *dev, struct iommu_domain *domain)
{
    __u32 flags = domain == group->domain ? 0 : IOW_DECISION_OTHER_DOMAIN;

    if (!bpf_core_field_exists(domain->owner))
        return flags;
    if (dev)
        return flags | owner_flags(dev->iommu->iommu_dev->ops, domain->owner);
    if (may_follow)
        flags |= owner_flags(BPF_CORE_READ(first_member(group), iommu, iommu_dev, ops), domain->owner);
    return flags;
}

static __always_inline void enter(
    __u32 what, struct iommu_group *group, struct device *dev, struct iommu_domain *domain)
{
    struct call call = {.task = bpf_get_current_pid_tgid(), .what = what};
    struct begun begun = {.time_ns = bpf_ktime_get_ns()};

    if (group) {
        look_at(group, &begun.before);
        if (domain) {
            begun.domain = kind_of(group, domain);
            begun.flags = flags_of_domain(group, dev, domain);
        }
    } else {
        begun.flags = IOW_DECISION_OUTSIDE;
    }
    bpf_map_update_elem(&calls, &call, &begun, BPF_ANY);
}

static __always_inline void name_device(struct iow_decision *decision, struct device *dev)
{
    decision->inode = dev->kobj.sd->id;
    if (!may_follow)
        return;
    bpf_probe_read_kernel_str(decision->device, sizeof(decision->device), BPF_CORE_READ(dev, kobj.name));
    bpf_probe_read_kernel_str(decision->driver, sizeof(decision->driver), BPF_CORE_READ(dev, driver, name));
}

/* What was noted at the entry is of no use to the next call. */
static __always_inline void forget_begun(__u32 what)
{
    struct call call = {.task = bpf_get_current_pid_tgid(), .what = what};

    bpf_map_delete_elem(&calls, &call);
}

/* The record of a decision, with who asked; NULL: no room. */
static __always_inline struct iow_decision *begin_record(__u32 what)
{
    struct iow_decision *decision = bpf_ringbuf_reserve(&decisions, sizeof(*decision), 0);

    if (!decision) {
        __sync_fetch_and_add(&n_lost, 1);
        forget_begun(what);
        return NULL;
    }
    __builtin_memset(decision, 0, sizeof(*decision));
    decision->what = what;
    decision->time_ns = bpf_ktime_get_ns();
    decision->pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
    decision->flags = may_follow ? IOW_DECISION_NAMES : 0;
    bpf_get_current_comm(decision->comm, sizeof(decision->comm));
    return decision;
}

static __always_inline void take_begun(struct iow_decision *decision)
{
    struct call call = {.task = bpf_get_current_pid_tgid(), .what = decision->what};
    struct begun *begun = bpf_map_lookup_elem(&calls, &call);

    if (!begun)
        return;
    decision->took_ns = decision->time_ns - begun->time_ns;
    decision->flags |= begun->flags;
    decision->domain = begun->domain;
    decision->before = begun->before;
    forget_begun(decision->what);
}

static __always_inline void take_result(struct iow_decision *decision, void *ctx)
{
    __u64 result = 0;

    bpf_get_func_ret(ctx, &result);
    if ((int)result < 0)
        decision->result = (int)result;
}

static __always_inline void take_group(struct iow_decision *decision, struct iommu_group *group)
{
    struct iow_group_look after = {0};

    if (!group)
        return;
    look_at(group, &after);
    decision->after = after;
    decision->group = (__u32)group->id;
    decision->flags |= IOW_DECISION_HAS_GROUP;
}

static __always_inline void take_cookie(struct iow_decision *decision, void *cookie)
{
    if (!cookie)
        return;
    decision->asker = token_of((__u64)cookie);
    decision->flags |= IOW_DECISION_COOKIE;
}

/* ctx: NULL for a function that returns nothing; the kernel would tell what happens to be in the register. */
static __always_inline void leave(
    void *ctx, __u32 what, struct iommu_group *group, struct device *dev, void *cookie)
{
    struct iow_decision *decision = begin_record(what);

    if (!decision)
        return;
    take_begun(decision);
    if (ctx)
        take_result(decision, ctx);
    else
        decision->flags |= IOW_DECISION_NO_RESULT;
    take_group(decision, group);
    take_cookie(decision, cookie);
    if (dev)
        name_device(decision, dev);
    bpf_ringbuf_submit(decision, 0);
}

#define LIST(...) __VA_ARGS__

/* Both programs of a function: its first arguments, and which group, device, domain and cookie it is about. */
#define INT ctx
#define VOID NULL
#define PROGRAMS(what, function, returns, arguments, group, dev, domain, cookie)                             \
    SEC("fentry/" #function) int BPF_PROG(enter_##function, LIST arguments)                                  \
    {                                                                                                        \
        enter(IOW_DECISION_##what, group, dev, domain);                                                      \
        return 0;                                                                                            \
    }                                                                                                        \
    SEC("fexit/" #function) int BPF_PROG(leave_##function, LIST arguments)                                   \
    {                                                                                                        \
        leave(returns, IOW_DECISION_##what, group, dev, cookie);                                             \
        return 0;                                                                                            \
    }

#define OF_GROUP(what, function, returns)                                                                    \
    PROGRAMS(what, function, returns, (struct iommu_group * group), group, NULL, NULL, NULL)
#define OF_DEVICE(what, function, returns)                                                                   \
    PROGRAMS(what, function, returns, (struct device * dev), dev->iommu_group, dev, NULL, NULL)
#define OF_DOMAIN_AND_GROUP(what, function, returns)                                                         \
    PROGRAMS(what, function, returns, (struct iommu_domain * domain, struct iommu_group * group), group,     \
        NULL, domain, NULL)
#define OF_GROUP_AND_DOMAIN(what, function, returns)                                                         \
    PROGRAMS(what, function, returns, (struct iommu_group * group, struct iommu_domain * domain), group,     \
        NULL, domain, NULL)
#define OF_DOMAIN_AND_DEVICE(what, function, returns)                                                        \
    PROGRAMS(what, function, returns, (struct iommu_domain * domain, struct device * dev), dev->iommu_group, \
        dev, domain, NULL)
#define OF_FUNCTION(what, function, returns)                                                                 \
    PROGRAMS(what, function, returns, (struct pci_dev * pdev), pdev->dev.iommu_group, &pdev->dev, NULL, NULL)

PROGRAMS(CLAIM_GROUP, iommu_group_claim_dma_owner, INT, (struct iommu_group * group, void *owner), group,
    NULL, NULL, owner)
PROGRAMS(CLAIM_DEVICE, iommu_device_claim_dma_owner, INT, (struct device * dev, void *owner),
    dev->iommu_group, dev, NULL, owner)
OF_GROUP(RELEASE_GROUP, iommu_group_release_dma_owner, VOID)
OF_DEVICE(RELEASE_DEVICE, iommu_device_release_dma_owner, VOID)
OF_DEVICE(PROBE, iommu_device_use_default_domain, INT)
OF_DEVICE(UNBOUND, iommu_device_unuse_default_domain, VOID)
OF_DOMAIN_AND_GROUP(ATTACH_GROUP, iommu_attach_group, INT)
OF_DOMAIN_AND_GROUP(DETACH_GROUP, iommu_detach_group, VOID)
OF_DOMAIN_AND_GROUP(ATTACH_HANDLE, iommu_attach_group_handle, INT)
OF_DOMAIN_AND_GROUP(DETACH_HANDLE, iommu_detach_group_handle, VOID)
OF_GROUP_AND_DOMAIN(REPLACE_HANDLE, iommu_replace_group_handle, INT)
OF_GROUP_AND_DOMAIN(REPLACE, iommu_group_replace_domain, INT)
OF_DOMAIN_AND_DEVICE(ATTACH_DEVICE, iommu_attach_device, INT)
OF_DOMAIN_AND_DEVICE(DETACH_DEVICE, iommu_detach_device, VOID)
OF_DOMAIN_AND_DEVICE(ATTACH_PASID, iommu_attach_device_pasid, INT)
OF_DOMAIN_AND_DEVICE(DETACH_PASID, iommu_detach_device_pasid, VOID)
OF_FUNCTION(RESET, pci_reset_function, INT)
OF_FUNCTION(RESET_LOCKED, pci_reset_function_locked, INT)
OF_FUNCTION(TRY_RESET, pci_try_reset_function, INT)
OF_FUNCTION(RESET_BUS, pci_reset_bus, INT)

/* The type of a group: what is wanted is a text, and on older kernels the only member's driver matters. */
SEC("fentry/iommu_group_store_type") int BPF_PROG(enter_iommu_group_store_type, struct iommu_group *group)
{
    enter(IOW_DECISION_SET_TYPE, group, NULL, NULL);
    return 0;
}

SEC("fexit/iommu_group_store_type")
int BPF_PROG(leave_iommu_group_store_type, struct iommu_group *group, const char *text)
{
    struct iow_decision *decision = begin_record(IOW_DECISION_SET_TYPE);

    if (!decision)
        return 0;
    take_begun(decision);
    take_result(decision, ctx);
    take_group(decision, group);
    if (may_follow) {
        bpf_probe_read_kernel_str(decision->wanted, sizeof(decision->wanted), text);
        decision->flags |= IOW_DECISION_BOUND_SEEN;
        if (BPF_CORE_READ(first_member(group), driver))
            decision->flags |= IOW_DECISION_BOUND;
    }
    bpf_ringbuf_submit(decision, 0);
    return 0;
}

/* Members come and go at a tracepoint, which no compiler can inline. The group at that moment is all there is to see. */
static __always_inline void note_member(__u32 what, int number, struct device *dev)
{
    struct iow_decision *decision = begin_record(what);
    struct iommu_group *group = dev->iommu_group;

    if (!decision)
        return;
    if (group && group->id == number)
        take_group(decision, group);
    decision->group = (__u32)number;
    decision->flags |= IOW_DECISION_HAS_GROUP | IOW_DECISION_NO_RESULT;
    name_device(decision, dev);
    bpf_ringbuf_submit(decision, 0);
}

SEC("tp_btf/add_device_to_group") int BPF_PROG(on_add_device_to_group, int number, struct device *dev)
{
    note_member(IOW_DECISION_JOIN, number, dev);
    return 0;
}

SEC("tp_btf/remove_device_from_group")
int BPF_PROG(on_remove_device_from_group, int number, struct device *dev)
{
    note_member(IOW_DECISION_LEAVE, number, dev);
    return 0;
}

/* Only what failed: what went well was told above, and that no IOMMU covers a device decides nothing. */
SEC("fexit/iommu_probe_device") int BPF_PROG(leave_iommu_probe_device, struct device *dev)
{
    __u64 result = 0;

    bpf_get_func_ret(ctx, &result);
    if ((int)result < 0 && (int)result != -19)
        leave(ctx, IOW_DECISION_NO_JOIN, dev->iommu_group, dev, NULL);
    return 0;
}
