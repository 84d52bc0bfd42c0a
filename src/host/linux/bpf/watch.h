/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watching the kernel decide: BPF programs at the functions that do, for as long as they are watched and no longer.
 * For programs only: the library never loads any.
 */
#ifndef IOWARD_HOST_LINUX_BPF_WATCH_H
#define IOWARD_HOST_LINUX_BPF_WATCH_H

#include "facts/decision.h"
#include <ioward/error.h>

#include <stdbool.h>
#include <stdint.h>

struct iow_watch;

/* What this kernel does not let be seen. */
struct iow_watch_gap {
    const char *function; /* of the kernel */
    const char *purpose;  /* what it decides, in words */
    int error;            /* of the attempt to look; 0: there is no such function to look at */
};

/*
 * iow_watch_open - from here on, decisions are kept until iow_watch_wait() hands them out
 * Errors:  text is about what the rule's sentence names {path}. -IOW_EPERM (IOW-TRACE-PRIVILEGE), -IOW_EOPNOTSUPP
 *          (IOW-TRACE-BUILD, IOW-TRACE-TYPES, IOW-TRACE-LACKS), or the kernel's (IOW-TRACE-REFUSED)
 */
int iow_watch_open(struct iow_watch **ret, struct iow_explain *reterr);

/* iow_watch_close - also a cleanup function; nothing of it is left in the kernel */
void iow_watch_close(struct iow_watch **watch);

/* iow_watch_gap_at - NULL from the first i that is none on */
const struct iow_watch_gap *iow_watch_gap_at(const struct iow_watch *watch, unsigned i);

/* iow_watch_names - are names and texts seen? A locked-down kernel hides them */
bool iow_watch_names(const struct iow_watch *watch);

/*
 * iow_watch_wait - hands out what was decided since, in the order of the decisions' ends; waits for the first
 * Errors:  0 also when a signal, the time or -IOW_EINTR from found ended it; what else found returned below 0; the kernel's
 */
int iow_watch_wait(struct iow_watch *watch, int milliseconds,
    int (*found)(void *ctx, const struct iow_decision *decision), void *ctx);

/* iow_watch_lost - how many decisions could not be kept, or not be looked at since a program was busy */
uint64_t iow_watch_lost(const struct iow_watch *watch);

#endif
