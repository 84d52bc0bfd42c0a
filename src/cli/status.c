/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static int check_columns(const char *columns)
{
    const char *bad, *help;
    int r = iow_status_columns(columns, &bad);

    if (r == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "ioward: unknown column '%.*s'; there are", (int)strcspn(bad, ","), bad);
    for (unsigned i = 0; iow_status_column_at(i, &help); i++)
        (void)fprintf(stderr, " %s", iow_status_column_at(i, &help));
    (void)fputc('\n', stderr);
    return EXIT_USAGE;
}

int iow_cli_status(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    const struct iow_status_style style = {
        .columns = options->columns,
        .noheadings = options->given & OPTION_NOHEADINGS,
        .tree = options->given & OPTION_TREE,
        .list = options->given & OPTION_LIST,
        .dim = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 && !(no_color && *no_color),
    };
    int code;

    (void)n;
    (void)operands;
    if (options->columns && check_columns(options->columns) != EXIT_DONE)
        return EXIT_USAGE;
    code = iow_cli_read(&m, options, IOW_READ_HOLDERS);
    if (code == EXIT_DONE)
        code = iow_cli_view(
            &m, options, options->given & OPTION_JSON || iow_status_wants_names(options->columns));
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_JSON)
        return iow_cli_drawn(options, iow_status_json(m.view, stdout));
    return iow_cli_drawn(options, iow_status_text(m.view, &style, stdout));
}
