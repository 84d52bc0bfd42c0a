/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <errno.h>
#include <ioward/lock.h>
#include <ioward/ownership.h>
#include <pthread.h>

#define ROUNDS 20000

struct counter {
    pthread_mutex_t mutex;
    int value; /* under the mutex */
};

static void *count(void *counter_)
{
    struct counter *counter = counter_;

    for (int i = 0; i < ROUNDS; i++) {
        iow_lock_pthread(&counter->mutex);
        counter->value++;
        iow_unlock_pthread(&counter->mutex);
    }
    return NULL;
}

static void what_two_threads_count_under_the_lock_is_not_lost(void **state)
{
    struct counter counter = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread[2];

    (void)state;
    for (size_t i = 0; i < COUNT(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, count, &counter), 0);
    for (size_t i = 0; i < COUNT(thread); i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_int_equal(counter.value, ROUNDS * (int)COUNT(thread));
}

/* Asked of another thread, since a mutex may or may not tell its own holder. */
static void *try(void *mutex)
{
    int r = pthread_mutex_trylock(mutex);

    if (r == 0)
        (void)pthread_mutex_unlock(mutex);
    return (void *)(intptr_t)r;
}

static int seen_by_another(pthread_mutex_t *mutex)
{
    pthread_t thread;
    void *r;

    assert_int_equal(pthread_create(&thread, NULL, try, mutex), 0);
    assert_int_equal(pthread_join(thread, &r), 0);
    return (int)(intptr_t)r;
}

static void the_lock_keeps_others_out_until_it_is_left(void **state)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    (void)state;
    iow_lock_pthread(&mutex);
    assert_int_equal(seen_by_another(&mutex), EBUSY);
    iow_unlock_pthread(&mutex);
    assert_int_equal(seen_by_another(&mutex), 0);
}

static void the_hooks_of_the_arbiter_take_it_as_it_is(void **state)
{
    const struct iow_dma_hooks hooks = {.lock = iow_lock_pthread, .unlock = iow_unlock_pthread};
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

    (void)state;
    hooks.lock(&mutex);
    assert_int_equal(seen_by_another(&mutex), EBUSY);
    hooks.unlock(&mutex);
    assert_int_equal(seen_by_another(&mutex), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_two_threads_count_under_the_lock_is_not_lost),
        cmocka_unit_test(the_lock_keeps_others_out_until_it_is_left),
        cmocka_unit_test(the_hooks_of_the_arbiter_take_it_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
