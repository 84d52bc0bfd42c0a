/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/source-tree.h"

#include <search.h>
#include <string.h>

#include "base/limits.h"

int iow_tree_init(struct iow_tree *tree)
{
    *tree = (struct iow_tree){.n_nodes = 1};
    iow_mem_init_malloc(&tree->mem);
    tree->root = iow_mem_alloc(&tree->mem, 1, sizeof(*tree->root));
    if (!tree->root)
        return -IOW_ENOMEM;
    tree->root->kind = IOW_TREE_FOLDER;
    tree->root->name = (char *)"";
    return 0;
}

static void keep(void *node)
{
    (void)node; /* the arena owns it */
}

void iow_tree_done(struct iow_tree *tree)
{
    tdestroy(tree->index, keep);
    iow_mem_done(&tree->mem);
    *tree = (struct iow_tree){.root = NULL};
}

static int compare(const void *a, const void *b)
{
    const struct iow_tree_node *x = a, *y = b;

    if (x->parent != y->parent)
        return (uintptr_t)x->parent < (uintptr_t)y->parent ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* The next component of a path in name; the rest of the path, or NULL when there is no valid next component.
 */
static const char *split(const char *path, char name[IOW_MAX_PATH])
{
    size_t n = strcspn(path, "/");

    if (n == 0 || n >= IOW_MAX_PATH)
        return NULL;
    memcpy(name, path, n);
    name[n] = '\0';
    if (!strcmp(name, ".") || !strcmp(name, ".."))
        return NULL;
    if (path[n] == '/' && !path[n + 1])
        return NULL;
    return path + n + (path[n] == '/');
}

static struct iow_tree_node *find_child(
    const struct iow_tree *tree, struct iow_tree_node *parent, const char *name)
{
    struct iow_tree_node key = {.parent = parent, .name = (char *)name};
    struct iow_tree_node **found;

    if (!parent->first_child)
        return NULL;
    found = tfind(&key, &tree->index, compare);
    return found ? *found : NULL;
}

struct iow_tree_node *iow_tree_find(const struct iow_tree *tree, struct iow_tree_node *at, const char *path)
{
    char name[IOW_MAX_PATH];

    while (at && *path) {
        path = split(path, name);
        if (!path)
            return NULL;
        at = find_child(tree, at, name);
    }
    return at;
}

bool iow_tree_crosses_link(const struct iow_tree *tree, struct iow_tree_node *at, const char *path)
{
    char name[IOW_MAX_PATH];

    while (at && at->kind != IOW_TREE_LINK && path && *path) {
        path = split(path, name);
        at = path ? find_child(tree, at, name) : NULL;
    }
    return at && at->kind == IOW_TREE_LINK && *path;
}

static int add_child(struct iow_tree *tree, struct iow_tree_node *parent, const char *name,
    enum iow_tree_kind kind, struct iow_tree_node **ret)
{
    size_t len = strlen(name), path_len = parent->path_len + (parent->parent ? 1u : 0u) + len;
    struct iow_tree_node *node;

    if (path_len >= IOW_MAX_PATH)
        return -IOW_EINVAL;
    if (tree->n_nodes == IOW_MAX_CAPTURE_FILES || parent->depth == IOW_MAX_DEPTH)
        return -IOW_E2BIG;
    node = iow_mem_alloc(&tree->mem, 1, sizeof(*node));
    if (!node)
        return -IOW_ENOMEM;
    node->name = iow_mem_text(&tree->mem, name, len);
    node->parent = parent;
    node->kind = (uint8_t)kind;
    node->path_len = (uint16_t)path_len;
    node->depth = (uint16_t)(parent->depth + 1);
    if (!node->name || !tsearch(node, &tree->index, compare))
        return -IOW_ENOMEM;
    tree->n_nodes++;
    if (parent->last_child)
        parent->last_child->next = node;
    else
        parent->first_child = node;
    parent->last_child = node;
    *ret = node;
    return 0;
}

/* Makes an existing node what it is to be, if it may become that. */
static int turn(struct iow_tree_node *node, enum iow_tree_kind kind)
{
    if (node->kind == IOW_TREE_ABSENT || (node->kind == IOW_TREE_MARK && kind != IOW_TREE_ABSENT)) {
        node->kind = (uint8_t)kind;
        return 0;
    }
    return kind == IOW_TREE_MARK || kind == IOW_TREE_ABSENT ||
                   (kind == IOW_TREE_FOLDER && node->kind == IOW_TREE_FOLDER)
               ? 0
               : -IOW_EINVAL;
}

int iow_tree_add(struct iow_tree *tree, struct iow_tree_node *at, const char *path, enum iow_tree_kind kind,
    struct iow_tree_node **ret)
{
    char name[IOW_MAX_PATH];
    int r = 0;

    while (*path && !r) {
        struct iow_tree_node *child;
        enum iow_tree_kind want;

        path = split(path, name);
        if (!path)
            return -IOW_EINVAL;
        want = *path ? IOW_TREE_FOLDER : kind;
        child = find_child(tree, at, name);
        r = child ? turn(child, want) : add_child(tree, at, name, want, &child);
        at = child;
    }
    if (!r && ret)
        *ret = at;
    return r;
}

int iow_tree_set_bytes(struct iow_tree *tree, struct iow_tree_node *node, const void *bytes, size_t len)
{
    if (len > IOW_MAX_CAPTURE_BYTES - tree->n_bytes)
        return -IOW_E2BIG;
    node->bytes = iow_mem_text(&tree->mem, bytes, len);
    if (!node->bytes)
        return -IOW_ENOMEM;
    node->len = len;
    tree->n_bytes += len;
    return 0;
}

const char *iow_tree_path(const struct iow_tree_node *root, const struct iow_tree_node *node, char *buf)
{
    size_t end = IOW_MAX_PATH - 1;

    buf[end] = '\0';
    for (; node && node != root && node->parent; node = node->parent) {
        size_t len = strlen(node->name);

        if (buf[end])
            buf[--end] = '/';
        memcpy(buf + end - len, node->name, len);
        end -= len;
    }
    memmove(buf, buf + end, IOW_MAX_PATH - end);
    return buf;
}

static struct iow_tree_node *merge(struct iow_tree_node *a, struct iow_tree_node *b)
{
    struct iow_tree_node *first = NULL, **tail = &first;

    while (a && b) {
        struct iow_tree_node **least = strcmp(a->name, b->name) <= 0 ? &a : &b;

        *tail = *least;
        *least = (*least)->next;
        tail = &(*tail)->next;
    }
    *tail = a ? a : b;
    return first;
}

/* Merge sort that collects runs of 1, 2, 4, ... nodes: no recursion over a stranger's list. */
static struct iow_tree_node *sort_list(struct iow_tree_node *list)
{
    struct iow_tree_node *run[32] = {NULL}, *all = NULL;

    while (list) {
        struct iow_tree_node *one = list;
        size_t i = 0;

        list = list->next;
        one->next = NULL;
        for (; run[i]; i++) {
            one = merge(run[i], one);
            run[i] = NULL;
        }
        run[i] = one;
    }
    for (size_t i = 0; i < sizeof(run) / sizeof(run[0]); i++)
        all = merge(run[i], all);
    return all;
}

void iow_tree_sort(struct iow_tree *tree)
{
    for (struct iow_tree_node *node = tree->root; node; node = iow_tree_next(tree->root, node)) {
        node->first_child = sort_list(node->first_child);
        for (struct iow_tree_node *child = node->first_child; child; child = child->next)
            node->last_child = child;
    }
}

struct iow_tree_node *iow_tree_next(const struct iow_tree_node *root, struct iow_tree_node *node)
{
    if (node->first_child)
        return node->first_child;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}
