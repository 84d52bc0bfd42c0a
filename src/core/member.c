/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/arbiter.h"
#include "core/word.h"

#include "base/explain.h"

#include <stddef.h>

void iow_dma_group_init(
    struct iow_dma_group *group, const struct iow_arbiter *arbiter, enum iow_domain_type type, void *lock)
{
    struct iow_ownership is = {.kind = IOW_KIND_DEFAULT, .type = type};

    *group = (struct iow_dma_group){
        .word = iow_word_pack(&is),
        .arbiter = arbiter,
        .lock = lock,
        .domain = {.kind = IOW_KIND_DEFAULT, .type = type},
    };
}

void iow_dma_device_init(struct iow_dma_device *device, const struct iow_arbiter *arbiter, void *handle)
{
    *device = (struct iow_dma_device){.arbiter = arbiter, .handle = handle};
}

static void link_last(struct iow_dma_group *group, struct iow_dma_device *device)
{
    device->group = group;
    device->previous = group->last;
    if (group->last)
        group->last->next = device;
    else
        group->first = device;
    group->last = device;
    group->n_members++;
}

static void unlink_device(struct iow_dma_group *group, struct iow_dma_device *device)
{
    *(device->previous ? &device->previous->next : &group->first) = device->next;
    *(device->next ? &device->next->previous : &group->last) = device->previous;
    device->previous = device->next = NULL;
    device->group = NULL;
    group->n_members--;
}

int iow_dma_add(struct iow_dma_group *group, struct iow_dma_device *device, struct iow_explain *reterr)
{
    struct iow_event event = {
        .operation = IOW_OPERATION_ADD, .newcomer_counted = iow_arbiter_counts(device->trait)};
    int r;

    if (device->group)
        return iow_explain(reterr, -IOW_EEXIST, IOW_RULE_DMA_IN_GROUP);
    iow_arbiter_lock(group);
    r = iow_arbiter_apply(group, device, &event, NULL, reterr);
    if (r >= 0)
        link_last(group, device);
    iow_arbiter_unlock(group);
    return r;
}

static int leave(struct iow_dma_group *group, struct iow_dma_device *device, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_REMOVE};

    if (device->phase != IOW_PHASE_UNBOUND)
        return iow_explain(reterr, -IOW_EBUSY, IOW_RULE_DMA_BOUND);
    if (device->pasids)
        return iow_explain(reterr, -IOW_EBUSY, IOW_RULE_DMA_PASIDS_LEFT);
    (void)iow_arbiter_apply(group, device, &event, NULL, reterr); /* never refuses a member */
    unlink_device(group, device);
    if (group->arbiter->hooks->detach)
        group->arbiter->hooks->detach(group->arbiter->ctx, device);
    return 0;
}

int iow_dma_remove(struct iow_dma_device *device, struct iow_explain *reterr)
{
    struct iow_dma_group *group = device->group;
    struct iow_event event = {.operation = IOW_OPERATION_REMOVE};
    int r;

    if (!group)
        return iow_arbiter_apply_outside(device, &event, reterr);
    iow_arbiter_lock(group);
    r = leave(group, device, reterr);
    iow_arbiter_unlock(group);
    return r;
}

/* The driver core's steps: which phase leads to which, and what the table is asked. */
static const struct step {
    enum iow_dma_phase from, to;
    enum iow_operation operation; /* of a driver that counts */
} probing = {IOW_PHASE_UNBOUND, IOW_PHASE_PROBING, IOW_OPERATION_PROBE},
  failing = {IOW_PHASE_PROBING, IOW_PHASE_UNBOUND, IOW_OPERATION_PROBE_FAILED},
  removing = {IOW_PHASE_BOUND, IOW_PHASE_REMOVING, IOW_OPERATION_UNBIND},
  gone = {IOW_PHASE_REMOVING, IOW_PHASE_UNBOUND, IOW_OPERATION_UNBOUND};

static int out_of_order(
    const struct iow_dma_device *device, enum iow_dma_phase wanted, struct iow_explain *reterr)
{
    iow_explain(reterr, -IOW_EINVAL, IOW_RULE_DMA_PHASE);
    iow_explain_evidence(reterr, device->phase, wanted, 0);
    return -IOW_EINVAL;
}

static int driver_step(struct iow_dma_device *device, const struct step *step, enum iow_driver_trait trait,
    struct iow_explain *reterr)
{
    struct iow_event event = {.operation = step->operation};
    int r;

    if (device->phase != step->from)
        return out_of_order(device, step->from, reterr);
    if (trait == IOW_DRIVER_MANAGED)
        event.operation = IOW_OPERATION_PROBE_MANAGED;
    r = device->group ? iow_arbiter_apply(device->group, device, &event, NULL, reterr)
                      : iow_arbiter_apply_outside(device, &event, reterr);
    if (r < 0)
        return r;
    device->phase = step->to;
    device->trait = step->to == IOW_PHASE_UNBOUND ? IOW_DRIVER_NONE : trait;
    return 0;
}

static int locked_step(struct iow_dma_device *device, const struct step *step, enum iow_driver_trait trait,
    struct iow_explain *reterr)
{
    struct iow_dma_group *group = device->group;
    int r;

    if (!group)
        return driver_step(device, step, trait, reterr);
    iow_arbiter_lock(group);
    r = driver_step(device, step, trait, reterr);
    iow_arbiter_unlock(group);
    return r;
}

int iow_dma_probe(struct iow_dma_device *device, enum iow_driver_trait trait, struct iow_explain *reterr)
{
    if (trait != IOW_DRIVER_MANAGED && !iow_arbiter_counts(trait))
        return iow_explain(reterr, -IOW_EINVAL, IOW_RULE_DMA_PHASE);
    return locked_step(device, &probing, trait, reterr);
}

int iow_dma_bound(struct iow_dma_device *device, struct iow_explain *reterr)
{
    if (device->phase != IOW_PHASE_PROBING)
        return out_of_order(device, IOW_PHASE_PROBING, reterr);
    if (device->group)
        iow_arbiter_lock(device->group);
    device->phase = IOW_PHASE_BOUND;
    if (device->group)
        iow_arbiter_unlock(device->group);
    return 0;
}

int iow_dma_probe_failed(struct iow_dma_device *device, struct iow_explain *reterr)
{
    return locked_step(device, &failing, device->trait, reterr);
}

int iow_dma_unbind(struct iow_dma_device *device, struct iow_explain *reterr)
{
    return locked_step(device, &removing, device->trait, reterr);
}

int iow_dma_unbound(struct iow_dma_device *device, struct iow_explain *reterr)
{
    return locked_step(device, &gone, device->trait, reterr);
}
