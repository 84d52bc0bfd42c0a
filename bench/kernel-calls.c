/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel takes for its decisions about an owner, in a guest of the lab:
 *
 *   kernel-calls bind DRIVER ADDRESS NUMBER    binds and unbinds the driver
 *   kernel-calls claim GROUP NUMBER            claims the group through VFIO, and gives it back
 *
 * Prints the nanoseconds of each first and each second call: medians of all.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

struct calls {
    int first, second; /* files */
    const char *text;  /* to write to them; NULL: the calls of a group */
    int container;
};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(1);
}

static int open_or_give_up(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);

    if (fd < 0)
        give_up(path);
    return fd;
}

static long long now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void call(struct calls *calls, int second)
{
    int fd = second ? calls->second : calls->first;
    int r;

    if (calls->text)
        r = (int)write(fd, calls->text, strlen(calls->text));
    else
        r = second ? ioctl(fd, VFIO_GROUP_UNSET_CONTAINER)
                   : ioctl(fd, VFIO_GROUP_SET_CONTAINER, &calls->container);
    if (r < 0)
        give_up(second ? "the second call" : "the first call");
}

static int by_number(const void *a, const void *b)
{
    const long long *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void measure(struct calls *calls, int n)
{
    long long *ns = calloc(2 * (size_t)n, sizeof(*ns)), before;

    if (!ns)
        give_up("calloc");
    for (int i = 0; i < n; i++)
        for (int second = 0; second < 2; second++) {
            before = now_ns();
            call(calls, second);
            ns[second * n + i] = now_ns() - before;
        }
    for (int second = 0; second < 2; second++)
        qsort(ns + second * n, (size_t)n, sizeof(*ns), by_number);
    (void)printf("%lld %lld\n", ns[n / 2], ns[n + n / 2]);
    free(ns);
}

int main(int argc, char **argv)
{
    struct calls calls = {0};
    char path[128];

    if (argc == 5 && strcmp(argv[1], "bind") == 0) {
        (void)snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s/bind", argv[2]);
        calls.first = open_or_give_up(path, O_WRONLY);
        (void)snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s/unbind", argv[2]);
        calls.second = open_or_give_up(path, O_WRONLY);
        calls.text = argv[3];
    } else if (argc == 4 && strcmp(argv[1], "claim") == 0) {
        (void)snprintf(path, sizeof(path), "/dev/vfio/%s", argv[2]);
        calls.first = calls.second = open_or_give_up(path, O_RDWR);
        calls.container = open_or_give_up("/dev/vfio/vfio", O_RDWR);
    } else {
        (void)fputs("usage: kernel-calls bind DRIVER ADDRESS NUMBER | claim GROUP NUMBER\n", stderr);
        return 2;
    }
    measure(&calls, atoi(argv[argc - 1]) > 0 ? atoi(argv[argc - 1]) : 1);
    return 0;
}
