/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running a command for a user, and waiting for it and for everything that came of it. */
#ifndef IOWARD_CLI_SUPERVISE_H
#define IOWARD_CLI_SUPERVISE_H

#include <ioward/error.h>
#include <sys/types.h>

#define SUPERVISE_KEEP_LIMIT 0
#define SUPERVISE_NO_LIMIT UINT64_MAX /* or as much as we may allow */

/* Processes that came of a command and outlived it. */
struct iow_left_behind {
    unsigned n;
    pid_t pid; /* of one of them, the one with the smallest number */
    char name[16];
};

struct iow_supervision {
    char *const *argv; /* ends with NULL; the name is looked for in PATH, as the user */
    uint32_t uid, gid;
    const char *user; /* the user's name, for the groups he is in; NULL: not known, he is in gid only */
    bool asked;       /* it is he who asked for the command: the terminal is his, whoever owns it */
    const volatile int
        *stop; /* nonzero when somebody wanted an end before there was a command; NULL: nobody does */
    uint64_t memlock_bytes; /* memory that may be locked; SUPERVISE_... */
    int lock; /* of iow_supervision_lock(), inherited by the command and what it starts; -1: none. Borrowed */
    /* Called once when the command has ended and processes that came of it have not; NULL: nobody is told */
    void (*left_behind)(void *ctx, const struct iow_left_behind *who);
    unsigned patience_msec; /* how long after the end of the command; 0: a moment */
    void *ctx;
};

/*
 * iow_supervise - runs a command until it and all its descendants have ended
 *
 * The command has our working folder, standard files, terminal and process group, so that a Ctrl-C reaches it from the
 * terminal; we take no notice of one meanwhile, nor of SIGQUIT. Where the terminal is another user's it gets a session of
 * its own: who has a terminal can type in it (TIOCSTI), and what reads there later may be root's shell. SIGINT and SIGQUIT are
 * handed on then, to its process group. SIGTERM and SIGHUP are handed on, to the command, or when it
 * has ended to those it left behind. Descendants that lose their parents become our children. Signals that
 * were ignored when we were started stay so for the command; all others have their default action.
 * HOME, USER, LOGNAME and SHELL become the user's where they are those of the user that we are.
 * Children that we have already are not waited for, counted or signalled.
 * Needs: one thread.
 * Out:     ret_status  of the command, as a shell tells it
 * Errors:  -EINTR stop was up already; or another negative errno: the command was not started (IOW-EXEC-COMMAND)
 */
int iow_supervise(const struct iow_supervision *what, int *ret_status);

/* iow_supervise_look - would the command be found, and may the user execute it? Where exec would look, and as the user.
 * Errors: negative errno, as of iow_supervise(); 0 is no promise that it starts */
int iow_supervise_look(const struct iow_supervision *what);

/* iow_supervise_failure_status - what a shell exits with when it cannot start a command: 127 or 126 */
int iow_supervise_failure_status(int error);

/*
 * iow_supervision_lock - a lock that lives as long as anybody who inherited it: the file run-TRANSACTION, locked
 * shared. Whoever can lock it exclusively knows that nobody is left.
 * Out:     ret_fd  CLOEXEC
 * Errors:  negative errno
 */
int iow_supervision_lock(const char *folder, int64_t transaction, int *ret_fd);

/* iow_supervision_unlock - removes the file and closes fd; does not mind if there is none, or fd is -1 */
void iow_supervision_unlock(const char *folder, int64_t transaction, int fd);

#endif
