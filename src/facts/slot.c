/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

#include <string.h>

#define HEX_DIGITS(most) true, (most)

int iow_parse_slot(const char *text, size_t len, struct iow_slot *ret)
{
    const char *colon = len ? memchr(text, ':', len) : NULL;
    const char *second = colon ? memchr(colon + 1, ':', len - (size_t)(colon + 1 - text)) : NULL;
    const char *end = text + len, *bus_end = second ? second : end;
    uint64_t domain, bus, device = IOW_SLOT_ANY_DEVICE;

    if (!colon || iow_parse_number(text, (size_t)(colon - text), HEX_DIGITS(UINT32_MAX), &domain) < 0 ||
        iow_parse_number(colon + 1, (size_t)(bus_end - colon - 1), HEX_DIGITS(UINT8_MAX), &bus) < 0)
        return -IOW_EINVAL;
    if (second && iow_parse_number(second + 1, (size_t)(end - second - 1), HEX_DIGITS(31), &device) < 0)
        return -IOW_EINVAL;
    ret->domain = (uint32_t)domain;
    ret->bus = (uint8_t)bus;
    ret->device = (uint8_t)device;
    return 0;
}
