/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Block devices that somebody in the kernel has to himself, and nothing else found says who: the probe
 * "exclusive".
 *
 *   "devices": ["259:1"]
 *
 * File systems of a namespace that no process is in, members of a ZFS pool or of a RAID that is not running and
 * whatever comes next have nothing in common but this. It is found out by asking for the device exclusively for a
 * moment. Source: block/bdev.c bd_may_claim(): a disk is not free while one of its partitions is taken, nor a
 * partition while the disk is
 */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static struct iow_disk *disks_of(const struct iow_search *search)
{
    return search->disks.items;
}

static bool is_own(const struct iow_disk *disk)
{
    return disk->self == disk->name;
}

static bool is_about(const struct iow_use *use, const struct iow_disk *disk)
{
    return use->kind <= IOW_USE_EXCLUSIVE && use->function == disk->function &&
           strcmp(use->name, disk->name) == 0;
}

static void mark_used(struct iow_search *search)
{
    const struct iow_use *uses = search->uses.items;

    for (uint32_t i = 0; i < search->disks.n; i++) {
        struct iow_disk *disk = &disks_of(search)[i];

        for (uint32_t k = 0; k < search->uses.n && !disk->used; k++)
            disk->used = is_own(disk) && is_about(&uses[k], disk);
    }
}

/* Is there a reason why it is not free? */
static bool is_explained(const struct iow_search *search, const struct iow_disk *disk)
{
    const struct iow_disk *all = disks_of(search);

    for (uint32_t i = 0; i < search->disks.n; i++)
        if (all[i].used &&
            (strcmp(all[i].name, disk->name) == 0 || (disk->whole && strcmp(all[i].name, disk->whole) == 0) ||
                (all[i].whole && strcmp(all[i].whole, disk->name) == 0)))
            return true;
    return false;
}

/* Adds a use for each path to a disk that is not free. */
static void add_taken(struct iow_search *search, struct iow_disk *first, uint32_t n)
{
    for (uint32_t i = 0; i < n && !search->rd->fatal; i++)
        if (is_own(&first[i]))
            iow_search_add(
                search, &(struct iow_use){
                            .kind = IOW_USE_EXCLUSIVE, .function = first[i].function, .name = first[i].name});
    for (uint32_t i = 0; i < n; i++)
        first[i].used = is_own(&first[i]);
}

/* Calls back for each number of unexplained disks: partitions before whole disks, which they explain. */
static void each_unexplained(struct iow_search *search,
    void (*ask)(struct iow_search *search, void *ctx, struct iow_disk *first, uint32_t n), void *ctx)
{
    for (int whole = 0; whole <= 1; whole++) {
        for (uint32_t i = 0, n; i < search->disks.n && !search->rd->fatal; i += n) {
            struct iow_disk *first = iow_search_disk_at(search, disks_of(search)[i].number, &n);

            if (first->number != IOW_NO_NUMBER && is_own(first) && (first->whole == NULL) == (whole == 1) &&
                !is_explained(search, first))
                ask(search, ctx, first, n);
        }
    }
}

/* A handle of a device's node, so that nothing but the right device is opened. */
static int find_node(int root, const struct iow_disk *disk)
{
    char path[IOW_WORD + 8];
    struct stat st;
    int fd;

    snprintf(path, sizeof(path), "dev/%s", disk->self);
    for (char *p = path; *p; p++)
        if (*p == '!')
            *p = '/';
    fd = openat(root, path, O_PATH | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) &&
        iow_device_number(major(st.st_rdev), minor(st.st_rdev)) == disk->number)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

/*
 * Asks for the device and lets it go at once. Without reading from it, but it may wake the device, which is
 * better than to give a disk away blindly because it sleeps. Returns 0, or the errno.
 */
static int ask_for(int node)
{
    char path[sizeof("/proc/self/fd/") + 11];
    int fd;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", node);
    fd = open(path, O_RDONLY | O_EXCL | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return errno;
    (void)close(fd);
    return 0;
}

static void ask_live(struct iow_search *search, void *ctx, struct iow_disk *first, uint32_t n)
{
    IOW_CLEANUP_CLOSE int node = find_node(search->rd->source->root_fd, first);
    int error = node < 0 ? EACCES : ask_for(node);
    bool *complete = ctx;

    if (error == EBUSY)
        add_taken(search, first, n);
    else if (error && error != ENXIO && error != ENODEV && error != ENOMEDIUM)
        *complete = false;
}

/* The devices of a stored answer. */
struct answer {
    struct iow_list numbers; /* uint64_t */
};

static bool take(struct iow_reader *rd, void *ctx, json_object *item)
{
    const char *text = json_object_is_type(item, json_type_string) ? json_object_get_string(item) : "";
    struct answer *answer = ctx;
    uint64_t number, *kept;

    if (!iow_device_number_parse(text, &number))
        return false;
    kept = iow_list_add(&answer->numbers, sizeof(*kept));
    if (kept)
        *kept = number;
    else
        iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, NULL);
    return kept;
}

static const struct iow_probe probe = {
    .name = "exclusive",
    .list = "devices",
    .most = IOW_MAX_DISKS,
    .take = take,
};

static void look_up(struct iow_search *search, void *ctx, struct iow_disk *first, uint32_t n)
{
    const struct answer *answer = ctx;
    const uint64_t *numbers = answer->numbers.items;

    for (uint32_t i = 0; i < answer->numbers.n; i++) {
        if (numbers[i] != first->number)
            continue;
        add_taken(search, first, n);
        return;
    }
}

static void ask_stored(struct iow_search *search)
{
    struct answer answer = {0};
    bool complete = false;
    char path[IOW_WORD];

    if (iow_probe_replay_stored(search->rd, &probe, &answer, &complete) == 0)
        each_unexplained(search, look_up, &answer);
    if (!complete && !search->rd->fatal)
        iow_search_unknown(search, iow_probe_path(&probe, path));
    iow_list_done(&answer.numbers);
}

void iow_search_exclusive(struct iow_search *search)
{
    bool complete = true;

    mark_used(search);
    if (search->rd->source->provenance == IOW_FROM_LIVE)
        each_unexplained(search, ask_live, &complete);
    else
        ask_stored(search);
    if (!complete)
        iow_search_unknown(search, "dev");
}
