/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is around the devices: slots, modules that move data between devices, files of raw memory, and how
 * interrupts come. A capture of an ioward that did not look for these has no folder of slots.
 */
#include "host/linux/read.h"

#include "base/limits.h"
#include "facts/parse.h"

#include <stdio.h>
#include <string.h>

#define SLOTS "sys/bus/pci/slots"

/* Attributes and names of slots are short; a path of both is cut only for a name that no kernel makes. */
#define PATH_BYTES 256

static bool exists(struct iow_reader *rd, const char *path)
{
    return rd->source->ops->exists(rd->source, IOW_SOURCE_ROOT, path);
}

/* The power file itself is left alone: reading it may wake the port. */
static void read_slot(struct iow_reader *rd, const char *name, struct iow_slot *slot)
{
    struct iow_subject machine = iow_subject_machine();
    char path[PATH_BYTES], text[IOW_WORD];
    int n;

    (void)snprintf(path, sizeof(path), SLOTS "/%s/address", name);
    n = iow_reader_text(rd, IOW_SOURCE_ROOT, path, text, sizeof(text));
    if (n >= 0 && iow_parse_slot(text, (size_t)n, slot) < 0)
        n = -IOW_EINVAL;
    if (n < 0) {
        if (!iow_reader_gone(n))
            iow_reader_failed(rd, n, &machine, path);
        return;
    }
    (void)snprintf(path, sizeof(path), SLOTS "/%s/power", name);
    slot->hotplug = exists(rd, path);
    slot->name = iow_reader_keep(rd, name, strlen(name));
}

/* False: there is no such folder to look into. */
static bool read_slots(struct iow_reader *rd)
{
    struct iow_machine *machine = &rd->facts->machine;
    struct iow_subject subject = iow_subject_machine();
    struct iow_entries names;
    struct iow_slot *list;
    int r = iow_reader_list_path(rd, SLOTS, &names);

    if (r < 0) {
        if (!iow_reader_gone(r))
            iow_reader_failed(rd, r, &subject, SLOTS);
        return false;
    }
    list = iow_mem_alloc(&rd->facts->mem, names.at.n, sizeof(*list));
    if (!list)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    for (uint32_t i = 0; list && i < names.at.n && !rd->fatal; i++) {
        read_slot(rd, iow_entries_at(&names, i), &list[machine->n_slots]);
        machine->n_slots += list[machine->n_slots].name != NULL;
    }
    machine->slots = list;
    iow_entries_done(&names);
    return !rd->fatal;
}

static void read_modules(struct iow_reader *rd)
{
    struct iow_machine *machine = &rd->facts->machine;
    const struct iow_peer_module *row;
    const char **list;
    uint32_t n = 0;

    while (iow_peer_module_at(n))
        n++;
    list = iow_mem_alloc(&rd->facts->mem, n, sizeof(*list));
    if (!list) {
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
        return;
    }
    for (uint32_t i = 0; (row = iow_peer_module_at(i)); i++) {
        char path[PATH_BYTES];

        (void)snprintf(path, sizeof(path), "sys/module/%s", row->name);
        if (exists(rd, path))
            list[machine->n_modules++] = row->name;
    }
    machine->modules = list;
}

/* The chip of the first interrupt in a function's folder of them. */
static enum iow_interrupts read_interrupts_of(struct iow_reader *rd, const struct iow_function *f)
{
    enum iow_interrupts answer = IOW_INTERRUPTS_UNKNOWN;
    char name[IOW_ADDRESS_TEXT], path[IOW_MAX_PATH], text[IOW_WORD];
    struct iow_entries numbers = {0};
    int folder, list, n;

    iow_address_format(&f->address, name);
    folder = iow_reader_open_link(rd, IOW_PCI_DEVICES, name, path, sizeof(path));
    if (folder < 0)
        return answer;
    list = rd->source->ops->open_folder(rd->source, folder, "msi_irqs");
    if (list >= 0 && iow_reader_list(rd, list, &numbers) == 0 && numbers.at.n) {
        (void)snprintf(path, sizeof(path), "sys/kernel/irq/%.32s/chip_name", iow_entries_at(&numbers, 0));
        n = iow_reader_text(rd, IOW_SOURCE_ROOT, path, text, sizeof(text));
        if (n > 0)
            answer = iow_parse_interrupts(text, (size_t)n);
    }
    iow_entries_done(&numbers);
    if (list >= 0)
        rd->source->ops->close(rd->source, list);
    rd->source->ops->close(rd->source, folder);
    return answer;
}

/* All of a machine come the same way: the first that tells is enough. */
static void read_interrupts(struct iow_reader *rd)
{
    struct iow_facts *facts = rd->facts;
    enum iow_interrupts *told = &facts->machine.interrupts;

    for (uint32_t i = 0; i < facts->n_functions && !rd->fatal && *told == IOW_INTERRUPTS_UNKNOWN; i++)
        if (facts->functions[i].driver && !facts->functions[i].dying)
            *told = read_interrupts_of(rd, &facts->functions[i]);
}

void iow_read_surroundings(struct iow_reader *rd)
{
    struct iow_machine *machine = &rd->facts->machine;

    machine->surroundings = read_slots(rd);
    if (!machine->surroundings)
        return;
    machine->memory_file = exists(rd, "sys/class/mem/mem");
    machine->port_file = exists(rd, "sys/class/mem/port");
    read_modules(rd);
    if (!rd->fatal)
        read_interrupts(rd);
}
