/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A request at one node, among those beside it: who rules there, and how. */
#ifndef IOWARD_PCI_CROSS_H
#define IOWARD_PCI_CROSS_H

#include "pci/egress.h"

struct iow_crossing {
    const struct iow_grouping_input *machine;
    uint32_t at;
    uint32_t peer;  /* the one beside it that takes the address; IOW_NONE: none does */
    bool below;     /* the request came from below "at", else it is its own */
    bool registers; /* the address is in registers of the peer itself, or of "at" where there is no peer */
    bool translated;
    unsigned facts; /* IOW_EGRESS_OWN and IOW_EGRESS_FOREIGN, for a port */
};

/* iow_cross - In: ret  what becomes of the request where none of the rules says otherwise; changed where one does */
void iow_cross(const struct iow_crossing *crossing, struct iow_hop *ret);

#endif
