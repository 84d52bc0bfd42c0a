/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

#include <time.h>

static void lines_are_in_local_time_and_boots_are_kept_apart(void **state)
{
    static const char *const wanted =
        "2026-03-01 14:07:12  claimed      group 4 (0000:01:00.0 0000:01:00.1) for alice (uid 1000), asked "
        "for "
        "by "
        "root (uid 0), command: qemu " HOSTILE_SHOWN " -- boot -- "
        "2026-03-01 14:08:12  rolled-back  group 7 (0000:02:00.0) for uid 1001; why: the kernel refused "
        "(IOW-EXEC-REFUSED), changed by somebody else (IOW-EXEC-FOREIGN) ";
    char *text, *expected;

    (void)state;
    assert_int_equal(setenv("TZ", "UTC0", 1), 0);
    tzset();
    text = flat(DRAWN(iow_history_text(stage_history, COUNT(stage_history), out)));
    expected = strdup(wanted);
    assert_non_null(expected);
    assert_string_equal(text, flat(expected));
    free(expected);
    free(text);
}

static void no_history_is_said_to_be_none(void **state)
{
    char *text = DRAWN(iow_history_text(NULL, 0, out));

    (void)state;
    assert_string_equal(text, "Nothing was claimed on this machine yet.\n");
    free(text);
}

static void reasons_of_another_version_are_shown_as_they_are(void **state)
{
    struct iow_history_row row = stage_history[1];
    char *text;

    (void)state;
    row.note = "IOW-EXEC-NEW " HOSTILE "  IOW-EXEC-GONE ";
    text = flat(DRAWN(iow_history_text(&row, 1, out)));
    says(text, "; why: IOW-EXEC-NEW, " HOSTILE_SHOWN ", gone (IOW-EXEC-GONE) ");
    free(text);
}

static void one_boot_is_not_divided(void **state)
{
    struct iow_history_row rows[] = {stage_history[0], stage_history[0]};
    char *text = DRAWN(iow_history_text(rows, COUNT(rows), out));

    (void)state;
    says_not(text, "boot");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_in_local_time_and_boots_are_kept_apart),
        cmocka_unit_test(no_history_is_said_to_be_none),
        cmocka_unit_test(reasons_of_another_version_are_shown_as_they_are),
        cmocka_unit_test(one_boot_is_not_divided),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
