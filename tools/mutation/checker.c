/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checker, asked about small worlds: what breaks under each profile when all conditions are kept, and when none
 * is. Prints a line for each thing that breaks; of the core as it is, each line is expected.
 */
#include "proof/proof.h"

#include <inttypes.h>
#include <stdio.h>

#define DRIVERS (1u << IOW_DRIVER_DMA_API | 1u << IOW_DRIVER_MANAGED | 1u << IOW_DRIVER_PRIVATE)
#define MOST_BYTES (512u << 20)

/* One group; the second device may come any time. details: types of the default domain, and PASIDs. */
static const struct size {
    const char *words;
    uint32_t n_devices, n_owners;
    bool details, dropped;
    bool on_linux; /* else the world grows too large there */
} sizes[] = {
    {"two devices, two owners, every condition kept", 2, 2, true, false, true},
    {"two devices, two owners, no condition kept", 2, 2, true, true, false},
    {"one device, one owner, no condition kept", 1, 1, true, true, true},
    {"two devices, one owner, no condition kept", 2, 1, false, true, true},
};

static struct iow_proof_world world_of(const struct iow_profile *profile, const struct size *size)
{
    return (struct iow_proof_world){
        .profile = profile,
        .n_groups = 1,
        .n_devices = size->n_devices,
        .n_owners = size->n_owners,
        .devices = {{.drivers = DRIVERS, .direct = true}, {.absent = true, .drivers = DRIVERS}},
        .dropped = size->dropped ? IOW_PROOF_ALL_DROPPED : 0,
        .types = size->details,
        .pasids = size->details,
        .most_bytes = MOST_BYTES,
    };
}

static int search(const struct iow_profile *profile, const struct size *size)
{
    struct iow_proof_world world = world_of(profile, size);
    struct iow_proof_result result = {0};
    struct iow_mem mem;
    int r;

    iow_mem_init_malloc(&mem);
    r = iow_proof_run(&world, &mem, &result);
    if (r < 0)
        printf("%s, %s: the search ends early\n", profile->name, size->words);
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++)
        if (result.violated & 1u << i)
            printf("%s, %s: not after %" PRIu32 " steps: %s\n", profile->name, size->words,
                result.traces[i].n_steps, iow_proof_invariant_words((enum iow_proof_invariant)i));
    iow_mem_done(&mem);
    return r;
}

int main(void)
{
    const struct iow_profile *profile;

    for (uint32_t p = 0; (profile = iow_profile_at(p)); p++)
        for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            if ((sizes[i].on_linux || !profile->release) && search(profile, &sizes[i]) < 0)
                return 1;
    return 0;
}
