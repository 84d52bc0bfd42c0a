/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IOMMU, as far as who may do DMA goes: each function's requests are under one domain, and the
 * ownership core decides which. Moving one from domain to domain fails only where it is jammed.
 *
 * Source: drivers/iommu/iommu.c iommu_group_show_type(), Linux 6.12
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <string.h>

static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    struct iow_sim_function *f = device->handle;

    (void)ctx;
    if (f->jammed)
        return -EIO;
    f->domain = *domain;
    return 0;
}

static void detach(void *ctx, struct iow_dma_device *device)
{
    struct iow_sim_function *f = device->handle;

    (void)ctx;
    f->domain = (struct iow_dma_domain){.kind = IOW_KIND_BLOCKING};
}

/* One thread: no locks. */
static const struct iow_dma_hooks hooks = {.attach = attach, .detach = detach};

void iow_sim_init_domains(struct iow_sim *sim)
{
    sim->arbiter = (struct iow_arbiter){.hooks = &hooks, .profile = iow_profile_of(sim->release, NULL)};
    for (uint32_t i = 0; i < sim->n; i++)
        iow_dma_device_init(&sim->functions[i].dma, &sim->arbiter, &sim->functions[i]);
}

static const char *const type_name[IOW_TYPE__COUNT] = {
    [IOW_TYPE_NONE] = "unknown",
    [IOW_TYPE_DMA] = "DMA",
    [IOW_TYPE_DMA_FQ] = "DMA-FQ",
    [IOW_TYPE_IDENTITY] = "identity",
};

const char *iow_sim_type(const struct iow_sim_group *group)
{
    return type_name[iow_ownership_unpack(iow_dma_word(&group->dma)).type];
}

enum iow_domain_type iow_sim_parse_type(const char *text)
{
    if (strcmp(text, "auto") == 0)
        return IOW_SIM_BOOT_TYPE; /* nobody has preferences */
    for (int type = IOW_TYPE_NONE + 1; type < IOW_TYPE__COUNT; type++)
        if (strcmp(type_name[type], text) == 0)
            return (enum iow_domain_type)type;
    return IOW_TYPE_NONE;
}
