/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/suggest.h"

#include <stddef.h>
#include <string.h>

#define LONGEST 31

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Slips between two words of at most LONGEST letters, swapped neighbours as one: the optimal string alignment
 * distance. */
static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    unsigned row[3][LONGEST + 1];

    for (size_t j = 0; j <= n_b; j++)
        row[0][j] = (unsigned)j;
    for (size_t i = 1; i <= n_a; i++) {
        unsigned *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];

        now[0] = (unsigned)i;
        for (size_t j = 1; j <= n_b; j++) {
            now[j] = least(least(before[j], now[j - 1]) + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return row[n_a % 3][n_b];
}

const char *iow_suggest(const char *typed, const char *(*at)(unsigned i))
{
    size_t len = strlen(typed);
    unsigned best = len > 4 ? 3 : len > 2 ? 2 : 1; /* more slips than are taken */
    const char *found = NULL, *word;

    if (!len || len > LONGEST)
        return NULL;
    for (unsigned i = 0; (word = at(i)); i++) {
        size_t n = strlen(word);
        unsigned slips = n > LONGEST ? best : distance(typed, len, word, n);

        if (slips < best) {
            best = slips;
            found = word;
        }
    }
    return found;
}
