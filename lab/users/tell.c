/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tell.so - preloaded into a user of VFIO that strace watches: what its requests point at
 *
 * strace shows a pointer and not what is there. So it is told in writes to no file, "vfio WORD...", which
 * strace does show: before the request what goes in, after it what came out. With VFIO_KILL_AT=N in the
 * environment the process ends by SIGKILL where it would make its Nth request. */

#include <dlfcn.h>
#include <errno.h>
#include <linux/vfio.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    NO_FILE = -1,
};

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    char text[128];
    va_list list;
    int length, kept = errno;

    va_start(list, format);
    length = vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    (void)!write(NO_FILE, text, (size_t)length);
    errno = kept;
}

/* A container's mapping has the same number, and another length for what would be its count. */
static void tell_hot_reset(const struct vfio_pci_hot_reset *reset)
{
    if (reset->argsz != sizeof(*reset) + reset->count * sizeof(*reset->group_fds))
        return;
    tell("vfio argsz %u count %u first %d last %d", reset->argsz, reset->count,
        reset->count ? reset->group_fds[0] : NO_FILE,
        reset->count ? reset->group_fds[reset->count - 1] : NO_FILE);
}

/* A container has requests with the numbers of some of a device's: their first fields are the same. */
static void tell_before(unsigned long request, const void *argument)
{
    switch (request) {
    case VFIO_GROUP_SET_CONTAINER:
        tell("vfio container %d", *(const int *)argument);
        break;
    case VFIO_GROUP_GET_DEVICE_FD:
        tell("vfio name %s", (const char *)argument);
        break;
    case VFIO_DEVICE_GET_PCI_HOT_RESET_INFO:
        tell("vfio argsz %u", *(const uint32_t *)argument);
        break;
    case VFIO_DEVICE_PCI_HOT_RESET:
        tell_hot_reset(argument);
        break;
    case VFIO_DEVICE_FEATURE:
        tell("vfio argsz %u flags %u", ((const uint32_t *)argument)[0], ((const uint32_t *)argument)[1]);
        break;
    default:
        break;
    }
}

static void tell_after(unsigned long request, const void *argument)
{
    const struct vfio_pci_hot_reset_info *info = argument;

    if (request == VFIO_GROUP_GET_STATUS)
        tell("vfio flags %u", ((const struct vfio_group_status *)argument)->flags);
    if (request == VFIO_DEVICE_GET_PCI_HOT_RESET_INFO)
        tell("vfio count %u", info->flags << 8 | info->count); /* as the model tells them */
}

static void end_when_due(void)
{
    static unsigned requests;
    const char *due = getenv("VFIO_KILL_AT");

    if (due && __atomic_add_fetch(&requests, 1, __ATOMIC_RELAXED) == strtoul(due, NULL, 10))
        kill(getpid(), SIGKILL);
}

int ioctl(int fd, unsigned long request, ...)
{
    int (*real)(int, unsigned long, ...);
    va_list list;
    void *argument;
    int r;

    va_start(list, request);
    argument = va_arg(list, void *);
    va_end(list);
    *(void **)&real = dlsym(RTLD_NEXT, "ioctl");
    if (_IOC_TYPE(request) != VFIO_TYPE)
        return real(fd, request, argument);
    end_when_due();
    tell_before(request, argument);
    r = real(fd, request, argument);
    if (r == 0)
        tell_after(request, argument);
    return r;
}
