/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/fit.h"

static struct libscols_table *table_of(const char *const (*rows)[2], size_t n)
{
    struct libscols_table *table = scols_new_table();

    assert_non_null(table);
    assert_non_null(scols_table_new_column(table, "NAME", 1, 0));
    assert_non_null(scols_table_new_column(table, "WHAT", 1, 0));
    for (size_t i = 0; i < n; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);

        assert_non_null(line);
        assert_int_equal(scols_line_set_data(line, 0, rows[i][0]), 0);
        assert_int_equal(scols_line_set_data(line, 1, rows[i][1]), 0);
    }
    return table;
}

static const char *cell(struct libscols_table *table, size_t row)
{
    return scols_line_get_column_data(scols_table_get_line(table, row), scols_table_get_column(table, 1));
}

static void a_column_is_cut_down_to_its_heading(void **state)
{
    static const char *const rows[][2] = {
        {"abcdef", "0123456789"}, {"x", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fxyz"}};
    static const struct {
        unsigned width;
        const char *first, *second;
    } cases[] = {
        {17, "0123456789", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fxyz"}, /* 6, a blank, 10 */
        {16, "012345678", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fxyz"},
        {13, "012345", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fxy"},
        {12, "01234", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fx"},
        {11, "0123", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"},
        {1, "0123", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct libscols_table *table = table_of(rows, COUNT(rows));

        assert_true(iow_fit(table, 1, cases[i].width));
        assert_string_equal(cell(table, 0), cases[i].first);
        assert_string_equal(cell(table, 1), cases[i].second);
        scols_unref_table(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_cut_down_to_its_heading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
