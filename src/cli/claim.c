/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/take.h"

/* A plan alone needs no lock; what is claimed is left out where it must not be read. */
static int begin(struct take *take, const struct options *options)
{
    struct host *host = options->host;
    struct iow_explain explain = {0};
    int code = EXIT_DONE;

    if (host->ops->find_user(host, options->user, &take->user, &explain) < 0)
        code = iow_cli_explain(options, &explain, NULL);
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_DRY_RUN)
        return iow_act_look(&take->act, options, false);
    return iow_act_begin(&take->act, options, true);
}

int iow_cli_claim(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_take_done) struct take take = {0};
    struct iow_transaction about = {.command = ""};
    bool dry = options->given & OPTION_DRY_RUN;
    int code = iow_cli_check(options, n, operands), refused;

    take.request.looking = dry;
    if (code == EXIT_DONE)
        code = begin(&take, options);
    if (code == EXIT_DONE)
        code = iow_take_plan(&take, n, operands);
    if (code != EXIT_DONE)
        return code;
    /* A plan with steps, and reasons against it none the less: what could not be seen may be in use. */
    refused = dry && take.plan->n_steps ? EXIT_DONE : iow_take_refused(take.plan);
    if (!refused && !dry)
        return iow_take_run(&take, &about, false);
    code = iow_take_draw_plan(&take, dry ? stdout : stderr);
    return code == EXIT_DONE ? refused : code;
}
