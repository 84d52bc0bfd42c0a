/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/invariants.h"

#include "proof/bookkeeping.h"

#define BIT(space) (1u << IOW_PROOF_SPACE_##space)
#define OWNERS_SPACES (BIT(OWNER1) | BIT(OWNER2) | BIT(OWNER3))
/* Where requests arrive at memory: blocking is nobody's address space. */
#define ADDRESS_SPACES (BIT(DEFAULT) | BIT(PRIVATE) | BIT(IDENTITY) | OWNERS_SPACES)

static uint32_t broken(enum iow_proof_invariant invariant)
{
    return 1u << invariant;
}

/* An identity domain is the default one for all that a device can reach, when the default one is identity
 * too. */
static uint32_t space_as_reached(uint32_t space, const struct iow_ownership *is)
{
    if (space == IOW_PROOF_SPACE_IDENTITY && is->type == IOW_TYPE_IDENTITY)
        return IOW_PROOF_SPACE_DEFAULT;
    return space;
}

static void add_member(
    const struct iow_proof_device_truth *d, const struct iow_ownership *is, struct iow_group_truth *ret)
{
    uint32_t space = space_as_reached(d->space, is);
    uint32_t owner = iow_space_owner(space), pasid_owner = iow_space_owner(d->pasid);

    ret->n_members++;
    ret->spaces |= 1u << d->space;
    ret->reached |= 1u << space;
    ret->users |= d->claims;
    ret->users |= owner ? 1u << owner : 0;
    ret->users |= pasid_owner ? 1u << pasid_owner : 0;
    ret->reached |= pasid_owner ? 1u << d->pasid : 0;
    ret->counts.n[d->trait]++;
    ret->drivers += iow_counts(d->trait);
    ret->privates += d->trait == IOW_DRIVER_PRIVATE;
}

void iow_group_truth(const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t group,
    struct iow_group_truth *ret)
{
    const struct iow_scene_group *g = &scene->groups[group];
    struct iow_ownership is = iow_ownership_unpack(g->word);

    *ret = (struct iow_group_truth){.users = g->claims | g->by_group | g->by_device};
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (scene->devices[i].group == group)
            add_member(&scene->devices[i], &is, ret);
}

static bool one_space(const struct iow_group_truth *truth)
{
    uint32_t spaces = truth->reached & ADDRESS_SPACES;

    return !(spaces & (spaces - 1));
}

/* A private domain has its driver for an owner, so nobody else's may be there: one driver, and one that
 * has such domains. */
static bool no_driver(const struct iow_group_truth *truth)
{
    if (truth->users)
        return !truth->drivers;
    if (truth->reached & (BIT(PRIVATE) | BIT(IDENTITY)))
        return truth->drivers <= 1 && truth->drivers == truth->privates;
    return true;
}

static bool returns(const struct iow_group_truth *truth)
{
    return truth->users || truth->drivers || !(truth->spaces & ~BIT(DEFAULT));
}

/* A user that cannot be told by name (two of them, or a claim without one) cannot be read from the word
 * either. */
static bool names_user(const struct iow_group_truth *truth, const struct iow_scene_group *group)
{
    return truth->users == 1u << iow_ownership_unpack(group->word).tag;
}

static bool derived(const struct iow_group_truth *truth, const struct iow_scene_group *group)
{
    enum iow_domain domain = truth->spaces & ~BIT(DEFAULT) ? IOW_DOMAIN_NOT_DEFAULT : IOW_DOMAIN_DEFAULT;
    enum iow_owner owner = iow_owner_derive(domain, &truth->counts);

    if (owner != iow_owner_of_word(group->word))
        return false;
    return owner != IOW_OWNER_USER || names_user(truth, group);
}

static uint32_t broken_in_group(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t group)
{
    struct iow_group_truth truth;
    uint32_t found = 0;

    iow_group_truth(world, scene, group, &truth);
    if (!truth.n_members)
        return 0;
    if (!one_space(&truth))
        found |= broken(IOW_PROOF_INVARIANT_ONE_SPACE);
    if (!no_driver(&truth))
        found |= broken(IOW_PROOF_INVARIANT_NO_DRIVER);
    if (!returns(&truth))
        found |= broken(IOW_PROOF_INVARIANT_RETURNS);
    if (!derived(&truth, &scene->groups[group]))
        found |= broken(IOW_PROOF_INVARIANT_DERIVED);
    return found;
}

uint32_t iow_broken_in(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t *ret_group)
{
    uint32_t found = 0;

    for (uint32_t g = 0; g < world->n_groups; g++) {
        uint32_t here = broken_in_group(world, scene, g);

        if (!found && here && ret_group)
            *ret_group = g;
        found |= here;
    }
    return found;
}

static bool left_default(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_scene *after, uint32_t group)
{
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (before->devices[i].group == group && after->devices[i].group == group &&
            before->devices[i].space == IOW_PROOF_SPACE_DEFAULT &&
            after->devices[i].space != IOW_PROOF_SPACE_DEFAULT)
            return true;
    return false;
}

static bool leaves(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_play *play, const struct iow_scene *after)
{
    struct iow_group_truth truth;

    if (play->group >= world->n_groups || !left_default(world, before, after, play->group))
        return true;
    iow_group_truth(world, before, play->group, &truth);
    return truth.drivers <= (play->actor == IOW_PROOF_DRIVER ? 1u : 0u);
}

uint32_t iow_broken_by(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after)
{
    uint32_t found = 0;

    if (!leaves(world, before, play, after))
        found |= broken(IOW_PROOF_INVARIANT_LEAVES);
    if (!iow_books_agree(world, before, play, outcome, after))
        found |= broken(IOW_PROOF_INVARIANT_BOOKKEEPING);
    return found;
}
