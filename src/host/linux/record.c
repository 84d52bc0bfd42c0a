/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/record.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "host/linux/source-handles.h"

/* Config space and most attributes come in one piece of this size. */
#define FIRST_PIECE 4096u

struct recorder {
    struct iow_source source;
    struct iow_source *inner;
    bool owns_inner;
    int error; /* of keeping, not of reading */
    struct iow_tree tree;
    struct iow_handles handles; /* of struct opened */
};

struct opened {
    int inner; /* handle */
    struct iow_tree_node *node;
};

static struct recorder *recorder_of(struct iow_source *source)
{
    return (struct recorder *)source;
}

static struct opened root_of(struct recorder *recorder)
{
    return (struct opened){.inner = IOW_SOURCE_ROOT, .node = recorder->tree.root};
}

static struct opened opened_at(struct recorder *recorder, int at)
{
    const struct opened *opened = iow_handles_get(&recorder->handles, at);

    return opened ? *opened : root_of(recorder);
}

/* The node of this path, made if there is none. What was kept of it before stays. */
static struct iow_tree_node *keep(
    struct recorder *recorder, struct iow_tree_node *at, const char *path, enum iow_tree_kind kind)
{
    struct iow_tree_node *node = iow_tree_find(&recorder->tree, at, path);
    bool new_answer = node && node->kind <= IOW_TREE_MARK && kind > IOW_TREE_MARK;
    int r;

    if (node && node->kind == kind)
        return node;
    r = iow_tree_add(&recorder->tree, at, path, kind, &node);
    if (r == 0) {
        if (new_answer)
            node->error = 0;
        return node;
    }
    /* -IOW_EINVAL: it was something else a moment ago; the first answer stands. */
    if (r != -IOW_EINVAL && !recorder->error)
        recorder->error = r;
    return NULL;
}

/*
 * Reading it failed with error. That a file is not there at all needs no record, unless something said before
 * that it is.
 */
static void keep_error(struct recorder *recorder, int at, const char *path, int error)
{
    struct opened folder = opened_at(recorder, at);
    struct iow_tree_node *node;
    bool there;

    if (error != -IOW_EACCES && error != -IOW_EIO && error != -IOW_ENODEV && error != -IOW_ENOENT)
        return;
    node = iow_tree_find(&recorder->tree, folder.node, path);
    if (error == -IOW_ENOENT) {
        if (node && node->kind == IOW_TREE_MARK)
            node->error = IOW_ENOENT;
        return;
    }
    if (node && node->kind > IOW_TREE_MARK)
        return;
    there = recorder->inner->ops->exists(recorder->inner, folder.inner, path);
    node = keep(recorder, folder.node, path, there ? IOW_TREE_MARK : IOW_TREE_ABSENT);
    if (node)
        node->error = (uint8_t)-error;
}

/* An open file or folder under a handle of ours. */
static int open_as(struct recorder *recorder, int inner, struct iow_tree_node *node)
{
    struct opened *opened = node ? malloc(sizeof(*opened)) : NULL;
    int handle;

    if (opened) {
        *opened = (struct opened){.inner = inner, .node = node};
        handle = iow_handles_add(&recorder->handles, opened);
        if (handle >= 0)
            return handle;
        free(opened);
    }
    recorder->inner->ops->close(recorder->inner, inner);
    if (!node && !recorder->error)
        return -IOW_ENOENT; /* what was a file is a folder now: a device came or went */
    return recorder->error ? recorder->error : -IOW_ENOMEM;
}

static int open_folder(struct iow_source *source, int at, const char *path)
{
    struct recorder *recorder = recorder_of(source);
    struct opened folder = opened_at(recorder, at);
    int inner = recorder->inner->ops->open_folder(recorder->inner, folder.inner, path);

    if (inner < 0) {
        keep_error(recorder, at, path, inner);
        return inner;
    }
    return open_as(recorder, inner, keep(recorder, folder.node, path, IOW_TREE_FOLDER));
}

static int open_file(struct iow_source *source, int at, const char *path)
{
    struct recorder *recorder = recorder_of(source);
    struct opened folder = opened_at(recorder, at);
    int inner = recorder->inner->ops->open_file(recorder->inner, folder.inner, path);

    if (inner < 0) {
        keep_error(recorder, at, path, inner);
        return inner;
    }
    return open_as(recorder, inner, keep(recorder, folder.node, path, IOW_TREE_FILE));
}

static void close_handle(struct iow_source *source, int handle)
{
    struct recorder *recorder = recorder_of(source);
    struct opened *opened = iow_handles_remove(&recorder->handles, handle);

    if (opened)
        recorder->inner->ops->close(recorder->inner, opened->inner);
    free(opened);
}

/* The whole file in memory of malloc(): its length or an error. */
static int read_whole(struct iow_source *inner, int file, char **ret)
{
    size_t size = FIRST_PIECE, n = 0;
    IOW_CLEANUP_FREE char *bytes = malloc(size);

    while (bytes) {
        char *more;
        int r = inner->ops->read(inner, file, n, bytes + n, size - n);

        if (r < 0)
            return r;
        n += (size_t)r;
        if (r == 0) {
            *ret = iow_take_pointer(bytes);
            return (int)n;
        }
        if (n > IOW_MAX_FILE_BYTES)
            return -IOW_E2BIG;
        if (n < size)
            continue;
        more = realloc(bytes, size *= 2);
        if (!more)
            return -IOW_ENOMEM;
        bytes = more;
    }
    return -IOW_ENOMEM;
}

static int keep_bytes(struct recorder *recorder, const struct opened *file)
{
    IOW_CLEANUP_FREE char *bytes = NULL;
    int n = read_whole(recorder->inner, file->inner, &bytes), r;

    if (n == -IOW_ENOMEM)
        return n;
    if (n < 0) {
        bool known = n == -IOW_EACCES || n == -IOW_ENODEV || n == -IOW_ENOENT;

        file->node->error = (uint8_t)(known ? -n : IOW_EIO);
        return n;
    }
    r = iow_tree_set_bytes(&recorder->tree, file->node, bytes, (size_t)n);
    if (r < 0 && !recorder->error)
        recorder->error = r;
    return r;
}

static int read_file(struct iow_source *source, int file, uint64_t offset, void *buf, size_t len)
{
    struct recorder *recorder = recorder_of(source);
    const struct opened *opened = iow_handles_get(&recorder->handles, file);
    const struct iow_tree_node *node;

    if (!opened || opened->node->kind != IOW_TREE_FILE)
        return -IOW_EIO;
    node = opened->node;
    if (!node->bytes) {
        int r = node->error ? -node->error : keep_bytes(recorder, opened);

        if (r < 0)
            return r;
    }
    if (offset >= node->len)
        return 0;
    if (len > node->len - offset)
        len = node->len - (size_t)offset;
    if (len > INT_MAX)
        len = INT_MAX;
    memcpy(buf, node->bytes + offset, len);
    return (int)len;
}

/* Is this text one that a capture may hold? */
static bool stays_inside(
    struct recorder *recorder, struct iow_tree_node *at, const char *path, const char *text)
{
    char folder[IOW_MAX_PATH], joined[IOW_MAX_PATH], target[IOW_MAX_PATH];
    const char *last = strrchr(path, '/');
    char above[IOW_MAX_PATH] = "";

    if (strlen(path) >= sizeof(above))
        return false;
    if (last)
        memcpy(above, path, (size_t)(last - path));
    iow_tree_path(recorder->tree.root, at, folder);
    return iow_source_resolve(folder, above, joined, sizeof(joined)) == 0 &&
           iow_source_resolve(joined, text, target, sizeof(target)) == 0;
}

static int read_link(struct iow_source *source, int at, const char *path, char *buf, size_t size)
{
    struct recorder *recorder = recorder_of(source);
    struct opened folder = opened_at(recorder, at);
    struct iow_tree_node *node;
    int r, len = recorder->inner->ops->read_link(recorder->inner, folder.inner, path, buf, size);

    if (len < 0) {
        keep_error(recorder, at, path, len);
        return len;
    }
    /* A link that leaves the tree is refused by every reader, so it only has to be there. */
    if (!stays_inside(recorder, folder.node, path, buf)) {
        keep(recorder, folder.node, path, IOW_TREE_MARK);
        return len;
    }
    node = keep(recorder, folder.node, path, IOW_TREE_LINK);
    if (!node || node->bytes)
        return len;
    r = iow_tree_set_bytes(&recorder->tree, node, buf, (size_t)len);
    if (r < 0 && !recorder->error)
        recorder->error = r;
    return r < 0 ? r : len;
}

struct listing {
    struct recorder *recorder;
    struct iow_tree_node *folder;
    int (*entry)(void *ctx, const char *name);
    void *ctx;
};

static int keep_entry(void *ctx, const char *name)
{
    struct listing *listing = ctx;

    keep(listing->recorder, listing->folder, name, IOW_TREE_MARK);
    return listing->entry(listing->ctx, name);
}

static int list(struct iow_source *source, int folder, int (*entry)(void *ctx, const char *name), void *ctx)
{
    struct recorder *recorder = recorder_of(source);
    struct opened opened = opened_at(recorder, folder);
    struct listing listing = {.recorder = recorder, .folder = opened.node, .entry = entry, .ctx = ctx};
    int r = recorder->inner->ops->list(recorder->inner, opened.inner, keep_entry, &listing);

    if ((r == -IOW_EACCES || r == -IOW_EIO || r == -IOW_ENODEV) && !opened.node->first_child)
        opened.node->error = (uint8_t)-r;
    return r;
}

static bool exists(struct iow_source *source, int at, const char *path)
{
    struct recorder *recorder = recorder_of(source);
    struct opened folder = opened_at(recorder, at);
    bool there = recorder->inner->ops->exists(recorder->inner, folder.inner, path);

    if (there)
        keep(recorder, folder.node, path, IOW_TREE_MARK);
    return there;
}

static int record_probe(struct iow_source *source, const char *name, const char *json, size_t len)
{
    struct recorder *recorder = recorder_of(source);
    char path[IOW_MAX_PATH] = "probe/";
    struct iow_tree_node *node;
    int r;

    if (strlen(name) + sizeof("probe/.json") > sizeof(path))
        return -IOW_EINVAL;
    strcat(strcat(path, name), ".json");
    node = keep(recorder, recorder->tree.root, path, IOW_TREE_FILE);
    r = node ? iow_tree_set_bytes(&recorder->tree, node, json, len) : -IOW_ENOMEM;
    if (r < 0 && !recorder->error)
        recorder->error = r;
    return r;
}

static void free_recorder(struct iow_source *source)
{
    struct recorder *recorder = recorder_of(source);

    for (int i = 1; i < recorder->handles.n; i++)
        close_handle(source, i);
    iow_handles_done(&recorder->handles);
    iow_tree_done(&recorder->tree);
    if (recorder->owns_inner)
        iow_source_close(recorder->inner);
    free(recorder);
}

static const struct iow_source_ops record_ops = {
    .open_folder = open_folder,
    .open_file = open_file,
    .close = close_handle,
    .read = read_file,
    .read_link = read_link,
    .list = list,
    .exists = exists,
    .record_probe = record_probe,
    .free = free_recorder,
};

int iow_record_borrowed(struct iow_source *inner, struct iow_source **ret)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));

    if (!recorder)
        return -IOW_ENOMEM;
    recorder->source =
        (struct iow_source){.ops = &record_ops, .provenance = inner->provenance, .root_fd = inner->root_fd};
    recorder->inner = inner;
    if (iow_tree_init(&recorder->tree) < 0) {
        free_recorder(&recorder->source);
        return -IOW_ENOMEM;
    }
    *ret = &recorder->source;
    return 0;
}

int iow_source_recording(struct iow_source *inner, struct iow_source **ret)
{
    int r = iow_record_borrowed(inner, ret);

    if (r == 0)
        recorder_of(*ret)->owns_inner = true;
    return r;
}

struct iow_tree *iow_record_tree(struct iow_source *recording)
{
    return &recorder_of(recording)->tree;
}

int iow_record_error(struct iow_source *recording)
{
    return recorder_of(recording)->error;
}
