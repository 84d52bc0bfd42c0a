/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/facts.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16u

static bool grow(struct iow_list *list, size_t item_bytes)
{
    uint32_t room = list->room ? 2 * list->room : FIRST_ROOM;
    void *items;

    if (room < list->room)
        return false;
    items = reallocarray(list->items, room, item_bytes);
    if (!items)
        return false;
    list->items = items;
    list->room = room;
    return true;
}

void *iow_list_add(struct iow_list *list, size_t item_bytes)
{
    if (list->n == list->room && !grow(list, item_bytes))
        return NULL;
    return memset((char *)list->items + list->n++ * item_bytes, 0, item_bytes);
}

void iow_list_done(struct iow_list *list)
{
    free(list->items);
    *list = (struct iow_list){0};
}

void *iow_list_keep(const struct iow_list *list, size_t item_bytes, struct iow_mem *mem)
{
    void *array = iow_mem_alloc(mem, list->n, item_bytes);

    if (array && list->n)
        memcpy(array, list->items, list->n * item_bytes);
    return array;
}
