/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the groups of a machine to worlds for the checker. Pure.
 *
 * What a member may come to is told by what it is, not by the driver that it happens to have: a port of PCI
 * Express fits only pcieport and other managed-DMA drivers, another bridge may get shpchp, and a device any
 * driver, also one that attaches a domain of its own, since nothing in sysfs tells which do.
 */
#ifndef IOWARD_CLI_MAKEUP_H
#define IOWARD_CLI_MAKEUP_H

#include "report/proof.h"
#include "report/view.h"

/*
 * iow_makeup_list - the groups of a view, equal make-ups together, in the order of their first groups
 * In:      chosen  per group of the view; NULL: all. Groups that VFIO made up and groups without a member
 *          are left out
 * Out:     ret     kept and always are for the caller to fill
 * Errors:  -IOW_ENOMEM
 */
int iow_makeup_list(const struct iow_view *view, const bool *chosen, struct iow_mem *mem,
    struct iow_prove_make **ret, uint32_t *ret_n);

/* A world of one group, counted, with every condition kept. */
struct makeup_world {
    struct iow_proof_world world;
    uint32_t member[IOW_PROOF_DEVICES]; /* for which member each device stands; IOW_NONE: the newcomer */
};

/* iow_makeup_world - the freest members, that many at most; UINT32_MAX: as many as a world has room for.
 * Returns: how many those are, without the newcomer */
uint32_t iow_makeup_world(const struct iow_prove_make *make, const struct iow_profile *profile, uint32_t most,
    struct makeup_world *ret);

#define MAKEUP_SMALL 3

/* iow_makeup_small - small worlds of a make-up, in which much may go wrong; smallest first */
void iow_makeup_small(const struct iow_prove_make *make, const struct iow_profile *profile,
    struct makeup_world ret[MAKEUP_SMALL]);

#endif
