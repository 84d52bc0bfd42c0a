/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/route.h"
#include "base/cleanup.h"
#include "cli/cli.h"

/* Those that do something of their own: no bridges. */
static uint32_t choose_all(const struct machine *m, uint32_t *ret)
{
    const struct iow_function *f;
    uint32_t n = 0;

    for (uint32_t i = 0; (f = iow_facts_function_at(m->facts, i)); i++)
        if (!iow_config_is_bridge(&f->config))
            ret[n++] = i;
    return n;
}

static int draw_matrix(struct machine *m, const struct options *options, int n, char **operands)
{
    uint32_t *functions, n_functions;
    int code = EXIT_DONE;

    if (n) {
        code = iow_cli_select(m, options, n, operands, SELECT_ANY, &functions, &n_functions);
    } else {
        functions = iow_mem_alloc(&m->mem, m->analysis->topology->n, sizeof(*functions));
        if (!functions)
            return iow_cli_drawn(options, -IOW_ENOMEM);
        n_functions = choose_all(m, functions);
    }
    if (code == EXIT_DONE)
        code = iow_cli_view(m, options, true);
    if (code != EXIT_DONE)
        return code;
    return iow_cli_drawn(
        options, (options->given & OPTION_JSON ? iow_route_matrix_json : iow_route_matrix_text)(
                     m->view, functions, n_functions, stdout));
}

static int draw_pair(struct machine *m, const struct options *options, char **operands)
{
    struct iow_route_view pair;
    uint32_t *functions, n;
    int code = iow_cli_select(m, options, 2, operands, SELECT_ONE, &functions, &n);

    if (code == EXIT_DONE && n == 1)
        return iow_cli_usage(
            "route", "%s and %s are the same device; name two different ones", operands[0], operands[1]);
    if (code == EXIT_DONE)
        code = iow_cli_view(m, options, true);
    if (code != EXIT_DONE)
        return code;
    iow_route_view_find(m->view, functions[0], functions[1], &pair);
    return iow_cli_drawn(
        options, (options->given & OPTION_JSON ? iow_route_json : iow_route_text)(m->view, &pair, stdout));
}

int iow_cli_route(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    bool matrix = options->given & OPTION_MATRIX;
    int code = iow_cli_check(options, n, operands);

    if (code == EXIT_DONE && !matrix && n != 2)
        return iow_cli_usage("route", "'route' wants two devices, or --matrix");
    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, 0);
    if (code != EXIT_DONE)
        return code;
    return matrix ? draw_matrix(&m, options, n, operands) : draw_pair(&m, options, operands);
}
