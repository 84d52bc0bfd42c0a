/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/search.h"

#include "proof/invariants.h"

#include <string.h>

struct playing {
    const struct iow_proof_world *world;
    const struct iow_scene *scene;
    iow_played_handler handler;
    void *ctx;
};

static int play_it(struct playing *p, const struct iow_play *play, struct iow_outcome *outcome)
{
    struct iow_scene after;

    memcpy(after.groups, p->scene->groups, sizeof(after.groups));
    memcpy(after.devices, p->scene->devices, p->world->n_devices * sizeof(after.devices[0]));
    iow_stage_play(p->world, &after, play, outcome, NULL);
    iow_scene_merge(p->world, &after);
    return p->handler(p->ctx, play, outcome, &after);
}

static int on_failing(void *ctx, const struct iow_play *play)
{
    struct iow_outcome outcome;

    return play_it(ctx, play, &outcome);
}

static int on_play(void *ctx, const struct iow_play *play)
{
    struct playing *p = ctx;
    struct iow_outcome outcome;
    int r = play_it(p, play, &outcome);

    return r ? r : iow_failures(p->world, p->scene, play, &outcome, on_failing, ctx);
}

int iow_plays(
    const struct iow_proof_world *world, const struct iow_scene *scene, iow_played_handler handler, void *ctx)
{
    struct playing playing = {world, scene, handler, ctx};

    return iow_events(world, scene, on_play, &playing);
}

/* One state being left in every way there is. */
struct leaving {
    struct iow_search *search;
    const struct iow_scene *from;
    struct iow_way way;
};

static void note_broken(struct iow_search *search, uint32_t broken, struct iow_way way)
{
    broken &= ~search->result.violated;
    search->result.violated |= broken;
    for (uint32_t i = 0; broken; i++, broken >>= 1)
        if (broken & 1)
            search->broken[i] = way;
}

/* A state that is new is judged, and shown. */
static void welcome(struct iow_search *search, const struct iow_scene *scene, struct iow_way way)
{
    note_broken(search, iow_broken_in(search->world, scene, NULL), way);
    if (search->seen)
        search->seen(search->ctx, scene, search->store.n - 1);
}

/* Most plays are refused or change nothing, and are spared the look-up. Bytes that differ without meaning
 * cost one only. */
static bool same_scene(
    const struct iow_proof_world *world, const struct iow_scene *a, const struct iow_scene *b)
{
    return !memcmp(a->groups, b->groups, world->n_groups * sizeof(a->groups[0])) &&
           !memcmp(a->devices, b->devices, world->n_devices * sizeof(a->devices[0]));
}

static int on_played(
    void *ctx, const struct iow_play *play, const struct iow_outcome *outcome, const struct iow_scene *after)
{
    struct leaving *leaving = ctx;
    struct iow_search *search = leaving->search;
    const struct iow_proof_world *world = search->world;
    struct iow_key key;
    int r;

    search->result.transitions++;
    note_broken(search, iow_broken_by(world, leaving->from, play, outcome, after), leaving->way);
    if (!iow_scene_fits(world, after)) {
        search->result.cut++;
    } else if (!same_scene(world, leaving->from, after)) {
        iow_scene_key(world, after, &key, NULL);
        r = iow_store_put(&search->store, &key, leaving->way);
        if (r < 0)
            return r;
        if (r)
            welcome(search, after, leaving->way);
    }
    leaving->way.nth++;
    return 0;
}

#define STATES_A_WORD 8192u /* between two words of progress */

static bool enough(const struct iow_search *search)
{
    return search->until && (search->result.violated & search->until) == search->until;
}

/* States are left in the order they were found, which is that of their distance from the first. */
static int leave_all(struct iow_search *search)
{
    const struct iow_proof_world *world = search->world;
    uint32_t level_end = 1;
    int r = 0;

    for (uint32_t i = 0; i < search->store.n && !r && !enough(search); i++) {
        struct iow_scene scene;
        struct leaving leaving = {search, &scene, {i, 0}};

        if (i == level_end) {
            level_end = search->store.n;
            search->result.depth++;
        }
        if (i % STATES_A_WORD == 0 && world->progress && world->progress(world->ctx, search->store.n))
            return -IOW_EINTR;
        iow_scene_unpack(world, iow_store_key(&search->store, i), &scene);
        r = iow_plays(world, &scene, on_played, &leaving);
    }
    return r;
}

static bool is_possible(const struct iow_proof_world *world)
{
    if (!world->profile || !world->n_groups || world->n_groups > IOW_PROOF_GROUPS ||
        world->n_devices > IOW_PROOF_DEVICES || world->n_owners > IOW_PROOF_OWNERS ||
        world->dropped & ~IOW_PROOF_ALL_DROPPED)
        return false;
    for (uint32_t i = 0; i < world->n_devices; i++)
        if (world->devices[i].group >= world->n_groups)
            return false;
    return true;
}

int iow_search_run(struct iow_search *search)
{
    const struct iow_way nowhere = {IOW_NONE, 0};
    struct iow_scene first;
    struct iow_key key;
    int r;

    search->result = (struct iow_proof_result){0};
    iow_store_init(&search->store, 0, 0);
    if (!is_possible(search->world))
        return -IOW_EINVAL;
    iow_store_init(&search->store, iow_key_units(search->world), search->world->most_bytes);
    iow_scene_first(search->world, &first);
    iow_scene_key(search->world, &first, &key, NULL);
    r = iow_store_put(&search->store, &key, nowhere);
    if (r > 0) {
        welcome(search, &first, nowhere);
        r = leave_all(search);
    }
    search->result.states = search->store.n;
    search->result.bytes = search->store.bytes;
    search->result.complete = !r && !enough(search);
    return r;
}

void iow_search_done(struct iow_search *search)
{
    iow_store_done(&search->store);
}

static int take_traces(const struct iow_search *search, struct iow_mem *mem, struct iow_proof_result *ret)
{
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++)
        if (ret->violated >> i & 1) {
            int r = iow_search_trace(search, search->broken[i], mem, &ret->traces[i]);

            if (r < 0)
                return r;
        }
    return 0;
}

int iow_proof_run(const struct iow_proof_world *world, struct iow_mem *mem, struct iow_proof_result *ret)
{
    struct iow_search search = {.world = world};
    int r = iow_search_run(&search), traced;

    *ret = search.result;
    traced = take_traces(&search, mem, ret);
    iow_search_done(&search);
    return r ? r : traced;
}
