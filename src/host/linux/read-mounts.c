/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is mounted, in every mount namespace: the probe "mounts".
 *
 *   "mounts": [{"device": "259:1", "at": "/data"}, {"type": "virtiofs", "tag": "share", "at": "/mnt"}]
 *
 * A tag is what a file system of the machine outside is mounted by, through a virtio device that is no disk.
 *
 * A namespace is seen through a process in it. One that no process is in is seen by nobody, but the disks that
 * are mounted there are not free (read-exclusive.c).
 */
#include "host/linux/read-uses.h"

#include "base/cleanup.h"
#include "base/limits.h"

#include <fcntl.h>
#include <libmount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

struct mounts {
    struct iow_survey *survey;
    bool asked;  /* about functions that something can be mounted from */
    void *views; /* namespaces and roots that were looked at */
    void *told;  /* mounts that are in the answer */
};

static int note_bad_line(struct libmnt_table *table, const char *filename, int line)
{
    (void)filename;
    (void)line;
    mnt_table_set_userdata(table, table);
    return 1;
}

bool iow_mounts_parse(FILE *file, void (*found)(void *ctx, struct libmnt_fs *fs), void *ctx)
{
    struct libmnt_table *table = mnt_new_table();
    struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
    struct libmnt_fs *fs;
    bool good = false;

    if (table && iter && mnt_table_set_parser_errcb(table, note_bad_line) == 0 &&
        mnt_table_parse_stream(table, file, "mountinfo") == 0) {
        good = !mnt_table_get_userdata(table);
        while (mnt_table_next_fs(table, iter, &fs) == 0)
            found(ctx, fs);
    }
    mnt_free_iter(iter);
    mnt_unref_table(table);
    return good;
}

/*
 * Which namespace a process is in and which folder is its root: it is not shown what is mounted elsewhere. One whose
 * root has too long a path to be told has a view of its own. Source: fs/proc_namespace.c show_mountinfo()
 */
static bool view_of(const struct iow_process *process, char buf[2 * IOW_MAX_PATH])
{
    ssize_t n = readlinkat(process->folder, "ns/mnt", buf, IOW_MAX_PATH - 1), k;

    if (n < 0)
        return false;
    buf[n++] = ' ';
    k = readlinkat(process->folder, "root", buf + n, IOW_MAX_PATH - 1);
    if (k < 0 && errno == ENAMETOOLONG)
        k = snprintf(buf + n, IOW_MAX_PATH, "%s", process->name);
    if (k < 0)
        return false;
    buf[n + k] = '\0';
    return true;
}

static void note_failure(struct iow_survey *survey)
{
    /* EINVAL is what the mounts of a process that has ended are */
    if (iow_process_hides(errno) && errno != EINVAL)
        survey->complete = false;
}

void iow_mounts_of(struct iow_survey *survey, const struct iow_process *process, void **seen,
    void (*found)(void *ctx, struct libmnt_fs *fs), void *ctx)
{
    char view[2 * IOW_MAX_PATH];
    FILE *file;
    int fd;

    if (!view_of(process, view)) {
        note_failure(survey);
        return;
    }
    if (iow_survey_seen(seen, view))
        return;
    fd = openat(process->folder, "mountinfo", O_RDONLY | O_CLOEXEC);
    file = fd < 0 ? NULL : fdopen(fd, "re");
    if (!file) {
        note_failure(survey);
        if (fd >= 0)
            (void)close(fd);
        return;
    }
    if (!iow_mounts_parse(file, found, ctx))
        survey->complete = false;
    (void)fclose(file);
    (void)iow_survey_first_sight(survey, seen, view);
}

/* iow_json_new_text() replaces bytes in what it is given. */
static json_object *new_text(const char *text)
{
    IOW_CLEANUP_FREE char *copy = strdup(text);

    return copy ? iow_json_new_text(copy) : NULL;
}

/* Adds an item of one or two texts by which the use is found, unless that is in the answer. */
static void tell(struct mounts *mounts, const char *key, const char *value, const char *type, const char *at)
{
    IOW_CLEANUP_FREE char *text = NULL;
    json_object *item;

    if (asprintf(&text, "%s %s %s", type ? type : "", value, at) < 0) {
        text = NULL;
        mounts->survey->r = -IOW_ENOMEM;
        return;
    }
    if (!iow_survey_first_sight(mounts->survey, &mounts->told, text))
        return;
    item = json_object_new_object();
    if ((type && !iow_answer_put(item, "type", json_object_new_string(type))) ||
        !iow_answer_put(item, key, new_text(value)) || !iow_answer_put(item, "at", new_text(at))) {
        json_object_put(item);
        item = NULL;
    }
    iow_survey_add(mounts->survey, item);
}

static void tell_disk(struct mounts *mounts, uint64_t number, const char *at)
{
    char device[IOW_NUMBER_TEXT];

    tell(mounts, "device", iow_device_number_format(number, device), NULL, at);
}

/* The name that a device of the device mapper was given. */
static bool is_mapped(struct iow_reader *rd, const char *device, const char *name)
{
    char path[IOW_MAX_PATH], given[IOW_WORD];
    int folder = iow_reader_open_link(rd, "sys/class/block", device, path, sizeof(path));
    bool same;

    if (folder < 0)
        return false;
    same = iow_reader_text(rd, folder, "dm/name", given, sizeof(given)) >= 0 && strcmp(given, name) == 0;
    rd->source->ops->close(rd->source, folder);
    return same;
}

/* Is this what /dev has a disk as: by its own name, or for the device mapper's by the one it was given? */
static bool is_named(struct mounts *mounts, const struct iow_disk *disk, const char *name)
{
    const char mapper[] = "mapper/";
    size_t i = 0;

    while (name[i] && disk->self[i] == (name[i] == '/' ? '!' : name[i]))
        i++;
    if (!name[i] && !disk->self[i])
        return true;
    return strncmp(name, mapper, sizeof(mapper) - 1) == 0 && strncmp(disk->self, "dm-", 3) == 0 &&
           is_mapped(mounts->survey->search->rd, disk->self, name + sizeof(mapper) - 1);
}

/*
 * Are such file systems mounted from a block device? What those of the others say they are mounted from is any text,
 * which everybody may choose who has a user namespace. One that is not known is taken for one. Source:
 * fs/filesystems.c filesystems_proc_show()
 */
static bool needs_device(struct mounts *mounts, const char *type)
{
    struct iow_reader *rd = mounts->survey->search->rd;
    char text[16384], line[IOW_WORD];
    int n = iow_reader_text(rd, IOW_SOURCE_ROOT, "proc/filesystems", text, sizeof(text) - 1);

    if (n < 0)
        return true;
    strcpy(text + strlen(text), "\n"); /* the last one was cut */
    snprintf(line, sizeof(line), "nodev\t%s\n", type);
    return !strstr(text, line);
}

/* File systems that may span disks have a number that is no disk's; the name of what they were mounted from may be
 * one's. It is compared, not looked up: a path of strangers may lead anywhere. */
static void found_spanning(struct mounts *mounts, struct libmnt_fs *fs, const char *at)
{
    const struct iow_search *search = mounts->survey->search;
    const char *source = mnt_fs_get_source(fs), *type = mnt_fs_get_fstype(fs);
    const struct iow_disk *disks = search->disks.items;

    if (!source || !type || strncmp(source, "/dev/", 5) != 0)
        return;
    for (uint32_t i = 0; i < search->disks.n; i++)
        if (disks[i].number != IOW_NO_NUMBER && is_named(mounts, &disks[i], source + 5) &&
            needs_device(mounts, type))
            tell_disk(mounts, disks[i].number, at);
}

/* File systems that a virtio device brings in from outside, and their drivers. */
static const struct share_type {
    const char *type, *driver;
} share_types[] = {{"9p", "9pnet_virtio"}, {"virtiofs", "virtiofs"}};

static const struct share_type *share_type(const char *type)
{
    for (size_t i = 0; type && i < sizeof(share_types) / sizeof(share_types[0]); i++)
        if (strcmp(share_types[i].type, type) == 0)
            return &share_types[i];
    return NULL;
}

/* 9p is also spoken over networks, with no device. Source: net/9p/client.c p9_show_client_options() */
static bool is_elsewhere(struct libmnt_fs *fs)
{
    char *value = NULL;
    size_t len = 0;

    return mnt_fs_get_option(fs, "trans", &value, &len) == 0 && value &&
           (len != strlen("virtio") || strncmp(value, "virtio", len) != 0);
}

static void found_mount(void *ctx, struct libmnt_fs *fs)
{
    struct mounts *mounts = ctx;
    dev_t device = mnt_fs_get_devno(fs);
    uint64_t number = iow_device_number(major(device), minor(device));
    const char *at = mnt_fs_get_target(fs), *source = mnt_fs_get_source(fs);
    const struct share_type *share = share_type(mnt_fs_get_fstype(fs));
    uint32_t n;

    at = at ? at : "";
    if (major(device) != 0 && iow_search_disk_at(mounts->survey->search, number, &n))
        tell_disk(mounts, number, at);
    else if (share && !is_elsewhere(fs))
        tell(mounts, "tag", source ? source : "", share->type, at);
    else if (major(device) == 0)
        found_spanning(mounts, fs, at);
}

#define VIRTIO "sys/bus/virtio/devices"

/* A mount by a tag, on its way to functions. */
struct tagged {
    struct iow_search *search;
    struct iow_use use; /* without a name it is only seen whether there is a function asked about */
    bool found;
};

static void found_function(void *ctx, const struct iow_address *address)
{
    struct tagged *tagged = ctx;

    tagged->use.function = iow_search_function(tagged->search, address);
    if (tagged->use.function == IOW_NONE)
        return;
    tagged->found = true;
    if (tagged->use.name)
        iow_search_add(tagged->search, &tagged->use);
}

/* Does a driver have the device, and the device this tag? NULL: any. */
static bool is_share(struct iow_reader *rd, const char *device, const char *driver, const char *tag)
{
    char path[IOW_MAX_PATH], text[IOW_WORD];
    int folder = iow_reader_open_link(rd, VIRTIO, device, path, sizeof(path));
    bool good;

    if (folder < 0)
        return false;
    good = iow_reader_link_name(rd, folder, "driver", text) >= 0 && strcmp(text, driver) == 0 &&
           (!tag ||
               (iow_reader_text(rd, folder, "mount_tag", text, sizeof(text)) >= 0 && strcmp(text, tag) == 0));
    rd->source->ops->close(rd->source, folder);
    return good;
}

/* Adds the functions of the devices that a driver has, all or those with the tag. Returns whether there were any. */
static bool add_shares(
    struct tagged *tagged, const struct iow_entries *devices, const char *driver, const char *tag)
{
    struct iow_reader *rd = tagged->search->rd;
    bool found = false;

    for (uint32_t i = 0; i < devices->at.n && !rd->fatal; i++) {
        const char *device = iow_entries_at(devices, i);

        if (!is_share(rd, device, driver, tag))
            continue;
        found = true;
        iow_search_entry(tagged->search, VIRTIO, device, found_function, tagged);
    }
    return found;
}

static bool has_shares(struct iow_search *search)
{
    struct tagged tagged = {.search = search};
    struct iow_entries devices;
    int r = iow_reader_list_path(search->rd, VIRTIO, &devices);

    if (r < 0)
        iow_search_failed(search, r, VIRTIO);
    for (size_t i = 0; i < sizeof(share_types) / sizeof(share_types[0]) && r == 0; i++)
        add_shares(&tagged, &devices, share_types[i].driver, NULL);
    iow_entries_done(&devices);
    return tagged.found;
}

static int begin(struct iow_survey *survey)
{
    struct mounts *mounts = calloc(1, sizeof(*mounts));

    survey->state = mounts;
    if (!mounts)
        return -IOW_ENOMEM;
    mounts->survey = survey;
    mounts->asked = survey->search->disks.n || has_shares(survey->search);
    return 0;
}

static void see(struct iow_survey *survey, const struct iow_process *process)
{
    struct mounts *mounts = survey->state;

    if (mounts->asked)
        iow_mounts_of(survey, process, &mounts->views, found_mount, mounts);
}

static void end(struct iow_survey *survey)
{
    struct mounts *mounts = survey->state;

    if (!mounts)
        return;
    iow_survey_forget(mounts->views);
    iow_survey_forget(mounts->told);
    free(mounts);
}

/* Not every driver tells the tags of its devices, so a tag that none has may be any one's. */
static void add_tagged(struct tagged *tagged, const struct share_type *share)
{
    struct iow_entries devices;
    int r = iow_reader_list_path(tagged->search->rd, VIRTIO, &devices);

    if (r < 0)
        iow_search_failed(tagged->search, r, VIRTIO);
    else if (!add_shares(tagged, &devices, share->driver, tagged->use.name))
        add_shares(tagged, &devices, share->driver, NULL);
    iow_entries_done(&devices);
}

static bool take_tagged(struct iow_search *search, json_object *item, const char *at)
{
    const struct share_type *share = share_type(iow_answer_text(item, "type"));
    struct tagged tagged = {
        .search = search, .use = {.kind = IOW_USE_MOUNT, .name = iow_answer_text(item, "tag"), .by = at}};

    if (!share || !tagged.use.name || !at)
        return false;
    add_tagged(&tagged, share);
    return true;
}

static bool take(struct iow_reader *rd, void *ctx, json_object *item)
{
    struct iow_search *search = ctx;
    const char *device = iow_answer_text(item, "device"), *at = iow_answer_text(item, "at");
    const struct iow_disk *disk;
    uint64_t number;
    uint32_t n;

    if (!json_object_object_get_ex(item, "device", NULL))
        return take_tagged(search, item, at);
    if (!device || !at || !iow_device_number_parse(device, &number))
        return false;
    disk = iow_search_disk_at(search, number, &n);
    for (uint32_t i = 0; i < n && !rd->fatal; i++)
        iow_search_add(
            search, &(struct iow_use){
                        .kind = IOW_USE_MOUNT, .function = disk[i].function, .name = disk[i].name, .by = at});
    return true;
}

const struct iow_survey_ops iow_survey_mounts = {
    .probe = {.name = "mounts", .list = "mounts", .most = IOW_MAX_JSON_CONTAINERS, .take = take},
    .begin = begin,
    .see = see,
    .end = end,
};
