/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

static int digit(char c, unsigned base)
{
    int value = -1;

    if (c >= '0' && c <= '9')
        value = c - '0';
    else if (c >= 'a' && c <= 'f')
        value = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
        value = c - 'A' + 10;
    return value < (int)base ? value : -1;
}

int iow_parse_number(const char *text, size_t len, bool hex, uint64_t most, uint64_t *ret)
{
    unsigned base = hex ? 16 : 10;
    uint64_t value = 0;
    size_t i = hex && len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 2 : 0;

    if (i == len)
        return -IOW_EINVAL;
    for (; i < len; i++) {
        int d = digit(text[i], base);

        if (d < 0 || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, (unsigned)d, &value))
            return -IOW_EINVAL;
    }
    if (value > most)
        return -IOW_EINVAL;
    *ret = value;
    return 0;
}

bool iow_parse_line(const char **text, size_t *len, const char **ret_line, size_t *ret_line_len)
{
    size_t n = 0;

    if (*len == 0)
        return false;
    while (n < *len && (*text)[n] != '\n')
        n++;
    *ret_line = *text;
    *ret_line_len = n;
    if (n < *len)
        n++;
    *text += n;
    *len -= n;
    return true;
}
