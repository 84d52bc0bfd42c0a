/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every function is one of drivers/iommu/iommu.c, Linux 6.12, under its name, with what 6.1 does otherwise
 * behind books->old; it is written to be compared with its source line by line, not to be short or fast. Of
 * a domain only what it is matters here, so a domain is an enum iow_proof_space.
 */
#include "proof/bookkeeping.h"

struct books {
    bool old; /* 6.1 */
    const struct iow_proof_world *world;
    const struct iow_play *play;
    uint32_t owner; /* 0: NULL */
    uint32_t owner_cnt;
    uint32_t domain;
    uint32_t type; /* of the default domain */
    uint32_t pasids;
    uint8_t order[IOW_PROOF_DEVICES]; /* members, in the order they joined */
    uint32_t n_members;
    uint8_t space[IOW_PROOF_DEVICES];
    uint32_t moved; /* devices that have been asked to move once */
    uint32_t again; /* twice */
};

/* What the IOMMU's driver does: it fails as often as the play says. */
static int attach_dev(struct books *b, uint32_t device, uint32_t domain)
{
    uint32_t bit = 1u << device;
    uint32_t turn = b->play->late ? b->moved & ~b->again : ~b->moved;
    bool fails = b->play->fails & turn & bit;

    b->again |= b->moved & bit;
    b->moved |= bit;
    if (fails)
        return -IOW_EIO;
    b->space[device] = (uint8_t)domain;
    return 0;
}

static bool require_direct(const struct books *b, uint32_t device)
{
    return !b->old && b->world->devices[device].direct;
}

static int device_set_domain(struct books *b, uint32_t device, uint32_t domain, bool must_succeed)
{
    int r;

    if (require_direct(b, device) && domain == IOW_PROOF_SPACE_BLOCKING)
        return -IOW_EINVAL;
    r = attach_dev(b, device, domain);
    if (r && must_succeed && domain != IOW_PROOF_SPACE_BLOCKING)
        attach_dev(b, device, IOW_PROOF_SPACE_BLOCKING);
    return r;
}

/* __iommu_group_set_domain(), Linux 6.1: what was moved stays moved. */
static int old_set_domain(struct books *b, uint32_t domain)
{
    if (b->domain == domain)
        return 0;
    for (uint32_t i = 0; i < b->n_members; i++) {
        int r = attach_dev(b, b->order[i], domain);

        if (r)
            return r;
    }
    b->domain = domain;
    return 0;
}

/* __iommu_group_set_domain_internal(); replaced: another domain that looks the same here */
static int new_set_domain(struct books *b, uint32_t domain, bool must_succeed, bool replaced)
{
    int result = 0;

    if (b->domain == domain && !replaced)
        return 0;
    for (uint32_t i = 0; i < b->n_members; i++) {
        int r = device_set_domain(b, b->order[i], domain, must_succeed);

        if (!r)
            continue;
        result = r;
        if (must_succeed)
            continue;
        for (uint32_t j = 0; j <= i; j++)
            device_set_domain(b, b->order[j], b->domain, true);
        return r;
    }
    b->domain = domain;
    return result;
}

static int set_domain(struct books *b, uint32_t domain)
{
    return b->old ? old_set_domain(b, domain) : new_set_domain(b, domain, false, false);
}

/* __iommu_group_set_domain_nofail(); in 6.1 a warning beside __iommu_group_set_domain() */
static void set_domain_nofail(struct books *b, uint32_t domain)
{
    if (b->old)
        old_set_domain(b, domain);
    else
        new_set_domain(b, domain, true, false);
}

static void set_core_domain(struct books *b)
{
    set_domain_nofail(b, b->owner ? IOW_PROOF_SPACE_BLOCKING : IOW_PROOF_SPACE_DEFAULT);
}

/* iommu_is_default_domain() of 6.1 */
static bool is_default_domain(const struct books *b)
{
    if (b->domain == IOW_PROOF_SPACE_DEFAULT)
        return true;
    return b->old && b->type == IOW_TYPE_IDENTITY && b->domain == IOW_PROOF_SPACE_IDENTITY;
}

static int use_default_domain(struct books *b)
{
    if (b->owner_cnt) {
        if (b->owner || !is_default_domain(b))
            return -IOW_EBUSY;
        if (!b->old && b->pasids)
            return -IOW_EBUSY;
    }
    b->owner_cnt++;
    return 0;
}

static void unuse_default_domain(struct books *b)
{
    if (!b->owner_cnt || (!b->old && b->pasids))
        return;
    b->owner_cnt--;
}

static int take_dma_ownership(struct books *b, uint32_t owner)
{
    int r;

    if (b->domain != IOW_PROOF_SPACE_DEFAULT || (!b->old && b->pasids))
        return -IOW_EBUSY;
    r = set_domain(b, IOW_PROOF_SPACE_BLOCKING);
    if (r)
        return r;
    b->owner = owner;
    b->owner_cnt++;
    return 0;
}

static int group_claim_dma_owner(struct books *b, uint32_t owner)
{
    if (!b->old && !owner)
        return -IOW_EINVAL;
    if (b->owner_cnt)
        return -IOW_EPERM;
    return take_dma_ownership(b, owner);
}

static int device_claim_dma_owner(struct books *b, uint32_t owner)
{
    if (!owner)
        return -IOW_EINVAL;
    if (b->owner_cnt) {
        if (b->owner != owner)
            return -IOW_EPERM;
        b->owner_cnt++;
        return 0;
    }
    return take_dma_ownership(b, owner);
}

static void release_dma_ownership(struct books *b)
{
    if (!b->owner_cnt || !b->owner || (!b->old && b->pasids))
        return;
    b->owner_cnt = 0;
    b->owner = 0;
    set_domain_nofail(b, IOW_PROOF_SPACE_DEFAULT);
}

static void device_release_dma_owner(struct books *b)
{
    if (b->owner_cnt > 1)
        b->owner_cnt--;
    else
        release_dma_ownership(b);
}

static int attach_group(struct books *b, uint32_t domain)
{
    int r = 0;

    if (b->domain != IOW_PROOF_SPACE_DEFAULT && b->domain != IOW_PROOF_SPACE_BLOCKING)
        return -IOW_EBUSY;
    if (!b->old)
        return set_domain(b, domain);
    for (uint32_t i = 0; i < b->n_members && !r; i++)
        r = attach_dev(b, b->order[i], domain);
    if (!r) {
        b->domain = domain;
        return 0;
    }
    for (uint32_t i = 0; i < b->n_members; i++)
        attach_dev(b, b->order[i], b->domain);
    return r;
}

static int attach_device(struct books *b, uint32_t domain)
{
    if (b->n_members != 1)
        return -IOW_EINVAL;
    return attach_group(b, domain);
}

static void detach_device(struct books *b, uint32_t domain)
{
    bool same = b->domain == domain;

    /* Who detaches does not say which of its domains, so a driver's identity domain passes for its table. */
    if (domain == IOW_PROOF_SPACE_PRIVATE && b->domain == IOW_PROOF_SPACE_IDENTITY)
        same = true;
    if (!same || b->n_members != 1)
        return;
    set_core_domain(b);
}

/* __iommu_probe_device(); iommu_group_add_device() and then iommu_probe_device() in 6.1 */
static int probe_device(struct books *b, uint32_t device)
{
    int r = b->old ? attach_dev(b, device, b->domain) : device_set_domain(b, device, b->domain, false);

    if (!r && b->old && !b->owner && b->domain != IOW_PROOF_SPACE_DEFAULT)
        r = attach_dev(b, device, IOW_PROOF_SPACE_DEFAULT);
    if (r)
        b->space[device] = IOW_PROOF_SPACE_NONE;
    return r;
}

/* iommu_deinit_device(): a group that loses its last member goes, and the next one is new. */
static void release_device(struct books *b, uint32_t device)
{
    b->space[device] = IOW_PROOF_SPACE_NONE;
    if (b->n_members > 1)
        return;
    b->owner = b->owner_cnt = b->pasids = 0;
    b->domain = IOW_PROOF_SPACE_DEFAULT;
}

static int setup_default_domain(struct books *b, uint32_t type)
{
    int r;

    if (type == b->type)
        return 0;
    r = new_set_domain(b, IOW_PROOF_SPACE_DEFAULT, false, true);
    if (!r)
        b->type = type;
    return r;
}

static int store_type(struct books *b, uint32_t type)
{
    if (type == IOW_TYPE_DMA_FQ && b->type == IOW_TYPE_DMA) {
        b->type = type;
        return 0;
    }
    if (!b->n_members || b->owner_cnt)
        return -IOW_EPERM;
    return setup_default_domain(b, type);
}

/* iommu_group_store_type() and iommu_change_dev_def_domain(), Linux 6.1 */
static int old_store_type(struct books *b, uint32_t type, const struct iow_scene *scene)
{
    bool live = type == IOW_TYPE_DMA_FQ && b->type == IOW_TYPE_DMA;
    int r;

    if (b->n_members != 1)
        return -IOW_EINVAL;
    if (scene->devices[b->order[0]].phase != IOW_PHASE_UNBOUND && !live)
        return -IOW_EBUSY;
    if (b->domain != IOW_PROOF_SPACE_DEFAULT)
        return -IOW_EBUSY;
    if (type == b->type)
        return 0;
    if (!live) {
        r = attach_dev(b, b->order[0], IOW_PROOF_SPACE_DEFAULT);
        if (r)
            return r;
    }
    b->type = type;
    return 0;
}

static uint32_t domain_of_play(const struct iow_play *play)
{
    return play->kind == IOW_KIND_IDENTITY ? (uint32_t)IOW_PROOF_SPACE_IDENTITY : iow_space_of(play->owner);
}

static int driver_act(struct books *b, const struct iow_scene *scene)
{
    const struct iow_play *play = b->play;
    bool asks = play->group < IOW_PROOF_GROUPS;

    if (play->act == IOW_OPERATION_PROBE)
        return asks ? use_default_domain(b) : 0;
    if (play->act != IOW_OPERATION_PROBE_FAILED && play->act != IOW_OPERATION_UNBOUND)
        return 0;
    if (asks && scene->devices[play->device].trait != IOW_DRIVER_MANAGED)
        unuse_default_domain(b);
    return 0;
}

static int pasid_act(struct books *b, const struct iow_scene *scene)
{
    if (b->play->act == IOW_OPERATION_ATTACH_PASID) {
        b->pasids++;
        return 0;
    }
    /* Linux trusts the caller; the core knows which device has none and says so. */
    if (scene->devices[b->play->device].pasid == IOW_PROOF_SPACE_NONE)
        return -IOW_EINVAL;
    b->pasids--;
    return 0;
}

static int linux_act(struct books *b, const struct iow_scene *scene)
{
    const struct iow_play *play = b->play;
    uint32_t domain = domain_of_play(play);

    switch (play->act) {
    case IOW_OPERATION_CLAIM_GROUP:
        return group_claim_dma_owner(b, play->owner);
    case IOW_OPERATION_RELEASE_GROUP:
        release_dma_ownership(b);
        return 0;
    case IOW_OPERATION_CLAIM_DEVICE:
        return device_claim_dma_owner(b, play->owner);
    case IOW_OPERATION_RELEASE_DEVICE:
        device_release_dma_owner(b);
        return 0;
    case IOW_OPERATION_ATTACH_GROUP:
        return attach_group(b, domain);
    case IOW_OPERATION_ATTACH_DEVICE:
        return attach_device(b, domain);
    case IOW_OPERATION_DETACH_GROUP:
        set_core_domain(b);
        return 0;
    case IOW_OPERATION_DETACH_DEVICE:
        detach_device(b, domain);
        return 0;
    case IOW_OPERATION_REPLACE:
        return new_set_domain(b, domain, false, true);
    case IOW_OPERATION_ATTACH_PASID:
    case IOW_OPERATION_DETACH_PASID:
        return pasid_act(b, scene);
    case IOW_OPERATION_ADD:
        return probe_device(b, play->device);
    case IOW_OPERATION_REMOVE:
        release_device(b, play->device);
        return 0;
    case IOW_OPERATION_SET_TYPE:
        return b->old ? old_store_type(b, play->type, scene) : store_type(b, play->type);
    default:
        return driver_act(b, scene);
    }
}

/* The pure profile: what succeeded, written down. */
static void write_down(struct books *b, const struct iow_scene *scene, const struct iow_scene *after)
{
    const struct iow_play *play = b->play;

    switch (play->act) {
    case IOW_OPERATION_PROBE:
        b->owner_cnt += play->group < IOW_PROOF_GROUPS;
        break;
    case IOW_OPERATION_PROBE_FAILED:
    case IOW_OPERATION_UNBOUND:
        b->owner_cnt -= play->group < IOW_PROOF_GROUPS && iow_counts(scene->devices[play->device].trait);
        break;
    case IOW_OPERATION_ADD:
        b->owner_cnt += iow_counts(scene->devices[play->device].trait);
        b->space[play->device] = (uint8_t)b->domain;
        break;
    case IOW_OPERATION_REMOVE:
        b->space[play->device] = IOW_PROOF_SPACE_NONE;
        break;
    case IOW_OPERATION_ATTACH_GROUP:
    case IOW_OPERATION_ATTACH_DEVICE:
    case IOW_OPERATION_REPLACE:
        b->domain = domain_of_play(play);
        b->owner = play->owner;
        break;
    case IOW_OPERATION_DETACH_GROUP:
    case IOW_OPERATION_DETACH_DEVICE:
        b->domain = IOW_PROOF_SPACE_DEFAULT;
        b->owner = 0;
        break;
    case IOW_OPERATION_ATTACH_PASID:
        b->pasids++;
        break;
    case IOW_OPERATION_DETACH_PASID:
        b->pasids--;
        break;
    case IOW_OPERATION_SET_TYPE:
        b->type = iow_ownership_unpack(after->groups[play->group].word).type;
        break;
    default:
        break;
    }
    for (uint32_t i = 0; i < b->n_members; i++)
        if (play->act != IOW_OPERATION_REMOVE || b->order[i] != play->device)
            b->space[b->order[i]] = (uint8_t)b->domain;
}

static uint32_t domain_of_group(const struct iow_scene_group *group)
{
    static const uint8_t space_of_kind[IOW_KIND__COUNT] = {
        [IOW_KIND_DEFAULT] = IOW_PROOF_SPACE_DEFAULT,
        [IOW_KIND_BLOCKING] = IOW_PROOF_SPACE_BLOCKING,
        [IOW_KIND_IDENTITY] = IOW_PROOF_SPACE_IDENTITY,
    };
    uint32_t kind = iow_ownership_unpack(group->word).kind;

    return kind == IOW_KIND_TABLE ? iow_space_of(group->domain_owner) : space_of_kind[kind];
}

static void open_books(struct books *b, const struct iow_scene *scene)
{
    for (uint32_t i = 0; i < b->world->n_devices; i++)
        b->space[i] = scene->devices[i].space;
    if (b->play->group < IOW_PROOF_GROUPS) {
        const struct iow_scene_group *group = &scene->groups[b->play->group];
        struct iow_ownership is = iow_ownership_unpack(group->word);

        b->owner = is.tag;
        b->owner_cnt = is.claims + is.drivers;
        b->domain = domain_of_group(group);
        b->type = is.type;
        b->pasids = is.pasids;
        b->n_members = iow_stage_order(b->world, scene, b->play, b->order);
    }
}

static bool group_agrees(const struct books *b, const struct iow_scene_group *group)
{
    struct iow_ownership is = iow_ownership_unpack(group->word);

    return b->owner == is.tag && b->owner_cnt == is.claims + is.drivers && b->type == is.type &&
           b->pasids == is.pasids && b->domain == domain_of_group(group);
}

bool iow_books_agree(const struct iow_proof_world *world, const struct iow_scene *before,
    const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after)
{
    struct books b = {.old = !iow_has(world, IOW_FEATURE_REVERTS), .world = world, .play = play};
    int code = outcome->code;

    open_books(&b, before);
    if (!iow_has(world, IOW_FEATURE_PURE))
        code = linux_act(&b, before);
    else if (code >= 0 && outcome->row != IOW_NONE)
        write_down(&b, before, after);
    if (code != outcome->code)
        return false;
    if (play->group < IOW_PROOF_GROUPS && !group_agrees(&b, &after->groups[play->group]))
        return false;
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (b.space[i] != after->devices[i].space)
            return false;
    return true;
}
