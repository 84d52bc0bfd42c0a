/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/take.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "cli/accept.h"
#include "cli/select.h"

#include <stddef.h>
#include <string.h>

/* So that who gets the one gets the other. */
_Static_assert(offsetof(struct take, act) == 0, "a take does not begin with its act");

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
    uint32_t *whose = iow_mem_alloc(&take->machine.mem, n, sizeof(uint32_t));

    if (!claimed || !whose)
        return no_memory(take);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = take->request.n_claimed;

        if (!iow_claim_has_group(&take->act.claims[i], take->machine.facts))
            continue;
        for (; at && claimed[at - 1] > take->act.claims[i].group; at--) {
            claimed[at] = claimed[at - 1];
            whose[at] = whose[at - 1];
        }
        claimed[at] = take->act.claims[i].group;
        whose[at] = take->act.claims[i].uid;
        take->request.n_claimed++;
    }
    take->request.claimed = claimed;
    take->request.claimed_for = whose;
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
static int read_for_plan(
    struct machine *m, const struct iow_claim_request *request, struct iow_explain *reterr)
{
    uint32_t *functions, n;
    int r = iow_plan_functions(m->analysis, request, &m->mem, &functions, &n);

    if (r < 0)
        return iow_explain(reterr, r, IOW_RULE_READ_NO_MEMORY);
    r = iow_facts_read_uses(m->source, m->facts, functions, n, reterr);
    for (uint32_t i = 0; i < n && r >= 0; i++)
        r = read_function(m, functions[i], true, reterr);
    for (uint32_t i = 0; i < request->n && r >= 0; i++)
        r = read_function(m, request->functions[i], false, reterr);
    return r;
}

static int read_more(struct take *take)
{
    struct machine *m = &take->machine;
    struct iow_explain explain = {0};
    int r = iow_facts_read_names(m->source, m->facts, &explain);

    if (r >= 0)
        r = read_for_plan(m, &take->request, &explain);
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

static bool has_reach(const struct iow_plan *plan)
{
    uint32_t i = 0;

    while (i < plan->n_refusals && plan->refusals[i].rule != IOW_RULE_PLAN_REACH)
        i++;
    return i < plan->n_refusals;
}

/* Accepted risks are asked for only where they matter: a list with an error is no reason against other claims. */
static int make_plan(struct take *take)
{
    struct machine *m = &take->machine;
    struct iow_acceptance *acceptances;
    int code;

    if (iow_plan_claim(m->analysis, &take->request, &m->mem, &take->plan) < 0)
        return no_memory(take);
    if (!has_reach(take->plan))
        return EXIT_DONE;
    code = iow_accept_take(
        take->act.options, &m->mem, &acceptances, &take->request.n_acceptances, &take->request.today);
    take->request.acceptances = acceptances;
    if (code == EXIT_DONE && take->request.n_acceptances &&
        iow_plan_claim(m->analysis, &take->request, &m->mem, &take->plan) < 0)
        return no_memory(take);
    return code;
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
    if (code == EXIT_DONE)
        code = make_plan(take);
    if (code != EXIT_DONE)
        return code;
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
    case IOW_RULE_PLAN_IMPOSSIBLE:
        return true;
    default:
        return false;
    }
}

int iow_take_refused(const struct iow_plan *plan)
{
    bool isolation = false;

    for (uint32_t i = 0; i < plan->n_refusals; i++) {
        bool reach = plan->refusals[i].rule == IOW_RULE_PLAN_REACH;

        isolation |= reach;
        if (!reach && !is_impossible(plan->refusals[i].rule))
            return EXIT_REFUSED_IN_USE;
    }
    if (isolation)
        return EXIT_REFUSED_ISOLATION;
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

/* A function has its position in the facts, which may be another one in others. */
static bool same_function(const struct machine *a, uint32_t in_a, const struct machine *b, uint32_t in_b)
{
    return iow_address_compare(&iow_facts_function_at(a->facts, in_a)->address,
               &iow_facts_function_at(b->facts, in_b)->address) == 0;
}

static bool same_step(const struct iow_step *a, const struct iow_step *b)
{
    return a->kind == b->kind && a->group == b->group && a->identity == b->identity &&
           iow_address_compare(&a->function, &b->function) == 0 && strcmp(a->before, b->before) == 0 &&
           strcmp(a->after, b->after) == 0;
}

static bool same_plan(const struct take *take, const struct machine *now, const struct iow_plan *plan)
{
    const struct iow_plan *before = take->plan;
    bool same = !plan->n_refusals && plan->n_members == before->n_members &&
                plan->n_steps == before->n_steps && plan->n_risks == before->n_risks;

    for (uint32_t i = 0; same && i < plan->n_members; i++)
        same = plan->members[i].group == before->members[i].group &&
               plan->members[i].role == before->members[i].role &&
               same_function(&take->machine, before->members[i].function, now, plan->members[i].function);
    for (uint32_t i = 0; same && i < plan->n_steps; i++)
        same = same_step(&plan->steps[i], &before->steps[i]);
    return same;
}

/* The same request, of a machine that was read later. False: what it names is not there any more. */
static bool same_request(const struct take *take, struct machine *now, struct iow_claim_request *ret)
{
    uint32_t *functions = iow_mem_alloc(&now->mem, take->request.n, sizeof(uint32_t));

    *ret = take->request;
    ret->functions = functions;
    for (uint32_t i = 0; functions && i < ret->n; i++) {
        const struct iow_function *f = iow_facts_function_at(take->machine.facts, take->request.functions[i]);

        functions[i] = iow_facts_find_function(now->facts, &f->address);
        if (functions[i] == IOW_NONE)
            return false;
    }
    return functions;
}

static bool read_quietly(struct host *host, struct machine *m)
{
    iow_mem_init_malloc(&m->mem);
    return host->ops->open_source(host, &m->source, NULL) == 0 &&
           iow_facts_read(m->source, IOW_READ_HOLDERS, &m->facts, NULL) == 0 &&
           iow_analyse(m->facts, &m->mem, &m->analysis, NULL) == 0;
}

/* Between the first look and the first change lies whatever loading a module takes. */
static bool still_free(void *ctx)
{
    IOW_CLEANUP(iow_cli_done) struct machine now = {0};
    struct take *take = ctx;
    struct iow_claim_request request;
    struct iow_plan *plan;

    if (!read_quietly(take->act.host, &now) || !same_request(take, &now, &request) ||
        read_for_plan(&now, &request, NULL) < 0 ||
        iow_plan_claim(now.analysis, &request, &now.mem, &plan) < 0)
        return false;
    return same_plan(take, &now, plan);
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

    if (iow_plan_risks_text(take->machine.view, take->plan, stderr) < 0)
        return no_memory(take);
    act->exec.still_free = still_free;
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
