/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which conditions are needed: every set of them is dropped in turn, small sets first, so that a violation
 * is met first with a smallest set; the worlds are tried in their order, so that it is shown in the first
 * size of world that has it, by the shortest trace there.
 */
#include "proof/search.h"

#include <string.h>

#define ALL_INVARIANTS ((1u << IOW_PROOF_INVARIANT__COUNT) - 1)

struct surveying {
    const struct iow_proof_world *worlds;
    uint32_t n_worlds;
    struct iow_mem *mem;
    struct iow_proof_survey *ret;
    uint32_t room;
};

static int add_finding(struct surveying *s, const struct iow_proof_finding *finding)
{
    struct iow_proof_survey *ret = s->ret;

    if (ret->n_findings == s->room) {
        uint32_t room = s->room ? 2 * s->room : 16;
        struct iow_proof_finding *more = iow_mem_alloc(s->mem, room, sizeof(*more));

        if (!more)
            return -IOW_ENOMEM;
        if (ret->n_findings)
            memcpy(more, ret->findings, ret->n_findings * sizeof(*more));
        ret->findings = more;
        s->room = room;
    }
    ret->findings[ret->n_findings++] = *finding;
    return 0;
}

/* Invariants that are not known yet to break with this set, or with part of it. */
static uint32_t still_open(const struct iow_proof_survey *survey, uint32_t dropped)
{
    uint32_t open = ALL_INVARIANTS;

    for (uint32_t i = 0; i < survey->n_findings; i++)
        if (!(survey->findings[i].dropped & ~dropped))
            open &= ~(1u << survey->findings[i].invariant);
    return open;
}

static void add_up(struct iow_proof_survey *survey, const struct iow_proof_result *result)
{
    survey->n_runs++;
    survey->states += result->states;
    survey->transitions += result->transitions;
    if (result->states > survey->most_states)
        survey->most_states = result->states;
    if (result->bytes > survey->bytes)
        survey->bytes = result->bytes;
}

/* The set being tried: what is still open, and the best trace there is of what is not open any more. */
struct trying {
    uint32_t dropped;
    uint32_t open;
    struct iow_proof_finding best[IOW_PROOF_INVARIANT__COUNT];
};

static int take_traces(
    struct surveying *s, const struct iow_search *search, uint32_t world, struct trying *trying)
{
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++) {
        struct iow_proof_finding finding = {
            .invariant = (enum iow_proof_invariant)i, .dropped = trying->dropped, .world = world};
        uint32_t best = trying->best[i].trace.n_steps;
        int r;

        if (!((search->result.violated & trying->open) >> i & 1))
            continue;
        r = iow_search_trace(search, search->broken[i], s->mem, &finding.trace);
        if (r < 0)
            return r;
        if (!best || finding.trace.n_steps < best)
            trying->best[i] = finding;
    }
    return 0;
}

static int survey_world(struct surveying *s, uint32_t i, struct trying *trying)
{
    struct iow_proof_world world = s->worlds[i];
    struct iow_search search = {.world = &world, .until = trying->open};
    int r, taken;

    world.dropped |= trying->dropped;
    r = iow_search_run(&search);
    add_up(s->ret, &search.result);
    taken = take_traces(s, &search, i, trying);
    iow_search_done(&search);
    return r ? r : taken;
}

/* What was found in the worlds of one size is settled before larger ones are tried. */
static int settle(struct surveying *s, struct trying *trying)
{
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++) {
        int r;

        if (!(trying->open >> i & 1) || !trying->best[i].trace.n_steps)
            continue;
        trying->open &= ~(1u << i);
        r = add_finding(s, &trying->best[i]);
        if (r < 0)
            return r;
    }
    return 0;
}

static bool same_size(const struct iow_proof_world *a, const struct iow_proof_world *b)
{
    return a->n_groups == b->n_groups && a->n_devices == b->n_devices && a->n_owners == b->n_owners;
}

static int survey_set(struct surveying *s, uint32_t dropped)
{
    struct trying trying = {.dropped = dropped, .open = still_open(s->ret, dropped)};

    for (uint32_t i = 0; i < s->n_worlds && trying.open; i++) {
        int r = survey_world(s, i, &trying);

        if (r >= 0 && (i + 1 == s->n_worlds || !same_size(&s->worlds[i], &s->worlds[i + 1])))
            r = settle(s, &trying);
        if (r < 0)
            return r;
    }
    return 0;
}

int iow_proof_survey(const struct iow_proof_world *worlds, uint32_t n, uint32_t most_dropped,
    struct iow_mem *mem, struct iow_proof_survey *ret)
{
    struct surveying s = {.worlds = worlds, .n_worlds = n, .mem = mem, .ret = ret};

    *ret = (struct iow_proof_survey){0};
    for (uint32_t size = 0; size <= most_dropped; size++)
        for (uint32_t dropped = 0; dropped <= IOW_PROOF_ALL_DROPPED; dropped++) {
            int r = (uint32_t)__builtin_popcount(dropped) == size ? survey_set(&s, dropped) : 0;

            if (r < 0)
                return r;
        }
    ret->complete = true;
    return 0;
}
