/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scene: one state of a world, spelled out; its key: the same, packed and sorted, by which the search
 * knows it.
 *
 * A scene holds what the core holds (the word and the domain of each group, the driver of each device) and
 * what only the world knows: under what each device really is, and what each owner believes to hold.
 */
#ifndef IOWARD_PROOF_SCENE_H
#define IOWARD_PROOF_SCENE_H

#include "proof/proof.h"

struct iow_scene_group {
    uint64_t word;
    uint8_t domain_owner; /* of the page table that the core says the group is attached to; 0: a driver's */
    uint8_t claims;       /* bit n: owner n believes to hold a claim of the group; 0: one without a name */
    uint8_t by_group;     /* bit n: owner n attached its table to the group, and did not detach it */
    uint8_t by_device;    /* the same, through the group's only member */
};

struct iow_scene {
    struct iow_scene_group groups[IOW_PROOF_GROUPS];
    struct iow_proof_device_truth devices[IOW_PROOF_DEVICES];
};

/* Groups take three units of a key, devices one. */
#define IOW_KEY_UNITS (3 * IOW_PROOF_GROUPS + IOW_PROOF_DEVICES)

struct iow_key {
    uint16_t units[IOW_KEY_UNITS];
};

/* Which names of a scene became which of its key: device_at[i] is the scene's device that the key calls i. */
struct iow_renaming {
    uint8_t device_at[IOW_PROOF_DEVICES];
    uint8_t group_at[IOW_PROOF_GROUPS];
    uint8_t owner_at[IOW_PROOF_OWNERS + 1];
};

static inline uint32_t iow_key_units(const struct iow_proof_world *world)
{
    return 3 * world->n_groups + world->n_devices;
}

static inline bool iow_dropped(const struct iow_proof_world *world, enum iow_proof_condition condition)
{
    return world->dropped >> condition & 1;
}

static inline bool iow_has(const struct iow_proof_world *world, enum iow_feature feature)
{
    return world->profile->features >> feature & 1;
}

/* Does a driver of this trait use the kernel's DMA API, as far as the kernel knows? */
static inline bool iow_counts(uint32_t trait)
{
    return trait == IOW_DRIVER_DMA_API || trait == IOW_DRIVER_PRIVATE;
}

static inline uint8_t iow_space_of(uint32_t owner)
{
    return (uint8_t)(owner ? IOW_PROOF_SPACE_OWNER1 + owner - 1 : IOW_PROOF_SPACE_PRIVATE);
}

/* Whose page table a space is; 0: nobody's, or a driver's */
static inline uint32_t iow_space_owner(uint32_t space)
{
    return space >= IOW_PROOF_SPACE_OWNER1 && space <= IOW_PROOF_SPACE_OWNER3
               ? space - IOW_PROOF_SPACE_OWNER1 + 1
               : 0;
}

/* iow_scene_first - the state that a world begins in */
void iow_scene_first(const struct iow_proof_world *world, struct iow_scene *ret);

/* iow_scene_merge - counted worlds: of the states that no operation tells apart, the one that stands for
 * all */
void iow_scene_merge(const struct iow_proof_world *world, struct iow_scene *scene);

/* iow_scene_fits - false when a count has left the range of a search */
bool iow_scene_fits(const struct iow_proof_world *world, const struct iow_scene *scene);

/* iow_scene_pack - as it is; iow_scene_unpack - the inverse */
void iow_scene_pack(const struct iow_proof_world *world, const struct iow_scene *scene, struct iow_key *ret);
void iow_scene_unpack(const struct iow_proof_world *world, const uint16_t *units, struct iow_scene *ret);

/* iow_scene_key - packed with equal devices, owners and groups in order, unless the world keeps them
 * separate. renaming may be NULL */
void iow_scene_key(const struct iow_proof_world *world, const struct iow_scene *scene, struct iow_key *ret,
    struct iow_renaming *renaming);

/* iow_scene_alike - may two devices be merged? When all that is known of them is equal, in the world and
 * in the scene. */
bool iow_scene_alike(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t a, uint32_t b);
bool iow_devices_alike(const struct iow_proof_world *world, uint32_t a, uint32_t b);

/* iow_scene_owners - bit n: something in the scene names owner n */
uint32_t iow_scene_owners(const struct iow_proof_world *world, const struct iow_scene *scene);

#endif
