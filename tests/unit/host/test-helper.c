/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/helper.h"
#include "host/linux/act.h"

#define NO_HELPER 254

/* The helper's exit status, when it has these files as its input and output. */
static int run_helper(int in, int out, const char *const *args)
{
    char *argv[IOW_HELPER_ARGS + 1];
    int argc = 0, status, code;
    pid_t pid;

    for (; args[argc]; argc++)
        argv[argc] = (char *)args[argc];
    argv[argc] = NULL;
    pid = fork();
    if (pid == 0) {
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        _exit(iow_helper_main(argc, argv, &code) ? code : NO_HELPER);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int temporary_file(void)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    return fd;
}

/* A socket in which the byte that lets a helper go lies ready, or nothing and the end. */
static int make_go(bool go)
{
    int ends[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    if (go)
        assert_int_equal(write(ends[1], "", 1), 1);
    close(ends[1]);
    return ends[0];
}

static void only_its_name_makes_a_helper(void **state)
{
    static const char *const names[] = {"ioward", "./ioward-helper", "ioward-helper2", ""};
    int code = 42;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char *argv[] = {(char *)names[i], (char *)"write", (char *)"text", NULL};

        assert_false(iow_helper_main(3, argv, &code));
    }
    assert_false(iow_helper_main(0, (char *[]){NULL}, &code));
    assert_int_equal(code, 42);
}

static void any_other_shape_is_refused(void **state)
{
    static const char long_text[IOW_VALUE_BYTES + 1] = {[0 ... IOW_VALUE_BYTES - 1] = 'a'};
    static const char *const cases[][IOW_HELPER_ARGS + 1] = {
        {"ioward-helper"},
        {"ioward-helper", ""},
        {"ioward-helper", "status"},
        {"ioward-helper", "write"},
        {"ioward-helper", "write", ""},
        {"ioward-helper", "write", long_text},
        {"ioward-helper", "write", "text", "more"},
        {"ioward-helper", "read", "file"},
        {"ioward-helper", "load"},
        {"ioward-helper", "load", "../x"},
        {"ioward-helper", "load", "vfio-pci", "more"},
        {"ioward-helper", "bind", "vfio-pci", "", "not an address"},
        {"ioward-helper", "bind", "vfio-pci", "0000:01:00.0"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int go = make_go(true), out = temporary_file();

        assert_int_equal(run_helper(go, out, cases[i]), EINVAL);
        assert_int_equal(lseek(out, 0, SEEK_END), 0);
        close(go);
        close(out);
    }
}

static void files_of_another_kind_are_refused(void **state)
{
    static const char *const write_args[] = {"ioward-helper", "write", "text", NULL};
    static const char *const read_args[] = {"ioward-helper", "read", NULL};
    static const char *const load_args[] = {"ioward-helper", "load", "ioward-none", NULL};
    int file = temporary_file(), out = temporary_file(), go = make_go(true);

    (void)state;
    assert_int_equal(write(file, "gggg", 4), 4);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    assert_int_equal(run_helper(file, out, write_args), EINVAL);
    assert_int_equal(run_helper(file, out, read_args), EINVAL);
    assert_int_equal(run_helper(go, out, load_args), EINVAL);
    assert_int_equal(lseek(out, 0, SEEK_END), 0);
    close(file);
    close(out);
    close(go);
}

static void it_writes_once_it_may(void **state)
{
    static const char *const args[] = {"ioward-helper", "write", "0000:01:00.0", NULL};
    int out = temporary_file(), go = make_go(false);
    char text[32] = "";

    (void)state;
    assert_int_equal(run_helper(go, out, args), ECANCELED);
    assert_int_equal(lseek(out, 0, SEEK_END), 0);
    close(go);
    go = make_go(true);
    assert_int_equal(run_helper(go, out, args), 0);
    assert_int_equal(pread(out, text, sizeof(text), 0), 12);
    assert_string_equal(text, "0000:01:00.0");
    close(go);
    close(out);
}

static void it_ends_with_the_error_of_its_one_write(void **state)
{
    static const char *const args[] = {"ioward-helper", "write", "text", NULL};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC), null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int go = make_go(true);

    (void)state;
    assert_int_equal(run_helper(go, full, args), ENOSPC);
    close(go);
    go = make_go(true);
    assert_int_equal(run_helper(go, null, args), EBADF);
    close(go);
    close(full);
    close(null);
}

static void it_passes_on_what_it_reads_at_once(void **state)
{
    static const char *const args[] = {"ioward-helper", "read", NULL};
    int in = temporary_file(), ends[2];
    char text[16] = "";

    (void)state;
    assert_int_equal(write(in, "vfio-pci\n", 9), 9);
    assert_int_equal(lseek(in, 0, SEEK_SET), 0);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(run_helper(in, ends[1], args), 0);
    close(ends[1]);
    assert_int_equal(read(ends[0], text, sizeof(text)), 9);
    assert_string_equal(text, "vfio-pci\n");
    close(ends[0]);
    close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_its_name_makes_a_helper),
        cmocka_unit_test(any_other_shape_is_refused),
        cmocka_unit_test(files_of_another_kind_are_refused),
        cmocka_unit_test(it_writes_once_it_may),
        cmocka_unit_test(it_ends_with_the_error_of_its_one_write),
        cmocka_unit_test(it_passes_on_what_it_reads_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
