/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "proof/proof.h"

#define API (1u << IOW_DRIVER_DMA_API)
#define API_OR_PRIVATE (API | 1u << IOW_DRIVER_PRIVATE)
#define ANY_DRIVER (API_OR_PRIVATE | 1u << IOW_DRIVER_MANAGED)

/*
 * The worlds of a survey: one group, from one device and one owner on. What was found to make no difference
 * for two devices (a managed driver, PASIDs beside plugging) is left out there.
 */
static const struct size {
    uint8_t present, absent, owners, drivers;
    bool types, pasids, direct;
} sizes[] = {
    {1, 0, 1, ANY_DRIVER, true, true, false},
    {0, 1, 1, ANY_DRIVER, true, true, false},
    {1, 0, 2, ANY_DRIVER, true, true, false},
    {2, 0, 1, API_OR_PRIVATE, false, true, false},
    {1, 1, 1, API_OR_PRIVATE, true, false, false},
    {2, 0, 1, API_OR_PRIVATE, false, false, true},
    {1, 1, 1, API_OR_PRIVATE, false, false, true},
    {1, 1, 2, API_OR_PRIVATE, false, false, false},
};

bool iow_proof_world_at(const struct iow_profile *profile, uint32_t i, struct iow_proof_world *ret)
{
    const struct size *size;

    if (i >= sizeof(sizes) / sizeof(sizes[0]))
        return false;
    size = &sizes[i];
    *ret = (struct iow_proof_world){
        .profile = profile,
        .n_groups = 1,
        .n_devices = size->present + size->absent,
        .n_owners = size->owners,
        .types = size->types,
        .pasids = size->pasids,
    };
    /* The firmware of the last one needs its mappings, that of the others does not. */
    for (uint32_t d = 0; d < ret->n_devices; d++)
        ret->devices[d] = (struct iow_proof_device){
            .absent = d >= size->present,
            .direct = size->direct && d == ret->n_devices - 1,
            .drivers = size->drivers,
        };
    return true;
}
