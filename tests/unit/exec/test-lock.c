/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/lock.h"

static char folder[64], path[96];

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/ioward-lock-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/lock", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static uint32_t waited_for;
static unsigned n_waits;

static void waiting(void *ctx, uint32_t pid)
{
    assert_ptr_equal(ctx, folder);
    waited_for = pid;
    n_waits++;
}

/* A process that has the lock, and gives it back after so long; 0: not before it is killed. */
static pid_t holder(unsigned msec)
{
    int ready[2];
    char byte;
    pid_t child;

    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        int fd;

        if (iow_lock_take(path, 0, NULL, NULL, NULL, &fd, NULL) < 0)
            _exit(1);
        (void)!write(ready[1], "x", 1);
        if (!msec)
            pause();
        usleep(msec * 1000);
        _exit(0);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

static void a_free_lock_is_taken_at_once(void **state)
{
    struct stat status;
    int fd = -1;

    (void)state;
    assert_int_equal(iow_lock_take(path, 0, NULL, waiting, folder, &fd, NULL), 0);
    assert_int_equal(n_waits, 0);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0177, 0);
    close(fd);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &fd, NULL), 0);
    close(fd);
}

static void whoever_waits_is_told_once_for_whom_and_gets_it(void **state)
{
    pid_t child = holder(400);
    int fd, status;

    (void)state;
    n_waits = 0;
    assert_int_equal(iow_lock_take(path, 20000000, NULL, waiting, folder, &fd, NULL), 0);
    assert_int_equal(n_waits, 1);
    assert_int_equal(waited_for, child);
    close(fd);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void after_the_time_given_its_holder_is_named(void **state)
{
    struct iow_explain why;
    pid_t child = holder(0);
    int fd = -1;

    (void)state;
    assert_int_equal(iow_lock_take(path, 120000, NULL, NULL, NULL, &fd, &why), -IOW_ETIMEDOUT);
    assert_int_equal(fd, -1);
    assert_int_equal(why.rule, IOW_RULE_EXEC_LOCKED);
    assert_int_equal(why.subject.kind, IOW_SUBJECT_PROCESS);
    assert_int_equal(why.subject.number, child);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &fd, &why), 0); /* gone with its holder */
    close(fd);
}

static void whoever_wants_to_stop_does_not_wait(void **state)
{
    struct iow_explain why;
    pid_t child = holder(0);
    const volatile int stop = 1;
    int fd = -1;

    (void)state;
    assert_int_equal(iow_lock_take(path, UINT64_MAX, &stop, NULL, NULL, &fd, &why), -IOW_EINTR);
    assert_int_equal(why.rule, IOW_RULE_EXEC_STOPPED);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_removed_file_keeps_nobody_out_and_a_new_one_does(void **state)
{
    int first, second, third = -1;

    (void)state;
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &first, NULL), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &second, NULL), 0);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &third, NULL), -IOW_ETIMEDOUT);
    close(first);
    close(second);
}

static void a_holder_that_says_nothing_is_not_known(void **state)
{
    struct iow_explain why;
    int first, second;

    (void)state;
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &first, NULL), 0);
    assert_int_equal(ftruncate(first, 0), 0);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &second, &why), -IOW_ETIMEDOUT);
    assert_int_equal(why.subject.kind, IOW_SUBJECT_TEXT);
    assert_string_equal(why.text, path);
    close(first);
}

static void a_link_in_its_place_is_refused(void **state)
{
    struct iow_explain why;
    int fd;

    (void)state;
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(iow_lock_take(path, 0, NULL, NULL, NULL, &fd, &why), -IOW_EIO);
    assert_int_equal(why.rule, IOW_RULE_EXEC_JOURNAL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(iow_lock_take("/nowhere/lock", 0, NULL, NULL, NULL, &fd, &why), -IOW_EIO);
}

/* Two processes count in a file; without the lock they would lose counts. */
static void never_have_two_of_them_it(void **state)
{
    enum {
        ROUNDS = 40
    };
    unsigned *shared;
    char file[128];
    pid_t child[2];
    int fd;

    (void)state;
    (void)snprintf(file, sizeof(file), "%s/count", folder);
    fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    for (unsigned i = 0; i < COUNT(child); i++) {
        child[i] = fork();
        if (child[i])
            continue;
        for (unsigned round = 0; round < ROUNDS; round++) {
            unsigned count = 0;
            int lock;

            if (iow_lock_take(path, 60000000, NULL, NULL, NULL, &lock, NULL) < 0)
                _exit(1);
            (void)!pread(fd, &count, sizeof(count), 0);
            usleep(200);
            count++;
            (void)!pwrite(fd, &count, sizeof(count), 0);
            close(lock);
        }
        _exit(0);
    }
    for (unsigned i = 0; i < COUNT(child); i++) {
        int status;

        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
    shared = calloc(1, sizeof(*shared));
    assert_int_equal(pread(fd, shared, sizeof(*shared), 0), sizeof(*shared));
    assert_int_equal(*shared, 2 * ROUNDS);
    free(shared);
    close(fd);
    assert_int_equal(unlink(file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_free_lock_is_taken_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_waits_is_told_once_for_whom_and_gets_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_the_time_given_its_holder_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_wants_to_stop_does_not_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_removed_file_keeps_nobody_out_and_a_new_one_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_holder_that_says_nothing_is_not_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_link_in_its_place_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_have_two_of_them_it, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
