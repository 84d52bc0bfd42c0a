/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/audit.h>

#include "facts/parse.h"

static bool is_leap(uint64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint64_t days_of(uint64_t year, uint64_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Days of all whole years before this one, since 1970. */
static int32_t days_before(uint64_t year)
{
    int32_t y = (int32_t)year - 1;

    return 365 * (y + 1 - 1970) + (y / 4 - 1969 / 4) - (y / 100 - 1969 / 100) + (y / 400 - 1969 / 400);
}

int iow_date_parse(const char *text, size_t len, int32_t *ret)
{
    uint64_t year, month, day;
    int32_t days;

    if (len != 10 || text[4] != '-' || text[7] != '-' || iow_parse_number(text, 4, false, 9999, &year) < 0 ||
        year < 1970 || iow_parse_number(text + 5, 2, false, 12, &month) < 0 || !month ||
        iow_parse_number(text + 8, 2, false, 31, &day) < 0 || !day || day > days_of(year, month))
        return -IOW_EINVAL;
    days = days_before(year) + (int32_t)day - 1;
    for (uint64_t m = 1; m < month; m++)
        days += (int32_t)days_of(year, m);
    *ret = days;
    return 0;
}
