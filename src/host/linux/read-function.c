/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One function: is it awake, what does its config space say, who drives it, in which group is it. */
#include "host/linux/read.h"

#include "facts/parse.h"

#include <stdio.h>
#include <string.h>

const char *iow_function_path(
    const struct iow_function *f, const char *attribute, char buf[IOW_FUNCTION_PATH_BYTES])
{
    char address[IOW_ADDRESS_TEXT];

    iow_address_format(&f->address, address);
    (void)snprintf(buf, IOW_FUNCTION_PATH_BYTES, "%s/%s%s%s", IOW_PCI_DEVICES, address, attribute ? "/" : "",
        attribute ? attribute : "");
    return buf;
}

void iow_read_vanished(struct iow_reader *rd, struct iow_function *f)
{
    struct iow_subject subject = iow_subject_function(&f->address);

    if (f->dying)
        return;
    f->dying = true;
    f->known &= (uint8_t) ~(IOW_FUNCTION_DRIVER | IOW_FUNCTION_DETAILS);
    iow_reader_missing(rd, IOW_RULE_READ_VANISHED, &subject, NULL);
}

static void failed(struct iow_reader *rd, const struct iow_function *f, int r, const char *attribute)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];

    iow_reader_failed(rd, r, &subject, iow_function_path(f, attribute, path));
}

/* Kernels before 5.12 do not show the power state; whether runtime power management has suspended it they do.
 */
static bool suspended(struct iow_reader *rd, int folder)
{
    char text[IOW_WORD];
    int n = iow_source_read_text(rd->source, folder, "power/runtime_status", text, sizeof(text));

    return n >= 0 && strcmp(text, "suspended") == 0;
}

/* False: the function vanished. */
static bool read_power(struct iow_reader *rd, struct iow_function *f, int folder, bool *ret_told)
{
    char text[IOW_WORD];
    int n = iow_source_read_text(rd->source, folder, "power_state", text, sizeof(text));

    *ret_told = n >= 0;
    if (n >= 0)
        f->power_state = (uint8_t)iow_parse_power_state(text, (size_t)n);
    else if (n == -IOW_ENOENT)
        f->asleep = suspended(rd, folder);
    else if (n != -IOW_ENODEV)
        failed(rd, f, n, "power_state");
    return n != -IOW_ENODEV;
}

static bool in_low_power(const struct iow_function *f)
{
    return f->asleep || (f->power_state >= IOW_POWER_D1 && f->power_state <= IOW_POWER_D3COLD);
}

/*
 * A config access resumes the function from D3cold, and first its parent from any sleep. What is above a host
 * bridge that hangs on a function (VMD) is that function. Source: drivers/pci/pci.c
 * pci_config_pm_runtime_get()
 */
static bool would_wake(const struct iow_facts *facts, const struct iow_function *f)
{
    uint32_t above = f->parent < facts->n_functions ? f->parent : IOW_NONE;

    if (f->parent == IOW_NONE && f->real_dma < facts->n_functions)
        above = f->real_dma;
    if (f->asleep || f->power_state == IOW_POWER_D3COLD)
        return true;
    return above != IOW_NONE && in_low_power(&facts->functions[above]);
}

static void read_driver(struct iow_reader *rd, struct iow_function *f, int folder)
{
    char name[IOW_WORD];
    int n = iow_reader_link_name(rd, folder, "driver", name);

    if (n >= 0)
        f->driver = iow_reader_keep(rd, name, (size_t)n);
    else if (iow_reader_gone(n))
        f->vfio_device = rd->source->ops->exists(rd->source, folder, "vfio-dev");
    else
        failed(rd, f, n, "driver");
    if (n >= 0 || iow_reader_gone(n))
        f->known |= IOW_FUNCTION_DRIVER;
}

static void read_group(struct iow_reader *rd, struct iow_function *f, int folder)
{
    char name[IOW_WORD];
    uint64_t number;
    int n = iow_reader_link_name(rd, folder, "iommu_group", name);

    if (iow_reader_gone(n))
        return;
    if (n >= 0)
        n = iow_parse_number(name, (size_t)n, false, IOW_NONE - 1, &number);
    if (n == 0) {
        f->group = (uint32_t)number;
        return;
    }
    f->known &= (uint8_t)~IOW_FUNCTION_DRIVER;
    failed(rd, f, n, "iommu_group");
}

static void read_physical_function(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_address address;
    char name[IOW_WORD];
    int n;

    if (f->config.known & IOW_CONFIG_HEADER && f->config.header_type != 0)
        return; /* a virtual function has a normal header: PCIe 6.0 section 9.3.4 */
    n = iow_reader_link_name(rd, folder, "physfn", name);
    if (iow_reader_gone(n))
        return;
    if (n >= 0)
        n = iow_parse_address_name(name, (size_t)n, &address);
    if (n == 0)
        f->physical_function = iow_facts_find_function(rd->facts, &address);
    if (n < 0 || f->physical_function == IOW_NONE)
        failed(rd, f, n < 0 ? n : -IOW_EINVAL, "physfn");
}

/* Not a position: a link that is to be cut, still told from no link. */
#define CUT (IOW_NONE - 1)

void iow_check_physical_functions(struct iow_reader *rd)
{
    struct iow_function *functions = rd->facts->functions;

    for (uint32_t i = 0; i < rd->facts->n_functions; i++) {
        uint32_t physical = functions[i].physical_function;

        if (physical != IOW_NONE && functions[physical].physical_function != IOW_NONE)
            functions[i].physical_function = CUT;
    }
    for (uint32_t i = 0; i < rd->facts->n_functions; i++) {
        if (functions[i].physical_function != CUT)
            continue;
        functions[i].physical_function = IOW_NONE;
        failed(rd, &functions[i], -IOW_EINVAL, "physfn");
    }
}

/* Links and attributes that are not there mean "none", unless the whole folder went away under us. */
static bool still_there(struct iow_reader *rd, const struct iow_function *f, int folder, bool power_told)
{
    struct iow_source *source = rd->source;

    if (!(rd->what & IOW_READ_DETAILS) && f->driver && f->group != IOW_NONE &&
        f->config.known & IOW_CONFIG_IDS)
        return true;
    return source->ops->exists(source, folder, power_told ? "power_state" : "vendor") ||
           (!power_told && f->config.known & IOW_CONFIG_HEADER &&
               source->ops->exists(source, folder, "config"));
}

void iow_read_function(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];
    bool power_told, there;

    if (!read_power(rd, f, folder, &power_told)) {
        iow_read_vanished(rd, f);
        return;
    }
    f->asleep = would_wake(rd->facts, f);
    if (f->asleep) {
        iow_reader_missing(rd, IOW_RULE_READ_ASLEEP, &subject, iow_function_path(f, "config", path));
        there = !iow_reader_gone(iow_read_ids(rd, f, folder));
    } else {
        there = iow_read_config(rd, f, folder);
    }
    if (!there) {
        iow_read_vanished(rd, f);
        return;
    }
    read_driver(rd, f, folder);
    read_group(rd, f, folder);
    read_physical_function(rd, f, folder);
    if (rd->what & IOW_READ_DETAILS)
        iow_read_details(rd, f, folder);
    if (!still_there(rd, f, folder, power_told))
        iow_read_vanished(rd, f);
}
