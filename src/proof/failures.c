/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which moves of a play may fail, and in which order the members stand then: of every operation that stops
 * at the first failure, every set of members moved before it; of one that goes on, every set of members that
 * fail. Members that are alike are counted, not told apart.
 */
#include "proof/events.h"

/* The members of the group acted on, the alike ones together. */
struct classes {
    uint32_t n;
    uint32_t members[IOW_PROOF_DEVICES]; /* bits of devices */
    uint32_t size[IOW_PROOF_DEVICES];
};

static void add_to_class(const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t device,
    struct classes *classes)
{
    uint32_t c = 0;

    while (c < classes->n && (world->separate || !iow_scene_alike(world, scene, device,
                                                     (uint32_t)__builtin_ctz(classes->members[c]))))
        c++;
    if (c == classes->n) {
        classes->members[c] = classes->size[c] = 0;
        classes->n++;
    }
    classes->members[c] |= 1u << device;
    classes->size[c]++;
}

static void classify(
    const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t group, struct classes *ret)
{
    ret->n = 0;
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (scene->devices[i].group == group)
            add_to_class(world, scene, i, ret);
}

/* The first n of a set of devices. */
static uint32_t first_of(uint32_t devices, uint32_t n)
{
    uint32_t taken = 0;

    for (; n; n--) {
        taken |= devices & -devices;
        devices &= devices - 1;
    }
    return taken;
}

/* Counts on: the next way to take some of each class, leaving spare of class c out. false after the last. */
static bool next_choice(const struct classes *classes, uint32_t c, uint32_t taken[])
{
    for (uint32_t i = 0; i < classes->n; i++) {
        if (taken[i] < classes->size[i] - (i == c ? 1u : 0u)) {
            taken[i]++;
            return true;
        }
        taken[i] = 0;
    }
    return false;
}

static uint32_t chosen(const struct classes *classes, const uint32_t taken[])
{
    uint32_t devices = 0;

    for (uint32_t i = 0; i < classes->n; i++)
        devices |= first_of(classes->members[i], taken[i]);
    return devices;
}

/* One member fails after some others were moved. */
static int one_fails(
    const struct classes *classes, struct iow_play *play, iow_play_handler handler, void *ctx)
{
    for (uint32_t c = 0; c < classes->n; c++) {
        uint32_t taken[IOW_PROOF_DEVICES] = {0};

        do {
            int r;

            play->ahead = chosen(classes, taken);
            play->fails = first_of(classes->members[c] & ~play->ahead, 1);
            r = handler(ctx, play);
            if (r)
                return r;
        } while (next_choice(classes, c, taken));
    }
    return 0;
}

static int some_fail(
    const struct classes *classes, struct iow_play *play, iow_play_handler handler, void *ctx)
{
    uint32_t taken[IOW_PROOF_DEVICES] = {0};

    while (next_choice(classes, classes->n, taken)) {
        int r;

        play->fails = chosen(classes, taken);
        r = handler(ctx, play);
        if (r)
            return r;
    }
    return 0;
}

/* A newcomer that is moved twice may fail each time. */
static int newcomer_fails(
    struct iow_play *play, const struct iow_outcome *outcome, iow_play_handler handler, void *ctx)
{
    int r;

    play->fails = 1u << play->device;
    r = handler(ctx, play);
    if (r || !outcome->moved_twice)
        return r;
    play->late = true;
    return handler(ctx, play);
}

/* To what the kernel had there: nobody is told when that fails. */
static bool goes_back(const struct iow_play *play)
{
    return play->act == IOW_OPERATION_RELEASE_GROUP || play->act == IOW_OPERATION_RELEASE_DEVICE ||
           play->act == IOW_OPERATION_DETACH_GROUP || play->act == IOW_OPERATION_DETACH_DEVICE;
}

int iow_failures(const struct iow_proof_world *world, const struct iow_scene *scene,
    const struct iow_play *play, const struct iow_outcome *outcome, iow_play_handler handler, void *ctx)
{
    enum iow_proof_condition condition =
        goes_back(play) ? IOW_PROOF_CONDITION_RELEASE : IOW_PROOF_CONDITION_ATTACH;
    struct iow_play failing = *play;
    struct classes classes;

    /* What fails anyway is undone by moves that Linux assumes not to fail. */
    if (outcome->code < 0 || !outcome->moved_once || !iow_dropped(world, condition))
        return 0;
    if (play->act == IOW_OPERATION_ADD)
        return newcomer_fails(&failing, outcome, handler, ctx);
    classify(world, scene, play->group, &classes);
    return goes_back(play) && iow_has(world, IOW_FEATURE_REVERTS)
               ? some_fail(&classes, &failing, handler, ctx)
               : one_fails(&classes, &failing, handler, ctx);
}
