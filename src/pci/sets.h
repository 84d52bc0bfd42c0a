/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding isolation sets: what is joined, and the parts of the search. */
#ifndef IOWARD_PCI_SETS_H
#define IOWARD_PCI_SETS_H

#include <ioward/isolation.h>

#include "pci/climb.h"

/*
 * What is joined: the nodes, and for each node what stands for many functions at once. Such a stand-in joins those it
 * stands for only when some route uses it (active).
 */
enum iow_sets_kind {
    IOW_SETS_NODE,
    IOW_SETS_SENDS, /* whoever's untranslated requests come to this node from below, or are its own */
    IOW_SETS_SENDS_TRANSLATED, /* whoever's translated ones do */
    IOW_SETS_TAKES,            /* whose registers are reached by way of this node */
    IOW_SETS_RETURNS,          /* both, at a port that may send what comes from below straight back */
    IOW_SETS_KINDS,
};

struct iow_stand_in {
    uint32_t parent; /* of the union-find forest */
    uint32_t deciding;
    uint16_t rule; /* enum iow_rule; IOW_RULE_NONE: not active */
};

/* Who is counted somewhere: nobody, or the number of the last node and one, with a bit if there are several. */
#define IOW_SETS_NOBODY 0
#define IOW_SETS_SEVERAL 0x80000000

/*
 * Told of single routes while the sets are found: enough of them to join all that is joined, at most two for each function
 * at each height of the tree. Those of IOW_ROUTE_SURELY are there, but for an address in two windows; lower ones may not be.
 * Whoever is told takes nothing from the arena of the search, which is given back when that ends.
 */
struct iow_sets_watch {
    void (*link)(void *ctx, uint32_t from, uint32_t to);
    void *ctx;
};

struct iow_sets {
    const struct iow_grouping_input *machine;
    const struct iow_topology *t;
    int needed;                    /* rank of iow_route_rank() that joins */
    struct iow_stand_in *stand_in; /* IOW_SETS_KINDS for each node, and two for the whole machine */
    /* Of each, if somebody watches: one that all of IOW_SETS_SENDS... reach, or that reaches all of IOW_SETS_TAKES. */
    uint32_t *partner;
    uint8_t *traits;
    uint32_t *height; /* as iow_climb_height() */
    /* Per node: who sends and takes by way of it, as the kinds above; below: takes, but for its own registers. */
    uint32_t *sends, *sends_translated, *takes, *below;
    const struct iow_sets_watch *watch; /* NULL: nobody */
};

#define IOW_RANK_SURELY 5
#define IOW_RANK_POSSIBLY 3
#define IOW_RANK_ROOT_COMPLEX 2

/* Those beside each other. */
struct iow_sets_bus {
    const uint32_t *node;
    uint32_t n;
    bool roots; /* what is on all root buses: functions of one device count as one here */
};

/* iow_sets_rank - the rank of iow_route_rank() from which on a route joins */
int iow_sets_rank(enum iow_route_grade grade);

uint32_t iow_sets_element(const struct iow_sets *f, enum iow_sets_kind kind, uint32_t node);

/* iow_sets_activate - from now on it joins those that it stands for; the first reason, and the first partner, stays */
void iow_sets_activate(
    struct iow_sets *f, uint32_t element, enum iow_rule rule, uint32_t deciding, uint32_t partner);
uint32_t iow_sets_root(struct iow_sets *f, uint32_t element);
void iow_sets_join(struct iow_sets *f, uint32_t a, uint32_t b);

/* iow_sets_link - tells whoever watches of a route; from and to may be the same, which is none */
void iow_sets_link(const struct iow_sets *f, uint32_t from, uint32_t to);

/* iow_sets_tally - this node, too */
void iow_sets_tally(uint32_t *who, uint32_t node);

/* iow_sets_one - the last of those that were counted; IOW_NONE: nobody was */
uint32_t iow_sets_one(uint32_t who);

/* iow_sets_requester - no bridge: makes requests of its own */
bool iow_sets_requester(const struct iow_sets *f, uint32_t node);

/* iow_sets_plain, iow_sets_translated - do such requests count here? Those that may have been stopped or have turned before,
 * which nobody could read, arrive surely nowhere */
bool iow_sets_plain(const struct iow_sets *f, const struct iow_climb *climb);
bool iow_sets_translated(const struct iow_sets *f, const struct iow_climb *climb);

/* iow_sets_beside_rules - a port of a switch, whose own registers no ACS of a neighbour guards */
bool iow_sets_beside_rules(const struct iow_sets *f, uint32_t node);

/* iow_sets_count - where requests come, and by what way registers are reached */
void iow_sets_count(struct iow_sets *f);

/* iow_sets_find - iow_isolation_find(), watched
 * In:      watch  NULL: by nobody */
int iow_sets_find(const struct iow_grouping_input *machine, enum iow_route_grade grade,
    const struct iow_sets_watch *watch, struct iow_mem *mem, struct iow_isolation **ret,
    struct iow_explain *reterr);

/* iow_sets_find_on_bus - joins what reaches each other on one bus */
void iow_sets_find_on_bus(struct iow_sets *f, const struct iow_sets_bus *bus);

#endif
