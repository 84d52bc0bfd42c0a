/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An embedder of the arbiter for tests: one group, a few devices, hooks that write down what they are asked
 * for and fail on demand. What the members are really attached to is kept here, beside the arbiter's word.
 */
#ifndef IOWARD_TESTS_CORE_MACHINE_H
#define IOWARD_TESTS_CORE_MACHINE_H

#include "testing.h"

#include <errno.h>
#include <ioward/ownership.h>

#define MOST_DEVICES 8
#define MOST_NOTES 64

struct note {
    uint64_t before, after;
    uint32_t row;
};

struct machine {
    struct iow_dma_hooks hooks;
    struct iow_arbiter arbiter;
    struct iow_dma_group group;
    struct iow_dma_device device[MOST_DEVICES];
    struct iow_dma_domain on[MOST_DEVICES]; /* as the hardware has it */
    uint32_t failing[MOST_DEVICES];         /* bit n: cannot be attached to a domain of kind n */
    bool failing_pasid;
    char log[1024]; /* "0>blocking 1>a -1 0:5>a 0:5>": attached, detached, PASID attached and detached */
    int depth, locks;
    struct note note[MOST_NOTES];
    unsigned n_notes;
};

/* A group under a profile, with this many members 0, 1, ... without drivers; nothing is logged yet. */
void machine_init(struct machine *m, const char *profile, unsigned members);

/* The device can no longer be attached to domains of this kind (-EIO), or can again. */
void machine_break(struct machine *m, unsigned device, enum iow_domain_kind kind);
void machine_mend(struct machine *m, unsigned device);

/* Ordinary life, which must succeed; the log and the notes of it are forgotten. */
void machine_bind(struct machine *m, unsigned device, enum iow_driver_trait trait);
void machine_unbind(struct machine *m, unsigned device);
void machine_forget(struct machine *m);

/* What the hooks were asked for since it was last looked at; the lock is free. */
#define assert_log(m, wanted) assert_machine_log(m, wanted, __FILE__, __LINE__)
void assert_machine_log(struct machine *m, const char *wanted, const char *file, int line);

/* The group is in this state; all members are attached to what the arbiter says, but those in the set. */
#define assert_state(m, name) assert_int_equal(machine_state(m), IOW_STATE_##name)
enum iow_state machine_state(const struct machine *m);
void assert_members_follow(const struct machine *m, unsigned except);

/* The note i: from one word to another, by a row of this operation with this rule; and that none is left. */
void assert_note(const struct machine *m, unsigned i, enum iow_operation operation, enum iow_rule rule);
void assert_stuck_note(const struct machine *m, unsigned i);

/* A user's page table, a blocking domain, and a driver's own table. */
struct iow_dma_domain table_of(uint32_t owner, const char *name);
struct iow_dma_domain blocking_of(uint32_t owner);

#endif
