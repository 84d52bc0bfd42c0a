/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel hands on to others of a function, without a trace on the function's disks: to hosts on a
 * network (targets of NVMe and SCSI, which leave a disk free to be opened by anybody else), and to virtual machines
 * (mediated devices).
 * Source: drivers/nvme/target/configfs.c, io-cmd-bdev.c nvmet_bdev_ns_enable(), passthru.c;
 *         drivers/target/target_core_configfs.c; drivers/vfio/mdev/mdev_core.c mdev_device_create()
 */
#include "host/linux/read-uses.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

#define NVME_TARGETS "sys/kernel/config/nvmet/subsystems"
#define SCSI_BACKENDS "sys/kernel/config/target/core"
#define MEDIATED "sys/bus/mdev/devices"

#define STORAGE 0x01

/* Something of a target that is made of a device. */
struct export
{
    struct iow_search *search;
    const char *folder;
    char by[2 * IOW_WORD];
    const char *name; /* the controller, when it is being added */
};

static void add_use(struct iow_search *search, uint32_t function, const char *name, const char *by)
{
    iow_search_add(
        search, &(struct iow_use){.kind = IOW_USE_HOLDER, .function = function, .name = name, .by = by});
}

static int read_text(struct iow_search *search, const char *folder, const char *name, char *buf, size_t size)
{
    char path[IOW_MAX_PATH];
    int n = iow_source_resolve(folder, name, path, sizeof(path));

    return n < 0 ? n : iow_reader_text(search->rd, IOW_SOURCE_ROOT, path, buf, size);
}

static bool exists(struct iow_search *search, const char *folder, const char *name)
{
    struct iow_source *source = search->rd->source;
    char path[IOW_MAX_PATH];

    return iow_source_resolve(folder, name, path, sizeof(path)) == 0 &&
           source->ops->exists(source, IOW_SOURCE_ROOT, path);
}

static void found_controller(void *ctx, const struct iow_address *address)
{
    struct export *export = ctx;
    uint32_t function = iow_search_function(export->search, address);

    if (function != IOW_NONE)
        add_use(export->search, function, export->name, export->by);
}

/* A disk, or the controller whose commands are passed on. A file on a file system needs no look: that is mounted. */
static void found_device(struct export *export, const char *device)
{
    struct iow_search *search = export->search;
    char name[IOW_WORD];
    bool node = iow_search_node_name(search, device, name);

    if (node && exists(search, "sys/class/block", name)) {
        for (uint32_t i = 0; i < search->disks.n && !search->rd->fatal; i++) {
            const struct iow_disk *disk = (const struct iow_disk *)search->disks.items + i;

            if (strcmp(disk->self, name) == 0)
                add_use(search, disk->function, disk->name, export->by);
        }
    } else if (node && exists(search, "sys/class/nvme", name)) {
        export->name = name;
        iow_search_entry(search, "sys/class/nvme", name, found_controller, export);
    } else if (strncmp(device, "/dev/", 5) == 0) {
        iow_search_unknown(search, export->folder);
    }
}

/* One that is not enabled has let its device go, or not taken it yet. */
static void read_export(struct export *export, const char *attribute)
{
    char enabled[IOW_WORD], device[IOW_MAX_PATH];
    int n = read_text(export->search, export->folder, "enable", enabled, sizeof(enabled));

    if (n >= 0 && strcmp(enabled, "1") == 0) {
        n = read_text(export->search, export->folder, attribute, device, sizeof(device));
        if (n >= 0)
            found_device(export, device);
    }
    if (n < 0)
        iow_search_failed(export->search, n, export->folder);
}

/* Calls back with the path of each entry of a folder. */
static int each_entry(struct iow_search *search, const char *folder,
    void (*found)(struct iow_search *search, const char *path, const char *name))
{
    struct iow_entries names;
    int r = iow_reader_list_path(search->rd, folder, &names);

    for (uint32_t i = 0; r == 0 && i < names.at.n && !search->rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);
        char path[IOW_MAX_PATH];

        if (iow_source_resolve(folder, name, path, sizeof(path)) == 0)
            found(search, path, name);
    }
    iow_entries_done(&names);
    if (r < 0)
        iow_search_failed(search, r, folder);
    return r;
}

/* ".../subsystems/NQN/namespaces/1": name is the last but two */
static void found_namespace(struct iow_search *search, const char *path, const char *name)
{
    const char *start = path + sizeof(NVME_TARGETS);
    struct export export = {.search = search, .folder = path};

    (void)name;
    snprintf(export.by, sizeof(export.by), "the NVMe target %.*s", (int)strcspn(start, "/"), start);
    read_export(&export, "device_path");
}

static void found_subsystem(struct iow_search *search, const char *path, const char *name)
{
    char inner[IOW_MAX_PATH];

    (void)name;
    if (iow_source_resolve(path, "namespaces", inner, sizeof(inner)) == 0)
        each_entry(search, inner, found_namespace);
    if (iow_source_resolve(path, "passthru", inner, sizeof(inner)) != 0)
        return;
    /* the same two files as a namespace, at the same depth */
    if (exists(search, path, "passthru"))
        found_namespace(search, inner, "passthru");
}

static void found_backend(struct iow_search *search, const char *path, const char *name)
{
    struct export export = {.search = search, .folder = path};

    snprintf(export.by, sizeof(export.by), "the SCSI target %s", name);
    if (exists(search, path, "udev_path")) /* others are attributes of the driver */
        read_export(&export, "udev_path");
}

static void found_driver(struct iow_search *search, const char *path, const char *name)
{
    (void)name;
    each_entry(search, path, found_backend);
}

/* A target works on when the file system that configures it is not mounted. */
static void read_targets(struct iow_search *search, const char *folder, const char *module,
    void (*found)(struct iow_search *search, const char *path, const char *name))
{
    int r = each_entry(search, folder, found);

    if (r < 0 && iow_reader_gone(r) && exists(search, "sys/module", module))
        iow_search_unknown(search, folder);
}

/* A mediated device on its way to the function that it is a part of. */
struct mediated {
    struct iow_search *search;
    char by[2 * IOW_WORD];
};

static void found_parent(void *ctx, const struct iow_address *address)
{
    struct mediated *mediated = ctx;
    uint32_t function = iow_search_function(mediated->search, address);

    if (function != IOW_NONE)
        add_use(mediated->search, function, "a part", mediated->by);
}

static void found_mediated(struct iow_search *search, const char *path, const char *name)
{
    struct mediated mediated = {.search = search};

    (void)path;
    snprintf(mediated.by, sizeof(mediated.by), "the mediated device %s", name);
    iow_search_entry(search, MEDIATED, name, found_parent, &mediated);
}

static bool asks_for_storage(const struct iow_search *search)
{
    const struct iow_facts *facts = search->rd->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (search->wanted[i] && facts->functions[i].config.class_code >> 16 == STORAGE)
            return true;
    return search->disks.n;
}

void iow_search_exports(struct iow_search *search)
{
    each_entry(search, MEDIATED, found_mediated);
    if (search->rd->fatal || !asks_for_storage(search))
        return;
    read_targets(search, NVME_TARGETS, "nvmet", found_subsystem);
    if (!search->rd->fatal)
        read_targets(search, SCSI_BACKENDS, "target_core_mod", found_driver);
}
