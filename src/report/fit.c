/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/fit.h"

#include "report/wrap.h"

#include <stdlib.h>
#include <string.h>

/* What libsmartcols draws before a member of a tree. */
#define BRANCH 2

static unsigned heading_columns(struct libscols_table *table, size_t column)
{
    const char *name = scols_column_get_name(scols_table_get_column(table, column));

    return name ? iow_wrap_columns(name, strlen(name)) : 0;
}

static unsigned column_width(struct libscols_table *table, size_t column)
{
    bool tree = scols_column_is_tree(scols_table_get_column(table, column));
    double hint = scols_column_get_whint(scols_table_get_column(table, column));
    unsigned widest = heading_columns(table, column);

    /* libsmartcols makes a column no narrower than its hint. */
    if (hint > widest)
        widest = (unsigned)hint;
    for (size_t i = 0; i < scols_table_get_nlines(table); i++) {
        struct libscols_line *line = scols_table_get_line(table, i);
        const char *text = scols_line_get_column_data(line, scols_table_get_column(table, column));
        unsigned n = text ? iow_wrap_columns(text, strlen(text)) : 0;

        n += tree && scols_line_get_parent(line) ? BRANCH : 0;
        widest = n > widest ? n : widest;
    }
    return widest;
}

/* Bytes of the first characters of a text. */
static size_t prefix(const char *text, unsigned columns)
{
    size_t len = 0;

    while (text[len] && iow_wrap_columns(text, len + 1) <= columns)
        len++;
    return len;
}

static bool cut(struct libscols_table *table, size_t column, unsigned columns)
{
    for (size_t i = 0; i < scols_table_get_nlines(table); i++) {
        struct libscols_line *line = scols_table_get_line(table, i);
        const char *text = scols_line_get_column_data(line, scols_table_get_column(table, column));
        size_t len = text ? prefix(text, columns) : 0;
        char *shorter;

        if (!text || !text[len])
            continue;
        shorter = strndup(text, len);
        if (!shorter || scols_line_refer_data(line, column, shorter) < 0) {
            free(shorter);
            return false;
        }
    }
    return true;
}

bool iow_fit(struct libscols_table *table, size_t column, unsigned width)
{
    size_t n = scols_table_get_ncols(table);
    unsigned total = n ? (unsigned)n - 1 : 0, own = column_width(table, column);
    unsigned least = heading_columns(table, column);

    for (size_t k = 0; k < n; k++)
        total += column_width(table, k);
    if (total <= width)
        return true;
    return cut(table, column, own > least + (total - width) ? own - (total - width) : least);
}
