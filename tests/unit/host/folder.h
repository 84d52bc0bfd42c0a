/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A temporary folder of the real file system, for tests. */
#ifndef IOWARD_TESTS_HOST_FOLDER_H
#define IOWARD_TESTS_HOST_FOLDER_H

#include "testing.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[64];
    int fd;
};

static inline void folder_make(struct folder *folder)
{
    strcpy(folder->path, "/tmp/ioward-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(folder->fd >= 0);
}

static inline int folder_remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void folder_remove(struct folder *folder)
{
    close(folder->fd);
    assert_int_equal(nftw(folder->path, folder_remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void folder_add(const struct folder *folder, const char *path, const char *bytes)
{
    int fd = openat(folder->fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    close(fd);
}

static inline void folder_add_folder(const struct folder *folder, const char *path)
{
    assert_int_equal(mkdirat(folder->fd, path, 0755), 0);
}

static inline void folder_add_link(const struct folder *folder, const char *path, const char *text)
{
    assert_int_equal(symlinkat(text, folder->fd, path), 0);
}

#endif
