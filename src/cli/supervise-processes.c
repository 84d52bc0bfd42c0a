/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that came of us, as /proc tells. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/supervise-user.h"

struct process {
    pid_t pid, parent;
    unsigned long long start; /* in ticks since the boot: another process of the same number has another */
    bool ours, ended;
    char name[16];
};

struct processes {
    struct process *at;
    size_t n, room;
};

/* The state, the parent, 17 numbers, and when it started. */
#define STAT_FORMAT " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu"

/* Source: Linux fs/proc/array.c do_task_stat(); the command's name may hold any byte but ends at the last ')' */
static bool read_process(pid_t pid, struct process *ret)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char text[1024], *name, *behind, state;
    ssize_t n;

    (void)snprintf(text, sizeof(text), "/proc/%d/stat", (int)pid);
    fd = open(text, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (n <= 0)
        return false;
    text[n] = '\0';
    behind = strrchr(text, ')');
    name = strchr(text, '(');
    *ret = (struct process){.pid = pid};
    if (!name || !behind || behind < name ||
        sscanf(behind + 1, STAT_FORMAT, &state, &ret->parent, &ret->start) != 3)
        return false;
    (void)snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(behind - name - 1), name + 1);
    ret->ended = state == 'Z' || state == 'X';
    return true;
}

static bool add_process(struct processes *all, const struct process *process)
{
    if (all->n == all->room) {
        size_t room = all->room ? 2 * all->room : 256;
        struct process *at = realloc(all->at, room * sizeof(*at));

        if (!at)
            return false;
        all->at = at;
        all->room = room;
    }
    all->at[all->n++] = *process;
    return true;
}

/* false: memory is exhausted, and some are missing */
static bool list_processes(struct processes *all)
{
    DIR *dir = opendir("/proc");
    struct dirent *entry;
    struct process process;
    bool room = true;

    while (dir && room && (entry = readdir(dir))) {
        int pid = atoi(entry->d_name);

        if (pid > 0 && read_process(pid, &process))
            room = add_process(all, &process);
    }
    if (dir)
        (void)closedir(dir);
    return room;
}

static int compare_processes(const void *a, const void *b)
{
    pid_t one = ((const struct process *)a)->pid, other = ((const struct process *)b)->pid;

    return (one > other) - (one < other);
}

static bool is_earlier(const struct iow_earlier *earlier, const struct process *process)
{
    for (size_t i = 0; i < earlier->n; i++)
        if (earlier->at[i].pid == process->pid && earlier->at[i].start == process->start)
            return true;
    return false;
}

static bool is_ours(const struct processes *all, pid_t pid)
{
    const struct process key = {.pid = pid};
    const struct process *found;

    if (pid == getpid())
        return true;
    found = all->n ? bsearch(&key, all->at, all->n, sizeof(key), compare_processes) : NULL;
    return found && found->ours;
}

/* A child may have a smaller number than its parent: again until nothing is found any more. What came of an earlier one
 * is not of the command either. */
static void mark_ours(struct processes *all, const struct iow_earlier *earlier)
{
    bool again;

    if (all->n)
        qsort(all->at, all->n, sizeof(*all->at), compare_processes);
    do {
        again = false;
        for (size_t i = 0; i < all->n; i++)
            if (!all->at[i].ours && is_ours(all, all->at[i].parent) && !is_earlier(earlier, &all->at[i]))
                all->at[i].ours = again = true;
    } while (again);
}

bool iow_earlier_note(struct iow_earlier *ret)
{
    const struct iow_earlier none = {0};
    struct processes all = {0};
    bool good = list_processes(&all);

    mark_ours(&all, &none);
    *ret = none;
    if (good && all.n)
        ret->at = malloc(all.n * sizeof(*ret->at));
    for (size_t i = 0; ret->at && i < all.n; i++)
        if (all.at[i].ours)
            ret->at[ret->n++] = (struct iow_earlier_process){all.at[i].pid, all.at[i].start};
    good = good && (ret->at || !all.n);
    free(all.at);
    return good;
}

void iow_earlier_free(struct iow_earlier *earlier)
{
    free(earlier->at);
    *earlier = (struct iow_earlier){0};
}

/* As long as it cannot be told there are some. */
bool iow_children_any(const struct iow_earlier *earlier)
{
    struct processes all = {0};
    bool any = !list_processes(&all) || !all.n;

    for (size_t i = 0; i < all.n; i++)
        any |= all.at[i].parent == getpid() && !is_earlier(earlier, &all.at[i]);
    free(all.at);
    return any;
}

struct iow_left_behind iow_descendants(const struct iow_earlier *earlier)
{
    struct iow_left_behind found = {0};
    struct processes all = {0};

    (void)list_processes(&all);
    mark_ours(&all, earlier);
    for (size_t i = 0; i < all.n; i++) {
        const struct process *process = &all.at[i];

        if (!process->ours || process->ended || found.n++)
            continue;
        found.pid = process->pid;
        memcpy(found.name, process->name, sizeof(found.name));
    }
    free(all.at);
    return found;
}

void iow_children_signal(int number, const struct iow_earlier *earlier)
{
    struct processes all = {0};

    (void)list_processes(&all);
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i].parent == getpid() && !is_earlier(earlier, &all.at[i]))
            (void)kill(all.at[i].pid, number);
    free(all.at);
}
