/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Acting on a machine: the live one (linux/act.c) or a simulated one (sim/), by the same interface.
 *
 * An actor knows how the value of a step's variable is seen and changed, and nothing of plans, journals and
 * undoing. Everything that may wait in the kernel (above all an unbind of a device in use, which no signal
 * ends) is carried out by somebody else: a process of its own, prepared before it may act, so that the caller
 * can write down who it is. Errors of the machine are negative Linux errno numbers, also those that have no
 * IOW_E... name.
 */
#ifndef IOWARD_HOST_ACTOR_H
#define IOWARD_HOST_ACTOR_H

#include "host/linux/source.h"
#include <ioward/claim.h>

/* Room for any value of a variable: driver_override is limited by the kernel to a page. */
#define IOW_VALUE_BYTES 4096

struct iow_actor;

struct iow_actor_ops {
    /* The machine to read facts from, as it is now. Close with iow_source_close(). */
    int (*open_source)(struct iow_actor *actor, struct iow_source **ret, struct iow_explain *reterr);

    /* The value of the step's variable now, as in plan.h; NUL-terminated.
     * -IOW_ENODEV: the function is gone; -IOW_ESTALE: the address holds another device than step->identity says;
     * -IOW_EINPROGRESS: it cannot be read, somebody has the device locked; or another errno of reading */
    int (*observe)(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES]);

    /* Readies the effect of a step: nothing happens yet, but ret says who will do it (pid 0: the actor itself,
     * because it cannot wait). One effect is ready at a time. */
    int (*prepare)(struct iow_actor *actor, const struct iow_step *step, struct iow_effort *ret);

    /* Lets the effect made ready happen. 0: done; -errno: the kernel refused; -IOW_EINPROGRESS: not done after
     * this time, or the caller's stop flag was raised while it waited; it goes on by itself, and must not be
     * signalled. */
    int (*act)(struct iow_actor *actor, uint64_t timeout_usec);

    /* Drops the effect made ready; it did not happen. */
    void (*cancel)(struct iow_actor *actor);

    /* Waits for an effect of an earlier time, also of another ioward. 0: nobody is at it (any more), what came of it
     * is to be observed; -IOW_EINPROGRESS: still under way after this time. */
    int (*await)(struct iow_actor *actor, const struct iow_effort *effort, uint64_t timeout_usec);

    void (*free)(struct iow_actor *actor);
};

struct iow_actor {
    const struct iow_actor_ops *ops;
    enum iow_provenance provenance; /* of the facts that may be acted on here */
    const volatile int *stop;       /* not 0: do not wait on; NULL: nobody asks. Borrowed */
};

/* iow_actor_open_live - this machine. In: helper  path of the program to re-execute, which calls
 * iow_helper_main() first of all; borrowed */
int iow_actor_open_live(const char *helper, struct iow_actor **ret, struct iow_explain *reterr);

/* iow_actor_close - accepts NULL, returns NULL */
struct iow_actor *iow_actor_close(struct iow_actor *actor);

#endif
