/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "base/limits.h"
#include "host/linux/memory.h"
#include "host/linux/source-tree.h"

static struct iow_source *small_machine(void)
{
    struct iow_source *s;

    assert_int_equal(iow_source_memory(&s), 0);
    assert_int_equal(iow_memory_add_file(s, "sys/devices/a/config", "\0\1\2\3", 4), 0);
    assert_int_equal(iow_memory_add_link(s, "sys/bus/a", "../devices/a"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/empty"), 0);
    return s;
}

static int count_entry(void *ctx, const char *name)
{
    (void)name;
    (*(int *)ctx)++;
    return 0;
}

static int stop_at_first(void *ctx, const char *name)
{
    count_entry(ctx, name);
    return 17;
}

static void files_links_and_folders_are_found(void **state)
{
    struct iow_source *s = small_machine();
    char buf[32];
    int folder, file, n = 0;

    (void)state;
    assert_int_equal(s->provenance, IOW_FROM_CAPTURE);
    assert_int_equal(s->root_fd, -1);
    folder = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a");
    assert_true(folder > 0);
    file = s->ops->open_file(s, folder, "config");
    assert_true(file > 0 && file != folder);
    assert_int_equal(s->ops->read(s, file, 1, buf, sizeof(buf)), 3);
    assert_memory_equal(buf, "\1\2\3", 3);
    assert_int_equal(s->ops->read(s, file, 4, buf, sizeof(buf)), 0);
    assert_int_equal(s->ops->read(s, file, UINT64_MAX, buf, sizeof(buf)), 0);
    s->ops->close(s, file);
    assert_int_equal(s->ops->list(s, folder, count_entry, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(s->ops->list(s, folder, stop_at_first, &n), 17);
    s->ops->close(s, folder);
    assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, sizeof(buf)), 12);
    assert_string_equal(buf, "../devices/a");
    assert_true(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/empty"));
    assert_false(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/full"));
    iow_source_close(s);
}

static void the_wrong_kind_is_refused(void **state)
{
    struct iow_source *s = small_machine();
    char buf[4];

    (void)state;
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a/config"), -IOW_ENOENT);
    assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/config/x"), -IOW_ENOENT);
    assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/../sys/empty"), -IOW_ENOENT);
    assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/empty", buf, 4), -IOW_EINVAL);
    assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/none", buf, 4), -IOW_ENOENT);
    assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, 4), -IOW_E2BIG);
    assert_int_equal(s->ops->read(s, 99, 0, buf, 4), -IOW_EIO);
    assert_int_equal(s->ops->list(s, 99, count_entry, buf), -IOW_EIO);
    iow_source_close(s);
}

static void a_link_in_place_of_a_folder_is_damage(void **state)
{
    struct iow_source *s = small_machine();
    char buf[32];
    int sys = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys");

    (void)state;
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus/a"), -IOW_EBADMSG);
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus/a/b/c"), -IOW_EBADMSG);
    assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/bus/a/config"), -IOW_EBADMSG);
    assert_int_equal(s->ops->open_file(s, sys, "bus/a/config"), -IOW_EBADMSG);
    assert_int_equal(s->ops->read_link(s, sys, "bus/a/config", buf, 32), -IOW_EBADMSG);
    assert_false(s->ops->exists(s, sys, "bus/a/config"));
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus/b/a"), -IOW_ENOENT);
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys//bus"), -IOW_ENOENT);
    iow_source_close(s);
}

static void absurd_paths_are_errors(void **state)
{
    static const char *const absurd[] = {"", "/sys", "sys/", "sys//a", ".", "..", "sys/../a", "./sys",
        "sys/.", "sys/devices/a/config/b", "sys/bus/a/b"};
    struct iow_source *s = small_machine();
    char *longest = malloc(IOW_MAX_PATH + 1);

    (void)state;
    for (size_t i = 0; i < COUNT(absurd); i++) {
        assert_int_equal(iow_memory_add_file(s, absurd[i], "", 0), -IOW_EINVAL);
        assert_int_equal(iow_memory_add_link(s, absurd[i], ""), -IOW_EINVAL);
        assert_int_equal(iow_memory_add_folder(s, absurd[i]), -IOW_EINVAL);
    }
    assert_non_null(longest);
    memset(longest, 'a', IOW_MAX_PATH);
    longest[IOW_MAX_PATH] = '\0';
    assert_int_equal(iow_memory_add_folder(s, longest), -IOW_EINVAL);
    longest[IOW_MAX_PATH - 1] = '\0';
    assert_int_equal(iow_memory_add_folder(s, longest), 0);
    assert_true(s->ops->exists(s, IOW_SOURCE_ROOT, longest));
    free(longest);
    iow_source_close(s);
}

static void too_deep_a_path_is_refused(void **state)
{
    struct iow_source *s = small_machine();
    char path[2 * IOW_MAX_DEPTH + 2];

    (void)state;
    for (size_t i = 0; i < sizeof(path); i += 2)
        memcpy(path + i, "a/", 2);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(iow_memory_add_file(s, path, "", 0), -IOW_E2BIG);
    path[2 * IOW_MAX_DEPTH - 1] = '\0';
    assert_int_equal(iow_memory_add_folder(s, path), 0);
    assert_true(s->ops->exists(s, IOW_SOURCE_ROOT, path));
    iow_source_close(s);
}

static void nothing_is_there_twice(void **state)
{
    struct iow_source *s = small_machine();

    (void)state;
    assert_int_equal(iow_memory_add_file(s, "sys/devices/a/config", "", 0), -IOW_EINVAL);
    assert_int_equal(iow_memory_add_link(s, "sys/devices/a/config", "b"), -IOW_EINVAL);
    assert_int_equal(iow_memory_add_file(s, "sys/bus/a", "", 0), -IOW_EINVAL);
    assert_int_equal(iow_memory_add_file(s, "sys/empty", "", 0), -IOW_EINVAL);
    assert_int_equal(iow_memory_add_folder(s, "sys/bus/a"), -IOW_EINVAL);
    assert_int_equal(iow_memory_add_folder(s, "sys/empty"), 0);
    iow_source_close(s);
}

static void recorded_errors_are_answered(void **state)
{
    struct iow_source *s = small_machine();
    char buf[32];
    int n = 0, folder;

    (void)state;
    assert_int_equal(iow_memory_add_error(s, "sys/devices/a/config", IOW_EACCES), 0);
    assert_int_equal(iow_memory_add_error(s, "sys/devices/a/secret", IOW_EACCES), 0);
    assert_int_equal(iow_memory_add_error(s, "sys/bus/a", IOW_ENODEV), 0);
    assert_int_equal(iow_memory_add_error(s, "sys/empty", IOW_EIO), 0);
    assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/config"), -IOW_EACCES);
    assert_true(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/devices/a/config"));
    assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/secret"), -IOW_EACCES);
    assert_false(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/devices/a/secret"));
    assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, 32), -IOW_ENODEV);
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/empty"), -IOW_EIO);
    folder = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a");
    assert_int_equal(s->ops->list(s, folder, count_entry, &n), 0);
    assert_int_equal(n, 1);
    iow_source_close(s);
}

static void handles_are_used_again(void **state)
{
    struct iow_source *s = small_machine();
    int handle[100];

    (void)state;
    for (size_t i = 0; i < COUNT(handle); i++)
        handle[i] = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys");
    for (size_t i = 0; i < COUNT(handle); i++)
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(handle[i], handle[k]);
    s->ops->close(s, handle[50]);
    s->ops->close(s, handle[50]);
    s->ops->close(s, IOW_SOURCE_ROOT);
    assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus"), handle[50]);
    iow_source_close(s);
}

static void a_sorted_tree_is_walked_in_order(void **state)
{
    static const char *const in_order[] = {
        "a", "a/b", "a/b/c", "a-", "a0", "b", "c", "c/x", "c/y", "c/z", "d"};
    struct iow_tree_node *node;
    struct iow_tree tree;
    char path[IOW_MAX_PATH];
    size_t n = 0;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    for (size_t i = COUNT(in_order); i--;)
        assert_int_equal(iow_tree_add(&tree, tree.root, in_order[i], IOW_TREE_FOLDER, NULL), 0);
    iow_tree_sort(&tree);
    for (node = iow_tree_next(tree.root, tree.root); node; node = iow_tree_next(tree.root, node))
        assert_string_equal(iow_tree_path(tree.root, node, path), in_order[n++]);
    assert_int_equal(n, COUNT(in_order));
    assert_null(iow_tree_next(tree.root->last_child, tree.root->last_child));
    assert_int_equal(iow_tree_add(&tree, tree.root, "e", IOW_TREE_FILE, &node), 0);
    assert_ptr_equal(tree.root->last_child, node);
    iow_tree_done(&tree);
}

static void a_mark_becomes_what_it_is_found_to_be(void **state)
{
    struct iow_tree_node *node;
    struct iow_tree tree;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    assert_int_equal(iow_tree_add(&tree, tree.root, "a", IOW_TREE_ABSENT, &node), 0);
    assert_int_equal(iow_tree_add(&tree, tree.root, "a", IOW_TREE_MARK, &node), 0);
    assert_int_equal(node->kind, IOW_TREE_MARK);
    assert_int_equal(iow_tree_add(&tree, tree.root, "a/b", IOW_TREE_FILE, NULL), 0);
    assert_int_equal(node->kind, IOW_TREE_FOLDER);
    assert_int_equal(iow_tree_add(&tree, tree.root, "a", IOW_TREE_MARK, &node), 0);
    assert_int_equal(node->kind, IOW_TREE_FOLDER);
    assert_int_equal(iow_tree_add(&tree, tree.root, "a", IOW_TREE_FILE, &node), -IOW_EINVAL);
    iow_tree_done(&tree);
}

static void *no_memory(void *ctx, size_t size_bytes)
{
    int *left = ctx;

    return (*left)-- > 0 ? malloc(size_bytes) : NULL;
}

static void release(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

static void lack_of_memory_is_told(void **state)
{
    struct iow_tree tree;
    char name[4096];
    int left = 0, r = 0;

    (void)state;
    assert_int_equal(iow_tree_init(&tree), 0);
    tree.mem.grow = no_memory;
    tree.mem.release = release;
    tree.mem.ctx = &left;
    for (int i = 0; !r && i < 10000; i++) {
        snprintf(name, sizeof(name), "%d", i);
        r = iow_tree_add(&tree, tree.root, name, IOW_TREE_FILE, NULL);
    }
    assert_int_equal(r, -IOW_ENOMEM);
    assert_int_equal(iow_tree_set_bytes(&tree, tree.root->first_child, name, sizeof(name)), -IOW_ENOMEM);
    assert_non_null(iow_tree_find(&tree, tree.root, "7"));
    iow_tree_done(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_links_and_folders_are_found),
        cmocka_unit_test(the_wrong_kind_is_refused),
        cmocka_unit_test(a_link_in_place_of_a_folder_is_damage),
        cmocka_unit_test(absurd_paths_are_errors),
        cmocka_unit_test(too_deep_a_path_is_refused),
        cmocka_unit_test(nothing_is_there_twice),
        cmocka_unit_test(recorded_errors_are_answered),
        cmocka_unit_test(handles_are_used_again),
        cmocka_unit_test(a_sorted_tree_is_walked_in_order),
        cmocka_unit_test(a_mark_becomes_what_it_is_found_to_be),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
