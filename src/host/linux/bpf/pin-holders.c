/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the programs that go over all files and mappings: each is a file that gives records. */
#include "base/cleanup.h"
#include "host/linux/bpf/bpf-identity.h"
#include "host/linux/bpf/pin.h"
#include <ioward/error.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* The machine's first namespace of processes. Source: include/linux/proc_ns.h PROC_PID_INIT_INO */
#define FIRST_NAMESPACE 0xeffffffcu

const char *iow_pin_files_path(void)
{
    return IOW_PIN_FOLDER "/" IOW_PIN_IDENTITY "/" IOW_PIN_FILES;
}

static bool sees_all_processes(int root_fd)
{
    struct stat st;

    return fstatat(root_fd, "proc/self/ns/pid", &st, 0) == 0 && st.st_ino == FIRST_NAMESPACE;
}

/* A read may end in the middle of a record. */
static int read_records(
    int folder, const char *name, int (*found)(void *ctx, const struct iow_file_record *record), void *ctx)
{
    IOW_CLEANUP_CLOSE int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct iow_file_record record;
    size_t have = 0;
    ssize_t n;
    int r = 0;

    if (file < 0)
        return -errno;
    while (r == 0 && (n = read(file, (char *)&record + have, sizeof(record) - have)) > 0) {
        have += (size_t)n;
        if (have < sizeof(record))
            continue;
        record.name[sizeof(record.name) - 1] = '\0';
        r = found(ctx, &record);
        have = 0;
    }
    return r == 0 && n < 0 ? -errno : r;
}

int iow_pin_holders(int root_fd, int (*found)(void *ctx, const struct iow_file_record *record), void *ctx)
{
    IOW_CLEANUP_CLOSE int outer = iow_pin_folder_open(root_fd, IOW_PIN_FOLDER), folder = -1;
    int r;

    if (outer < 0)
        return outer;
    folder = iow_pin_folder_open(outer, IOW_PIN_IDENTITY);
    if (folder < 0)
        return folder;
    if (!sees_all_processes(root_fd))
        return -IOW_ENOENT;
    r = read_records(folder, IOW_PIN_FILES, found, ctx);
    return r == 0 ? read_records(folder, IOW_PIN_MAPPINGS, found, ctx) : r;
}
