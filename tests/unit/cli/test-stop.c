/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that ask for an end. */
#include "cli/stop.h"

#include <signal.h>
#include <stddef.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_signal_sets_the_flag_and_ends_nothing(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        (void)signal(numbers[i], SIG_DFL); /* below nohup one is ignored */
    iow_stop_catch();
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        *iow_stop_flag() = 0;
        assert_int_equal(raise(numbers[i]), 0);
        assert_int_equal(*iow_stop_flag(), 1);
    }
}

static void what_is_ignored_stays_so(void **state)
{
    (void)state;
    *iow_stop_flag() = 0;
    (void)signal(SIGHUP, SIG_IGN);
    iow_stop_catch();
    assert_int_equal(raise(SIGHUP), 0);
    assert_int_equal(*iow_stop_flag(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_sets_the_flag_and_ends_nothing),
        cmocka_unit_test(what_is_ignored_stays_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
