/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/effort.h"

/* A process with this name that lives until its pipe is closed here. */
static pid_t start_named(const char *name, int *ret_end)
{
    int ends[2], named[2];
    char byte;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(named), 0);
    pid = fork();
    if (pid == 0) {
        close(ends[1]);
        prctl(PR_SET_NAME, name);
        close(named[1]);
        _exit(read(ends[0], &byte, 1) != 0);
    }
    close(ends[0]);
    close(named[1]);
    assert_int_equal(read(named[0], &byte, 1), 0);
    close(named[0]);
    *ret_end = ends[1];
    return pid;
}

static void a_process_is_told_from_a_later_one_of_its_number(void **state)
{
    struct iow_effort self, later, nobody = {0};

    (void)state;
    assert_int_equal(iow_effort_of(getpid(), &self), 0);
    assert_int_equal(self.pid, getpid());
    assert_true(self.start_ticks > 0);
    assert_true(iow_effort_alive(&self));
    assert_int_equal(iow_effort_await(&self, 0, NULL), -IOW_EINPROGRESS);
    later = self;
    later.start_ticks--;
    assert_false(iow_effort_alive(&later));
    assert_int_equal(iow_effort_await(&later, 0, NULL), 0);
    assert_false(iow_effort_alive(&nobody));
    assert_int_equal(iow_effort_await(&nobody, 0, NULL), 0);
    assert_int_equal(iow_effort_of(0, &self), -EINVAL);
    assert_int_equal(iow_effort_of(INT32_MAX, &self), -ENOENT);
}

static void a_command_may_have_any_name(void **state)
{
    static const char *const names[] = {"a b c", ") Z 1 2 3", "((()", "a)\n1 Z", ""};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct iow_effort plain, strange;
        int end, plain_end;
        pid_t pid = start_named(names[i], &end), other;

        assert_int_equal(iow_effort_of(pid, &strange), 0);
        other = start_named("plain", &plain_end);
        assert_int_equal(iow_effort_of(other, &plain), 0);
        assert_true(iow_effort_alive(&strange));
        /* started one after the other, within a minute of a clock of 100 to 1000 ticks a second */
        assert_true(plain.start_ticks >= strange.start_ticks);
        assert_true(plain.start_ticks - strange.start_ticks < 60000);
        close(end);
        close(plain_end);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        assert_int_equal(waitpid(other, NULL, 0), other);
        assert_false(iow_effort_alive(&strange));
    }
}

static void a_child_that_has_ended_is_not_alive_and_gets_reaped(void **state)
{
    struct iow_effort effort;
    siginfo_t info;
    int end;
    pid_t pid = start_named("ends", &end);

    (void)state;
    assert_int_equal(iow_effort_of(pid, &effort), 0);
    assert_int_equal(iow_effort_await(&effort, 50000, NULL), -IOW_EINPROGRESS);
    close(end);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_false(iow_effort_alive(&effort));
    assert_int_equal(iow_effort_await(&effort, 0, NULL), 0);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_is_told_from_a_later_one_of_its_number),
        cmocka_unit_test(a_command_may_have_any_name),
        cmocka_unit_test(a_child_that_has_ended_is_not_alive_and_gets_reaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
