/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VFIO's groups and containers: who owns a group through a container, and until when. */
#include "front/internal.h"

static uint32_t n_vgroups(const struct iow_front *front)
{
    return front->n_functions + front->n_files;
}

uint32_t iow_front_vgroup_of(const struct iow_front *front, uint32_t group)
{
    return group < front->n_groups ? front->groups[group].vgroup : IOW_NONE;
}

uint32_t iow_front_vgroup_number(const struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_file *file = ask->file == IOW_NONE ? NULL : &front->files[ask->file];

    if (ask->vgroup != IOW_NONE)
        return ask->vgroup;
    if (file && file->kind == IOW_FRONT_FILE_GROUP)
        return file->of;
    if (ask->op->call == IOW_FRONT_CALL_OPEN_GROUP && ask->op->group != IOW_NONE)
        return iow_front_vgroup_of(front, ask->op->group);
    return iow_front_function(ask)->vgroup;
}

struct iow_front_vgroup *iow_front_vgroup(const struct iow_front_ask *ask)
{
    uint32_t number = iow_front_vgroup_number(ask);

    return number == IOW_NONE ? NULL : &ask->front->vgroups[number];
}

/* What VFIO claims a group with: its object of the group, whoever opened it. */
static uint32_t tag_of(const struct iow_front *front, const struct iow_front_vgroup *vg)
{
    return (uint32_t)(vg - front->vgroups) + 1;
}

static struct iow_dma_group *core_group(const struct iow_front *front, const struct iow_front_vgroup *vg)
{
    return &front->groups[vg->group].dma;
}

/* Coming and going of the groups' objects. */

static uint32_t new_vgroup(struct iow_front *front, uint32_t group)
{
    uint32_t i = 0;

    while (front->vgroups[i].used)
        i++;
    front->vgroups[i] = (struct iow_front_vgroup){.used = true,
        .noiommu = group == IOW_NONE,
        .group = group,
        .file = IOW_NONE,
        .container = IOW_NONE,
        .iommufd = IOW_NONE,
        .made = ++front->vgroups_made};
    if (group != IOW_NONE)
        front->groups[group].vgroup = i;
    return i;
}

void iow_front_register_in_group(struct iow_front *front, struct iow_front_function *f)
{
    uint32_t group = f->dma.group ? f->home : IOW_NONE;
    uint32_t number = group == IOW_NONE ? IOW_NONE : iow_front_vgroup_of(front, group);

    f->vgroup = number == IOW_NONE ? new_vgroup(front, group) : number;
    front->vgroups[f->vgroup].devices++;
}

void iow_front_put_container(struct iow_front *front, uint32_t container)
{
    front->containers[container].refs--;
}

static void detach(struct iow_front *front, const struct iow_front_vgroup *vg)
{
    if (!vg->noiommu)
        (void)iow_dma_detach_group(core_group(front, vg), tag_of(front, vg), NULL);
}

static void unclaim(struct iow_front *front, const struct iow_front_vgroup *vg)
{
    if (!vg->noiommu)
        (void)iow_dma_release_group(core_group(front, vg), NULL);
}

/* Source: drivers/vfio/container.c vfio_group_detach_container(): without its last group a container has no
 * IOMMU any more */
static void leave_container(struct iow_front *front, struct iow_front_vgroup *vg)
{
    struct iow_front_container *container = &front->containers[vg->container];

    if (container->backend)
        detach(front, vg);
    unclaim(front, vg);
    container->groups--;
    container->backend = container->backend && container->groups;
    iow_front_put_container(front, vg->container);
    vg->container = IOW_NONE;
    vg->users = 0;
}

static void leave_iommufd(struct iow_front *front, struct iow_front_vgroup *vg)
{
    iow_front_put_iommufd(front, vg->iommufd);
    vg->iommufd = IOW_NONE;
}

static void free_if_unused(struct iow_front_vgroup *vg)
{
    vg->used = vg->devices || vg->file != IOW_NONE;
}

void iow_front_leave_vgroup(struct iow_front *front, struct iow_front_function *f)
{
    struct iow_front_vgroup *vg = &front->vgroups[f->vgroup];

    f->registered = f->listed = false;
    f->vgroup = IOW_NONE;
    vg->devices--;
    if (!vg->devices && vg->group != IOW_NONE)
        front->groups[vg->group].vgroup = IOW_NONE;
    if (!vg->devices && vg->container != IOW_NONE)
        leave_container(front, vg);
    free_if_unused(vg);
}

void iow_front_close_group(struct iow_front *front, struct iow_front_file *file)
{
    struct iow_front_vgroup *vg = &front->vgroups[file->of];

    if (vg->container != IOW_NONE)
        leave_container(front, vg);
    if (vg->iommufd != IOW_NONE)
        leave_iommufd(front, vg);
    vg->file = IOW_NONE;
    free_if_unused(vg);
}

/* Opening. */

bool iow_front_when_RACED_TO_DEATH(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_RACED && !iow_front_vgroup(ask);
}

bool iow_front_when_NO_NODE(struct iow_front_ask *ask)
{
    return !iow_front_vgroup(ask);
}

bool iow_front_when_NO_RAWIO(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->noiommu && ask->front->processes[ask->op->process].no_rawio;
}

bool iow_front_when_CDEVS_OPEN(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->cdevs;
}

bool iow_front_when_GROUP_OPEN(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->file != IOW_NONE;
}

/* Containers. */

bool iow_front_when_GROUP_DEAD(struct iow_front_ask *ask)
{
    return !iow_front_vgroup(ask)->devices;
}

bool iow_front_when_HAS_IOMMU(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);

    return vg->container != IOW_NONE || vg->iommufd != IOW_NONE;
}

bool iow_front_when_NO_IOMMU(struct iow_front_ask *ask)
{
    return !iow_front_when_HAS_IOMMU(ask);
}

bool iow_front_when_CONTAINER_USED(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);

    return vg->container != IOW_NONE && vg->users != 1;
}

/* The container that is asked, or that a group is about to join. */
static uint32_t container_number(const struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;

    if (front->files[ask->file].kind == IOW_FRONT_FILE_CONTAINER)
        return front->files[ask->file].of;
    return front->files[iow_front_file_of(front, ask->op->process, ask->op->to)].of;
}

static struct iow_front_container *container(const struct iow_front_ask *ask)
{
    return &ask->front->containers[container_number(ask)];
}

bool iow_front_when_MIXED(struct iow_front_ask *ask)
{
    return container(ask)->groups && container(ask)->noiommu != iow_front_vgroup(ask)->noiommu;
}

int iow_front_try_CLAIM(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);
    struct iow_explain why = {0};
    int r;

    if (vg->noiommu)
        return 0;
    r = iow_dma_claim_group(core_group(ask->front, vg), tag_of(ask->front, vg), &why);
    return iow_front_answered(ask, core_group(ask->front, vg), r, &why);
}

void iow_front_do_UNCLAIM(struct iow_front_ask *ask)
{
    unclaim(ask->front, iow_front_vgroup(ask));
}

int iow_front_try_BACKEND(struct iow_front_ask *ask)
{
    return container(ask)->backend ? iow_front_decide(ask, IOW_FRONT_STAGE_BACKEND, IOW_NONE) : 0;
}

void iow_front_do_JOIN_CONTAINER(struct iow_front_ask *ask)
{
    struct iow_front_vgroup *vg = iow_front_vgroup(ask);
    struct iow_front_container *c = container(ask);

    vg->container = container_number(ask);
    vg->users = 1;
    vg->joined = ++ask->front->joins;
    c->noiommu = vg->noiommu;
    c->groups++;
    c->refs++;
}

void iow_front_do_LEAVE_IOMMU(struct iow_front_ask *ask)
{
    struct iow_front_vgroup *vg = iow_front_vgroup(ask);

    if (vg->container != IOW_NONE)
        leave_container(ask->front, vg);
    else
        leave_iommufd(ask->front, vg);
}

void iow_front_do_STATUS(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);

    if (iow_front_when_HAS_IOMMU(ask))
        ask->value = IOW_FRONT_CONTAINER_SET | IOW_FRONT_VIABLE;
    else if (vg->noiommu || !iow_dma_claimed(core_group(ask->front, vg)))
        ask->value = IOW_FRONT_VIABLE;
}

/* The container's IOMMU. */

bool iow_front_when_EMPTY_OR_SET(struct iow_front_ask *ask)
{
    return !container(ask)->groups || container(ask)->backend;
}

bool iow_front_when_NO_SUCH_IOMMU(struct iow_front_ask *ask)
{
    uint32_t type = ask->op->number;

    if (container(ask)->noiommu)
        return type != IOW_FRONT_NOIOMMU_TYPE;
    return ask->front->no_backend || (type != IOW_FRONT_TYPE1 && type != IOW_FRONT_TYPE1V2);
}

bool iow_front_when_NOIOMMU_BARRED(struct iow_front_ask *ask)
{
    return container(ask)->noiommu && ask->front->processes[ask->op->process].no_rawio;
}

/* The group of a container that joined last before another. */
static uint32_t joined_before(const struct iow_front *front, uint32_t container, uint64_t joined)
{
    uint32_t found = IOW_NONE;

    for (uint32_t i = 0; i < n_vgroups(front); i++) {
        const struct iow_front_vgroup *vg = &front->vgroups[i];

        if (vg->used && vg->container == container && vg->joined < joined &&
            (found == IOW_NONE || vg->joined > front->vgroups[found].joined))
            found = i;
    }
    return found;
}

static void detach_joined_after(struct iow_front *front, uint32_t container, uint64_t joined)
{
    for (uint32_t i = 0; i < n_vgroups(front); i++)
        if (front->vgroups[i].used && front->vgroups[i].container == container &&
            front->vgroups[i].joined > joined)
            detach(front, &front->vgroups[i]);
}

/* Last joined, first attached; one that fails takes back those before it, but nobody's claim. */
int iow_front_try_BACKENDS(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    uint32_t of = container_number(ask), at = joined_before(front, of, UINT64_MAX);

    while (at != IOW_NONE) {
        int r = iow_front_decide(ask, IOW_FRONT_STAGE_BACKEND, at);

        if (r < 0) {
            detach_joined_after(front, of, front->vgroups[at].joined);
            return r;
        }
        at = joined_before(front, of, front->vgroups[at].joined);
    }
    return 0;
}

void iow_front_do_SET_BACKEND(struct iow_front_ask *ask)
{
    container(ask)->backend = true;
}

bool iow_front_when_NOIOMMU_GROUP(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->noiommu;
}

bool iow_front_when_VADDR_INVALID(struct iow_front_ask *ask)
{
    return container(ask)->vaddr_invalid;
}

/* Domains are made for the first member. */
int iow_front_try_ALLOC(struct iow_front_ask *ask)
{
    const struct iow_dma_device *first = core_group(ask->front, iow_front_vgroup(ask))->first;

    return ((const struct iow_front_function *)first->handle)->alloc_error;
}

/* Older kernels do not say why. */
bool iow_front_when_NO_DOMAIN(struct iow_front_ask *ask)
{
    return iow_front_try_ALLOC(ask) < 0;
}

int iow_front_try_ATTACH(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);
    const struct iow_dma_domain table = {
        .kind = IOW_KIND_TABLE, .owner = tag_of(ask->front, vg), .handle = container(ask)};
    struct iow_explain why = {0};
    int r = iow_dma_attach_group(core_group(ask->front, vg), &table, &why);

    return iow_front_answered(ask, core_group(ask->front, vg), r, &why);
}

void iow_front_do_DETACH(struct iow_front_ask *ask)
{
    detach(ask->front, iow_front_vgroup(ask));
}

bool iow_front_when_CONFLICTS(struct iow_front_ask *ask)
{
    const struct iow_dma_device *d = core_group(ask->front, iow_front_vgroup(ask))->first;

    while (d && !((const struct iow_front_function *)d->handle)->conflicts)
        d = d->next;
    return d;
}

/* Newer kernels want every member's interrupts isolated, older ones any member's. */
bool iow_front_when_UNSAFE(struct iow_front_ask *ask)
{
    bool every = iow_front_has(ask->front, IOW_FRONT_SINCE_6_12), any_unsafe = false, all_unsafe = true;
    const struct iow_dma_device *d = core_group(ask->front, iow_front_vgroup(ask))->first;

    for (; d; d = d->next) {
        bool unsafe = ((const struct iow_front_function *)d->handle)->unsafe_interrupts;

        any_unsafe = any_unsafe || unsafe;
        all_unsafe = all_unsafe && unsafe;
    }
    return !ask->front->unsafe_interrupts && (every ? any_unsafe : all_unsafe);
}

bool iow_front_when_NO_BACKEND(struct iow_front_ask *ask)
{
    const struct iow_front_vgroup *vg = iow_front_vgroup(ask);

    return vg->container != IOW_NONE && !ask->front->containers[vg->container].backend;
}
