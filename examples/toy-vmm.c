/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A toy VMM that lets libioward say who may do DMA. Under the pure profile attaching is the claim.
 *     cc toy-vmm.c $(pkg-config --cflags --libs ioward) */
#include <ioward/lock.h>
#include <ioward/ownership.h>
#include <pthread.h>
#include <stdio.h>

struct toy {
    struct iow_dma_device dma;
    const char *name;
};

static char table_of_guest[] = "guest 7's table"; /* a real one would be a page table */

/* Here a real VMM would programme its IOMMU. */
static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    const char *table = domain->kind == IOW_KIND_DEFAULT ? "the host's table" : domain->handle;

    (void)ctx;
    (void)printf("    %s does DMA through %s\n", ((struct toy *)device)->name, table ? table : "none");
    return 0;
}

static bool told(int r, const struct iow_explain *why)
{
    if (r < 0)
        (void)printf("    refused: %s, %s\n", iow_error_name(r), iow_rule_id(why->rule));
    return r >= 0;
}

static void appear(struct toy *toy, struct iow_dma_group *group, const char *name)
{
    struct iow_explain why;

    (void)printf("%s appears\n", name);
    toy->name = name;
    iow_dma_device_init(&toy->dma, group->arbiter, NULL);
    told(iow_dma_add(group, &toy->dma, &why), &why);
}

/* The host's driver of a device: asked for before it may touch the device. */
static void bind_host_driver(struct toy *toy)
{
    struct iow_explain why;

    (void)printf("the host's driver binds to %s\n", toy->name);
    if (told(iow_dma_probe(&toy->dma, IOW_DRIVER_DMA_API, &why), &why))
        told(iow_dma_bound(&toy->dma, &why), &why);
}

int main(void)
{
    static const struct iow_dma_hooks hooks = {iow_lock_pthread, iow_unlock_pthread, .attach = attach};
    const struct iow_dma_domain table = {.kind = IOW_KIND_TABLE, .owner = 7, .handle = table_of_guest};
    const struct iow_arbiter arbiter = {&hooks, iow_profile_find("pure"), NULL};
    pthread_mutex_t lock[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
    struct iow_dma_group card, disks;
    struct toy gpu, sound, disk;
    struct iow_explain why;

    iow_dma_group_init(&card, &arbiter, IOW_TYPE_DMA, &lock[0]);
    iow_dma_group_init(&disks, &arbiter, IOW_TYPE_DMA, &lock[1]);
    appear(&gpu, &card, "the GPU");
    appear(&sound, &card, "the sound function");
    appear(&disk, &disks, "the disk");
    bind_host_driver(&disk);
    (void)puts("guest 7 attaches the disk");
    told(iow_dma_attach_group(&disks, &table, &why), &why);
    (void)puts("guest 7 attaches the card");
    told(iow_dma_attach_group(&card, &table, &why), &why);
    bind_host_driver(&sound);
    (void)printf("the card's owner: %s\n", iow_owner_name(iow_dma_owner(&card, NULL)));
    (void)puts("guest 7 gives the card back");
    told(iow_dma_detach_group(&card, 7, &why), &why);
    bind_host_driver(&sound);
    (void)printf("the card's owner: %s\n", iow_owner_name(iow_dma_owner(&card, NULL)));
    return 0;
}
