/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whose devices the hardware does not keep apart from those asked for.
 *
 * All groups asked for are one part: they go to one user. Of what is in an isolation set with a member of it, that counts which
 * somebody else has; one refusal for each such group, or function without group, with the way to it. A pair of functions
 * that was accepted is none, but another pair of the same groups may be.
 */
#include "audit/audit.h"
#include "plan/draft.h"

/* Pairs of one other group to try for a way that leads there at once. */
#define TRIES 64

struct reaching {
    struct iow_draft *draft;
    const struct iow_facts *facts;
    uint32_t *part; /* per function; 0: asked for */
    struct iow_closure *closure;
    bool *told;    /* per part */
    bool *settled; /* per function: it and what would go reach each other, and all such pairs are accepted */
    bool *near;    /* per set: has a function of part 0 */
    uint32_t *tries; /* per part: pairs tried */
    struct iow_mem *mem;
};

/* Groups of which more is said here than that they are claimed, or have no IOMMU. */
static bool is_looked_at(const struct iow_draft *draft, uint32_t number)
{
    uint32_t g = iow_facts_find_group(draft->analysis->facts, number);

    return g != IOW_NONE && iow_draft_has(draft->groups, draft->n_groups, number) &&
           !iow_draft_has(draft->request->claimed, draft->request->n_claimed, number) &&
           !iow_audit_is_invented(&draft->analysis->facts->groups[g]);
}

/* 0: asked for; then the groups by position; then functions that have none. */
static uint32_t find_parts(struct reaching *r)
{
    uint32_t n = r->facts->n_groups + 1;

    for (uint32_t i = 0; i < r->facts->n_functions; i++) {
        uint32_t number = r->facts->functions[i].group, g = iow_facts_find_group(r->facts, number);

        r->part[i] = is_looked_at(r->draft, number) ? 0 : g == IOW_NONE ? n++ : g + 1;
    }
    return n;
}

static int prepare(struct reaching *r)
{
    uint32_t n_parts;

    r->part = iow_mem_alloc(r->mem, r->facts->n_functions, sizeof(*r->part));
    if (!r->part)
        return -IOW_ENOMEM;
    n_parts = find_parts(r);
    if (iow_closure_find(&r->draft->analysis->grouping, r->part, n_parts, IOW_ROUTE_SURELY, n_parts, r->mem,
            &r->closure, NULL) < 0)
        return -IOW_ENOMEM;
    r->told = iow_mem_alloc(r->mem, n_parts, sizeof(*r->told));
    r->settled = iow_mem_alloc(r->mem, r->facts->n_functions, sizeof(*r->settled));
    r->tries = iow_mem_alloc(r->mem, n_parts, sizeof(*r->tries));
    r->near = iow_mem_alloc(r->mem, r->closure->sets->n_sets, sizeof(*r->near));
    if (!r->told || !r->settled || !r->tries || !r->near)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < r->facts->n_functions; i++)
        r->near[r->closure->sets->set[i]] |= r->part[i] == 0;
    return 0;
}

/* --- whose a function is --- */

enum whose {
    NOBODYS, /* or the same user's */
    KERNELS,
    ANOTHER_USERS,
};

static bool is_claimed(const struct iow_claim_request *request, uint32_t number, uint32_t *ret_uid)
{
    for (uint32_t i = 0; i < request->n_claimed; i++)
        if (request->claimed[i] == number) {
            *ret_uid = request->claimed_for[i];
            return true;
        }
    return false;
}

static enum whose whose_by_holders(const struct reaching *r, const struct iow_group_owner *owner)
{
    for (uint32_t i = 0; i < owner->n_holders; i++)
        if (r->facts->holders[owner->holders[i]].uid != r->draft->request->uid)
            return ANOTHER_USERS;
    return owner->n_holders && !owner->n_possible ? NOBODYS : ANOTHER_USERS;
}

/* A bridge is the machine's wiring, whoever has what is behind it. */
static enum whose whose_is(const struct reaching *r, uint32_t function)
{
    const struct iow_function *f = &r->facts->functions[function];
    uint32_t g = iow_facts_find_group(r->facts, f->group);
    enum iow_driver_trait trait = iow_driver_trait_of(f->driver);
    uint32_t uid;

    if (iow_draft_is_bridge(&f->config))
        return KERNELS;
    if (g == IOW_NONE)
        return trait == IOW_DRIVER_NONE || trait == IOW_DRIVER_MANAGED ? NOBODYS : KERNELS;
    if (is_claimed(r->draft->request, f->group, &uid))
        return uid == r->draft->request->uid ? NOBODYS : ANOTHER_USERS;
    switch (r->draft->analysis->owners[g].owner) {
    case IOW_OWNER_NONE:
        return NOBODYS;
    case IOW_OWNER_KERNEL:
    case IOW_OWNER_KERNEL_PRIVATE:
        return KERNELS;
    default:
        return whose_by_holders(r, &r->draft->analysis->owners[g]);
    }
}

/* --- the way to it --- */

/* Of what audit would find when all is done. */
static const struct iow_acceptance *acceptance_of(const struct reaching *r, uint32_t mine, uint32_t other)
{
    const struct iow_claim_request *request = r->draft->request;
    enum iow_rule rule =
        whose_is(r, other) == ANOTHER_USERS ? IOW_RULE_REM_TWO_USERS : IOW_RULE_REM_USER_REACHES;

    return iow_acceptance_of_pair(
        r->draft->analysis, request->acceptances, request->n_acceptances, request->today, rule, mine, other);
}

static int add_refusal(struct reaching *r, const struct iow_refusal *reason)
{
    struct iow_refusal *slot =
        iow_audit_append(r->mem, &r->draft->refusals, &r->draft->n_refusals, sizeof(*slot));

    if (!slot)
        return -IOW_ENOMEM;
    *slot = *reason;
    r->told[r->part[reason->reach->other]] = true;
    return 0;
}

static int add_risk(
    struct reaching *r, const struct iow_refusal *reason, const struct iow_acceptance *acceptance)
{
    struct iow_plan_risk *slot =
        iow_audit_append(r->mem, &r->draft->risks, &r->draft->n_risks, sizeof(*slot));

    if (!slot)
        return -IOW_ENOMEM;
    *slot = (struct iow_plan_risk){.reason = *reason, .acceptance = acceptance};
    return 0;
}

/* acceptance NULL: nobody accepted it */
static int tell(struct reaching *r, uint32_t mine, uint32_t other, const struct iow_breach *breach,
    bool indirect, const struct iow_acceptance *acceptance)
{
    struct iow_plan_reach *reach = iow_mem_alloc(r->mem, 1, sizeof(*reach));
    const struct iow_refusal reason = {.rule = IOW_RULE_PLAN_REACH,
        .group = r->facts->functions[mine].group,
        .function = mine,
        .use = IOW_NONE,
        .holder = IOW_NONE,
        .reach = reach};

    if (!reach)
        return -IOW_ENOMEM;
    *reach = (struct iow_plan_reach){.other = other,
        .user = whose_is(r, other) == ANOTHER_USERS,
        .indirect = indirect,
        .breach = *breach,
        .cause = iow_breach_cause(r->draft->analysis, breach)};
    return acceptance ? add_risk(r, &reason, acceptance) : add_refusal(r, &reason);
}

/* What would go reaches it, or it reaches what would go. Till the first pair that is not accepted. */
static int look_at(struct reaching *r, uint32_t other)
{
    const struct iow_analysis *a = r->draft->analysis;
    const uint32_t *set = r->closure->sets->set;
    bool accepted = false;

    for (uint32_t i = 0; i < r->draft->n_members; i++) {
        uint32_t mine = r->draft->members[i].function;
        const struct iow_acceptance *acceptance;
        struct iow_breach breach;

        if (r->part[mine] != 0 || set[mine] != set[other])
            continue;
        if (r->tries[r->part[other]]++ >= TRIES)
            return 0;
        if (!iow_audit_reaches(a, mine, other, &breach) && !iow_audit_reaches(a, other, mine, &breach))
            continue;
        acceptance = acceptance_of(r, mine, other);
        if (tell(r, mine, other, &breach, false, acceptance) < 0)
            return -IOW_ENOMEM;
        if (!acceptance)
            return 0;
        accepted = true;
    }
    r->settled[other] = accepted;
    return 0;
}

/* By way of others: the first way that leads out of what was asked for, in the other's set. Where there were too many
 * pairs to try, it stands for those, too, and cannot be accepted. */
static int look_around(struct reaching *r, uint32_t other)
{
    const uint32_t *set = r->closure->sets->set;
    bool tried = r->tries[r->part[other]] <= TRIES;

    for (uint32_t i = 0; i < r->closure->n_listed; i++) {
        const struct iow_breach *breach = &r->closure->breach[i];
        uint32_t mine = r->part[breach->from] == 0 ? breach->from : breach->to;

        if (set[mine] == set[other] && r->part[mine] == 0)
            return tell(r, mine, other, breach, true, tried ? acceptance_of(r, mine, other) : NULL);
    }
    return 0;
}

static int each_other(struct reaching *r, int (*look)(struct reaching *r, uint32_t other))
{
    for (uint32_t i = 0; i < r->facts->n_functions; i++) {
        if (r->part[i] == 0 || r->told[r->part[i]] || r->settled[i] || !r->near[r->closure->sets->set[i]] ||
            whose_is(r, i) == NOBODYS)
            continue;
        if (look(r, i) < 0)
            return -IOW_ENOMEM;
    }
    return 0;
}

int iow_draft_reach(struct iow_draft *draft)
{
    struct reaching r = {.draft = draft, .facts = draft->analysis->facts, .mem = draft->mem};

    if (!draft->n_members)
        return 0;
    return prepare(&r) < 0 || each_other(&r, look_at) < 0 || each_other(&r, look_around) < 0 ? -IOW_ENOMEM
                                                                                             : 0;
}
