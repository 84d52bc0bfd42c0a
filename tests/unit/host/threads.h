/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes of this machine with threads that differ. */
#ifndef IOWARD_TESTS_HOST_THREADS_H
#define IOWARD_TESTS_HOST_THREADS_H

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct odd_process {
    pid_t pid;
};

/* How the second thread differs. */
struct odd_thread {
    int unshared;       /* flags of unshare(2) */
    const char *opened; /* the file it opens; NULL: none */
    bool alone;         /* the first thread ends */
    int told;
};

static inline void *be_odd(void *arg)
{
    const struct odd_thread *thread = arg;
    bool good = unshare(thread->unshared) == 0 && (!thread->opened || open(thread->opened, O_RDONLY) >= 0);

    /* The first thread may need a moment to end. */
    if (thread->alone)
        usleep(100000);
    (void)!write(thread->told, good ? "y" : "n", 1);
    for (;;)
        pause();
    return NULL;
}

static inline void run_odd(struct odd_thread *thread)
{
    pthread_t id;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (pthread_create(&id, NULL, be_odd, thread) != 0)
        _exit(1);
    if (thread->alone)
        syscall(SYS_exit, 0);
    for (;;)
        pause();
}

/* False: a thread may not be like that here. */
static inline bool begin_odd(struct odd_process *process, struct odd_thread thread)
{
    int told[2];
    char answer = 'n';

    assert_int_equal(pipe(told), 0);
    process->pid = fork();
    assert_true(process->pid >= 0);
    thread.told = told[1];
    if (process->pid == 0)
        run_odd(&thread);
    close(told[1]);
    (void)!read(told[0], &answer, 1);
    close(told[0]);
    return answer == 'y';
}

static inline void end_odd(struct odd_process *process)
{
    int status;

    assert_int_equal(kill(process->pid, SIGKILL), 0);
    assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
}

#endif
