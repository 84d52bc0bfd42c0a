/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/audit.h>
#include <stdio.h>
#include <time.h>

static void days_are_counted_since_1970(void **state)
{
    static const struct {
        const char *text;
        int32_t days;
    } row[] = {{"1970-01-01", 0}, {"1970-12-31", 364}, {"2000-02-29", 11016}, {"2000-03-01", 11017},
        {"2024-02-29", 19782}, {"2100-03-01", 47541}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        int32_t days = -1;

        assert_int_equal(iow_date_parse(row[i].text, strlen(row[i].text), &days), 0);
        assert_int_equal(days, row[i].days);
    }
}

/* The C library counts them, too. */
static void every_day_of_600_years_is_the_next_one(void **state)
{
    int32_t days;

    (void)state;
    for (time_t day = 0; day < 600 * 365; day++) {
        time_t seconds = day * 24 * 60 * 60;
        struct tm tm;
        char text[16];

        assert_non_null(gmtime_r(&seconds, &tm));
        assert_int_equal(strftime(text, sizeof(text), "%Y-%m-%d", &tm), 10);
        assert_int_equal(iow_date_parse(text, 10, &days), 0);
        assert_int_equal(days, day);
    }
}

static void what_is_no_day_is_refused(void **state)
{
    static const char *const bad[] = {"", "2027", "2027-1-01", "2027-13-01", "2027-00-01", "2027-01-00",
        "2027-01-32", "2027-02-29", "2100-02-29", "1969-12-31", "2027/01/01", "2027-01-01 ", " 2027-01-01",
        "+027-01-01", "20270-1-01"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_date_parse(bad[i], strlen(bad[i]), &(int32_t){0}), -IOW_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_since_1970),
        cmocka_unit_test(every_day_of_600_years_is_the_next_one),
        cmocka_unit_test(what_is_no_day_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
