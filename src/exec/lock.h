/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One ioward changes the machine at a time: a lock on a file in /run/ioward, gone with its holder. */
#ifndef IOWARD_EXEC_LOCK_H
#define IOWARD_EXEC_LOCK_H

#include <ioward/error.h>

/*
 * iow_lock_take - waits for the lock
 * In:      path          of the lock's file; created with mode 0600
 *          stop          not 0: give up; may be NULL
 *          waiting       called once when it has to wait, with the pid of the holder (0: not known); may be NULL
 * Out:     ret_fd        holds the lock until closed (CLOEXEC)
 * Errors:  -IOW_ETIMEDOUT (IOW-EXEC-LOCKED, subject: the process that holds it); -IOW_EINTR (IOW-EXEC-STOPPED);
 *          -IOW_EACCES, -IOW_EIO (IOW-EXEC-JOURNAL)
 */
int iow_lock_take(const char *path, uint64_t timeout_usec, const volatile int *stop,
    void (*waiting)(void *ctx, uint32_t pid), void *ctx, int *ret_fd, struct iow_explain *reterr);

#endif
