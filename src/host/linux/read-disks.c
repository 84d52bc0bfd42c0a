/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The block devices on functions, the devices made of them (device mapper, RAID, ... and partitions of those),
 * and which of them are swap space.
 */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK "sys/class/block"

/* A loop device, which neither says on the disk that it is made of it nor takes the disk to itself. */
struct loop {
    const char *name, *of; /* as sysfs calls them */
};

/* A disk being added to the list. */
struct adding {
    struct iow_search *search;
    const char *name;
};

static struct iow_disk *disk_at(const struct iow_search *search, uint32_t i)
{
    return (struct iow_disk *)search->disks.items + i;
}

static void add_disk(
    struct iow_search *search, const char *name, const char *self, const char *whole, uint32_t function)
{
    struct iow_reader *rd = search->rd;
    struct iow_disk *disk;

    if (search->disks.n >= IOW_MAX_DISKS) {
        iow_reader_fail(rd, -IOW_E2BIG, IOW_RULE_READ_TOO_MANY, BLOCK);
        return;
    }
    disk = iow_list_add(&search->disks, sizeof(*disk));
    if (!disk) {
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, BLOCK);
        return;
    }
    *disk = (struct iow_disk){
        .name = name, .self = self, .whole = whole, .number = IOW_NO_NUMBER, .function = function};
}

/* A name as sysfs has it; kept once for a disk and what is made of it. */
static const char *keep(struct iow_search *search, const char *name, size_t len)
{
    return iow_reader_keep(search->rd, name, len);
}

/* Adds what is made of a disk, unless a loop leads back to it. */
static void add_made(struct iow_search *search, uint32_t first, const char *self)
{
    const struct iow_disk *disk = disk_at(search, first);

    for (uint32_t i = first; i < search->disks.n; i++)
        if (strcmp(disk_at(search, i)->self, self) == 0)
            return;
    add_disk(search, disk->name, keep(search, self, strlen(self)), NULL, disk->function);
}

/* Source: block/holder.c bd_link_disk_holder() */
static void read_holders(struct iow_search *search, uint32_t first, bool direct, const char *folder)
{
    char path[IOW_MAX_PATH];
    struct iow_entries holders;
    int r = iow_source_resolve(folder, "holders", path, sizeof(path));

    if (r == 0)
        r = iow_reader_list_path(search->rd, path, &holders);
    if (r < 0) {
        iow_search_failed(search, r, path);
        return;
    }
    for (uint32_t i = 0; i < holders.at.n && !search->rd->fatal; i++) {
        const struct iow_disk *disk = disk_at(search, first);
        const char *by = iow_entries_at(&holders, i);

        if (direct)
            iow_search_add(search,
                &(struct iow_use){
                    .kind = IOW_USE_HOLDER, .function = disk->function, .name = disk->name, .by = by});
        add_made(search, first, by);
    }
    iow_entries_done(&holders);
}

/* Source: drivers/block/loop.c loop_configure() */
static void read_loops_of(struct iow_search *search, uint32_t first, uint32_t i)
{
    const struct loop *loops = search->loops.items;

    for (uint32_t k = 0; k < search->loops.n && !search->rd->fatal; k++) {
        const struct iow_disk *disk = disk_at(search, i);

        if (strcmp(loops[k].of, disk->self) != 0)
            continue;
        if (i == first)
            iow_search_add(search, &(struct iow_use){.kind = IOW_USE_HOLDER,
                                       .function = disk->function,
                                       .name = disk->name,
                                       .by = loops[k].name});
        add_made(search, first, loops[k].name);
    }
}

static bool is_partition(struct iow_search *search, const char *folder, const char *name)
{
    char path[IOW_MAX_PATH], attribute[IOW_MAX_PATH];
    struct iow_source *source = search->rd->source;

    return iow_source_resolve(folder, name, path, sizeof(path)) == 0 &&
           iow_source_resolve(path, "partition", attribute, sizeof(attribute)) == 0 &&
           source->ops->exists(source, IOW_SOURCE_ROOT, attribute);
}

/* Partitions of what is made of a disk; those of the disk itself are found as disks. */
static void read_partitions(struct iow_search *search, uint32_t first, const char *self, const char *folder)
{
    struct iow_entries entries;
    int r = iow_reader_list_path(search->rd, folder, &entries);

    if (r < 0) {
        iow_search_failed(search, r, folder);
        return;
    }
    for (uint32_t i = 0; i < entries.at.n && !search->rd->fatal; i++) {
        const char *name = iow_entries_at(&entries, i);

        if (strncmp(name, self, strlen(self)) == 0 && is_partition(search, folder, name))
            add_made(search, first, name);
    }
    iow_entries_done(&entries);
}

/* The disk whose folder the partition's is in. */
static const char *read_whole(struct iow_search *search, const char *path)
{
    const char *end = strrchr(path, '/'), *start = end;

    if (!end || !is_partition(search, path, ""))
        return NULL;
    while (start > path && start[-1] != '/')
        start--;
    return keep(search, start, (size_t)(end - start));
}

static void read_number(struct iow_search *search, int folder, uint64_t *ret)
{
    char text[IOW_WORD];
    int n = iow_reader_text(search->rd, folder, "dev", text, sizeof(text));

    /* The single paths of a multipath device have none: nobody can open them. */
    *ret = IOW_NO_NUMBER;
    if (n < 0)
        iow_search_failed(search, n, BLOCK);
    else if (!iow_device_number_parse(text, ret))
        iow_search_unknown(search, BLOCK);
}

static void read_disk(struct iow_search *search, uint32_t first, uint32_t i)
{
    struct iow_source *source = search->rd->source;
    const struct iow_disk disk = *disk_at(search, i); /* the list moves */
    char path[IOW_MAX_PATH] = BLOCK;
    int folder = iow_reader_open_link(search->rd, BLOCK, disk.self, path, sizeof(path));

    if (folder < 0) {
        iow_search_failed(search, folder, path);
        return;
    }
    read_number(search, folder, &disk_at(search, i)->number);
    source->ops->close(source, folder);
    if (i == first)
        disk_at(search, i)->whole = read_whole(search, path);
    else
        read_partitions(search, first, disk.self, path);
    if (!search->rd->fatal)
        read_holders(search, first, i == first, path);
    if (!search->rd->fatal)
        read_loops_of(search, first, i);
}

static void found_disk(void *ctx, const struct iow_address *address)
{
    struct adding *adding = ctx;
    struct iow_search *search = adding->search;
    uint32_t function = iow_search_function(search, address), first = search->disks.n;
    const char *name;

    if (function == IOW_NONE || search->rd->fatal)
        return;
    name = keep(search, adding->name, strlen(adding->name));
    add_disk(search, name, name, NULL, function);
    for (uint32_t i = first; i < search->disks.n && !search->rd->fatal; i++)
        read_disk(search, first, i);
}

static int compare_disks(const void *a, const void *b)
{
    uint64_t x = ((const struct iow_disk *)a)->number, y = ((const struct iow_disk *)b)->number;

    return (x > y) - (x < y);
}

static void add_loop(struct iow_search *search, const char *name, const char *of)
{
    struct loop *loop = iow_list_add(&search->loops, sizeof(*loop));

    if (loop)
        *loop = (struct loop){.name = keep(search, name, strlen(name)), .of = keep(search, of, strlen(of))};
    else
        iow_reader_fail(search->rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, BLOCK);
}

/* The path is that of the file which was opened, links resolved, as its opener saw it: "/dev/sda", in a container
 * perhaps "/srv/root/dev/sda". Volumes have a name of their own in a /dev without udev, and those are not told apart.
 */
static void read_loop(struct iow_search *search, const char *name)
{
    struct iow_source *source = search->rd->source;
    char path[IOW_MAX_PATH] = BLOCK, file[IOW_MAX_PATH + 1], of[IOW_WORD];
    int folder = iow_reader_open_link(search->rd, BLOCK, name, path, sizeof(path)), n = folder;

    if (folder >= 0) {
        n = iow_reader_text(search->rd, folder, "loop/backing_file", file, sizeof(file));
        source->ops->close(source, folder);
    }
    if (n < 0)
        iow_search_failed(search, n, path);
    else if (iow_search_node_name(search, file, of)) {
        if (strncmp(of, "mapper!", 7) == 0)
            iow_search_unknown(search, path);
        add_loop(search, name, of);
    }
}

static void read_loops(struct iow_search *search, const struct iow_entries *names)
{
    for (uint32_t i = 0; i < names->at.n && !search->rd->fatal; i++) {
        const char *name = iow_entries_at(names, i);

        if (strncmp(name, "loop", 4) == 0 && name[4] && !name[4 + strspn(name + 4, "0123456789")])
            read_loop(search, name);
    }
}

void iow_search_disks(struct iow_search *search)
{
    struct iow_reader *rd = search->rd;
    struct iow_entries names;
    int r = iow_reader_list_path(rd, BLOCK, &names);

    if (r < 0) {
        iow_search_failed(search, r, BLOCK);
        return;
    }
    read_loops(search, &names);
    for (uint32_t i = 0; i < names.at.n && !rd->fatal; i++) {
        struct adding adding = {.search = search, .name = iow_entries_at(&names, i)};

        iow_search_entry(search, BLOCK, adding.name, found_disk, &adding);
    }
    iow_entries_done(&names);
    iow_list_done(&search->loops);
    if (search->disks.n > 1)
        qsort(search->disks.items, search->disks.n, sizeof(struct iow_disk), compare_disks);
}

struct iow_disk *iow_search_disk_at(const struct iow_search *search, uint64_t number, uint32_t *ret_n)
{
    uint32_t low = 0, high = search->disks.n, n = 0;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (disk_at(search, middle)->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < search->disks.n && disk_at(search, low + n)->number == number)
        n++;
    *ret_n = n;
    return n ? disk_at(search, low) : NULL;
}

static void add_swap(struct iow_search *search, const char *name)
{
    for (uint32_t i = 0; i < search->disks.n; i++) {
        const struct iow_disk *disk = disk_at(search, i);

        if (strcmp(disk->self, name) == 0)
            iow_search_add(search,
                &(struct iow_use){.kind = IOW_USE_SWAP, .function = disk->function, .name = disk->name});
    }
}

/* The names of sysfs have '!' where those of /dev have '/'. Source: drivers/base/core.c device_add() */
static bool name_of_node(const char *node, size_t len, char buf[IOW_WORD])
{
    const char prefix[] = "/dev/";
    size_t skip = sizeof(prefix) - 1;

    if (len <= skip || len - skip >= IOW_WORD || strncmp(node, prefix, skip) != 0)
        return false;
    memcpy(buf, node + skip, len - skip);
    buf[len - skip] = '\0';
    for (char *p = buf; *p; p++)
        if (*p == '/')
            *p = '!';
    return true;
}

/* The rest of a path after its last "/dev/". */
static const char *after_dev(const char *path)
{
    const char dev[] = "/dev/", *at = NULL;

    while ((path = strstr(path, dev))) {
        path += sizeof(dev) - 1;
        at = path;
    }
    return at;
}

bool iow_search_node_name(struct iow_search *search, const char *path, char buf[IOW_WORD])
{
    const char deleted[] = " (deleted)", *name = after_dev(path);
    struct iow_source *source = search->rd->source;
    char node[IOW_MAX_PATH], link[IOW_MAX_PATH], folder[IOW_MAX_PATH];
    size_t len = name ? strlen(name) : 0, tail = sizeof(deleted) - 1;

    if (len > tail && strcmp(name + len - tail, deleted) == 0)
        len -= tail;
    if (len == 0 || len >= IOW_WORD)
        return false;
    snprintf(node, sizeof(node), "/dev/%.*s", (int)len, name);
    if (source->ops->read_link(source, IOW_SOURCE_ROOT, node + 1, link, sizeof(link)) >= 0) {
        memcpy(folder, node + 1, sizeof(folder) - 1);
        *strrchr(folder, '/') = '\0';
        node[0] = '/';
        if (*link == '/')
            snprintf(node, sizeof(node), "%s", link);
        else if (iow_source_resolve(folder, link, node + 1, sizeof(node) - 1) < 0)
            return false;
    }
    return name_of_node(node, strlen(node), buf);
}

/* Swap files need no look: they lie on a file system that is mounted. A node with another name than the
 * kernel's is found to be in use by asking for the device. Source: mm/swapfile.c swap_show() */
void iow_search_swaps(struct iow_search *search)
{
    IOW_CLEANUP_FREE char *text = malloc(IOW_MAX_FILE_BYTES + 1);
    char *line, *rest;
    int n;

    if (!text) {
        iow_reader_fail(search->rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, "proc/swaps");
        return;
    }
    if (!search->disks.n)
        return;
    n = iow_reader_text(search->rd, IOW_SOURCE_ROOT, "proc/swaps", text, IOW_MAX_FILE_BYTES + 1);
    if (n < 0) {
        iow_search_failed(search, n, "proc/swaps");
        return;
    }
    for (line = strtok_r(text, "\n", &rest); line && !search->rd->fatal; line = strtok_r(NULL, "\n", &rest)) {
        char name[IOW_WORD];

        if (name_of_node(line, strcspn(line, " \t"), name))
            add_swap(search, name);
    }
}
