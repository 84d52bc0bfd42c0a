/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/stage.h"

/* Everything that the arbiter sees, made anew for every play: it keeps no state elsewhere. */
struct stage {
    struct iow_arbiter arbiter;
    const struct iow_proof_world *world;
    const struct iow_play *play;
    struct iow_scene *scene;
    struct iow_outcome *outcome;
    struct iow_dma_group groups[IOW_PROOF_GROUPS];
    struct iow_dma_device devices[IOW_PROOF_DEVICES];
};

static uint8_t space_of_domain(const struct iow_dma_domain *domain)
{
    static const uint8_t space_of_kind[IOW_KIND__COUNT] = {
        [IOW_KIND_DEFAULT] = IOW_PROOF_SPACE_DEFAULT,
        [IOW_KIND_BLOCKING] = IOW_PROOF_SPACE_BLOCKING,
        [IOW_KIND_IDENTITY] = IOW_PROOF_SPACE_IDENTITY,
    };

    return domain->kind == IOW_KIND_TABLE ? iow_space_of(domain->owner) : space_of_kind[domain->kind];
}

/* The truth is kept here: a device is where the last move that succeeded left it. */
static int on_attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    struct stage *stage = ctx;
    struct iow_outcome *outcome = stage->outcome;
    uint32_t i = (uint32_t)(device - stage->devices), bit = 1u << i;
    uint32_t turn = stage->play->late ? outcome->moved_once & ~outcome->moved_twice : ~outcome->moved_once;
    bool fails = stage->play->fails & turn & bit;

    outcome->moved_twice |= outcome->moved_once & bit;
    outcome->moved_once |= bit;
    if (fails) {
        outcome->failed |= bit;
        return -IOW_EIO;
    }
    stage->scene->devices[i].space = space_of_domain(domain);
    return 0;
}

static void on_detach(void *ctx, struct iow_dma_device *device)
{
    struct stage *stage = ctx;

    stage->scene->devices[device - stage->devices].space = IOW_PROOF_SPACE_NONE;
}

static int on_pasid(
    void *ctx, struct iow_dma_device *device, uint32_t pasid, const struct iow_dma_domain *domain)
{
    struct stage *stage = ctx;

    (void)pasid;
    stage->scene->devices[device - stage->devices].pasid =
        domain ? space_of_domain(domain) : (uint8_t)IOW_PROOF_SPACE_NONE;
    return 0;
}

static void on_noted(void *ctx, struct iow_dma_group *group, uint64_t before, uint64_t after, uint32_t row)
{
    struct stage *stage = ctx;

    (void)group;
    (void)before;
    (void)after;
    if (row != IOW_NONE)
        stage->outcome->row = row;
}

static const struct iow_dma_hooks hooks = {
    .attach = on_attach,
    .detach = on_detach,
    .pasid = on_pasid,
    .noted = on_noted,
};

static void set_group(struct stage *stage, uint32_t g)
{
    const struct iow_scene_group *from = &stage->scene->groups[g];
    struct iow_ownership is = iow_ownership_unpack(from->word);
    struct iow_dma_group *to = &stage->groups[g];

    *to = (struct iow_dma_group){.word = from->word, .arbiter = &stage->arbiter};
    to->domain = (struct iow_dma_domain){
        .kind = is.kind,
        .owner = from->domain_owner,
        .type = is.kind == IOW_KIND_DEFAULT ? is.type : IOW_TYPE_NONE,
    };
}

static void set_device(struct stage *stage, uint32_t i)
{
    const struct iow_proof_device_truth *from = &stage->scene->devices[i];
    struct iow_dma_device *to = &stage->devices[i];

    *to = (struct iow_dma_device){
        .arbiter = &stage->arbiter,
        .trait = from->trait,
        .phase = from->phase,
        .pasids = from->pasid != IOW_PROOF_SPACE_NONE,
        .direct = stage->world->devices[i].direct,
    };
}

static void join(struct iow_dma_group *group, struct iow_dma_device *device)
{
    device->group = group;
    device->previous = group->last;
    *(group->last ? &group->last->next : &group->first) = device;
    group->last = device;
    group->n_members++;
}

uint32_t iow_stage_order(const struct iow_proof_world *world, const struct iow_scene *scene,
    const struct iow_play *play, uint8_t order[IOW_PROOF_DEVICES])
{
    uint32_t n = 0;

    for (uint32_t turn = 0; turn < 3; turn++)
        for (uint32_t i = 0; i < world->n_devices; i++) {
            uint32_t when = play->ahead >> i & 1 ? 0 : play->fails >> i & 1 ? 1 : 2;

            if (scene->devices[i].group == play->group && when == turn)
                order[n++] = (uint8_t)i;
        }
    return n;
}

static void set_stage(struct stage *stage)
{
    uint8_t order[IOW_PROOF_DEVICES];
    const struct iow_play *play = stage->play;

    for (uint32_t i = 0; i < stage->world->n_devices; i++)
        set_device(stage, i);
    if (play->group < IOW_PROOF_GROUPS) {
        uint32_t n = iow_stage_order(stage->world, stage->scene, play, order);

        set_group(stage, play->group);
        for (uint32_t i = 0; i < n; i++)
            join(&stage->groups[play->group], &stage->devices[order[i]]);
    }
}

static int attach(struct stage *stage, struct iow_explain *reterr)
{
    const struct iow_play *play = stage->play;
    const struct iow_dma_domain domain = {.kind = play->kind, .owner = play->owner};

    switch (play->act) {
    case IOW_OPERATION_ATTACH_GROUP:
        return iow_dma_attach_group(&stage->groups[play->group], &domain, reterr);
    case IOW_OPERATION_ATTACH_DEVICE:
        return iow_dma_attach_device(&stage->devices[play->device], &domain, reterr);
    case IOW_OPERATION_REPLACE:
        return iow_dma_replace(&stage->groups[play->group], &domain, reterr);
    default:
        return iow_dma_attach_pasid(&stage->devices[play->device], play->device + 1u, &domain, reterr);
    }
}

static int act(struct stage *stage, struct iow_explain *reterr)
{
    const struct iow_play *play = stage->play;
    struct iow_dma_group *group = &stage->groups[play->group % IOW_PROOF_GROUPS];
    struct iow_dma_device *device = &stage->devices[play->device % IOW_PROOF_DEVICES];

    switch (play->act) {
    case IOW_OPERATION_PROBE:
    case IOW_OPERATION_PROBE_MANAGED:
        return iow_dma_probe(device, play->trait, reterr);
    case IOW_PROOF_ACT_BOUND:
        return iow_dma_bound(device, reterr);
    case IOW_OPERATION_PROBE_FAILED:
        return iow_dma_probe_failed(device, reterr);
    case IOW_OPERATION_UNBIND:
        return iow_dma_unbind(device, reterr);
    case IOW_OPERATION_UNBOUND:
        return iow_dma_unbound(device, reterr);
    case IOW_OPERATION_CLAIM_GROUP:
        return iow_dma_claim_group(group, play->owner, reterr);
    case IOW_OPERATION_RELEASE_GROUP:
        return iow_dma_release_group(group, reterr);
    case IOW_OPERATION_CLAIM_DEVICE:
        return iow_dma_claim_device(device, play->owner, reterr);
    case IOW_OPERATION_RELEASE_DEVICE:
        return iow_dma_release_device(device, reterr);
    case IOW_OPERATION_DETACH_GROUP:
        return iow_dma_detach_group(group, play->owner, reterr);
    case IOW_OPERATION_DETACH_DEVICE:
        return iow_dma_detach_device(device, play->owner, reterr);
    case IOW_OPERATION_DETACH_PASID:
        return iow_dma_detach_pasid(device, play->device + 1u, play->owner, reterr);
    case IOW_OPERATION_ADD:
        return iow_dma_add(group, device, reterr);
    case IOW_OPERATION_REMOVE:
        return device->group ? iow_dma_remove(device, reterr) : 0;
    case IOW_OPERATION_SET_TYPE:
        return iow_dma_set_type(group, play->type, false, reterr);
    case IOW_PROOF_ACT_APPEAR:
        return 0;
    default:
        return attach(stage, reterr);
    }
}

static void read_back(struct stage *stage)
{
    struct iow_scene *scene = stage->scene;
    uint32_t g = stage->play->group, d = stage->play->device;

    if (g < IOW_PROOF_GROUPS) {
        scene->groups[g].word = iow_dma_word(&stage->groups[g]);
        scene->groups[g].domain_owner = (uint8_t)stage->groups[g].domain.owner;
        if (stage->groups[g].domain.kind != IOW_KIND_TABLE)
            scene->groups[g].domain_owner = 0;
    }
    if (d < IOW_PROOF_DEVICES) {
        scene->devices[d].trait = (uint8_t)stage->devices[d].trait;
        scene->devices[d].phase = (uint8_t)stage->devices[d].phase;
    }
}

static bool holds_a_claim(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t group, uint32_t owner)
{
    if (scene->groups[group].claims >> owner & 1)
        return true;
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (scene->devices[i].group == group && scene->devices[i].claims >> owner & 1)
            return true;
    return false;
}

/* Who lets go of the last claim knows that the table is detached by that, too. */
static void let_go(struct stage *stage)
{
    const struct iow_play *play = stage->play;
    struct iow_scene_group *group = &stage->scene->groups[play->group];

    if (holds_a_claim(stage->world, stage->scene, play->group, play->owner))
        return;
    group->by_group &= (uint8_t) ~(1u << play->owner);
    group->by_device &= (uint8_t) ~(1u << play->owner);
}

/* The group of a device that was its last member is no more on Linux: nobody's claim of it means anything. */
static void forget_empty(struct stage *stage)
{
    struct iow_scene_group *group = &stage->scene->groups[stage->play->group];

    if (!stage->groups[stage->play->group].n_members && !iow_has(stage->world, IOW_FEATURE_PURE))
        group->claims = group->by_group = group->by_device = 0;
}

static void leave(struct stage *stage)
{
    struct iow_proof_device_truth *device = &stage->scene->devices[stage->play->device];

    if (stage->play->group < IOW_PROOF_GROUPS)
        forget_empty(stage);
    *device = (struct iow_proof_device_truth){.group = IOW_PROOF_ABSENT};
}

/* What the actors believe afterwards, when they were told that all went well. */
static void remember(struct stage *stage)
{
    const struct iow_play *play = stage->play;
    struct iow_scene_group *group = &stage->scene->groups[play->group % IOW_PROOF_GROUPS];
    struct iow_proof_device_truth *device = &stage->scene->devices[play->device % IOW_PROOF_DEVICES];
    uint8_t bit = (uint8_t)(1u << play->owner);

    switch (play->act) {
    case IOW_OPERATION_CLAIM_GROUP:
        group->claims |= bit;
        break;
    case IOW_OPERATION_RELEASE_GROUP:
        group->claims &= (uint8_t)~bit;
        let_go(stage);
        break;
    case IOW_OPERATION_CLAIM_DEVICE:
        device->claims |= bit;
        break;
    case IOW_OPERATION_RELEASE_DEVICE:
        device->claims &= (uint8_t)~bit;
        let_go(stage);
        break;
    case IOW_OPERATION_ATTACH_GROUP:
    case IOW_OPERATION_REPLACE:
        group->by_group |= play->owner ? bit : 0;
        break;
    case IOW_OPERATION_ATTACH_DEVICE:
        group->by_device |= play->owner ? bit : 0;
        device->attacher |= !play->owner;
        break;
    case IOW_OPERATION_DETACH_GROUP:
    case IOW_OPERATION_DETACH_DEVICE:
        group->by_group &= (uint8_t)~bit;
        group->by_device &= (uint8_t)~bit;
        device->attacher &= play->owner || play->act == IOW_OPERATION_DETACH_GROUP;
        break;
    case IOW_OPERATION_ADD:
        device->group = play->group;
        break;
    case IOW_OPERATION_REMOVE:
        leave(stage);
        break;
    default:
        break;
    }
    if (device->phase == IOW_PHASE_UNBOUND)
        device->attacher = false;
}

void iow_stage_play(const struct iow_proof_world *world, struct iow_scene *scene, const struct iow_play *play,
    struct iow_outcome *ret, struct iow_explain *reterr)
{
    struct stage stage;

    stage.arbiter = (struct iow_arbiter){.hooks = &hooks, .profile = world->profile, .ctx = &stage};
    stage.world = world;
    stage.play = play;
    stage.scene = scene;
    stage.outcome = ret;
    *ret = (struct iow_outcome){.row = IOW_NONE};
    set_stage(&stage);
    ret->code = act(&stage, reterr);
    read_back(&stage);
    if (ret->code >= 0)
        remember(&stage);
    else if (play->act == IOW_OPERATION_ADD)
        scene->devices[play->device].group = IOW_PROOF_OUTSIDE;
    if (play->act == IOW_PROOF_ACT_APPEAR)
        scene->devices[play->device].group = IOW_PROOF_OUTSIDE;
    if (scene->devices[play->device % IOW_PROOF_DEVICES].group == IOW_PROOF_OUTSIDE)
        scene->devices[play->device % IOW_PROOF_DEVICES].space = IOW_PROOF_SPACE_NONE;
}
