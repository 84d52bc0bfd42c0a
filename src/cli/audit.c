/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/audit.h"
#include "base/cleanup.h"
#include "cli/accept.h"

static const enum exit_code exit_of[IOW_AUDIT__COUNT] = {
    [IOW_AUDIT_CLEAN] = EXIT_DONE,
    [IOW_AUDIT_NOTICES] = EXIT_NOTICES,
    [IOW_AUDIT_UNKNOWN] = EXIT_NOT_KNOWN,
    [IOW_AUDIT_WARNINGS] = EXIT_WARNINGS,
    [IOW_AUDIT_CRITICAL] = EXIT_FINDINGS,
};

/* What the host does with what is about to go. A capture does not say; that is found unknown. */
static int read_uses(
    struct machine *m, const struct options *options, const struct iow_audit_request *request)
{
    struct iow_explain explain = {0};
    uint32_t *functions, n;

    if (options->from)
        return EXIT_DONE;
    if (iow_audit_wants_uses(m->analysis, request, &m->mem, &functions, &n) < 0)
        return iow_cli_drawn(options, -IOW_ENOMEM);
    if (n && iow_facts_read_uses(m->source, m->facts, functions, n, &explain) < 0)
        return iow_cli_explain(options, &explain, NULL);
    return EXIT_DONE;
}

static int draw(struct machine *m, const struct options *options, const struct iow_audit_request *request,
    const struct iow_audit_choice *choice)
{
    struct iow_audit_view view;
    struct iow_audit audit;
    int r = iow_audit(m->analysis, request, &m->mem, &audit);

    if (r == 0)
        r = iow_audit_view_build(m->view, &audit, request, choice, &m->mem, &view);
    if (r == 0)
        r = options->given & OPTION_JSON ? iow_audit_json(&view, &m->mem, stdout)
                                         : iow_audit_text(&view, stdout);
    return r < 0 ? iow_cli_drawn(options, r) : (int)exit_of[iow_audit_view_result(&view)];
}

static int audit(
    struct machine *m, const struct options *options, int n, char **operands, struct iow_audit_choice *choice)
{
    struct iow_audit_request request = {0};
    uint32_t *functions = NULL, n_functions = 0;
    int code = iow_cli_read(m, options, IOW_READ_ALL);

    if (code == EXIT_DONE && n)
        code = iow_cli_select(m, options, n, operands, SELECT_ANY, &functions, &n_functions);
    choice->functions = request.given = functions;
    choice->n_functions = request.n_given = n_functions;
    if (code == EXIT_DONE)
        code =
            iow_accept_take(options, &m->mem, &request.acceptances, &request.n_acceptances, &request.today);
    if (code == EXIT_DONE)
        code = read_uses(m, options, &request);
    if (code == EXIT_DONE)
        code = iow_cli_view(m, options, false);
    return code == EXIT_DONE ? draw(m, options, &request, choice) : code;
}

static int draw_rules(const struct options *options, int n)
{
    if (n || options->from)
        return iow_cli_usage("audit", "--rules is about no machine and no device");
    if (options->severity || options->accept)
        return iow_cli_usage(
            "audit", "--%s does not go with --rules", options->severity ? "severity" : "accept");
    return iow_cli_drawn(
        options, options->given & OPTION_JSON ? iow_audit_rules_json(stdout) : iow_audit_rules_text(stdout));
}

int iow_cli_audit(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    struct iow_audit_choice choice = {.least = IOW_NOTICE};
    int code;

    if (options->severity && iow_severity_parse(options->severity, &choice.least) < 0)
        return iow_cli_usage("audit", "'%s' is no severity: critical, warning, notice", options->severity);
    if (options->given & OPTION_RULES)
        return draw_rules(options, n);
    code = iow_cli_check(options, n, operands);
    return code == EXIT_DONE ? audit(&m, options, n, operands, &choice) : code;
}
