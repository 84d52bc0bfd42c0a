/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

#include <string.h>

static const struct {
    const char *begin;
    enum iow_interrupts meaning;
} chips[] = {
    {"IR-", IOW_INTERRUPTS_ISOLATED},
    {"ITS-", IOW_INTERRUPTS_ISOLATED},
    {"PCI-MSI", IOW_INTERRUPTS_OPEN},
    {"GICv2m-", IOW_INTERRUPTS_OPEN},
};

enum iow_interrupts iow_parse_interrupts(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
        size_t n = strlen(chips[i].begin);

        if (len >= n && memcmp(text, chips[i].begin, n) == 0)
            return chips[i].meaning;
    }
    return IOW_INTERRUPTS_UNKNOWN;
}
