/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which processes hold each group, and which hold a vfio device that cannot be told. */
#include "audit/audit.h"

/* What is noted of each group while the holders are gone through. */
struct noting {
    struct iow_analysis *a;
    bool *device_open;
    uint32_t *last;  /* per group: the holder that was counted last; IOW_NONE: none yet */
    uint32_t **list; /* per group, filled in the second round; NULL in the first */
};

static bool is_device(const struct iow_held *held)
{
    return held->file == IOW_HELD_DEVICE || held->file == IOW_HELD_DEVICE_MAP;
}

/* Position of the group that a held file is known to belong to; IOW_NONE: it cannot be told, or is of none. */
static uint32_t group_of(const struct iow_facts *facts, const struct iow_held *held)
{
    uint32_t number = IOW_NONE;

    if (held->file == IOW_HELD_GROUP)
        number = held->number;
    else if (held->function != IOW_NONE)
        number = facts->functions[held->function].group;
    return iow_facts_find_group(facts, number);
}

/* A process that has some vfio device open and no group: the device may be of any group. */
static bool is_loose(const struct iow_facts *facts, const struct iow_holder *holder)
{
    bool device = false;

    for (uint32_t i = 0; i < holder->n_held; i++) {
        if (group_of(facts, &holder->held[i]) != IOW_NONE)
            return false;
        device |= is_device(&holder->held[i]);
    }
    return device;
}

static bool has_unknown_device(const struct iow_holder *holder)
{
    for (uint32_t i = 0; i < holder->n_held; i++)
        if (is_device(&holder->held[i]) && holder->held[i].function == IOW_NONE)
            return true;
    return false;
}

/* Each group that a holder holds, once: counts the holder or puts it into the group's list. */
static void note_holder(struct noting *n, uint32_t h)
{
    const struct iow_facts *facts = n->a->facts;
    const struct iow_holder *holder = &facts->holders[h];
    bool unknown = has_unknown_device(holder);

    for (uint32_t i = 0; i < holder->n_held; i++) {
        uint32_t g = group_of(facts, &holder->held[i]);

        if (g == IOW_NONE)
            continue;
        n->device_open[g] |= unknown || is_device(&holder->held[i]);
        if (n->last[g] == h)
            continue;
        n->last[g] = h;
        if (n->list)
            n->list[g][n->a->owners[g].n_holders] = h;
        n->a->owners[g].n_holders++;
    }
}

static void note_holders(struct noting *n)
{
    for (uint32_t g = 0; g < n->a->facts->n_groups; g++) {
        n->last[g] = IOW_NONE;
        n->a->owners[g].n_holders = 0;
    }
    for (uint32_t h = 0; h < n->a->facts->n_holders; h++)
        note_holder(n, h);
}

/* A list for each group, in the order of the facts: counted first, then filled. */
static int collect_holders(struct noting *n, struct iow_mem *mem)
{
    uint32_t n_groups = n->a->facts->n_groups;
    uint32_t **list = iow_mem_alloc(mem, n_groups, sizeof(uint32_t *));

    n->last = iow_mem_alloc(mem, n_groups, sizeof(*n->last));
    if (!list || !n->last)
        return -IOW_ENOMEM;
    note_holders(n);
    for (uint32_t g = 0; g < n_groups; g++) {
        list[g] = iow_mem_alloc(mem, n->a->owners[g].n_holders, sizeof(**list));
        if (!list[g])
            return -IOW_ENOMEM;
        n->a->owners[g].holders = list[g];
    }
    n->list = list;
    note_holders(n);
    return 0;
}

/* One list of loose holders serves every group with a vfio node. */
static int collect_possible(struct iow_analysis *a, struct iow_mem *mem)
{
    const struct iow_facts *facts = a->facts;
    void *loose = NULL;
    uint32_t n = 0;

    for (uint32_t h = 0; h < facts->n_holders; h++) {
        uint32_t *slot;

        if (!is_loose(facts, &facts->holders[h]))
            continue;
        slot = iow_audit_append(mem, &loose, &n, sizeof(*slot));
        if (!slot)
            return -IOW_ENOMEM;
        *slot = h;
    }
    for (uint32_t g = 0; g < facts->n_groups; g++)
        if (facts->groups[g].vfio_node) {
            a->owners[g].possible = loose;
            a->owners[g].n_possible = n;
        }
    return 0;
}

int iow_audit_holders(struct iow_analysis *a, bool *device_open, struct iow_mem *mem)
{
    struct noting n = {.a = a, .device_open = device_open};

    if (collect_holders(&n, mem) < 0)
        return -IOW_ENOMEM;
    return collect_possible(a, mem);
}
