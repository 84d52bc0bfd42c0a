/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/parse.h"

/* The next word of a line; its length, 0 at the end. */
static size_t next_word(const char **text, size_t *len, const char **ret)
{
    size_t n = 0;

    while (*len && **text == ' ') {
        ++*text;
        --*len;
    }
    while (n < *len && (*text)[n] != ' ')
        n++;
    *ret = *text;
    *text += n;
    *len -= n;
    return n;
}

static int next_hex(const char **text, size_t *len, uint64_t *ret)
{
    const char *word;
    size_t n = next_word(text, len, &word);

    return iow_parse_number(word, n, true, UINT64_MAX, ret);
}

int iow_parse_bar(const char *line, size_t len, struct iow_bar *ret)
{
    struct iow_bar bar;
    const char *rest;

    if (next_hex(&line, &len, &bar.first) < 0 || next_hex(&line, &len, &bar.last) < 0 ||
        next_hex(&line, &len, &bar.flags) < 0 || next_word(&line, &len, &rest))
        return -IOW_EINVAL;
    ret->first = bar.first;
    ret->last = bar.last;
    ret->flags = bar.flags;
    return 0;
}

int iow_parse_region(const char *line, size_t len, struct iow_region *ret, size_t *ret_type_len)
{
    struct iow_region region;
    const char *rest;
    size_t n;

    if (next_hex(&line, &len, &region.first) < 0 || next_hex(&line, &len, &region.last) < 0 ||
        region.last < region.first)
        return -IOW_EINVAL;
    n = next_word(&line, &len, &region.type);
    if (!n || next_word(&line, &len, &rest))
        return -IOW_EINVAL;
    *ret = region;
    *ret_type_len = n;
    return 0;
}
