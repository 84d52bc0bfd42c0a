/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "presence.h"

#include "sysfs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"

static int write_of(const struct function *f, const char *file, const char *text)
{
    char path[128];

    snprintf(path, sizeof(path), DEVICES "/%s/%s", f->address, file);
    return write_file(path, text);
}

static bool has(const struct function *f, const char *file)
{
    char path[128], target[256];

    snprintf(path, sizeof(path), DEVICES "/%s/%s", f->address, file);
    return readlink(path, target, sizeof(target)) > 0;
}

static bool has_vfio(const struct function *f)
{
    char path[128], target[256];
    ssize_t length;

    snprintf(path, sizeof(path), DEVICES "/%s/driver", f->address);
    length = readlink(path, target, sizeof(target) - 1);
    target[length < 0 ? 0 : length] = '\0';
    return strstr(target, "/vfio-pci");
}

/* A PF that came anew has its own mind again. */
int write_vfs(const struct step *step, const struct function *f)
{
    char text[16];

    (void)write_of(f, "sriov_drivers_autoprobe", "0");
    snprintf(text, sizeof(text), "%u", step->argument[1]);
    return write_of(f, "sriov_numvfs", step->manner == MANNER_MALFORMED ? "nonsense" : text);
}

/* Without its number, which is read under the device's lock. */
static bool has_vfs(const struct machine *machine, unsigned physical)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (machine->functions[i].physical == physical && has(&machine->functions[i], "subsystem"))
            return true;
    return false;
}

bool leaves_vfs(const struct machine *machine, unsigned function)
{
    for (unsigned i = 0; i < machine->n_functions; i++) {
        const struct function *f = &machine->functions[i];

        if ((i == function || strcmp(f->parent, machine->functions[function].address) == 0) &&
            has_vfs(machine, i) && !has_vfio(f))
            return true;
    }
    return false;
}

static void by_driver(enum call call, enum driver driver, unsigned function, const struct machine *machine)
{
    const struct step step = {.call = call, .argument = {driver, function}};

    (void)do_write(machine, &step);
}

void await_nvme(void)
{
    (void)usleep(100000);
}

/* What the PF has by now may know nothing of VFs, and vfio-pci refuses one that has some. */
static void drop_by_driver(const struct machine *machine, unsigned function)
{
    const struct function *f = &machine->functions[function];

    for (unsigned driver = 0; driver < N_DRIVERS; driver++)
        by_driver(CALL_UNBIND, (enum driver)driver, function, machine);
    (void)write_of(f, "driver_override", driver_names[DRIVER_NVME]);
    by_driver(CALL_BIND, DRIVER_NVME, function, machine);
    await_nvme();
    (void)write_of(f, "sriov_numvfs", "0");
    by_driver(CALL_UNBIND, DRIVER_NVME, function, machine);
    (void)write_of(f, "driver_override", "\n");
}

void drop_vfs(const struct machine *machine)
{
    for (unsigned i = 0; i < machine->n_functions; i++)
        if (machine->functions[i].total_vfs && has_vfs(machine, i) &&
            write_of(&machine->functions[i], "sriov_numvfs", "0") < 0)
            drop_by_driver(machine, i);
}
