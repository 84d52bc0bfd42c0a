/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows as values. */
#include "scene.h"

static void every_row_says_what_it_is(void **state)
{
    struct iow_front_row row;
    uint32_t n = 0;

    (void)state;
    for (; iow_front_row_at(n, &row); n++) {
        assert_true(*row.stage);
        assert_true(row.code <= IOW_FRONT_WAITS);
        assert_false(row.with & row.without);
        if (row.code || row.passes)
            assert_string_equal(row.next, "");
        if (row.passes)
            assert_int_equal(row.code, 0);
        if (row.code == IOW_FRONT_WAITS)
            assert_string_equal(row.effect, "");
    }
    assert_true(n < MOST_ROWS);
    assert_false(iow_front_row_at(n, &row));
    assert_false(iow_front_row_at(IOW_NONE, &row));
}

/* Two rows that say the same of the same kernels would be one too many. */
static void no_row_is_there_twice(void **state)
{
    struct iow_front_row a, b;

    (void)state;
    for (uint32_t i = 0; iow_front_row_at(i, &a); i++)
        for (uint32_t k = i + 1; iow_front_row_at(k, &b); k++)
            assert_false(strcmp(a.stage, b.stage) == 0 && strcmp(a.when, b.when) == 0 &&
                         strcmp(a.tries, b.tries) == 0 && a.with == b.with && a.without == b.without);
}

int table_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_it_is),
        cmocka_unit_test(no_row_is_there_twice),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
