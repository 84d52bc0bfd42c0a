/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in the tree a request is: what kind of bus, and who beside it answers to an address. */
#ifndef IOWARD_PCI_PLACE_H
#define IOWARD_PCI_PLACE_H

#include <ioward/topology.h>

enum iow_bus_kind {
    IOW_BUS_ROOT,         /* in the root complex */
    IOW_BUS_PLAIN_ROOT,   /* a root bus without any PCI Express */
    IOW_BUS_LINK,         /* below a port: the functions of one device */
    IOW_BUS_INTERNAL,     /* inside a switch */
    IOW_BUS_CONVENTIONAL, /* shared by all on it */
    IOW_BUS_UNREAD,       /* the bridge above was not read */
};

/* iow_place_bus - the bus that a node is on */
enum iow_bus_kind iow_place_bus(const struct iow_topology *t, uint32_t node);

/* iow_place_towards - the node right below "parent" on the way to "to"; "to" itself if it is there; IOW_NONE when "to"
 * is not below. IOW_NONE for parent: the node on a root bus */
uint32_t iow_place_towards(const struct iow_topology *t, uint32_t parent, uint32_t to);

/* iow_place_forwards - is the address in an open window of this bridge? enabled: as if its memory decoding was on */
bool iow_place_forwards(const struct iow_node *bridge, uint64_t address, bool enabled);

/* iow_place_takes_the_rest - does the bridge take what nobody else beside it takes (subtractive decoding)? */
bool iow_place_takes_the_rest(const struct iow_node *bridge, bool enabled);

/* iow_place_is_port - a Root Port or Switch Downstream Port */
bool iow_place_is_port(const struct iow_node *node);

/* iow_place_in_switch - a bridge inside a switch: one of its Downstream Ports, read or not */
bool iow_place_in_switch(const struct iow_topology *t, uint32_t node);

/* iow_place_one_device - are two nodes of one bus functions of one device? */
bool iow_place_one_device(const struct iow_topology *t, uint32_t a, uint32_t b);

#endif
