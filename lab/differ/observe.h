/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is seen of the guest's functions and groups after a step, by everybody, and by who opens their nodes. */
#ifndef IOWARD_LAB_OBSERVE_H
#define IOWARD_LAB_OBSERVE_H

#include "language.h"

/* After read_machine(). */
void observe_init(const struct machine *machine);

/* What is seen now; the groups' numbers are kept up to date. The files that the workers hold are theirs. */
void observe(struct machine *machine, struct answer *ret);

/* Is the same seen, but for what holders of files are told? */
bool seen_alike(const struct machine *machine, const struct answer *one, const struct answer *other);

/* Functions in the order in which the bus came to know them, which a new driver asks them in. */
unsigned observe_order(const struct machine *machine, unsigned *ret_order);

#endif
