/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of the machine as a whole. */
#include "host/linux/read.h"

#include "facts/parse.h"

#include <string.h>

/* COMMAND_LINE_SIZE is at most 4096 where Linux runs today. */
#define TEXT_BYTES 8192

#define ACPI_TABLES "sys/firmware/acpi/tables/"

#define PARAMETER(module, name)                                                                              \
    {                                                                                                        \
        module "." name, "sys/module/" module "/parameters/" name                                            \
    }

static const struct {
    const char *name, *path;
} parameters[] = {
    /* isolation of interrupts is not asked for */
    PARAMETER("vfio_iommu_type1", "allow_unsafe_interrupts"),
    PARAMETER("iommufd", "allow_unsafe_interrupts"),
    /* groups may be invented for devices without an IOMMU */
    PARAMETER("vfio", "enable_unsafe_noiommu_mode"),
    /* which devices vfio-pci takes, and in which state it leaves them */
    PARAMETER("vfio_pci", "disable_denylist"),
    PARAMETER("vfio_pci", "disable_idle_d3"),
    PARAMETER("vfio_pci", "enable_sriov"),
    PARAMETER("vfio_pci", "nointxmask"),
};

#define N_PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

/* A file's text, NULL when it is not there. */
static const char *read_file(struct iow_reader *rd, const char *path, size_t *ret_len)
{
    const struct iow_subject machine = iow_subject_machine();
    char text[TEXT_BYTES];
    int n = iow_reader_text(rd, IOW_SOURCE_ROOT, path, text, sizeof(text));

    if (n >= 0) {
        *ret_len = (size_t)n;
        return iow_reader_keep(rd, text, (size_t)n);
    }
    if (!iow_reader_gone(n))
        iow_reader_failed(rd, n, &machine, path);
    return NULL;
}

static void read_kernel(struct iow_reader *rd, struct iow_machine *machine)
{
    size_t len;
    const char *text = read_file(rd, "proc/sys/kernel/osrelease", &len);

    if (text) {
        machine->kernel = text;
        machine->release = iow_parse_release(text, len);
    }
    text = read_file(rd, "proc/cmdline", &len);
    if (text)
        machine->command_line = text;
    text = read_file(rd, "sys/kernel/security/lockdown", &len);
    if (text)
        machine->lockdown = iow_parse_lockdown(text, len);
}

static void read_parameters(struct iow_reader *rd, struct iow_machine *machine)
{
    struct iow_parameter *list = iow_mem_alloc(&rd->facts->mem, N_PARAMETERS, sizeof(*list));
    uint32_t n = 0;

    if (!list) {
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
        return;
    }
    for (size_t i = 0; i < N_PARAMETERS; i++) {
        size_t len;
        const char *value = read_file(rd, parameters[i].path, &len);

        if (value)
            list[n++] = (struct iow_parameter){.name = parameters[i].name, .value = value};
    }
    machine->parameters = list;
    machine->n_parameters = n;
}

static void read_iommus(struct iow_reader *rd, struct iow_machine *machine)
{
    const char selftest[] = "iommufd_selftest";
    struct iow_entries names;
    const char **list;

    if (iow_reader_list_path(rd, "sys/class/iommu", &names) < 0)
        return;
    list = iow_mem_alloc(&rd->facts->mem, names.at.n, sizeof(*list));
    if (!list)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    for (uint32_t i = 0; list && i < names.at.n; i++) {
        const char *name = iow_entries_at(&names, i);

        if (strncmp(name, selftest, sizeof(selftest) - 1) != 0)
            list[machine->n_iommus++] = iow_reader_keep(rd, name, strlen(name));
    }
    machine->iommus = list;
    iow_entries_done(&names);
}

void iow_read_machine(struct iow_reader *rd)
{
    struct iow_machine *machine = &rd->facts->machine;
    struct iow_source *source = rd->source;

    read_kernel(rd, machine);
    read_parameters(rd, machine);
    read_iommus(rd, machine);
    machine->dmar = source->ops->exists(source, IOW_SOURCE_ROOT, ACPI_TABLES "DMAR");
    machine->ivrs = source->ops->exists(source, IOW_SOURCE_ROOT, ACPI_TABLES "IVRS");
}
