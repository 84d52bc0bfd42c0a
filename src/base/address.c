/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/error.h>

int iow_address_compare(const struct iow_address *a, const struct iow_address *b)
{
    if (a->domain != b->domain)
        return a->domain < b->domain ? -1 : 1;
    if (a->bus != b->bus)
        return a->bus < b->bus ? -1 : 1;
    return (int)iow_address_devfn(a) - (int)iow_address_devfn(b);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Reads 1 to most hex digits; the number of digits read, 0 if there is none. */
static size_t parse_hex(const char *text, size_t len, size_t most, uint32_t *ret)
{
    size_t i = 0;
    uint32_t value = 0;

    for (; i < len && i < most && hex_digit(text[i]) >= 0; i++)
        value = value << 4 | (uint32_t)hex_digit(text[i]);
    *ret = value;
    return i;
}

int iow_address_parse(const char *text, size_t len, struct iow_address *ret)
{
    uint32_t part[3] = {0, 0, 0}, function;
    size_t at = 0, n_colons = 0;

    for (size_t i = 0; i < len; i++)
        n_colons += text[i] == ':';
    if (n_colons < 1 || n_colons > 2)
        return -IOW_EINVAL;
    for (size_t i = 2 - n_colons; i < 3; i++) {
        size_t n = parse_hex(text + at, len - at, i == 0 ? 8 : 2, &part[i]);

        at += n;
        if (!n || at == len || text[at] != (i < 2 ? ':' : '.'))
            return -IOW_EINVAL;
        at++;
    }
    if (at + 1 != len || !parse_hex(text + at, 1, 1, &function) || function > 7 || part[2] > 31)
        return -IOW_EINVAL;
    *ret = (struct iow_address){.domain = part[0],
        .bus = (uint8_t)part[1],
        .device = (uint8_t)part[2],
        .function = (uint8_t)function};
    return 0;
}

static char *put_hex(char *to, uint32_t value, int at_least)
{
    int digits = at_least;

    while (digits < 8 && value >> (4 * digits))
        digits++;
    for (int i = digits - 1; i >= 0; i--)
        *to++ = "0123456789abcdef"[value >> (4 * i) & 15];
    return to;
}

const char *iow_address_format(const struct iow_address *address, char buf[IOW_ADDRESS_TEXT])
{
    char *p = put_hex(buf, address->domain, 4);

    *p++ = ':';
    p = put_hex(p, address->bus, 2);
    *p++ = ':';
    p = put_hex(p, address->device, 2);
    *p++ = '.';
    *p++ = (char)('0' + address->function % 10);
    *p = '\0';
    return buf;
}
