/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/effort.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "host/linux/act.h"

/* Positions behind the command's name, which may hold any byte but ends at the last parenthesis. */
#define FIELD_STATE 3
#define FIELD_START 22

struct stat_line {
    char state;
    uint64_t start_ticks;
};

/* Source: fs/proc/array.c do_task_stat() */
static int parse_stat(const char *text, struct stat_line *ret)
{
    const char *at = strrchr(text, ')');
    char *end;

    if (!at || at[1] != ' ' || !at[2])
        return -EIO;
    ret->state = at[2];
    at += 2;
    for (int field = FIELD_STATE; field < FIELD_START; field++) {
        at = strchr(at, ' ');
        if (!at)
            return -EIO;
        at++;
    }
    errno = 0;
    ret->start_ticks = strtoull(at, &end, 10);
    return errno || end == at ? -EIO : 0;
}

/* The live /proc also for a machine whose files are elsewhere: processes are those that we can wait for. */
static int read_stat(uint32_t pid, struct stat_line *ret)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char text[1024];
    ssize_t n;

    (void)snprintf(text, sizeof(text), "/proc/%" PRIu32 "/stat", pid);
    fd = open(text, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    do
        n = read(fd, text, sizeof(text) - 1);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return errno == ESRCH ? -ENOENT : -errno;
    text[n] = '\0';
    return parse_stat(text, ret);
}

int iow_effort_of(pid_t pid, struct iow_effort *ret)
{
    struct stat_line line;
    int r = pid > 0 ? read_stat((uint32_t)pid, &line) : -EINVAL;

    if (r < 0)
        return r;
    *ret = (struct iow_effort){.pid = (uint32_t)pid, .start_ticks = line.start_ticks};
    return 0;
}

/* Ended and perhaps not reaped yet: 'Z', and 'X' for the moment in between. */
static bool ended(char state)
{
    return state == 'Z' || state == 'X' || state == 'x';
}

bool iow_effort_alive(const struct iow_effort *effort)
{
    struct stat_line line;
    int r;

    if (effort->pid == 0)
        return false;
    r = read_stat(effort->pid, &line);
    if (r < 0)
        return r != -ENOENT;
    return line.start_ticks == effort->start_ticks && !ended(line.state);
}

/* Only what is surely that process: another child of ours may have got its number. */
static void reap(const struct iow_effort *effort)
{
    struct stat_line line;

    if (read_stat(effort->pid, &line) == 0 && line.start_ticks == effort->start_ticks)
        (void)waitpid((pid_t)effort->pid, NULL, WNOHANG);
}

int iow_effort_await(const struct iow_effort *effort, uint64_t timeout_usec, const volatile int *stop)
{
    struct iow_wait wait = iow_wait_begin(timeout_usec, stop);
    IOW_CLEANUP_CLOSE int pidfd = effort->pid ? pidfd_open((pid_t)effort->pid, 0) : -1;

    /* Whether the number still means that process is asked after it was opened. */
    while (iow_effort_alive(effort))
        if (!iow_wait_more(&wait, pidfd))
            return -IOW_EINPROGRESS;
    if (effort->pid)
        reap(effort);
    return 0;
}
