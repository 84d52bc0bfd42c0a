/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that come and go, as the agent sees them.
 *
 * Not asked, by the agent and by the model alike:
 *   a rescan or a change of VFs while a removal sleeps, a rescan or a removal while a change of VFs does: a
 *     change takes the device's lock and then that of adding and removing, a removal the other way round, and
 *     the kernel does not come out of it;
 *   a removal of what is below a function whose removal sleeps: its writer holds nothing but a pointer while it
 *     waits, and the function is freed before it gets the lock (remove_store(), both kernels);
 *   a removal of a PF, or of the port above it, whose VFs no vfio-pci looks after: they would stay, of a PF
 *     that is no more. */
#ifndef IOWARD_LAB_PRESENCE_H
#define IOWARD_LAB_PRESENCE_H

#include "language.h"

/* "vfs": no driver is to take the new ones by itself. 0 or a negative error number. */
int write_vfs(const struct step *step, const struct function *f);

/* Whether VFs of the function, or below it, would stay when it is removed. */
bool leaves_vfs(const struct machine *machine, unsigned function);

/* All off, and without the driver that this needs. */
void drop_vfs(const struct machine *machine);

/* Gives nvme's probe the time to end. In 6.1 its last thread lets go of memory for DMA, which kills the kernel when
 * the device has gone by then (nvme_pci_free_ctrl(); 6.12 does so in nvme_remove()). */
void await_nvme(void);

#endif
