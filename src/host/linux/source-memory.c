/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "host/linux/source-handles.h"
#include "host/linux/source-tree.h"

struct memory {
    struct iow_source source;
    struct iow_tree tree;
    struct iow_tree_node *root;
    struct iow_handles handles; /* of nodes */
};

static struct memory *memory_of(struct iow_source *source)
{
    return (struct memory *)source;
}

static struct iow_tree_node *node_at(struct iow_source *source, int at)
{
    struct memory *memory = memory_of(source);

    return at == IOW_SOURCE_ROOT ? memory->root : iow_handles_get(&memory->handles, at);
}

/* The node at a path, or what opening it answers. */
static int look_up(struct iow_source *source, int at, const char *path, struct iow_tree_node **ret)
{
    const struct iow_tree *tree = &memory_of(source)->tree;

    *ret = iow_tree_find(tree, node_at(source, at), path);
    if (!*ret)
        return iow_tree_crosses_link(tree, node_at(source, at), path) ? -IOW_EBADMSG : -IOW_ENOENT;
    if ((*ret)->error)
        return -(*ret)->error;
    return (*ret)->kind == IOW_TREE_ABSENT ? -IOW_ENOENT : 0;
}

static int open_folder(struct iow_source *source, int at, const char *path)
{
    struct iow_tree_node *node;
    int r = look_up(source, at, path, &node);

    if (r < 0)
        return r;
    if (node->kind == IOW_TREE_LINK)
        return -IOW_EBADMSG;
    return node->kind == IOW_TREE_FOLDER ? iow_handles_add(&memory_of(source)->handles, node) : -IOW_ENOENT;
}

static int open_file(struct iow_source *source, int at, const char *path)
{
    struct iow_tree_node *node;
    int r = look_up(source, at, path, &node);

    if (r < 0)
        return r;
    if (node->kind == IOW_TREE_LINK)
        return -IOW_EBADMSG;
    return node->kind == IOW_TREE_FOLDER ? -IOW_EIO : iow_handles_add(&memory_of(source)->handles, node);
}

static void close_handle(struct iow_source *source, int handle)
{
    iow_handles_remove(&memory_of(source)->handles, handle);
}

static int read_file(struct iow_source *source, int file, uint64_t offset, void *buf, size_t len)
{
    struct iow_tree_node *node = node_at(source, file);

    if (!node || node->kind == IOW_TREE_FOLDER)
        return -IOW_EIO;
    if (offset >= node->len)
        return 0;
    if (len > node->len - offset)
        len = node->len - (size_t)offset;
    if (len > INT_MAX)
        len = INT_MAX;
    memcpy(buf, node->bytes + offset, len);
    return (int)len;
}

static int read_link(struct iow_source *source, int at, const char *path, char *buf, size_t size)
{
    struct iow_tree_node *node;
    int r = look_up(source, at, path, &node);

    if (r < 0)
        return r;
    if (node->kind != IOW_TREE_LINK)
        return -IOW_EINVAL;
    if (node->len >= size)
        return -IOW_E2BIG;
    memcpy(buf, node->bytes, node->len + 1);
    return (int)node->len;
}

static int list(struct iow_source *source, int folder, int (*entry)(void *ctx, const char *name), void *ctx)
{
    struct iow_tree_node *node = node_at(source, folder);
    int r = 0;

    if (!node || node->kind != IOW_TREE_FOLDER)
        return -IOW_EIO;
    for (struct iow_tree_node *child = node->first_child; child && !r; child = child->next)
        if (child->kind != IOW_TREE_ABSENT)
            r = entry(ctx, child->name);
    return r;
}

static bool exists(struct iow_source *source, int at, const char *path)
{
    struct iow_tree_node *node = iow_tree_find(&memory_of(source)->tree, node_at(source, at), path);

    return node && node->kind != IOW_TREE_ABSENT;
}

static void free_memory(struct iow_source *source)
{
    struct memory *memory = memory_of(source);

    iow_handles_done(&memory->handles);
    iow_tree_done(&memory->tree);
    free(memory);
}

static const struct iow_source_ops memory_ops = {
    .open_folder = open_folder,
    .open_file = open_file,
    .close = close_handle,
    .read = read_file,
    .read_link = read_link,
    .list = list,
    .exists = exists,
    .free = free_memory,
};

int iow_source_memory(struct iow_source **ret)
{
    struct memory *memory = calloc(1, sizeof(*memory));
    int r;

    if (!memory)
        return -IOW_ENOMEM;
    memory->source = (struct iow_source){.ops = &memory_ops, .provenance = IOW_FROM_CAPTURE, .root_fd = -1};
    r = iow_tree_init(&memory->tree);
    if (r < 0) {
        free_memory(&memory->source);
        return r;
    }
    memory->root = memory->tree.root;
    *ret = &memory->source;
    return 0;
}

struct iow_tree *iow_memory_tree(struct iow_source *source)
{
    return &memory_of(source)->tree;
}

void iow_memory_set_root(struct iow_source *source, struct iow_tree_node *root)
{
    memory_of(source)->root = root;
}

static int add(
    struct iow_source *source, const char *path, enum iow_tree_kind kind, const void *bytes, size_t len)
{
    struct memory *memory = memory_of(source);
    struct iow_tree_node *node;
    int r;

    if (!*path)
        return -IOW_EINVAL;
    r = iow_tree_add(&memory->tree, memory->root, path, kind, &node);
    if (r < 0 || kind == IOW_TREE_FOLDER)
        return r;
    return iow_tree_set_bytes(&memory->tree, node, bytes, len);
}

int iow_memory_add_file(struct iow_source *source, const char *path, const void *bytes, size_t len)
{
    return add(source, path, IOW_TREE_FILE, bytes, len);
}

int iow_memory_add_link(struct iow_source *source, const char *path, const char *text)
{
    return add(source, path, IOW_TREE_LINK, text, strlen(text));
}

int iow_memory_add_folder(struct iow_source *source, const char *path)
{
    return add(source, path, IOW_TREE_FOLDER, NULL, 0);
}

int iow_memory_add_error(struct iow_source *source, const char *path, int error)
{
    struct memory *memory = memory_of(source);
    struct iow_tree_node *node;
    int r = iow_tree_add(&memory->tree, memory->root, path, IOW_TREE_ABSENT, &node);

    if (r == 0)
        node->error = (uint8_t)error;
    return r;
}
