/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/act.h"
#include "cli/select.h"

/* Names live as long as the rows that point to them. */
struct names {
    char user[HOST_NAME], by[HOST_NAME];
};

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
    for (uint32_t i = 0; i < n; i++)
        rows[i] = (struct iow_claim_row){.claim = &act.claims[i],
            .user = act.host->ops->user_name(act.host, act.claims[i].uid, names[i].user),
            .by = act.host->ops->user_name(act.host, act.claims[i].by_uid, names[i].by),
            .abandoned = iow_act_abandoned(&act, &act.claims[i])};
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

static const struct iow_claim *find_claim(const struct act *act, uint32_t group)
{
    for (uint32_t i = 0; i < act->n_claims; i++)
        if (act->claims[i].group == group)
            return &act->claims[i];
    return NULL;
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

/* The claims of one operand's groups. */
static int choose_by_machine(struct act *act, struct machine *m, struct choice *choice, char *operand)
{
    uint32_t *functions, n;
    int code = iow_cli_select(m, act->options, 1, &operand, SELECT_ANY, &functions, &n);

    if (code != EXIT_DONE)
        return code;
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_function *f = iow_facts_function_at(m->facts, functions[i]);
        const struct iow_claim *claim = find_claim(act, f->group);

        if (!claim)
            return not_claimed(
                act->options, &(struct iow_subject){.kind = IOW_SUBJECT_FUNCTION, .address = f->address});
        choose(choice, claim);
    }
    return EXIT_DONE;
}

static int choose_operand(struct act *act, struct machine *m, struct choice *choice, char *operand)
{
    struct iow_selector selector;
    const struct iow_claim *claim;

    if (iow_select_parse(operand, &selector, NULL) < 0)
        return EXIT_USAGE;
    claim = selector.kind == IOW_SELECT_GROUP ? find_claim(act, selector.group) : find_gone(act, &selector);
    if (claim) {
        choose(choice, claim);
        return EXIT_DONE;
    }
    if (selector.kind == IOW_SELECT_GROUP)
        return not_claimed(
            act->options, &(struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = selector.group});
    return choose_by_machine(act, m, choice, operand);
}

static int release(struct act *act, int n, char **operands)
{
    IOW_CLEANUP(iow_cli_done) struct machine m = {0};
    struct choice choice = {iow_mem_alloc(&act->mem, act->n_claims, sizeof(*choice.claims)), 0};
    int code = choice.claims ? iow_cli_read(&m, act->options, 0) : iow_cli_drawn(act->options, -IOW_ENOMEM);

    for (int i = 0; i < n && code == EXIT_DONE; i++)
        code = choose_operand(act, &m, &choice, operands[i]);
    return code == EXIT_DONE ? iow_act_undo(act, choice.claims, choice.n, false, stdout) : code;
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
    if (!n && !resuming)
        return list(options);
    code = iow_act_begin(&act, options, false);
    if (code != EXIT_DONE)
        return code;
    return resuming ? resume(&act) : release(&act, n, operands);
}
