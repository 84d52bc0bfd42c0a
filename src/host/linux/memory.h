/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source whose files are in memory: unpacked archives, machines made by tests and by fuzzers.
 *
 * Make one, add to it, read it. Adding after reading began is allowed. Its provenance is a capture, unless
 * the maker says otherwise in the source's field.
 */
#ifndef IOWARD_HOST_LINUX_MEMORY_H
#define IOWARD_HOST_LINUX_MEMORY_H

#include "host/linux/source.h"

/* iow_source_memory - an empty machine; -IOW_ENOMEM. Close with iow_source_close() */
int iow_source_memory(struct iow_source **ret);

/*
 * iow_memory_add_file, iow_memory_add_link, iow_memory_add_folder - with the folders above
 * In:      path    from the root, as in source.h
 * Errors:  -IOW_EINVAL a malformed path, a path twice, a file used as a folder; -IOW_E2BIG, -IOW_ENOMEM
 */
int iow_memory_add_file(struct iow_source *source, const char *path, const void *bytes, size_t len);
int iow_memory_add_link(struct iow_source *source, const char *path, const char *text);
int iow_memory_add_folder(struct iow_source *source, const char *path);

/* iow_memory_add_error - from now on opening this path answers -error; error is an IOW_E... below 256 */
int iow_memory_add_error(struct iow_source *source, const char *path, int error);

struct iow_tree;
struct iow_tree_node;

/* iow_memory_tree - the tree behind it, borrowed */
struct iow_tree *iow_memory_tree(struct iow_source *source);

/* iow_memory_set_root - takes a folder of the tree as the root of the source */
void iow_memory_set_root(struct iow_source *source, struct iow_tree_node *root);

#endif
