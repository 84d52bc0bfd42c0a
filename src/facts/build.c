/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/build.h"

#include "base/explain.h"
#include "base/limits.h"
#include <ioward/topology.h>

#include <stdlib.h>
#include <string.h>

int iow_facts_builder_init(struct iow_facts_builder *builder, enum iow_provenance provenance)
{
    *builder = (struct iow_facts_builder){.facts = iow_facts_new(provenance)};
    return builder->facts ? 0 : -IOW_ENOMEM;
}

void iow_facts_builder_done(struct iow_facts_builder *builder)
{
    iow_facts_free(builder->facts);
    iow_list_done(&builder->functions);
    iow_list_done(&builder->groups);
    iow_list_done(&builder->other_members);
    builder->facts = NULL;
}

static int add(struct iow_list *list, uint32_t most, size_t item_bytes, void *ret)
{
    void *item;

    if (list->n >= most)
        return -IOW_E2BIG;
    item = iow_list_add(list, item_bytes);
    if (!item)
        return -IOW_ENOMEM;
    memcpy(ret, &item, sizeof(item));
    return 0;
}

int iow_facts_add_function(
    struct iow_facts_builder *builder, const struct iow_address *address, struct iow_built_function **ret)
{
    int r = add(&builder->functions, IOW_MAX_FUNCTIONS, sizeof(**ret), ret);

    if (r < 0)
        return r;
    (*ret)->function = (struct iow_function){.address = *address,
        .config.pcie_type = IOW_PCIE_NONE,
        .parent = IOW_PARENT_BY_BUS,
        .physical_function = IOW_NONE,
        .real_dma = IOW_NONE,
        .group = IOW_NONE,
        .numa_node = -1};
    return 0;
}

int iow_facts_add_group(struct iow_facts_builder *builder, uint32_t number, struct iow_group **ret)
{
    int r = add(&builder->groups, IOW_MAX_GROUPS, sizeof(**ret), ret);

    if (r == 0)
        (*ret)->number = number;
    return r;
}

int iow_facts_add_other_member(
    struct iow_facts_builder *builder, uint32_t group, struct iow_other_member **ret)
{
    int r = add(&builder->other_members, IOW_MAX_FUNCTIONS, sizeof(**ret), ret);

    if (r == 0)
        **ret = (struct iow_other_member){.group = group, .name = "", .bus = ""};
    return r;
}

static int compare_built(const void *a, const void *b)
{
    return iow_address_compare(&((const struct iow_built_function *)a)->function.address,
        &((const struct iow_built_function *)b)->function.address);
}

static int compare_groups(const void *a, const void *b)
{
    uint32_t x = ((const struct iow_group *)a)->number, y = ((const struct iow_group *)b)->number;

    return (x > y) - (x < y);
}

static int compare_other_members(const void *a, const void *b)
{
    const struct iow_other_member *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void sort(struct iow_list *list, size_t item_bytes, int (*compare)(const void *a, const void *b))
{
    if (list->n > 1)
        qsort(list->items, list->n, item_bytes, compare);
}

static int refuse_duplicate_functions(const struct iow_list *list, struct iow_explain *reterr)
{
    const struct iow_built_function *built = list->items;

    for (uint32_t i = 1; i < list->n; i++)
        if (compare_built(&built[i - 1], &built[i]) == 0)
            return iow_explain_function(
                reterr, -IOW_EINVAL, IOW_RULE_TOPO_DUPLICATE, &built[i].function.address);
    return 0;
}

static int refuse_duplicate_groups(const struct iow_list *list, struct iow_explain *reterr)
{
    const struct iow_group *groups = list->items;

    for (uint32_t i = 1; i < list->n; i++) {
        if (groups[i - 1].number != groups[i].number)
            continue;
        iow_explain(reterr, -IOW_EINVAL, IOW_RULE_TOPO_DUPLICATE);
        if (reterr)
            reterr->subject = iow_subject_group(groups[i].number);
        return -IOW_EINVAL;
    }
    return 0;
}

/* Turns one link into a position; a cut link becomes otherwise. */
static int link_one(struct iow_facts *facts, uint32_t from, const struct iow_link_to *to, uint32_t otherwise,
    uint32_t *position)
{
    struct iow_subject subject = iow_subject_function(&facts->functions[from].address);
    uint32_t found;

    if (!to->set)
        return 0;
    found = iow_facts_find_function(facts, &to->address);
    if (found != IOW_NONE && found != from) {
        *position = found;
        return 0;
    }
    *position = otherwise;
    return iow_facts_add_missing(facts, IOW_RULE_READ_BAD_VALUE, &subject, NULL);
}

static int link_functions(struct iow_facts *facts, const struct iow_built_function *built)
{
    int r = 0;

    for (uint32_t i = 0; i < facts->n_functions && r == 0; i++) {
        struct iow_function *f = &facts->functions[i];

        r = link_one(facts, i, &built[i].parent, IOW_PARENT_BY_BUS, &f->parent);
        if (r == 0)
            r = link_one(facts, i, &built[i].physical_function, IOW_NONE, &f->physical_function);
        if (r == 0)
            r = link_one(facts, i, &built[i].real_dma, IOW_NONE, &f->real_dma);
        if (f->parent == IOW_PARENT_BY_BUS)
            f->known &= (uint8_t)~IOW_FUNCTION_PATH;
    }
    return r;
}

static int keep_functions(struct iow_facts *facts, const struct iow_list *list)
{
    const struct iow_built_function *built = list->items;

    facts->functions = iow_mem_alloc(&facts->mem, list->n, sizeof(*facts->functions));
    if (!facts->functions)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < list->n; i++)
        facts->functions[i] = built[i].function;
    facts->n_functions = list->n;
    return link_functions(facts, built);
}

int iow_facts_finish(struct iow_facts_builder *builder, struct iow_facts **ret, struct iow_explain *reterr)
{
    struct iow_facts *facts = builder->facts;
    int r;

    sort(&builder->functions, sizeof(struct iow_built_function), compare_built);
    sort(&builder->groups, sizeof(struct iow_group), compare_groups);
    sort(&builder->other_members, sizeof(struct iow_other_member), compare_other_members);
    r = refuse_duplicate_functions(&builder->functions, reterr);
    if (r == 0)
        r = refuse_duplicate_groups(&builder->groups, reterr);
    if (r < 0)
        return r;
    facts->groups = iow_list_keep(&builder->groups, sizeof(struct iow_group), &facts->mem);
    facts->n_groups = builder->groups.n;
    facts->other_members =
        iow_list_keep(&builder->other_members, sizeof(struct iow_other_member), &facts->mem);
    facts->n_other_members = builder->other_members.n;
    if (!facts->groups || !facts->other_members || keep_functions(facts, &builder->functions) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    builder->facts = NULL;
    *ret = facts;
    return 0;
}

/* One record for each number in the list, which is sorted; its members are its repetitions. */
static uint32_t count_members(const struct iow_group *group, uint32_t n, struct iow_group *ret)
{
    uint32_t n_groups = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || group[i].number != group[i - 1].number)
            ret[n_groups++] = group[i];
        ret[n_groups - 1].n_members++;
    }
    return n_groups;
}

static int merge_groups(struct iow_facts *facts, struct iow_list *absent)
{
    struct iow_group *all = iow_mem_alloc(&facts->mem, (size_t)facts->n_groups + absent->n, sizeof(*all));

    if (!all)
        return -IOW_ENOMEM;
    if (facts->n_groups)
        memcpy(all, facts->groups, facts->n_groups * sizeof(*all));
    sort(absent, sizeof(*all), compare_groups);
    facts->n_groups += count_members(absent->items, absent->n, all + facts->n_groups);
    qsort(all, facts->n_groups, sizeof(*all), compare_groups);
    facts->groups = all;
    return 0;
}

int iow_facts_complete_groups(struct iow_facts *facts)
{
    struct iow_list absent = {0};
    int r = 0;

    for (uint32_t i = 0; i < facts->n_functions && r == 0; i++) {
        uint32_t number = facts->functions[i].group;
        struct iow_group *group;

        if (number == IOW_NONE || iow_facts_find_group(facts, number) != IOW_NONE)
            continue;
        group = iow_list_add(&absent, sizeof(*group));
        if (group)
            group->number = number;
        else
            r = -IOW_ENOMEM;
    }
    if (r == 0 && absent.n)
        r = merge_groups(facts, &absent);
    iow_list_done(&absent);
    return r;
}

static int compare_holders(const void *a, const void *b)
{
    uint32_t x = ((const struct iow_holder *)a)->pid, y = ((const struct iow_holder *)b)->pid;

    return (x > y) - (x < y);
}

static int compare_names(const void *a, const void *b)
{
    const struct iow_name *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    if (order == 0)
        order = strcmp(x->kind, y->kind);
    return order ? order : (x->function > y->function) - (x->function < y->function);
}

int iow_facts_set_holders(struct iow_facts *facts, const struct iow_list *holders)
{
    struct iow_holder *kept = iow_list_keep(holders, sizeof(*kept), &facts->mem);

    if (!kept)
        return -IOW_ENOMEM;
    qsort(kept, holders->n, sizeof(*kept), compare_holders);
    facts->holders = kept;
    facts->n_holders = holders->n;
    facts->holders_read = true;
    return 0;
}

int iow_facts_set_names(struct iow_facts *facts, const struct iow_list *names)
{
    struct iow_name *kept = iow_list_keep(names, sizeof(*kept), &facts->mem);

    if (!kept)
        return -IOW_ENOMEM;
    qsort(kept, names->n, sizeof(*kept), compare_names);
    facts->names = kept;
    facts->n_names = names->n;
    facts->names_read = true;
    return 0;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_uses(const void *a, const void *b)
{
    const struct iow_use *x = a, *y = b;
    int order = compare_numbers(x->function, y->function);

    if (order == 0)
        order = compare_numbers(x->kind, y->kind);
    if (order == 0)
        order = strcmp(x->name, y->name);
    if (order == 0)
        order = strcmp(x->by, y->by);
    if (order == 0)
        order = compare_numbers(x->pid, y->pid);
    if (order == 0)
        order = compare_numbers(x->n_addresses, y->n_addresses);
    if (order == 0)
        order = compare_numbers(x->n_routes, y->n_routes);
    return order ? order : x->default_route - y->default_route;
}

int iow_facts_set_uses(struct iow_facts *facts, const struct iow_list *uses)
{
    uint32_t n = facts->n_uses + uses->n, kept = 0;
    struct iow_use *all = iow_mem_alloc(&facts->mem, n, sizeof(*all));

    if (!all)
        return -IOW_ENOMEM;
    if (facts->n_uses)
        memcpy(all, facts->uses, facts->n_uses * sizeof(*all));
    if (uses->n)
        memcpy(all + facts->n_uses, uses->items, uses->n * sizeof(*all));
    qsort(all, n, sizeof(*all), compare_uses);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || compare_uses(&all[i], &all[kept - 1]) != 0)
            all[kept++] = all[i];
    facts->uses = all;
    facts->n_uses = kept;
    return 0;
}
