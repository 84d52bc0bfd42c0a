/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the kernel's groups are not the predicted ones, and why.
 *
 * The kernel decided once, in the past; the prediction is for now. A difference is explained when some
 * history that kernels really have leads to the kernel's answer: the table below, tried in order, each by
 * asking the grouping rule where it would put the function if it came last under that history.
 */
#include "audit/audit.h"

#include <string.h>

struct explanation {
    enum iow_rule rule;
    struct iow_history history;
    const char *option;   /* only with this kernel option */
    bool before_siblings; /* the other functions of its slot came later, so it could not join them */
};

static const struct explanation explanation[] = {
    {IOW_RULE_DIFF_OVERRIDE, {.acs_override = true}, "pcie_acs_override"},
    {IOW_RULE_DIFF_LATE, {.header_multifunction = false}, NULL},
    {IOW_RULE_DIFF_LATE, {.header_multifunction = true}, NULL},
    {IOW_RULE_DIFF_ACS_CLEARED, {.acs_as_enabled = true}, NULL},
    {IOW_RULE_DIFF_ACS_SET, {.acs_as_disabled = true}, NULL},
    {IOW_RULE_DIFF_ACS_CLEARED, {.acs_as_enabled = true, .header_multifunction = true}, NULL},
    {IOW_RULE_DIFF_ACS_SET, {.acs_as_disabled = true, .header_multifunction = true}, NULL},
    {IOW_RULE_DIFF_ACS_CLEARED, {.acs_as_enabled = true}, NULL, .before_siblings = true},
    {IOW_RULE_DIFF_ACS_SET, {.acs_as_disabled = true}, NULL, .before_siblings = true},
};

/* Both partitions seen from their first members in discovery order. */
struct comparison {
    const struct iow_analysis *a;
    uint32_t *kernel;       /* per function: position of its kernel group, IOW_NONE: none */
    uint32_t *first_of_set; /* per predicted set */
    uint32_t *first_of_group;
    uint32_t *n_in_group; /* PCI functions */
    uint32_t *earlier;    /* the same as kernel, but for a moment at which some functions were not there */
};

static int prepare(struct comparison *c, struct iow_mem *mem)
{
    const struct iow_facts *facts = c->a->facts;
    const struct iow_partition *p = c->a->partition;

    c->kernel = iow_mem_alloc(mem, facts->n_functions, sizeof(*c->kernel));
    c->first_of_set = iow_mem_alloc(mem, p->n_sets, sizeof(*c->first_of_set));
    c->first_of_group = iow_mem_alloc(mem, facts->n_groups, sizeof(*c->first_of_group));
    c->n_in_group = iow_mem_alloc(mem, facts->n_groups, sizeof(*c->n_in_group));
    c->earlier = iow_mem_alloc(mem, facts->n_functions, sizeof(*c->earlier));
    if (!c->kernel || !c->earlier || !c->first_of_set || !c->first_of_group || !c->n_in_group)
        return -IOW_ENOMEM;
    for (uint32_t k = facts->n_functions; k-- > 0;) {
        uint32_t i = c->a->topology->order[k];

        c->kernel[i] = c->earlier[i] = iow_facts_find_group(facts, facts->functions[i].group);
        if (p->set[i] != IOW_NONE)
            c->first_of_set[p->set[i]] = i;
        if (c->kernel[i] != IOW_NONE) {
            c->first_of_group[c->kernel[i]] = i;
            c->n_in_group[c->kernel[i]]++;
        }
    }
    return 0;
}

/* The function that i is apart from, or with, against the prediction; IOW_NONE when both agree about i. */
static uint32_t differs_from(const struct comparison *c, uint32_t i, bool *ret_finer)
{
    uint32_t set = c->a->partition->set[i], group = c->kernel[i], first;

    *ret_finer = true;
    if (set == IOW_NONE)
        return IOW_NONE;
    if (group == IOW_NONE)
        return i;
    first = c->first_of_set[set];
    if (c->kernel[first] != group)
        return first;
    *ret_finer = false;
    first = c->first_of_group[group];
    return c->a->partition->set[first] != set ? first : IOW_NONE;
}

/* The other functions of a slot lie beside it, because functions are in address order. */
static bool is_sibling(const struct iow_node *a, const struct iow_node *b)
{
    return a->parent == b->parent && a->address.domain == b->address.domain &&
           a->address.bus == b->address.bus && a->address.device == b->address.device;
}

/* Takes the siblings of i out of the groups, or puts them back. */
static void set_siblings(const struct comparison *c, uint32_t i, bool there)
{
    const struct iow_node *node = c->a->topology->node;
    uint32_t first = i, end = i + 1;

    while (first > 0 && is_sibling(&node[first - 1], &node[i]))
        first--;
    while (end < c->a->topology->n && is_sibling(&node[end], &node[i]))
        end++;
    for (uint32_t j = first; j < end; j++)
        if (j != i)
            c->earlier[j] = there ? c->kernel[j] : IOW_NONE;
}

/* Would the rule, under this history, put i where the kernel has it? */
static bool leads_to_kernel(
    const struct comparison *c, uint32_t i, const struct explanation *e, struct iow_reason *ret)
{
    uint32_t group = c->kernel[i];

    if (e->before_siblings)
        set_siblings(c, i, false);
    iow_group_find(&c->a->grouping, c->earlier, i, &e->history, ret, NULL, NULL);
    if (e->before_siblings)
        set_siblings(c, i, true);
    if (ret->joined != IOW_NONE)
        return c->kernel[ret->joined] == group;
    return c->n_in_group[group] == 1 || c->first_of_group[group] == i;
}

/* The nearest port above whose ACS control is not what Linux sets. */
static uint32_t changed_port(const struct iow_analysis *a, uint32_t i)
{
    for (uint32_t at = a->topology->node[i].parent; at != IOW_NONE; at = a->topology->node[at].parent) {
        const struct iow_config *c = a->topology->node[at].config;

        if (c->acs_offset && (c->acs_cap & IOW_ACS_REQUIRED & ~c->acs_ctrl))
            return at;
    }
    return IOW_NONE;
}

static void explain(const struct comparison *c, struct iow_difference *d)
{
    const struct iow_analysis *a = c->a;
    struct iow_reason reason;

    d->rule = IOW_RULE_DIFF_UNEXPLAINED;
    d->deciding = IOW_NONE;
    if (!a->partition->certain[d->function]) {
        d->rule = IOW_RULE_DIFF_UNREAD;
        return;
    }
    if (iow_audit_groups_lazily(a->facts)) {
        d->rule = c->kernel[d->function] == IOW_NONE ? IOW_RULE_DIFF_NOT_YET : IOW_RULE_DIFF_LAZY;
        return;
    }
    if (c->kernel[d->function] == IOW_NONE) {
        d->rule = IOW_RULE_DIFF_NO_GROUP;
        return;
    }
    for (size_t e = 0; e < sizeof(explanation) / sizeof(explanation[0]); e++) {
        if (explanation[e].option && !iow_audit_has_option(a->facts, explanation[e].option))
            continue;
        if (!leads_to_kernel(c, d->function, &explanation[e], &reason))
            continue;
        d->rule = explanation[e].rule;
        d->deciding = reason.deciding;
        if (d->rule == IOW_RULE_DIFF_ACS_CLEARED)
            d->deciding = changed_port(a, d->function);
        return;
    }
}

/* A function that follows a displaced neighbour is no riddle of its own. */
static int explain_by_neighbours(const struct comparison *c, struct iow_mem *mem)
{
    const struct iow_analysis *a = c->a;
    bool *explained = iow_mem_alloc(mem, a->topology->n, sizeof(*explained));

    if (!explained)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < a->n_differences; i++)
        explained[a->differences[i].function] = a->differences[i].rule != IOW_RULE_DIFF_UNEXPLAINED;
    for (uint32_t i = 0; i < a->n_differences; i++) {
        struct iow_difference *d = &a->differences[i];
        uint32_t joined = a->partition->reason[d->function].joined;

        if (d->rule != IOW_RULE_DIFF_UNEXPLAINED || joined == IOW_NONE || !explained[joined] ||
            c->kernel[joined] != c->kernel[d->function])
            continue;
        d->rule = IOW_RULE_DIFF_NEIGHBOUR;
        d->deciding = joined;
        explained[d->function] = true;
    }
    return 0;
}

int iow_audit_differences(struct iow_analysis *a, struct iow_mem *mem)
{
    struct comparison c = {.a = a};
    void *list = NULL;

    if (prepare(&c, mem) < 0)
        return -IOW_ENOMEM;
    for (uint32_t k = 0; k < a->topology->n; k++) {
        uint32_t i = a->topology->order[k];
        bool finer;
        uint32_t other = differs_from(&c, i, &finer);
        struct iow_difference *d;

        if (other == IOW_NONE)
            continue;
        d = iow_audit_append(mem, &list, &a->n_differences, sizeof(*d));
        if (!d)
            return -IOW_ENOMEM;
        *d = (struct iow_difference){.function = i, .other = other == i ? IOW_NONE : other, .finer = finer};
        explain(&c, d);
    }
    a->differences = list;
    return explain_by_neighbours(&c, mem);
}
