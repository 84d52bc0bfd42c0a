/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the arbiter: one way to carry out whatever the table says, for the files that offer it by name.
 * Names ending in _ask take the lock; the others are called under it.
 */
#ifndef IOWARD_CORE_ARBITER_H
#define IOWARD_CORE_ARBITER_H

#include <ioward/ownership.h>

/* Is a driver of this trait counted: does it use the kernel's DMA API, or a domain of its own instead? */
static inline bool iow_arbiter_counts(enum iow_driver_trait trait)
{
    return trait == IOW_DRIVER_DMA_API || trait == IOW_DRIVER_PRIVATE;
}

void iow_arbiter_lock(const struct iow_dma_group *group);
void iow_arbiter_unlock(const struct iow_dma_group *group);

/* Decide, move, publish. device: the newcomer, else NULL. asked: the domain that the event is about, or
 * NULL. */
int iow_arbiter_apply(struct iow_dma_group *group, struct iow_dma_device *device, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr);

/* A device that is in no group: the table has a column for it. */
int iow_arbiter_apply_outside(
    const struct iow_dma_device *device, struct iow_event *event, struct iow_explain *reterr);

/* Makes a word visible to all, and notes it. */
void iow_arbiter_publish(struct iow_dma_group *group, uint64_t word, uint32_t row);

int iow_arbiter_ask_group(struct iow_dma_group *group, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr);
int iow_arbiter_ask_device(struct iow_dma_device *device, struct iow_event *event,
    const struct iow_dma_domain *asked, struct iow_explain *reterr);

#endif
