/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/agreement.h>

#include "audit/audit.h"
#include "audit/coarser.h"

#include "base/explain.h"

/* Groups by position, then functions that have none. */
static uint32_t *find_parts(const struct iow_facts *facts, struct iow_mem *mem, uint32_t *ret_n)
{
    uint32_t *part = iow_mem_alloc(mem, facts->n_functions, sizeof(*part)), n = facts->n_groups;

    for (uint32_t i = 0; part && i < facts->n_functions; i++) {
        uint32_t group = iow_facts_find_group(facts, facts->functions[i].group);

        part[i] = group == IOW_NONE ? n++ : group;
    }
    *ret_n = n;
    return part;
}

/* Which groups hang together with anything else? */
static int find_open(const struct iow_facts *facts, struct iow_mem *mem, struct iow_grade_agreement *ret)
{
    const struct iow_closure *c = ret->closure;
    uint32_t *size = iow_mem_alloc(mem, c->n_parts, sizeof(*size));

    ret->open = iow_mem_alloc(mem, facts->n_groups, sizeof(*ret->open));
    if (!size || !ret->open)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < c->n_parts; i++)
        size[c->together[i]]++;
    ret->n_open = 0;
    for (uint32_t g = 0; g < facts->n_groups; g++) {
        ret->open[g] = size[c->together[g]] > 1;
        ret->n_open += ret->open[g];
    }
    return 0;
}

int iow_agreement_grade(const struct iow_analysis *a, enum iow_route_grade grade, uint32_t most,
    struct iow_mem *mem, struct iow_grade_agreement *ret, struct iow_explain *reterr)
{
    uint32_t n_parts, *part = find_parts(a->facts, mem, &n_parts);
    int r;

    if (!part)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    ret->grade = grade;
    r = iow_closure_find(&a->grouping, part, n_parts, grade, most, mem, &ret->closure, reterr);
    if (r < 0)
        return r;
    ret->cause = iow_mem_alloc(mem, ret->closure->n_listed, sizeof(*ret->cause));
    if (!ret->cause || find_open(a->facts, mem, ret) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    for (uint32_t i = 0; i < ret->closure->n_listed; i++)
        ret->cause[i] = iow_breach_cause(a, &ret->closure->breach[i]);
    return 0;
}

static bool is_unread(const struct iow_config *config)
{
    const uint8_t all = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS;

    return (config->known & all) != all;
}

/* Groups with a member that was not read, which may reach anything; and how many such functions there are. */
static void find_unread(const struct iow_facts *facts, struct iow_agreement *agreement)
{
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        uint32_t group = iow_facts_find_group(facts, facts->functions[i].group);

        if (!is_unread(&facts->functions[i].config))
            continue;
        agreement->n_unread++;
        if (group != IOW_NONE)
            agreement->group[group] = IOW_CLOSED_UNKNOWN;
    }
}

/* Where anything was not read, more than what is sure cannot be told to be open only possibly. */
static void judge(const struct iow_facts *facts, struct iow_agreement *agreement)
{
    enum iow_closed open = agreement->n_unread ? IOW_CLOSED_UNKNOWN : IOW_CLOSED_POSSIBLY_NOT;

    agreement->closed = agreement->n_unread ? IOW_CLOSED_UNKNOWN : IOW_CLOSED_YES;
    for (uint32_t g = 0; g < facts->n_groups; g++) {
        enum iow_closed *closed = &agreement->group[g];

        if (agreement->surely.open[g])
            *closed = IOW_CLOSED_NO;
        else if (agreement->possibly.open[g])
            *closed = open;
        agreement->closed = *closed > agreement->closed ? *closed : agreement->closed;
    }
}

int iow_agreement_find(const struct iow_analysis *a, uint32_t most, struct iow_mem *mem,
    struct iow_agreement **ret, struct iow_explain *reterr)
{
    struct iow_agreement *agreement = iow_mem_alloc(mem, 1, sizeof(*agreement));
    int r;

    if (!agreement)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    r = iow_agreement_grade(a, IOW_ROUTE_SURELY, most, mem, &agreement->surely, reterr);
    if (r < 0)
        return r;
    r = iow_agreement_grade(a, IOW_ROUTE_POSSIBLY, most, mem, &agreement->possibly, reterr);
    if (r < 0)
        return r;
    agreement->group = iow_mem_alloc(mem, a->facts->n_groups, sizeof(*agreement->group));
    if (!agreement->group)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    find_unread(a->facts, agreement);
    judge(a->facts, agreement);
    if (iow_audit_coarser(a, agreement, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    *ret = agreement;
    return 0;
}

bool iow_audit_reaches(const struct iow_analysis *a, uint32_t from, uint32_t to, struct iow_breach *ret)
{
    return !iow_config_is_bridge(&a->facts->functions[from].config) &&
           iow_breach_find(&a->grouping, from, to, ret) >= 0 && ret->answer == IOW_ROUTE_AROUND &&
           ret->grade == IOW_ROUTE_SURELY;
}

const char *iow_closed_name(enum iow_closed closed)
{
    static const char *const names[IOW_CLOSED__COUNT] = {
        [IOW_CLOSED_YES] = "yes",
        [IOW_CLOSED_POSSIBLY_NOT] = "possibly-not",
        [IOW_CLOSED_UNKNOWN] = "unknown",
        [IOW_CLOSED_NO] = "no",
    };

    return (unsigned)closed < IOW_CLOSED__COUNT ? names[closed] : "?";
}
