/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source: a tree of files that the reader reads, and where its bytes come from.
 *
 * Paths are relative to the source's root, have no leading slash, no "." or ".." and cross no symbolic link:
 * the reader resolves links itself (iow_source_resolve()), which is what keeps a captured tree from pointing
 * outside. Handles are small non-negative integers; at IOW_SOURCE_ROOT is the root. Errors are negative
 * IOW_E... numbers.
 */
#ifndef IOWARD_HOST_LINUX_SOURCE_H
#define IOWARD_HOST_LINUX_SOURCE_H

#include <ioward/host.h>
#include <stddef.h>

#define IOW_SOURCE_ROOT 0

struct iow_source_ops {
    /* A folder for open_file, read_link, list and open_folder "at" it. -IOW_ENOENT, -IOW_EACCES, -IOW_ENODEV;
     * -IOW_EBADMSG in a capture: the path is or crosses a link, which could hide what is there. */
    int (*open_folder)(struct iow_source *source, int at, const char *path);
    int (*open_file)(struct iow_source *source, int at, const char *path);
    void (*close)(struct iow_source *source, int handle);
    /* Up to len bytes at offset; 0 at the end. */
    int (*read)(struct iow_source *source, int file, uint64_t offset, void *buf, size_t len);
    /* The link's text, NUL-terminated; its length. -IOW_EINVAL: not a link; -IOW_E2BIG: longer than size - 1
     */
    int (*read_link)(struct iow_source *source, int at, const char *path, char *buf, size_t size);
    /* Calls back for every entry but "." and "..", in any order, until one returns other than 0; that value,
     * or 0. */
    int (*list)(struct iow_source *source, int folder, int (*entry)(void *ctx, const char *name), void *ctx);
    bool (*exists)(struct iow_source *source, int at, const char *path);
    /* Records the normalised answer of a probe under probe/NAME.json; NULL where nothing is recorded. */
    int (*record_probe)(struct iow_source *source, const char *name, const char *json, size_t len);
    void (*free)(struct iow_source *source);
};

struct iow_source {
    const struct iow_source_ops *ops;
    enum iow_provenance provenance; /* live sources answer probes themselves, captures from probe/NAME.json */
    int root_fd;                    /* live: the root folder, for probes; else -1. Borrowed from the source */
};

/*
 * iow_source_read_text - a whole small file without its trailing newline, NUL-terminated
 * Returns: its length; -IOW_E2BIG when it does not fit, or the source's error
 */
int iow_source_read_text(struct iow_source *source, int at, const char *path, char *buf, size_t size);

/*
 * iow_source_resolve - where the link with this text, found in this folder, points: a path from the root
 * In:      folder  path of the folder that holds the link, from the root; "" is the root itself
 * Errors:  -IOW_EBADMSG the link is absolute or points above the root; -IOW_E2BIG the result does not fit
 * Pure:    yes, no file is looked at
 */
int iow_source_resolve(const char *folder, const char *link_text, char *buf, size_t size);

/* A source that reads from inner and keeps what was read, in order to write it. Owns inner. */
int iow_source_recording(struct iow_source *inner, struct iow_source **ret);

#endif
