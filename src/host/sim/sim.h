/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A simulated machine: Linux as far as handing devices over goes.
 *
 * Made from a topology of the lab. It numbers buses and fills config space as QEMU and its firmware do, forms groups
 * by the kernel's rule, binds its drivers at boot, and shows itself as the files of sysfs, procfs and /dev (and the
 * answers of probes) that the reader reads; so everything that reads a machine reads this one. It acts by the same
 * stores that Linux has, and what they answer is the table's of the front (front/front.h), for the release it pretends to be.
 * No clock but its own, no randomness: the same commands give the same machine.
 */
#ifndef IOWARD_HOST_SIM_SIM_H
#define IOWARD_HOST_SIM_SIM_H

#include "host/actor.h"

struct iow_sim;

/* iow_sim_new - a machine that has just booted, drivers bound
 * In:      json     text of a topology (lab/README.md)
 *          release  "6.1" or "6.12"
 * Errors:  -IOW_EINVAL (IOW-SIM-TOPOLOGY) with what is wrong; -IOW_ENOMEM */
int iow_sim_new(const char *json, const char *release, struct iow_sim **ret, struct iow_explain *reterr);
struct iow_sim *iow_sim_free(struct iow_sim *sim);

/* iow_sim_actor - acts on it and reads it; borrowed, ends with the machine */
struct iow_actor *iow_sim_actor(struct iow_sim *sim);

/*
 * iow_sim_command - does something to the machine from outside: a line like "mount nvme0n1 /data"
 * Out:     ret_answer  what there is to say, to be freed, "" nothing; the errno's name and words for it where Linux
 *                      refuses. Not set when the line makes no sense
 * Returns: 0, also for what waits in the kernel: the answer says so; -IOW_EINVAL no such command or wrong words
 *          (IOW-SIM-COMMAND); -errno what Linux answers (IOW-NONE)
 */
int iow_sim_command(struct iow_sim *sim, const char *line, char **ret_answer, struct iow_explain *reterr);

/* iow_sim_command_at - row i of what there is: usage, and what it does; NULL past the end */
const char *iow_sim_command_at(unsigned i, const char **ret_help);

/* Faults, for tests. Effects are counted from 1 since the last iow_sim_set_fault(); reading does not count. */
enum iow_sim_fault {
    IOW_SIM_FAULT_NONE,
    IOW_SIM_FAULT_REFUSE, /* the n-th effect is refused with error, a negative errno */
    IOW_SIM_FAULT_HANG, /* the n-th effect does not end until iow_sim_command "continue"; a change of access,
                              which cannot wait, happens, and what asks no driver comes late */
    IOW_SIM_FAULT_LATE, /* the same, and it does not even begin before */
    IOW_SIM_FAULT_LIE,  /* the n-th effect answers 0 and does nothing */
    IOW_SIM_FAULT_VANISH, /* before the n-th effect its function is unplugged, if it is about one */
    IOW_SIM_FAULT_CRASH, /* from the n-th effect on, before it, whoever acts is dead: nothing happens any more
                              and every call answers -IOW_EIO, until the fault is cleared */
    IOW_SIM_FAULT_CRASH_AFTER, /* the same, after the n-th effect happened */
    IOW_SIM_FAULT__COUNT
};

void iow_sim_set_fault(struct iow_sim *sim, enum iow_sim_fault fault, unsigned n, int error);
unsigned iow_sim_effects(const struct iow_sim *sim); /* since the last iow_sim_set_fault() */

/* iow_sim_state - all that effects can change and put back, as text of one line each: functions with driver and override,
 * and whether somebody has them locked, nodes with their access; to be freed. Equal texts: equal machines */
char *iow_sim_state(const struct iow_sim *sim);

#endif
