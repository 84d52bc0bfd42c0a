/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/cli.h"

/* Adds what only this verb shows, of the chosen functions alone: reading less wakes and costs less. */
static int read_more(struct machine *m, const struct options *options, const uint32_t *functions, uint32_t n)
{
    struct iow_explain explain = {0};
    int r = iow_facts_read_names(m->source, m->facts, &explain);

    for (uint32_t i = 0; i < n && r >= 0; i++) {
        uint32_t number = iow_facts_function_at(m->facts, functions[i])->group;
        uint32_t group = number == IOW_NONE ? IOW_NONE : iow_facts_find_group(m->facts, number);

        r = iow_facts_read_details(m->source, m->facts, functions[i], &explain);
        if (r >= 0 && group != IOW_NONE)
            r = iow_facts_read_regions(m->source, m->facts, group, &explain);
    }
    return r < 0 ? iow_cli_explain(options, &explain, NULL) : EXIT_DONE;
}

int iow_cli_show(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    uint32_t *functions, n_functions;
    int code = iow_cli_check(options, n, operands);

    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, IOW_READ_HOLDERS | IOW_READ_KERNEL);
    if (code == EXIT_DONE)
        code = iow_cli_select(&m, options, n, operands, SELECT_ANY, &functions, &n_functions);
    if (code == EXIT_DONE)
        code = read_more(&m, options, functions, n_functions);
    if (code == EXIT_DONE)
        code = iow_cli_view(&m, options, true);
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_JSON)
        return iow_cli_drawn(options, iow_show_json(m.view, functions, n_functions, stdout));
    return iow_cli_drawn(options, iow_show_text(m.view, functions, n_functions, stdout));
}
