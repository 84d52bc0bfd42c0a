/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read-processes.h"

#include "base/cleanup.h"
#include "facts/parse.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's number for the first PID namespace: include/uapi/linux/nsfs.h PID_NS_INIT_INO. */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

static void close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

size_t iow_process_text(int folder, const char *name, char *buf, size_t size)
{
    IOW_CLEANUP_CLOSE int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    size_t n = 0;

    while (fd >= 0 && n < size - 1) {
        ssize_t r = read(fd, buf + n, size - 1 - n);

        if (r <= 0)
            break;
        n += (size_t)r;
    }
    buf[n] = '\0';
    return n;
}

void iow_process_command(int folder, char buf[IOW_COMMAND])
{
    size_t n = iow_process_text(folder, "comm", buf, IOW_COMMAND);

    if (n && buf[n - 1] == '\n')
        buf[n - 1] = '\0';
}

/* Source: include/uapi/linux/nsfs.h USER_NS_INIT_INO; fs/nsfs.c ns_ioctl() */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDu

bool iow_process_mounts_by_root(int folder)
{
    IOW_CLEANUP_CLOSE int mounts = openat(folder, "ns/mnt", O_RDONLY | O_CLOEXEC);
    IOW_CLEANUP_CLOSE int users = mounts < 0 ? -1 : ioctl(mounts, NS_GET_USERNS);
    struct stat st;

    return users < 0 || fstat(users, &st) < 0 || st.st_ino == FIRST_USER_NAMESPACE;
}

/* From inside another PID namespace, and where /proc hides strangers, not every process is there to be seen.
 */
static bool sees_all(int proc)
{
    char text[64];
    ssize_t n = readlinkat(proc, "self/ns/pid", text, sizeof(text) - 1);

    text[n < 0 ? 0 : n] = '\0';
    return strcmp(text, FIRST_PID_NAMESPACE) == 0 && faccessat(proc, "1", F_OK, 0) == 0;
}

struct walk {
    int proc;       /* /proc */
    char own[32];   /* the process that asks, "" not known */
    bool *complete; /* as for iow_processes_visit() */
    int (*visit)(void *ctx, const struct iow_process *process);
    void *ctx;
};

/* What a task sees: its namespaces and its root. */
struct view {
    uint64_t net, mnt;
    struct statx root;
};

static void note_failure(struct walk *walk)
{
    if (iow_process_hides(errno))
        *walk->complete = false;
}

/* The number of a namespace; 0 of a task that has ended, which has none. Without opening it: a machine has many
 * threads. */
static uint64_t space_of(int task, const char *name)
{
    struct statx st;

    return statx(task, name, AT_STATX_DONT_SYNC, 0, &st) == 0 ? st.stx_ino : 0;
}

static void read_view(int task, struct view *ret)
{
    *ret = (struct view){.net = space_of(task, "ns/net"), .mnt = space_of(task, "ns/mnt")};
    if (statx(task, "root", AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &ret->root) < 0)
        ret->root = (struct statx){0};
}

static bool same_view(const struct view *a, const struct view *b)
{
    return a->net == b->net && a->mnt == b->mnt && a->root.stx_ino == b->root.stx_ino &&
           a->root.stx_mnt_id == b->root.stx_mnt_id && a->root.stx_dev_major == b->root.stx_dev_major &&
           a->root.stx_dev_minor == b->root.stx_dev_minor;
}

/* Do two tasks share this? A kernel that does not say may hide a difference. */
static bool share(uint32_t a, uint32_t b, int what)
{
    return syscall(SYS_kcmp, (long)a, (long)b, (long)what, 0L, 0L) == 0;
}

/* Shows a thread if it differs from the task shown before, whose number and view are in *before and *seen. */
static int visit_thread(
    struct walk *walk, struct iow_process process, uint32_t tid, uint32_t *before, struct view *seen)
{
    IOW_CLEANUP_CLOSE int folder = -1;
    struct view view;
    char name[16];

    /* The folder of a thread is there, though not listed, and has what the one below task lacks: map_files.
     * Source: fs/proc/base.c proc_pid_lookup(), tid_base_stuff */
    snprintf(name, sizeof(name), "%u", (unsigned)tid);
    folder = openat(walk->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        note_failure(walk);
        return 0;
    }
    read_view(folder, &view);
    process.folder = folder;
    process.same_files = share(*before, tid, KCMP_FILES);
    process.same_memory = share(*before, tid, KCMP_VM);
    if (process.same_files && process.same_memory && same_view(&view, seen))
        return 0;
    *before = tid;
    *seen = view;
    return walk->visit(walk->ctx, &process);
}

static int visit_threads(struct walk *walk, const struct iow_process *process)
{
    IOW_CLEANUP(close_folder) DIR *folder = NULL;
    int tasks = openat(process->folder, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
    uint32_t before = process->pid;
    struct dirent *entry;
    struct view seen;

    folder = tasks < 0 ? NULL : fdopendir(tasks);
    if (!folder) {
        note_failure(walk);
        if (tasks >= 0)
            (void)close(tasks);
        return 0;
    }
    read_view(process->folder, &seen);
    while (r == 0 && (entry = readdir(folder))) {
        uint64_t tid;

        if (iow_parse_number(entry->d_name, strlen(entry->d_name), false, INT32_MAX, &tid) == 0 &&
            tid != process->pid)
            r = visit_thread(walk, *process, (uint32_t)tid, &before, &seen);
    }
    return r;
}

static int visit_one(struct walk *walk, const char *name, uint32_t pid)
{
    IOW_CLEANUP_CLOSE int folder = openat(walk->proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct iow_process process = {
        .pid = pid, .name = name, .process = folder, .folder = folder, .own = strcmp(name, walk->own) == 0};
    int r;

    if (folder < 0) {
        note_failure(walk);
        return 0;
    }
    r = walk->visit(walk->ctx, &process);
    return r == 0 ? visit_threads(walk, &process) : r;
}

int iow_processes_visit(
    int root_fd, int (*visit)(void *ctx, const struct iow_process *process), void *ctx, bool *complete)
{
    IOW_CLEANUP(close_folder) DIR *folder = NULL;
    int proc = openat(root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
    struct walk walk = {.proc = proc, .complete = complete, .visit = visit, .ctx = ctx};
    struct dirent *entry;
    ssize_t n;

    folder = proc < 0 ? NULL : fdopendir(proc);
    if (!folder) {
        *complete = false;
        if (proc >= 0)
            (void)close(proc);
        return 0;
    }
    if (!sees_all(proc))
        *complete = false;
    n = readlinkat(proc, "self", walk.own, sizeof(walk.own) - 1);
    walk.own[n < 0 ? 0 : n] = '\0';
    while (r == 0 && (entry = readdir(folder))) {
        uint64_t pid;

        if (iow_parse_number(entry->d_name, strlen(entry->d_name), false, INT32_MAX, &pid) == 0)
            r = visit_one(&walk, entry->d_name, (uint32_t)pid);
    }
    return r;
}
