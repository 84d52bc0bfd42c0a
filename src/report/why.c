/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/why.h"

/* In the order of discovery, so that who opened a group comes first. */
static bool fill_together(const struct iow_view *view, struct iow_why_side *side, struct iow_mem *mem)
{
    const struct iow_topology *t = view->analysis->topology;
    const uint32_t *set = view->analysis->partition->set;
    uint32_t self = side->function->position;

    side->together = iow_mem_alloc(mem, t->n, sizeof(*side->together));
    side->missing = iow_mem_alloc(mem, t->n, sizeof(*side->missing));
    side->surplus = iow_mem_alloc(mem, t->n, sizeof(*side->surplus));
    if (!side->together || !side->missing || !side->surplus)
        return false;
    for (uint32_t k = 0; k < t->n; k++) {
        uint32_t i = t->order[k];
        const struct iow_view_function *v = &view->functions[i];
        bool expected = i == self || (set[i] != IOW_NONE && set[i] == set[self]);
        bool is =
            i == self || (v->record->group != IOW_NONE && v->record->group == side->function->record->group);

        if (expected)
            side->together[side->n_together++] = v;
        if (expected && !is)
            side->missing[side->n_missing++] = v;
        if (!expected && is)
            side->surplus[side->n_surplus++] = v;
    }
    return true;
}

/* What the rule looked at when it placed a function, as sentences. */
static bool trace(const struct iow_view *view, uint32_t function, struct iow_mem *mem,
    struct iow_why_step **ret, uint32_t *ret_n, uint32_t *ret_left_out)
{
    const struct iow_analysis *a = view->analysis;
    struct iow_trace *found = iow_mem_alloc(mem, 1, sizeof(*found));
    uint32_t n;

    if (!found || iow_partition_trace(&a->grouping, a->partition, function, mem, found) < 0)
        return false;
    n = found->n < IOW_TRACE_STEPS ? found->n : IOW_TRACE_STEPS;
    *ret = iow_mem_alloc(mem, n, sizeof(**ret));
    for (uint32_t i = 0; *ret && i < n; i++) {
        (*ret)[i].step = found->step[i];
        (*ret)[i].text = iow_view_step(view, &found->step[i], mem);
        if (!(*ret)[i].text)
            return false;
    }
    *ret_n = n;
    *ret_left_out = found->n - n;
    return *ret;
}

static bool separates(enum iow_rule rule)
{
    switch (rule) {
    case IOW_RULE_STEP_PATH_ISOLATES:
    case IOW_RULE_STEP_ROOT_BUS:
    case IOW_RULE_STEP_SINGLE_FUNCTION:
    case IOW_RULE_STEP_FUNCTION_ISOLATES:
        return true;
    default:
        return false;
    }
}

/* A group is separate because nothing joined the function that opened it to another. */
static bool fill_separators(const struct iow_view *view, struct iow_why_side *side, struct iow_mem *mem)
{
    uint32_t opener = side->function->position, n, left_out;

    while (view->functions[opener].reason->joined != IOW_NONE)
        opener = view->functions[opener].reason->joined;
    side->opener = &view->functions[opener];
    if (!trace(view, opener, mem, &side->separators, &n, &left_out))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (separates(side->separators[i].step.rule))
            side->separators[side->n_separators++] = side->separators[i];
    return true;
}

static bool fill_steps(const struct iow_view *view, struct iow_why_side *side, struct iow_mem *mem)
{
    if (iow_why_unconfined(side) || !side->readable)
        return true;
    return trace(view, side->function->position, mem, &side->steps, &side->n_steps, &side->n_left_out) &&
           fill_separators(view, side, mem);
}

static bool is_readable(const struct iow_why_side *side)
{
    for (uint32_t i = 0; i < side->n_together; i++)
        if (!side->together[i]->certain)
            return false;
    for (uint32_t i = 0; i < side->n_surplus; i++)
        if (!side->surplus[i]->certain)
            return false;
    return true;
}

static bool fill_side(
    const struct iow_view *view, uint32_t function, struct iow_why_side *side, struct iow_mem *mem)
{
    side->function = &view->functions[function];
    side->group = iow_view_group_of(view, side->function->record->group);
    if (!fill_together(view, side, mem))
        return false;
    side->readable = is_readable(side);
    return fill_steps(view, side, mem);
}

static bool fill_links(const struct iow_view *view, struct iow_why *why, struct iow_mem *mem)
{
    const struct iow_link *links;
    uint32_t n;

    if (iow_explain_pair(view->analysis, why->side[0].function->position, why->side[1].function->position,
            mem, &links, &n) < 0)
        return false;
    why->links = iow_mem_alloc(mem, n, sizeof(*why->links));
    if (!why->links)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        why->links[i].link = links[i];
        why->links[i].text = iow_view_reason(view, links[i].from, &links[i].reason, mem);
        if (!why->links[i].text)
            return false;
    }
    why->n_links = n;
    return true;
}

/* Who opened the kernel's group as the rule places its members, else the first that Linux found. */
static uint32_t opener_of(const struct iow_view *view, uint32_t number)
{
    const struct iow_topology *t = view->analysis->topology;
    uint32_t first = IOW_NONE;

    for (uint32_t k = 0; k < t->n; k++) {
        const struct iow_view_function *v = &view->functions[t->order[k]];

        if (v->record->group != number)
            continue;
        if (v->reason->joined == IOW_NONE)
            return v->position;
        if (first == IOW_NONE)
            first = v->position;
    }
    return first;
}

static bool list_members(const struct iow_why_side *side, struct iow_mem *mem, uint32_t **ret)
{
    *ret = iow_mem_alloc(mem, side->group->n_members, sizeof(**ret));
    for (uint32_t i = 0; *ret && i < side->group->n_members; i++)
        (*ret)[i] = side->group->members[i]->position;
    return *ret;
}

int iow_why_build_group(
    const struct iow_view *view, uint32_t function, struct iow_mem *mem, struct iow_why **ret)
{
    struct iow_why *why = iow_mem_alloc(mem, 1, sizeof(*why));
    uint32_t *members;

    if (!why)
        return -IOW_ENOMEM;
    why->n = 1;
    why->whole = true;
    function = opener_of(view, view->functions[function].record->group);
    if (!fill_side(view, function, &why->side[0], mem) || !list_members(&why->side[0], mem, &members) ||
        iow_about_build(view, members, why->side[0].group->n_members, mem, &why->about) < 0)
        return -IOW_ENOMEM;
    *ret = why;
    return 0;
}

bool iow_why_unconfined(const struct iow_why_side *side)
{
    return side->function->reason->rule == IOW_RULE_GRP_NOT_COVERED;
}

bool iow_why_agrees(const struct iow_why_side *side)
{
    return side->group && !side->n_missing && !side->n_surplus;
}

int iow_why_build(const struct iow_view *view, const uint32_t *functions, uint32_t n, struct iow_mem *mem,
    struct iow_why **ret)
{
    const uint32_t *set = view->analysis->partition->set;
    struct iow_why *why = iow_mem_alloc(mem, 1, sizeof(*why));

    if (!why)
        return -IOW_ENOMEM;
    why->n = n;
    for (uint32_t k = 0; k < n; k++)
        if (!fill_side(view, functions[k], &why->side[k], mem))
            return -IOW_ENOMEM;
    if (n == 2) {
        uint32_t group = why->side[0].function->record->group;

        why->same_group = group != IOW_NONE && group == why->side[1].function->record->group;
        why->same_predicted = set[functions[0]] != IOW_NONE && set[functions[0]] == set[functions[1]];
        if (why->same_predicted && why->side[0].readable && why->side[1].readable &&
            !fill_links(view, why, mem))
            return -IOW_ENOMEM;
    }
    if (iow_about_build(view, functions, n, mem, &why->about) < 0)
        return -IOW_ENOMEM;
    *ret = why;
    return 0;
}
