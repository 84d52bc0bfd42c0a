/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/table.h"

#include "base/text.h"

#include <stddef.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

/* Pure first, then the kernels that were read and run, oldest first; another release is one more row. */
static const struct iow_profile profile[] = {
    {"pure", 0, IOW_FEATURES_PURE},
    {"linux-6.1", RELEASE(6, 1), IOW_FEATURES_6_1},
    {"linux-6.12", RELEASE(6, 12), IOW_FEATURES_6_12},
};

#define N_PROFILES (sizeof(profile) / sizeof(profile[0]))

const struct iow_profile *iow_profile_at(uint32_t i)
{
    return i < N_PROFILES ? &profile[i] : NULL;
}

const struct iow_profile *iow_profile_find(const char *name)
{
    for (uint32_t i = 0; i < N_PROFILES; i++)
        if (iow_same_text(profile[i].name, name))
            return &profile[i];
    return NULL;
}

static uint32_t distance(uint16_t a, uint16_t b)
{
    return a < b ? (uint32_t)(b - a) : (uint32_t)(a - b);
}

const struct iow_profile *iow_profile_of(uint16_t release, bool *ret_assumed)
{
    const struct iow_profile *nearest = &profile[N_PROFILES - 1];

    for (uint32_t i = N_PROFILES - 1; release && i > 0; i--)
        if (distance(profile[i].release, release) <= distance(nearest->release, release))
            nearest = &profile[i];
    if (ret_assumed)
        *ret_assumed = nearest->release != release;
    return nearest;
}
