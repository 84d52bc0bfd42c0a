/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who owns the DMA of a group, as Linux keeps it.
 *
 *   event                 free             kernel (n)        owned
 *   bind a DMA driver     kernel (1)       kernel (n + 1)    -EBUSY
 *   unbind one            -                n - 1, free at 0  -
 *   claim                 owned            -EPERM            -EPERM
 *   release               -                -                 free
 *
 * Drivers that manage their DMA themselves bind and unbind without asking.
 * Source: Linux drivers/iommu/iommu.c iommu_device_use_default_domain(), iommu_device_unuse_default_domain(),
 * iommu_group_claim_dma_owner(), iommu_group_release_dma_owner()
 */
#ifndef IOWARD_HOST_SIM_OWNERSHIP_H
#define IOWARD_HOST_SIM_OWNERSHIP_H

#include <stdbool.h>
#include <stdint.h>

struct iow_sim_ownership {
    uint32_t owner; /* 0: the kernel or nobody */
    uint32_t count; /* claims of the owner, or DMA drivers of the kernel */
};

int iow_sim_use_default(struct iow_sim_ownership *ownership);           /* -EBUSY */
void iow_sim_unuse_default(struct iow_sim_ownership *ownership);        /* no effect where none is used */
int iow_sim_claim(struct iow_sim_ownership *ownership, uint32_t owner); /* -EPERM */
void iow_sim_release(struct iow_sim_ownership *ownership); /* no effect where there is no owner */

#endif
