/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"
#include "host/linux/capture-json.h"

static void free_archive(struct archive **archive)
{
    archive_write_free(*archive);
}

static void free_entry(struct archive_entry **entry)
{
    archive_entry_free(*entry);
}

static int write_error(struct archive *archive, struct iow_explain *reterr)
{
    int error = archive_errno(archive);

    if (error == ENOMEM)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    iow_explain(reterr, -IOW_EIO, IOW_RULE_CAP_WRITE);
    iow_explain_evidence(reterr, (uint64_t)(error > 0 ? error : 0), 0, 0);
    return -IOW_EIO;
}

static int write_member(
    struct archive *archive, const char *path, const struct iow_tree_node *node, struct iow_explain *reterr)
{
    IOW_CLEANUP(free_entry) struct archive_entry *entry = archive_entry_new2(archive);
    bool folder = node->kind == IOW_TREE_FOLDER, link = node->kind == IOW_TREE_LINK;

    if (!entry)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, folder ? AE_IFDIR : link ? AE_IFLNK : AE_IFREG);
    archive_entry_set_perm(entry, folder ? 0755 : 0644);
    archive_entry_set_mtime(entry, 0, 0);
    if (link)
        archive_entry_set_symlink(entry, node->bytes);
    else
        archive_entry_set_size(entry, folder ? 0 : (la_int64_t)node->len);
    if (archive_write_header(archive, entry) < ARCHIVE_WARN)
        return write_error(archive, reterr);
    if (folder || link || node->len == 0)
        return 0;
    if (archive_write_data(archive, node->bytes, node->len) != (la_ssize_t)node->len)
        return write_error(archive, reterr);
    return 0;
}

static int write_tree(struct archive *archive, const struct iow_tree *tree, struct iow_explain *reterr)
{
    const struct iow_tree_node *old_label = iow_tree_find(tree, tree->root, IOW_CAPTURE_LABEL);
    char path[IOW_MAX_PATH];
    int r = 0;

    for (struct iow_tree_node *node = tree->root; node && !r; node = iow_tree_next(tree->root, node))
        if (node != tree->root && node != old_label && node->kind != IOW_TREE_ABSENT)
            r = write_member(archive, iow_tree_path(tree->root, node, path), node, reterr);
    return r;
}

int iow_archive_write(
    const struct iow_tree *tree, const char *label, size_t label_len, int fd, struct iow_explain *reterr)
{
    IOW_CLEANUP(free_archive) struct archive *archive = archive_write_new();
    const struct iow_tree_node first = {.kind = IOW_TREE_FILE, .bytes = (char *)label, .len = label_len};
    int r;

    if (!archive)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    /* Without zstd built in, libarchive would start a program. */
    if (!archive_libzstd_version() || archive_write_add_filter_zstd(archive) != ARCHIVE_OK)
        return iow_explain(reterr, -IOW_EOPNOTSUPP, IOW_RULE_CAP_WRITE);
    /* GNU tar: long paths as raw bytes, whatever the locale; no second time stamp. */
    if (archive_write_set_format_gnutar(archive) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
        archive_write_open_fd(archive, fd) != ARCHIVE_OK)
        return write_error(archive, reterr);
    r = write_member(archive, IOW_CAPTURE_LABEL, &first, reterr);
    if (r == 0)
        r = write_tree(archive, tree, reterr);
    if (r == 0 && archive_write_close(archive) != ARCHIVE_OK)
        r = write_error(archive, reterr);
    /* Else freeing it would put a proper end behind half a capture. */
    if (r < 0)
        archive_write_fail(archive);
    return r;
}
