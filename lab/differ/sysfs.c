/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sysfs.h"

#include "iommufd.h"
#include "memory.h"
#include "presence.h"
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"
#define DRIVERS "/sys/bus/pci/drivers"
#define GROUPS "/sys/kernel/iommu_groups"

enum {
    PATH = 256,
};

static _Noreturn void give_up(const char *what)
{
    perror(what);
    exit(3);
}

static void read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

    if (length < 0)
        give_up(path);
    close(fd);
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
}

int write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int r = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

    if (fd >= 0)
        close(fd);
    return r;
}

/* Where a link leads; "" when there is none. */
static void read_link(const char *path, char *target, size_t size)
{
    ssize_t length = readlink(path, target, size - 1);

    target[length < 0 ? 0 : length] = '\0';
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static unsigned number_in(const char *address, const char *file)
{
    char path[PATH], text[32];

    snprintf(path, sizeof(path), DEVICES "/%s/%s", address, file);
    read_text(path, text, sizeof(text));
    return (unsigned)strtoul(text, NULL, 16);
}

static unsigned group_number(const char *address)
{
    char path[PATH], target[PATH];

    snprintf(path, sizeof(path), DEVICES "/%s/iommu_group", address);
    read_link(path, target, sizeof(target));
    return *target ? (unsigned)strtoul(last_part(target), NULL, 10) : NO_GROUP;
}

static unsigned group_of(struct machine *machine, const char *address)
{
    char path[PATH];
    unsigned number = group_number(address), i = 0;

    if (number == NO_GROUP)
        return NO_GROUP;
    while (i < machine->n_groups && machine->group_numbers[i] != number)
        i++;
    if (i == machine->n_groups) {
        machine->group_numbers[machine->n_groups++] = number;
        snprintf(path, sizeof(path), GROUPS "/%u/type", number);
        read_text(path, machine->group_types[i], sizeof(machine->group_types[i]));
    }
    return i;
}

static void read_virtual(const struct machine *machine, struct function *f)
{
    char path[PATH], text[PATH];

    f->physical = NO_FUNCTION;
    snprintf(path, sizeof(path), DEVICES "/%s/physfn", f->address);
    read_link(path, text, sizeof(text));
    for (unsigned i = 0; *text && i < machine->n_functions; i++)
        if (strcmp(machine->functions[i].address, last_part(text)) == 0)
            f->physical = i;
    snprintf(path, sizeof(path), DEVICES "/%s/sriov_totalvfs", f->address);
    if (access(path, F_OK) == 0) {
        read_text(path, text, sizeof(text));
        f->total_vfs = (unsigned)strtoul(text, NULL, 10);
    }
}

static void read_function(struct machine *machine, const char *address)
{
    struct function *f = &machine->functions[machine->n_functions++];
    char path[PATH], target[PATH];

    snprintf(f->address, sizeof(f->address), "%s", address);
    snprintf(path, sizeof(path), DEVICES "/%s", address);
    read_link(path, target, sizeof(target));
    *strrchr(target, '/') = '\0';
    snprintf(f->parent, sizeof(f->parent), "%.15s", last_part(target));
    f->vendor = number_in(address, "vendor");
    f->device = number_in(address, "device");
    f->bridge = number_in(address, "class") >> 8 == 0x0604;
    f->group = group_of(machine, address);
    read_virtual(machine, f);
    snprintf(path, sizeof(path), DEVICES "/%s/reset", address);
    f->resets = access(path, F_OK) == 0;
}

/* A parameter that not every kernel has. */
static bool is_on(const char *path)
{
    char text[8];

    if (access(path, F_OK) < 0)
        return false;
    read_text(path, text, sizeof(text));
    return *text == 'Y';
}

void read_machine(struct machine *machine, char *const *addresses, unsigned n)
{
    struct utsname name;
    unsigned major, minor;

    if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2 || n > MOST_FUNCTIONS)
        give_up("machine");
    machine->release = major << 8 | minor;
    machine->built[BUILT_IOMMUFD] = has_iommufd();
    machine->built[BUILT_CDEV] = has_cdev();
    machine->built[BUILT_NOIOMMU] = is_on("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode");
    machine->built[BUILT_VFIO_PCI] = access(MODULES "/vfio-pci.ko", F_OK) < 0;
    machine->built[BUILT_CONTAINER] = container_is_iommufd();
    machine->built[BUILT_MEMORY] = memory_init();
    for (unsigned i = 0; i < n; i++)
        read_function(machine, addresses[i]);
}

void write_machine(const struct machine *machine, const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        give_up(path);
    fprintf(file, "release %u.%u\n", machine->release >> 8, machine->release & 0xff);
    for (unsigned i = 0; i < N_BUILT; i++)
        if (machine->built[i])
            fprintf(file, "built %s\n", built_names[i]);
    for (unsigned i = 0; i < machine->n_groups; i++)
        fprintf(file, "group %u %s\n", machine->group_numbers[i], machine->group_types[i]);
    for (unsigned i = 0; i < machine->n_functions; i++) {
        const struct function *f = &machine->functions[i];

        fprintf(file, "function %s %s %04x:%04x %u %d %d\n", f->address, f->parent, f->vendor, f->device,
            f->group, f->bridge, f->resets);
    }
    for (unsigned i = 0; i < machine->n_functions; i++) {
        const struct function *f = &machine->functions[i];

        if (f->physical != NO_FUNCTION)
            fprintf(file, "virtual %u %u\n", i, f->physical);
        if (f->total_vfs)
            fprintf(file, "physical %u %u\n", i, f->total_vfs);
    }
    fclose(file);
}

/* Writing. */

static int write_of_driver(unsigned driver, const char *file, const char *text)
{
    char path[PATH];

    snprintf(path, sizeof(path), DRIVERS "/%s/%s", driver_names[driver], file);
    return write_file(path, text);
}

/* Driver data of 0 is what a table's entry has that says nothing of any. */
static int write_id(const struct step *step, const char *file, const struct function *f)
{
    static const char *const rest[N_MANNERS] = {
        [MANNER_WITH_DATA] = " ffffffff ffffffff 0 0 0", [MANNER_OTHER_DATA] = " ffffffff ffffffff 0 0 777"};
    char text[64];

    snprintf(text, sizeof(text), "%04x %04x%s", f->vendor, f->device,
        rest[step->manner] ? rest[step->manner] : "");
    return write_of_driver(step->argument[0], file, step->manner == MANNER_MALFORMED ? "nonsense" : text);
}

/* A page full is too much. */
static int write_override(const struct step *step, const struct function *f)
{
    unsigned driver = step->argument[1];
    char path[PATH], text[4096];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    snprintf(path, sizeof(path), DEVICES "/%s/driver_override", f->address);
    if (step->manner == MANNER_MALFORMED)
        return write_file(path, text);
    return write_file(path, driver == DRIVER_NONE ? "\n" : driver_names[driver]);
}

static int write_remove(const struct step *step, const struct function *f)
{
    char path[PATH];

    snprintf(path, sizeof(path), DEVICES "/%s/remove", f->address);
    return write_file(path, step->manner == MANNER_MALFORMED ? "nonsense" : "1");
}

static int write_type(const struct machine *machine, const struct step *step)
{
    char path[PATH];
    int r;

    snprintf(path, sizeof(path), GROUPS "/%u/type", machine->group_numbers[step->argument[0]]);
    if (step->manner != MANNER_UNPRIVILEGED)
        return write_file(path, type_names[step->argument[1]]);
    set_rawio(false);
    r = write_file(path, type_names[step->argument[1]]);
    set_rawio(true);
    return r;
}

int do_write(const struct machine *machine, const struct step *step)
{
    const unsigned *a = step->argument;
    const struct function *functions = machine->functions;

    switch (step->call) {
    case CALL_BIND:
        return write_of_driver(a[0], "bind", functions[a[1]].address);
    case CALL_UNBIND:
        return write_of_driver(a[0], "unbind", functions[a[1]].address);
    case CALL_OVERRIDE:
        return write_override(step, &functions[a[0]]);
    case CALL_DRIVERS_PROBE:
        return write_file("/sys/bus/pci/drivers_probe", functions[a[0]].address);
    case CALL_NEW_ID:
        return write_id(step, "new_id", &functions[a[1]]);
    case CALL_REMOVE_ID:
        return write_id(step, "remove_id", &functions[a[1]]);
    case CALL_REMOVE:
        return write_remove(step, &functions[a[0]]);
    case CALL_ADD:
        return write_file("/sys/bus/pci/rescan", "1");
    case CALL_SET_TYPE:
        return write_type(machine, step);
    case CALL_SET_VFS:
        return write_vfs(step, &functions[a[0]]);
    case CALL_LOAD:
        return load_module(driver_names[a[0]]);
    case CALL_UNLOAD:
        return unload_module(driver_names[a[0]]);
    default:
        return -ENOSYS;
    }
}
