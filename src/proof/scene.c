/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/scene.h"

#include <string.h>

void iow_scene_first(const struct iow_proof_world *world, struct iow_scene *ret)
{
    const struct iow_ownership free = {.kind = IOW_KIND_DEFAULT, .type = IOW_TYPE_DMA};

    memset(ret, 0, sizeof(*ret));
    for (uint32_t g = 0; g < world->n_groups; g++)
        ret->groups[g].word = iow_ownership_pack(&free);
    for (uint32_t d = 0; d < world->n_devices; d++) {
        bool absent = world->devices[d].absent;

        ret->devices[d].group = absent ? IOW_PROOF_ABSENT : world->devices[d].group;
        ret->devices[d].space = absent ? IOW_PROOF_SPACE_NONE : IOW_PROOF_SPACE_DEFAULT;
    }
}

/*
 * What counted worlds do not tell apart:
 *   - A managed-DMA driver from none: no row asks for it but SET_TYPE on 6.1, which refuses more with it, so
 *     that what can be reached with it can be reached without.
 *   - Probing, bound and removing of another driver: the rows that end it, PROBE_FAILED and UNBOUND, are
 *     alike, and UNBIND changes nothing. Only a driver's wish for a domain of its own ends with REMOVING, so
 *     PROBING, where everything may be done, stands for all three.
 */
void iow_scene_merge(const struct iow_proof_world *world, struct iow_scene *scene)
{
    if (!world->counted)
        return;
    for (uint32_t i = 0; i < world->n_devices; i++) {
        struct iow_proof_device_truth *d = &scene->devices[i];

        if (d->trait == IOW_DRIVER_MANAGED) {
            d->trait = IOW_DRIVER_NONE;
            d->phase = IOW_PHASE_UNBOUND;
        }
        if (d->phase != IOW_PHASE_UNBOUND)
            d->phase = IOW_PHASE_PROBING;
    }
}

/* Counts may leak without end on Linux; beyond this nothing new happens. */
bool iow_scene_fits(const struct iow_proof_world *world, const struct iow_scene *scene)
{
    for (uint32_t g = 0; g < world->n_groups; g++) {
        struct iow_ownership is = iow_ownership_unpack(scene->groups[g].word);

        if (is.drivers > world->n_devices + 1 || is.claims > world->n_devices + 1 ||
            is.pasids > world->n_devices + 1)
            return false;
    }
    return true;
}

/*
 * Four bits for a driver: 0 none; then three phases each of a DMA-API, a managed and a private driver; then
 * those of a private one that has attached its domain.
 */
static uint32_t pack_driver(const struct iow_proof_device_truth *d)
{
    if (d->phase == IOW_PHASE_UNBOUND)
        return 0;
    return 3 * (d->attacher ? (uint32_t)IOW_DRIVER__COUNT - 1 : d->trait - 1u) + d->phase;
}

static void unpack_driver(uint32_t code, struct iow_proof_device_truth *d)
{
    uint32_t kind = (code - 1) / 3;

    if (!code)
        return;
    d->attacher = kind == IOW_DRIVER__COUNT - 1;
    d->trait = (uint8_t)(d->attacher ? IOW_DRIVER_PRIVATE : kind + 1);
    d->phase = (uint8_t)((code - 1) % 3 + 1);
}

static uint16_t pack_device(const struct iow_proof_device_truth *d)
{
    return (
        uint16_t)(d->group | d->space << 3 | pack_driver(d) << 6 | (d->claims >> 1) << 10 | d->pasid << 13);
}

static void unpack_device(uint16_t unit, struct iow_proof_device_truth *ret)
{
    *ret = (struct iow_proof_device_truth){
        .group = unit & 7,
        .space = unit >> 3 & 7,
        .claims = (uint8_t)((unit >> 10 & 7) << 1),
        .pasid = (uint8_t)(unit >> 13),
    };
    unpack_driver(unit >> 6 & 15, ret);
}

static void pack_group(const struct iow_scene_group *group, uint16_t units[3])
{
    struct iow_ownership is = iow_ownership_unpack(group->word);

    units[0] = (uint16_t)(is.kind | is.type << 2 | is.tag << 4 | group->domain_owner << 6 | is.claims << 8);
    units[1] = (uint16_t)(is.drivers | is.pasids << 8);
    units[2] = (uint16_t)(group->claims | group->by_group << 4 | group->by_device << 8);
}

static void unpack_group(const uint16_t units[3], struct iow_scene_group *ret)
{
    struct iow_ownership is = {
        .kind = units[0] & 3,
        .type = units[0] >> 2 & 3,
        .tag = units[0] >> 4 & 3,
        .claims = units[0] >> 8,
        .drivers = units[1] & 255,
        .pasids = units[1] >> 8,
    };

    *ret = (struct iow_scene_group){
        .word = iow_ownership_pack(&is),
        .domain_owner = units[0] >> 6 & 3,
        .claims = units[2] & 15,
        .by_group = units[2] >> 4 & 15,
        .by_device = units[2] >> 8 & 15,
    };
}

void iow_scene_pack(const struct iow_proof_world *world, const struct iow_scene *scene, struct iow_key *ret)
{
    for (uint32_t g = 0; g < world->n_groups; g++)
        pack_group(&scene->groups[g], &ret->units[3 * g]);
    for (uint32_t d = 0; d < world->n_devices; d++)
        ret->units[3 * world->n_groups + d] = pack_device(&scene->devices[d]);
}

void iow_scene_unpack(const struct iow_proof_world *world, const uint16_t *units, struct iow_scene *ret)
{
    for (uint32_t g = 0; g < world->n_groups; g++)
        unpack_group(&units[3 * g], &ret->groups[g]);
    for (uint32_t d = 0; d < world->n_devices; d++)
        unpack_device(units[3 * world->n_groups + d], &ret->devices[d]);
}

/* What a world says of two devices, as far as it matters once they are there or not. */
bool iow_devices_alike(const struct iow_proof_world *world, uint32_t a, uint32_t b)
{
    const struct iow_proof_device *x = &world->devices[a], *y = &world->devices[b];

    return (world->roams || x->group == y->group) && x->fixed == y->fixed && x->direct == y->direct &&
           x->drivers == y->drivers;
}

bool iow_scene_alike(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t a, uint32_t b)
{
    return iow_devices_alike(world, a, b) &&
           pack_device(&scene->devices[a]) == pack_device(&scene->devices[b]);
}

uint32_t iow_scene_owners(const struct iow_proof_world *world, const struct iow_scene *scene)
{
    uint32_t owners = 0;

    for (uint32_t g = 0; g < world->n_groups; g++) {
        const struct iow_scene_group *group = &scene->groups[g];

        owners |= group->claims | group->by_group | group->by_device | 1u << group->domain_owner |
                  1u << iow_ownership_unpack(group->word).tag;
    }
    for (uint32_t i = 0; i < world->n_devices; i++) {
        const struct iow_proof_device_truth *d = &scene->devices[i];

        owners |= d->claims | 1u << iow_space_owner(d->space) | 1u << iow_space_owner(d->pasid);
    }
    return owners & ~1u;
}
