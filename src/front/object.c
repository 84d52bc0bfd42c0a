/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The objects of an iommufd: each has the lowest number that is free. All devices of a machine can share a
 * page table, so an address space has one at most: made for the first that is attached, gone with the last.
 *
 * Source: drivers/iommu/iommufd/main.c _iommufd_object_alloc(), iommufd_object_remove(); device.c
 * iommufd_device_auto_get_domain() */
#include "front/internal.h"

#include <errno.h>

uint32_t iow_front_new_object(struct iow_front_iommufd *fd, enum iow_front_object_kind kind, uint32_t space)
{
    for (uint32_t i = 0; i < IOW_FRONT_MOST_OBJECTS; i++)
        if (fd->objects[i].kind == IOW_FRONT_OBJECT_NONE) {
            fd->objects[i] = (struct iow_front_object){.kind = kind, .space = space};
            return i + 1;
        }
    return 0;
}

void iow_front_drop_object(struct iow_front_iommufd *fd, uint32_t number)
{
    fd->objects[number - 1].kind = IOW_FRONT_OBJECT_NONE;
}

enum iow_front_object_kind iow_front_object_kind(const struct iow_front_iommufd *fd, uint32_t number)
{
    return number && number <= IOW_FRONT_MOST_OBJECTS ? fd->objects[number - 1].kind : IOW_FRONT_OBJECT_NONE;
}

static uint32_t table_of(const struct iow_front_iommufd *fd, uint32_t space)
{
    for (uint32_t i = 0; i < IOW_FRONT_MOST_OBJECTS; i++)
        if (fd->objects[i].kind == IOW_FRONT_OBJECT_TABLE && fd->objects[i].space == space)
            return i + 1;
    return 0;
}

uint32_t iow_front_table_at(const struct iow_front_iommufd *fd, uint32_t number)
{
    return iow_front_object_kind(fd, number) == IOW_FRONT_OBJECT_SPACE ? table_of(fd, number) : number;
}

uint32_t iow_front_take_table(struct iow_front_iommufd *fd, uint32_t number, uint32_t devices)
{
    uint32_t table = iow_front_table_at(fd, number);

    if (!table)
        table = iow_front_new_object(fd, IOW_FRONT_OBJECT_TABLE, number);
    if (table)
        fd->objects[table - 1].users += devices;
    return table;
}

void iow_front_put_table(struct iow_front_iommufd *fd, uint32_t table, uint32_t devices)
{
    struct iow_front_object *object = &fd->objects[table - 1];

    object->users -= devices;
    if (!object->users)
        iow_front_drop_object(fd, table);
}

static struct iow_front_iommufd *asked(const struct iow_front_ask *ask)
{
    return &ask->front->iommufds[ask->front->files[ask->file].of];
}

int iow_front_try_NEW_IOAS(struct iow_front_ask *ask)
{
    ask->value = iow_front_new_object(asked(ask), IOW_FRONT_OBJECT_SPACE, 0);
    return ask->value ? 0 : -ENOMEM;
}

bool iow_front_when_NO_OBJECT(struct iow_front_ask *ask)
{
    const struct iow_front_iommufd *fd = &ask->front->iommufds[iow_front_iommufd_number(ask)];

    return iow_front_object_kind(fd, ask->op->number) == IOW_FRONT_OBJECT_NONE;
}

/* Devices are used by VFIO, tables by devices, and address spaces by tables. */
bool iow_front_when_OBJECT_USED(struct iow_front_ask *ask)
{
    const struct iow_front_iommufd *fd = asked(ask);
    uint32_t number = ask->op->number;

    return iow_front_object_kind(fd, number) != IOW_FRONT_OBJECT_SPACE || table_of(fd, number);
}

static struct iow_front_object *object_asked(const struct iow_front_ask *ask)
{
    return &asked(ask)->objects[ask->op->number - 1];
}

bool iow_front_when_NO_SPACE(struct iow_front_ask *ask)
{
    return iow_front_object_kind(asked(ask), ask->op->number) != IOW_FRONT_OBJECT_SPACE;
}

bool iow_front_when_SPACE_USED(struct iow_front_ask *ask)
{
    return table_of(asked(ask), ask->op->number);
}

bool iow_front_when_SPACE_MAPPED(struct iow_front_ask *ask)
{
    return object_asked(ask)->mapped;
}

void iow_front_do_MAP_SPACE(struct iow_front_ask *ask)
{
    object_asked(ask)->mapped = true;
}

void iow_front_do_FREE_OBJECT(struct iow_front_ask *ask)
{
    struct iow_front_iommufd *fd = asked(ask);

    if (fd->compat == ask->op->number)
        fd->compat = 0;
    iow_front_drop_object(fd, ask->op->number);
}
