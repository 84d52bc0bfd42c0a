/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up machines of any number of functions, as firmware leaves them: every function has registers at an address of its
 * own, every bridge lets pass what is below it, and all are switched on. A quarter of the ports redirect nothing.
 */
#ifndef IOWARD_BENCH_LARGE_H
#define IOWARD_BENCH_LARGE_H

#include <ioward/topology.h>

enum large_kind {
    LARGE_SWITCHES, /* two switches above every card */
    LARGE_VIRTUAL,  /* thousands of virtual functions behind one port */
    LARGE_DOMAINS,  /* two cards in each domain */
    LARGE_SHARED,   /* conventional buses, and a root bus full of multifunction devices */
    LARGE_KIND__COUNT
};

struct large {
    uint32_t n;
    struct iow_config *config;
    struct iow_topology_input *input;
};

const char *large_name(enum large_kind kind);

/* large_make - a machine of n functions; large_done() gives it back. False: out of memory */
bool large_make(enum large_kind kind, uint32_t n, struct large *ret);
void large_done(struct large *large);

#endif
