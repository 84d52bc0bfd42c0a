/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The walk over the processes of the running machine that finds who holds vfio files.
 *
 * A held file is a character device of vfio or iommufd, an anonymous file of vfio, or a mapping of one: the
 * mapping alone keeps the device open. Device files are told by their numbers, since a container may have
 * them under any name. Files that only a socket's queue or the kernel holds are seen by nobody.
 */
#include "host/linux/bpf/pin.h"
#include "host/linux/read-holders.h"
#include "host/linux/read-processes.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* What a character device is. */
struct device_number {
    dev_t number;
    struct iow_found_file file;
};

/* An anonymous file of VFIO, and the function that it is. */
struct told_file {
    uint32_t pid, fd;
    struct iow_address function;
};

struct walk {
    struct iow_reader *rd;
    struct iow_list numbers; /* struct device_number */
    struct iow_list files;   /* struct iow_found_file, of the process being looked at */
    struct iow_list told;    /* struct told_file: what the kernel's memory says, where it can be asked */
    uint32_t pid, uid;       /* that process; 0: none yet */
    char command[IOW_COMMAND];
    struct json_object *holders;
    uint32_t n_holders;
    bool complete;
    int r;
};

#define ANONYMOUS "anon_inode:"
#define ANONYMOUS_DEVICE "vfio-device"

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static void note_no_memory(struct walk *w)
{
    w->r = -IOW_ENOMEM;
}

/* "10:196" */
static bool parse_device_number(const char *text, dev_t *ret)
{
    const char *colon = strchr(text, ':');
    uint64_t major, minor;

    if (!colon || iow_parse_number(text, (size_t)(colon - text), false, UINT32_MAX, &major) < 0 ||
        iow_parse_number(colon + 1, strlen(colon + 1), false, UINT32_MAX, &minor) < 0)
        return false;
    *ret = makedev((unsigned)major, (unsigned)minor);
    return true;
}

static void learn_number(
    struct walk *w, const char *class, const char *name, enum iow_held_file file, uint32_t number)
{
    struct device_number found = {.file = {.kind = file, .number = number}}, *kept;
    struct iow_source *source = w->rd->source;
    char path[IOW_MAX_PATH], text[IOW_WORD];
    int folder = iow_reader_open_link(w->rd, class, name, path, sizeof(path)), n;

    if (folder < 0)
        return;
    n = iow_source_read_text(source, folder, "dev", text, sizeof(text));
    source->ops->close(source, folder);
    if (n < 0 || !parse_device_number(text, &found.number))
        return;
    if (file == IOW_HELD_CDEV)
        found.file.has_function = iow_parse_last_function(path, strlen(path), &found.file.function) == 0;
    kept = iow_list_add(&w->numbers, sizeof(*kept));
    if (kept)
        *kept = found;
    else
        note_no_memory(w);
}

/* Entries of a class that are this prefix and a number. */
static void learn_class(struct walk *w, const char *class, const char *prefix, enum iow_held_file file)
{
    size_t n = strlen(prefix);
    struct iow_entries names;

    if (iow_reader_list_path(w->rd, class, &names) < 0)
        return;
    for (uint32_t i = 0; i < names.at.n; i++) {
        const char *name = iow_entries_at(&names, i);
        uint64_t number;

        if (strncmp(name, prefix, n) == 0 &&
            iow_parse_number(name + n, strlen(name + n), false, IOW_NONE - 1, &number) == 0)
            learn_number(w, class, name, file, (uint32_t)number);
    }
    iow_entries_done(&names);
}

static void learn_numbers(struct walk *w)
{
    learn_number(w, "sys/class/misc", "vfio", IOW_HELD_CONTAINER, IOW_NONE);
    learn_number(w, "sys/class/misc", "iommu", IOW_HELD_IOMMUFD, IOW_NONE);
    learn_class(w, IOW_VFIO_CLASS, "", IOW_HELD_GROUP);
    learn_class(w, IOW_VFIO_CLASS, "noiommu-", IOW_HELD_GROUP);
    learn_class(w, IOW_VFIO_DEVICE_CLASS, "vfio", IOW_HELD_CDEV);
}

static bool same_file(const struct iow_found_file *a, const struct iow_found_file *b)
{
    return a->kind == b->kind && a->number == b->number && a->has_function == b->has_function &&
           (!a->has_function || iow_address_compare(&a->function, &b->function) == 0);
}

static void note_failure(struct walk *w)
{
    if (iow_process_hides(errno))
        w->complete = false;
}

static void add_file(struct walk *w, const struct iow_found_file *file)
{
    struct iow_found_file *kept = w->files.items;

    for (uint32_t i = 0; i < w->files.n; i++)
        if (same_file(&kept[i], file))
            return;
    kept = iow_list_add(&w->files, sizeof(*kept));
    if (kept)
        *kept = *file;
    else
        note_no_memory(w);
}

/* Since 6.18 the file's fdinfo says whose it is. Source: drivers/vfio/vfio_main.c vfio_device_show_fdinfo()
 */
static bool told_function(int process, const char *fd, struct iow_address *ret)
{
    const char key[] = "vfio-device-syspath:";
    char path[64], text[4096], *line;

    snprintf(path, sizeof(path), "fdinfo/%s", fd);
    iow_process_text(process, path, text, sizeof(text));
    line = strstr(text, key);
    return line &&
           iow_parse_last_function(line + sizeof(key) - 1, strcspn(line + sizeof(key) - 1, "\n"), ret) == 0;
}

static int add_told(void *ctx, const struct iow_file_record *record)
{
    struct told_file told = {.pid = record->pid, .fd = record->fd}, *kept;
    struct walk *w = ctx;

    if (iow_parse_address_name(record->name, strlen(record->name), &told.function) < 0)
        return 0;
    kept = iow_list_add(&w->told, sizeof(*kept));
    if (kept)
        *kept = told;
    else
        note_no_memory(w);
    return w->r;
}

/* The function of a file by the kernel's memory. Threads may have files of their own under the same number: then it
 * cannot be told. */
static bool remembered_function(const struct walk *w, uint32_t fd, struct iow_address *ret)
{
    const struct told_file *told = w->told.items;
    bool found = false;

    for (uint32_t i = 0; i < w->told.n; i++) {
        if (told[i].pid != w->pid || told[i].fd != fd)
            continue;
        if (found && iow_address_compare(&told[i].function, ret) != 0)
            return false;
        found = true;
        *ret = told[i].function;
    }
    return found;
}

static void add_anonymous(struct walk *w, int process, const char *fd)
{
    struct iow_found_file file = {.kind = IOW_HELD_DEVICE, .number = IOW_NONE};

    file.has_function = told_function(process, fd, &file.function) ||
                        remembered_function(w, (uint32_t)strtoul(fd, NULL, 10), &file.function);
    add_file(w, &file);
}

static void add_mappings(struct walk *w)
{
    struct iow_found_file mapping = {.kind = IOW_HELD_DEVICE_MAP, .number = IOW_NONE};
    const struct told_file *told = w->told.items;

    for (uint32_t i = 0; i < w->told.n; i++) {
        if (told[i].pid != w->pid || told[i].fd != IOW_RECORD_MAPPED)
            continue;
        mapping.has_function = true;
        mapping.function = told[i].function;
        add_file(w, &mapping);
    }
    if (!mapping.has_function)
        add_file(w, &mapping);
}

/* A container may have a device as any file. How it is asked for: read-open.c look_at(). */
static void add_if_device(struct walk *w, int fds, const char *fd)
{
    const struct device_number *numbers = w->numbers.items;
    struct statx st;

    if (statx(fds, fd, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &st) < 0) {
        note_failure(w);
        return;
    }
    for (uint32_t i = 0; i < w->numbers.n && S_ISCHR(st.stx_mode); i++)
        if (numbers[i].number == makedev(st.stx_rdev_major, st.stx_rdev_minor))
            add_file(w, &numbers[i].file);
}

/* Files on disk begin with '/', so nobody can give one such a name. */
static bool is_anonymous_device(const char *name)
{
    return strncmp(name, ANONYMOUS, sizeof(ANONYMOUS) - 1) == 0 && strstr(name, ANONYMOUS_DEVICE);
}

/* The path of another file may be too long to be told. */
static void look_at_fd(struct walk *w, int process, int fds, const char *fd)
{
    char link[PATH_MAX];
    ssize_t n = readlinkat(fds, fd, link, sizeof(link) - 1);

    link[n < 0 ? 0 : n] = '\0';
    if (is_anonymous_device(link))
        add_anonymous(w, process, fd);
    else
        add_if_device(w, fds, fd);
}

static void look_at_fds(struct walk *w, int process)
{
    IOW_CLEANUP(close_folder) DIR *folder = NULL;
    int fds = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct dirent *entry;

    folder = fds < 0 ? NULL : fdopendir(fds);
    if (!folder) {
        note_failure(w);
        if (fds >= 0)
            close(fds);
        return;
    }
    errno = 0;
    while ((entry = readdir(folder))) {
        if (isdigit((unsigned char)entry->d_name[0]))
            look_at_fd(w, process, fds, entry->d_name);
        errno = 0;
    }
    if (errno)
        note_failure(w);
}

/* A line of maps up to where it has been read: how long it gets depends on strangers' names. */
struct maps_line {
    unsigned n_fields;
    bool in_field;
    size_t n;
    char name[64]; /* beginning of the last field, the only one that may contain spaces */
};

#define MAPS_FIELDS 6

/* True: this ends a line that is about a device. */
static bool add_to_line(struct maps_line *line, char c)
{
    bool found = false;

    if (c == '\n') {
        line->name[line->n] = '\0';
        found = is_anonymous_device(line->name);
        *line = (struct maps_line){0};
    } else if (c == ' ' && (!line->in_field || line->n_fields < MAPS_FIELDS)) {
        line->in_field = false;
    } else {
        line->n_fields += !line->in_field;
        line->in_field = true;
        if (line->n_fields == MAPS_FIELDS && line->n < sizeof(line->name) - 1)
            line->name[line->n++] = c;
    }
    return found;
}

/* Source: fs/proc/task_mmu.c show_map_vma(), which escapes newlines in names */
static void look_at_maps(struct walk *w, int process)
{
    IOW_CLEANUP_CLOSE int fd = openat(process, "maps", O_RDONLY | O_CLOEXEC);
    struct maps_line line = {0};
    char buf[16384];
    ssize_t n = -1;

    while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (!add_to_line(&line, buf[i]))
                continue;
            add_mappings(w);
            return;
        }
    }
    if (n < 0)
        note_failure(w);
}

static uint32_t read_uid(int process)
{
    char text[4096], *line;
    unsigned long uid = 0;

    iow_process_text(process, "status", text, sizeof(text));
    line = strstr(text, "\nUid:");
    if (line)
        uid = strtoul(line + 5, NULL, 10);
    return (uint32_t)uid;
}

/* Adds the process whose files were found, if there are any. */
static void add_holder(struct walk *w)
{
    const struct iow_found_file *files = w->files.items;

    if (!w->files.n || w->r < 0)
        return;
    if (w->n_holders++ >= IOW_MAX_HOLDERS)
        w->r = -IOW_E2BIG;
    else if (iow_holders_add(w->holders, w->pid, w->uid, w->command, files, w->files.n) < 0)
        note_no_memory(w);
    w->files.n = 0;
}

static void name_holder(struct walk *w, const struct iow_process *process)
{
    w->uid = read_uid(process->process);
    iow_process_command(process->process, w->command);
}

/* What the threads of a process have is the process's. */
static int look_at_process(void *ctx, const struct iow_process *process)
{
    struct walk *w = ctx;

    if (process->pid != w->pid)
        add_holder(w);
    w->pid = process->pid;
    if (!process->same_files)
        look_at_fds(w, process->folder);
    if (!process->same_memory)
        look_at_maps(w, process->folder);
    if (w->files.n)
        name_holder(w, process);
    return w->r;
}

int iow_holders_walk(struct iow_reader *rd, char **ret, size_t *ret_len)
{
    struct walk w = {.rd = rd, .holders = json_object_new_array(), .complete = true};

    if (!w.holders)
        return -IOW_ENOMEM;
    if (iow_vfio_present(rd)) {
        learn_numbers(&w);
        if (rd->what & IOW_READ_KERNEL)
            (void)iow_pin_holders(rd->source->root_fd, add_told, &w);
        if (w.r == 0)
            iow_processes_visit(rd->source->root_fd, look_at_process, &w, &w.complete);
        add_holder(&w);
    }
    if (w.r == 0)
        w.r = iow_probe_print(&iow_probe_holders, w.holders, w.complete, ret, ret_len);
    iow_list_done(&w.numbers);
    iow_list_done(&w.files);
    iow_list_done(&w.told);
    json_object_put(w.holders);
    return w.r;
}
