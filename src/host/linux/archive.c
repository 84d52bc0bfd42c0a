/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"
#include "host/linux/capture-json.h"
#include "host/linux/memory.h"

#define BLOCK_BYTES 65536
#define MAGIC_BYTES 6
#define TAR_BLOCK_BYTES 512

/* libarchive's error number for bytes that are no archive: ARCHIVE_ERRNO_FILE_FORMAT, which its headers keep
 * to themselves. */
#define NOT_AN_ARCHIVE EILSEQ

/*
 * Two readers, one behind the other: the first only takes the compression off, the second reads the tar archive
 * that comes out. In between stands next_piece(), which counts: libarchive unpacks headers and skips bytes
 * without asking, and a few bytes of a stranger's archive may unpack to any number.
 */
struct unpacking {
    struct archive *packed, *archive;
    struct iow_source *source;
    struct iow_tree *tree;
    const char *name;
    const char *rest; /* unpacked and not handed on yet, borrowed from packed */
    size_t rest_len;
    uint64_t n_unpacked;
    uint64_t may_unpack; /* until the next member or its bytes are asked for */
    bool compressed, too_big;
    int error; /* of packed */
    uint32_t n_members;
    struct iow_explain *reterr;
};

static void close_source(struct iow_source **source)
{
    iow_source_close(*source);
}

static int damaged(const struct unpacking *u, const char *member)
{
    return iow_explain_text(u->reterr, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, member);
}

static int foreign(const struct unpacking *u, const char *what)
{
    return iow_explain_text(u->reterr, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, what);
}

static int outside(const struct unpacking *u, const char *what)
{
    return iow_explain_text(u->reterr, -IOW_EBADMSG, IOW_RULE_CAP_OUTSIDE, what);
}

static int too_big(const struct unpacking *u, const char *what)
{
    return iow_explain_text(u->reterr, -IOW_E2BIG, IOW_RULE_CAP_TOO_BIG, what);
}

/* What an error of the tree means for a member of an archive. */
static int tree_error(const struct unpacking *u, int r, const char *member)
{
    if (r == -IOW_EINVAL)
        return damaged(u, member);
    if (r == -IOW_E2BIG)
        return too_big(u, member);
    return r < 0 ? iow_explain(u->reterr, r, IOW_RULE_NONE) : 0;
}

/* The compression that begins with these bytes, as a code of libarchive's; ARCHIVE_FILTER_NONE if none does. */
static int find_filter(const unsigned char *magic, size_t len)
{
    static const struct {
        const char *magic;
        size_t len;
        int filter;
    } known[] = {
        {"\x1f\x8b", 2, ARCHIVE_FILTER_GZIP},
        {"\3757zXZ", 6, ARCHIVE_FILTER_XZ}, /* with the NUL */
        {"\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (len >= known[i].len && !memcmp(magic, known[i].magic, known[i].len))
            return known[i].filter;
    return ARCHIVE_FILTER_NONE;
}

/* Without a compression built in, libarchive would start a program for it. */
static bool is_built_in(int filter)
{
    switch (filter) {
    case ARCHIVE_FILTER_GZIP:
        return archive_zlib_version();
    case ARCHIVE_FILTER_XZ:
        return archive_liblzma_version();
    case ARCHIVE_FILTER_ZSTD:
        return archive_libzstd_version();
    default:
        return true;
    }
}

/* One compression and no more: left to itself, libarchive would take off one after the other, uncounted. */
static int prepare(struct unpacking *u, const unsigned char *magic, size_t len)
{
    int filter = find_filter(magic, len);

    u->compressed = filter != ARCHIVE_FILTER_NONE;
    u->packed = archive_read_new();
    u->archive = archive_read_new();
    if (!u->packed || !u->archive || archive_read_support_format_raw(u->packed) != ARCHIVE_OK ||
        archive_read_support_format_tar(u->archive) != ARCHIVE_OK)
        return iow_explain(u->reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    if (!is_built_in(filter))
        return foreign(u, u->name);
    if (archive_read_append_filter(u->packed, filter) != ARCHIVE_OK)
        return iow_explain(u->reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    return 0;
}

/* Brings more unpacked bytes; their number, 0 at the end, or negative. */
static la_ssize_t unpack_more(struct unpacking *u)
{
    const void *bytes = NULL;
    la_int64_t offset;
    int r;

    do
        r = archive_read_data_block(u->packed, &bytes, &u->rest_len, &offset);
    while (r == ARCHIVE_OK && u->rest_len == 0);
    u->rest = bytes;
    if (r == ARCHIVE_OK)
        return (la_ssize_t)u->rest_len;
    u->rest_len = 0;
    if (r == ARCHIVE_EOF)
        return 0;
    u->error = archive_errno(u->packed);
    return -1;
}

/* What the reader of the tar archive reads from. */
static la_ssize_t next_piece(struct archive *archive, void *ctx, const void **ret)
{
    struct unpacking *u = ctx;
    la_ssize_t n = u->rest_len ? (la_ssize_t)u->rest_len : unpack_more(u);

    if (n > BLOCK_BYTES)
        n = BLOCK_BYTES;
    if (n > 0) {
        u->too_big = (uint64_t)n > u->may_unpack || (uint64_t)n > IOW_MAX_ARCHIVE_BYTES - u->n_unpacked;
        if (u->too_big)
            n = -1;
    }
    if (n < 0) {
        archive_set_error(archive, u->error ? u->error : EIO, "not unpacked");
        return ARCHIVE_FATAL;
    }
    *ret = u->rest;
    if (n > 0) /* at the end there may be no rest to point into */
        u->rest += n;
    u->rest_len -= (size_t)n;
    u->n_unpacked += (uint64_t)n;
    u->may_unpack -= (uint64_t)n;
    return n;
}

/* A member's path without leading "./" and trailing "/"; "" for the folder itself, NULL when it would leave
 * the capture. */
static const char *clean_path(const char *path, char buf[IOW_MAX_PATH])
{
    size_t len;

    if (*path == '/')
        return NULL;
    while (path[0] == '.' && path[1] == '/')
        for (path += 2; *path == '/';)
            path++;
    len = strlen(path);
    while (len && path[len - 1] == '/')
        len--;
    if (len >= IOW_MAX_PATH)
        return NULL;
    memcpy(buf, path, len);
    buf[len] = '\0';
    if (!strcmp(buf, "."))
        buf[0] = '\0';
    for (const char *p = buf; *p; p += strcspn(p, "/"), p += *p == '/')
        if (!strncmp(p, "..", 2) && (p[2] == '/' || !p[2]))
            return NULL;
    return buf;
}

static int unpack_file(struct unpacking *u, struct archive_entry *entry, const char *path)
{
    IOW_CLEANUP_FREE char *bytes = NULL;
    int64_t size = archive_entry_size(entry);
    la_ssize_t n = 0, got = 0;
    int r;

    /* No program writes captures as sparse files. */
    if (size < 0 || !archive_entry_size_is_set(entry) || archive_entry_sparse_count(entry))
        return damaged(u, path);
    if (size > IOW_MAX_FILE_BYTES || (uint64_t)size > IOW_MAX_CAPTURE_BYTES - u->tree->n_bytes)
        return too_big(u, path);
    bytes = malloc((size_t)size + 1);
    if (!bytes)
        return iow_explain(u->reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    u->may_unpack = (uint64_t)size + IOW_MAX_HEADER_BYTES;
    /* One byte more than there should be, so that libarchive comes to the end of the member. */
    while (n <= size && (got = archive_read_data(u->archive, bytes + n, (size_t)(size + 1 - n))) > 0)
        n += got;
    if (u->too_big)
        return too_big(u, path);
    if (got < 0 || n != size)
        return damaged(u, path);
    r = iow_memory_add_file(u->source, path, bytes, (size_t)size);
    return tree_error(u, r, path);
}

static int unpack_hard_link(struct unpacking *u, const char *target_path, const char *path)
{
    char buf[IOW_MAX_PATH];
    const char *target = clean_path(target_path, buf);
    const struct iow_tree_node *node;

    if (!target)
        return outside(u, path);
    node = *target ? iow_tree_find(u->tree, u->tree->root, target) : NULL;
    if (!node || node->kind != IOW_TREE_FILE)
        return damaged(u, path);
    return tree_error(u, iow_memory_add_file(u->source, path, node->bytes, node->len), path);
}

static int unpack_link(struct unpacking *u, struct archive_entry *entry, const char *path)
{
    if (!archive_entry_symlink(entry))
        return damaged(u, path);
    return tree_error(u, iow_memory_add_link(u->source, path, archive_entry_symlink(entry)), path);
}

static int unpack_member(struct unpacking *u, struct archive_entry *entry)
{
    char buf[IOW_MAX_PATH];
    const char *name = archive_entry_pathname(entry), *path;

    if (!name)
        return damaged(u, u->name);
    path = clean_path(name, buf);
    if (!path)
        return outside(u, name);
    /* Only files have bytes; a hard link's are those of its target. */
    if ((archive_entry_hardlink(entry) || archive_entry_filetype(entry) != AE_IFREG) &&
        archive_entry_size(entry) != 0)
        return damaged(u, path);
    if (archive_entry_hardlink(entry))
        return unpack_hard_link(u, archive_entry_hardlink(entry), path);
    switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
        return *path ? tree_error(u, iow_memory_add_folder(u->source, path), path) : 0;
    case AE_IFREG:
        return unpack_file(u, entry, path);
    case AE_IFLNK:
        return unpack_link(u, entry, path);
    default:
        return foreign(u, path);
    }
}

/* libarchive failed between members: was this an archive at all? */
static int header_error(const struct unpacking *u)
{
    int error = u->error ? u->error : archive_errno(u->archive);

    if (u->too_big)
        return too_big(u, u->name);
    if (error == ENOMEM)
        return iow_explain(u->reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    if (error == EIO)
        return iow_explain_text(u->reterr, -IOW_EIO, IOW_RULE_READ_FAILED, u->name);
    if (u->n_members == 0 && error == NOT_AN_ARCHIVE)
        return foreign(u, u->name);
    return damaged(u, u->name);
}

/*
 * Every member until the end. A tar archive ends with blocks of zeros. Where it was cut just behind a member,
 * libarchive reports its end all the same, but then has not read such a block.
 */
static int unpack_members(struct unpacking *u)
{
    struct archive_entry *entry;

    for (;;) {
        int64_t before = archive_filter_bytes(u->archive, 0);
        int r;

        u->may_unpack = IOW_MAX_HEADER_BYTES;
        r = archive_read_next_header(u->archive, &entry);

        if (r == ARCHIVE_EOF && u->n_members == 0)
            return foreign(u, u->name);
        if (r == ARCHIVE_EOF)
            return archive_filter_bytes(u->archive, 0) - before >= TAR_BLOCK_BYTES ? 0 : damaged(u, u->name);
        if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
            return header_error(u);
        if (++u->n_members > IOW_MAX_CAPTURE_FILES)
            return too_big(u, u->name);
        r = unpack_member(u, entry);
        if (r < 0)
            return r;
    }
}

/* The folder that holds the capture: the archive itself or the one folder in it; NULL when neither looks like
 * one. */
static struct iow_tree_node *find_root(const struct iow_tree *tree)
{
    struct iow_tree_node *only = tree->root->first_child, *sys = iow_tree_find(tree, tree->root, "sys");

    if (sys)
        return sys->kind == IOW_TREE_FOLDER ? tree->root : NULL;
    if (!only || only->next)
        return NULL;
    sys = iow_tree_find(tree, only, "sys");
    return sys && sys->kind == IOW_TREE_FOLDER ? only : NULL;
}

static int check_links(const struct unpacking *u, struct iow_tree_node *root)
{
    char folder[IOW_MAX_PATH], target[IOW_MAX_PATH], path[IOW_MAX_PATH];

    for (struct iow_tree_node *node = root; node; node = iow_tree_next(root, node)) {
        if (node->kind != IOW_TREE_LINK)
            continue;
        iow_tree_path(root, node->parent, folder);
        if (iow_source_resolve(folder, node->bytes, target, sizeof(target)) < 0)
            return outside(u, iow_tree_path(root, node, path));
    }
    return 0;
}

static int finish(struct unpacking *u)
{
    struct iow_tree_node *root = find_root(u->tree), *label;
    int r;

    if (!root)
        return foreign(u, u->name);
    iow_memory_set_root(u->source, root);
    r = check_links(u, root);
    label = iow_tree_find(u->tree, root, IOW_CAPTURE_LABEL);
    if (r < 0 || !label)
        return r;
    if (label->kind != IOW_TREE_FILE)
        return damaged(u, IOW_CAPTURE_LABEL);
    return iow_capture_read_label(label->bytes, label->len, u->tree, root, u->reterr);
}

/* Everything, as soon as packed has its input; opened is what libarchive said to that. */
static int unpack(struct unpacking *u, int opened, struct iow_source **ret)
{
    IOW_CLEANUP(close_source) struct iow_source *source = NULL;
    struct archive_entry *whole;
    int r;

    if (opened != ARCHIVE_OK || archive_read_next_header(u->packed, &whole) != ARCHIVE_OK) {
        u->error = archive_errno(u->packed);
        /* It began as something compressed, but nothing comes out. */
        return u->error == NOT_AN_ARCHIVE && u->compressed ? damaged(u, u->name) : header_error(u);
    }
    u->may_unpack = IOW_MAX_HEADER_BYTES;
    if (archive_read_open(u->archive, u, NULL, next_piece, NULL) != ARCHIVE_OK)
        return header_error(u);
    r = iow_source_memory(&source);
    if (r < 0)
        return iow_explain(u->reterr, r, IOW_RULE_NONE);
    u->source = source;
    u->tree = iow_memory_tree(source);
    r = unpack_members(u);
    if (r == 0)
        r = finish(u);
    if (r < 0)
        return r;
    *ret = iow_take_pointer(source);
    return 0;
}

static void free_unpacking(struct unpacking *u)
{
    archive_read_free(u->archive);
    archive_read_free(u->packed);
}

int iow_archive_read_fd(int fd, const char *name, struct iow_source **ret, struct iow_explain *reterr)
{
    IOW_CLEANUP(free_unpacking) struct unpacking u = {.name = name, .reterr = reterr};
    unsigned char magic[MAGIC_BYTES];
    /* Where it cannot be read, reading will fail again, and be told. */
    ssize_t n = pread(fd, magic, sizeof(magic), 0);
    int r = prepare(&u, magic, n > 0 ? (size_t)n : 0);

    return r < 0 ? r : unpack(&u, archive_read_open_fd(u.packed, fd, BLOCK_BYTES), ret);
}

int iow_archive_read_memory(const void *data, size_t size_bytes, const char *name, struct iow_source **ret,
    struct iow_explain *reterr)
{
    IOW_CLEANUP(free_unpacking) struct unpacking u = {.name = name, .reterr = reterr};
    int r = prepare(&u, data, size_bytes);

    return r < 0 ? r : unpack(&u, archive_read_open_memory(u.packed, data, size_bytes), ret);
}

int iow_source_open_memory(
    const void *data, size_t size_bytes, struct iow_source **ret, struct iow_explain *reterr)
{
    return iow_archive_read_memory(data, size_bytes, "(memory)", ret, reterr);
}
