/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/coarser.h"

#include "audit/audit.h"

#include <string.h>

struct coarser {
    const struct iow_analysis *a;
    struct iow_mem *mem;
    uint32_t *first;  /* per group: its first device; devices are functions that are no bridges */
    uint32_t *next;   /* per function: the next device of its group */
    uint32_t *member; /* per group: its first function */
    uint32_t *after;  /* per function: the next one of its group */
    uint32_t *seen;   /* per set or function: the group that it was seen in last, plus one */
};

static int prepare(struct coarser *c)
{
    const struct iow_facts *facts = c->a->facts;

    c->first = iow_mem_alloc(c->mem, facts->n_groups, sizeof(*c->first));
    c->next = iow_mem_alloc(c->mem, facts->n_functions, sizeof(*c->next));
    c->member = iow_mem_alloc(c->mem, facts->n_groups, sizeof(*c->member));
    c->after = iow_mem_alloc(c->mem, facts->n_functions, sizeof(*c->after));
    c->seen = iow_mem_alloc(c->mem, facts->n_functions, sizeof(*c->seen));
    if (!c->first || !c->next || !c->member || !c->after || !c->seen)
        return -IOW_ENOMEM;
    for (uint32_t g = 0; g < facts->n_groups; g++)
        c->first[g] = c->member[g] = IOW_NONE;
    for (uint32_t i = facts->n_functions; i-- > 0;) {
        uint32_t g = iow_facts_find_group(facts, facts->functions[i].group);

        if (g == IOW_NONE)
            continue;
        c->after[i] = c->member[g];
        c->member[g] = i;
        if (iow_config_is_bridge(&facts->functions[i].config))
            continue;
        c->next[i] = c->first[g];
        c->first[g] = i;
    }
    return 0;
}

static void forget(struct coarser *c)
{
    memset(c->seen, 0, c->a->facts->n_functions * sizeof(*c->seen));
}

/* How many sets the devices of a group are in. IOW_NONE as set: in one that nothing else is in. */
static uint32_t count_sets(struct coarser *c, uint32_t group, const uint32_t *set)
{
    uint32_t n = 0;

    for (uint32_t i = c->first[group]; i != IOW_NONE; i = c->next[i]) {
        if (set[i] != IOW_NONE && c->seen[set[i]] == group + 1)
            continue;
        if (set[i] != IOW_NONE)
            c->seen[set[i]] = group + 1;
        n++;
    }
    return n;
}

/* Could everything be read that the kernel's rule looks at? */
static bool is_certain(const struct coarser *c, uint32_t group)
{
    for (uint32_t i = c->member[group]; i != IOW_NONE; i = c->after[i])
        if (!c->a->partition->certain[i])
            return false;
    return true;
}

static int find_coarse(struct coarser *c, struct iow_agreement *agreement)
{
    const uint32_t *set = agreement->possibly.closure->sets->set;
    void *list = NULL;

    forget(c);
    for (uint32_t g = 0; g < c->a->facts->n_groups; g++) {
        uint32_t n = count_sets(c, g, set);
        struct iow_coarse_group *coarse;

        if (n < 2 || !is_certain(c, g))
            continue;
        coarse = iow_audit_append(c->mem, &list, &agreement->n_coarse, sizeof(*coarse));
        if (!coarse)
            return -IOW_ENOMEM;
        *coarse = (struct iow_coarse_group){.group = g, .n_sets = n};
    }
    agreement->coarse = list;
    return 0;
}

static int find_by_root(struct coarser *c, struct iow_agreement *agreement)
{
    struct iow_isolation *widest;

    if (iow_isolation_find(&c->a->grouping, IOW_ROUTE_IF_ROOT_COMPLEX, c->mem, &widest, NULL) < 0)
        return -IOW_ENOMEM;
    forget(c);
    for (uint32_t i = 0; i < agreement->n_coarse; i++) {
        struct iow_coarse_group *coarse = &agreement->coarse[i];

        coarse->by_root = count_sets(c, coarse->group, widest->set) < coarse->n_sets;
    }
    return 0;
}

/* --- what joins them by the kernel's rule --- */

static bool is_splitter(const struct iow_reason *reason)
{
    return reason->joined != IOW_NONE && reason->deciding != IOW_NONE;
}

/* Each deciding port or function once. */
static int find_splitters(struct coarser *c, struct iow_coarse_group *coarse)
{
    void *list = NULL;

    for (uint32_t i = c->member[coarse->group]; i != IOW_NONE; i = c->after[i]) {
        const struct iow_reason *reason = &c->a->partition->reason[i];
        const struct iow_config *config;
        struct iow_splitter *splitter;

        if (!is_splitter(reason) || c->seen[reason->deciding] == coarse->group + 1)
            continue;
        c->seen[reason->deciding] = coarse->group + 1;
        splitter = iow_audit_append(c->mem, &list, &coarse->n_splitters, sizeof(*splitter));
        if (!splitter)
            return -IOW_ENOMEM;
        config = c->a->topology->node[reason->deciding].config;
        *splitter = (struct iow_splitter){
            .node = reason->deciding, .rule = reason->rule, .bits = reason->acs.missing & config->acs_cap};
    }
    coarse->splitters = list;
    return 0;
}

/* --- what if their bits were set --- */

/* The machine again, with the bits of every splitter set. */
static int set_bits(struct coarser *c, const struct iow_agreement *agreement, struct iow_topology *topology)
{
    *topology = *c->a->topology;
    topology->node = iow_mem_alloc(c->mem, topology->n, sizeof(*topology->node));
    if (!topology->node)
        return -IOW_ENOMEM;
    memcpy(topology->node, c->a->topology->node, topology->n * sizeof(*topology->node));
    for (uint32_t i = 0; i < agreement->n_coarse; i++)
        for (uint32_t k = 0; k < agreement->coarse[i].n_splitters; k++) {
            const struct iow_splitter *splitter = &agreement->coarse[i].splitters[k];
            struct iow_node *node = &topology->node[splitter->node];
            struct iow_config *config = iow_mem_alloc(c->mem, 1, sizeof(*config));

            if (!config)
                return -IOW_ENOMEM;
            *config = *node->config;
            config->acs_ctrl |= splitter->bits;
            node->config = config;
        }
    return 0;
}

static int find_what_splits(struct coarser *c, struct iow_agreement *agreement)
{
    struct iow_grouping_input input = c->a->grouping;
    struct iow_partition *then;
    struct iow_topology topology;

    forget(c);
    for (uint32_t i = 0; i < agreement->n_coarse; i++)
        agreement->coarse[i].now = count_sets(c, agreement->coarse[i].group, c->a->partition->set) > 1;
    forget(c);
    for (uint32_t i = 0; i < agreement->n_coarse; i++)
        if (find_splitters(c, &agreement->coarse[i]) < 0)
            return -IOW_ENOMEM;
    if (set_bits(c, agreement, &topology) < 0)
        return -IOW_ENOMEM;
    input.topology = &topology;
    input.acs = NULL;
    if (iow_partition_predict(&input, c->mem, &then, NULL) < 0)
        return -IOW_ENOMEM;
    forget(c);
    for (uint32_t i = 0; i < agreement->n_coarse; i++)
        agreement->coarse[i].with_bits = count_sets(c, agreement->coarse[i].group, then->set) > 1;
    return 0;
}

int iow_audit_coarser(const struct iow_analysis *a, struct iow_agreement *agreement, struct iow_mem *mem)
{
    struct coarser c = {.a = a, .mem = mem};

    if (prepare(&c) < 0 || find_coarse(&c, agreement) < 0)
        return -IOW_ENOMEM;
    if (!agreement->n_coarse)
        return 0;
    return find_by_root(&c, agreement) < 0 || find_what_splits(&c, agreement) < 0 ? -IOW_ENOMEM : 0;
}
