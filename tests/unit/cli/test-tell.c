/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/act.h"
#include "cli/tell.h"

static FILE *file;
static int before;

static int catch_errors(void **state)
{
    (void)state;
    file = tmpfile();
    before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return !file || before < 0 || dup2(fileno(file), STDERR_FILENO) < 0;
}

static int let_errors_go(void **state)
{
    (void)state;
    (void)fflush(stderr);
    (void)dup2(before, STDERR_FILENO);
    return close(before) < 0 || fclose(file) != 0;
}

static void assert_said(enum iow_step_kind kind, const char *from, const char *to, const char *wanted)
{
    const struct iow_step step = {.kind = kind, .group = 7, .before = from, .after = to};
    struct iow_progress progress = {.kind = IOW_PROGRESS_BEGINS, .step = &step, .number = 1, .total = 1};
    struct act act = {0};
    char text[256];
    ssize_t n;

    assert_int_equal(ftruncate(fileno(file), 0), 0);
    assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
    iow_tell_progress(&act, &progress);
    progress.kind = IOW_PROGRESS_WAITS;
    progress.rule = IOW_RULE_EXEC_WAITS;
    iow_tell_progress(&act, &progress);
    progress.kind = IOW_PROGRESS_DONE;
    progress.rule = IOW_RULE_NONE;
    iow_tell_progress(&act, &progress);
    (void)fflush(stderr);
    n = pread(fileno(file), text, sizeof(text) - 1, 0);
    assert_true(n > 0);
    text[n] = '\0';
    assert_string_equal(text, wanted);
}

static void a_user_is_waited_for_only_where_there_may_be_one(void **state)
{
    (void)state;
    assert_said(IOW_STEP_LOAD, "", "vfio-pci", "[1/1] load vfio-pci ... takes long ... done\n");
    assert_said(IOW_STEP_BIND, "", "e1000e", "[1/1] bind 0000:00:00.0 to e1000e ... takes long ... done\n");
    assert_said(IOW_STEP_UNBIND, "vfio-pci", "",
        "[1/1] unbind 0000:00:00.0 from vfio-pci ... waits for its user ... done\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_user_is_waited_for_only_where_there_may_be_one, catch_errors, let_errors_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
