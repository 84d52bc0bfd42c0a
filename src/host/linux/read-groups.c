/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IOMMU groups, their members on other buses, their reserved regions, and the nodes of vfio. */
#include "host/linux/read.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page of sysfs. */
#define TEXT_BYTES 4096

#define GROUP_PATH_BYTES 64

static const char *group_path(uint32_t number, const char *below, char buf[GROUP_PATH_BYTES])
{
    snprintf(
        buf, GROUP_PATH_BYTES, IOW_GROUPS "/%u%s%s", (unsigned)number, below ? "/" : "", below ? below : "");
    return buf;
}

/* A word the kernel says about a group, NULL when it does not. */
static const char *read_word(
    struct iow_reader *rd, const struct iow_group *group, int folder, const char *name)
{
    struct iow_subject subject = iow_subject_group(group->number);
    char text[IOW_WORD], path[GROUP_PATH_BYTES];
    int n = iow_reader_text(rd, folder, name, text, sizeof(text));

    if (n >= 0)
        return iow_reader_keep(rd, text, (size_t)n);
    if (!iow_reader_gone(n))
        iow_reader_failed(rd, n, &subject, group_path(group->number, name, path));
    return NULL;
}

static void read_other_member(
    struct iow_reader *rd, struct iow_facts_builder *builder, uint32_t number, const char *name)
{
    struct iow_other_member *member;
    char path[IOW_MAX_PATH], folder_path[GROUP_PATH_BYTES], word[IOW_WORD];
    int folder, n, r = iow_facts_add_other_member(builder, number, &member);

    if (r < 0) {
        iow_reader_fail(rd, r, r == -IOW_E2BIG ? IOW_RULE_READ_TOO_MANY : IOW_RULE_READ_NO_MEMORY, name);
        return;
    }
    member->name = iow_reader_keep(rd, name, strlen(name));
    folder = iow_reader_open_link(rd, group_path(number, "devices", folder_path), name, path, sizeof(path));
    if (folder < 0) {
        struct iow_subject subject = iow_subject_group(number);

        iow_reader_failed(rd, folder, &subject, folder_path);
        return;
    }
    n = iow_reader_link_name(rd, folder, "subsystem", word);
    if (n >= 0)
        member->bus = iow_reader_keep(rd, word, (size_t)n);
    n = iow_reader_link_name(rd, folder, "driver", word);
    if (n >= 0)
        member->driver = iow_reader_keep(rd, word, (size_t)n);
    rd->source->ops->close(rd->source, folder);
}

/* A group whose listing was read. */
struct listing {
    uint32_t group;
    uint32_t end; /* its functions are those before this position, from the end of the listing before */
};

static void *add_to_list(struct iow_reader *rd, struct iow_list *list, size_t item_bytes)
{
    void *item = iow_list_add(list, item_bytes);

    if (!item)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, IOW_GROUPS);
    return item;
}

/* Functions tell their group themselves: what is listed here is only compared with it. */
static void keep_listed(struct iow_reader *rd, const struct iow_address *address)
{
    struct iow_address *kept = add_to_list(rd, &rd->listings.functions, sizeof(*kept));

    if (kept)
        *kept = *address;
}

static void end_listing(struct iow_reader *rd, uint32_t group)
{
    struct listing *listing = add_to_list(rd, &rd->listings.groups, sizeof(*listing));

    if (listing)
        *listing = (struct listing){.group = group, .end = rd->listings.functions.n};
}

static uint32_t read_members(
    struct iow_reader *rd, struct iow_facts_builder *builder, uint32_t number, int folder)
{
    struct iow_subject subject = iow_subject_group(number);
    char path[GROUP_PATH_BYTES];
    struct iow_entries names = {0};
    int devices = rd->source->ops->open_folder(rd->source, folder, "devices"), r = devices;
    uint32_t n;

    if (devices >= 0) {
        r = iow_reader_list(rd, devices, &names);
        rd->source->ops->close(rd->source, devices);
    }
    if (r < 0)
        iow_reader_failed(rd, r, &subject, group_path(number, "devices", path));
    for (uint32_t i = 0; i < names.at.n && !rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);
        struct iow_address address;

        if (iow_parse_address_name(name, strlen(name), &address) < 0)
            read_other_member(rd, builder, number, name);
        else
            keep_listed(rd, &address);
    }
    if (r >= 0)
        end_listing(rd, number);
    n = names.at.n;
    iow_entries_done(&names);
    return n;
}

static void read_group(struct iow_reader *rd, struct iow_facts_builder *builder, uint32_t number)
{
    char path[GROUP_PATH_BYTES];
    struct iow_group *group;
    int folder, r;

    group_path(number, NULL, path);
    folder = rd->source->ops->open_folder(rd->source, IOW_SOURCE_ROOT, path);
    if (iow_reader_gone(folder))
        return; /* went away since the listing: as if it had before */
    r = iow_facts_add_group(builder, number, &group);
    if (r < 0) {
        iow_reader_fail(rd, r, r == -IOW_E2BIG ? IOW_RULE_READ_TOO_MANY : IOW_RULE_READ_NO_MEMORY, path);
    } else if (folder < 0) {
        struct iow_subject subject = iow_subject_group(number);

        iow_reader_failed(rd, folder, &subject, path);
    } else {
        group->type = read_word(rd, group, folder, "type");
        group->name = read_word(rd, group, folder, "name");
        group->n_members = read_members(rd, builder, number, folder);
    }
    if (folder >= 0)
        rd->source->ops->close(rd->source, folder);
}

static void no_link(struct iow_reader *rd, struct iow_function *f)
{
    struct iow_subject subject = iow_subject_function(&f->address);
    char path[IOW_FUNCTION_PATH_BYTES];

    f->known &= (uint8_t)~IOW_FUNCTION_DRIVER;
    iow_reader_missing(rd, IOW_RULE_READ_BAD_VALUE, &subject, iow_function_path(f, "iommu_group", path));
}

/* Does a function agree that it is in the group that lists it? One that vanished or could not be read does
 * not disagree: that is recorded already. */
static bool agrees(
    struct iow_reader *rd, const struct iow_address *address, uint32_t group, uint32_t *n_linked)
{
    uint32_t position = iow_facts_find_function(rd->facts, address);
    struct iow_function *f = position == IOW_NONE ? NULL : &rd->facts->functions[position];

    if (!f)
        return false;
    if (f->dying)
        return true;
    if (f->group == group) {
        --*n_linked;
        return true;
    }
    if (f->group == IOW_NONE && !(f->known & IOW_FUNCTION_DRIVER))
        return true;
    if (f->group == IOW_NONE)
        no_link(rd, f);
    return false;
}

/* In: first   position of its first function; n_linked  how many functions say they are in the group */
static void check_listing(
    struct iow_reader *rd, const struct listing *listing, uint32_t first, uint32_t n_linked)
{
    const struct iow_address *functions = rd->listings.functions.items;
    struct iow_subject subject = iow_subject_group(listing->group);
    char path[GROUP_PATH_BYTES];
    bool good = true;

    for (uint32_t i = first; i < listing->end; i++)
        good = agrees(rd, &functions[i], listing->group, &n_linked) && good;
    if (!good || n_linked)
        iow_reader_missing(
            rd, IOW_RULE_READ_BAD_VALUE, &subject, group_path(listing->group, "devices", path));
}

/* How many functions say they are in each group, by the group's position; NULL when there is no memory. */
static uint32_t *count_linked(const struct iow_facts *facts)
{
    uint32_t *n = calloc(facts->n_groups + 1u, sizeof(*n));

    for (uint32_t i = 0; n && i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t group = iow_facts_find_group(facts, f->group);

        if (group != IOW_NONE && !f->dying)
            n[group]++;
    }
    return n;
}

void iow_check_listings(struct iow_reader *rd)
{
    const struct listing *listings = rd->listings.groups.items;
    IOW_CLEANUP_FREE uint32_t *n_linked = count_linked(rd->facts);

    if (!rd->facts->machine.pci)
        return; /* no function could be asked: that is recorded already */
    if (!n_linked)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, IOW_GROUPS);
    for (uint32_t i = 0; i < rd->listings.groups.n && !rd->fatal; i++)
        check_listing(rd, &listings[i], i ? listings[i - 1].end : 0,
            n_linked[iow_facts_find_group(rd->facts, listings[i].group)]);
}

void iow_listings_done(struct iow_listings *listings)
{
    iow_list_done(&listings->groups);
    iow_list_done(&listings->functions);
}

/* "12", or "noiommu-12" for a group that vfio invented. */
static int parse_node(const char *name, uint64_t *ret)
{
    const char prefix[] = "noiommu-";

    if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
        name += sizeof(prefix) - 1;
    return iow_parse_number(name, strlen(name), false, IOW_NONE - 1, ret);
}

/* The class shows a group exactly as long as /dev/vfio does. Source: drivers/vfio/group.c vfio_group_alloc()
 */
void iow_read_nodes(struct iow_reader *rd)
{
    const struct iow_subject machine = iow_subject_machine();
    struct iow_entries names;
    int r = iow_reader_list_path(rd, IOW_VFIO_CLASS, &names);

    if (r < 0 && !iow_reader_gone(r))
        iow_reader_failed(rd, r, &machine, IOW_VFIO_CLASS);
    for (uint32_t i = 0; i < names.at.n; i++) {
        uint64_t number;
        uint32_t group = IOW_NONE;

        if (parse_node(iow_entries_at(&names, i), &number) == 0)
            group = iow_facts_find_group(rd->facts, (uint32_t)number);
        if (group != IOW_NONE)
            rd->facts->groups[group].vfio_node = true;
    }
    iow_entries_done(&names);
}

int iow_read_groups(struct iow_reader *rd, struct iow_facts_builder *builder)
{
    const struct iow_subject machine = iow_subject_machine();
    struct iow_entries names;
    int r = iow_reader_list_path(rd, IOW_GROUPS, &names);

    rd->facts->machine.groups = r >= 0;
    if (r < 0 && !iow_reader_gone(r))
        iow_reader_failed(rd, r, &machine, IOW_GROUPS);
    for (uint32_t i = 0; i < names.at.n && !rd->fatal; i++) {
        const char *name = iow_entries_at(&names, i);
        uint64_t number;

        if (iow_parse_number(name, strlen(name), false, IOW_NONE - 1, &number) < 0 ||
            (name[0] == '0' && name[1]))
            iow_reader_missing(rd, IOW_RULE_READ_BAD_VALUE, &machine, IOW_GROUPS);
        else
            read_group(rd, builder, (uint32_t)number);
    }
    iow_entries_done(&names);
    return rd->fatal;
}

bool iow_vfio_present(struct iow_reader *rd)
{
    struct iow_entries names;
    int r = iow_reader_list_path(rd, IOW_VFIO_CLASS, &names);
    bool any = names.at.n > 0;

    iow_entries_done(&names);
    if (iow_reader_gone(r)) /* a kernel without group nodes */
        return rd->source->ops->exists(rd->source, IOW_SOURCE_ROOT, IOW_VFIO_DEVICE_CLASS);
    return any || r < 0;
}

static void keep_regions(struct iow_reader *rd, struct iow_group *group, const struct iow_list *regions)
{
    group->regions = iow_list_keep(regions, sizeof(struct iow_region), &rd->facts->mem);
    group->n_regions = group->regions ? regions->n : 0;
    if (!group->regions)
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
}

void iow_read_regions(struct iow_reader *rd, struct iow_group *group)
{
    struct iow_subject subject = iow_subject_group(group->number);
    struct iow_list regions = {0};
    char path[GROUP_PATH_BYTES], text[TEXT_BYTES];
    const char *rest = text, *line;
    size_t len, line_len, type_len;
    int n;

    if (group->regions)
        return;
    group_path(group->number, "reserved_regions", path);
    n = iow_source_read_text(rd->source, IOW_SOURCE_ROOT, path, text, sizeof(text));
    if (n < 0)
        iow_reader_failed(rd, n, &subject, path);
    len = n < 0 ? 0 : (size_t)n;
    while (!rd->fatal && iow_parse_line(&rest, &len, &line, &line_len)) {
        struct iow_region region, *kept;

        if (iow_parse_region(line, line_len, &region, &type_len) < 0) {
            iow_reader_missing(rd, IOW_RULE_READ_BAD_VALUE, &subject, path);
            break;
        }
        region.type = iow_reader_keep(rd, region.type, type_len);
        kept = iow_list_add(&regions, sizeof(*kept));
        if (kept)
            *kept = region;
        else
            iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    }
    if (n >= 0)
        keep_regions(rd, group, &regions);
    iow_list_done(&regions);
}
