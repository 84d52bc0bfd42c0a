/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

/* Decimal digits at text; how many there were, 0 also when the number is over 255. */
static size_t small_number(const char *text, size_t len, unsigned *ret)
{
    size_t n = 0;
    unsigned value = 0;

    for (; n < len && text[n] >= '0' && text[n] <= '9'; n++) {
        value = value * 10 + (unsigned)(text[n] - '0');
        if (value > 255)
            return 0;
    }
    *ret = value;
    return n;
}

uint16_t iow_parse_release(const char *text, size_t len)
{
    unsigned major, minor;
    size_t n = small_number(text, len, &major);

    if (n == 0 || n == len || text[n] != '.')
        return 0;
    n++;
    if (!small_number(text + n, len - n, &minor))
        return 0;
    return (uint16_t)(major << 8 | minor);
}
