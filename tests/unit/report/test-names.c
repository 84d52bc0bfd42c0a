/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/names.h"
#include <ioward/error.h>

#include <unistd.h>

static void write_file(char *path, const char *text)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
}

static void names_come_from_the_file_alone(void **state)
{
    char path[] = "/tmp/ioward-names-XXXXXX";
    struct iow_names *names;
    struct iow_mem mem;

    (void)state;
    write_file(path,
        "8086  Intel Corporation\n\t10d3  82574L\nC 02  Network controller\n\t00  Ethernet controller\n");
    iow_mem_init_malloc(&mem);
    names = iow_names_new(path);
    assert_string_equal(iow_names_vendor(names, &mem, 0x8086), "Intel Corporation");
    assert_string_equal(iow_names_device(names, &mem, 0x8086, 0x10d3), "82574L");
    assert_string_equal(iow_names_class(names, &mem, 0x020000), "Ethernet controller");
    assert_int_equal(iow_names_check(names), 0);
    assert_null(iow_names_vendor(names, &mem, 0x10de));
    assert_null(iow_names_device(names, &mem, 0x8086, 0x1234));
    assert_null(iow_names_device(names, &mem, 0x10de, 0x2204));
    assert_null(iow_names_free(names));
    iow_mem_done(&mem);
    assert_int_equal(unlink(path), 0);
}

/* libpci's own answer to a bad file is to end the program. */
static void a_file_that_is_none_gives_no_names(void **state)
{
    char path[] = "/tmp/ioward-names-XXXXXX";
    const char *const paths[] = {path, "/nonexistent", "/"};
    struct iow_mem mem;

    (void)state;
    write_file(path, "\t\tnot a pci.ids file\n{}\n");
    iow_mem_init_malloc(&mem);
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct iow_names *names = iow_names_new(paths[i]);

        assert_null(iow_names_vendor(names, &mem, 0x8086));
        assert_null(iow_names_class(names, &mem, 0x020000));
        assert_int_equal(iow_names_check(names), i == 1 ? -IOW_ENOENT : -IOW_EINVAL);
        assert_null(iow_names_free(names));
    }
    assert_null(iow_names_vendor(NULL, &mem, 0x8086));
    iow_mem_done(&mem);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_come_from_the_file_alone),
        cmocka_unit_test(a_file_that_is_none_gives_no_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
