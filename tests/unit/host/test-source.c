/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "host/linux/memory.h"

static struct iow_source *machine_with(const char *path, const char *bytes, size_t len)
{
    struct iow_source *source;

    assert_int_equal(iow_source_memory(&source), 0);
    assert_int_equal(iow_memory_add_file(source, path, bytes, len), 0);
    return source;
}

static int read_text_of(const char *bytes, size_t len, char *buf, size_t size)
{
    struct iow_source *source = machine_with("sys/value", bytes, len);
    int r = iow_source_read_text(source, IOW_SOURCE_ROOT, "sys/value", buf, size);

    assert_null(iow_source_close(source));
    return r;
}

static void closing_nothing_is_allowed(void **state)
{
    (void)state;
    assert_null(iow_source_close(NULL));
}

static void a_text_comes_without_its_newline(void **state)
{
    char buf[8];

    (void)state;
    assert_int_equal(read_text_of("D3hot\n", 6, buf, sizeof(buf)), 5);
    assert_string_equal(buf, "D3hot");
    assert_int_equal(read_text_of("D3hot", 5, buf, sizeof(buf)), 5);
    assert_string_equal(buf, "D3hot");
    assert_int_equal(read_text_of("a\n\n", 3, buf, sizeof(buf)), 2);
    assert_string_equal(buf, "a\n");
    assert_int_equal(read_text_of("", 0, buf, sizeof(buf)), 0);
    assert_string_equal(buf, "");
}

static void a_text_that_does_not_fit_is_refused(void **state)
{
    char buf[4];

    (void)state;
    assert_int_equal(read_text_of("abc", 3, buf, sizeof(buf)), 3);
    assert_int_equal(read_text_of("abc\n", 4, buf, sizeof(buf)), 3);
    assert_string_equal(buf, "abc");
    assert_int_equal(read_text_of("abcd", 4, buf, sizeof(buf)), -IOW_E2BIG);
    assert_int_equal(read_text_of("abc\ndef", 7, buf, sizeof(buf)), -IOW_E2BIG);
    assert_int_equal(read_text_of("", 0, buf, 0), -IOW_E2BIG);
}

static void a_missing_text_is_told(void **state)
{
    struct iow_source *source = machine_with("sys/value", "1", 1);
    char buf[8];

    (void)state;
    assert_int_equal(iow_source_read_text(source, IOW_SOURCE_ROOT, "sys/other", buf, 8), -IOW_ENOENT);
    iow_source_close(source);
}

static const struct {
    const char *folder, *link;
    int r;
    const char *path;
} resolutions[] = {
    {"sys/bus/pci/devices", "../../../devices/pci0000:00/0000:00:02.0", 0,
        "sys/devices/pci0000:00/0000:00:02.0"},
    {"", "sys", 0, "sys"},
    {"a", "..", 0, ""},
    {"a/b", "./c//d/", 0, "a/b/c/d"},
    {"a/b", "../../c/../d", 0, "d"},
    {"a/b", "", 0, "a/b"},
    {"a/b", ".", 0, "a/b"},
    {"a/b", "...", 0, "a/b/..."},
    {"a/b", "..c", 0, "a/b/..c"},
    {"", "..", -IOW_EBADMSG, NULL},
    {"a/b", "../../..", -IOW_EBADMSG, NULL},
    {"a", "../../a", -IOW_EBADMSG, NULL},
    {"a", "/etc/passwd", -IOW_EBADMSG, NULL},
};

static void links_resolve_from_their_folder_and_stay_inside(void **state)
{
    char buf[64];

    (void)state;
    for (size_t i = 0; i < COUNT(resolutions); i++) {
        int r = iow_source_resolve(resolutions[i].folder, resolutions[i].link, buf, sizeof(buf));

        assert_int_equal(r, resolutions[i].r);
        if (r == 0)
            assert_string_equal(buf, resolutions[i].path);
    }
}

static void a_resolution_never_writes_more_than_it_may(void **state)
{
    (void)state;
    for (size_t size = 0; size < 16; size++) {
        char *buf = malloc(size ? size : 1);
        int r;

        assert_non_null(buf);
        r = iow_source_resolve("abc", "de/../fghi", buf, size);
        assert_int_equal(r, size < 9 ? -IOW_E2BIG : 0);
        free(buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closing_nothing_is_allowed),
        cmocka_unit_test(a_text_comes_without_its_newline),
        cmocka_unit_test(a_text_that_does_not_fit_is_refused),
        cmocka_unit_test(a_missing_text_is_told),
        cmocka_unit_test(links_resolve_from_their_folder_and_stay_inside),
        cmocka_unit_test(a_resolution_never_writes_more_than_it_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
