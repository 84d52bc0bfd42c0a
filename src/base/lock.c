/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of the arbiter's locking that needs a C library. */
#include <ioward/lock.h>

#include <pthread.h>

void iow_lock_pthread(void *mutex)
{
    (void)pthread_mutex_lock(mutex);
}

void iow_unlock_pthread(void *mutex)
{
    (void)pthread_mutex_unlock(mutex);
}
