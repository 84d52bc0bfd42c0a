/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tree of files in memory.
 *
 * Knows names, bytes and link texts; follows no link. Nodes never move and are freed together. Invariants:
 *  1. only folders have children, and no two children of a folder have the same name;
 *  2. a name is never empty, ".", ".." and has no '/'; the path of every node is shorter than IOW_MAX_PATH,
 *     and no more than IOW_MAX_DEPTH names long;
 *  3. there are at most IOW_MAX_CAPTURE_FILES nodes with at most IOW_MAX_CAPTURE_BYTES in all.
 */
#ifndef IOWARD_HOST_LINUX_SOURCE_TREE_H
#define IOWARD_HOST_LINUX_SOURCE_TREE_H

#include <ioward/error.h>
#include <ioward/mem.h>
#include <stdbool.h>

enum iow_tree_kind {
    IOW_TREE_ABSENT, /* only carries an error: not listed, does not exist */
    IOW_TREE_MARK,   /* something exists here; what it is was not asked */
    IOW_TREE_FILE,
    IOW_TREE_LINK,
    IOW_TREE_FOLDER,
};

struct iow_tree_node {
    struct iow_tree_node *parent; /* NULL: the root of the tree */
    struct iow_tree_node *first_child, *last_child, *next;
    char *name;
    char *bytes; /* of a file; a link's text, NUL-terminated */
    size_t len;  /* without the NUL */
    uint16_t path_len;
    uint16_t depth; /* names in its path */
    uint8_t kind;   /* enum iow_tree_kind */
    uint8_t error;  /* IOW_E...: what opening it answers instead; 0: none */
};

struct iow_tree {
    struct iow_mem mem;
    struct iow_tree_node *root;
    void *index; /* tsearch(3) by parent and name: a stranger's names cannot make it slow */
    uint32_t n_nodes;
    uint64_t n_bytes;
};

/* iow_tree_init - an empty folder; -IOW_ENOMEM. iow_tree_done() is right after a failure too */
int iow_tree_init(struct iow_tree *tree);
void iow_tree_done(struct iow_tree *tree);

/* iow_tree_find - the node at a path below at, NULL if there is none; "" is at itself */
struct iow_tree_node *iow_tree_find(const struct iow_tree *tree, struct iow_tree_node *at, const char *path);

/* iow_tree_crosses_link - does this path lead on behind a link, which nothing here follows? */
bool iow_tree_crosses_link(const struct iow_tree *tree, struct iow_tree_node *at, const char *path);

/*
 * iow_tree_add - the node at a path below at, made of this kind, with the folders above it
 * Out:     ret     may be NULL
 * Errors:  -IOW_EINVAL a path against invariant 2, a file used as a folder, or something else is there
 * already; a folder may be added again, and a mark becomes anything. -IOW_E2BIG invariant 3, or too
 * deep; -IOW_ENOMEM
 */
int iow_tree_add(struct iow_tree *tree, struct iow_tree_node *at, const char *path, enum iow_tree_kind kind,
    struct iow_tree_node **ret);

/* iow_tree_set_bytes - what a file holds or a link says; copied. -IOW_E2BIG, -IOW_ENOMEM */
int iow_tree_set_bytes(struct iow_tree *tree, struct iow_tree_node *node, const void *bytes, size_t len);

/* iow_tree_path - the node's path from the folder root, "" for root itself; returns buf, IOW_MAX_PATH bytes
 */
const char *iow_tree_path(const struct iow_tree_node *root, const struct iow_tree_node *node, char *buf);

/* iow_tree_sort - puts the children of every folder in order of their names */
void iow_tree_sort(struct iow_tree *tree);

/* iow_tree_next - the node after this one, a folder before what it holds; NULL at the end of root */
struct iow_tree_node *iow_tree_next(const struct iow_tree_node *root, struct iow_tree_node *node);

#endif
