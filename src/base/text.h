/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IOWARD_BASE_TEXT_H
#define IOWARD_BASE_TEXT_H

#include <stdbool.h>

static inline bool iow_same_text(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

#endif
