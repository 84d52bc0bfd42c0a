/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/take.h"

#include "cli/select.h"

#include <string.h>

static int no_memory(const struct take *take)
{
    return iow_cli_drawn(take->act.options, -IOW_ENOMEM);
}

/* Groups that were named as such: who names a group means all its members. */
static int name_groups(struct take *take, int n, char **devices)
{
    uint32_t *whole = iow_mem_alloc(&take->machine.mem, (size_t)n, sizeof(uint32_t));
    struct iow_selector selector;

    if (!whole)
        return no_memory(take);
    for (int i = 0; i < n; i++)
        if (iow_select_parse(devices[i], &selector, NULL) == 0 && selector.kind == IOW_SELECT_GROUP)
            whole[take->request.n_whole++] = selector.group;
    take->request.whole = whole;
    return EXIT_DONE;
}

static int name_claimed(struct take *take)
{
    uint32_t n = take->act.n_claims, *claimed = iow_mem_alloc(&take->machine.mem, n, sizeof(uint32_t));

    if (!claimed)
        return no_memory(take);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = i;

        for (; at && claimed[at - 1] > take->act.claims[i].group; at--)
            claimed[at] = claimed[at - 1];
        claimed[at] = take->act.claims[i].group;
    }
    take->request.n_claimed = n;
    take->request.claimed = claimed;
    return EXIT_DONE;
}

static int fill_request(struct take *take, int n, char **devices)
{
    const struct options *options = take->act.options;
    uint32_t *functions;
    int code =
        iow_cli_select(&take->machine, options, n, devices, SELECT_GROUP, &functions, &take->request.n);

    take->request.functions = functions;
    take->request.with_group = options->given & OPTION_WITH_GROUP;
    take->request.uid = take->user.uid;
    take->request.gid = take->user.gid;
    if (code == EXIT_DONE)
        code = name_groups(take, n, devices);
    return code == EXIT_DONE ? name_claimed(take) : code;
}

static int read_function(struct machine *m, uint32_t function, bool details, struct iow_explain *reterr)
{
    uint32_t number = iow_facts_function_at(m->facts, function)->group;
    uint32_t group = number == IOW_NONE ? IOW_NONE : iow_facts_find_group(m->facts, number);
    int r = details ? iow_facts_read_details(m->source, m->facts, function, reterr) : 0;

    return r < 0 || group == IOW_NONE ? r : iow_facts_read_regions(m->source, m->facts, group, reterr);
}

/* What only a plan asks for, of the functions that would change and the groups that were named alone. */
static int read_more(struct take *take)
{
    struct machine *m = &take->machine;
    struct iow_explain explain = {0};
    uint32_t *functions, n;
    int r = iow_plan_functions(m->analysis, &take->request, &m->mem, &functions, &n);

    if (r < 0)
        return no_memory(take);
    r = iow_facts_read_names(m->source, m->facts, &explain);
    if (r >= 0)
        r = iow_facts_read_uses(m->source, m->facts, functions, n, &explain);
    for (uint32_t i = 0; i < n && r >= 0; i++)
        r = read_function(m, functions[i], true, &explain);
    for (uint32_t i = 0; i < take->request.n && r >= 0; i++)
        r = read_function(m, take->request.functions[i], false, &explain);
    return r < 0 ? iow_cli_explain(take->act.options, &explain, NULL) : EXIT_DONE;
}

static int list_groups(struct take *take)
{
    const struct iow_plan *plan = take->plan;
    uint32_t *groups = iow_mem_alloc(&take->machine.mem, plan->n_members, sizeof(uint32_t)), n = 0;

    if (!groups)
        return no_memory(take);
    for (uint32_t i = 0; i < plan->n_members; i++)
        if (!n || groups[n - 1] != plan->members[i].group)
            groups[n++] = plan->members[i].group;
    take->groups = groups;
    take->n_groups = n;
    return EXIT_DONE;
}

int iow_take_plan(struct take *take, int n, char **devices)
{
    const struct options *options = take->act.options;
    struct machine *m = &take->machine;
    int code = iow_cli_read(m, options, IOW_READ_HOLDERS);

    if (code == EXIT_DONE)
        code = fill_request(take, n, devices);
    if (code == EXIT_DONE)
        code = read_more(take);
    if (code != EXIT_DONE)
        return code;
    if (iow_plan_claim(m->analysis, &take->request, &m->mem, &take->plan) < 0)
        return no_memory(take);
    code = list_groups(take);
    return code == EXIT_DONE ? iow_cli_view(m, options, true) : code;
}

/* Reasons that nobody can end by letting go of something. */
static bool is_impossible(enum iow_rule rule)
{
    switch (rule) {
    case IOW_RULE_PLAN_NO_GROUP:
    case IOW_RULE_PLAN_NO_IOMMU:
    case IOW_RULE_PLAN_FIRMWARE_REGION:
    case IOW_RULE_PLAN_BRIDGE:
    case IOW_RULE_PLAN_OTHER_BUS:
    case IOW_RULE_PLAN_NOT_LIVE:
        return true;
    default:
        return false;
    }
}

int iow_take_refused(const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_refusals; i++)
        if (!is_impossible(plan->refusals[i].rule))
            return EXIT_REFUSED_IN_USE;
    return plan->n_refusals ? EXIT_NOT_POSSIBLE : EXIT_DONE;
}

int iow_take_draw_plan(struct take *take, FILE *out)
{
    const struct options *options = take->act.options;
    const struct iow_plan_about about = {
        .request = &take->request, .user = *take->user.name ? take->user.name : NULL};
    const struct iow_view *view = take->machine.view;

    return iow_cli_drawn(options, options->given & OPTION_JSON
                                      ? iow_plan_json(view, take->plan, &about, stdout)
                                      : iow_plan_text(view, take->plan, &about, out));
}

int iow_take_run(struct take *take, struct iow_transaction *about, bool quiet)
{
    struct act *act = &take->act;
    struct iow_outcome_about drawn = {.verb = IOW_OUTCOME_CLAIM,
        .n_groups = take->n_groups,
        .groups = take->groups,
        .uid = take->user.uid,
        .user = *take->user.name ? take->user.name : NULL};
    struct iow_explain explain = {0};
    struct iow_outcome outcome = {0};

    about->uid = take->user.uid;
    about->by_uid = act->host->ops->asking(act->host);
    about->now_usec = act->host->now_usec();
    if (iow_exec_claim(&act->exec, take->machine.facts, take->plan, about, &act->mem, &outcome,
            &take->transaction, &explain) < 0)
        return iow_cli_explain(act->options, &explain, NULL);
    if (outcome.kind == IOW_OUTCOME_DONE && quiet)
        return EXIT_DONE;
    if (outcome.kind == IOW_OUTCOME_PENDING)
        drawn.holder = iow_act_holders(act, take->groups, take->n_groups);
    return iow_act_draw(act, &outcome, &drawn, quiet ? stderr : stdout);
}

void iow_take_done(struct take *take)
{
    iow_cli_done(&take->machine);
    iow_act_done(&take->act);
}
