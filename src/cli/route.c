/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/route.h"
#include "base/cleanup.h"
#include "cli/cli.h"
#include "report/sets.h"

#include <string.h>

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

/* 1 << the grade that was named, the two that tell groups apart without; 0: there is no such grade */
static unsigned grades_of(const struct options *options)
{
    if (!(options->given & OPTION_GRADE))
        return 1u << IOW_ROUTE_SURELY | 1u << IOW_ROUTE_POSSIBLY;
    for (unsigned g = 0; g < IOW_ROUTE_GRADE__COUNT; g++)
        if (strcmp(options->grade, iow_route_grade_name((enum iow_route_grade)g)) == 0)
            return 1u << g;
    return 0;
}

/* Per function: named? NULL without names */
static int choose_named(struct machine *m, const struct options *options, int n, char **operands, bool **ret)
{
    uint32_t *functions, n_functions;
    int code;

    *ret = NULL;
    if (!n)
        return EXIT_DONE;
    code = iow_cli_select(m, options, n, operands, SELECT_ANY, &functions, &n_functions);
    if (code != EXIT_DONE)
        return code;
    *ret = iow_mem_alloc(&m->mem, m->analysis->topology->n, sizeof(**ret));
    if (!*ret)
        return iow_cli_drawn(options, -IOW_ENOMEM);
    for (uint32_t i = 0; i < n_functions; i++)
        (*ret)[functions[i]] = true;
    return EXIT_DONE;
}

static int draw_sets(struct machine *m, const struct options *options, int n, char **operands)
{
    struct iow_sets_view *sets;
    bool *about;
    int code = choose_named(m, options, n, operands, &about), r;

    if (code == EXIT_DONE)
        code = iow_cli_view(m, options, true);
    if (code != EXIT_DONE)
        return code;
    r = iow_sets_view_find(m->view, grades_of(options), about, &m->mem, &sets);
    if (r == 0)
        r = (options->given & OPTION_JSON ? iow_sets_json : iow_sets_text)(m->view, sets, stdout);
    return iow_cli_drawn(options, r);
}

static int check_route(const struct options *options, int n)
{
    bool matrix = options->given & OPTION_MATRIX, sets = options->given & OPTION_SETS;

    if (matrix && sets)
        return iow_cli_usage("route", "--matrix and --sets do not go together");
    if (!matrix && !sets && n != 2)
        return iow_cli_usage("route", "'route' wants two devices, or --matrix, or --sets");
    if (options->given & OPTION_GRADE && !sets)
        return iow_cli_usage("route", "--grade goes with --sets");
    if (!grades_of(options))
        return iow_cli_usage(
            "route", "'%s' is no grade; there are surely, possibly and root-complex", options->grade);
    return EXIT_DONE;
}

int iow_cli_route(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    int code = iow_cli_check(options, n, operands);

    if (code == EXIT_DONE)
        code = check_route(options, n);
    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, 0);
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_SETS)
        return draw_sets(&m, options, n, operands);
    return options->given & OPTION_MATRIX ? draw_matrix(&m, options, n, operands)
                                          : draw_pair(&m, options, operands);
}
