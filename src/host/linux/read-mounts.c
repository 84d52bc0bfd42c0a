/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is mounted, in every mount namespace: the probe "mounts".
 *
 *   "mounts": [{"device": "259:1", "at": "/data"}]
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
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct mounts {
    struct iow_survey *survey;
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
 * Which namespace a process is in and which folder is its root: it is not shown what is mounted elsewhere.
 * Source: fs/proc_namespace.c show_mountinfo()
 */
static bool view_of(const struct iow_process *process, char buf[2 * IOW_MAX_PATH])
{
    ssize_t n = readlinkat(process->folder, "ns/mnt", buf, IOW_MAX_PATH - 1), k;

    if (n < 0)
        return false;
    buf[n++] = ' ';
    k = readlinkat(process->folder, "root", buf + n, IOW_MAX_PATH - 1);
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

static void tell(struct mounts *mounts, uint64_t number, const char *at)
{
    IOW_CLEANUP_FREE char *text = NULL;
    char device[IOW_NUMBER_TEXT];
    json_object *item;

    if (asprintf(&text, "%s %s", iow_device_number_format(number, device), at) < 0) {
        text = NULL;
        mounts->survey->r = -IOW_ENOMEM;
        return;
    }
    if (!iow_survey_first_sight(mounts->survey, &mounts->told, text))
        return;
    item = json_object_new_object();
    if (!iow_answer_put(item, "device", json_object_new_string(device)) ||
        !iow_answer_put(item, "at", iow_json_new_text(text + strlen(device) + 1))) {
        json_object_put(item);
        item = NULL;
    }
    iow_survey_add(mounts->survey, item);
}

static void tell_if_asked(struct mounts *mounts, uint64_t number, struct libmnt_fs *fs)
{
    const char *at = mnt_fs_get_target(fs);
    uint32_t n;

    if (iow_search_disk_at(mounts->survey->search, number, &n))
        tell(mounts, number, at ? at : "");
}

/* File systems that may span disks have a number that is no disk's; what they were mounted from is one. */
static bool number_of_source(struct mounts *mounts, const char *source, uint64_t *ret)
{
    struct stat st;

    if (!source || strncmp(source, "/dev/", 5) != 0 ||
        fstatat(mounts->survey->search->rd->source->root_fd, source + 1, &st, 0) < 0 || !S_ISBLK(st.st_mode))
        return false;
    *ret = iow_device_number(major(st.st_rdev), minor(st.st_rdev));
    return true;
}

static void found_mount(void *ctx, struct libmnt_fs *fs)
{
    struct mounts *mounts = ctx;
    dev_t device = mnt_fs_get_devno(fs);
    uint64_t number = iow_device_number(major(device), minor(device));

    if (major(device) != 0 || number_of_source(mounts, mnt_fs_get_source(fs), &number))
        tell_if_asked(mounts, number, fs);
}

static int begin(struct iow_survey *survey)
{
    struct mounts *mounts = calloc(1, sizeof(*mounts));

    survey->state = mounts;
    if (!mounts)
        return -IOW_ENOMEM;
    mounts->survey = survey;
    return 0;
}

static void see(struct iow_survey *survey, const struct iow_process *process)
{
    struct mounts *mounts = survey->state;

    if (survey->search->disks.n)
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

static bool take(struct iow_reader *rd, void *ctx, json_object *item)
{
    struct iow_search *search = ctx;
    const char *device = iow_answer_text(item, "device"), *at = iow_answer_text(item, "at");
    const struct iow_disk *disk;
    uint64_t number;
    uint32_t n;

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
