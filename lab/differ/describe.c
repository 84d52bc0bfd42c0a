/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "describe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void complain(const char *what)
{
    fprintf(stderr, "differ-model: %s\n", what);
    exit(2);
}

static void read_built(struct machine *machine, const char *word)
{
    unsigned i = 0;

    while (i < N_BUILT && strcmp(built_names[i], word) != 0)
        i++;
    if (i == N_BUILT)
        complain(word);
    machine->built[i] = true;
}

void load_machine(struct machine *machine, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[256];
    char word[32];
    unsigned major, minor, bridge, resets, i, n;

    if (!file)
        complain(path);
    while (fgets(line, sizeof(line), file)) {
        struct function *f = &machine->functions[machine->n_functions];
        unsigned group = machine->n_groups;

        if (sscanf(line, "release %u.%u", &major, &minor) == 2)
            machine->release = major << 8 | minor;
        else if (sscanf(line, "built %31s", word) == 1)
            read_built(machine, word);
        else if (group < MOST_GROUPS && sscanf(line, "group %u %15s", &machine->group_numbers[group],
                                            machine->group_types[group]) == 2)
            machine->n_groups++;
        else if (machine->n_functions < MOST_FUNCTIONS &&
                 sscanf(line, "function %15s %15s %x:%x %u %u %u", f->address, f->parent, &f->vendor,
                     &f->device, &f->group, &bridge, &resets) == 7) {
            f->bridge = bridge;
            f->physical = NO_FUNCTION;
            f->resets = resets;
            machine->n_functions++;
        } else if (sscanf(line, "virtual %u %u", &i, &n) == 2 && i < machine->n_functions && n < i)
            machine->functions[i].physical = n;
        else if (sscanf(line, "physical %u %u", &i, &n) == 2 && i < machine->n_functions)
            machine->functions[i].total_vfs = n;
        else
            complain(line);
    }
    fclose(file);
}

/* The first function with the same vendor and device. */
static uint32_t model_of(const struct machine *machine, const struct function *f)
{
    uint32_t i = 0;

    while (machine->functions[i].vendor != f->vendor || machine->functions[i].device != f->device)
        i++;
    return i;
}

static uint32_t find_parent(const struct machine *machine, const char *address)
{
    for (uint32_t i = 0; i < machine->n_functions; i++)
        if (strcmp(machine->functions[i].address, address) == 0)
            return i;
    return IOW_NONE;
}

static enum iow_domain_type type_of(const char *name)
{
    static const struct {
        const char *name;
        enum iow_domain_type type;
    } types[] = {{"DMA", IOW_TYPE_DMA}, {"DMA-FQ", IOW_TYPE_DMA_FQ}, {"identity", IOW_TYPE_IDENTITY}};

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    complain(name);
}

static bool is_nic(const struct function *f)
{
    return f->vendor == 0x8086 && f->device == 0x10d3;
}

static bool is_disk(const struct function *f)
{
    return f->vendor == 0x1b36 && f->device == 0x0010;
}

/* A driver of the kernel's own is on the bus before any module. */
static void vfio_comes_first(struct iow_front *front)
{
    front->loads = 1;
    for (unsigned i = 0; i < N_DRIVERS; i++)
        if (i != DRIVER_PCIEPORT && i != DRIVER_VFIO_PCI)
            front->drivers[i].rank = front->loads;
}

/* What they take, from the kernel's tables; the last ones' are e1000e_pci_tbl and nvme_id_table. */
void describe_drivers(struct iow_front *front, const struct machine *machine)
{
    static const struct iow_front_driver drivers[N_DRIVERS] = {
        [DRIVER_PCIEPORT] = {.trait = IOW_DRIVER_MANAGED, .by_class = true},
        [DRIVER_VFIO_PCI] =
            {.trait = IOW_DRIVER_MANAGED, .vfio = true, .overrides = true, .sriov = true, .models = ~0u},
        [DRIVER_PCI_STUB] = {.trait = IOW_DRIVER_MANAGED},
        [DRIVER_UIO] = {.trait = IOW_DRIVER_DMA_API},
        [DRIVER_E1000E] = {.trait = IOW_DRIVER_DMA_API},
        [DRIVER_NVME] = {.trait = IOW_DRIVER_DMA_API, .sriov = true, .keeps_vfs = true},
    };

    memcpy(front->drivers, drivers, sizeof(drivers));
    for (unsigned i = 0; i < N_DRIVERS; i++)
        front->drivers[i].name = driver_names[i];
    if (machine->built[BUILT_VFIO_PCI])
        vfio_comes_first(front);
    for (unsigned i = 0; i < machine->n_functions; i++) {
        const struct function *f = &machine->functions[i];
        uint32_t bit = 1u << model_of(machine, f);

        front->functions[i].probe_errors[DRIVER_PCIEPORT] = f->bridge ? 0 : -ENODEV;
        if (f->bridge)
            front->drivers[DRIVER_PCIEPORT].models |= bit;
        if (is_nic(f))
            front->drivers[DRIVER_E1000E].models |= bit;
        if (is_disk(f))
            front->drivers[DRIVER_NVME].models |= bit;
    }
}

/* With a function on the bus that can sleep, the kernel waits after a reset until the link is up again, which
 * QEMU's ports do not tell. edu and bridges cannot sleep. */
static bool is_waited_for(const struct function *f)
{
    return is_nic(f) || is_disk(f);
}

void describe_machine(struct iow_front *front, const struct machine *machine)
{
    for (unsigned i = 0; i < machine->n_groups; i++)
        front->groups[i].type = front->groups[i].automatic = type_of(machine->group_types[i]);
    for (unsigned i = 0; i < machine->n_functions; i++) {
        struct iow_front_function *f = &front->functions[i];

        f->model = model_of(machine, &machine->functions[i]);
        f->home = machine->functions[i].group == NO_GROUP ? IOW_NONE : machine->functions[i].group;
        f->parent = find_parent(machine, machine->functions[i].parent);
        f->bridge = machine->functions[i].bridge;
        f->resets = machine->functions[i].resets;
        f->reset_set = f->parent; /* all below a port; nothing above the ports can be reset */
        f->total_vfs = machine->functions[i].total_vfs;
        if (machine->functions[i].physical != NO_FUNCTION)
            f->physical_function = machine->functions[i].physical;
        f->no_autoprobe = f->physical_function != IOW_NONE; /* the agent turns it off */
        if (is_waited_for(&machine->functions[i]))
            f->reset_error = -ENOTTY;
    }
}
