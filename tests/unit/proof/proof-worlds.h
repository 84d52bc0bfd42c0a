/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Worlds for the tests of the checker. */
#ifndef IOWARD_TESTS_PROOF_WORLDS_H
#define IOWARD_TESTS_PROOF_WORLDS_H

#include "testing.h"

#include "proof/search.h"

#include <time.h>

#define DROP(name) (1u << IOW_PROOF_CONDITION_##name)
#define BREAKS(name) (1u << IOW_PROOF_INVARIANT_##name)
#define API (1u << IOW_DRIVER_DMA_API)
#define MANAGED (1u << IOW_DRIVER_MANAGED)
#define PRIVATE (1u << IOW_DRIVER_PRIVATE)

/* One group or several, devices spread over them in turn, each for any driver. */
static inline struct iow_proof_world a_world(
    const char *profile, uint32_t groups, uint32_t devices, uint32_t owners, uint32_t dropped)
{
    struct iow_proof_world world = {
        .profile = iow_profile_find(profile),
        .n_groups = groups,
        .n_devices = devices,
        .n_owners = owners,
        .dropped = dropped,
    };

    for (uint32_t i = 0; i < devices; i++) {
        world.devices[i].group = (uint8_t)(i % groups);
        world.devices[i].drivers = API | MANAGED | PRIVATE;
    }
    return world;
}

static inline struct iow_proof_result run_alone(const struct iow_proof_world *world)
{
    struct iow_search search = {.world = world};
    struct iow_proof_result result;

    assert_int_equal(iow_search_run(&search), 0);
    result = search.result;
    iow_search_done(&search);
    assert_true(result.complete);
    return result;
}

static inline double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
