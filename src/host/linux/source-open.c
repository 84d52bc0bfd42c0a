/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which kind of source is behind a path. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "host/linux/archive.h"
#include "host/linux/capture-json.h"
#include "host/linux/source-folder.h"

int iow_source_open_live(struct iow_source **ret, struct iow_explain *reterr)
{
    int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return iow_explain_text(reterr, errno == EACCES ? -IOW_EACCES : -IOW_EIO, IOW_RULE_READ_FAILED, "/");
    return iow_source_folder(fd, IOW_FOLDER_LIVE, ret, reterr);
}

static bool looks_like_capture(int fd)
{
    struct stat st;

    if (fstatat(fd, "sys", &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
        return true;
    return fstatat(fd, IOW_CAPTURE_LABEL, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static void close_dir(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

/* The only folder in this folder, if it is the capture: what unpacking into a new folder leaves. -1 if not.
 */
static int open_only_folder(int fd)
{
    IOW_CLEANUP(close_dir) DIR *dir = NULL;
    IOW_CLEANUP_CLOSE int only = -1;
    int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct dirent *entry;

    dir = again < 0 ? NULL : fdopendir(again);
    if (!dir) {
        if (again >= 0)
            (void)close(again);
        return -1;
    }
    while ((entry = readdir(dir))) {
        int found;

        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        found = openat(fd, entry->d_name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (found < 0)
            continue;
        if (only >= 0) {
            (void)close(found);
            return -1;
        }
        only = found;
    }
    return only >= 0 && looks_like_capture(only) ? iow_take_fd(&only) : -1;
}

static int open_capture_folder(const char *path, int *fd, struct iow_source **ret, struct iow_explain *reterr)
{
    enum iow_folder_confinement confinement = iow_folder_confinement(*fd);

    if (!looks_like_capture(*fd)) {
        int inner = open_only_folder(*fd);

        if (inner < 0)
            return iow_explain_text(reterr, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, path);
        (void)close(*fd);
        *fd = inner;
    }
    return iow_source_folder(iow_take_fd(fd), confinement, ret, reterr);
}

int iow_source_open_path(const char *path, struct iow_source **ret, struct iow_explain *reterr)
{
    /* Not blocking: a pipe in place of an archive has nobody at its other end. */
    IOW_CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 && (errno == EACCES || errno == EPERM))
        return iow_explain_text(reterr, -IOW_EACCES, IOW_RULE_READ_DENIED, path);
    if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
        return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, path);
    if (fd < 0)
        return iow_explain_text(reterr, -IOW_ENOENT, IOW_RULE_CAP_NOT_FOUND, path);
    if (fstat(fd, &st) < 0)
        return iow_explain_text(reterr, -IOW_EIO, IOW_RULE_READ_FAILED, path);
    if (S_ISDIR(st.st_mode))
        return open_capture_folder(path, &fd, ret, reterr);
    if (S_ISREG(st.st_mode))
        return iow_archive_read_fd(fd, path, ret, reterr);
    return iow_explain_text(reterr, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, path);
}
