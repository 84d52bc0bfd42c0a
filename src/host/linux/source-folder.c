/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/source-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"
#include "host/linux/capture-json.h"
#include "host/linux/source-handles.h"

/* Handles are file descriptors, but for the root. */
struct folder {
    struct iow_source source;
    int fd;
    enum iow_folder_confinement confinement;
    struct iow_tree errors;   /* captures: the files whose reading failed, from the label */
    struct iow_handles nodes; /* open folders on the way to such files, by descriptor */
};

static struct folder *folder_of(struct iow_source *source)
{
    return (struct folder *)source;
}

static int error_number(int error)
{
    switch (error) {
    case EPERM:
    case EACCES:
        return -IOW_EACCES;
    case ENOENT:
    case ENOTDIR:
        return -IOW_ENOENT;
    case ENODEV:
    case ENXIO:
        return -IOW_ENODEV;
    case ELOOP:
    case EXDEV:
        return -IOW_EBADMSG;
    case ENOMEM:
        return -IOW_ENOMEM;
    default:
        return -IOW_EIO;
    }
}

static int fd_at(struct iow_source *source, int at)
{
    return at == IOW_SOURCE_ROOT ? folder_of(source)->fd : at;
}

static int open_beneath(int at, const char *path, int flags)
{
    struct open_how how = {
        .flags = (uint64_t)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    long fd;
    int tries = 8;

    /* EAGAIN: something was renamed meanwhile, so that the kernel cannot vouch for ".." */
    do
        fd = syscall(SYS_openat2, at, path, &how, sizeof(how));
    while (fd < 0 && (errno == EINTR || (errno == EAGAIN && --tries)));
    return (int)fd;
}

enum iow_folder_confinement iow_folder_confinement(int root_fd)
{
    int fd = open_beneath(root_fd, ".", O_PATH | O_CLOEXEC);

    if (fd < 0)
        return IOW_FOLDER_STEPWISE;
    (void)close(fd);
    return IOW_FOLDER_BENEATH;
}

/* openat(2) that tells a link in place of a folder (ELOOP) from another file there (ENOTDIR). */
static int open_step(int at, const char *name, int flags)
{
    struct stat st;
    int fd = openat(at, name, flags | O_NOFOLLOW);

    if (fd < 0 && errno == ENOTDIR)
        errno = fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
    return fd;
}

/* One component at a time, each without following a link: what openat2(2) does at once. */
static int open_stepwise(int at, const char *path, int flags)
{
    IOW_CLEANUP_CLOSE int folder = -1;
    char name[NAME_MAX + 1];

    for (;;) {
        size_t n = strcspn(path, "/");
        int fd;

        if (n > NAME_MAX || (n == 2 && !memcmp(path, "..", 2))) {
            errno = n > NAME_MAX ? ENAMETOOLONG : EXDEV;
            return -1;
        }
        memcpy(name, n ? path : ".", n ? n : 1);
        name[n ? n : 1] = '\0';
        fd = open_step(folder < 0 ? at : folder, name, path[n] ? O_PATH | O_DIRECTORY | O_CLOEXEC : flags);
        if (fd < 0 || !path[n])
            return fd;
        if (folder >= 0)
            (void)close(folder);
        folder = fd;
        path += n + 1;
    }
}

/* The program may run without a standard input; that number means the root here. Keeps errno. */
static int not_root(int fd)
{
    int moved;

    if (fd != IOW_SOURCE_ROOT)
        return fd;
    moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    (void)close(fd);
    return moved;
}

static int open_below(struct iow_source *source, int at, const char *path, int flags)
{
    int fd;

    switch (folder_of(source)->confinement) {
    case IOW_FOLDER_BENEATH:
        /* With O_NOFOLLOW a link in place of a folder would be ENOTDIR; without, it is ELOOP. */
        fd =
            open_beneath(fd_at(source, at), path, flags | (flags & O_DIRECTORY ? 0 : O_NOFOLLOW) | O_CLOEXEC);
        break;
    case IOW_FOLDER_STEPWISE:
        fd = open_stepwise(fd_at(source, at), path, flags | O_CLOEXEC);
        break;
    default:
        fd = openat(fd_at(source, at), path, flags | O_NOFOLLOW | O_CLOEXEC);
    }
    fd = not_root(fd);
    return fd < 0 ? error_number(errno) : fd;
}

/* The node of a path among those that lead to recorded errors, NULL if it does not. */
static struct iow_tree_node *error_node(struct iow_source *source, int at, const char *path)
{
    struct folder *folder = folder_of(source);
    struct iow_tree_node *node =
        at == IOW_SOURCE_ROOT ? folder->errors.root : iow_handles_get(&folder->nodes, at);

    return node ? iow_tree_find(&folder->errors, node, path) : NULL;
}

static int open_folder(struct iow_source *source, int at, const char *path)
{
    struct iow_tree_node *node = error_node(source, at, path);
    int fd;

    if (node && node->error)
        return -node->error;
    fd = open_below(source, at, path, O_PATH | O_DIRECTORY);
    if (fd >= 0 && node && iow_handles_set(&folder_of(source)->nodes, fd, node) < 0) {
        (void)close(fd);
        return -IOW_ENOMEM;
    }
    return fd;
}

/* Opens for reading what path is a handle of; through /proc, the one way to open the very same file again. */
static int reopen(int path)
{
    char name[sizeof("/proc/self/fd/") + 11];
    int fd;

    (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", path);
    fd = not_root(open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (fd >= 0)
        return fd;
    return errno == ENOENT ? -IOW_EIO : error_number(errno); /* no /proc: not for want of the file */
}

/* A stranger's folder may hold pipes and devices under the names of files; opening one can already do things.
 */
static int open_regular(struct iow_source *source, int at, const char *path)
{
    IOW_CLEANUP_CLOSE int found = -1;
    struct stat st;
    int fd = open_below(source, at, path, O_PATH);

    if (fd < 0)
        return fd;
    found = fd;
    if (fstat(found, &st) < 0 || !S_ISREG(st.st_mode))
        return -IOW_EBADMSG;
    return reopen(found);
}

static int open_file(struct iow_source *source, int at, const char *path)
{
    struct iow_tree_node *node = error_node(source, at, path);

    if (node && node->error)
        return -node->error;
    if (folder_of(source)->confinement == IOW_FOLDER_LIVE)
        return open_below(source, at, path, O_RDONLY);
    return open_regular(source, at, path);
}

static void close_handle(struct iow_source *source, int handle)
{
    if (handle == IOW_SOURCE_ROOT)
        return;
    iow_handles_remove(&folder_of(source)->nodes, handle);
    (void)close(handle);
}

static int read_file(struct iow_source *source, int file, uint64_t offset, void *buf, size_t len)
{
    ssize_t n;

    (void)source;
    if (offset > INT64_MAX)
        return 0;
    do
        n = pread(file, buf, len < INT_MAX ? len : INT_MAX, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n < 0 ? error_number(errno) : (int)n;
}

/* One name that is not followed leads nowhere else; and the live machine's paths are our own. */
static bool cannot_leave(struct iow_source *source, const char *path)
{
    return folder_of(source)->confinement == IOW_FOLDER_LIVE ||
           (!strchr(path, '/') && strcmp(path, "..") != 0);
}

static int read_link(struct iow_source *source, int at, const char *path, char *buf, size_t size)
{
    struct iow_tree_node *node = error_node(source, at, path);
    IOW_CLEANUP_CLOSE int fd = -1;
    ssize_t n;

    if (node && node->error)
        return -node->error;
    if (cannot_leave(source, path)) {
        n = readlinkat(fd_at(source, at), path, buf, size);
    } else {
        fd = open_below(source, at, path, O_PATH);
        if (fd < 0)
            return fd;
        n = readlinkat(fd, "", buf, size);
        if (n < 0 && errno == ENOENT)
            return -IOW_EINVAL; /* what readlinkat(2) says of an open file that is no link */
    }
    if (n < 0)
        return errno == EINVAL ? -IOW_EINVAL : error_number(errno);
    if ((size_t)n >= size)
        return -IOW_E2BIG;
    buf[n] = '\0';
    return (int)n;
}

static void close_dir(DIR **dir)
{
    if (*dir)
        (void)closedir(*dir);
}

static int list(struct iow_source *source, int folder, int (*entry)(void *ctx, const char *name), void *ctx)
{
    IOW_CLEANUP(close_dir) DIR *dir = NULL;
    struct dirent *found;
    int fd = openat(fd_at(source, folder), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

    if (fd < 0)
        return error_number(errno);
    dir = fdopendir(fd);
    if (!dir) {
        (void)close(fd);
        return -IOW_ENOMEM;
    }
    for (errno = 0; !r && (found = readdir(dir)); errno = 0)
        if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0)
            r = entry(ctx, found->d_name);
    return r || !errno ? r : error_number(errno);
}

static bool exists(struct iow_source *source, int at, const char *path)
{
    struct stat st;
    int fd;

    if (cannot_leave(source, path))
        return fstatat(fd_at(source, at), path, &st, AT_SYMLINK_NOFOLLOW) == 0;
    fd = open_below(source, at, path, O_PATH);
    if (fd >= 0)
        (void)close(fd);
    return fd >= 0;
}

static void free_folder(struct iow_source *source)
{
    struct folder *folder = folder_of(source);

    (void)close(folder->fd);
    iow_handles_done(&folder->nodes);
    iow_tree_done(&folder->errors);
    free(folder);
}

static const struct iow_source_ops folder_ops = {
    .open_folder = open_folder,
    .open_file = open_file,
    .close = close_handle,
    .read = read_file,
    .read_link = read_link,
    .list = list,
    .exists = exists,
    .free = free_folder,
};

/* Takes what failed from the label of a capture. */
static int read_label(struct folder *folder, struct iow_explain *reterr)
{
    IOW_CLEANUP_FREE char *json = malloc(IOW_MAX_FILE_BYTES);
    struct iow_tree tree;
    int n, r;

    if (!json)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    n = iow_source_read_text(&folder->source, IOW_SOURCE_ROOT, IOW_CAPTURE_LABEL, json, IOW_MAX_FILE_BYTES);
    if (n == -IOW_ENOENT)
        return 0;
    if (n < 0)
        return iow_explain_text(reterr, n,
            n == -IOW_E2BIG     ? IOW_RULE_CAP_TOO_BIG
            : n == -IOW_EBADMSG ? IOW_RULE_CAP_OUTSIDE
                                : IOW_RULE_READ_FAILED,
            IOW_CAPTURE_LABEL);
    r = iow_tree_init(&tree);
    if (r == 0)
        r = iow_capture_read_label(json, (size_t)n, &tree, tree.root, reterr);
    folder->errors = tree;
    return r;
}

int iow_source_folder(
    int root_fd, enum iow_folder_confinement confinement, struct iow_source **ret, struct iow_explain *reterr)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    bool live = confinement == IOW_FOLDER_LIVE;
    int r = 0;

    if (!folder) {
        (void)close(root_fd);
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    }
    folder->source = (struct iow_source){
        .ops = &folder_ops,
        .provenance = live ? IOW_FROM_LIVE : IOW_FROM_CAPTURE,
        .root_fd = live ? root_fd : -1,
    };
    folder->fd = root_fd;
    folder->confinement = confinement;
    if (!live)
        r = read_label(folder, reterr);
    if (r < 0) {
        free_folder(&folder->source);
        return r;
    }
    *ret = &folder->source;
    return 0;
}
