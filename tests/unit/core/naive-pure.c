/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "naive-parts.h"

/* Owned is what is not on the default domain; whose it is, the tag says. */
static bool is_owned(const struct call *c)
{
    return c->is.kind != IOW_KIND_DEFAULT;
}

static bool is_drivers_own(const struct call *c)
{
    return is_owned(c) && !c->is.tag && c->is.drivers;
}

static void pure_probe(struct call *c)
{
    if (c->e.outside)
        return;
    if (is_owned(c) && c->is.tag)
        REFUSE(c, EBUSY, PROBE_OWNED), SHOW(c, c->is.tag, c->e.tag);
    else if (is_owned(c))
        REFUSE(c, EBUSY, PROBE_PRIVATE), SHOW(c, c->is.kind, 0);
    else
        count_driver(c);
}

static void pure_unbind(struct call *c)
{
    if (!c->e.outside && is_drivers_own(c))
        REFUSE(c, EBUSY, DETACH_FIRST), SHOW(c, c->is.kind, 0);
}

static void pure_unbound(struct call *c)
{
    if (c->e.outside)
        return;
    if (is_owned(c) || !c->is.drivers)
        WARN(c, COUNT_LOST);
    else
        c->a.next.drivers--;
}

static void pure_probe_failed(struct call *c)
{
    if (!c->e.outside && is_drivers_own(c))
        pure_unbind(c);
    else
        pure_unbound(c);
}

static void pure_claim(struct call *c)
{
    REFUSE(c, EOPNOTSUPP, UNSUPPORTED);
}

static void pure_set_domain(struct call *c, enum iow_domain_kind kind, uint32_t tag)
{
    set_domain(c, kind, IOW_ON_FAILURE_REVERT);
    c->a.next.tag = tag;
}

static void pure_attach_group(struct call *c)
{
    uint32_t own = c->e.tag ? 0 : 1;

    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->e.domain == IOW_KIND_DEFAULT)
        REFUSE(c, EINVAL, NO_DOMAIN);
    else if (c->e.other_iommu)
        REFUSE(c, EINVAL, OTHER_IOMMU);
    else if (!c->e.tag && !c->e.asker_counted)
        REFUSE(c, EINVAL, ATTACH_BY_NOBODY);
    else if (is_owned(c) && c->is.tag && c->is.tag != c->e.tag)
        REFUSE(c, EBUSY, OTHER_OWNER), SHOW(c, c->is.tag, c->e.tag);
    else if (!c->is.tag && c->is.drivers > own)
        REFUSE(c, EBUSY, ATTACH_DRIVERS), SHOW(c, c->is.drivers, 0);
    else if (is_owned(c) && !c->is.tag && !c->is.drivers)
        REFUSE(c, EBUSY, ATTACH_AWAY), SHOW(c, c->is.kind, 0);
    else
        pure_set_domain(c, c->e.domain, c->e.tag);
}

static void pure_attach_device(struct call *c)
{
    if (!c->e.outside && c->e.members != 1)
        REFUSE(c, EINVAL, NOT_ALONE), SHOW(c, c->e.members, 1);
    else
        pure_attach_group(c);
}

/* Whoever changes what is attached is who attached it. */
static bool refused_to_others(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (!is_owned(c))
        REFUSE(c, EINVAL, NOT_ATTACHED), SHOW(c, c->is.kind, 0);
    else if (c->is.tag != c->e.tag)
        REFUSE(c, EPERM, OTHER_OWNER), SHOW(c, c->is.tag, c->e.tag);
    return c->a.code;
}

static void pure_detach(struct call *c)
{
    if (refused_to_others(c))
        return;
    if (c->is.pasids)
        REFUSE(c, EBUSY, DETACH_PASIDS), SHOW(c, c->is.pasids, 0);
    else
        pure_set_domain(c, IOW_KIND_DEFAULT, 0);
}

static void pure_replace(struct call *c)
{
    if (refused_to_others(c))
        return;
    if (c->e.domain == IOW_KIND_DEFAULT)
        REFUSE(c, EINVAL, NO_DOMAIN);
    else if (c->e.other_iommu)
        REFUSE(c, EINVAL, OTHER_IOMMU);
    else
        pure_set_domain(c, c->e.domain, c->e.tag);
}

static void pure_attach_pasid(struct call *c)
{
    if (!c->e.outside && c->e.other_iommu)
        REFUSE(c, EINVAL, OTHER_IOMMU);
    else if (refused_to_others(c))
        return;
    else if (c->is.pasids == IOW_MOST_PASIDS)
        REFUSE(c, E2BIG, TOO_MANY), SHOW(c, c->is.pasids, 0);
    else
        c->a.next.pasids++;
}

static void pure_detach_pasid(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (!c->is.pasids)
        REFUSE(c, EINVAL, NO_PASID), SHOW(c, 0, 0);
    else if (c->is.tag != c->e.tag)
        REFUSE(c, EPERM, OTHER_OWNER), SHOW(c, c->is.tag, c->e.tag);
    else
        c->a.next.pasids--;
}

static void pure_add(struct call *c)
{
    if (c->e.outside) {
        REFUSE(c, ENODEV, NO_GROUP);
        return;
    }
    if (c->e.newcomer_counted && is_owned(c))
        REFUSE(c, EBUSY, NEWCOMER_BOUND), SHOW(c, c->is.kind, 0);
    else if (c->e.newcomer_counted)
        count_driver(c);
    if (!c->a.code)
        c->a.move = IOW_MOVE_NEWCOMER;
}

static void pure_remove(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
}

static void pure_set_type(struct call *c)
{
    if (c->e.outside)
        REFUSE(c, ENODEV, NO_GROUP);
    else if (c->is.type == IOW_TYPE_NONE)
        REFUSE(c, EINVAL, TYPE_NONE), SHOW(c, c->is.type, c->e.type);
    else if (is_owned(c) || c->is.drivers)
        REFUSE(c, EPERM, TYPE_IN_USE), SHOW(c, c->is.drivers, 0);
    else if (c->e.forced)
        REFUSE(c, EINVAL, TYPE_FORCED), SHOW(c, c->is.type, c->e.type);
    else if (c->is.type != c->e.type) {
        pure_set_domain(c, IOW_KIND_DEFAULT, 0);
        c->a.next.type = c->e.type;
    }
}

struct naive_answer naive_pure(const struct iow_ownership *is, const struct iow_event *event)
{
    static const naive_function functions[IOW_OPERATION__COUNT] = {
        [IOW_OPERATION_PROBE] = pure_probe,
        [IOW_OPERATION_PROBE_MANAGED] = nothing,
        [IOW_OPERATION_PROBE_FAILED] = pure_probe_failed,
        [IOW_OPERATION_UNBIND] = pure_unbind,
        [IOW_OPERATION_UNBOUND] = pure_unbound,
        [IOW_OPERATION_CLAIM_GROUP] = pure_claim,
        [IOW_OPERATION_RELEASE_GROUP] = pure_claim,
        [IOW_OPERATION_CLAIM_DEVICE] = pure_claim,
        [IOW_OPERATION_RELEASE_DEVICE] = pure_claim,
        [IOW_OPERATION_ATTACH_GROUP] = pure_attach_group,
        [IOW_OPERATION_DETACH_GROUP] = pure_detach,
        [IOW_OPERATION_ATTACH_DEVICE] = pure_attach_device,
        [IOW_OPERATION_DETACH_DEVICE] = pure_detach,
        [IOW_OPERATION_REPLACE] = pure_replace,
        [IOW_OPERATION_ATTACH_PASID] = pure_attach_pasid,
        [IOW_OPERATION_DETACH_PASID] = pure_detach_pasid,
        [IOW_OPERATION_ADD] = pure_add,
        [IOW_OPERATION_REMOVE] = pure_remove,
        [IOW_OPERATION_SET_TYPE] = pure_set_type,
    };

    return naive_call(functions[event->operation], false, is, event);
}
