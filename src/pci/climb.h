/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far up the tree requests of a function come when they turn nowhere, and from how far up its registers are reached. */
#ifndef IOWARD_PCI_CLIMB_H
#define IOWARD_PCI_CLIMB_H

#include "pci/egress.h"

/* A function's requests on their way up, with everything switched on. */
struct iow_climb {
    uint32_t at;     /* they are at this node, and on the bus that it is on */
    uint8_t bus;     /* of their requester ID */
    bool plain;      /* untranslated ones come here */
    bool translated; /* translated ones do */
    bool may_stop;   /* these may have been stopped before: what decides was not read */
    bool unread;     /* what was not read may let them turn anywhere */
};

/* What of a node a climb asks for, so that it is found out once. */
enum iow_climb_trait {
    IOW_CLIMB_PORT = 0x01, /* Root Port or Switch Downstream Port */
    IOW_CLIMB_ACS_UNREAD = 0x02,
    IOW_CLIMB_SV = 0x04,
    IOW_CLIMB_TB = 0x08,
    IOW_CLIMB_UNREAD = 0x10,       /* what kind of bridge it is was not read */
    IOW_CLIMB_CONVENTIONAL = 0x20, /* a bridge that leads from a conventional bus */
    IOW_CLIMB_RETURNS = 0x40,      /* a port that may send what is for its own window straight back */
};

uint8_t iow_climb_traits(const struct iow_grouping_input *machine, uint32_t node);

/* iow_climb_begin - at the function itself */
void iow_climb_begin(const struct iow_grouping_input *machine, uint32_t node, struct iow_climb *ret);

/* iow_climb_up - to the bridge above; false: there is none, or nothing comes there. Where untranslated requests are not
 * stopped, they come to the bridge itself in any case. */
bool iow_climb_up(const struct iow_topology *t, const uint8_t *traits, struct iow_climb *climb);

/* iow_climb_height - how many bridges above a function let a request for its registers down to it, counted from it.
 * IOW_NONE: it has no registers, or was not read. *unread: of it, or of a bridge on the way, too little was read to tell */
uint32_t iow_climb_height(const struct iow_topology *t, uint32_t node, bool *unread);

#endif
