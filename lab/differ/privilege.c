/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void set_rawio(bool has)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    uint32_t bit = 1u << CAP_SYS_RAWIO;

    if (syscall(SYS_capget, &header, data) < 0)
        abort();
    data[0].effective = has ? data[0].effective | bit : data[0].effective & ~bit;
    if (syscall(SYS_capset, &header, data) < 0)
        abort();
}

static void read_options(const char *name, char *text, size_t size)
{
    char path[128];
    ssize_t length;
    int fd;

    snprintf(path, sizeof(path), MODULES "/%s.options", name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    length = fd < 0 ? 0 : read(fd, text, size - 1);
    text[length < 0 ? 0 : length] = '\0';
    if (fd >= 0)
        close(fd);
}

int load_module(const char *name)
{
    char path[128], options[128];
    int fd, r;

    snprintf(path, sizeof(path), MODULES "/%s.ko", name);
    read_options(name, options, sizeof(options));
    fd = open(path, O_RDONLY | O_CLOEXEC);
    r = fd < 0 || syscall(SYS_finit_module, fd, options, 0) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return r == -EEXIST ? 0 : r;
}

/* The kernel's name of a module has no dashes. */
int unload_module(const char *name)
{
    char text[64];

    snprintf(text, sizeof(text), "%s", name);
    for (char *dash = text; (dash = strchr(dash, '-'));)
        *dash = '_';
    return syscall(SYS_delete_module, text, O_NONBLOCK) < 0 ? -errno : 0;
}
