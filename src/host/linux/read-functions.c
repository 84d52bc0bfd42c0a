/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All functions: which there are, where sysfs places them, and in which order they are read.
 *
 * A function's config space may be read only when it and the bridge above it are awake, so bridges are read
 * before what is below them: by the length of their paths.
 */
#include "host/linux/read.h"

#include "base/limits.h"
#include "facts/parse.h"

#include <stdlib.h>
#include <string.h>

struct found {
    struct iow_address address;
    uint32_t depth;
    const char *link; /* text of the link that the bus shows; NULL: the folder itself is there */
    bool vanished;
};

static uint32_t depth_of(const char *link)
{
    uint32_t n = 0;

    for (; *link; link++)
        n += *link == '/';
    return n;
}

static void place(struct iow_reader *rd, const char *link, size_t len, struct iow_built_function *built)
{
    struct iow_subject subject = iow_subject_function(&built->function.address);
    struct iow_place place;

    if (iow_parse_place(link, len, &built->function.address, &place) < 0) {
        iow_reader_missing(rd, IOW_RULE_READ_BAD_VALUE, &subject, IOW_PCI_DEVICES);
        return;
    }
    built->function.known |= IOW_FUNCTION_PATH;
    built->function.parent = IOW_NONE;
    built->parent = (struct iow_link_to){.set = place.has_parent, .address = place.parent};
    built->real_dma = (struct iow_link_to){.set = place.has_real_dma, .address = place.real_dma};
}

static int add_function(struct iow_reader *rd, struct iow_facts_builder *builder, int bus,
    struct iow_found_functions *all, const char *name, const struct iow_address *address)
{
    char link[IOW_MAX_PATH];
    struct iow_built_function *built;
    struct found *found = iow_list_add(&all->list, sizeof(*found));
    int n, r = iow_facts_add_function(builder, address, &built);

    if (r < 0 || !found)
        return iow_reader_fail(rd, r < 0 ? r : -IOW_ENOMEM,
            r == -IOW_E2BIG ? IOW_RULE_READ_TOO_MANY : IOW_RULE_READ_NO_MEMORY, IOW_PCI_DEVICES);
    found->address = *address;
    n = rd->source->ops->read_link(rd->source, bus, name, link, sizeof(link));
    if (n >= 0) {
        found->link = iow_mem_text(&all->mem, link, (size_t)n);
        if (!found->link)
            return iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, IOW_PCI_DEVICES);
        found->depth = depth_of(link);
        place(rd, link, (size_t)n, built);
    } else if (iow_reader_gone(n)) {
        found->vanished = true;
    } else if (n != -IOW_EINVAL) {
        struct iow_subject subject = iow_subject_function(address);

        iow_reader_failed(rd, n, &subject, IOW_PCI_DEVICES);
    }
    return rd->fatal;
}

int iow_read_function_list(
    struct iow_reader *rd, struct iow_facts_builder *builder, struct iow_found_functions *found)
{
    const struct iow_subject machine = iow_subject_machine();
    struct iow_entries names;
    int bus, r;

    *found = (struct iow_found_functions){0};
    iow_mem_init_malloc(&found->mem);
    bus = rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, IOW_PCI_DEVICES);
    rd->facts->machine.pci = bus >= 0;
    if (bus < 0) {
        if (iow_reader_gone(bus))
            iow_reader_missing(rd, IOW_RULE_READ_NO_PCI, &machine, IOW_PCI_DEVICES);
        else
            iow_reader_failed(rd, bus, &machine, IOW_PCI_DEVICES);
        return rd->fatal;
    }
    r = iow_reader_list(rd, bus, &names);
    if (r < 0)
        iow_reader_failed(rd, r, &machine, IOW_PCI_DEVICES);
    for (uint32_t i = 0; i < names.at.n && !rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);
        struct iow_address address;

        if (iow_parse_address_name(name, strlen(name), &address) < 0)
            iow_reader_missing(rd, IOW_RULE_READ_BAD_VALUE, &machine, IOW_PCI_DEVICES);
        else
            add_function(rd, builder, bus, found, name, &address);
    }
    iow_entries_done(&names);
    rd->source->ops->close(rd->source, bus);
    return rd->fatal;
}

static int open_found(struct iow_reader *rd, const struct found *found)
{
    char name[IOW_ADDRESS_TEXT], path[IOW_MAX_PATH];
    int r;

    if (found->vanished)
        return -IOW_ENODEV;
    iow_address_format(&found->address, name);
    r = iow_source_resolve(IOW_PCI_DEVICES, found->link ? found->link : name, path, sizeof(path));
    if (r == -IOW_EBADMSG)
        return iow_reader_fail(rd, r, IOW_RULE_CAP_OUTSIDE, name);
    return r < 0 ? r : rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, path);
}

static void read_found(struct iow_reader *rd, const struct found *found)
{
    uint32_t position = iow_facts_find_function(rd->facts, &found->address);
    struct iow_function *f = &rd->facts->functions[position];
    struct iow_subject subject = iow_subject_function(&found->address);
    int folder = open_found(rd, found);

    if (folder >= 0) {
        iow_read_function(rd, f, folder);
        rd->source->ops->close(rd->source, folder);
    } else if (iow_reader_gone(folder)) {
        iow_read_vanished(rd, f);
    } else {
        char path[IOW_FUNCTION_PATH_BYTES];

        iow_reader_failed(rd, folder, &subject, iow_function_path(f, NULL, path));
    }
}

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return iow_address_compare(&x->address, &y->address);
}

void iow_read_functions(struct iow_reader *rd, struct iow_found_functions *found)
{
    const struct found *list = found->list.items;

    if (found->list.n > 1)
        qsort(found->list.items, found->list.n, sizeof(*list), compare_found);
    for (uint32_t i = 0; i < found->list.n && !rd->fatal; i++)
        read_found(rd, &list[i]);
    iow_check_physical_functions(rd);
}

void iow_found_functions_done(struct iow_found_functions *found)
{
    iow_list_done(&found->list);
    iow_mem_done(&found->mem);
}
