/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* iommufd, as far as VFIO's devices meet it: bound to one, attached to its page tables. */
#include "front/internal.h"

#include <errno.h>

/* Tags of iommufds are beyond those of groups. */
static uint32_t tag_of(const struct iow_front *front, uint32_t iommufd)
{
    return front->n_functions + front->n_files + iommufd + 1;
}

/* That is asked, that the device is bound to, is to be bound to, or that its group has. */
uint32_t iow_front_iommufd_number(const struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;

    if (front->files[ask->file].kind == IOW_FRONT_FILE_IOMMUFD)
        return front->files[ask->file].of;
    if (ask->op->call == IOW_FRONT_CALL_GET_DEVICE_FD)
        return iow_front_vgroup(ask)->iommufd;
    if (ask->op->call == IOW_FRONT_CALL_BIND_IOMMUFD || ask->op->call == IOW_FRONT_CALL_SET_CONTAINER)
        return front->files[iow_front_file_of(front, ask->op->process, ask->op->to)].of;
    return iow_front_function(ask)->iommufd;
}

static struct iow_front_iommufd *iommufd(const struct iow_front_ask *ask)
{
    return &ask->front->iommufds[iow_front_iommufd_number(ask)];
}

void iow_front_put_iommufd(struct iow_front *front, uint32_t number)
{
    front->iommufds[number].refs--;
}

static struct iow_front_group *group_of(const struct iow_front *front, const struct iow_front_function *f)
{
    return &front->groups[f->home];
}

bool iow_front_when_NO_CDEV_NODE(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !f->listed || iow_front_vgroup(ask)->noiommu;
}

/* A group with an iommufd. */

bool iow_front_when_MIXED_COMPAT(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->noiommu ? iommufd(ask)->compat != 0 : iommufd(ask)->noiommu;
}

/* The first real group has the iommufd make an address space of its own for all of them. */
int iow_front_try_COMPAT_IOAS(struct iow_front_ask *ask)
{
    struct iow_front_iommufd *fd = iommufd(ask);

    if (iow_front_vgroup(ask)->noiommu || fd->compat)
        return 0;
    fd->compat = iow_front_new_object(fd, IOW_FRONT_OBJECT_SPACE, 0);
    return fd->compat ? 0 : -ENOMEM;
}

void iow_front_do_JOIN_IOMMUFD(struct iow_front_ask *ask)
{
    struct iow_front_vgroup *vg = iow_front_vgroup(ask);
    struct iow_front_iommufd *fd = iommufd(ask);

    vg->iommufd = iow_front_iommufd_number(ask);
    fd->refs++;
    fd->noiommu = fd->noiommu || vg->noiommu;
}

static bool is_without_iommu(const struct iow_front_ask *ask)
{
    return ask->op->number == IOW_FRONT_NOIOMMU_TYPE && iommufd(ask)->noiommu;
}

bool iow_front_when_NOIOMMU_FD_BARRED(struct iow_front_ask *ask)
{
    return is_without_iommu(ask) && ask->front->processes[ask->op->process].no_rawio;
}

bool iow_front_when_NOIOMMU_FD(struct iow_front_ask *ask)
{
    return is_without_iommu(ask);
}

bool iow_front_when_ODD_FD_IOMMU(struct iow_front_ask *ask)
{
    uint32_t type = ask->op->number;

    return (type != IOW_FRONT_TYPE1 && type != IOW_FRONT_TYPE1V2) || iommufd(ask)->noiommu;
}

/* A device that is opened without iommufd, or without IOMMU, needs none. */
bool iow_front_when_NO_COMPAT(struct iow_front_ask *ask)
{
    bool opening = ask->op->call == IOW_FRONT_CALL_GET_DEVICE_FD;

    return (!opening || iow_front_function(ask)->iommufd != IOW_NONE) && !iommufd(ask)->compat;
}

bool iow_front_when_NO_RAWIO_FD(struct iow_front_ask *ask)
{
    return iow_front_vgroup(ask)->iommufd != IOW_NONE && iow_front_when_NO_RAWIO(ask);
}

/* Binding a device. */

bool iow_front_when_NOT_COHERENT(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->not_coherent;
}

bool iow_front_when_NO_GROUP(struct iow_front_ask *ask)
{
    return !iow_front_function(ask)->dma.group;
}

int iow_front_try_CLAIM_FD(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);
    uint32_t number = iow_front_iommufd_number(ask);
    int r;

    if (number == IOW_NONE || iow_front_vgroup(ask)->noiommu)
        return 0;
    r = iow_front_decide(ask, IOW_FRONT_STAGE_CLAIM_FD, IOW_NONE);
    if (r == 0) {
        f->iommufd = number;
        iommufd(ask)->refs++;
    }
    return r;
}

int iow_front_try_CLAIM_DEVICE(struct iow_front_ask *ask)
{
    uint32_t tag = tag_of(ask->front, iow_front_iommufd_number(ask));
    struct iow_front_function *f = iow_front_function(ask);
    struct iow_explain why = {0};
    int r = iow_dma_claim_device(&f->dma, tag, &why);

    return iow_front_answered(ask, f->dma.group, r, &why);
}

int iow_front_try_NEW_DEVICE(struct iow_front_ask *ask)
{
    uint32_t number = iow_front_new_object(iommufd(ask), IOW_FRONT_OBJECT_DEVICE, 0);

    iow_front_function(ask)->object = number;
    return number ? 0 : -ENOMEM;
}

void iow_front_do_RELEASE_DEVICE(struct iow_front_ask *ask)
{
    (void)iow_dma_release_device(&iow_front_function(ask)->dma, NULL);
}

static void detach(struct iow_front *front, struct iow_front_function *f)
{
    struct iow_front_group *group = group_of(front, f);

    f->attached = false;
    iow_front_put_table(&front->iommufds[f->iommufd], group->pt, 1);
    if (!--group->pt_devices)
        (void)iow_dma_detach_group(&group->dma, tag_of(front, f->iommufd), NULL);
}

void iow_front_unbind_iommufd(struct iow_front *front, struct iow_front_function *f)
{
    if (f->attached)
        detach(front, f);
    (void)iow_dma_release_device(&f->dma, NULL);
    iow_front_drop_object(&front->iommufds[f->iommufd], f->object);
    iow_front_put_iommufd(front, f->iommufd);
    f->iommufd = IOW_NONE;
}

void iow_front_do_UNCLAIM_FD(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    if (!f->opens && f->iommufd != IOW_NONE)
        iow_front_unbind_iommufd(ask->front, f);
}

/* Page tables. */

static uint32_t pt_asked(const struct iow_front_ask *ask)
{
    return ask->op->call == IOW_FRONT_CALL_GET_DEVICE_FD ? iommufd(ask)->compat : ask->op->number;
}

/* The table it would be attached to; 0: one that is not made yet. */
static uint32_t table_asked(const struct iow_front_ask *ask)
{
    return iow_front_table_at(iommufd(ask), pt_asked(ask));
}

bool iow_front_when_NO_PT_BUT(struct iow_front_ask *ask)
{
    return iow_front_object_kind(iommufd(ask), ask->op->number) == IOW_FRONT_OBJECT_DEVICE;
}

bool iow_front_when_ATTACHED(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->attached;
}

bool iow_front_when_SAME_PT(struct iow_front_ask *ask)
{
    return iow_front_when_ATTACHED(ask) &&
           group_of(ask->front, iow_front_function(ask))->pt == table_asked(ask);
}

bool iow_front_when_OTHER_PT(struct iow_front_ask *ask)
{
    const struct iow_front_group *group = group_of(ask->front, iow_front_function(ask));

    return group->pt_devices && group->pt != table_asked(ask);
}

/* What every device needs is mapped already. */
static bool is_mapped(const struct iow_front_ask *ask)
{
    return iommufd(ask)->objects[pt_asked(ask) - 1].mapped;
}

bool iow_front_when_RESERVED(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->conflicts || is_mapped(ask);
}

bool iow_front_when_RESERVED_ANY(struct iow_front_ask *ask)
{
    const struct iow_dma_device *d = iow_front_function(ask)->dma.group->first;
    const struct iow_front_function *f;

    for (; d; d = d->next) {
        f = d->handle;
        if (f->attached && f->conflicts)
            return true;
    }
    return is_mapped(ask);
}

static struct iow_dma_domain domain_of(const struct iow_front_ask *ask, uint32_t table)
{
    return (struct iow_dma_domain){.kind = IOW_KIND_TABLE,
        .owner = tag_of(ask->front, iow_front_iommufd_number(ask)),
        .handle = &iommufd(ask)->objects[table - 1]};
}

/* Only the first device of a group moves it, and with it all siblings. */
int iow_front_try_ATTACH_FD(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);
    struct iow_front_group *group = group_of(ask->front, f);
    uint32_t number = iow_front_take_table(iommufd(ask), pt_asked(ask), 1);
    struct iow_explain why = {0};
    struct iow_dma_domain domain;
    int r;

    if (!number)
        return -ENOMEM;
    domain = domain_of(ask, number);
    r = group->pt_devices ? 0 : iow_dma_attach_group(&group->dma, &domain, &why);
    if (iow_front_answered(ask, &group->dma, r, &why) < 0) {
        iow_front_put_table(iommufd(ask), number, 1);
        return r;
    }
    group->pt = number;
    group->pt_devices++;
    f->attached = true;
    return 0;
}

/* Whoever is attached moves along. */
int iow_front_try_REPLACE(struct iow_front_ask *ask)
{
    struct iow_front_group *group = group_of(ask->front, iow_front_function(ask));
    uint32_t number = iow_front_take_table(iommufd(ask), pt_asked(ask), group->pt_devices);
    struct iow_explain why = {0};
    struct iow_dma_domain domain;
    int r;

    if (!number)
        return -ENOMEM;
    domain = domain_of(ask, number);
    r = iow_dma_replace(&group->dma, &domain, &why);
    (void)iow_front_answered(ask, &group->dma, r, &why);
    iow_front_put_table(iommufd(ask), r == 0 ? group->pt : number, group->pt_devices);
    if (r == 0)
        group->pt = number;
    return r;
}

int iow_front_try_COMPAT(struct iow_front_ask *ask)
{
    if (iow_front_function(ask)->iommufd == IOW_NONE)
        return 0;
    return iow_front_decide(ask, IOW_FRONT_STAGE_ATTACH_NEW, IOW_NONE);
}

void iow_front_do_TELL_PT(struct iow_front_ask *ask)
{
    ask->value = group_of(ask->front, iow_front_function(ask))->pt;
}

void iow_front_do_DETACH_FD(struct iow_front_ask *ask)
{
    if (iow_front_function(ask)->attached)
        detach(ask->front, iow_front_function(ask));
}
