/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "cli/act.h"
#include "facts/facts.h"
#include "report/escape.h"

#include <inttypes.h>
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

static void name_claim(struct iow_text *to, struct act *act, const struct iow_claim *claim)
{
    char name[HOST_NAME];
    const char *user = act->host->ops->user_name(act->host, claim->uid, name);

    iow_text_print(to, "%s group %" PRIu32 " for ", to->len ? "," : "", claim->group);
    if (user)
        iow_escape_text(to, user);
    else
        iow_text_print(to, "uid %" PRIu32, claim->uid);
}

/* Neither held nor being given back by somebody at work. */
static bool is_unfinished(struct act *act, const struct iow_claim *claim)
{
    return act->host->actor && (claim->state == IOW_CLAIM_RELEASING || iow_act_abandoned(act, claim));
}

/* What ioward itself knows of this machine, for whoever may read its journal. */
static void add_claims(const struct options *options)
{
    IOW_CLEANUP(iow_act_done) struct act act = {0};
    IOW_CLEANUP(iow_text_done) struct iow_text claimed = {0};

    if (options->from || options->given & (OPTION_NOHEADINGS | OPTION_COLUMNS) ||
        iow_act_look(&act, options, false) != EXIT_DONE)
        return;
    for (uint32_t i = 0; i < act.n_claims; i++)
        name_claim(&claimed, &act, &act.claims[i]);
    if (claimed.len)
        (void)printf("\nClaimed:%s\n", claimed.data);
    for (uint32_t i = 0; i < act.n_claims; i++)
        if (is_unfinished(&act, &act.claims[i]))
            (void)printf("\n! a hand-over of group %" PRIu32 " was not finished (IOW-EXEC-UNFINISHED)\n"
                         "  -> ioward release --resume\n",
                act.claims[i].group);
}

/* Puts the programs in place that --kernel asks for. What keeps them out is missing, and no failure. */
static int pin_kernel(const struct options *options, struct iow_explain *ret)
{
    if (!(options->given & OPTION_MEMORY))
        return EXIT_DONE;
    if (options->from)
        return iow_cli_usage(options->verb, "--kernel is about this machine: a capture has what it has");
    if (!options->host->ops->pin_kernel)
        return iow_cli_usage(NULL, "--kernel does not work on a simulated machine");
    (void)options->host->ops->pin_kernel(ret);
    return EXIT_DONE;
}

static int add_missing(struct machine *m, const struct options *options, const struct iow_explain *why)
{
    const struct iow_subject machine = iow_subject_machine();

    if (!why->code)
        return EXIT_DONE;
    return iow_cli_drawn(
        options, iow_facts_add_missing(m->facts, why->rule, &machine, *why->text ? why->text : NULL));
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
    struct iow_explain why_not = {0};
    int code;

    (void)n;
    (void)operands;
    if (options->columns && check_columns(options->columns) != EXIT_DONE)
        return EXIT_USAGE;
    code = pin_kernel(options, &why_not);
    if (code == EXIT_DONE)
        code = iow_cli_read(&m, options, IOW_READ_HOLDERS | IOW_READ_KERNEL);
    if (code == EXIT_DONE)
        code = add_missing(&m, options, &why_not);
    if (code == EXIT_DONE)
        code = iow_cli_view(
            &m, options, options->given & OPTION_JSON || iow_status_wants_names(options->columns));
    if (code != EXIT_DONE)
        return code;
    if (options->given & OPTION_JSON)
        return iow_cli_drawn(options, iow_status_json(m.view, stdout));
    code = iow_cli_drawn(options, iow_status_text(m.view, &style, stdout));
    if (code == EXIT_DONE)
        add_claims(options);
    return code;
}
