/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Starting helpers and waiting for them.
 *
 * A helper may sleep in the kernel for as long as a device has a user. A signal would not end that, only make it worse: an
 * unbind that was interrupted sleeps on uninterruptibly (Linux drivers/vfio/vfio_main.c vfio_unregister_group_dev()).
 * So it runs with every signal blocked, in a session of its own, and nobody here ever sends it one.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/effort.h"
#include "host/linux/act.h"

int iow_fd_above_standard(int fd)
{
    int moved, error;

    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    error = errno;
    (void)close(fd);
    errno = error;
    return moved;
}

static void close_on_exec_from(int first)
{
    if (close_range((unsigned)first, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    /* Before Linux 5.11. Ours are marked anyway; this is for what others left open in us. */
    for (int fd = first; fd < 4096; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* In the child, between fork and exec: calls that are safe there only. */
static int become_helper(int program, int in, int out, int null, char *const *argv)
{
    char *const nothing[] = {NULL};

    /* Signals that end a process by default are ignored too, in case something unblocks them. */
    for (int number = 1; number < SIGRTMIN; number++)
        if (number != SIGCHLD)
            (void)signal(number, SIG_IGN);
    (void)signal(SIGCHLD, SIG_DFL);
    (void)setsid();
    if (chdir("/") < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(null, STDERR_FILENO) < 0)
        return errno;
    close_on_exec_from(STDERR_FILENO + 1);
    (void)execveat(program, "", argv, nothing, AT_EMPTY_PATH);
    return errno;
}

static pid_t fork_blocked(void)
{
    sigset_t all, before;
    pid_t pid;

    (void)sigfillset(&all);
    (void)sigprocmask(SIG_SETMASK, &all, &before);
    pid = fork();
    if (pid != 0)
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return pid;
}

/* What the child could not do before it became another program: its errno; 0 when it did. */
static int exec_error(int fd)
{
    int error = 0;
    ssize_t n;

    do
        n = read(fd, &error, sizeof(error));
    while (n < 0 && errno == EINTR);
    return n == sizeof(error) ? error : 0;
}

static int open_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    ends[0] = iow_fd_above_standard(ends[0]);
    ends[1] = iow_fd_above_standard(ends[1]);
    return ends[0] < 0 || ends[1] < 0 ? -EMFILE : 0;
}

static void reap(pid_t pid)
{
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

int iow_helper_start(int program, int in, int out, const char *const *args, struct iow_helper *ret)
{
    IOW_CLEANUP_CLOSE int null = iow_fd_above_standard(open("/dev/null", O_RDWR | O_CLOEXEC));
    const char *argv[IOW_HELPER_ARGS + 2] = {IOW_HELPER_NAME};
    int ends[2] = {-1, -1}, r;
    pid_t pid = -1;

    if (null < 0)
        return -errno;
    for (int i = 0; i < IOW_HELPER_ARGS && args[i]; i++)
        argv[i + 1] = args[i];
    r = open_pipe(ends);
    if (r == 0 && (pid = fork_blocked()) < 0)
        r = -errno;
    if (pid == 0) {
        r = become_helper(program, in, out, null, (char *const *)argv);
        (void)!write(ends[1], &r, sizeof(r));
        _exit(EXIT_FAILURE);
    }
    iow_cleanup_close(&ends[1]);
    if (pid > 0)
        r = -exec_error(ends[0]);
    iow_cleanup_close(&ends[0]);
    if (pid > 0 && r < 0)
        reap(pid);
    /* It is our child and has not been reaped: its number means it, even if it has ended. */
    if (r == 0)
        r = iow_effort_of(pid, &ret->effort);
    if (r == 0)
        ret->pidfd = pidfd_open(pid, 0);
    return r;
}

static int code_to_error(const siginfo_t *info)
{
    if (info->si_code != CLD_EXITED)
        return -EIO; /* somebody killed it: what came of it must be looked at */
    if (info->si_status == 0)
        return 0;
    return info->si_status <= EHWPOISON ? -info->si_status : -EIO;
}

int iow_helper_wait(struct iow_helper *helper, const struct iow_wait *wait)
{
    siginfo_t info = {.si_pid = 0};
    int r = 0;

    for (;;) {
        r = waitid(P_PID, helper->effort.pid, &info, WEXITED | WNOHANG);
        if (r < 0 && errno != EINTR) {
            r = -errno;
            break;
        }
        if (r == 0 && info.si_pid != 0) {
            r = code_to_error(&info);
            break;
        }
        if (!iow_wait_more(wait, helper->pidfd)) {
            r = -IOW_EINPROGRESS;
            break;
        }
    }
    iow_cleanup_close(&helper->pidfd);
    *helper = (struct iow_helper){.pidfd = -1};
    return r;
}
