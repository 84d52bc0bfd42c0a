/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes of the running machine, for the probes that look at them. */
#ifndef IOWARD_HOST_LINUX_READ_PROCESSES_H
#define IOWARD_HOST_LINUX_READ_PROCESSES_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A process, or a thread of it that may see or have open what no task shown before it does: threads may have
 * namespaces and open files of their own, and outlive the first thread, which then has nothing any more.
 */
struct iow_process {
    uint32_t pid;     /* of the process, also for a thread */
    const char *name; /* the same in digits */
    int process;      /* /proc/PID */
    int folder;       /* what is looked at: the same, or the thread's own /proc/TID */
    bool own;         /* the process that asks */
    bool same_files; /* its open files are those of the task that was shown before, one of the same process */
    bool same_memory; /* and so is its memory */
};

/*
 * iow_processes_visit - calls back for each process and then for those threads of it, until it returns other than
 *                       0; that value, or 0
 * In:      root_fd  borrowed
 * Out:     complete set to false if a process could not be looked at, or is not shown at all
 */
int iow_processes_visit(
    int root_fd, int (*visit)(void *ctx, const struct iow_process *process), void *ctx, bool *complete);

/* iow_process_hides - not being let in hides something; a process that is gone has nothing */
static inline bool iow_process_hides(int error)
{
    return error != ENOENT && error != ESRCH;
}

/*
 * iow_process_mounts_by_root - did what it sees mounted need root of the machine? Not if its mount namespace is one
 *                              that users may make: they can hide there what they like, but were given nothing that
 *                              a device carries
 */
bool iow_process_mounts_by_root(int folder);

/* iow_process_text - reads what there is of a small file. Its length, 0 on any error */
size_t iow_process_text(int folder, const char *name, char *buf, size_t size);

/* iow_process_command - what it calls itself; a stranger's bytes */
#define IOW_COMMAND 64
void iow_process_command(int folder, char buf[IOW_COMMAND]);

#endif
