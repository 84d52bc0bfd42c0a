/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/events.h"

#include "proof/invariants.h"

/* What is being told to whom; every function below returns what the handler stops with. */
struct teller {
    const struct iow_proof_world *world;
    const struct iow_scene *scene;
    iow_play_handler handler;
    void *ctx;
    bool pure;
};

static bool may(const struct teller *t, enum iow_proof_condition condition)
{
    return iow_dropped(t->world, condition);
}

static int tell(const struct teller *t, uint32_t actor, uint32_t act, uint32_t device, uint32_t owner)
{
    struct iow_play play = {
        .actor = (uint8_t)actor,
        .act = (uint8_t)act,
        .device = (uint8_t)device,
        .group = t->scene->devices[device].group,
        .owner = (uint8_t)owner,
        .kind = IOW_KIND_TABLE,
    };

    return t->handler(t->ctx, &play);
}

static int tell_group(const struct teller *t, uint32_t act, uint32_t group, uint32_t owner)
{
    struct iow_play play = {
        .actor = IOW_PROOF_OWNER,
        .act = (uint8_t)act,
        .device = IOW_PROOF_DEVICES,
        .group = (uint8_t)group,
        .owner = (uint8_t)owner,
        .kind = IOW_KIND_TABLE,
    };

    return t->handler(t->ctx, &play);
}

/* Stops at the first that is not 0. */
#define EACH(call)                                                                                           \
    do {                                                                                                     \
        int r_ = (call);                                                                                     \
        if (r_)                                                                                              \
            return r_;                                                                                       \
    } while (0)

static int probes(const struct teller *t, uint32_t device)
{
    for (uint32_t trait = IOW_DRIVER_DMA_API; trait < IOW_DRIVER__COUNT; trait++) {
        bool managed = trait == IOW_DRIVER_MANAGED;
        struct iow_play play = {
            .actor = IOW_PROOF_DRIVER_CORE,
            .act = managed ? IOW_OPERATION_PROBE_MANAGED : IOW_OPERATION_PROBE,
            .device = (uint8_t)device,
            .group = t->scene->devices[device].group,
            .trait = (uint8_t)trait,
        };

        if (!(t->world->devices[device].drivers >> trait & 1))
            continue;
        if (trait == IOW_DRIVER_PRIVATE && !may(t, IOW_PROOF_CONDITION_PLAIN))
            continue;
        EACH(t->handler(t->ctx, &play));
    }
    return 0;
}

/* A driver lets go of a device tidily: what it attached is detached. */
static bool lets_go(const struct teller *t, const struct iow_proof_device_truth *d)
{
    if (d->attacher && !may(t, IOW_PROOF_CONDITION_TIDY))
        return false;
    return d->pasid != IOW_PROOF_SPACE_PRIVATE;
}

static int driver_steps(const struct teller *t, uint32_t device)
{
    const struct iow_proof_device_truth *d = &t->scene->devices[device];

    switch (d->phase) {
    case IOW_PHASE_UNBOUND:
        return probes(t, device);
    case IOW_PHASE_PROBING:
        if (!t->world->counted)
            EACH(tell(t, IOW_PROOF_DRIVER_CORE, IOW_PROOF_ACT_BOUND, device, 0));
        if (lets_go(t, d))
            EACH(tell(t, IOW_PROOF_DRIVER_CORE, IOW_OPERATION_PROBE_FAILED, device, 0));
        return 0;
    case IOW_PHASE_BOUND:
        return tell(t, IOW_PROOF_DRIVER_CORE, IOW_OPERATION_UNBIND, device, 0);
    default:
        return lets_go(t, d) ? tell(t, IOW_PROOF_DRIVER_CORE, IOW_OPERATION_UNBOUND, device, 0) : 0;
    }
}

/* A driver's own domain: a page table, or an identity domain where the type may be identity. */
static int private_attach(const struct teller *t, uint32_t device)
{
    struct iow_play play = {
        .actor = IOW_PROOF_DRIVER,
        .act = IOW_OPERATION_ATTACH_DEVICE,
        .device = (uint8_t)device,
        .group = t->scene->devices[device].group,
        .kind = IOW_KIND_IDENTITY,
    };

    EACH(tell(t, IOW_PROOF_DRIVER, IOW_OPERATION_ATTACH_DEVICE, device, 0));
    return t->world->types ? t->handler(t->ctx, &play) : 0;
}

static bool has_pasid_calls(const struct teller *t)
{
    return t->world->pasids && (t->pure || iow_has(t->world, IOW_FEATURE_PASID));
}

static int driver_pasid(const struct teller *t, uint32_t device)
{
    const struct iow_proof_device_truth *d = &t->scene->devices[device];

    if (!has_pasid_calls(t) || !may(t, IOW_PROOF_CONDITION_DRIVER_PASIDS) || !iow_counts(d->trait))
        return 0;
    if (d->pasid == IOW_PROOF_SPACE_NONE)
        return tell(t, IOW_PROOF_DRIVER, IOW_OPERATION_ATTACH_PASID, device, 0);
    if (d->pasid == IOW_PROOF_SPACE_PRIVATE)
        return tell(t, IOW_PROOF_DRIVER, IOW_OPERATION_DETACH_PASID, device, 0);
    return 0;
}

static int driver_acts(const struct teller *t, uint32_t device)
{
    const struct iow_proof_device_truth *d = &t->scene->devices[device];
    bool asks = d->phase == IOW_PHASE_PROBING || d->phase == IOW_PHASE_BOUND;

    EACH(driver_pasid(t, device));
    if (d->trait != IOW_DRIVER_PRIVATE)
        return 0;
    if (!d->attacher && asks)
        return private_attach(t, device);
    if (d->attacher)
        return tell(t, IOW_PROOF_DRIVER, IOW_OPERATION_DETACH_DEVICE, device, 0);
    return 0;
}

static bool in_use(const struct teller *t, uint32_t group)
{
    struct iow_group_truth truth;

    iow_group_truth(t->world, t->scene, group, &truth);
    return truth.users || (truth.n_members && truth.spaces & ~(1u << IOW_PROOF_SPACE_DEFAULT));
}

static int joins(const struct teller *t, uint32_t device)
{
    struct iow_play play = {.actor = IOW_PROOF_BUS, .act = IOW_OPERATION_ADD, .device = (uint8_t)device};

    for (uint32_t g = 0; g < t->world->n_groups; g++) {
        if (!t->world->roams && g != t->world->devices[device].group)
            continue;
        if (in_use(t, g) && !may(t, IOW_PROOF_CONDITION_QUIET))
            continue;
        play.group = (uint8_t)g;
        EACH(t->handler(t->ctx, &play));
    }
    return 0;
}

/* A device leaves without a driver, and with nothing that an owner would have to give back. */
static int leaves(const struct teller *t, uint32_t device)
{
    const struct iow_proof_device_truth *d = &t->scene->devices[device];

    if (t->world->devices[device].fixed || d->phase != IOW_PHASE_UNBOUND || d->claims)
        return 0;
    return d->pasid == IOW_PROOF_SPACE_NONE ? tell(t, IOW_PROOF_BUS, IOW_OPERATION_REMOVE, device, 0) : 0;
}

static bool claims_as_group(const struct teller *t, uint32_t group, uint32_t owner)
{
    return t->scene->groups[group].claims >> owner & 1;
}

static uint32_t n_claimed(const struct teller *t, uint32_t group, uint32_t owner)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < t->world->n_devices; i++)
        n += t->scene->devices[i].group == group && t->scene->devices[i].claims >> owner & 1;
    return n;
}

static bool has_claim(const struct teller *t, uint32_t group, uint32_t owner)
{
    return claims_as_group(t, group, owner) || n_claimed(t, group, owner);
}

static bool has_attached(const struct teller *t, uint32_t group, uint32_t owner)
{
    return (t->scene->groups[group].by_group | t->scene->groups[group].by_device) >> owner & 1;
}

static bool has_pasids(const struct teller *t, uint32_t group, uint32_t owner)
{
    for (uint32_t i = 0; i < t->world->n_devices; i++)
        if (t->scene->devices[i].group == group && t->scene->devices[i].pasid == iow_space_of(owner))
            return true;
    return false;
}

/* Under the pure profile attaching is the claim. */
static bool may_attach(const struct teller *t, uint32_t group, uint32_t owner)
{
    return t->pure || may(t, IOW_PROOF_CONDITION_CLAIMED) || has_claim(t, group, owner);
}

static bool may_release(const struct teller *t, uint32_t group, uint32_t owner)
{
    return may(t, IOW_PROOF_CONDITION_OWNER_PASIDS) || !has_pasids(t, group, owner);
}

static int claims_of_group(const struct teller *t, uint32_t group, uint32_t owner)
{
    bool holds = claims_as_group(t, group, owner);
    bool both = n_claimed(t, group, owner) && !may(t, IOW_PROOF_CONDITION_ONE_WAY);

    if (!holds && !both)
        EACH(tell_group(t, IOW_OPERATION_CLAIM_GROUP, group, owner));
    if ((holds && may_release(t, group, owner)) || may(t, IOW_PROOF_CONDITION_OWN))
        EACH(tell_group(t, IOW_OPERATION_RELEASE_GROUP, group, owner));
    return 0;
}

static int claims_of_device(const struct teller *t, uint32_t device, uint32_t owner)
{
    uint32_t group = t->scene->devices[device].group;
    bool holds = t->scene->devices[device].claims >> owner & 1;
    bool both = claims_as_group(t, group, owner) && !may(t, IOW_PROOF_CONDITION_ONE_WAY);
    bool enough = t->world->most_claims && n_claimed(t, group, owner) >= t->world->most_claims;

    if (!holds && !both && !enough)
        EACH(tell(t, IOW_PROOF_OWNER, IOW_OPERATION_CLAIM_DEVICE, device, owner));
    if ((holds && may_release(t, group, owner)) || may(t, IOW_PROOF_CONDITION_OWN))
        EACH(tell(t, IOW_PROOF_OWNER, IOW_OPERATION_RELEASE_DEVICE, device, owner));
    return 0;
}

static int tables_of_group(const struct teller *t, uint32_t group, uint32_t owner)
{
    bool attached = has_attached(t, group, owner), own = may(t, IOW_PROOF_CONDITION_OWN);
    bool replaces = t->pure || iow_has(t->world, IOW_FEATURE_REPLACE);

    if (may_attach(t, group, owner) && (!attached || own))
        EACH(tell_group(t, IOW_OPERATION_ATTACH_GROUP, group, owner));
    if (t->scene->groups[group].by_group >> owner & 1 || own)
        EACH(tell_group(t, IOW_OPERATION_DETACH_GROUP, group, owner));
    if (replaces && may_attach(t, group, owner) && (attached || own))
        EACH(tell_group(t, IOW_OPERATION_REPLACE, group, owner));
    return 0;
}

/* Through the only member: what callers in the kernel do, who know nothing of claims. */
static int tables_of_device(const struct teller *t, uint32_t device, uint32_t owner)
{
    uint32_t group = t->scene->devices[device].group;
    bool unclaimed = t->pure || may(t, IOW_PROOF_CONDITION_CLAIMED), own = may(t, IOW_PROOF_CONDITION_OWN);

    if (unclaimed && (!has_attached(t, group, owner) || own))
        EACH(tell(t, IOW_PROOF_OWNER, IOW_OPERATION_ATTACH_DEVICE, device, owner));
    if (t->scene->groups[group].by_device >> owner & 1 || own)
        EACH(tell(t, IOW_PROOF_OWNER, IOW_OPERATION_DETACH_DEVICE, device, owner));
    return 0;
}

static int owner_pasids(const struct teller *t, uint32_t device, uint32_t owner)
{
    const struct iow_proof_device_truth *d = &t->scene->devices[device];
    bool owns = t->pure ? has_attached(t, d->group, owner) : has_claim(t, d->group, owner);

    if (!has_pasid_calls(t))
        return 0;
    if (d->pasid == IOW_PROOF_SPACE_NONE && (owns || may(t, IOW_PROOF_CONDITION_OWNER_PASIDS)))
        return tell(t, IOW_PROOF_OWNER, IOW_OPERATION_ATTACH_PASID, device, owner);
    if (d->pasid == iow_space_of(owner))
        return tell(t, IOW_PROOF_OWNER, IOW_OPERATION_DETACH_PASID, device, owner);
    return 0;
}

static int owner_of_device(const struct teller *t, uint32_t device, uint32_t owner)
{
    if (iow_has(t->world, IOW_FEATURE_DEVICE_CLAIM))
        EACH(claims_of_device(t, device, owner));
    EACH(tables_of_device(t, device, owner));
    return owner_pasids(t, device, owner);
}

static bool stands_for_others(const struct teller *t, uint32_t device)
{
    if (t->world->separate)
        return true;
    for (uint32_t i = 0; i < device; i++)
        if (iow_scene_alike(t->world, t->scene, i, device))
            return false;
    return true;
}

static int all_owners(const struct teller *t, uint32_t group, uint32_t device)
{
    uint32_t named = iow_scene_owners(t->world, t->scene);

    for (uint32_t owner = 1; owner <= t->world->n_owners; owner++) {
        bool is_named = named >> owner & 1;

        if (device < IOW_PROOF_DEVICES)
            EACH(owner_of_device(t, device, owner));
        if (device == IOW_PROOF_DEVICES && !t->pure)
            EACH(claims_of_group(t, group, owner));
        if (device == IOW_PROOF_DEVICES)
            EACH(tables_of_group(t, group, owner));
        if (!is_named && !t->world->separate)
            break;
    }
    return 0;
}

static int device_events(const struct teller *t, uint32_t device)
{
    uint32_t group = t->scene->devices[device].group;
    bool early = !may(t, IOW_PROOF_CONDITION_EARLY);

    if (group == IOW_PROOF_ABSENT) {
        if (!early)
            EACH(tell(t, IOW_PROOF_BUS, IOW_PROOF_ACT_APPEAR, device, 0));
        return joins(t, device);
    }
    /* Early devices are outside because they could not join; their drivers are not kept from them by that. */
    if (group == IOW_PROOF_OUTSIDE) {
        if (!early || t->scene->devices[device].phase == IOW_PHASE_UNBOUND)
            EACH(joins(t, device));
        EACH(leaves(t, device));
        return driver_steps(t, device);
    }
    EACH(driver_steps(t, device));
    EACH(driver_acts(t, device));
    EACH(leaves(t, device));
    return all_owners(t, group, device);
}

static int types_of_group(const struct teller *t, uint32_t group)
{
    struct iow_play play = {
        .actor = IOW_PROOF_ADMIN,
        .act = IOW_OPERATION_SET_TYPE,
        .device = IOW_PROOF_DEVICES,
        .group = (uint8_t)group,
    };

    for (uint32_t type = IOW_TYPE_DMA; type < IOW_TYPE__COUNT; type++) {
        play.type = (uint8_t)type;
        EACH(t->handler(t->ctx, &play));
    }
    return 0;
}

/* On Linux a group is there as long as it has a member. */
static bool exists(const struct teller *t, uint32_t group)
{
    for (uint32_t i = 0; i < t->world->n_devices; i++)
        if (t->scene->devices[i].group == group)
            return true;
    return t->pure;
}

int iow_events(
    const struct iow_proof_world *world, const struct iow_scene *scene, iow_play_handler handler, void *ctx)
{
    const struct teller t = {world, scene, handler, ctx, iow_has(world, IOW_FEATURE_PURE)};

    for (uint32_t i = 0; i < world->n_devices; i++)
        if (stands_for_others(&t, i))
            EACH(device_events(&t, i));
    for (uint32_t g = 0; g < world->n_groups; g++) {
        if (exists(&t, g))
            EACH(all_owners(&t, g, IOW_PROOF_DEVICES));
        if (exists(&t, g) && !t.pure && may(&t, IOW_PROOF_CONDITION_NAMED))
            EACH(claims_of_group(&t, g, 0));
        if (world->types)
            EACH(types_of_group(&t, g));
    }
    return 0;
}
