/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slots that are emptied and filled from outside: QEMU is asked, and the guest's kernel does it in a
 * thread of its own.
 *
 * Pulling, where hotplug is the port's own: a slot without power and with its indicator off lets QEMU
 * take the devices away at once. The power is back before the port may tell of it, so that its driver
 * sees a card that is gone from a slot that is on.
 *
 * Asked by the agent and by the model alike only below a port that is there with its driver, and while no
 * removal, no change of VFs and no other such thing sleeps: the kernel's threads would come one after the
 * other, and those who wait for the lock of adding and removing between them. Nor is a port unbound while
 * its slot is being emptied: it would wait for the thread. */
#ifndef IOWARD_LAB_PLUG_H
#define IOWARD_LAB_PLUG_H

#include "language.h"

/* Which functions each slot has, a line each: the port's address, and the device as QEMU is told of it. */
#define PLUGS "/run/differ-plugs"

/* Reads that if it is there. */
void plugs_init(const struct machine *machine);

/* Is there a slot below the function, which has its devices or lacks them? */
bool plug_can_be_asked(const struct machine *machine, const struct step *step);

/* Returns when the guest's kernel has all of them. */
void plug_in(const struct machine *machine, unsigned port);

/* Begins it, one at a time: as a request, or all of a sudden. */
void plug_out(unsigned port);
void plug_pull(const struct machine *machine, unsigned port);

/* Is what was begun over; does its thread sleep until another's end? */
bool plug_is_out(const struct machine *machine);
bool plug_waits(void);

/* Fills what is empty; false: nothing was. */
bool plug_in_all(const struct machine *machine);

#endif
