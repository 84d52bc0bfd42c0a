/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/cli.h"

int iow_cli_why(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    uint32_t *functions, n_functions;
    struct iow_why *why;
    bool whole;
    int code = iow_cli_check(options, n, operands);

    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, IOW_READ_HOLDERS | IOW_READ_KERNEL);
    if (code == EXIT_DONE)
        code = iow_cli_select(
            &m, options, n, operands, n == 1 ? SELECT_GROUP : SELECT_ONE, &functions, &n_functions);
    if (code == EXIT_DONE && n == 2 && n_functions == 1)
        return iow_cli_usage(
            "why", "%s and %s are the same device; name two different ones", operands[0], operands[1]);
    if (code == EXIT_DONE)
        code = iow_cli_view(&m, options, true);
    if (code != EXIT_DONE)
        return code;
    whole = n == 1 && n_functions > 1;
    code = iow_cli_drawn(options, whole ? iow_why_build_group(m.view, functions[0], &m.mem, &why)
                                        : iow_why_build(m.view, functions, n_functions, &m.mem, &why));
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_JSON)
        return iow_cli_drawn(options, iow_why_json(m.view, why, stdout));
    return iow_cli_drawn(options, iow_why_text(m.view, why, stdout));
}
