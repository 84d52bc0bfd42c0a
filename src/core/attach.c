/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/arbiter.h"

#include "base/explain.h"

#include <stddef.h>

/* The driver of this device may ask for a domain of its own: not while it is on its way out. */
static bool asks_for_driver(const struct iow_dma_device *device)
{
    return iow_arbiter_counts(device->trait) &&
           (device->phase == IOW_PHASE_PROBING || device->phase == IOW_PHASE_BOUND);
}

static struct iow_event about_domain(enum iow_operation operation, const struct iow_dma_domain *domain)
{
    return (struct iow_event){
        .operation = operation,
        .tag = domain->owner,
        .domain = domain->kind,
        .other_iommu = domain->other_iommu,
    };
}

int iow_dma_attach_group(
    struct iow_dma_group *group, const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    struct iow_event event = about_domain(IOW_OPERATION_ATTACH_GROUP, domain);

    return iow_arbiter_ask_group(group, &event, domain, reterr);
}

int iow_dma_detach_group(struct iow_dma_group *group, uint32_t owner, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_DETACH_GROUP, .tag = owner};

    return iow_arbiter_ask_group(group, &event, NULL, reterr);
}

int iow_dma_attach_device(
    struct iow_dma_device *device, const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    struct iow_event event = about_domain(IOW_OPERATION_ATTACH_DEVICE, domain);

    event.asker_counted = asks_for_driver(device);
    return iow_arbiter_ask_device(device, &event, domain, reterr);
}

int iow_dma_detach_device(struct iow_dma_device *device, uint32_t owner, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_DETACH_DEVICE, .tag = owner};

    return iow_arbiter_ask_device(device, &event, NULL, reterr);
}

int iow_dma_replace(
    struct iow_dma_group *group, const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    struct iow_event event = about_domain(IOW_OPERATION_REPLACE, domain);

    return iow_arbiter_ask_group(group, &event, domain, reterr);
}

/* As iow_arbiter_apply(), with the PASID's own hook in place of the moves. */
static int apply_pasid(struct iow_dma_device *device, uint32_t pasid, const struct iow_event *event,
    const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    struct iow_dma_group *group = device->group;
    const struct iow_arbiter *arbiter = group->arbiter;
    struct iow_transition t;
    int r = iow_transition(arbiter->profile, group->word, event, &t, reterr);

    if (r < 0)
        return r;
    if (!domain && !device->pasids)
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_DMA_NO_PASID);
    r = arbiter->hooks->pasid(arbiter->ctx, device, pasid, domain);
    if (r < 0)
        return iow_explain(reterr, r, IOW_RULE_DMA_ATTACH_FAILED);
    device->pasids += domain ? 1u : -1u;
    iow_arbiter_publish(group, t.next, t.row);
    return 0;
}

static int pasid_to_device(struct iow_dma_device *device, uint32_t pasid, struct iow_event *event,
    const struct iow_dma_domain *domain, struct iow_explain *reterr)
{
    int r;

    if (event->tag > IOW_MOST_TAG)
        return iow_explain(reterr, -IOW_E2BIG, IOW_RULE_DMA_TOO_MANY);
    if (!device->arbiter->hooks->pasid)
        return iow_explain(reterr, -IOW_EOPNOTSUPP, IOW_RULE_DMA_NO_HOOK);
    if (!device->group)
        return iow_arbiter_apply_outside(device, event, reterr);
    iow_arbiter_lock(device->group);
    r = apply_pasid(device, pasid, event, domain, reterr);
    iow_arbiter_unlock(device->group);
    return r;
}

int iow_dma_attach_pasid(struct iow_dma_device *device, uint32_t pasid, const struct iow_dma_domain *domain,
    struct iow_explain *reterr)
{
    struct iow_event event = about_domain(IOW_OPERATION_ATTACH_PASID, domain);

    return pasid_to_device(device, pasid, &event, domain, reterr);
}

int iow_dma_detach_pasid(
    struct iow_dma_device *device, uint32_t pasid, uint32_t owner, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_DETACH_PASID, .tag = owner};

    return pasid_to_device(device, pasid, &event, NULL, reterr);
}

static bool binds_any(const struct iow_dma_group *group)
{
    for (const struct iow_dma_device *d = group->first; d; d = d->next)
        if (d->phase != IOW_PHASE_UNBOUND)
            return true;
    return false;
}

int iow_dma_set_type(
    struct iow_dma_group *group, enum iow_domain_type type, bool forced, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_SET_TYPE, .type = type, .forced = forced};
    int r;

    iow_arbiter_lock(group);
    event.any_bound = binds_any(group);
    r = iow_arbiter_apply(group, NULL, &event, NULL, reterr);
    iow_arbiter_unlock(group);
    return r;
}
