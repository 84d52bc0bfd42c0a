/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read-processes.h"

#include "base/cleanup.h"
#include "facts/parse.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
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

/* From inside another PID namespace, and where /proc hides strangers, not every process is there to be seen.
 */
static bool sees_all(int proc)
{
    char text[64];
    ssize_t n = readlinkat(proc, "self/ns/pid", text, sizeof(text) - 1);

    text[n < 0 ? 0 : n] = '\0';
    return strcmp(text, FIRST_PID_NAMESPACE) == 0 && faccessat(proc, "1", F_OK, 0) == 0;
}

static int visit_one(int proc, const char *name, uint32_t pid, const char *own,
    int (*visit)(void *ctx, const struct iow_process *process), void *ctx, bool *complete)
{
    IOW_CLEANUP_CLOSE int folder = openat(proc, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct iow_process process = {.pid = pid, .name = name, .folder = folder, .own = strcmp(name, own) == 0};

    if (folder >= 0)
        return visit(ctx, &process);
    if (iow_process_hides(errno))
        *complete = false;
    return 0;
}

int iow_processes_visit(
    int root_fd, int (*visit)(void *ctx, const struct iow_process *process), void *ctx, bool *complete)
{
    IOW_CLEANUP(close_folder) DIR *folder = NULL;
    int proc = openat(root_fd, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
    struct dirent *entry;
    char own[32];
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
    n = readlinkat(proc, "self", own, sizeof(own) - 1);
    own[n < 0 ? 0 : n] = '\0';
    while (r == 0 && (entry = readdir(folder))) {
        uint64_t pid;

        if (iow_parse_number(entry->d_name, strlen(entry->d_name), false, INT32_MAX, &pid) == 0)
            r = visit_one(proc, entry->d_name, (uint32_t)pid, own, visit, ctx, complete);
    }
    return r;
}
