/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <poll.h>
#include <time.h>

#include "host/linux/act.h"

#define USEC_PER_SEC 1000000u
#define STOPPED_USEC (2 * USEC_PER_SEC)
/* A flag is raised by a signal that may come just before we sleep; it is looked at this often. */
#define LOOK_USEC 100000u
/* What cannot be polled is looked at this often. */
#define NO_FILE_USEC 10000u

static uint64_t now_usec(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * USEC_PER_SEC + (uint64_t)now.tv_nsec / 1000;
}

struct iow_wait iow_wait_begin(uint64_t timeout_usec, const volatile int *stop)
{
    struct iow_wait wait = {.stop = stop, .stop_before = stop ? *stop : 0};

    if (wait.stop_before && timeout_usec > STOPPED_USEC)
        timeout_usec = STOPPED_USEC;
    if (__builtin_add_overflow(now_usec(), timeout_usec, &wait.deadline_usec))
        wait.deadline_usec = UINT64_MAX;
    return wait;
}

bool iow_wait_more(const struct iow_wait *wait, int fd)
{
    struct pollfd file = {.fd = fd, .events = POLLIN};
    uint64_t now = now_usec(), most = fd < 0 ? NO_FILE_USEC : LOOK_USEC, left;
    struct timespec time;

    if (now >= wait->deadline_usec || (wait->stop && *wait->stop != wait->stop_before))
        return false;
    left = wait->deadline_usec - now;
    time.tv_nsec = (long)(left < most ? left : most) * 1000;
    time.tv_sec = 0;
    (void)ppoll(&file, 1, &time, NULL);
    return true;
}
