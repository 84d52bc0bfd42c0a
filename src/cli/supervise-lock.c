/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>

#include "base/cleanup.h"

static int lock_path(const char *folder, int64_t transaction, char path[PATH_MAX])
{
    int len = snprintf(path, PATH_MAX, "%s/run-%" PRId64, folder, transaction);

    return len < 0 || len >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int iow_supervision_lock(const char *folder, int64_t transaction, int *ret_fd)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char path[PATH_MAX];
    int r = lock_path(folder, transaction, path);

    if (r < 0)
        return r;
    /* For reading only: those who inherit it are to hold it and nothing else. */
    fd = open(path, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) < 0)
        return -errno;
    *ret_fd = iow_take_fd(&fd);
    return 0;
}

void iow_supervision_unlock(const char *folder, int64_t transaction, int fd)
{
    char path[PATH_MAX];

    if (lock_path(folder, transaction, path) == 0)
        (void)unlink(path);
    if (fd >= 0)
        (void)close(fd);
}
