/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one port or function does with a memory request that passes it on its way up.
 *
 * ACS rules where a request leaves towards others, never where it arrives; so this is all that ACS decides.
 */
#ifndef IOWARD_PCI_EGRESS_H
#define IOWARD_PCI_EGRESS_H

#include <ioward/route.h>

/* What a port or function has of ACS, device-specific answers included. */
struct iow_egress_acs {
    bool known;
    bool present; /* it has the capability, or is known to behave as if it had */
    bool assumed;
    uint16_t offered, on; /* IOW_ACS_... bits */
};

/* iow_egress_acs - as the registers say; where there are none, as Linux knows of the device (acs.h) */
struct iow_egress_acs iow_egress_acs(const struct iow_grouping_input *machine, uint32_t node);

/* What is so about a request, as far as the rules ask: bits beside those of ACS. */
enum iow_egress_fact {
    IOW_EGRESS_TRANSLATED = 0x0100, /* AT is 2 */
    IOW_EGRESS_FOREIGN = 0x0200,    /* the requester's bus is not below the port */
    IOW_EGRESS_OWN = 0x0400,        /* the address is in the port's own window */
    IOW_EGRESS_PEER = 0x0800, /* the address is a peer's: beside the port, or a function of the same device */
    IOW_EGRESS_VIRTUAL = 0x1000, /* one of the two functions is virtual */
    IOW_EGRESS_VECTOR = 0x2000,  /* the peer's bit in the egress control vector is set */
    IOW_EGRESS_NO_BIT = 0x4000,  /* nothing tells which bit is the peer's */
};

/*
 * iow_egress_port - a Root Port or Switch Downstream Port, request from below
 * iow_egress_function - a function of a multifunction device, request of its own or from below
 * In:      facts  IOW_EGRESS_... ; only TRANSLATED, PEER, VIRTUAL, VECTOR and NO_BIT for a function
 * Out:     ret    rule, way, bit and assumed
 * Source:  PCIe Base 6.0 section 6.12.1.1, 6.12.1.2, 6.12.3
 */
void iow_egress_port(const struct iow_egress_acs *acs, unsigned facts, struct iow_hop *ret);
void iow_egress_function(const struct iow_egress_acs *acs, unsigned facts, struct iow_hop *ret);

/* iow_egress_vector - IOW_EGRESS_VECTOR, IOW_EGRESS_NO_BIT or 0 for a port's number or a function's; number beyond the
 * vector: NO_BIT */
unsigned iow_egress_vector(const struct iow_config *config, uint32_t number);

#endif
