/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told about one function beyond what grouping and ownership need. */
#include "host/linux/read.h"

#include "facts/parse.h"

#include <string.h>

/* A page of sysfs. */
#define TEXT_BYTES 4096

/* Config space has room for no more: 48 conventional capabilities and 960 extended ones. */
#define MOST_CAPABILITIES 1008

static void failed(struct iow_reader *rd, const struct iow_function *f, int r, const char *attribute)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];

    iow_reader_failed(rd, r, &subject, iow_function_path(f, attribute, path));
}

static void waits(struct iow_reader *rd, const struct iow_function *f, const char *attribute)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];

    iow_reader_missing(rd, IOW_RULE_READ_WAITS, &subject, iow_function_path(f, attribute, path));
}

/* A number that only some functions have: keeps the value when it is not there. */
static uint64_t number_or(
    struct iow_reader *rd, struct iow_function *f, int folder, const char *name, uint64_t otherwise)
{
    uint64_t value;
    int r = iow_reader_number(rd, folder, name, false, INT32_MAX, &value);

    if (r == 0)
        return value;
    if (!iow_reader_gone(r))
        failed(rd, f, r, name);
    return otherwise;
}

/*
 * Until its user lets go, the unbind of a vfio device holds the device's lock, and then a reader of these
 * attributes waits, unkillable. Such a function looks unbound; since 6.3 its vfio device is gone from sysfs
 * at once, so only the group's node tells that it may be one. Source: drivers/vfio/vfio_main.c
 * vfio_unregister_group_dev(); drivers/pci/iov.c sriov_numvfs_show(); drivers/pci/pci-sysfs.c
 * driver_override_show() before 6.13
 */
static bool lock_may_be_held(struct iow_reader *rd, const struct iow_function *f)
{
    uint32_t group = iow_facts_find_group(rd->facts, f->group);

    if (f->driver)
        return false;
    if (!(f->known & IOW_FUNCTION_DRIVER) || f->vfio_device)
        return true;
    if (group == IOW_NONE)
        return false;
    /* A kernel without group nodes shows nothing at all. */
    return rd->facts->groups[group].vfio_node ||
           (rd->source->ops->exists(rd->source, IOW_SOURCE_ROOT, IOW_VFIO_DEVICE_CLASS) &&
               !rd->source->ops->exists(rd->source, IOW_SOURCE_ROOT, IOW_VFIO_CLASS));
}

static void read_locked(struct iow_reader *rd, struct iow_function *f, int folder)
{
    char text[TEXT_BYTES];
    int n;

    if (lock_may_be_held(rd, f)) {
        waits(rd, f, "driver_override");
        return;
    }
    n = iow_reader_text(rd, folder, "driver_override", text, sizeof(text));
    if (n > 0 && strcmp(text, "(null)") != 0)
        f->driver_override = iow_reader_keep(rd, text, (size_t)n);
    else if (n < 0 && !iow_reader_gone(n))
        failed(rd, f, n, "driver_override");
    if (f->max_vfs)
        f->n_vfs = (uint32_t)number_or(rd, f, folder, "sriov_numvfs", 0);
}

static void read_attributes(struct iow_reader *rd, struct iow_function *f, int folder)
{
    char text[IOW_WORD];
    int n = iow_reader_text(rd, folder, "reset_method", text, sizeof(text));

    if (n >= 0)
        f->reset_methods = iow_reader_keep(rd, text, (size_t)n);
    else if (!iow_reader_gone(n))
        failed(rd, f, n, "reset_method");
    n = iow_source_read_text(rd->source, folder, "numa_node", text, sizeof(text));
    if (n >= 0 && strcmp(text, "-1") != 0) {
        uint64_t value;

        if (iow_parse_number(text, (size_t)n, false, INT32_MAX, &value) == 0)
            f->numa_node = (int32_t)value;
        else
            failed(rd, f, -IOW_EINVAL, "numa_node");
    }
    f->removable =
        iow_reader_text(rd, folder, "removable", text, sizeof(text)) > 0 && !strcmp(text, "removable");
    f->peer_memory = rd->source->ops->exists(rd->source, folder, "p2pmem");
    f->enabled = number_or(rd, f, folder, "enable", 0) > 0;
    f->max_vfs = (uint32_t)number_or(rd, f, folder, "sriov_totalvfs", 0);
}

static void keep_bars(struct iow_reader *rd, struct iow_function *f, const struct iow_list *bars)
{
    f->bars = iow_list_keep(bars, sizeof(struct iow_bar), &rd->facts->mem);
    f->n_bars = f->bars ? bars->n : 0;
    if (!f->bars)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
}

static void read_bars(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_list bars = {0};
    char text[TEXT_BYTES];
    const char *rest = text, *line;
    size_t len, line_len;
    int n = iow_source_read_text(rd->source, folder, "resource", text, sizeof(text));

    if (n < 0) {
        if (!iow_reader_gone(n))
            failed(rd, f, n, "resource");
        return;
    }
    len = (size_t)n;
    for (uint32_t i = 0; iow_parse_line(&rest, &len, &line, &line_len) && !rd->fatal; i++) {
        struct iow_bar bar = {.index = i}, *kept;

        if (iow_parse_bar(line, line_len, &bar) < 0) {
            failed(rd, f, -IOW_EINVAL, "resource");
            break;
        }
        if (!bar.flags && !bar.last)
            continue;
        kept = iow_list_add(&bars, sizeof(*kept));
        if (kept)
            *kept = bar;
        else
            iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    }
    keep_bars(rd, f, &bars);
    iow_list_done(&bars);
}

static void keep_capabilities(
    struct iow_reader *rd, struct iow_function *f, const struct iow_capability *list, uint32_t n)
{
    struct iow_capability *kept = iow_mem_alloc(&rd->facts->mem, n, sizeof(*kept));

    if (!kept) {
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
        return;
    }
    memcpy(kept, list, n * sizeof(*kept));
    f->capabilities = kept;
    f->n_capabilities = n;
}

/* Damage and lack of permission were recorded when the same bytes were decoded. */
static void read_config_details(struct iow_reader *rd, struct iow_function *f, int folder)
{
    struct iow_capability list[MOST_CAPABILITIES];
    struct iow_config_file file;
    struct iow_config_reader reader;
    uint32_t n = 0;

    if (f->asleep || !(f->config.known & IOW_CONFIG_HEADER) || iow_config_file_open(rd, folder, &file) < 0)
        return;
    reader = iow_config_file_reader(&file);
    iow_config_list(&reader, &f->config, list, MOST_CAPABILITIES, &n, NULL);
    keep_capabilities(rd, f, list, n);
    iow_config_file_close(&file);
}

void iow_read_details(struct iow_reader *rd, struct iow_function *f, int folder)
{
    read_attributes(rd, f, folder);
    read_locked(rd, f, folder);
    read_bars(rd, f, folder);
    read_config_details(rd, f, folder);
    f->known |= IOW_FUNCTION_DETAILS;
}
