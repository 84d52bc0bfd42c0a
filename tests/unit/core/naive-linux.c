/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "naive-parts.h"

static uint32_t owner_cnt(const struct call *c)
{
    return c->is.drivers + c->is.claims;
}

static void set_domain_nofail(struct call *c, enum iow_domain_kind kind)
{
    if (kind == c->is.kind)
        return;
    set_domain(c, kind, c->new ? IOW_ON_FAILURE_FORCE : IOW_ON_FAILURE_LEAVE);
    c->a.unsaid = true;
}

static bool is_default_domain(const struct call *c)
{
    return c->is.kind == IOW_KIND_DEFAULT ||
           (!c->new && c->is.kind == IOW_KIND_IDENTITY && c->is.type == IOW_TYPE_IDENTITY);
}

static void use_default_domain(struct call *c)
{
    if (c->e.outside)
        return;
    if (c->new && c->is.type == IOW_TYPE_NONE)
        REFUSE(c, EPROBE_DEFER, NO_DEFAULT), SHOW(c, c->is.type, c->e.type);
    else if (owner_cnt(c) && c->is.tag)
        REFUSE(c, EBUSY, PROBE_OWNED), SHOW(c, c->is.tag, c->e.tag);
    else if (!c->new && c->is.drivers == IOW_MOST_DRIVERS)
        count_driver(c); /* refuses, before anything is said of the domain */
    else if (owner_cnt(c) && !is_default_domain(c))
        REFUSE(c, EBUSY, PROBE_PRIVATE), SHOW(c, c->is.kind, 0);
    else if (owner_cnt(c) && c->new && c->is.pasids)
        REFUSE(c, EBUSY, PROBE_PASIDS), SHOW(c, c->is.pasids, 0);
    else
        count_driver(c);
}

static void unuse_default_domain(struct call *c)
{
    if (c->e.outside)
        return;
    if (!owner_cnt(c))
        WARN(c, COUNT_LOST);
    else if (c->new && c->is.pasids)
        WARN(c, COUNT_KEPT);
    else if (c->is.drivers)
        c->a.next.drivers--;
    else
        c->a.next.claims--;
}

static void take_dma_ownership(struct call *c)
{
    if (c->is.kind != IOW_KIND_DEFAULT) {
        REFUSE(c, EBUSY, CLAIM_AWAY), SHOW(c, c->is.kind, 0);
    } else if (c->new && c->is.pasids) {
        REFUSE(c, EBUSY, CLAIM_PASIDS), SHOW(c, c->is.pasids, 0);
    } else {
        set_domain(c, IOW_KIND_BLOCKING, c->new ? IOW_ON_FAILURE_REVERT : IOW_ON_FAILURE_LEAVE);
        c->a.next.tag = c->e.tag;
        c->a.next.claims = 1;
    }
}

static void refuse_claim(struct call *c)
{
    if (c->is.tag)
        REFUSE(c, EPERM, CLAIM_OWNED), SHOW(c, c->is.tag, c->e.tag);
    else
        REFUSE(c, EPERM, CLAIM_KERNEL), SHOW(c, c->is.drivers, 0);
}

static void claim_group(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->new && !c->e.tag)
        REFUSE(c, EINVAL, CLAIM_BY_NOBODY);
    else if (owner_cnt(c))
        refuse_claim(c);
    else
        take_dma_ownership(c);
}

static void claim_device(struct call *c)
{
    if (!c->new)
        REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
    else if (!c->e.tag)
        REFUSE(c, EINVAL, CLAIM_BY_NOBODY);
    else if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (!owner_cnt(c))
        take_dma_ownership(c);
    else if (c->is.tag != c->e.tag)
        refuse_claim(c);
    else if (c->is.claims == IOW_MOST_CLAIMS)
        REFUSE(c, E2BIG, TOO_MANY), SHOW(c, c->is.claims, 0);
    else
        c->a.next.claims++;
}

static void release_group(struct call *c)
{
    if (c->e.outside) {
        REFUSE(c, ENODEV, NO_GROUP);
    } else if (!owner_cnt(c) || !c->is.tag) {
        WARN(c, RELEASE_UNOWNED);
    } else if (c->new && c->is.pasids) {
        WARN(c, RELEASE_PASIDS);
    } else {
        c->a.next.tag = c->a.next.claims = c->a.next.drivers = 0;
        c->a.failed = c->a.next;
        c->a.next.kind = IOW_KIND_DEFAULT;
        set_domain_nofail(c, IOW_KIND_DEFAULT);
    }
}

static void release_device(struct call *c)
{
    if (!c->new)
        REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
    else if (c->e.outside || owner_cnt(c) <= 1)
        release_group(c);
    else if (c->is.claims)
        c->a.next.claims--;
    else
        c->a.next.drivers--;
}

static void attach_or_replace(struct call *c)
{
    set_domain(c, c->e.domain, c->new ? IOW_ON_FAILURE_REVERT : IOW_ON_FAILURE_REVERT_ALL);
}

static bool names_core_domain(const struct call *c)
{
    return c->e.domain == IOW_KIND_DEFAULT || c->e.domain == IOW_KIND_BLOCKING;
}

static void attach_group(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (names_core_domain(c))
        REFUSE(c, EINVAL, NO_DOMAIN);
    else if (c->is.kind != IOW_KIND_DEFAULT && c->is.kind != IOW_KIND_BLOCKING)
        REFUSE(c, EBUSY, ATTACH_AWAY), SHOW(c, c->is.kind, 0);
    else if (c->new && c->e.other_iommu)
        REFUSE(c, EINVAL, OTHER_IOMMU);
    else
        attach_or_replace(c);
}

static void attach_device(struct call *c)
{
    if (!c->e.outside && c->e.members != 1)
        REFUSE(c, EINVAL, NOT_ALONE), SHOW(c, c->e.members, 1);
    else
        attach_group(c);
}

static void detach_group(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else
        set_domain_nofail(c, c->is.tag ? IOW_KIND_BLOCKING : IOW_KIND_DEFAULT);
}

static void detach_device(struct call *c)
{
    if (c->e.outside)
        return;
    if (c->e.not_attached)
        WARN(c, DETACH_OTHER);
    else if (c->e.members != 1)
        WARN(c, DETACH_NOT_ALONE);
    else
        detach_group(c);
}

static void replace(struct call *c)
{
    if (!c->new)
        REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
    else if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (names_core_domain(c))
        REFUSE(c, EINVAL, NO_DOMAIN);
    else
        attach_or_replace(c);
}

static void attach_pasid(struct call *c)
{
    if (!c->new)
        REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
    else if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->e.other_iommu)
        REFUSE(c, EINVAL, OTHER_IOMMU);
    else if (c->is.pasids == IOW_MOST_PASIDS)
        REFUSE(c, E2BIG, TOO_MANY), SHOW(c, c->is.pasids, 0);
    else
        c->a.next.pasids++;
}

static void detach_pasid(struct call *c)
{
    if (!c->new)
        REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
    else if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (!c->is.pasids)
        REFUSE(c, EINVAL, NO_PASID), SHOW(c, 0, 0);
    else
        c->a.next.pasids--;
}

static void probe_device(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (!c->new && !c->is.tag && c->is.kind != IOW_KIND_DEFAULT && c->is.type != IOW_TYPE_NONE)
        c->a.move = IOW_MOVE_NEWCOMER_DEFAULT;
    else
        c->a.move = IOW_MOVE_NEWCOMER;
}

static void release_member(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->e.members == 1)
        c->a.next = (struct iow_ownership){.type = c->is.type};
}

static bool is_live(const struct call *c)
{
    return c->is.type == IOW_TYPE_DMA && c->e.type == IOW_TYPE_DMA_FQ;
}

static void change_type(struct call *c, enum iow_on_failure failure)
{
    if (c->e.forced) {
        REFUSE(c, EINVAL, TYPE_FORCED), SHOW(c, c->is.type, c->e.type);
    } else if (c->is.type != c->e.type) {
        c->a.next.type = c->e.type;
        if (!is_live(c))
            set_domain(c, IOW_KIND_DEFAULT, failure);
    }
}

static void store_type_6_1(struct call *c)
{
    if (c->e.members != 1)
        REFUSE(c, EINVAL, TYPE_NOT_ALONE), SHOW(c, c->e.members, 1);
    else if (c->e.any_bound && !is_live(c))
        REFUSE(c, EBUSY, TYPE_BOUND);
    else if (c->is.kind != IOW_KIND_DEFAULT)
        REFUSE(c, EBUSY, TYPE_AWAY), SHOW(c, c->is.kind, 0);
    else
        change_type(c, IOW_ON_FAILURE_LEAVE);
}

static void store_type_6_12(struct call *c)
{
    if (is_live(c))
        c->a.next.type = c->e.type;
    else if (owner_cnt(c))
        REFUSE(c, EPERM, TYPE_IN_USE), SHOW(c, c->is.drivers, 0);
    else if (!c->e.members)
        REFUSE(c, EPERM, TYPE_EMPTY), SHOW(c, 0, 1);
    else
        change_type(c, IOW_ON_FAILURE_REVERT);
}

static void store_type(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->is.type == IOW_TYPE_NONE)
        REFUSE(c, EINVAL, TYPE_NONE), SHOW(c, c->is.type, c->e.type);
    else if (c->new)
        store_type_6_12(c);
    else
        store_type_6_1(c);
}

struct naive_answer naive_linux(bool is_6_12, const struct iow_ownership *is, const struct iow_event *event)
{
    static const naive_function functions[IOW_OPERATION__COUNT] = {
        [IOW_OPERATION_PROBE] = use_default_domain,
        [IOW_OPERATION_PROBE_MANAGED] = nothing,
        [IOW_OPERATION_PROBE_FAILED] = unuse_default_domain,
        [IOW_OPERATION_UNBIND] = nothing,
        [IOW_OPERATION_UNBOUND] = unuse_default_domain,
        [IOW_OPERATION_CLAIM_GROUP] = claim_group,
        [IOW_OPERATION_RELEASE_GROUP] = release_group,
        [IOW_OPERATION_CLAIM_DEVICE] = claim_device,
        [IOW_OPERATION_RELEASE_DEVICE] = release_device,
        [IOW_OPERATION_ATTACH_GROUP] = attach_group,
        [IOW_OPERATION_DETACH_GROUP] = detach_group,
        [IOW_OPERATION_ATTACH_DEVICE] = attach_device,
        [IOW_OPERATION_DETACH_DEVICE] = detach_device,
        [IOW_OPERATION_REPLACE] = replace,
        [IOW_OPERATION_ATTACH_PASID] = attach_pasid,
        [IOW_OPERATION_DETACH_PASID] = detach_pasid,
        [IOW_OPERATION_ADD] = probe_device,
        [IOW_OPERATION_REMOVE] = release_member,
        [IOW_OPERATION_SET_TYPE] = store_type,
    };

    return naive_call(functions[event->operation], is_6_12, is, event);
}
