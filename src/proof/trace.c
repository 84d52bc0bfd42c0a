/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A trace: the way to a step, played once more. The search renames devices, owners and groups at every step
 * to merge what is equal; here they keep the names they begin with.
 */
#include "proof/invariants.h"
#include "proof/search.h"

/* The n-th play of a scene. */
struct choice {
    uint32_t left;
    struct iow_play play;
};

static int on_played(
    void *ctx, const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after)
{
    struct choice *choice = ctx;

    (void)outcome;
    (void)after;
    if (choice->left--)
        return 0;
    choice->play = *play;
    return 1;
}

static uint32_t rename_devices(uint32_t devices, const struct iow_renaming *renaming)
{
    uint32_t to = 0;

    for (; devices; devices &= devices - 1)
        to |= 1u << renaming->device_at[__builtin_ctz(devices)];
    return to;
}

static void rename_play(struct iow_play *play, const struct iow_renaming *renaming)
{
    if (play->device < IOW_PROOF_DEVICES)
        play->device = renaming->device_at[play->device];
    if (play->group < IOW_PROOF_GROUPS)
        play->group = renaming->group_at[play->group];
    play->owner = renaming->owner_at[play->owner];
    play->fails = rename_devices(play->fails, renaming);
    play->ahead = rename_devices(play->ahead, renaming);
}

/* The play by which a way leaves its state, in the names of the scene that the state is met in. */
static struct iow_play play_of(
    const struct iow_search *search, struct iow_way way, const struct iow_scene *scene)
{
    struct choice choice = {.left = way.nth};
    struct iow_renaming renaming;
    struct iow_scene as_found;
    struct iow_key key;

    iow_scene_key(search->world, scene, &key, &renaming);
    iow_scene_unpack(search->world, key.units, &as_found);
    iow_plays(search->world, &as_found, on_played, &choice);
    rename_play(&choice.play, &renaming);
    return choice.play;
}

static void describe_groups(
    const struct iow_proof_world *world, const struct iow_scene *scene, struct iow_proof_step *step)
{
    for (uint32_t g = 0; g < world->n_groups && g < IOW_PROOF_GROUPS; g++)
        step->groups[g] = (struct iow_proof_group_truth){
            .word = scene->groups[g].word,
            .claims = scene->groups[g].claims,
            .attached = scene->groups[g].by_group | scene->groups[g].by_device,
        };
}

static void describe(const struct iow_proof_world *world, const struct iow_play *play,
    const struct iow_outcome *outcome, const struct iow_scene *before, const struct iow_scene *after,
    struct iow_proof_step *step)
{
    struct iow_transition_row row = {0};

    *step = (struct iow_proof_step){
        .actor = play->actor,
        .act = play->act,
        .device = play->device,
        .group = play->group,
        .owner = play->owner,
        .trait = play->trait,
        .type = play->type,
        .failing = outcome->failed,
        .code = outcome->code,
    };
    if (outcome->code >= 0 && outcome->row != IOW_NONE)
        iow_transition_row_at(outcome->row, &row);
    step->warned = row.warns;
    step->rule = row.rule;
    for (uint32_t i = 0; i < world->n_devices && i < IOW_PROOF_DEVICES; i++) {
        step->devices[i] = after->devices[i];
        step->moved |= (before->devices[i].space != after->devices[i].space ? 1u : 0u) << i;
    }
    describe_groups(world, after, step);
}

static uint32_t length_of(const struct iow_search *search, struct iow_way way)
{
    uint32_t n = 0;

    for (; way.from != IOW_NONE; way = search->store.ways[way.from])
        n++;
    return n;
}

/* Where it ended badly: the group of the last step, or the one that is broken in the end. */
static uint8_t group_of(const struct iow_search *search, const struct iow_scene *scene, uint8_t acted_on)
{
    uint32_t group = acted_on;

    iow_broken_in(search->world, scene, &group);
    return (uint8_t)group;
}

int iow_search_trace(
    const struct iow_search *search, struct iow_way way, struct iow_mem *mem, struct iow_proof_trace *ret)
{
    uint32_t n = length_of(search, way);
    struct iow_way *ways = iow_mem_alloc(mem, n, sizeof(*ways));
    struct iow_scene scene;

    *ret = (struct iow_proof_trace){.steps = iow_mem_alloc(mem, n, sizeof(*ret->steps))};
    if (!ways || !ret->steps)
        return -IOW_ENOMEM;
    for (uint32_t i = n; i-- > 0; way = search->store.ways[way.from])
        ways[i] = way;
    iow_scene_first(search->world, &scene);
    for (uint32_t i = 0; i < n; i++) {
        struct iow_play play = play_of(search, ways[i], &scene);
        struct iow_explain explain = {.rule = IOW_RULE_NONE};
        struct iow_scene before = scene;
        struct iow_outcome outcome;

        iow_stage_play(search->world, &scene, &play, &outcome, &explain);
        iow_scene_merge(search->world, &scene);
        describe(search->world, &play, &outcome, &before, &scene, &ret->steps[i]);
        if (outcome.code < 0)
            ret->steps[i].rule = explain.rule;
        ret->group = group_of(search, &scene, play.group);
    }
    ret->n_steps = n;
    return 0;
}
