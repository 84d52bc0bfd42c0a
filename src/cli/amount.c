/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/amount.h"

#include <ioward/error.h>
#include <string.h>

#define USEC UINT64_C(1000000)
#define MOST_USEC (86400 * USEC)

/* Less than a page is nothing at all: the kernel locks whole ones. */
#define LEAST_BYTES 4096

static const char units[] = "KMGT";

int iow_amount_seconds(const char *text, uint64_t *ret_usec)
{
    uint64_t usec = 0, part = USEC;
    const char *p = text;

    while (*p >= '0' && *p <= '9' && usec <= MOST_USEC)
        usec = usec * 10 + (uint64_t)(*p++ - '0') * USEC;
    if (p == text)
        return -IOW_EINVAL;
    if (*p == '.' && p[1])
        for (p++; *p >= '0' && *p <= '9'; p++)
            usec += (uint64_t)(*p - '0') * (part /= 10);
    if (*p || usec > MOST_USEC)
        return -IOW_EINVAL;
    *ret_usec = usec;
    return 0;
}

int iow_amount_bytes(const char *text, uint64_t *ret_bytes)
{
    uint64_t bytes = 0;
    const char *p = text, *unit;

    if (strcmp(text, "unlimited") == 0) {
        *ret_bytes = UINT64_MAX;
        return 0;
    }
    while (*p >= '0' && *p <= '9' && bytes < UINT64_C(1) << 50)
        bytes = bytes * 10 + (uint64_t)(*p++ - '0');
    unit = *p ? strchr(units, *p >= 'a' ? *p - 32 : *p) : NULL;
    if (p == text || (*p && (!unit || p[1])))
        return -IOW_EINVAL;
    for (; unit && unit >= units; unit--) {
        if (bytes >> 53)
            return -IOW_EINVAL;
        bytes *= 1024;
    }
    if (bytes < LEAST_BYTES)
        return -IOW_EINVAL;
    *ret_bytes = bytes;
    return 0;
}
