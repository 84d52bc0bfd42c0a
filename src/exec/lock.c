/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exec/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/explain.h"

#define POLL_MSEC 50

static uint64_t monotonic_usec(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int fail(const char *path, int error, struct iow_explain *reterr)
{
    int r = error == EACCES || error == EPERM ? -IOW_EACCES : -IOW_EIO;
    char text[IOW_EXPLAIN_TEXT];

    (void)snprintf(text, sizeof(text), "%s: %s", path, strerror(error));
    return iow_explain_text(reterr, r, IOW_RULE_EXEC_JOURNAL, text);
}

/* Somebody may have removed the file since it was opened; a lock on what has no name keeps nobody out. */
static bool still_there(int fd, const char *path)
{
    struct stat held, named;

    return fstat(fd, &held) == 0 && lstat(path, &named) == 0 && held.st_dev == named.st_dev &&
           held.st_ino == named.st_ino;
}

/* Only for those who wait: nobody relies on it. */
static void write_holder(int fd)
{
    char text[16];
    int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());

    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)len, 0) < 0)
        return;
}

static uint32_t read_holder(int fd)
{
    char text[16] = "";
    uint32_t pid = 0;

    if (pread(fd, text, sizeof(text) - 1, 0) <= 0 || sscanf(text, "%9" SCNu32, &pid) != 1)
        return 0;
    return pid;
}

/* 1: it is ours; 0: another has it, holder tells who; or an error */
static int try_once(const char *path, int *ret_fd, uint32_t *holder, struct iow_explain *reterr)
{
    IOW_CLEANUP_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return fail(path, errno, reterr);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail(path, errno, reterr);
        *holder = read_holder(fd);
        return 0;
    }
    if (!still_there(fd, path))
        return 0;
    write_holder(fd);
    *ret_fd = iow_take_fd(&fd);
    return 1;
}

static int refuse(const char *path, uint32_t holder, struct iow_explain *reterr)
{
    iow_explain_text(reterr, -IOW_ETIMEDOUT, IOW_RULE_EXEC_LOCKED, path);
    if (reterr && holder) {
        reterr->subject.kind = IOW_SUBJECT_PROCESS;
        reterr->subject.number = holder;
    }
    return -IOW_ETIMEDOUT;
}

/* Asks again and again: flock() that waits could be ended only by a signal, and signals come too early at times. */
int iow_lock_take(const char *path, uint64_t timeout_usec, const volatile int *stop,
    void (*waiting)(void *ctx, uint32_t pid), void *ctx, int *ret_fd, struct iow_explain *reterr)
{
    uint64_t begun = monotonic_usec();
    uint32_t holder = 0;
    bool told = false;

    for (;;) {
        uint64_t passed;
        int r = try_once(path, ret_fd, &holder, reterr);

        if (r != 0)
            return r < 0 ? r : 0;
        if (stop && *stop)
            return iow_explain(reterr, -IOW_EINTR, IOW_RULE_EXEC_STOPPED);
        passed = monotonic_usec() - begun;
        if (passed >= timeout_usec)
            return refuse(path, holder, reterr);
        if (waiting && !told)
            waiting(ctx, holder);
        told = true;
        (void)poll(NULL, 0, timeout_usec - passed < POLL_MSEC * 1000 ? 1 : POLL_MSEC);
    }
}
