/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/source-handles.h"

#include <stdlib.h>

int iow_handles_set(struct iow_handles *handles, int handle, void *object)
{
    if (handle >= handles->n) {
        int n = handle < 16 ? 32 : handle * 2;
        void **slot = realloc(handles->slot, (size_t)n * sizeof(*slot));

        if (!slot)
            return -IOW_ENOMEM;
        for (int i = handles->n; i < n; i++)
            slot[i] = NULL;
        handles->slot = slot;
        handles->n = n;
    }
    handles->slot[handle] = object;
    return 0;
}

int iow_handles_add(struct iow_handles *handles, void *object)
{
    int handle = 1, r;

    while (handle < handles->n && handles->slot[handle])
        handle++;
    r = iow_handles_set(handles, handle, object);
    return r < 0 ? r : handle;
}

void *iow_handles_get(const struct iow_handles *handles, int handle)
{
    return handle > 0 && handle < handles->n ? handles->slot[handle] : NULL;
}

void *iow_handles_remove(struct iow_handles *handles, int handle)
{
    void *object = iow_handles_get(handles, handle);

    if (object)
        handles->slot[handle] = NULL;
    return object;
}

void iow_handles_done(struct iow_handles *handles)
{
    free(handles->slot);
    *handles = (struct iow_handles){.slot = NULL};
}
