/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of variables of the live machine, as plan.h defines them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "facts/parse.h"
#include "host/effort.h"
#include "host/linux/act.h"

#define NO_OVERRIDE "(null)"

bool iow_act_file_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= NAME_MAX && !strchr(name, '/') && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

static const char *function_path(const struct iow_step *step, char path[64])
{
    char address[IOW_ADDRESS_TEXT];

    (void)snprintf(path, 64, "sys/bus/pci/devices/%s", iow_address_format(&step->function, address));
    return path;
}

/* Reading an attribute whose device is being removed is ENODEV, one that is removed ENOENT. */
static int gone_or(int error)
{
    return error == ENOENT || error == ENODEV ? -IOW_ENODEV : -error;
}

int iow_act_read_text(int folder, const char *path, char *buf, size_t size)
{
    IOW_CLEANUP_CLOSE int fd = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return -errno;
    do
        n = read(fd, buf, size - 1);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    if (n > 0 && buf[n - 1] == '\n')
        n--;
    buf[n] = '\0';
    return (int)n;
}

static int read_id(int folder, const char *name, uint32_t *ret)
{
    char text[16];
    uint64_t value;
    int n = iow_act_read_text(folder, name, text, sizeof(text));

    if (n < 0)
        return gone_or(-n);
    if (iow_parse_number(text, (size_t)n, true, UINT16_MAX, &value) < 0)
        return -IOW_EIO;
    *ret = (uint32_t)value;
    return 0;
}

static int check_identity(int folder, uint32_t identity)
{
    uint32_t vendor, device;
    int r;

    if (identity == 0)
        return 0;
    r = read_id(folder, "vendor", &vendor);
    if (r == 0)
        r = read_id(folder, "device", &device);
    if (r == 0 && (vendor << 16 | device) != identity)
        r = -IOW_ESTALE;
    return r;
}

int iow_act_open_function(const struct iow_live *live, const struct iow_step *step)
{
    IOW_CLEANUP_CLOSE int folder = -1;
    char path[64];
    int r;

    folder = openat(live->root, function_path(step, path), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return gone_or(errno);
    r = check_identity(folder, step->identity);
    return r < 0 ? r : iow_take_fd(&folder);
}

static int observe_load(const struct iow_live *live, const struct iow_step *step, char *value)
{
    const char *driver = step->after[0] ? step->after : step->before;
    char path[NAME_MAX + sizeof("sys/bus/pci/drivers/")];

    if (!iow_act_file_name(driver))
        return -IOW_EINVAL;
    (void)snprintf(path, sizeof(path), "sys/bus/pci/drivers/%s", driver);
    if (faccessat(live->root, path, F_OK, 0) == 0)
        strcpy(value, driver);
    else if (errno != ENOENT)
        return -errno;
    return 0;
}

/* The folder that is open may be of a device that is gone; whether there is one by that name is asked anew. */
static int no_driver(const struct iow_live *live, const struct iow_step *step)
{
    char path[64];

    return faccessat(live->root, function_path(step, path), F_OK, 0) < 0 ? gone_or(errno) : 0;
}

static int observe_driver(const struct iow_live *live, const struct iow_step *step, int folder, char *value)
{
    char link[PATH_MAX];
    ssize_t n = readlinkat(folder, "driver", link, sizeof(link) - 1);

    if (n < 0)
        return errno == ENOENT || errno == ENODEV ? no_driver(live, step) : -errno;
    link[n] = '\0';
    strcpy(value, basename(link));
    return 0;
}

static struct iow_slow_read **find_slow_read(struct iow_live *live, const struct iow_address *function)
{
    struct iow_slow_read **at = &live->slow_reads;

    while (*at && iow_address_compare(&(*at)->function, function) != 0)
        at = &(*at)->next;
    return at;
}

/* A reader that still sleeps would only get company from another one. */
static int wait_for_slow_read(struct iow_live *live, const struct iow_address *function)
{
    struct iow_slow_read **at = find_slow_read(live, function), *slow = *at;
    int r;

    if (!slow)
        return 0;
    r = iow_effort_await(&slow->effort, live->read_usec, live->actor.stop);
    if (r == 0) {
        *at = slow->next;
        free(slow);
    }
    return r;
}

static void remember_slow_read(
    struct iow_live *live, const struct iow_address *function, const struct iow_effort *effort)
{
    struct iow_slow_read *slow = malloc(sizeof(*slow));

    if (!slow)
        return; /* the next read sleeps beside it */
    *slow = (struct iow_slow_read){.next = live->slow_reads, .function = *function, .effort = *effort};
    live->slow_reads = slow;
}

/* What came through the pipe of a reader that ended well. */
static int take_value(int fd, char value[IOW_VALUE_BYTES])
{
    ssize_t n = read(fd, value, IOW_VALUE_BYTES);

    if (n < 0)
        return -errno;
    if (n > 0 && value[n - 1] == '\n')
        n--;
    if (n == IOW_VALUE_BYTES)
        return -IOW_E2BIG;
    value[n] = '\0';
    if (strcmp(value, NO_OVERRIDE) == 0)
        value[0] = '\0';
    return 0;
}

static int read_by_helper(
    struct iow_live *live, const struct iow_address *function, int file, char value[IOW_VALUE_BYTES])
{
    static const char *const args[] = {"read", NULL};
    struct iow_wait wait = iow_wait_begin(live->read_usec, live->actor.stop);
    struct iow_helper helper;
    struct iow_effort effort;
    int ends[2], r;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    ends[0] = iow_fd_above_standard(ends[0]);
    ends[1] = iow_fd_above_standard(ends[1]);
    r = ends[0] < 0 || ends[1] < 0 ? -EMFILE : iow_helper_start(live->program, file, ends[1], args, &helper);
    iow_cleanup_close(&ends[1]);
    if (r == 0) {
        effort = helper.effort;
        r = iow_helper_wait(&helper, &wait);
        if (r == 0)
            r = take_value(ends[0], value);
        else if (r == -IOW_EINPROGRESS)
            remember_slow_read(live, function, &effort);
    }
    iow_cleanup_close(&ends[0]);
    return r;
}

/*
 * Reading it sleeps as long as somebody has the device locked, and a pending unbind has.
 * Source: Linux 6.1 drivers/pci/pci-sysfs.c driver_override_show(), device_lock()
 */
static int observe_override(
    struct iow_live *live, const struct iow_step *step, int folder, char value[IOW_VALUE_BYTES])
{
    IOW_CLEANUP_CLOSE int file = -1;
    int r = wait_for_slow_read(live, &step->function);

    if (r < 0)
        return r;
    file = iow_fd_above_standard(openat(folder, "driver_override", O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file < 0)
        return gone_or(errno);
    r = read_by_helper(live, &step->function, file, value);
    return r < 0 && r != -IOW_EINPROGRESS ? gone_or(-r) : r;
}

int iow_act_observe(struct iow_actor *actor, const struct iow_step *step, char value[IOW_VALUE_BYTES])
{
    struct iow_live *live = (struct iow_live *)actor;
    IOW_CLEANUP_CLOSE int folder = -1;

    value[0] = '\0';
    if (step->kind == IOW_STEP_LOAD)
        return observe_load(live, step, value);
    if (step->kind == IOW_STEP_GIVE)
        return iow_act_node(live->root, step->group, value);
    folder = iow_act_open_function(live, step);
    if (folder < 0)
        return folder;
    if (step->kind == IOW_STEP_OVERRIDE)
        return observe_override(live, step, folder, value);
    return observe_driver(live, step, folder, value);
}
