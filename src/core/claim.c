/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/arbiter.h"

#include <stddef.h>

int iow_dma_claim_group(struct iow_dma_group *group, uint32_t owner, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_CLAIM_GROUP, .tag = owner};

    return iow_arbiter_ask_group(group, &event, NULL, reterr);
}

int iow_dma_release_group(struct iow_dma_group *group, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_RELEASE_GROUP};

    return iow_arbiter_ask_group(group, &event, NULL, reterr);
}

int iow_dma_claim_device(struct iow_dma_device *device, uint32_t owner, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_CLAIM_DEVICE, .tag = owner};

    return iow_arbiter_ask_device(device, &event, NULL, reterr);
}

int iow_dma_release_device(struct iow_dma_device *device, struct iow_explain *reterr)
{
    struct iow_event event = {.operation = IOW_OPERATION_RELEASE_DEVICE};

    return iow_arbiter_ask_device(device, &event, NULL, reterr);
}
