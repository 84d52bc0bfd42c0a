/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "folder.h"
#include "tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>

#include "base/limits.h"
#include "host/linux/archive.h"
#include "host/linux/memory.h"

static int open_tar(struct tar *tar, struct iow_source **ret, struct iow_explain *why)
{
    memset(why, 0, sizeof(*why));
    return iow_source_open_memory(tar->bytes, tar->len, ret, why);
}

static void assert_refused(struct tar *tar, int code, enum iow_rule rule, const char *text)
{
    struct iow_source *source;
    struct iow_explain why;

    tar_end(tar);
    assert_int_equal(open_tar(tar, &source, &why), code);
    assert_int_equal(why.code, code);
    assert_int_equal(why.rule, rule);
    if (text)
        assert_string_equal(why.text, text);
    tar_free(tar);
}

static void assert_holds(struct iow_source *s, const char *path, const char *text)
{
    char buf[256];
    int n = iow_source_read_text(s, IOW_SOURCE_ROOT, path, buf, sizeof(buf));

    assert_int_equal(n, strlen(text));
    assert_string_equal(buf, text);
}

static void add_small_machine(struct tar *tar, const char *prefix)
{
    char path[100];

    snprintf(path, sizeof(path), "%ssys/", prefix);
    tar_add(tar, '5', path, "", NULL, 0);
    snprintf(path, sizeof(path), "%ssys/devices/a/value", prefix);
    tar_file(tar, path, "42\n");
    snprintf(path, sizeof(path), "%ssys/bus/a", prefix);
    tar_add(tar, '2', path, "../devices/a", NULL, 0);
}

static void an_archive_opens_with_and_without_a_folder_around_it(void **state)
{
    static const char *const prefixes[] = {"", "./", "machine/", "./machine/", ".//./machine/"};

    (void)state;
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        struct iow_source *source;
        struct iow_explain why;
        struct tar tar = {.len = 0};
        char buf[32];

        if (prefixes[i][0] == '.')
            tar_add(&tar, '5', "./", "", NULL, 0);
        add_small_machine(&tar, prefixes[i]);
        tar_end(&tar);
        assert_int_equal(open_tar(&tar, &source, &why), 0);
        assert_int_equal(source->provenance, IOW_FROM_CAPTURE);
        assert_holds(source, "sys/devices/a/value", "42");
        assert_int_equal(source->ops->read_link(source, IOW_SOURCE_ROOT, "sys/bus/a", buf, sizeof(buf)), 12);
        iow_source_close(source);
        tar_free(&tar);
    }
}

static void a_hard_link_is_a_copy_of_an_earlier_file(void **state)
{
    struct iow_source *source;
    struct iow_explain why;
    struct tar tar = {.len = 0};

    (void)state;
    add_small_machine(&tar, "");
    tar_add(&tar, '1', "sys/copy", "./sys/devices/a/value", NULL, 0);
    tar_end(&tar);
    assert_int_equal(open_tar(&tar, &source, &why), 0);
    assert_holds(source, "sys/copy", "42");
    iow_source_close(source);
    tar_free(&tar);
    add_small_machine(&tar, "");
    tar_add(&tar, '1', "sys/copy", "sys/later", NULL, 0);
    tar_file(&tar, "sys/later", "");
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/copy");
    tar_add(&tar, '1', "sys/copy", "../etc/passwd", NULL, 0);
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_OUTSIDE, "sys/copy");
    tar_add(&tar, '5', "sys/a", "", NULL, 0);
    tar_add(&tar, '1', "sys/copy", "sys/a", NULL, 0);
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/copy");
    tar_add(&tar, '1', "sys/copy", ".", NULL, 0);
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/copy");
}

static void members_outside_are_refused(void **state)
{
    static const char *const outside[] = {"/sys/a", "../a", "sys/../../a", "sys/..", "..", "./../a", "/"};

    (void)state;
    for (size_t i = 0; i < COUNT(outside); i++) {
        struct tar tar = {.len = 0};

        add_small_machine(&tar, "");
        tar_file(&tar, outside[i], "x");
        assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_OUTSIDE, outside[i]);
    }
}

static void links_that_point_outside_are_refused(void **state)
{
    static const char *const outside[] = {"/etc/passwd", "../../x", "..//../x", "a/../../../x"};

    (void)state;
    for (size_t i = 0; i < COUNT(outside); i++) {
        struct tar tar = {.len = 0};

        add_small_machine(&tar, "");
        tar_add(&tar, '2', "sys/link", outside[i], NULL, 0);
        assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_OUTSIDE, "sys/link");
        /* Outside is what is outside of the capture, not of the archive. */
        add_small_machine(&tar, "machine/");
        tar_add(&tar, '2', "machine/sys/link", "../../x", NULL, 0);
        assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_OUTSIDE, "sys/link");
    }
}

static void a_path_twice_is_damage(void **state)
{
    struct tar tar = {.len = 0};

    (void)state;
    add_small_machine(&tar, "");
    tar_file(&tar, "./sys/devices/a/value", "43");
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/devices/a/value");
    add_small_machine(&tar, "");
    tar_file(&tar, "sys/devices/a/value/x", "43");
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/devices/a/value/x");
    add_small_machine(&tar, "");
    tar_file(&tar, "sys/bus/a/x", "43");
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/bus/a/x");
}

static void devices_and_pipes_are_foreign(void **state)
{
    static const char types[] = {'3', '4', '6'};

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        struct tar tar = {.len = 0};

        add_small_machine(&tar, "");
        tar_add(&tar, types[i], "sys/odd", "", NULL, 0);
        assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, "sys/odd");
    }
}

static void what_is_no_capture_is_foreign(void **state)
{
    static const char elf[] = "\177ELF not an archive at all, and long enough for one to be sure of it";
    struct tar tar = {.len = 0};

    (void)state;
    tar_file(&tar, "etc/passwd", "root");
    assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, NULL);
    tar_file(&tar, "sys", "a file");
    assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, NULL);
    tar_file(&tar, "a/sys/x", "");
    tar_file(&tar, "b/sys/x", "");
    assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, NULL);
    assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, NULL); /* nothing but an end */
    memcpy(tar_room(&tar, sizeof(elf)), elf, sizeof(elf));
    assert_refused(&tar, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, NULL);
}

static void too_large_a_file_is_refused_before_it_is_unpacked(void **state)
{
    struct tar tar = {.len = 0};
    char *bytes = calloc(1, IOW_MAX_FILE_BYTES + 1);

    (void)state;
    assert_non_null(bytes);
    add_small_machine(&tar, "");
    tar_add(&tar, '0', "sys/large", "", bytes, IOW_MAX_FILE_BYTES + 1);
    assert_refused(&tar, -IOW_E2BIG, IOW_RULE_CAP_TOO_BIG, "sys/large");
    free(bytes);
}

static void hard_links_count_as_the_bytes_they_repeat(void **state)
{
    struct tar tar = {.len = 0};
    char *bytes = calloc(1, IOW_MAX_FILE_BYTES), name[32];
    unsigned fit = IOW_MAX_CAPTURE_BYTES / IOW_MAX_FILE_BYTES;

    (void)state;
    assert_non_null(bytes);
    tar_add(&tar, '0', "sys/large", "", bytes, IOW_MAX_FILE_BYTES);
    for (unsigned i = 1; i <= fit; i++) {
        snprintf(name, sizeof(name), "sys/copy%u", i);
        tar_add(&tar, '1', name, "sys/large", NULL, 0);
    }
    assert_refused(&tar, -IOW_E2BIG, IOW_RULE_CAP_TOO_BIG, name);
    free(bytes);
}

struct sink {
    struct tar *tar;
};

static la_ssize_t sink_write(struct archive *archive, void *ctx, const void *bytes, size_t len)
{
    struct sink *sink = ctx;

    (void)archive;
    memcpy(tar_room(sink->tar, len), bytes, len);
    return (la_ssize_t)len;
}

/* The bytes of one archive, compressed as they are. */
static struct tar compress_tar(const struct tar *tar, int (*filter)(struct archive *archive))
{
    struct tar packed = {.len = 0};
    struct sink sink = {.tar = &packed};
    struct archive *archive = archive_write_new();
    struct archive_entry *entry;

    assert_non_null(archive);
    assert_int_equal(filter(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_raw(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_bytes_in_last_block(archive, 1), ARCHIVE_OK);
    assert_int_equal(archive_write_open(archive, &sink, NULL, sink_write, NULL), ARCHIVE_OK);
    entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(archive, tar->bytes, tar->len), tar->len);
    archive_entry_free(entry);
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    return packed;
}

static int (*const filters[])(struct archive *archive) = {
    archive_write_add_filter_none,
    archive_write_add_filter_gzip,
    archive_write_add_filter_xz,
    archive_write_add_filter_zstd,
};

static void every_compression_opens_and_every_cut_is_noticed(void **state)
{
    struct tar tar = {.len = 0};

    (void)state;
    add_small_machine(&tar, "");
    tar_file(&tar, "capture.json", "{\"schema\":\"ioward.capture/1\"}");
    tar_end(&tar);
    for (size_t i = 0; i < COUNT(filters); i++) {
        struct tar packed = compress_tar(&tar, filters[i]);

        for (size_t len = 0; len <= packed.len; len += i ? 1 : 64) {
            unsigned char *cut = malloc(len ? len : 1);
            struct iow_source *source;
            struct iow_explain why = {.code = 0};
            int r;

            assert_non_null(cut);
            memcpy(cut, packed.bytes, len);
            r = iow_source_open_memory(cut, len, &source, &why);
            if (r == 0) {
                assert_true(len == packed.len || i == 0 || len + 32 > packed.len);
                assert_holds(source, "sys/devices/a/value", "42");
                assert_true(source->ops->exists(source, IOW_SOURCE_ROOT, "capture.json"));
                iow_source_close(source);
            } else {
                assert_true(r == -IOW_EBADMSG || r == -IOW_EINVAL);
                assert_int_equal(why.rule, r == -IOW_EINVAL ? IOW_RULE_CAP_FOREIGN : IOW_RULE_CAP_DAMAGED);
                assert_true(len < packed.len);
            }
            free(cut);
        }
        tar_free(&packed);
    }
    tar_free(&tar);
}

static void a_plain_archive_cut_at_any_block_is_damaged(void **state)
{
    struct tar tar = {.len = 0};
    char zeros[4096] = "";
    size_t whole;

    (void)state;
    add_small_machine(&tar, "");
    tar_add(&tar, '0', "sys/devices/a/config", "", zeros, sizeof(zeros));
    whole = tar.len;
    tar_end(&tar);
    for (size_t len = 512; len <= tar.len; len += 512) {
        struct tar cut = {.bytes = tar.bytes, .len = len};
        struct iow_source *source;
        struct iow_explain why;
        int r = open_tar(&cut, &source, &why);

        assert_int_equal(r, len > whole ? 0 : -IOW_EBADMSG);
        if (r == 0)
            iow_source_close(source);
        else
            assert_int_equal(why.rule, IOW_RULE_CAP_DAMAGED);
    }
    tar_free(&tar);
}

static void a_damaged_header_is_damage(void **state)
{
    struct tar tar = {.len = 0};

    (void)state;
    add_small_machine(&tar, "");
    tar.bytes[512 + 3] ^= 1;
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, NULL);
}

static void make_tree(struct iow_tree *tree)
{
    struct iow_tree_node *node;

    assert_int_equal(iow_tree_init(tree), 0);
    assert_int_equal(iow_tree_add(tree, tree->root, "sys/devices/a/value", IOW_TREE_FILE, &node), 0);
    assert_int_equal(iow_tree_set_bytes(tree, node, "42\n", 3), 0);
    assert_int_equal(iow_tree_add(tree, tree->root, "sys/devices/a/mark", IOW_TREE_MARK, NULL), 0);
    assert_int_equal(iow_tree_add(tree, tree->root, "sys/devices/a/absent", IOW_TREE_ABSENT, NULL), 0);
    assert_int_equal(iow_tree_add(tree, tree->root, "sys/devices/empty", IOW_TREE_FOLDER, NULL), 0);
    assert_int_equal(iow_tree_add(tree, tree->root, "sys/bus/a", IOW_TREE_LINK, &node), 0);
    assert_int_equal(iow_tree_set_bytes(tree, node, "../devices/a", 12), 0);
    iow_tree_sort(tree);
}

static const char label[] = "{\"schema\":\"ioward.capture/1\",\"denied\":[\"sys/devices/a/absent\"]}";

static void what_was_written_reads_back(void **state)
{
    struct iow_source *source;
    struct iow_explain why;
    struct iow_tree tree;
    struct folder folder;
    char path[128], buf[64];
    int fd;

    (void)state;
    make_tree(&tree);
    folder_make(&folder);
    snprintf(path, sizeof(path), "%s/a.tar.zst", folder.path);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(iow_archive_write(&tree, label, strlen(label), fd, &why), 0);
    close(fd);
    assert_int_equal(iow_source_open_path(path, &source, &why), 0);
    assert_holds(source, "sys/devices/a/value", "42");
    assert_holds(source, "sys/devices/a/mark", "");
    assert_true(source->ops->open_folder(source, IOW_SOURCE_ROOT, "sys/devices/empty") > 0);
    assert_int_equal(source->ops->read_link(source, IOW_SOURCE_ROOT, "sys/bus/a", buf, sizeof(buf)), 12);
    assert_int_equal(source->ops->open_file(source, IOW_SOURCE_ROOT, "sys/devices/a/absent"), -IOW_EACCES);
    assert_false(source->ops->exists(source, IOW_SOURCE_ROOT, "sys/devices/a/absent"));
    iow_source_close(source);
    folder_remove(&folder);
    iow_tree_done(&tree);
}

static void the_same_tree_gives_the_same_bytes(void **state)
{
    struct iow_tree tree;
    char first[8192], second[8192];
    ssize_t n[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        FILE *file = tmpfile();

        assert_non_null(file);
        make_tree(&tree);
        assert_int_equal(iow_archive_write(&tree, label, strlen(label), fileno(file), NULL), 0);
        n[i] = pread(fileno(file), i ? second : first, sizeof(first), 0);
        fclose(file);
        iow_tree_done(&tree);
        sleep(i ? 0 : 1);
    }
    assert_true(n[0] > 100);
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(first, second, n[0]);
}

static void a_full_disk_is_told(void **state)
{
    struct iow_explain why;
    struct iow_tree tree;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (fd < 0)
        skip();
    make_tree(&tree);
    assert_int_equal(iow_archive_write(&tree, label, strlen(label), fd, &why), -IOW_EIO);
    assert_int_equal(why.rule, IOW_RULE_CAP_WRITE);
    assert_int_equal(why.evidence[0].seen, ENOSPC);
    assert_int_equal(iow_archive_write(&tree, label, strlen(label), -1, NULL), -IOW_EIO);
    close(fd);
    iow_tree_done(&tree);
}

static void long_paths_and_strange_bytes_survive(void **state)
{
    struct iow_source *source;
    struct iow_tree_node *node;
    struct iow_tree tree;
    char path[1200] = "sys", link[1200] = "x", buf[2000];
    struct tar packed = {.len = 0};
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 100; i++)
        strcat(path, "/\xff\xc3(\t\"\\");
    for (int i = 0; i < 150; i++)
        strcat(link, "/\xfe\x80");
    assert_int_equal(iow_tree_init(&tree), 0);
    assert_int_equal(iow_tree_add(&tree, tree.root, path, IOW_TREE_LINK, &node), 0);
    assert_int_equal(iow_tree_set_bytes(&tree, node, link, strlen(link)), 0);
    assert_int_equal(iow_archive_write(&tree, label, strlen(label), fileno(file), NULL), 0);
    tar_room(&packed, 65536);
    packed.len = (size_t)pread(fileno(file), packed.bytes, packed.len, 0);
    assert_int_equal(iow_source_open_memory(packed.bytes, packed.len, &source, NULL), 0);
    assert_int_equal(source->ops->read_link(source, IOW_SOURCE_ROOT, path, buf, sizeof(buf)), strlen(link));
    assert_string_equal(buf, link);
    iow_source_close(source);
    fclose(file);
    tar_free(&packed);
    iow_tree_done(&tree);
}

static void assert_packed_refused(
    struct tar *tar, int (*filter)(struct archive *archive), int code, enum iow_rule rule, const char *text)
{
    struct tar packed;
    struct iow_source *source;
    struct iow_explain why;

    tar_end(tar);
    packed = compress_tar(tar, filter);
    assert_int_equal(open_tar(&packed, &source, &why), code);
    assert_int_equal(why.rule, rule);
    assert_string_equal(why.text, text);
    tar_free(&packed);
    tar_free(tar);
}

static void only_files_have_bytes(void **state)
{
    static const char types[] = {'1', '2', '5'};
    /* A pax size is believed for every kind of member. */
    static const char size[] = "17 size=99999999\n";

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        struct tar tar = {.len = 0};

        add_small_machine(&tar, "");
        tar_add(&tar, 'x', "pax", "", size, strlen(size));
        tar_add(&tar, types[i], "sys/odd", "sys/devices/a/value", NULL, 0);
        assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/odd");
    }
}

static void endless_headers_are_refused(void **state)
{
    struct tar tar = {.len = 0};
    size_t len = 4 * IOW_MAX_HEADER_BYTES;
    char *map = malloc(len);

    (void)state;
    assert_non_null(map);
    for (size_t i = 0; i < len; i++)
        map[i] = i % 2 ? '\n' : '0';
    memcpy(map, "2000000\n", 8);
    /* The map of a sparse file stands in front of its bytes, and libarchive reads it with the header. */
    for (size_t i = 0; i < COUNT(filters); i++) {
        static const char pax[] = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
                                  "27 GNU.sparse.name=sys/map\n25 GNU.sparse.realsize=1\n";

        add_small_machine(&tar, "");
        tar_add(&tar, 'x', "pax", "", pax, strlen(pax));
        tar_add(&tar, '0', "sys/map", "", map, len);
        assert_packed_refused(&tar, filters[i], -IOW_E2BIG, IOW_RULE_CAP_TOO_BIG, "(memory)");
    }
    free(map);
}

static void sparse_files_are_refused(void **state)
{
    static const char pax[] = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
                              "27 GNU.sparse.name=sys/map\n26 GNU.sparse.realsize=10\n";
    struct tar tar = {.len = 0};
    char bytes[1024] = "1\n8\n2\n";

    (void)state;
    add_small_machine(&tar, "");
    tar_add(&tar, 'x', "pax", "", pax, strlen(pax));
    tar_add(&tar, '0', "sys/map", "", bytes, 514);
    assert_refused(&tar, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, "sys/map");
}

static void what_was_compressed_twice_is_foreign(void **state)
{
    (void)state;
    for (size_t i = 1; i < COUNT(filters); i++) {
        struct tar tar = {.len = 0}, once;

        add_small_machine(&tar, "");
        tar_end(&tar);
        once = compress_tar(&tar, filters[i]);
        tar_room(&once, 1024);
        assert_packed_refused(&once, filters[i], -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, "(memory)");
        tar_free(&tar);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_opens_with_and_without_a_folder_around_it),
        cmocka_unit_test(a_hard_link_is_a_copy_of_an_earlier_file),
        cmocka_unit_test(members_outside_are_refused),
        cmocka_unit_test(links_that_point_outside_are_refused),
        cmocka_unit_test(a_path_twice_is_damage),
        cmocka_unit_test(devices_and_pipes_are_foreign),
        cmocka_unit_test(what_is_no_capture_is_foreign),
        cmocka_unit_test(too_large_a_file_is_refused_before_it_is_unpacked),
        cmocka_unit_test(hard_links_count_as_the_bytes_they_repeat),
        cmocka_unit_test(every_compression_opens_and_every_cut_is_noticed),
        cmocka_unit_test(a_plain_archive_cut_at_any_block_is_damaged),
        cmocka_unit_test(a_damaged_header_is_damage),
        cmocka_unit_test(only_files_have_bytes),
        cmocka_unit_test(endless_headers_are_refused),
        cmocka_unit_test(sparse_files_are_refused),
        cmocka_unit_test(what_was_compressed_twice_is_foreign),
        cmocka_unit_test(what_was_written_reads_back),
        cmocka_unit_test(the_same_tree_gives_the_same_bytes),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(long_paths_and_strange_bytes_survive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
