/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that the verbs work on: this one, or one that ioward simulates.
 *
 * No verb knows which. A host reads the machine, acts on it, keeps its journal and history, knows its users
 * and starts commands on it.
 */
#ifndef IOWARD_CLI_HOST_H
#define IOWARD_CLI_HOST_H

#include "exec/exec.h"
#include <stddef.h>

#define HOST_NAME 64

/* Whom something is for. */
struct user {
    uint32_t uid, gid;
    char name[HOST_NAME]; /* "" none is known */
};

/* A command that a claim is for. */
struct host_command {
    char **argv;         /* NULL at the end */
    uint64_t lock_bytes; /* how much memory it may lock; UINT64_MAX: no limit */
    const struct iow_plan *plan;
    const struct iow_facts *facts;
    const struct user *user;
    int64_t transaction;
};

struct host;

struct host_ops {
    /* The machine to read, as it is now. */
    int (*open_source)(struct host *host, struct iow_source **ret, struct iow_explain *reterr);

    /* Has later readings of the machine see what the kernel's memory says. Errors of iow_pin_make(); NULL: there is no
     * such kernel */
    int (*pin_kernel)(struct iow_explain *reterr);

    /* Ready to act: may this user, lock, actor, journal, history. What is open already stays so; the lock is taken
     * again after unlock. -IOW_EPERM (IOW-EXEC-PRIVILEGE), those of iow_lock_take() and iow_journal_open() */
    int (*begin)(struct host *host, uint64_t timeout_usec, bool quiet, struct iow_explain *reterr);
    void (*unlock)(struct host *host);

    /* Opens only the journal, or only the history, for whoever asks; host->journal and host->history stay NULL when there
     * is none, which is no error. */
    int (*look)(struct host *host, bool history, struct iow_explain *reterr);

    /* A user by name or number; text NULL: who asks. -IOW_ENOENT (IOW-EXEC-USER) */
    int (*find_user)(struct host *host, const char *text, struct user *ret, struct iow_explain *reterr);
    /* Whoever asks, also through sudo. */
    uint32_t (*asking)(struct host *host);
    /* The name in buf; NULL: it has none. */
    const char *(*user_name)(struct host *host, uint32_t uid, char buf[HOST_NAME]);

    /* What iow_exec_claim() is to be told of the command's supervisor. */
    int (*supervisor)(struct host *host, struct iow_effort *ret, struct iow_explain *reterr);
    /* Is there such a command, and may this user start it? Errors as of run. NULL: there always is */
    int (*look_for)(struct host *host, char **argv, const struct user *user, struct iow_explain *reterr);
    /* Runs a command until it has ended: its exit status as a shell tells it; or a negative error (IOW-EXEC-COMMAND): it
     * was not started */
    int (*run)(struct host *host, struct host_command *command, struct iow_explain *reterr);

    void (*done)(struct host *host);
};

struct host {
    const struct host_ops *ops;
    bool simulated;
    const char *ids;         /* pci.ids where the command line names none; NULL: the system's */
    const char *lock_folder; /* of bound claims, for iow_claim_abandoned() */
    const char *boot_id;
    uint64_t (*now_usec)(void);
    volatile int *stop; /* NULL: nobody asks */
    struct iow_sim *sim;
    struct iow_actor *actor;
    struct iow_journal *journal;
    struct iow_history_file *history;
    int lock; /* -1: not taken */
};

/* iow_host_init_live - this machine; nothing is opened yet */
void iow_host_init_live(struct host *host);

/* iow_host_init_sim - a simulated one, which then belongs to the host */
void iow_host_init_sim(struct host *host, struct iow_sim *sim);

/* iow_host_done - also a cleanup function, for a host of zeros too */
void iow_host_done(struct host *host);

#endif
