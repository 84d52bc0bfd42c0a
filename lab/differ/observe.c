/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "observe.h"

#include "memory.h"
#include "privilege.h"
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GROUPS "kernel/iommu_groups"
#define CDEVS "/dev/vfio/devices"

enum {
    PATH = 256,
};

/* What is looked at after every step stays open: to follow a path costs more than to look. */
static char paths[MOST_FUNCTIONS][PATH]; /* of functions below /sys */
static int folders[MOST_FUNCTIONS];      /* -1: away, or not opened */
static struct {
    int type;
    DIR *devices;
} groups[MOST_GROUPS];
static int sysfs;

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

/* Where the bus's link leads; a function that is away has only that link to come, and it does as well. */
static void find_path(const struct function *f, char *path)
{
    static const char up[] = "../../../";
    char link[64], target[PATH];
    ssize_t length;

    snprintf(link, sizeof(link), "bus/pci/devices/%s", f->address);
    length = readlinkat(sysfs, link, target, sizeof(target) - 1);
    target[length < 0 ? 0 : length] = '\0';
    strcpy(path, strncmp(target, up, strlen(up)) == 0 ? target + strlen(up) : link);
}

void observe_init(const struct machine *machine)
{
    sysfs = open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (sysfs < 0)
        give_up("/sys");
    for (unsigned i = 0; i < machine->n_functions; i++) {
        find_path(&machine->functions[i], paths[i]);
        folders[i] = -1;
    }
    for (unsigned i = 0; i < machine->n_groups; i++)
        groups[i].type = -1;
}

/* The last part of where a link of a function leads; "" when there is none. */
static const char *link_of(unsigned function, const char *name)
{
    static char target[PATH];
    ssize_t length = readlinkat(folders[function], name, target, sizeof(target) - 1);
    const char *slash;

    target[length < 0 ? 0 : length] = '\0';
    slash = strrchr(target, '/');
    return slash ? slash + 1 : target;
}

static const char *driver_of(unsigned function)
{
    const char *name = link_of(function, "driver");

    if (!*name)
        return "-";
    for (unsigned i = 0; i < N_DRIVERS; i++)
        if (strcmp(driver_names[i], name) == 0)
            return driver_names[i];
    return "unknown";
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The folder of a function that went and came is another one. */
static unsigned group_of(unsigned function)
{
    const char *number = link_of(function, "iommu_group");

    if (!*number) {
        shut(&folders[function]);
        folders[function] = openat(sysfs, paths[function], O_PATH | O_DIRECTORY | O_CLOEXEC);
        number = link_of(function, "iommu_group");
    }
    return *number ? (unsigned)strtoul(number, NULL, 10) : NO_GROUP;
}

/* What opening a node answers; the file is closed at once, and nobody else runs in between. */
static int try_open(const char *path, int *ret_status, unsigned *ret_flags)
{
    struct vfio_group_status status = {.argsz = sizeof(status)};
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return -errno;
    if (ret_status) {
        *ret_status = ioctl(fd, VFIO_GROUP_GET_STATUS, &status) < 0 ? -errno : 0;
        *ret_flags = status.flags;
    }
    close(fd);
    return 0;
}

static DIR *open_folder(int at, const char *path)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 ? NULL : fdopendir(fd);
}

static void see_cdev(unsigned function, struct answer *ret)
{
    char path[PATH * 2];
    const struct dirent *entry;
    DIR *folder = open_folder(folders[function], "vfio-dev");

    while (folder && (entry = readdir(folder)))
        if (*entry->d_name != '.') {
            snprintf(path, sizeof(path), CDEVS "/%s", entry->d_name);
            ret->cdev[function] = access(path, F_OK) == 0;
            ret->open_cdev[function] = try_open(path, NULL, NULL);
        }
    if (folder)
        closedir(folder);
}

static void forget_group(unsigned group)
{
    shut(&groups[group].type);
    if (groups[group].devices)
        closedir(groups[group].devices);
    groups[group].devices = NULL;
}

static void open_group(unsigned group, unsigned number)
{
    char path[64];

    forget_group(group);
    snprintf(path, sizeof(path), GROUPS "/%u/type", number);
    groups[group].type = openat(sysfs, path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof(path), GROUPS "/%u/devices", number);
    groups[group].devices = open_folder(sysfs, path);
}

/* The file of a group that is no more cannot be read, whatever the number of another one. */
static const char *type_of(unsigned group, unsigned number)
{
    char text[32];
    ssize_t length = pread(groups[group].type, text, sizeof(text) - 1, 0);

    if (length < 0) {
        open_group(group, number);
        length = pread(groups[group].type, text, sizeof(text) - 1, 0);
    }
    text[length < 0 ? 0 : length] = '\0';
    text[strcspn(text, "\n")] = '\0';
    for (unsigned i = 0; i < N_TYPES; i++)
        if (strcmp(type_names[i], text) == 0)
            return type_names[i];
    return "unknown";
}

/* After type_of(). */
static unsigned members_of(const struct machine *machine, unsigned group)
{
    DIR *folder = groups[group].devices;
    unsigned members = 0;
    const struct dirent *entry;

    if (folder)
        rewinddir(folder);
    while (folder && (entry = readdir(folder)))
        for (unsigned i = 0; i < machine->n_functions; i++)
            if (strcmp(machine->functions[i].address, entry->d_name) == 0)
                members |= 1u << i;
    return members;
}

static void see_node(unsigned number, struct node *ret)
{
    char path[PATH];
    int status = 0;

    snprintf(path, sizeof(path), "/dev/vfio/%u", number);
    ret->there = access(path, F_OK) == 0;
    if (!ret->there)
        return;
    ret->open = try_open(path, &status, &ret->flags);
    if (ret->open == 0)
        ret->open = status;
    set_rawio(false);
    ret->without_rawio = try_open(path, NULL, NULL);
    set_rawio(true);
}

/* A group that was away may come back with another number. */
static void find_groups(struct machine *machine)
{
    unsigned numbers[MOST_GROUPS];

    for (unsigned i = 0; i < machine->n_groups; i++)
        numbers[i] = NO_GROUP;
    for (unsigned i = 0; i < machine->n_functions; i++) {
        unsigned number = group_of(i);

        if (number != NO_GROUP && machine->functions[i].group != NO_GROUP)
            numbers[machine->functions[i].group] = number;
    }
    for (unsigned i = 0; i < machine->n_groups; i++) {
        if (numbers[i] != machine->group_numbers[i])
            forget_group(i);
        machine->group_numbers[i] = numbers[i];
    }
}

static void see_group(const struct machine *machine, unsigned i, struct answer *ret)
{
    unsigned number = machine->group_numbers[i];

    ret->type[i] = "-";
    if (number == NO_GROUP)
        return;
    ret->type[i] = type_of(i, number);
    ret->members[i] = members_of(machine, i);
    ret->memory[i] = memory_of(number);
    see_node(number, &ret->node[i]);
}

void observe(struct machine *machine, struct answer *ret)
{
    bool cdevs = access(CDEVS, F_OK) == 0;

    find_groups(machine);
    for (unsigned i = 0; i < machine->n_functions; i++) {
        ret->driver[i] = driver_of(i);
        if (cdevs)
            see_cdev(i, ret);
    }
    for (unsigned i = 0; i < machine->n_groups; i++)
        see_group(machine, i, ret);
    workers_look(ret->held);
}

static bool nodes_alike(const struct node *one, const struct node *other)
{
    return one->there == other->there && one->open == other->open && one->flags == other->flags &&
           one->without_rawio == other->without_rawio;
}

static bool memories_alike(const struct memory *one, const struct memory *other)
{
    return one->count == other->count && one->owned == other->owned && one->domain == other->domain;
}

bool seen_alike(const struct machine *machine, const struct answer *one, const struct answer *other)
{
    bool same = true;

    for (unsigned i = 0; i < machine->n_functions; i++)
        same = same && strcmp(one->driver[i], other->driver[i]) == 0 && one->cdev[i] == other->cdev[i];
    for (unsigned i = 0; i < machine->n_groups; i++)
        same = same && one->members[i] == other->members[i] && strcmp(one->type[i], other->type[i]) == 0 &&
               nodes_alike(&one->node[i], &other->node[i]) &&
               memories_alike(&one->memory[i], &other->memory[i]);
    return same;
}

static unsigned find_function(const struct machine *machine, unsigned place)
{
    unsigned bus, device, function, i = 0;

    for (; i < machine->n_functions; i++)
        if (sscanf(machine->functions[i].address, "%*x:%x:%x.%u", &bus, &device, &function) == 3 &&
            (bus << 8 | device << 3 | function) == place)
            break;
    return i;
}

unsigned observe_order(const struct machine *machine, unsigned *ret_order)
{
    FILE *file = fopen("/proc/bus/pci/devices", "re");
    char line[1024];
    unsigned place, n = 0;

    if (!file)
        give_up("/proc/bus/pci/devices");
    while (fgets(line, sizeof(line), file)) {
        unsigned i = sscanf(line, "%x", &place) == 1 ? find_function(machine, place) : machine->n_functions;

        if (i < machine->n_functions && n < MOST_FUNCTIONS)
            ret_order[n++] = i;
    }
    fclose(file);
    return n;
}
