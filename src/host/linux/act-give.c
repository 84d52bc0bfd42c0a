/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The node of a group, and who may open it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/linux/act.h"

#define MODE_BITS 07777u
#define UDEV_USEC 5000000u
/* udev keeps a record of every device with a node. If there is none after this time of rest there will be none. */
#define UDEV_RECORD_USEC 1000000u

/* An O_PATH file: opening the group in earnest would be using it. */
static int open_node(int root, uint32_t group, struct stat *ret)
{
    char path[32];
    int fd, error;

    (void)snprintf(path, sizeof(path), "dev/vfio/%u", group);
    fd = openat(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    error = fstat(fd, ret) < 0 ? errno : S_ISCHR(ret->st_mode) ? 0 : ENXIO;
    if (error) {
        (void)close(fd);
        return -error;
    }
    return fd;
}

int iow_act_node(int root, uint32_t group, char value[IOW_VALUE_BYTES])
{
    IOW_CLEANUP_CLOSE int fd = -1;
    struct stat st;

    value[0] = '\0';
    fd = open_node(root, group, &st);
    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    (void)iow_access_format(st.st_uid, st.st_gid, st.st_mode & MODE_BITS, value);
    return 0;
}

static bool exists(int root, const char *path)
{
    return faccessat(root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * Source: systemd src/udev/udevd.c (the queue's file is there while events are handled), src/udev/udev-event.c
 *         (permissions of the node first, then the record)
 */
static void wait_for_udev(const struct iow_live *live, dev_t device, uint64_t timeout_usec)
{
    struct iow_wait wait =
        iow_wait_begin(timeout_usec < UDEV_USEC ? timeout_usec : UDEV_USEC, live->actor.stop);
    struct iow_wait record = iow_wait_begin(UDEV_RECORD_USEC, live->actor.stop);
    bool record_may_come = true;
    char path[48];

    if (!exists(live->root, "run/udev/control"))
        return;
    (void)snprintf(path, sizeof(path), "run/udev/data/c%u:%u", major(device), minor(device));
    for (;;) {
        bool busy = exists(live->root, "run/udev/queue");

        if (!busy && (!record_may_come || exists(live->root, path)))
            return;
        if (!iow_wait_more(&wait, -1))
            return;
        if (busy)
            record = iow_wait_begin(UDEV_RECORD_USEC, live->actor.stop);
        else
            record_may_come = iow_wait_more(&record, -1);
    }
}

#define FILE_PATH_BYTES (sizeof("/proc/self/fd/") + 11)

/* The way to the very file that was looked at, for calls that do not take an O_PATH file. */
static const char *file_path(int fd, char path[FILE_PATH_BYTES])
{
    (void)snprintf(path, FILE_PATH_BYTES, "/proc/self/fd/%d", fd);
    return path;
}

static int change_mode(int fd, mode_t mode)
{
    char path[FILE_PATH_BYTES];

    return chmod(file_path(fd, path), mode) < 0 ? -errno : 0;
}

/*
 * An owner may let others in by an access control list, which outlives a change of owner; a mode with bits for the
 * group puts it in force again, since those are its mask then. Not every file system has such lists.
 * Source: Linux fs/posix_acl.c __posix_acl_chmod_masq()
 */
static int remove_list(int fd)
{
    char path[FILE_PATH_BYTES];

    if (removexattr(file_path(fd, path), "system.posix_acl_access") == 0)
        return 0;
    return errno == ENODATA || errno == EOPNOTSUPP ? 0 : -errno;
}

/*
 * In an order in which nobody, neither the old owner nor the new one, may do more meanwhile than before or after. The
 * list goes when its owner can no longer make another, and before a mode could put it in force.
 */
static int change_access(int fd, const struct stat *before, uid_t uid, gid_t gid, mode_t mode)
{
    mode_t old = before->st_mode & MODE_BITS, both = old & mode & S_IRWXU;
    int r = 0;

    if (both != old)
        r = change_mode(fd, both);
    if (r == 0 && fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
        r = -errno;
    if (r == 0)
        r = remove_list(fd);
    if (r == 0 && both != mode)
        r = change_mode(fd, mode);
    if (r < 0) {
        (void)!fchownat(fd, "", before->st_uid, before->st_gid, AT_EMPTY_PATH);
        (void)change_mode(fd, old);
    }
    return r;
}

int iow_act_give(const struct iow_live *live, uint64_t timeout_usec)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    struct stat st;

    fd = open_node(live->root, live->group, &st);
    if (fd < 0)
        return fd;
    wait_for_udev(live, st.st_rdev, timeout_usec);
    /* Its rules may have changed the access, but not which node it is. */
    if (fstat(fd, &st) < 0)
        return -errno;
    return change_access(fd, &st, live->uid, live->gid, live->mode);
}
