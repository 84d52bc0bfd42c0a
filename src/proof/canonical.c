/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The canonical form of a scene: of all the ways to name equal owners, groups and devices, the one whose
 * key is least. */
#include "proof/scene.h"

#include <string.h>

#define MOST_ORDERS 6 /* of three things */

static const uint8_t order_of_three[MOST_ORDERS][3] = {
    {0, 1, 2},
    {1, 0, 2},
    {0, 2, 1},
    {1, 2, 0},
    {2, 0, 1},
    {2, 1, 0},
};
/* The first so many orders leave what is beyond n in place. */
static const uint8_t n_orders[4] = {1, 1, 2, MOST_ORDERS};

static uint8_t rename_bits(uint32_t bits, const uint8_t new_of[])
{
    uint32_t to = bits & 1;

    for (uint32_t owner = 1; owner <= IOW_PROOF_OWNERS; owner++)
        to |= (bits >> owner & 1) << new_of[owner];
    return (uint8_t)to;
}

static uint8_t rename_space(uint32_t space, const uint8_t new_of[])
{
    uint32_t owner = iow_space_owner(space);

    return owner ? iow_space_of(new_of[owner]) : (uint8_t)space;
}

static void rename_group(
    const struct iow_scene_group *from, const uint8_t new_of[], struct iow_scene_group *to)
{
    struct iow_ownership is = iow_ownership_unpack(from->word);

    is.tag = new_of[is.tag];
    *to = (struct iow_scene_group){
        .word = iow_ownership_pack(&is),
        .domain_owner = new_of[from->domain_owner],
        .claims = rename_bits(from->claims, new_of),
        .by_group = rename_bits(from->by_group, new_of),
        .by_device = rename_bits(from->by_device, new_of),
    };
}

/* Owners and groups as the renaming says; devices stay in their places. */
static void rename_scene(const struct iow_proof_world *world, const struct iow_scene *from,
    const struct iow_renaming *renaming, struct iow_scene *to)
{
    uint8_t new_owner[IOW_PROOF_OWNERS + 1] = {0}, new_group[IOW_PROOF_ABSENT + 1];

    for (uint8_t i = 0; i <= IOW_PROOF_ABSENT; i++)
        new_group[i] = i;
    for (uint8_t i = 1; i <= IOW_PROOF_OWNERS; i++)
        new_owner[renaming->owner_at[i]] = i;
    for (uint8_t i = 0; i < world->n_groups; i++) {
        new_group[renaming->group_at[i]] = i;
        rename_group(&from->groups[renaming->group_at[i]], new_owner, &to->groups[i]);
    }
    for (uint32_t i = 0; i < world->n_devices; i++) {
        struct iow_proof_device_truth *d = &to->devices[i];

        *d = from->devices[i];
        d->group = new_group[d->group];
        d->space = rename_space(d->space, new_owner);
        d->pasid = rename_space(d->pasid, new_owner);
        d->claims = rename_bits(d->claims, new_owner);
    }
}

/* Sorts the devices of a key among those that are alike in the world: a device sinks past greater ones. */
static void sort_devices(const struct iow_proof_world *world, uint16_t *units, uint8_t *device_at)
{
    for (uint32_t i = 1; i < world->n_devices; i++) {
        uint32_t at = i;

        for (uint32_t j = i; j-- > 0;) {
            uint16_t unit = units[at];
            uint8_t device = device_at[at];

            if (!iow_devices_alike(world, j, at))
                continue;
            if (units[j] <= unit)
                break;
            units[at] = units[j];
            device_at[at] = device_at[j];
            units[j] = unit;
            device_at[j] = device;
            at = j;
        }
    }
}

static void plain_renaming(struct iow_renaming *renaming)
{
    for (uint8_t i = 0; i < IOW_PROOF_DEVICES; i++)
        renaming->device_at[i] = i;
    for (uint8_t i = 0; i < IOW_PROOF_GROUPS; i++)
        renaming->group_at[i] = i;
    for (uint8_t i = 0; i <= IOW_PROOF_OWNERS; i++)
        renaming->owner_at[i] = i;
}

/* Owners that are named come first, the rest in order. Returns how many are named. */
static uint32_t named_first(uint32_t named, uint8_t at[])
{
    uint32_t n = 0, next = 1;

    for (uint8_t owner = 1; owner <= IOW_PROOF_OWNERS; owner++)
        if (named >> owner & 1)
            at[next++] = owner;
    n = next - 1;
    for (uint8_t owner = 1; owner <= IOW_PROOF_OWNERS; owner++)
        if (!(named >> owner & 1))
            at[next++] = owner;
    return n;
}

static void try_order(const struct iow_proof_world *world, const struct iow_scene *scene,
    struct iow_renaming *renaming, struct iow_key *ret)
{
    struct iow_scene renamed;

    rename_scene(world, scene, renaming, &renamed);
    iow_scene_pack(world, &renamed, ret);
    sort_devices(world, &ret->units[3 * world->n_groups], renaming->device_at);
}

/* Nothing to choose: at most owner 1 is named, and groups have their places. */
static bool is_plain(const struct iow_proof_world *world, uint32_t named)
{
    return !(named & ~2u) && !(world->roams && world->n_groups > 1);
}

static void least_order(const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t named,
    struct iow_key *ret, struct iow_renaming *renaming)
{
    uint8_t first[IOW_PROOF_OWNERS + 1] = {0};
    uint32_t n_owners = n_orders[named_first(named, first)];
    uint32_t n_groups = n_orders[world->roams ? world->n_groups : 1];

    for (uint32_t i = 0; i < n_owners * n_groups; i++) {
        struct iow_renaming other;
        struct iow_key key;

        plain_renaming(&other);
        for (uint32_t j = 0; j < 3; j++) {
            other.owner_at[j + 1] = first[order_of_three[i % n_owners][j] + 1];
            other.group_at[j] = order_of_three[i / n_owners][j];
        }
        try_order(world, scene, &other, &key);
        if (i == 0 || memcmp(key.units, ret->units, iow_key_units(world) * sizeof(key.units[0])) < 0) {
            *ret = key;
            *renaming = other;
        }
    }
}

void iow_scene_key(const struct iow_proof_world *world, const struct iow_scene *scene, struct iow_key *ret,
    struct iow_renaming *renaming)
{
    struct iow_renaming own;
    uint32_t named = world->separate ? 0 : iow_scene_owners(world, scene);

    if (!renaming)
        renaming = &own;
    if (!world->separate && !is_plain(world, named)) {
        least_order(world, scene, named, ret, renaming);
        return;
    }
    plain_renaming(renaming);
    iow_scene_pack(world, scene, ret);
    if (!world->separate)
        sort_devices(world, &ret->units[3 * world->n_groups], renaming->device_at);
}
