/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sim/ownership.h"

#include <errno.h>

int iow_sim_use_default(struct iow_sim_ownership *ownership)
{
    if (ownership->owner)
        return -EBUSY;
    ownership->count++;
    return 0;
}

void iow_sim_unuse_default(struct iow_sim_ownership *ownership)
{
    if (!ownership->owner && ownership->count)
        ownership->count--;
}

int iow_sim_claim(struct iow_sim_ownership *ownership, uint32_t owner)
{
    if (ownership->count)
        return -EPERM;
    *ownership = (struct iow_sim_ownership){.owner = owner, .count = 1};
    return 0;
}

void iow_sim_release(struct iow_sim_ownership *ownership)
{
    if (ownership->owner)
        *ownership = (struct iow_sim_ownership){0};
}
