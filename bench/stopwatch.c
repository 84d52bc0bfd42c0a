/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command with its output thrown away and prints what it cost: wall clock and user+sys in
 * microseconds, peak resident set in KiB.
 *
 * A program of its own since a process inherits the peak of the one that started it: this one's is small.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static long long us(struct timeval t)
{
    return t.tv_sec * 1000000LL + t.tv_usec;
}

static void become(char **command)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

    if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
        (void)execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

int main(int argc, char **argv)
{
    long long start = now_us();
    struct rusage used;
    int status;
    pid_t pid = argc < 2 ? -1 : fork();

    if (pid == 0)
        become(argv + 1);
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
        (void)fputs("usage: stopwatch COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    (void)printf("%lld %lld %ld\n", now_us() - start, us(used.ru_utime) + us(used.ru_stime), used.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
