/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Owners that let go by themselves at the end of their scope. Hosted code only. */
#ifndef IOWARD_BASE_CLEANUP_H
#define IOWARD_BASE_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void iow_cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void iow_cleanup_close(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

#define IOW_CLEANUP(function) __attribute__((cleanup(function)))
#define IOW_CLEANUP_FREE IOW_CLEANUP(iow_cleanup_free)
#define IOW_CLEANUP_CLOSE IOW_CLEANUP(iow_cleanup_close)

/* The hand-over of a pointer or a file descriptor, visible on the line where it happens. */
#define iow_take_pointer(pointer)                                                                            \
    ({                                                                                                       \
        __typeof__(pointer) taken_ = (pointer);                                                              \
        (pointer) = NULL;                                                                                    \
        taken_;                                                                                              \
    })

static inline int iow_take_fd(int *fd)
{
    int taken = *fd;

    *fd = -1;
    return taken;
}

#endif
