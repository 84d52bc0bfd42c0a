/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/act.h"
#include "cli/select.h"

#include <inttypes.h>
#include <stdio.h>

/* Names live as long as the rows that point to them. */
struct names {
    char user[HOST_NAME], by[HOST_NAME];
};

/* Does it wait for somebody? */
static bool pending(const struct iow_claim *claim)
{
    if (claim->state == IOW_CLAIM_RELEASING)
        return true;
    for (uint32_t i = 0; i < claim->n_steps; i++)
        if (claim->steps[i].rule == IOW_RULE_EXEC_WAITS)
            return true;
    return false;
}

static int list(const struct options *options)
{
    IOW_CLEANUP(iow_act_done) struct act act = {0};
    int code = iow_act_look(&act, options, true);
    struct iow_claim_row *rows;
    struct names *names;
    uint32_t n = act.n_claims;

    if (code != EXIT_DONE)
        return code;
    rows = iow_mem_alloc(&act.mem, n, sizeof(*rows));
    names = iow_mem_alloc(&act.mem, n, sizeof(*names));
    if (!rows || !names)
        return iow_cli_drawn(options, -IOW_ENOMEM);
    for (uint32_t i = 0; i < n; i++) {
        bool orphaned = iow_act_orphaned(&act, &act.claims[i]);

        rows[i] = (struct iow_claim_row){.claim = &act.claims[i],
            .user = act.host->ops->user_name(act.host, act.claims[i].uid, names[i].user),
            .by = act.host->ops->user_name(act.host, act.claims[i].by_uid, names[i].by),
            .abandoned = iow_act_abandoned(&act, &act.claims[i]),
            .orphaned = orphaned,
            .holder =
                orphaned || pending(&act.claims[i]) ? iow_act_holders(&act, &act.claims[i].group, 1) : NULL};
    }
    return iow_cli_drawn(options,
        options->given & OPTION_JSON ? iow_claims_json(rows, n, stdout) : iow_claims_text(rows, n, stdout));
}

static int draw_nothing(struct act *act)
{
    struct host *host = act->host;
    char name[HOST_NAME];
    const struct iow_outcome outcome = {.kind = IOW_OUTCOME_DONE};
    const struct iow_outcome_about about = {.verb = IOW_OUTCOME_RELEASE,
        .uid = host->ops->asking(host),
        .user = host->ops->user_name(host, host->ops->asking(host), name)};

    return iow_act_draw(act, &outcome, &about, stdout);
}

/* Nobody is behind them, or somebody asked for their end before. */
static int resume(struct act *act)
{
    const struct iow_claim **chosen = iow_mem_alloc(&act->mem, act->n_claims, sizeof(*chosen));
    uint32_t n = 0;

    if (!chosen)
        return iow_cli_drawn(act->options, -IOW_ENOMEM);
    for (uint32_t i = 0; i < act->n_claims; i++)
        if (act->claims[i].state == IOW_CLAIM_RELEASING || iow_act_abandoned(act, &act->claims[i]))
            chosen[n++] = &act->claims[i];
    if (n)
        return iow_act_undo(act, chosen, n, false, stdout);
    if (act->options->given & OPTION_JSON)
        return draw_nothing(act);
    (void)puts("nothing is unfinished");
    return EXIT_DONE;
}

/* By a group's number: of devices that have it now; else, if any will do, of those that had it when they were claimed. */
static const struct iow_claim *find_claim(
    const struct act *act, const struct iow_facts *facts, uint32_t group, bool any)
{
    const struct iow_claim *old = NULL;

    for (uint32_t i = 0; i < act->n_claims; i++) {
        if (act->claims[i].group != group)
            continue;
        if (iow_claim_has_group(&act->claims[i], facts))
            return &act->claims[i];
        old = &act->claims[i];
    }
    return any ? old : NULL;
}

static int not_claimed(const struct options *options, const struct iow_subject *subject)
{
    struct iow_explain explain = {0};

    (void)iow_explain(&explain, -IOW_ENOENT, IOW_RULE_EXEC_NOT_CLAIMED);
    explain.subject = *subject;
    return iow_cli_explain(options, &explain, NULL);
}

struct choice {
    const struct iow_claim **claims;
    uint32_t n;
};

static void choose(struct choice *choice, const struct iow_claim *claim)
{
    for (uint32_t i = 0; i < choice->n; i++)
        if (choice->claims[i] == claim)
            return;
    choice->claims[choice->n++] = claim;
}

/* A device that was unplugged is in no group any more; its claim still knows its address. */
static const struct iow_claim *find_gone(const struct act *act, const struct iow_selector *selector)
{
    for (uint32_t i = 0; selector->kind == IOW_SELECT_ADDRESS && i < act->n_claims; i++)
        for (uint32_t j = 0; j < act->claims[i].n_members; j++)
            if (iow_address_compare(&act->claims[i].members[j].function, &selector->address) == 0)
                return &act->claims[i];
    return NULL;
}

/* The claims of one operand's groups: those that are claimed, if any is. */
static int choose_by_machine(struct act *act, struct machine *m, struct choice *choice, char *operand)
{
    const struct iow_function *first = NULL;
    uint32_t *functions, n;
    bool any = false;
    int code = iow_cli_select(m, act->options, 1, &operand, SELECT_ANY, &functions, &n);

    if (code != EXIT_DONE)
        return code;
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_function *f = iow_facts_function_at(m->facts, functions[i]);
        const struct iow_claim *claim = find_claim(act, m->facts, f->group, false);

        if (claim)
            choose(choice, claim);
        any |= claim != NULL;
        first = first ? first : f;
    }
    if (any || !first)
        return EXIT_DONE;
    return not_claimed(
        act->options, &(struct iow_subject){.kind = IOW_SUBJECT_FUNCTION, .address = first->address});
}

static int choose_operand(struct act *act, struct machine *m, struct choice *choice, char *operand)
{
    struct iow_selector selector;
    const struct iow_claim *claim;

    if (iow_select_parse(operand, &selector, NULL) < 0)
        return EXIT_USAGE;
    claim = selector.kind == IOW_SELECT_GROUP ? find_claim(act, m->facts, selector.group, true)
                                              : find_gone(act, &selector);
    if (claim) {
        choose(choice, claim);
        return EXIT_DONE;
    }
    if (selector.kind == IOW_SELECT_GROUP)
        return not_claimed(
            act->options, &(struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = selector.group});
    return choose_by_machine(act, m, choice, operand);
}

/* Its command would lose the device under its hands, and its ioward would have nothing to give back. */
static int refuse_running(struct act *act, const struct iow_claim *claim)
{
    struct iow_explain explain = {0};
    struct iow_text detail = {0};
    int code;

    (void)iow_explain(&explain, -IOW_EBUSY, IOW_RULE_EXEC_BOUND);
    explain.subject = (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = claim->group};
    iow_text_print(
        &detail, "'%s', run by ioward (process %" PRIu32 ")", claim->command, claim->supervisor.pid);
    code = iow_cli_explain(act->options, &explain, detail.data);
    iow_text_done(&detail);
    return code == EXIT_FAILED ? EXIT_REFUSED_IN_USE : code;
}

static int end_claims(struct act *act, const struct choice *choice)
{
    if (act->options->given & OPTION_FORGET)
        return iow_act_forget(act, choice->claims, choice->n);
    for (uint32_t i = 0; i < choice->n; i++)
        if (iow_act_runs(act, choice->claims[i]))
            return refuse_running(act, choice->claims[i]);
    return iow_act_undo(act, choice->claims, choice->n, false, stdout);
}

static int release(struct act *act, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    struct choice choice = {iow_mem_alloc(&act->mem, act->n_claims, sizeof(*choice.claims)), 0};
    int code = choice.claims ? iow_cli_read(&m, act->options, 0) : iow_cli_drawn(act->options, -IOW_ENOMEM);

    for (int i = 0; i < n && code == EXIT_DONE; i++)
        code = choose_operand(act, &m, &choice, operands[i]);
    return code == EXIT_DONE ? end_claims(act, &choice) : code;
}

int iow_cli_release(const struct options *options, int n, char **operands)
{
    IOW_CLEANUP(iow_act_done) struct act act = {0};
    bool resuming = options->given & OPTION_RESUME;
    int code = iow_cli_check(options, n, operands);

    if (code != EXIT_DONE)
        return code;
    if (n && resuming)
        return iow_cli_usage("release", "--resume is about everything unfinished, and takes no DEVICE");
    if (!n && options->given & OPTION_FORGET)
        return iow_cli_usage("release", "--forget wants the DEVICE to give up on");
    if (!n && !resuming)
        return list(options);
    code = iow_act_begin(&act, options, false);
    if (code != EXIT_DONE)
        return code;
    return resuming ? resume(&act) : release(&act, n, operands);
}
