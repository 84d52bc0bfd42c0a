/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

#include <string.h>

static const struct {
    const char *name;
    enum iow_lockdown level;
} levels[] = {
    {"none", IOW_LOCKDOWN_NONE},
    {"integrity", IOW_LOCKDOWN_INTEGRITY},
    {"confidentiality", IOW_LOCKDOWN_CONFIDENTIALITY},
};

enum iow_lockdown iow_parse_lockdown(const char *text, size_t len)
{
    const char *open = len ? memchr(text, '[', len) : NULL;
    const char *close;
    size_t n;

    if (!open)
        return IOW_LOCKDOWN_UNKNOWN;
    open++;
    close = memchr(open, ']', len - (size_t)(open - text));
    if (!close)
        return IOW_LOCKDOWN_UNKNOWN;
    n = (size_t)(close - open);
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        if (strlen(levels[i].name) == n && memcmp(open, levels[i].name, n) == 0)
            return levels[i].level;
    return IOW_LOCKDOWN_UNKNOWN;
}
