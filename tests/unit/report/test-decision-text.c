/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decision-stage.h"

#include <time.h>

static void each_decision_is_a_line(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "UTC0", 1), 0);
    tzset();
    for (size_t i = 0; i < COUNT(stage_decisions); i++) {
        struct iow_ruling ruling;
        struct iow_decision_view view = stage_decision(i, &ruling);
        char *text = DRAWN(iow_decision_text(&view, out));

        assert_memory_equal(text, "14:07:12.345678  ", 17);
        assert_string_equal(text + 17, stage_decisions[i].line);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_decision_is_a_line)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
