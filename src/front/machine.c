/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "front/internal.h"

#include <errno.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

/* Moves a function to a domain, or out of all: what the IOMMU's driver does when the core asks it to. */
static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    struct iow_front_function *f = device->handle;

    (void)ctx;
    if (f->move_error)
        return f->move_error;
    if (domain->kind == IOW_KIND_TABLE && f->attach_error)
        return f->attach_error;
    f->domain = *domain;
    return 0;
}

static void detach(void *ctx, struct iow_dma_device *device)
{
    struct iow_front_function *f = device->handle;

    (void)ctx;
    f->domain = (struct iow_dma_domain){.kind = IOW_KIND_BLOCKING};
}

static const struct iow_dma_hooks hooks = {.attach = attach, .detach = detach};

static void *array(struct iow_mem *mem, size_t n, size_t size, bool *missing)
{
    void *items = iow_mem_alloc(mem, n, size);

    *missing = *missing || !items;
    return items;
}

static void describe_nothing(struct iow_front *front, int *probe_errors)
{
    for (uint32_t i = 0; i < front->n_functions; i++)
        front->functions[i] = (struct iow_front_function){.home = IOW_NONE,
            .parent = IOW_NONE,
            .physical_function = IOW_NONE,
            .reset_set = IOW_NONE,
            .probe_errors = &probe_errors[(size_t)i * front->n_drivers],
            .driver = IOW_NONE,
            .override = IOW_NONE,
            .iommufd = IOW_NONE,
            .pf_captor = IOW_NONE,
            .vgroup = IOW_NONE};
    for (uint32_t i = 0; i < front->n_groups; i++)
        front->groups[i] = (struct iow_front_group){
            .type = IOW_TYPE_DMA_FQ,
            .automatic = IOW_TYPE_DMA_FQ,
            .vgroup = IOW_NONE,
        };
    for (uint32_t i = 0; i < front->n_fds; i++)
        front->fds[i].file = IOW_NONE;
    front->processes[0].alive = true;
}

static bool allocate(struct iow_front *front, struct iow_mem *mem)
{
    bool missing = false;
    int *probe_errors = array(mem, (size_t)front->n_functions * front->n_drivers, sizeof(int), &missing);

    front->drivers = array(mem, front->n_drivers, sizeof(*front->drivers), &missing);
    front->functions = array(mem, front->n_functions, sizeof(*front->functions), &missing);
    front->groups = array(mem, front->n_groups, sizeof(*front->groups), &missing);
    front->files = array(mem, front->n_files, sizeof(*front->files), &missing);
    front->vgroups = array(mem, front->n_functions + front->n_files, sizeof(*front->vgroups), &missing);
    front->containers = array(mem, front->n_files, sizeof(*front->containers), &missing);
    front->iommufds = array(mem, iow_front_has(front, IOW_FRONT_IOMMUFD) ? front->n_files : 0,
        sizeof(*front->iommufds), &missing);
    front->fds = array(mem, front->n_fds, sizeof(*front->fds), &missing);
    front->processes = array(mem, front->n_processes, sizeof(*front->processes), &missing);
    front->times = array(mem, iow_front_n_rows(), sizeof(*front->times), &missing);
    front->tasks = array(mem, front->n_tasks, sizeof(*front->tasks), &missing);
    if (!missing)
        describe_nothing(front, probe_errors);
    return !missing;
}

static uint32_t features_of(uint16_t release, uint32_t built)
{
    uint32_t newer = release >= RELEASE(6, 12) ? 1u << IOW_FRONT_SINCE_6_12 : 0;

    if (!newer)
        built &= 1u << IOW_FRONT_NOIOMMU;
    if (!(built & 1u << IOW_FRONT_IOMMUFD))
        built &= ~(1u << IOW_FRONT_CDEV);
    return newer | built;
}

/* The deepest of all: every function removed in one call, each with all its steps. */
int iow_front_init(struct iow_front *front, struct iow_mem *mem, const struct iow_front_shape *shape,
    uint16_t release, uint32_t built)
{
    *front = (struct iow_front){
        .profile = iow_profile_of(release, NULL),
        .features = features_of(release, built),
        .mem = mem,
        .n_drivers = shape->n_drivers,
        .n_functions = shape->n_functions,
        .n_groups = shape->n_groups,
        .n_files = shape->n_files,
        .n_fds = shape->n_fds,
        .n_processes = shape->n_processes,
        .n_tasks = shape->n_tasks,
        .n_frames = 4 * shape->n_functions + 8,
    };
    return shape->n_processes && allocate(front, mem) ? 0 : -ENOMEM;
}

void iow_front_boot(struct iow_front *front)
{
    front->arbiter = (struct iow_arbiter){.hooks = &hooks, .profile = front->profile, .ctx = front};
    for (uint32_t i = 0; i < front->n_groups; i++)
        iow_dma_group_init(&front->groups[i].dma, &front->arbiter, front->groups[i].type, NULL);
    for (uint32_t i = 0; i < front->n_functions; i++) {
        struct iow_front_function *f = &front->functions[i];

        iow_dma_device_init(&f->dma, &front->arbiter, f);
        f->dma.direct = f->direct;
    }
}

struct iow_front_seen_function iow_front_see_function(struct iow_front *front, uint32_t function)
{
    const struct iow_front_function *f = &front->functions[function];
    const struct iow_front_op open = {.call = IOW_FRONT_CALL_OPEN_CDEV, .function = function};

    return (struct iow_front_seen_function){
        .present = f->present,
        .driver = f->linked ? f->driver : IOW_NONE,
        .group = f->dma.group ? f->home : IOW_NONE,
        .cdev = f->listed && iow_front_has(front, IOW_FRONT_CDEV) && !front->vgroups[f->vgroup].noiommu,
        .open_cdev = iow_front_would(front, &open),
    };
}

struct iow_front_seen_group iow_front_see_group(struct iow_front *front, uint32_t group)
{
    const struct iow_front_group *g = &front->groups[group];
    const struct iow_front_op open = {.call = IOW_FRONT_CALL_OPEN_GROUP, .group = group};

    return (struct iow_front_seen_group){
        .members = g->dma.n_members,
        .type = iow_ownership_unpack(iow_dma_word(&g->dma)).type,
        .node = iow_front_vgroup_of(front, group) != IOW_NONE,
        .claimed = iow_dma_claimed(&g->dma),
        .open = iow_front_would(front, &open),
        .owner = iow_dma_owner(&g->dma, NULL),
    };
}
