/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read.h"

#include "base/limits.h"
#include "facts/parse.h"

#include <string.h>

/* The part of a path up to and with the NVMe subsystem; 0: there is none. */
static size_t subsystem_length(const char *path)
{
    const char marker[] = "/nvme-subsystem/";
    const char *at = strstr(path, marker);

    return at ? (size_t)(at - path) + sizeof(marker) - 1 + strcspn(at + sizeof(marker) - 1, "/") : 0;
}

/* A multipath device belongs to every controller of its subsystem, which has a link to each. */
static int find_controllers(struct iow_reader *rd, const char *subsystem,
    void (*found)(void *ctx, const struct iow_address *address), void *ctx)
{
    char link[IOW_MAX_PATH];
    struct iow_entries entries;
    int r = iow_reader_list_path(rd, subsystem, &entries);

    if (r < 0)
        return r;
    for (uint32_t i = 0; i < entries.at.n && !rd->fatal; i++) {
        const char *entry = iow_entries_at(&entries, i);
        char at[IOW_MAX_PATH];
        struct iow_address address;
        int len;

        if (strncmp(entry, "nvme", 4) != 0 || iow_source_resolve(subsystem, entry, at, sizeof(at)) < 0)
            continue;
        len = rd->source->ops->read_link(rd->source, IOW_SOURCE_ROOT, at, link, sizeof(link));
        if (len < 0 && len != -IOW_EINVAL)
            r = len;
        if (len >= 0 && iow_parse_last_function(link, (size_t)len, &address) == 0)
            found(ctx, &address);
    }
    iow_entries_done(&entries);
    return r;
}

int iow_reader_functions_of(struct iow_reader *rd, const char *folder, const char *link_text,
    void (*found)(void *ctx, const struct iow_address *address), void *ctx)
{
    char path[IOW_MAX_PATH];
    struct iow_address address;
    size_t n;
    int r;

    if (iow_parse_last_function(link_text, strlen(link_text), &address) == 0) {
        found(ctx, &address);
        return 0;
    }
    r = iow_source_resolve(folder, link_text, path, sizeof(path));
    if (r == -IOW_EBADMSG)
        iow_reader_fail(rd, r, IOW_RULE_CAP_OUTSIDE, folder);
    if (r < 0)
        return r;
    n = subsystem_length(path);
    path[n] = '\0';
    return n ? find_controllers(rd, path, found, ctx) : 0;
}
