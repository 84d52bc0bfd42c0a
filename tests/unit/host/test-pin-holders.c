/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records as the kernel gives them, from files of a folder; the linker puts what can fail into this test's hands. */
#include "folder.h"

#include "host/linux/bpf/pin.h"
#include <errno.h>
#include <ioward/error.h>

#define FIRST_NAMESPACE 0xeffffffcu
#define MOST_RECORDS 8

static struct {
    int outer, inner;  /* what opening the folders comes to; 0: they open */
    ino_t processes;   /* the namespace of processes; 0: not told */
    size_t most_bytes; /* that a read gives */
    int fails_at, why; /* the read that fails, counted from 1; 0: none */
} kernel;
static int n_reads;
static struct folder root;

int __wrap_iow_pin_folder_open(int root_fd, const char *path);
int __wrap_fstatat64(int folder, const char *path, struct stat *ret, int flags);
ssize_t __wrap_read(int file, void *bytes, size_t size);
ssize_t __real_read(int file, void *bytes, size_t size);

int __wrap_iow_pin_folder_open(int root_fd, const char *path)
{
    int r = strcmp(path, IOW_PIN_FOLDER) == 0 ? kernel.outer : kernel.inner;

    assert_true(strcmp(path, IOW_PIN_FOLDER) == 0 || strcmp(path, iow_pin_identity()) == 0);
    return r ? r : openat(root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int __wrap_fstatat64(int folder, const char *path, struct stat *ret, int flags)
{
    assert_int_equal(folder, root.fd);
    assert_string_equal(path, "proc/self/ns/pid");
    assert_int_equal(flags, 0);
    *ret = (struct stat){.st_ino = kernel.processes};
    errno = ENOENT;
    return kernel.processes ? 0 : -1;
}

ssize_t __wrap_read(int file, void *bytes, size_t size)
{
    if (++n_reads == kernel.fails_at) {
        errno = kernel.why;
        return -1;
    }
    return __real_read(file, bytes, size < kernel.most_bytes ? size : kernel.most_bytes);
}

/* --- what was found --- */

struct found {
    uint32_t n;
    uint32_t stops_after; /* with STOPPED; 0: never */
    struct iow_file_record record[MOST_RECORDS];
};

#define STOPPED (-77)

static int note(void *ctx, const struct iow_file_record *record)
{
    struct found *found = ctx;

    assert_true(found->n < MOST_RECORDS);
    found->record[found->n++] = *record;
    return found->n == found->stops_after ? STOPPED : 0;
}

static void put(const char *name, const void *bytes, size_t size)
{
    int file = openat(root.fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    close(file);
}

static const struct iow_file_record files[] = {
    {.pid = 5, .fd = 7, .name = "0000:01:00.0"}, {.pid = 5, .fd = 9, .name = "0000:01:00.1"}};
static const struct iow_file_record mappings[] = {
    {.pid = 6, .fd = IOW_RECORD_MAPPED, .name = "0000:02:00.0"}};

static int begin(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof(kernel));
    kernel.processes = FIRST_NAMESPACE;
    kernel.most_bytes = SIZE_MAX;
    n_reads = 0;
    folder_make(&root);
    put(IOW_PIN_FILES, files, sizeof(files));
    put(IOW_PIN_MAPPINGS, mappings, sizeof(mappings));
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_remove(&root);
    return 0;
}

static void finds(int wanted, uint32_t n)
{
    struct found found = {0};

    assert_int_equal(iow_pin_holders(root.fd, note, &found), wanted);
    assert_int_equal(found.n, n);
}

/* --- tests --- */

static void files_come_before_mappings(void **state)
{
    struct found found = {0};

    (void)state;
    assert_int_equal(iow_pin_holders(root.fd, note, &found), 0);
    assert_int_equal(found.n, COUNT(files) + COUNT(mappings));
    assert_memory_equal(&found.record[0], files, sizeof(files));
    assert_memory_equal(&found.record[COUNT(files)], mappings, sizeof(mappings));
}

static void a_record_may_come_in_pieces(void **state)
{
    (void)state;
    for (kernel.most_bytes = 1; kernel.most_bytes < sizeof(files[0]); kernel.most_bytes += 6)
        files_come_before_mappings(state);
}

static void half_a_record_is_none(void **state)
{
    (void)state;
    put(IOW_PIN_FILES, files, sizeof(files) - 1);
    finds(0, COUNT(files) - 1 + COUNT(mappings));
}

static void a_name_that_fills_its_place_is_ended(void **state)
{
    struct iow_file_record full = {.pid = 5, .fd = 7};
    struct found found = {0};

    (void)state;
    memset(full.name, 'x', sizeof(full.name));
    put(IOW_PIN_FILES, &full, sizeof(full));
    assert_int_equal(iow_pin_holders(root.fd, note, &found), 0);
    assert_int_equal(strlen(found.record[0].name), sizeof(full.name) - 1);
}

static void who_asked_may_stop(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= COUNT(files) + COUNT(mappings); n++) {
        struct found found = {.stops_after = n};

        assert_int_equal(iow_pin_holders(root.fd, note, &found), STOPPED);
        assert_int_equal(found.n, n);
    }
}

static void folders_that_are_not_ours_are_not_read(void **state)
{
    (void)state;
    kernel.outer = -IOW_EPERM;
    finds(-IOW_EPERM, 0);
    kernel.outer = 0;
    kernel.inner = -IOW_ENOENT;
    finds(-IOW_ENOENT, 0);
}

static void numbers_of_other_processes_are_not_taken(void **state)
{
    (void)state;
    kernel.processes = FIRST_NAMESPACE - 1;
    finds(-IOW_ENOENT, 0);
    kernel.processes = 0;
    finds(-IOW_ENOENT, 0);
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(unlinkat(root.fd, IOW_PIN_MAPPINGS, 0), 0);
    finds(-ENOENT, COUNT(files));
    assert_int_equal(unlinkat(root.fd, IOW_PIN_FILES, 0), 0);
    finds(-ENOENT, 0);
}

static void a_link_is_not_followed(void **state)
{
    (void)state;
    assert_int_equal(renameat(root.fd, IOW_PIN_FILES, root.fd, "elsewhere"), 0);
    folder_add_link(&root, IOW_PIN_FILES, "elsewhere");
    finds(-ELOOP, 0);
}

/* Two records and the end of one file, a record and the end of the other. */
static void every_read_may_fail(void **state)
{
    static const uint32_t before[] = {0, 1, 2, 2, 3};

    (void)state;
    kernel.why = EIO;
    for (size_t i = 0; i < COUNT(before); i++) {
        n_reads = 0;
        kernel.fails_at = (int)i + 1;
        finds(-EIO, before[i]);
    }
    n_reads = 0;
    kernel.fails_at = (int)COUNT(before) + 1;
    finds(0, COUNT(files) + COUNT(mappings));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_come_before_mappings),
        TEST(a_record_may_come_in_pieces),
        TEST(half_a_record_is_none),
        TEST(a_name_that_fills_its_place_is_ended),
        TEST(who_asked_may_stop),
        TEST(folders_that_are_not_ours_are_not_read),
        TEST(numbers_of_other_processes_are_not_taken),
        TEST(a_file_that_is_not_there_is_an_error),
        TEST(a_link_is_not_followed),
        TEST(every_read_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
