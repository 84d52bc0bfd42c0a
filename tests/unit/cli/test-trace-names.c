/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/trace-names.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 600 /* more than two sizes of the list */

static bool starved; /* needs the linker's --wrap=reallocarray */

void *__real_reallocarray(void *old, size_t n, size_t size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
    return starved ? NULL : __real_reallocarray(old, n, size);
}

static char folder[] = "/tmp/ioward-names-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[sizeof(folder) + 64];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static uint64_t make(const char *name)
{
    struct stat st;

    assert_int_equal(mkdir(path_of(name), 0700), 0);
    assert_int_equal(stat(path_of(name), &st), 0);
    return st.st_ino;
}

static void address(char *ret, unsigned i)
{
    (void)snprintf(ret, IOW_ADDRESS_TEXT, "0000:%02x:%02x.%x", i / 256, i / 8 % 32, i % 8);
}

static void each_is_found_when_it_comes(void **state)
{
    struct trace_names names = {.folder = folder};
    char name[IOW_ADDRESS_TEXT];
    uint64_t inode;

    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        address(name, i);
        inode = make(name);
        assert_string_equal(iow_trace_name(&names, inode), name);
    }
    assert_int_equal(names.n, MANY);
    assert_null(iow_trace_name(&names, 0));
    assert_int_equal(names.n, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        address(name, i);
        assert_int_equal(rmdir(path_of(name)), 0);
    }
    assert_string_equal(iow_trace_name(&names, inode), name); /* gone, and still known */
    iow_trace_names_done(&names);
    assert_null(iow_trace_name(&names, inode));
}

/* A device comes back, and has the number that another had. */
static void the_newest_name_counts(void **state)
{
    struct trace_names names = {.folder = folder};
    uint64_t inode = make("0000:01:00.0");
    char old[sizeof(folder) + 64];

    (void)state;
    assert_string_equal(iow_trace_name(&names, inode), "0000:01:00.0");
    (void)strcpy(old, path_of("0000:01:00.0"));
    assert_int_equal(rename(old, path_of("0000:02:00.0")), 0);
    assert_null(iow_trace_name(&names, 0)); /* looks again */
    assert_string_equal(iow_trace_name(&names, inode), "0000:02:00.0");
    assert_int_equal(rmdir(path_of("0000:02:00.0")), 0);
    iow_trace_names_done(&names);
}

static void what_is_no_address_is_left_out(void **state)
{
    static const char longer[] = "0000:01:00.0-and-more-than-an-address-has";
    struct trace_names names = {.folder = folder};
    uint64_t inode = make(longer);

    (void)state;
    assert_null(iow_trace_name(&names, inode));
    assert_int_equal(rmdir(path_of(longer)), 0);
    iow_trace_names_done(&names);
}

static void without_folder_or_memory_there_is_no_name(void **state)
{
    struct trace_names names = {.folder = "/nonexistent"};
    uint64_t inode = make("0000:01:00.0");

    (void)state;
    assert_null(iow_trace_name(&names, inode));
    names.folder = folder;
    starved = true;
    assert_null(iow_trace_name(&names, inode));
    starved = false;
    assert_string_equal(iow_trace_name(&names, inode), "0000:01:00.0");
    assert_int_equal(rmdir(path_of("0000:01:00.0")), 0);
    iow_trace_names_done(&names);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_found_when_it_comes),
        cmocka_unit_test(the_newest_name_counts),
        cmocka_unit_test(what_is_no_address_is_left_out),
        cmocka_unit_test(without_folder_or_memory_there_is_no_name),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
