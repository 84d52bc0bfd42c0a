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
    bool ours, ended;
};

struct processes {
    struct process *at;
    size_t n, room;
};

/* Source: Linux fs/proc/array.c do_task_stat(); the command's name may hold any byte but ends at the last ')' */
static bool read_process(pid_t pid, struct process *ret)
{
    IOW_CLEANUP_CLOSE int fd = -1;
    char text[1024], *behind, state;
    ssize_t n;

    (void)snprintf(text, sizeof(text), "/proc/%d/stat", (int)pid);
    fd = open(text, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (n <= 0)
        return false;
    text[n] = '\0';
    behind = strrchr(text, ')');
    *ret = (struct process){.pid = pid};
    if (!behind || sscanf(behind + 1, " %c %d", &state, &ret->parent) != 2)
        return false;
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

static void list_processes(struct processes *all)
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
}

static int compare_processes(const void *a, const void *b)
{
    pid_t one = ((const struct process *)a)->pid, other = ((const struct process *)b)->pid;

    return (one > other) - (one < other);
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

/* A child may have a smaller number than its parent: again until nothing is found any more. */
static void mark_ours(struct processes *all)
{
    bool again;

    if (all->n)
        qsort(all->at, all->n, sizeof(*all->at), compare_processes);
    do {
        again = false;
        for (size_t i = 0; i < all->n; i++)
            if (!all->at[i].ours && is_ours(all, all->at[i].parent))
                all->at[i].ours = again = true;
    } while (again);
}

unsigned iow_descendants_count(void)
{
    struct processes all = {0};
    unsigned n = 0;

    list_processes(&all);
    mark_ours(&all);
    for (size_t i = 0; i < all.n; i++)
        n += all.at[i].ours && !all.at[i].ended;
    free(all.at);
    return n;
}

void iow_children_signal(int number)
{
    struct processes all = {0};

    list_processes(&all);
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i].parent == getpid())
            (void)kill(all.at[i].pid, number);
    free(all.at);
}
