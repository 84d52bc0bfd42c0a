/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/words.h"

#include <ioward/error.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What stands between quotes, moved to where the word is written; false: it does not end. */
static bool take_quoted(char **from, char **to)
{
    char quote = *(*from)++;

    while (**from && **from != quote) {
        if (quote == '"' && **from == '\\' && ((*from)[1] == '"' || (*from)[1] == '\\'))
            (*from)++;
        *(*to)++ = *(*from)++;
    }
    return *(*from)++ == quote;
}

/* One word, unquoted in place: it never grows. */
static bool take_word(char **from, char **to)
{
    while (**from && !is_blank(**from)) {
        if (**from == '\'' || **from == '"') {
            if (!take_quoted(from, to))
                return false;
            continue;
        }
        if (**from == '\\' && !*++*from)
            return false;
        *(*to)++ = *(*from)++;
    }
    return true;
}

int iow_words(char *line, char **words, int most)
{
    char *from = line, *to;
    int n = 0;

    for (;;) {
        bool last;

        while (is_blank(*from))
            from++;
        if (!*from || *from == '#')
            break;
        if (n == most)
            return -IOW_E2BIG;
        words[n++] = to = from;
        if (!take_word(&from, &to))
            return -IOW_EINVAL;
        last = !*from;
        *to = '\0';
        if (last)
            break;
        from++;
    }
    words[n] = NULL;
    return n;
}
