/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/invariants.h"
#include "proof/search.h"

#define DEVICES 4u

/* While the search goes on: the number of the first state in which a is a user's and b is not that user's. */
struct exposing {
    const struct iow_proof_world *world;
    struct iow_search *search;
    uint32_t first[DEVICES][DEVICES]; /* IOW_NONE: none yet */
};

/* Whose a device is: bits of users; bit 0: the kernel's */
static uint32_t masters(const struct iow_proof_world *world, const struct iow_scene *scene, uint32_t device)
{
    struct iow_group_truth truth;

    if (scene->devices[device].group >= world->n_groups)
        return 0;
    iow_group_truth(world, scene, scene->devices[device].group, &truth);
    return (truth.users & ~1u) | (truth.drivers ? 1u : 0u);
}

static void on_seen(void *ctx, const struct iow_scene *scene, uint32_t number)
{
    struct exposing *exposing = ctx;
    uint32_t n = exposing->world->n_devices, of[DEVICES];

    for (uint32_t i = 0; i < n; i++)
        of[i] = masters(exposing->world, scene, i);
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t b = 0; b < n; b++)
            if (a != b && (of[a] & ~1u) && (of[b] & ~(of[a] & ~1u)) && exposing->first[a][b] == IOW_NONE)
                exposing->first[a][b] = number;
}

static int take_pairs(const struct exposing *exposing, struct iow_mem *mem, struct iow_proof_exposure *ret)
{
    for (uint32_t i = 0; i < DEVICES * DEVICES; i++) {
        uint32_t number = exposing->first[i / DEVICES][i % DEVICES];
        int r;

        if (number == IOW_NONE)
            continue;
        r = iow_search_trace(exposing->search, exposing->search->store.ways[number], mem,
            &ret->pairs[i / DEVICES][i % DEVICES]);
        if (r < 0)
            return r;
    }
    return 0;
}

int iow_proof_expose(const struct iow_proof_world *world, struct iow_mem *mem, struct iow_proof_exposure *ret)
{
    struct iow_proof_world apart = *world;
    struct iow_search search = {.world = &apart, .seen = on_seen};
    struct exposing exposing = {.world = &apart, .search = &search};
    int r, taken = 0;

    *ret = (struct iow_proof_exposure){0};
    if (world->n_devices > DEVICES)
        return -IOW_EINVAL;
    apart.separate = true;
    search.ctx = &exposing;
    for (uint32_t i = 0; i < DEVICES * DEVICES; i++)
        exposing.first[i / DEVICES][i % DEVICES] = IOW_NONE;
    r = iow_search_run(&search);
    ret->result = search.result;
    if (r != -IOW_EINVAL)
        taken = take_pairs(&exposing, mem, ret);
    iow_search_done(&search);
    return r ? r : taken;
}

const struct iow_proof_trace *iow_proof_reach(
    const struct iow_proof_exposure *exposure, const uint8_t reach[4])
{
    const struct iow_proof_trace *shortest = NULL;

    for (uint32_t a = 0; a < DEVICES; a++)
        for (uint32_t b = 0; b < DEVICES; b++) {
            const struct iow_proof_trace *trace = &exposure->pairs[a][b];

            if (reach[a] >> b & 1 && trace->n_steps && (!shortest || trace->n_steps < shortest->n_steps))
                shortest = trace;
        }
    return shortest;
}
