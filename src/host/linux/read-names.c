/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names by which people call functions: network interfaces, disks, graphics cards. */
#include "host/linux/read.h"

#include "base/limits.h"

#include <stdio.h>
#include <string.h>

static const struct name_class {
    const char *name;
    const char *without; /* entries with this character are parts of others */
} classes[] = {
    {"net", NULL}, {"block", NULL}, {"nvme", NULL}, {"drm", "-"},                /* card0-HDMI-A-1 */
    {"accel", NULL}, {"infiniband", NULL}, {"scsi_host", NULL}, {"sound", "CD"}, /* pcmC0D0p, controlC0 */
};

struct naming {
    struct iow_reader *rd;
    struct iow_list list; /* of struct iow_name */
    const char *kind;
    const char *name; /* being added */
};

static void add_name(struct naming *naming, const char *name, const struct iow_address *address)
{
    uint32_t function = iow_facts_find_function(naming->rd->facts, address);
    struct iow_name *added;

    if (function == IOW_NONE)
        return;
    added = iow_list_add(&naming->list, sizeof(*added));
    if (added)
        *added = (struct iow_name){.name = iow_reader_keep(naming->rd, name, strlen(name)),
            .kind = naming->kind,
            .function = function};
    else
        iow_reader_fail(naming->rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
}

static void found(void *ctx, const struct iow_address *address)
{
    struct naming *naming = ctx;

    add_name(naming, naming->name, address);
}

static void read_entry(struct naming *naming, int class, const char *folder, const char *name)
{
    struct iow_reader *rd = naming->rd;
    char link[IOW_MAX_PATH];

    if (rd->source->ops->read_link(rd->source, class, name, link, sizeof(link)) < 0)
        return; /* a file of the class, or gone */
    naming->name = name;
    (void)iow_reader_functions_of(rd, folder, link, found, naming);
}

static void read_class(struct naming *naming, const struct name_class *class)
{
    struct iow_reader *rd = naming->rd;
    const struct iow_subject machine = iow_subject_machine();
    struct iow_entries names;
    char path[64];
    int folder, r;

    snprintf(path, sizeof(path), "sys/class/%s", class->name);
    folder = rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, path);
    if (folder < 0) {
        if (!iow_reader_gone(folder))
            iow_reader_failed(rd, folder, &machine, path);
        return;
    }
    naming->kind = class->name;
    r = iow_reader_list(rd, folder, &names);
    if (r < 0)
        iow_reader_failed(rd, r, &machine, path);
    for (uint32_t i = 0; i < names.at.n && !rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);

        if (!class->without || !strpbrk(name, class->without))
            read_entry(naming, folder, path, name);
    }
    iow_entries_done(&names);
    rd->source->ops->close(rd->source, folder);
}

void iow_read_names(struct iow_reader *rd)
{
    struct naming naming = {.rd = rd};

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]) && !rd->fatal; i++)
        read_class(&naming, &classes[i]);
    if (!rd->fatal && iow_facts_set_names(rd->facts, &naming.list) < 0)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    iow_list_done(&naming.list);
}
