/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Routing: where a memory request of one function goes that is addressed to the registers of another.
 *
 * Knows the registers that decide it: ACS with its egress control vector, windows, enables, what kind of bus a
 * request is on. Follows the request port by port, and says at each which rule decided. Does not know what an IOMMU
 * has mapped: a request that comes to it goes "through" it, wherever that leads. What the specification leaves
 * open is answered as such, and a register that was not read makes the answer "unknown" where it could matter;
 * neither is ever rounded to yes or no.
 *
 * Invariants:
 *  1. a route that is blocked or goes through the IOMMU is so whatever the specification leaves open;
 *  2. the deciding hop is one of the route's, if it was kept.
 *
 * What lies behind the registers of a non-transparent bridge, and what a bridge's address translation makes of an
 * address, is not followed. I/O port requests and expansion ROMs are not either.
 *
 * Source: PCIe Base 6.0 sections 1.3.1 (root complex), 2.2.4.1 (address routing), 6.12 (ACS: 6.12.1 who implements
 * what, 6.12.3 how the controls combine), 10 (address translation services); PCI-to-PCI Bridge Architecture 1.2
 * section 4 (address decoding); PCI Express to PCI/PCI-X Bridge 1.0. Each rule of the walk has a test named after it.
 */
#ifndef IOWARD_ROUTE_H
#define IOWARD_ROUTE_H

#include <ioward/grouping.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_route_answer {
    IOW_ROUTE_BLOCKED, /* it does not arrive */
    IOW_ROUTE_THROUGH, /* it comes to the IOMMU, and goes where that sends it */
    IOW_ROUTE_AROUND,  /* it arrives without passing the IOMMU */
    IOW_ROUTE_UNKNOWN, /* what decides was not readable, or two windows claim the address */
    IOW_ROUTE_ANSWER__COUNT
};

/* How sure it is that a request goes around the IOMMU. */
enum iow_route_grade {
    IOW_ROUTE_IF_ROOT_COMPLEX, /* if the root complex routes between its ports, which no register tells */
    IOW_ROUTE_POSSIBLY,        /* the specification or the device leaves it open */
    IOW_ROUTE_SURELY,
    IOW_ROUTE_GRADE__COUNT
};

/* What becomes of the request at one place. */
enum iow_hop_way {
    IOW_HOP_UP,           /* towards the root complex */
    IOW_HOP_BLOCKED,      /* nowhere */
    IOW_HOP_DIRECT,       /* turns towards its target */
    IOW_HOP_POSSIBLY,     /* may turn, else goes up */
    IOW_HOP_ROOT_COMPLEX, /* turns if the root complex routes it, else goes up */
    IOW_HOP_UNKNOWN,      /* any of these: what decides was not read */
    IOW_HOP_MAY_STOP,     /* nowhere or up: what decides was not read */
    IOW_HOP_THROUGH,      /* to the IOMMU */
    IOW_HOP_DOWN,         /* has turned, towards its target */
    IOW_HOP_ARRIVED,
    IOW_HOP_WAY__COUNT
};

struct iow_hop {
    uint32_t node;
    enum iow_rule rule; /* IOW_RULE_ROUTE_... */
    enum iow_hop_way way;
    uint16_t bit; /* the ACS bit that decided (IOW_ACS_...); 0: none did */
    bool assumed; /* rests on an enable step of the kernel that no file shows, see acs.h */
};

struct iow_route_request {
    uint32_t from, to; /* nodes, different ones */
    uint64_t address;  /* on the wire, in registers of "to" (iow_route_address()) */
    bool translated;   /* the request says that its address was translated before (ATS) */
    bool enabled; /* as if bus mastering and memory decoding were on everywhere: a device's owner can switch
                     them on, and Linux does so for the bridges above */
};

/* Only the first hops are kept: more are of bridges nested deeper than any machine has. */
#define IOW_ROUTE_HOPS 64

struct iow_route {
    enum iow_route_answer answer;
    enum iow_route_grade grade; /* IOW_ROUTE_SURELY but for IOW_ROUTE_AROUND */
    struct iow_hop deciding;    /* the hop that the answer rests on */
    uint64_t address;
    uint32_t n_hops;
    struct iow_hop hop[IOW_ROUTE_HOPS]; /* from the requester on; undefined past n_hops */
};

/*
 * iow_route_find - the route of one request
 * In:      machine  covered tells for which functions an IOMMU translates
 * Pure:    yes    Cost: O(depth of the tree squared + functions beside the path)
 */
void iow_route_find(
    const struct iow_grouping_input *machine, const struct iow_route_request *request, struct iow_route *ret);

/*
 * iow_route_worst - the route that isolates least, of the requests for all registers of a function
 * In:      request  address is ignored
 * Out:     ret      address tells which; blocked (IOW-ROUTE-NO-REGISTERS) when there are none
 */
void iow_route_worst(
    const struct iow_grouping_input *machine, const struct iow_route_request *request, struct iow_route *ret);

/*
 * iow_route_address - the next address at which registers of a node begin
 * In:      at   0 first, then what was returned
 * Out:     ret  in bytes. Of a virtual function: where those of its physical function's first one begin, which
 *               lie behind the same bridges
 * Returns: 0 when there is no more
 */
uint32_t iow_route_address(const struct iow_topology *topology, uint32_t node, uint32_t at, uint64_t *ret);

/* iow_route_rank - the higher, the less it isolates: blocked, through, around if the root complex routes it, possibly
 * around, unknown, surely around */
int iow_route_rank(const struct iow_route *route);

/* iow_route_answer_name, ... - "around", "surely", "direct" and so on; "?" for a number that is none */
const char *iow_route_answer_name(enum iow_route_answer answer);
const char *iow_route_grade_name(enum iow_route_grade grade);
const char *iow_hop_way_name(enum iow_hop_way way);

#ifdef __cplusplus
}
#endif
#endif
