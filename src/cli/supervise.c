/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "base/cleanup.h"
#include "cli/supervise-user.h"

/* Far from the numbers that programs choose for their own files, so that a shell script does not close it by chance. */
#define LOCK_NUMBER 100
/* Processes of a pipeline end one after the other; those are not left behind. */
#define LEFT_BEHIND_MSEC 200
#define EXIT_NOT_FOUND 127
#define EXIT_NOT_EXECUTABLE 126
#define EXIT_SIGNAL 128

struct supervisor {
    const struct iow_supervision *what;
    pid_t command; /* 0: has ended */
    int status;
    bool told, apart; /* apart: in a session of its own */
    struct iow_earlier earlier;
    sigset_t before, waited;
    struct sigaction child_before;
};

/* In the child, before it becomes the command. */

/* Without a limit means as far as we may: in some containers root may not raise it, and most commands can do with less. */
static int limit_locked_memory(uint64_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};

    if (bytes == SUPERVISE_KEEP_LIMIT)
        return 0;
    if (bytes == SUPERVISE_NO_LIMIT)
        limit.rlim_cur = limit.rlim_max = RLIM_INFINITY;
    if (setrlimit(RLIMIT_MEMLOCK, &limit) == 0)
        return 0;
    if (errno != EPERM || bytes != SUPERVISE_NO_LIMIT || getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
        return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}

/* Everything but the standard files, the lock and, until there is another program, the way to report; its new number. */
static int keep_files(int lock, int report)
{
    int last = STDERR_FILENO, moved = report;

    if (lock >= 0) {
        last = fcntl(lock, F_DUPFD, LOCK_NUMBER);
        if (last < 0)
            last = fcntl(lock, F_DUPFD, STDERR_FILENO + 1); /* so few files may be open */
        if (last < 0)
            return -1;
    }
    moved = fcntl(report, F_DUPFD_CLOEXEC, last + 1);
    if (moved < 0)
        return -1;
    /* Where the kernel has no such call, ours are closed by exec. */
    if (last > STDERR_FILENO + 1)
        (void)close_range(STDERR_FILENO + 1, (unsigned)last - 1, 0);
    if (moved > last + 1)
        (void)close_range((unsigned)last + 1, (unsigned)moved - 1, 0);
    (void)close_range((unsigned)moved + 1, ~0u, 0);
    return moved;
}

static _Noreturn void run_command(const struct supervisor *supervisor, char *const *environment, int report)
{
    const struct iow_supervision *what = supervisor->what;
    int moved = keep_files(what->lock, report), error;

    if (moved >= 0 && (!supervisor->apart || setsid() >= 0) &&
        limit_locked_memory(what->memlock_bytes) == 0 && iow_become_user(what) == 0) {
        (void)signal(SIGPIPE, SIG_DFL); /* ignored by us, not by whoever started us */
        (void)sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
        (void)execvpe(what->argv[0], what->argv, environment);
    }
    error = errno;
    (void)!write(moved >= 0 ? moved : report, &error, sizeof(error));
    _exit(EXIT_NOT_FOUND);
}

/* In the parent. */

static int start(struct supervisor *supervisor, char *const *environment)
{
    int ends[2], error = 0;
    pid_t pid;
    ssize_t n;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    pid = fork();
    if (pid == 0)
        run_command(supervisor, environment, ends[1]);
    error = errno;
    (void)close(ends[1]);
    if (pid > 0) {
        do
            n = read(ends[0], &error, sizeof(error));
        while (n < 0 && errno == EINTR);
        if (n != sizeof(error))
            error = 0;
    }
    (void)close(ends[0]);
    if (error && pid > 0)
        (void)waitpid(pid, NULL, 0);
    supervisor->command = error ? 0 : pid;
    return -error;
}

static void begin_waiting(struct supervisor *supervisor)
{
    static const int numbers[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    struct sigaction plain = {.sa_handler = SIG_DFL}, old;

    (void)sigemptyset(&supervisor->waited);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i] == SIGCHLD || (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN))
            (void)sigaddset(&supervisor->waited, numbers[i]);
    /* Ignored, children would vanish without telling how they ended. */
    (void)sigaction(SIGCHLD, &plain, &supervisor->child_before);
    (void)sigprocmask(SIG_BLOCK, &supervisor->waited, &supervisor->before);
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* What came meanwhile was for the command. */
static void end_waiting(const struct supervisor *supervisor)
{
    const struct timespec no_time = {0};

    while (sigtimedwait(&supervisor->waited, NULL, &no_time) > 0)
        ;
    (void)prctl(PR_SET_CHILD_SUBREAPER, 0);
    (void)sigaction(SIGCHLD, &supervisor->child_before, NULL);
    (void)sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
}

static bool from_terminal(int number)
{
    return number == SIGINT || number == SIGQUIT;
}

/* None of those it gets has been reaped, so their numbers mean them. A terminal signals a process group. */
static void hand_on(const struct supervisor *supervisor, int number)
{
    if (!supervisor->command)
        iow_children_signal(number, &supervisor->earlier);
    else
        (void)kill(from_terminal(number) ? -supervisor->command : supervisor->command, number);
}

/* Takes note of all that have ended; are there any left that came of the command? */
static bool reap(struct supervisor *supervisor)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR)) {
        if (pid < 0 || pid != supervisor->command)
            continue;
        supervisor->command = 0;
        supervisor->status = WIFSIGNALED(status) ? EXIT_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return pid == 0 &&
           (supervisor->command || !supervisor->earlier.n || iow_children_any(&supervisor->earlier));
}

static void tell_left_behind(struct supervisor *supervisor)
{
    const struct iow_left_behind who = iow_descendants(&supervisor->earlier);

    if (who.n == 0)
        return;
    supervisor->told = true;
    if (supervisor->what->left_behind)
        supervisor->what->left_behind(supervisor->what->ctx, &who);
}

static void wait_for_all(struct supervisor *supervisor)
{
    unsigned patience = supervisor->what->patience_msec ? supervisor->what->patience_msec : LEFT_BEHIND_MSEC;
    const struct timespec moment = {.tv_sec = patience / 1000, .tv_nsec = patience % 1000 * 1000000L};

    while (reap(supervisor)) {
        bool may_tell = !supervisor->command && !supervisor->told;
        int number = sigtimedwait(&supervisor->waited, NULL, may_tell ? &moment : NULL);

        if (number == SIGTERM || number == SIGHUP || (supervisor->apart && from_terminal(number)))
            hand_on(supervisor, number);
        else if (number < 0 && errno == EAGAIN)
            tell_left_behind(supervisor);
    }
}

int iow_supervise(const struct iow_supervision *what, int *ret_status)
{
    IOW_CLEANUP(iow_environment_free) char **environment = iow_environment_for(what);
    struct supervisor supervisor = {.what = what};
    int r;

    if (!environment || !iow_earlier_note(&supervisor.earlier))
        return -ENOMEM;
    supervisor.apart = !iow_terminal_is_his(what);
    begin_waiting(&supervisor);
    /* From here on a signal is for the command; one that came before was for us. */
    r = what->stop && *what->stop ? -EINTR : start(&supervisor, environment);
    if (r == 0)
        wait_for_all(&supervisor);
    end_waiting(&supervisor);
    iow_earlier_free(&supervisor.earlier);
    if (r == 0)
        *ret_status = supervisor.status;
    return r;
}

int iow_supervise_failure_status(int error)
{
    return error == ENOENT || error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
}
