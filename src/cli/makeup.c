/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/makeup.h"

#include <string.h>

#define MANAGED (1u << IOW_DRIVER_MANAGED)
#define ORDINARY (1u << IOW_DRIVER_DMA_API)
#define PRIVATE (1u << IOW_DRIVER_PRIVATE)

/* Profiles with PASIDs, and how many ways members may stand among themselves with which these are searched:
 * each multiplies the states of all others. */
#define PASIDS (1u << IOW_FEATURE_PASID | 1u << IOW_FEATURE_PURE)
#define MOST_WITH_PASIDS 160

/* What may be bound to a member of each part. */
static const uint8_t drivers_of[IOW_PART__COUNT] = {
    [IOW_PART_DEVICE] = MANAGED | ORDINARY | PRIVATE,
    [IOW_PART_OTHER] = MANAGED | ORDINARY | PRIVATE,
    [IOW_PART_BRIDGE] = MANAGED | ORDINARY,
    [IOW_PART_PORT] = MANAGED,
    [IOW_PART_UNASKED] = 0,
};

static bool is_port(const struct iow_view_function *v)
{
    if (!(v->record->config.known & IOW_CONFIG_CAPS))
        return v->trait == IOW_DRIVER_MANAGED;
    switch (v->record->config.pcie_type) {
    case IOW_PCIE_ROOT_PORT:
    case IOW_PCIE_UPSTREAM_PORT:
    case IOW_PCIE_DOWNSTREAM_PORT:
        return true;
    default:
        return false;
    }
}

static struct iow_prove_member function_member(const struct iow_view_function *v)
{
    enum iow_part part = IOW_PART_DEVICE;

    if (iow_config_is_bridge(&v->record->config))
        part = is_port(v) ? IOW_PART_PORT : IOW_PART_BRIDGE;
    return (struct iow_prove_member){
        .name = v->address, .driver = v->driver, .trait = v->trait, .part = part};
}

static struct iow_prove_member other_member(const struct iow_other_member *other, uint16_t release)
{
    return (struct iow_prove_member){
        .name = other->name,
        .driver = other->driver,
        .trait = iow_driver_trait_of(other->driver),
        .part = iow_bus_checks_ownership(other->bus, release) ? IOW_PART_OTHER : IOW_PART_UNASKED,
    };
}

/* A device that appears joins where something is shared: with several functions, or below a bridge that
 * does not isolate. */
static bool takes_newcomers(const struct iow_view *view, const struct iow_view_group *g)
{
    if (g->n_members != 1)
        return g->n_members > 1;
    return iow_config_is_bridge(&g->members[0]->record->config) &&
           iow_grouping_acs(&view->analysis->grouping, g->members[0]->position).value != IOW_ACS_YES;
}

static bool is_direct(const struct iow_group *group)
{
    for (uint32_t i = 0; group->regions && i < group->n_regions; i++)
        if (strcmp(group->regions[i].type, "direct") == 0)
            return true;
    return false;
}

static bool fill_make(const struct iow_view *view, const struct iow_view_group *g, struct iow_mem *mem,
    struct iow_prove_make *make)
{
    struct iow_prove_member *members = iow_mem_alloc(mem, g->n_members + g->n_others, sizeof(*members));

    if (!members)
        return false;
    *make = (struct iow_prove_make){.newcomers = takes_newcomers(view, g),
        .direct = is_direct(g->record),
        .n_members = g->n_members + g->n_others,
        .members = members};
    for (uint32_t i = 0; i < g->n_members; i++)
        members[i] = function_member(g->members[i]);
    for (uint32_t i = 0; i < g->n_others; i++)
        members[g->n_members + i] = other_member(g->others[i], view->machine->release);
    for (uint32_t i = 0; i < make->n_members; i++)
        make->parts[members[i].part]++;
    return true;
}

static bool alike(const struct iow_prove_make *a, const struct iow_prove_make *b)
{
    return memcmp(a->parts, b->parts, sizeof(a->parts)) == 0 && a->newcomers == b->newcomers &&
           a->direct == b->direct;
}

/* The make-up, of those before it, that one is like; itself if there is none. */
static uint32_t find_alike(const struct iow_prove_make *makes, uint32_t n)
{
    uint32_t i = 0;

    while (i < n && !alike(&makes[i], &makes[n]))
        i++;
    return i;
}

int iow_makeup_list(const struct iow_view *view, const bool *chosen, struct iow_mem *mem,
    struct iow_prove_make **ret, uint32_t *ret_n)
{
    struct iow_prove_make *makes = iow_mem_alloc(mem, view->n_groups, sizeof(*makes));
    uint32_t n = 0;

    if (!makes)
        return -IOW_ENOMEM;
    for (uint32_t g = 0; g < view->n_groups; g++) {
        const struct iow_view_group *group = &view->groups[g];
        uint32_t at;

        if ((chosen && !chosen[g]) || group->record->name || !(group->n_members + group->n_others))
            continue;
        if (!fill_make(view, group, mem, &makes[n]))
            return -IOW_ENOMEM;
        at = find_alike(makes, n);
        if (at == n) {
            makes[n].groups = iow_mem_alloc(mem, view->n_groups - g, sizeof(uint32_t));
            if (!makes[n++].groups)
                return -IOW_ENOMEM;
        }
        makes[at].groups[makes[at].n_groups++] = group->record->number;
    }
    *ret = makes;
    *ret_n = n;
    return 0;
}

static void add_device(const struct iow_prove_make *make, uint32_t at, struct makeup_world *to)
{
    enum iow_part part = make->members[at].part;

    to->member[to->world.n_devices] = at;
    to->world.devices[to->world.n_devices++] = (struct iow_proof_device){
        .fixed = part == IOW_PART_OTHER || part == IOW_PART_UNASKED,
        .direct = make->direct && part != IOW_PART_PORT,
        .drivers = drivers_of[part],
    };
}

static void add_newcomer(struct makeup_world *to)
{
    to->member[to->world.n_devices] = IOW_NONE;
    to->world.devices[to->world.n_devices++] =
        (struct iow_proof_device){.absent = true, .drivers = drivers_of[IOW_PART_DEVICE]};
}

/* In how many ways members may stand that are counted: of each part, those that no driver, an ordinary one
 * or one with a domain of its own has. */
static uint64_t ways_to_stand(const struct iow_prove_make *make, const struct makeup_world *world)
{
    uint32_t n[IOW_PART__COUNT] = {0};
    uint64_t ways = 1;

    for (uint32_t i = 0; i < world->world.n_devices; i++)
        n[make->members[world->member[i]].part]++;
    for (unsigned part = 0; part < IOW_PART__COUNT; part++)
        if (drivers_of[part] & ~MANAGED)
            ways *= (uint64_t)(n[part] + 1) * (n[part] + 2) / 2;
    return ways;
}

uint32_t iow_makeup_world(const struct iow_prove_make *make, const struct iow_profile *profile, uint32_t most,
    struct makeup_world *ret)
{
    uint32_t room = IOW_PROOF_DEVICES - make->newcomers, n;

    if (room > most)
        room = most;
    *ret =
        (struct makeup_world){.world = {.profile = profile, .n_groups = 1, .n_owners = 2, .counted = true}};
    for (unsigned part = 0; part < IOW_PART__COUNT; part++)
        for (uint32_t i = 0; i < make->n_members && ret->world.n_devices < room; i++)
            if (make->members[i].part == (enum iow_part)part)
                add_device(make, i, ret);
    n = ret->world.n_devices;
    ret->world.pasids = profile->features & PASIDS && ways_to_stand(make, ret) <= MOST_WITH_PASIDS;
    if (make->newcomers)
        add_newcomer(ret);
    return n;
}

/* Two owners with two members, or with PASIDs, would take many times as long, and show nothing more. */
void iow_makeup_small(const struct iow_prove_make *make, const struct iow_profile *profile,
    struct makeup_world ret[MAKEUP_SMALL])
{
    static const struct {
        uint32_t members, owners;
        bool pasids;
    } size[MAKEUP_SMALL] = {{1, 1, true}, {2, 1, false}, {1, 2, false}};

    for (unsigned i = 0; i < MAKEUP_SMALL; i++) {
        (void)iow_makeup_world(make, profile, size[i].members, &ret[i]);
        ret[i].world.n_owners = size[i].owners;
        ret[i].world.pasids &= size[i].pasids;
    }
}
