/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "folder.h"

#include <sys/inotify.h>

#include "host/linux/source-folder.h"

static const enum iow_folder_confinement confinements[] = {
    IOW_FOLDER_LIVE, IOW_FOLDER_BENEATH, IOW_FOLDER_STEPWISE};

static struct iow_source *open_as(const struct folder *folder, enum iow_folder_confinement confinement)
{
    struct iow_source *source;

    assert_int_equal(iow_source_folder(fcntl(folder->fd, F_DUPFD_CLOEXEC, 3), confinement, &source, NULL), 0);
    return source;
}

/* sys/devices/a/value, sys/bus/a -> ../devices/a, outside -> /etc, above -> .., self -> sys */
static void make_capture(struct folder *folder)
{
    folder_make(folder);
    folder_add_folder(folder, "sys");
    folder_add_folder(folder, "sys/devices");
    folder_add_folder(folder, "sys/devices/a");
    folder_add_folder(folder, "sys/bus");
    folder_add(folder, "sys/devices/a/value", "42\n");
    folder_add_link(folder, "sys/bus/a", "../devices/a");
    folder_add_link(folder, "outside", "/etc");
    folder_add_link(folder, "above", "..");
    folder_add_link(folder, "self", "sys");
    folder_add_link(folder, "passwords", "/etc/passwd");
}

static int collect(void *ctx, const char *name)
{
    strcat(ctx, name);
    return 0;
}

static void every_kind_of_confinement_reads_alike(void **state)
{
    struct folder folder;

    (void)state;
    make_capture(&folder);
    for (size_t i = 0; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        char buf[64] = "";
        int at, file;

        at = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a");
        assert_true(at > 0);
        assert_int_equal(iow_source_read_text(s, at, "value", buf, sizeof(buf)), 2);
        assert_string_equal(buf, "42");
        file = s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/value");
        assert_true(file > 0);
        assert_int_equal(s->ops->read(s, file, 1, buf, 1), 1);
        assert_int_equal(buf[0], '2');
        assert_int_equal(s->ops->read(s, file, 3, buf, 1), 0);
        assert_int_equal(s->ops->read(s, file, UINT64_MAX, buf, 1), 0);
        s->ops->close(s, file);
        strcpy(buf, "");
        assert_int_equal(s->ops->list(s, at, collect, buf), 0);
        assert_string_equal(buf, "value");
        s->ops->close(s, at);
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, sizeof(buf)), 12);
        assert_string_equal(buf, "../devices/a");
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, 12), -IOW_E2BIG);
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus", buf, 12), -IOW_EINVAL);
        assert_true(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/bus/a"));
        assert_false(s->ops->exists(s, IOW_SOURCE_ROOT, "sys/bus/b"));
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void what_is_missing_is_missing(void **state)
{
    struct folder folder;

    (void)state;
    make_capture(&folder);
    for (size_t i = 0; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        char buf[8];

        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/none"), -IOW_ENOENT);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/none/none"), -IOW_ENOENT);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a/value"), -IOW_ENOENT);
        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/value/x"), -IOW_ENOENT);
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/none", buf, 8), -IOW_ENOENT);
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void a_capture_never_leaves_its_folder(void **state)
{
    static const char *const outside[] = {"outside/passwd", "outside/hostname", "above/etc/passwd",
        "../etc/passwd", "sys/../../etc/passwd", "passwords", "self/devices/a/value", "sys/bus/a/value"};
    struct folder folder;

    (void)state;
    make_capture(&folder);
    for (size_t i = 1; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        char buf[64];

        for (size_t k = 0; k < COUNT(outside); k++) {
            int r = s->ops->open_file(s, IOW_SOURCE_ROOT, outside[k]);

            assert_true(r == -IOW_EBADMSG || r == -IOW_ENOENT);
            r = s->ops->open_folder(s, IOW_SOURCE_ROOT, outside[k]);
            assert_true(r == -IOW_EBADMSG || r == -IOW_ENOENT);
            if (strcmp(outside[k], "passwords") != 0) {
                assert_false(s->ops->exists(s, IOW_SOURCE_ROOT, outside[k]));
                assert_true(s->ops->read_link(s, IOW_SOURCE_ROOT, outside[k], buf, sizeof(buf)) < 0);
            }
        }
        assert_true(s->ops->open_folder(s, IOW_SOURCE_ROOT, "outside") < 0);
        assert_true(s->ops->open_folder(s, IOW_SOURCE_ROOT, "above") < 0);
        assert_true(s->ops->open_folder(s, IOW_SOURCE_ROOT, "..") < 0);
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void a_link_in_place_of_a_folder_is_told_from_a_file(void **state)
{
    struct folder folder;

    (void)state;
    make_capture(&folder);
    for (size_t i = 1; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        char buf[8];

        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "self"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus/a"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "self/devices"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "self/none"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/bus/a/value"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "passwords"), -IOW_EBADMSG);
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "self/bus/a", buf, 8), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a/value"), -IOW_ENOENT);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices/a/value/x"), -IOW_ENOENT);
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void what_is_no_file_is_refused_without_opening_it(void **state)
{
    int events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    struct inotify_event event;
    struct folder folder;
    char path[128];

    (void)state;
    if (events < 0)
        skip();
    make_capture(&folder);
    assert_int_equal(mkfifoat(folder.fd, "sys/devices/a/config", 0644), 0);
    snprintf(path, sizeof(path), "%s/sys/devices/a/config", folder.path);
    assert_true(inotify_add_watch(events, path, IN_OPEN) >= 0);
    for (size_t i = 1; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);

        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/config"), -IOW_EBADMSG);
        iow_source_close(s);
    }
    assert_int_equal(read(events, &event, sizeof(event)), -1);
    close(openat(folder.fd, "sys/devices/a/config", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    assert_int_equal(read(events, &event, sizeof(event)), sizeof(event));
    close(events);
    folder_remove(&folder);
}

static void a_pipe_in_place_of_a_file_does_not_block(void **state)
{
    struct folder folder;

    (void)state;
    make_capture(&folder);
    assert_int_equal(mkfifoat(folder.fd, "sys/devices/a/config", 0644), 0);
    for (size_t i = 1; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);

        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a/config"), -IOW_EBADMSG);
        assert_int_equal(s->ops->open_file(s, IOW_SOURCE_ROOT, "sys/devices/a"), -IOW_EBADMSG);
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void the_label_of_a_captured_folder_is_obeyed(void **state)
{
    struct folder folder;

    (void)state;
    make_capture(&folder);
    folder_add_folder(&folder, "proc");
    folder_add(&folder, "capture.json",
        "{\"schema\":\"ioward.capture/1\",\"denied\":[\"sys/devices/a/value\"],\"failed\":[\"sys/bus\"],"
        "\"gone\":[\"sys/bus/a\"]}");
    for (size_t i = 1; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        char buf[8];
        int at = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys");

        assert_int_equal(iow_source_read_text(s, at, "devices/a/value", buf, sizeof(buf)), -IOW_EACCES);
        assert_true(s->ops->exists(s, at, "devices/a/value"));
        s->ops->close(s, at);
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/bus"), -IOW_EIO);
        assert_int_equal(s->ops->read_link(s, IOW_SOURCE_ROOT, "sys/bus/a", buf, 8), -IOW_ENODEV);
        /* The handle's number is used again, for a folder nothing was denied in. */
        assert_int_equal(s->ops->open_folder(s, IOW_SOURCE_ROOT, "proc"), at);
        assert_int_equal(iow_source_read_text(s, at, "devices/a/value", buf, sizeof(buf)), -IOW_ENOENT);
        s->ops->close(s, at);
        iow_source_close(s);
    }
    folder_remove(&folder);
}

static void a_damaged_label_is_refused(void **state)
{
    static const char *const damaged[] = {"", "[]", "{", "{}", "{\"schema\":1}",
        "{\"schema\":\"ioward.capture/1\",\"denied\":1}", "{\"schema\":\"ioward.capture/1\",\"denied\":[1]}",
        "{\"schema\":\"ioward.capture/1\",\"denied\":[\"../x\"]}"};
    struct iow_source *source;
    struct iow_explain why;

    (void)state;
    for (size_t i = 0; i < COUNT(damaged); i++) {
        struct folder folder;

        make_capture(&folder);
        folder_add(&folder, "capture.json", damaged[i]);
        assert_int_equal(iow_source_open_path(folder.path, &source, &why), -IOW_EBADMSG);
        assert_int_equal(why.rule, IOW_RULE_CAP_DAMAGED);
        assert_string_equal(why.text, "capture.json");
        folder_remove(&folder);
    }
}

static void the_label_of_another_version_is_foreign(void **state)
{
    struct iow_source *source;
    struct iow_explain why;
    struct folder folder;

    (void)state;
    make_capture(&folder);
    folder_add(&folder, "capture.json", "{\"schema\":\"ioward.capture/2\"}");
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), -IOW_EINVAL);
    assert_int_equal(why.rule, IOW_RULE_CAP_FOREIGN);
    folder_remove(&folder);
}

static void a_folder_is_a_capture_or_holds_one(void **state)
{
    struct iow_source *source;
    struct iow_explain why;
    struct folder folder;

    (void)state;
    folder_make(&folder);
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), -IOW_EINVAL);
    assert_int_equal(why.rule, IOW_RULE_CAP_FOREIGN);
    folder_add_folder(&folder, "machine");
    folder_add(&folder, "README", "");
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), -IOW_EINVAL);
    folder_add_folder(&folder, "machine/sys");
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), 0);
    assert_int_equal(source->provenance, IOW_FROM_CAPTURE);
    assert_int_equal(source->root_fd, -1);
    assert_true(source->ops->exists(source, IOW_SOURCE_ROOT, "sys"));
    iow_source_close(source);
    folder_add_folder(&folder, "machine2");
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), -IOW_EINVAL);
    folder_add(&folder, "capture.json", "{\"schema\":\"ioward.capture/1\"}");
    assert_int_equal(iow_source_open_path(folder.path, &source, &why), 0);
    iow_source_close(source);
    folder_remove(&folder);
}

static void a_path_to_nothing_is_not_found(void **state)
{
    struct iow_source *source;
    struct iow_explain why;

    (void)state;
    assert_int_equal(iow_source_open_path("/nonexistent/x", &source, &why), -IOW_ENOENT);
    assert_int_equal(why.rule, IOW_RULE_CAP_NOT_FOUND);
    assert_string_equal(why.text, "/nonexistent/x");
    assert_int_equal(iow_source_open_path("/dev/null", &source, &why), -IOW_EINVAL);
    assert_int_equal(why.rule, IOW_RULE_CAP_FOREIGN);
    assert_int_equal(iow_source_open_path("/dev/null", &source, NULL), -IOW_EINVAL);
}

static void the_live_machine_lends_its_root(void **state)
{
    struct iow_source *source;
    struct iow_explain why;

    (void)state;
    assert_int_equal(iow_source_open_live(&source, &why), 0);
    assert_int_equal(source->provenance, IOW_FROM_LIVE);
    assert_true(source->root_fd >= 0);
    assert_true(source->ops->exists(source, IOW_SOURCE_ROOT, "proc/self"));
    iow_source_close(source);
}

static void a_missing_standard_input_is_not_taken_for_the_root(void **state)
{
    struct folder folder;
    int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

    (void)state;
    make_capture(&folder);
    close(STDIN_FILENO);
    for (size_t i = 0; i < COUNT(confinements); i++) {
        struct iow_source *s = open_as(&folder, confinements[i]);
        int at = s->ops->open_folder(s, IOW_SOURCE_ROOT, "sys/devices");

        assert_true(at > 0);
        assert_true(s->ops->exists(s, at, "a"));
        s->ops->close(s, at);
        iow_source_close(s);
    }
    if (kept >= 0)
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
    folder_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_confinement_reads_alike),
        cmocka_unit_test(what_is_missing_is_missing),
        cmocka_unit_test(a_capture_never_leaves_its_folder),
        cmocka_unit_test(a_link_in_place_of_a_folder_is_told_from_a_file),
        cmocka_unit_test(what_is_no_file_is_refused_without_opening_it),
        cmocka_unit_test(a_pipe_in_place_of_a_file_does_not_block),
        cmocka_unit_test(the_label_of_a_captured_folder_is_obeyed),
        cmocka_unit_test(a_damaged_label_is_refused),
        cmocka_unit_test(the_label_of_another_version_is_foreign),
        cmocka_unit_test(a_folder_is_a_capture_or_holds_one),
        cmocka_unit_test(a_path_to_nothing_is_not_found),
        cmocka_unit_test(the_live_machine_lends_its_root),
        cmocka_unit_test(a_missing_standard_input_is_not_taken_for_the_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
