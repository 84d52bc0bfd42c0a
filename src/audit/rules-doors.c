/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the doors beside ownership: how root can drive a device that somebody else owns.
 *
 * Source: drivers/pci/pci-sysfs.c pci_mmap_resource(), pci_write_config(); kernel/resource.c iomem_is_exclusive();
 * drivers/char/mem.c open_port(); the reasons of lockdown in security/security.c. The same in Linux 6.1 and 6.12.
 */
#include "audit/rules.h"

#include <string.h>

/* Linux: include/linux/ioport.h IORESOURCE_MEM */
#define RESOURCE_MEMORY 0x200

#define LEVEL "the level of lockdown"
#define FILES "which files of raw memory there are"

/* Lockdown of any level closes all of them. */
static bool is_open(struct iow_audit_run *run)
{
    enum iow_lockdown level = run->facts->machine.lockdown;

    if (level == IOW_LOCKDOWN_UNKNOWN)
        iow_unknown_machine(run, LEVEL);
    return level == IOW_LOCKDOWN_NONE;
}

static void check_config(struct iow_audit_run *run)
{
    if (is_open(run))
        iow_found_machine(run);
}

static void check_file(struct iow_audit_run *run, bool there, const char *name)
{
    if (!is_open(run))
        return;
    if (!run->facts->machine.surroundings)
        iow_unknown_machine(run, FILES);
    else if (there)
        iow_found_machine(run)->name = name;
}

static void check_memory_file(struct iow_audit_run *run)
{
    check_file(run, run->facts->machine.memory_file, "/dev/mem");
}

static void check_port_file(struct iow_audit_run *run)
{
    check_file(run, run->facts->machine.port_file, "/dev/port");
}

static void check_relaxed(struct iow_audit_run *run)
{
    if (iow_audit_has_option(run->facts, "iomem=relaxed") && is_open(run))
        iow_found_machine(run);
}

static bool has_registers(const struct iow_function *f)
{
    for (uint32_t i = 0; i < f->n_bars; i++)
        if (f->bars[i].flags & RESOURCE_MEMORY && f->bars[i].index < IOW_BARS)
            return true;
    return false;
}

/*
 * Nobody has asked the kernel for its registers: no driver, or one that leaves them alone. A driver whose
 * unbind waits is seen no more, but has them until it is over; nothing could be bound before, either.
 */
static bool registers_are_free(const struct iow_audit_run *run, uint32_t i)
{
    const struct iow_function *f = &run->facts->functions[i];
    uint32_t g = iow_facts_find_group(run->facts, f->group);

    if (g != IOW_NONE && run->a->owners[g].pending == i)
        return false;
    return !f->driver || !strcmp(f->driver, "pci-stub") || !strcmp(f->driver, "uio_pci_generic");
}

/* Through these registers the device is made to do DMA in the domain of the group's user. */
static void check_registers(struct iow_audit_run *run)
{
    enum iow_lockdown level = run->facts->machine.lockdown;

    for (uint32_t i = 0; i < run->facts->n_functions; i++) {
        const struct iow_function *f = &run->facts->functions[i];

        if (iow_audit_owner(run->a, f) != IOW_OWNER_USER || !registers_are_free(run, i) ||
            iow_config_is_bridge(&f->config) || level > IOW_LOCKDOWN_NONE)
            continue;
        if (!(f->known & IOW_FUNCTION_DETAILS))
            iow_unknown_function(run, i, "which registers it has");
        else if (has_registers(f) && level == IOW_LOCKDOWN_UNKNOWN)
            iow_unknown_function(run, i, LEVEL);
        else if (has_registers(f))
            iow_found_function(run, i, IOW_NONE);
    }
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_DOOR_RELAXED, IOW_WARNING, false, check_relaxed},
    {IOW_RULE_REM_DOOR_REGISTERS, IOW_WARNING, false, check_registers},
    {IOW_RULE_REM_DOOR_CONFIG, IOW_NOTICE, false, check_config},
    {IOW_RULE_REM_DOOR_MEMORY, IOW_NOTICE, false, check_memory_file},
    {IOW_RULE_REM_DOOR_PORT, IOW_NOTICE, false, check_port_file},
};

const struct iow_audit_area iow_audit_of_doors = IOW_AUDIT_AREA(checks);
