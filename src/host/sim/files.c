/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine as the files of sysfs and procfs, as they are read at this moment. */
#include "host/sim/files.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCI "sys/bus/pci/"
#define GROUPS "sys/kernel/iommu_groups"

#define MAJOR_VFIO 237
#define FIRST_INTERRUPT 24u
#define MAJOR_VFIO_DEVICE 238

/* Depth and names are bounded by the topology's; what did not fit would be refused as a path that is there twice. */
__attribute__((format(printf, 2, 3))) static const char *path_to(
    char buf[IOW_SIM_PATH], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(buf, IOW_SIM_PATH, format, args);
    va_end(args);
    return buf;
}

static const char *name_of(const struct iow_sim_function *f, char buf[IOW_ADDRESS_TEXT])
{
    return iow_address_format(&f->address, buf);
}

const char *iow_sim_folder(const struct iow_sim *sim, uint32_t function, char buf[IOW_SIM_PATH])
{
    const struct iow_sim_function *f = &sim->functions[function];
    char name[IOW_ADDRESS_TEXT];
    char above[IOW_SIM_PATH];

    if (f->parent == IOW_NONE)
        path_to(above, "sys/devices/pci0000:%02x", f->root_bus);
    else
        iow_sim_folder(sim, f->parent, above);
    return path_to(buf, "%s/%s", above, name_of(f, name));
}

static void put_text(struct iow_sim_files *files, const char *path, const char *format, va_list args)
{
    char *text = NULL;
    int n;

    if (files->r < 0)
        return;
    n = vasprintf(&text, format, args);
    files->r = n < 0 ? -IOW_ENOMEM : iow_memory_add_file(files->source, path, text, (size_t)n);
    if (n >= 0)
        free(text);
}

void iow_sim_put(struct iow_sim_files *files, const char *path, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put_text(files, path, format, args);
    va_end(args);
}

static const char *join(const char *folder, const char *name, char buf[IOW_SIM_PATH])
{
    return path_to(buf, "%s/%s", folder, name);
}

void iow_sim_put_in(
    struct iow_sim_files *files, const char *folder, const char *name, const char *format, ...)
{
    char path[IOW_SIM_PATH];
    va_list args;

    va_start(args, format);
    put_text(files, join(folder, name, path), format, args);
    va_end(args);
}

void iow_sim_put_bytes(
    struct iow_sim_files *files, const char *folder, const char *name, const void *bytes, size_t n)
{
    char path[IOW_SIM_PATH];

    if (files->r == 0)
        files->r = iow_memory_add_file(files->source, join(folder, name, path), bytes, n);
}

void iow_sim_put_folder(struct iow_sim_files *files, const char *path)
{
    if (files->r == 0)
        files->r = iow_memory_add_folder(files->source, path);
}

void iow_sim_put_link(struct iow_sim_files *files, const char *path, const char *to)
{
    char text[IOW_SIM_PATH] = "";
    size_t same = 0, n = 0;

    for (size_t i = 0; path[i] && path[i] == to[i]; i++)
        if (path[i] == '/')
            same = i + 1;
    for (const char *p = path + same; (p = strchr(p, '/')) && n < sizeof(text) - 4; p++, n += 3)
        memcpy(text + n, "../", 4);
    snprintf(text + n, sizeof(text) - n, "%s", to + same);
    if (files->r == 0)
        files->r = iow_memory_add_link(files->source, path, text);
}

void iow_sim_put_json(struct iow_sim_files *files, const char *probe, json_object *answer)
{
    const char *text = answer ? json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PRETTY) : NULL;
    char path[IOW_SIM_PATH];

    path_to(path, "probe/%s.json", probe);
    if (text)
        iow_sim_put(files, path, "%s", text);
    else if (files->r == 0)
        files->r = -IOW_ENOMEM;
    json_object_put(answer);
}

static void put_ids(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    const struct iow_sim_model *m = f->model;

    iow_sim_put_in(files, folder, "vendor", "0x%04x\n", m->vendor);
    iow_sim_put_in(files, folder, "device", "0x%04x\n", m->device);
    iow_sim_put_in(files, folder, "subsystem_vendor", "0x%04x\n", m->subvendor);
    iow_sim_put_in(files, folder, "subsystem_device", "0x%04x\n", m->subdevice);
    iow_sim_put_in(files, folder, "class", "0x%06x\n", (unsigned)m->class_code);
    iow_sim_put_in(files, folder, "revision", "0x%02x\n", m->revision);
}

static void put_resources(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    char text[IOW_SIM_RESOURCES * 64];
    size_t n = 0, lines = f->model->bridge ? IOW_SIM_RESOURCES : IOW_SIM_FIRST_WINDOW;

    for (size_t i = 0; i < lines; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "0x%016llx 0x%016llx 0x%016llx\n",
            (unsigned long long)f->bar[i].first, (unsigned long long)f->bar[i].last,
            (unsigned long long)f->bar[i].flags);
    iow_sim_put_bytes(files, folder, "resource", text, n);
}

/* An idle device of VFIO that knows power management sleeps. */
static const char *power_of(const struct iow_sim_function *f)
{
    const char *methods = f->model->reset_methods ? f->model->reset_methods : "";

    if (!f->front->bound)
        return "unknown";
    return iow_sim_has_vfio(f) && strstr(methods, "pm") && !f->front->opens ? "D3hot" : "D0";
}

/* A driver of VFIO leaves that to the user of the device. */
static bool is_enabled(const struct iow_sim_function *f)
{
    return iow_sim_has_vfio(f) ? f->front->opens > 0 : iow_sim_driver_of(f) != NULL;
}

static void put_attributes(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    const char *override = iow_sim_override(files->sim, f);
    uint8_t *config = malloc(f->n_config);

    if (!config) {
        files->r = files->r ? files->r : -IOW_ENOMEM;
        return;
    }
    iow_sim_current_config(f, config);
    iow_sim_put_bytes(files, folder, "config", config, f->n_config);
    free(config);
    put_ids(files, f, folder);
    put_resources(files, f, folder);
    iow_sim_put_in(files, folder, "power_state", "%s\n", power_of(f));
    iow_sim_put_in(files, folder, "numa_node", "-1\n");
    iow_sim_put_in(files, folder, "enable", "%d\n", is_enabled(f));
    iow_sim_put_in(files, folder, "driver_override", "%s\n", override ? override : "(null)");
    if (f->model->reset_methods)
        iow_sim_put_in(files, folder, "reset_method", "%s\n", f->model->reset_methods);
    if (f->max_vfs) {
        iow_sim_put_in(files, folder, "sriov_totalvfs", "%u\n", (unsigned)f->max_vfs);
        iow_sim_put_in(files, folder, "sriov_numvfs", "%u\n", (unsigned)f->front->n_vfs);
    }
}

static void put_links(struct iow_sim_files *files, uint32_t function, const char *folder)
{
    const struct iow_sim_function *f = &files->sim->functions[function];
    const struct iow_sim_driver *driver = iow_sim_shown_driver(f);
    uint32_t group = iow_sim_group(f);
    char path[IOW_SIM_PATH], to[IOW_SIM_PATH], name[IOW_ADDRESS_TEXT];

    name_of(f, name);
    iow_sim_put_link(files, join(PCI "devices", name, path), folder);
    if (driver) {
        join(PCI "drivers", driver->name, to);
        iow_sim_put_link(files, join(folder, "driver", path), to);
        iow_sim_put_link(files, join(to, name, path), folder);
    }
    if (group != IOW_NONE) {
        path_to(to, GROUPS "/%u", (unsigned)group);
        iow_sim_put_link(files, join(folder, "iommu_group", path), to);
        path_to(path, GROUPS "/%u/devices/%s", (unsigned)group, name);
        iow_sim_put_link(files, path, folder);
    }
    if (f->physical_function != IOW_NONE)
        iow_sim_put_link(
            files, join(folder, "physfn", path), iow_sim_folder(files->sim, f->physical_function, to));
}

/* An entry of a class with its number: the folder, the class's link to it, and the link of its number. */
static void put_device(
    struct iow_sim_files *files, const char *class, const char *folder, const char *name, const char *number)
{
    char path[IOW_SIM_PATH];

    iow_sim_put_in(files, folder, "dev", "%s\n", number);
    iow_sim_put_link(files, path_to(path, "sys/class/%s/%s", class, name), folder);
    path_to(path, "sys/dev/%s/%s", strcmp(class, "block") == 0 ? "block" : "char", number);
    iow_sim_put_link(files, path, folder);
}

static void put_interface(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    char path[IOW_SIM_PATH], link[IOW_SIM_PATH], name[IOW_SIM_NAME];

    iow_sim_name(f, "", name);
    if (f->model->brings == IOW_SIM_VIRTIO) {
        path_to(path, "%s/virtio%u", folder, (unsigned)f->name_index);
        path_to(link, "sys/bus/virtio/devices/virtio%u", (unsigned)f->name_index);
        iow_sim_put_link(files, link, path);
        path_to(path, "%s/virtio%u/net/%s", folder, (unsigned)f->name_index, name);
    } else {
        path_to(path, "%s/net/%s", folder, name);
    }
    iow_sim_put_folder(files, path);
    iow_sim_put_link(files, join("sys/class/net", name, link), path);
}

static void put_controller(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    char path[IOW_SIM_PATH], inner[IOW_SIM_PATH], name[IOW_SIM_NAME], number[IOW_SIM_NAME];

    path_to(path, "%s/nvme/%s", folder, iow_sim_name(f, "", name));
    put_device(files, "nvme", path, name, iow_sim_number(f, false, number));
    if (!f->drive)
        return;
    path_to(inner, "%s/%s", path, iow_sim_name(f, "n1", name));
    iow_sim_put_folder(files, path_to(path, "%s/holders", inner));
    put_device(files, "block", inner, name, iow_sim_number(f, true, number));
}

static void put_sound(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    char path[IOW_SIM_PATH], link[IOW_SIM_PATH], name[IOW_SIM_NAME], number[IOW_SIM_NAME];

    iow_sim_name(f, "", name);
    iow_sim_put_folder(files, path_to(path, "%s/sound/%s", folder, name));
    iow_sim_put_link(files, path_to(link, "sys/class/sound/%s", name), path);
    snprintf(name, sizeof(name), "pcmC%uD0p", (unsigned)f->name_index);
    path_to(link, "%s/%s", path, name);
    put_device(files, "sound", link, name, iow_sim_number(f, false, number));
}

static void put_vfio_device(struct iow_sim_files *files, const struct iow_sim_function *f, const char *folder)
{
    char path[IOW_SIM_PATH], name[IOW_SIM_NAME], number[IOW_SIM_NAME];

    if (!f->front->listed)
        return;
    snprintf(name, sizeof(name), "vfio%u", (unsigned)f->front->index);
    snprintf(number, sizeof(number), "%d:%u", MAJOR_VFIO_DEVICE, (unsigned)f->front->index);
    path_to(path, "%s/vfio-dev/%s", folder, name);
    put_device(files, "vfio-dev", path, name, number);
}

/* Remapped, as an IOMMU of today does. */
static void put_interrupt(struct iow_sim_files *files, uint32_t function, const char *folder)
{
    unsigned number = FIRST_INTERRUPT + function;
    char list[IOW_SIM_PATH], name[16], chip[64];

    if (!files->sim->functions[function].front->driver)
        return;
    (void)snprintf(name, sizeof(name), "%u", number);
    (void)snprintf(chip, sizeof(chip), "sys/kernel/irq/%u/chip_name", number);
    iow_sim_put_in(files, join(folder, "msi_irqs", list), name, "msi\n");
    iow_sim_put(files, chip, "IR-PCI-MSI\n");
}

static void put_function(struct iow_sim_files *files, uint32_t function)
{
    const struct iow_sim_function *f = &files->sim->functions[function];
    char folder[IOW_SIM_PATH];

    iow_sim_folder(files->sim, function, folder);
    put_attributes(files, f, folder);
    put_links(files, function, folder);
    if (iow_sim_has_interface(f))
        put_interface(files, f, folder);
    if (iow_sim_brings(f, IOW_SIM_NVME))
        put_controller(files, f, folder);
    if (iow_sim_brings(f, IOW_SIM_SOUND))
        put_sound(files, f, folder);
    put_interrupt(files, function, folder);
    put_vfio_device(files, f, folder);
}

/* Intel's IOMMU keeps low memory mapped for old devices behind an ISA bridge. Source: drivers/iommu/intel/iommu.c
 * intel_iommu_get_resv_regions() */
static bool has_isa_bridge(const struct iow_sim *sim, uint32_t group)
{
    for (uint32_t i = 0; i < sim->n; i++)
        if (iow_sim_group(&sim->functions[i]) == group && sim->functions[i].model->class_code >> 8 == 0x0601)
            return true;
    return false;
}

static void put_group(struct iow_sim_files *files, uint32_t number)
{
    char folder[IOW_SIM_PATH], name[IOW_SIM_NAME], node[IOW_SIM_NAME];

    if (!files->sim->front.groups[number].dma.n_members)
        return;
    path_to(folder, GROUPS "/%u", (unsigned)number);
    iow_sim_put_in(files, folder, "type", "%s\n", iow_sim_type(files->sim, number));
    iow_sim_put_in(files, folder, "reserved_regions", "%s0x00000000fee00000 0x00000000feefffff msi\n",
        has_isa_bridge(files->sim, number) ? "0x0000000000000000 0x0000000000ffffff direct-relaxable\n" : "");
    if (!iow_sim_has_node(files->sim, number))
        return;
    snprintf(name, sizeof(name), "%u", (unsigned)number);
    snprintf(node, sizeof(node), "%d:%u", MAJOR_VFIO, (unsigned)number);
    put_device(files, "vfio", join("sys/devices/virtual/vfio", name, folder), name, node);
}

static void put_drivers(struct iow_sim_files *files)
{
    static const char *const parameters[] = {
        "disable_denylist", "disable_idle_d3", "enable_sriov", "nointxmask"};
    char path[IOW_SIM_PATH];

    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++)
        if (iow_sim_loaded(files->sim, &iow_sim_drivers[i]))
            iow_sim_put_folder(files, join(PCI "drivers", iow_sim_drivers[i].name, path));
    if (!iow_sim_loaded(files->sim, iow_sim_driver_find("vfio-pci")))
        return;
    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
        iow_sim_put_in(files, "sys/module/vfio_pci/parameters", parameters[i], "N\n");
    iow_sim_put(files, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N\n");
}

static void put_machine(struct iow_sim_files *files)
{
    static const char *const folders[] = {"sys/bus/pci/devices", "sys/bus/pci/drivers", "sys/class/net",
        "sys/bus/pci/slots", "sys/class/mem/mem", "sys/class/mem/port", "sys/class/block", "sys/class/nvme",
        "sys/class/graphics", "sys/class/vtconsole", "sys/dev/char", "sys/dev/block",
        "sys/devices/virtual/iommu/dmar0", "sys/devices/virtual/net/lo", GROUPS};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        iow_sim_put_folder(files, folders[i]);
    iow_sim_put_link(files, "sys/class/iommu/dmar0", "sys/devices/virtual/iommu/dmar0");
    iow_sim_put_link(files, "sys/class/net/lo", "sys/devices/virtual/net/lo");
    iow_sim_put(files, "sys/firmware/acpi/tables/DMAR", "%s", "");
    iow_sim_put(files, "sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
    iow_sim_put(files, "sys/devices/virtual/tty/console/active", "ttyS0\n");
    iow_sim_put_link(files, "sys/class/tty/console", "sys/devices/virtual/tty/console");
    iow_sim_put(files, "proc/sys/kernel/osrelease", "%s\n", files->sim->kernel);
    iow_sim_put(files, "proc/cmdline", "console=ttyS0 intel_iommu=on\n");
    iow_sim_put(files, "proc/version", "Linux version %s (simulated)\n", files->sim->kernel);
}

int iow_sim_render(const struct iow_sim *sim, struct iow_source **ret)
{
    struct iow_sim_files files = {.sim = sim};
    int r = iow_source_memory(&files.source);

    if (r < 0)
        return r;
    files.source->provenance = IOW_FROM_SIMULATION;
    put_machine(&files);
    put_drivers(&files);
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].front->present)
            put_function(&files, i);
    for (uint32_t i = 0; i < sim->n; i++)
        put_group(&files, i);
    iow_sim_render_probes(&files);
    if (files.r == 0)
        *ret = files.source;
    else
        iow_source_close(files.source);
    return files.r;
}
