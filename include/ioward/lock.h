/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A lock for the arbiter's hooks, where there is a C library: a POSIX mutex.
 *
 *     struct iow_dma_hooks hooks = {.lock = iow_lock_pthread, .unlock = iow_unlock_pthread, ...};
 *     iow_dma_group_init(&group, &arbiter, type, &mutex);
 *
 * Knows the mutex only: the embedder initialises and destroys it. Hosted builds only.
 */
#ifndef IOWARD_LOCK_H
#define IOWARD_LOCK_H

#ifdef __cplusplus
extern "C" {
#endif

/* iow_lock_pthread, iow_unlock_pthread - take and leave a pthread_mutex_t that is in order: initialised,
 * and not held by this thread before it is taken. Such a mutex cannot fail, so nothing is returned. */
void iow_lock_pthread(void *mutex);
void iow_unlock_pthread(void *mutex);

#ifdef __cplusplus
}
#endif
#endif
