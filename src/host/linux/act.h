/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the live actor share. All errors are negative errno numbers of the machine. */
#ifndef IOWARD_HOST_LINUX_ACT_H
#define IOWARD_HOST_LINUX_ACT_H

#include "host/actor.h"
#include <sys/types.h>

/*
 * iow_actor_live - iow_actor_open_live() of a machine whose files are below a folder
 * In:      root_fd  owned by the actor from now on, also after a failure
 */
int iow_actor_live(int root_fd, const char *helper, struct iow_actor **ret, struct iow_explain *reterr);

/* Waiting: until a deadline, and not on when the caller's flag is raised. */

struct iow_wait {
    uint64_t deadline_usec; /* CLOCK_MONOTONIC */
    const volatile int *stop;
    int stop_before;
};

/* iow_wait_begin - a flag that is up already shortens the wait to two seconds: what is done then puts things
 * back, and is to get the moment it needs */
struct iow_wait iow_wait_begin(uint64_t timeout_usec, const volatile int *stop);

/* iow_wait_more - waits for this file to become readable (-1: only for time to pass), a moment at most; false: there was no time
 * left, or the flag was raised */
bool iow_wait_more(const struct iow_wait *wait, int fd);

/* Helpers: processes of this program that make one read or write for us. */

struct iow_helper {
    struct iow_effort effort;
    int pidfd; /* -1: the kernel has none */
};

#define IOW_HELPER_NAME "ioward-helper"
#define IOW_HELPER_ARGS 6

/*
 * iow_helper_start - a process that runs iow_helper_main()
 * In:      program  the program's file, open
 *          in, out  its standard input and output: all the files it has. Borrowed
 *          args     after the name; ends with NULL
 */
int iow_helper_start(int program, int in, int out, const char *const *args, struct iow_helper *ret);

/* iow_helper_wait - 0, or -errno as the helper ended with; -IOW_EINPROGRESS: it has not ended. Afterwards it is forgotten */
int iow_helper_wait(struct iow_helper *helper, const struct iow_wait *wait);

/* iow_fd_above_standard - the same file under a number above 2; closes the other. Accepts and returns -1, keeps errno */
int iow_fd_above_standard(int fd);

/* Values of variables. */

/* Reads of driver_override that did not end in time, by device. */
struct iow_slow_read {
    struct iow_slow_read *next;
    struct iow_address function;
    struct iow_effort effort;
};

struct iow_live {
    struct iow_actor actor;
    int root, program;
    struct iow_slow_read *slow_reads;
    uint64_t read_usec; /* how long a read may take */
    /* The effect made ready: helper.effort.pid 0 and go -1 for a give. */
    bool ready;
    bool gives;
    struct iow_helper helper;
    int go; /* one byte lets the helper begin, closing it ends it */
    uint32_t group, uid, gid, mode;
};

/* iow_act_observe - iow_actor_ops.observe */
int iow_act_observe(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES]);

/* iow_act_open_function - the folder of a step's function, after a look at whether it is the same device still
 * Errors: -IOW_ENODEV, -IOW_ESTALE, or of reading */
int iow_act_open_function(const struct iow_live *live, const struct iow_step *step);

/* iow_act_read_text - a small file without its newline; its length */
int iow_act_read_text(int folder, const char *path, char *buf, size_t size);

/* iow_act_file_name - may this be a file's name? What steps say ends up in paths */
bool iow_act_file_name(const char *name);

/* Nodes of groups. */

/* iow_act_node - "UID:GID:MODE" of dev/vfio/GROUP; "" there is none. -ENXIO: something else has that name */
int iow_act_node(int root, uint32_t group, char value[IOW_VALUE_BYTES]);

/* iow_act_give - gives the node away; after udev's rules, which may change it when it is new, have run */
int iow_act_give(const struct iow_live *live, uint64_t timeout_usec);

#endif
