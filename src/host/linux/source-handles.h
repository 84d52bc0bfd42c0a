/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small numbers for what a source has open: number 0, the root, is never given out. */
#ifndef IOWARD_HOST_LINUX_SOURCE_HANDLES_H
#define IOWARD_HOST_LINUX_SOURCE_HANDLES_H

#include <ioward/error.h>
#include <stddef.h>

struct iow_handles {
    void **slot; /* slot[handle]; NULL: free */
    int n;
};

/* iow_handles_set - puts object under this number (> 0); -IOW_ENOMEM */
int iow_handles_set(struct iow_handles *handles, int handle, void *object);

/* iow_handles_add - the least free number, now of object (not NULL); -IOW_ENOMEM */
int iow_handles_add(struct iow_handles *handles, void *object);

/* iow_handles_get - the object, NULL for a number that is not in use */
void *iow_handles_get(const struct iow_handles *handles, int handle);

/* iow_handles_remove - the object, which has no number any more */
void *iow_handles_remove(struct iow_handles *handles, int handle);

void iow_handles_done(struct iow_handles *handles);

#endif
