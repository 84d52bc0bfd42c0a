/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captures as tar archives.
 *
 * Reading trusts nothing: limits hold while it unpacks, members and links may not leave the capture, and an
 * archive that was cut short is told from one that ends.
 */
#ifndef IOWARD_HOST_LINUX_ARCHIVE_H
#define IOWARD_HOST_LINUX_ARCHIVE_H

#include "host/linux/source-tree.h"
#include "host/linux/source.h"

/*
 * iow_archive_read_fd, iow_archive_read_memory - unpack into a source in memory
 * In:      fd, data   borrowed; fd of a regular file, at its beginning
 *          name       of the archive, for explanations
 * Errors:  as iow_source_open_path()
 */
int iow_archive_read_fd(int fd, const char *name, struct iow_source **ret, struct iow_explain *reterr);
int iow_archive_read_memory(const void *data, size_t size_bytes, const char *name, struct iow_source **ret,
    struct iow_explain *reterr);

/*
 * iow_archive_write - a tree as tar, compressed with zstd, the same bytes for the same tree
 * In:      tree    sorted; marks become empty files
 *          label   first member, under the name of IOW_CAPTURE_LABEL
 *          fd      borrowed
 * Errors:  -IOW_EIO (IOW-CAP-WRITE); -IOW_EOPNOTSUPP libarchive was built without zstd; -IOW_ENOMEM
 */
int iow_archive_write(
    const struct iow_tree *tree, const char *label, size_t label_len, int fd, struct iow_explain *reterr);

#endif
