/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nodes of groups, and processes that have files open.
 *
 * A process that uses a device does what QEMU does with the older interface: it opens the group's node, puts the group into a
 * container, which claims it, gives that its IOMMU, and asks for the device.
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <ioward/plan.h>
#include <stdlib.h>
#include <string.h>

bool iow_sim_has_node(const struct iow_sim *sim, uint32_t group)
{
    return iow_front_vgroup_of(&sim->front, group) != IOW_NONE;
}

static uint64_t made(const struct iow_sim *sim, uint32_t group)
{
    return sim->front.vgroups[iow_front_vgroup_of(&sim->front, group)].made;
}

/* A node that has just come is root's. */
struct iow_sim_access iow_sim_access(const struct iow_sim *sim, uint32_t group)
{
    uint64_t node = made(sim, group);

    return sim->access[group].made == node ? sim->access[group]
                                           : (struct iow_sim_access){.made = node, .mode = 0600};
}

int iow_sim_give(struct iow_sim *sim, uint32_t group, const char *text)
{
    struct iow_sim_access access;

    sim->next_pid++; /* whoever does it has a number, too */
    if (!iow_sim_has_node(sim, group))
        return -ENOENT;
    access.made = made(sim, group);
    if (iow_access_parse(text, &access.uid, &access.gid, &access.mode) < 0)
        return -EINVAL;
    sim->access[group] = access;
    return 0;
}

static bool has_open(const struct iow_sim_process *process, uint32_t function, bool block)
{
    const struct iow_sim_open *opens = process->opens.items;

    for (uint32_t i = 0; i < process->opens.n; i++)
        if (opens[i].function == function && opens[i].block == block)
            return true;
    return false;
}

bool iow_sim_open_by_anybody(const struct iow_sim *sim, uint32_t function, bool block)
{
    const struct iow_sim_process *processes = sim->processes.items;

    for (uint32_t i = 0; i < sim->processes.n; i++)
        if (has_open(&processes[i], function, block))
            return true;
    return false;
}

struct iow_sim_process *iow_sim_process_of(struct iow_sim *sim, uint32_t pid)
{
    struct iow_sim_process *processes = sim->processes.items;

    for (uint32_t i = 0; i < sim->processes.n; i++)
        if (processes[i].pid == pid)
            return &processes[i];
    return NULL;
}

int iow_sim_new_process(struct iow_sim *sim, const char *command, uint32_t uid, struct iow_sim_process **ret)
{
    uint32_t front;
    int r = iow_sim_ask(sim, &(struct iow_front_op){.call = IOW_FRONT_CALL_FORK}, &front);
    char *copy = r == 0 ? strdup(command) : NULL;

    *ret = copy ? iow_list_add(&sim->processes, sizeof(**ret)) : NULL;
    if (*ret) {
        **ret = (struct iow_sim_process){.pid = sim->next_pid++, .uid = uid, .command = copy, .front = front};
        return 0;
    }
    free(copy);
    return r < 0 ? r : -ENOMEM;
}

int iow_sim_open_node(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function, bool block)
{
    struct iow_sim_open *open;

    if (has_open(process, function, block))
        return 0;
    open = iow_list_add(&process->opens, sizeof(*open));
    if (!open)
        return -ENOMEM;
    *open = (struct iow_sim_open){.function = function, .block = block};
    iow_sim_stick(sim, function, sim->functions[function].sticks);
    return 0;
}

const struct iow_front_file *iow_sim_next_file(
    const struct iow_sim *sim, const struct iow_sim_process *process, uint32_t *fd)
{
    while (*fd < sim->front.n_fds) {
        const struct iow_front_fd *own = &sim->front.fds[(*fd)++];

        if (own->file != IOW_NONE && own->process == process->front)
            return &sim->front.files[own->file];
    }
    return NULL;
}

/* IOW_NONE: it has none */
static uint32_t find_fd(const struct iow_sim *sim, const struct iow_sim_process *process,
    enum iow_front_file_kind kind, uint32_t of)
{
    const struct iow_front_file *file;
    uint32_t fd = 0;

    while ((file = iow_sim_next_file(sim, process, &fd)))
        if (file->kind == kind && file->of == of)
            return fd - 1;
    return IOW_NONE;
}

/* Processes have the group of their user's number. */
static bool may_open(const struct iow_sim_access *access, uint32_t uid)
{
    uint32_t bits = uid == access->uid   ? access->mode >> 6
                    : uid == access->gid ? access->mode >> 3
                                         : access->mode;

    return uid == 0 || (bits & 6) == 6;
}

static int open_group(
    struct iow_sim *sim, const struct iow_sim_process *process, uint32_t group, uint32_t *ret_fd)
{
    struct iow_sim_access access;

    if (!iow_sim_has_node(sim, group))
        return -ENOENT;
    *ret_fd = find_fd(sim, process, IOW_FRONT_FILE_GROUP, iow_front_vgroup_of(&sim->front, group));
    if (*ret_fd != IOW_NONE)
        return 0;
    access = iow_sim_access(sim, group);
    if (!may_open(&access, process->uid))
        return -EACCES;
    return iow_sim_ask(sim,
        &(struct iow_front_op){.call = IOW_FRONT_CALL_OPEN_GROUP, .process = process->front, .group = group},
        ret_fd);
}

int iow_sim_open_group(struct iow_sim *sim, struct iow_sim_process *process, uint32_t group)
{
    return open_group(sim, process, group, &(uint32_t){0});
}

/* What it asks of a file; what comes of it is of no interest. */
static int ask_file(struct iow_sim *sim, const struct iow_sim_process *process, enum iow_front_call call,
    uint32_t fd, uint32_t to)
{
    const struct iow_front_op op = {
        .call = call, .process = process->front, .fd = fd, .to = to, .number = IOW_FRONT_TYPE1V2};

    return iow_sim_ask(sim, &op, &(uint32_t){0});
}

static int claim(struct iow_sim *sim, const struct iow_sim_process *process, uint32_t group_fd)
{
    uint32_t container;
    int r = iow_sim_ask(sim,
        &(struct iow_front_op){.call = IOW_FRONT_CALL_OPEN_CONTAINER, .process = process->front}, &container);

    if (r < 0)
        return r;
    r = ask_file(sim, process, IOW_FRONT_CALL_SET_CONTAINER, group_fd, container);
    if (r == 0) {
        r = ask_file(sim, process, IOW_FRONT_CALL_SET_IOMMU, container, 0);
        if (r < 0)
            (void)ask_file(sim, process, IOW_FRONT_CALL_UNSET_CONTAINER, group_fd, 0);
    }
    if (r < 0)
        (void)ask_file(sim, process, IOW_FRONT_CALL_CLOSE, container, 0);
    return r;
}

/* One file of a device is enough. */
static int get_device(
    struct iow_sim *sim, const struct iow_sim_process *process, uint32_t group_fd, uint32_t function)
{
    uint32_t before = find_fd(sim, process, IOW_FRONT_FILE_DEVICE, function), fd;
    int r = iow_sim_ask(sim,
        &(struct iow_front_op){.call = IOW_FRONT_CALL_GET_DEVICE_FD,
            .process = process->front,
            .fd = group_fd,
            .function = function},
        &fd);

    if (r == 0 && before != IOW_NONE)
        r = ask_file(sim, process, IOW_FRONT_CALL_CLOSE, fd, 0);
    return r;
}

int iow_sim_open_vfio(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];
    uint32_t group = iow_sim_group(f), fd = IOW_NONE;
    int r = f->front->present ? 0 : -ENODEV;

    if (r == 0)
        r = group == IOW_NONE ? -ENOENT : open_group(sim, process, group, &fd);
    if (r == 0 && sim->front.vgroups[iow_front_vgroup_of(&sim->front, group)].container == IOW_NONE)
        r = claim(sim, process, fd);
    return r < 0 ? r : get_device(sim, process, fd, function);
}

void iow_sim_close(struct iow_sim *sim, uint32_t pid)
{
    struct iow_sim_process *process = iow_sim_process_of(sim, pid), *first = sim->processes.items, ended;
    const struct iow_sim_open *opens;

    if (!process)
        return;
    ended = *process;
    opens = ended.opens.items;
    memmove(process, process + 1, (sim->processes.n - (uint32_t)(process - first) - 1) * sizeof(*process));
    sim->processes.n--;
    for (uint32_t i = 0; i < ended.opens.n; i++)
        iow_sim_stick(sim, opens[i].function, sim->functions[opens[i].function].sticks);
    (void)ask_file(sim, &ended, IOW_FRONT_CALL_EXIT, 0, 0);
    free(ended.command);
    iow_list_done(&ended.opens);
}

bool iow_sim_dma(const struct iow_sim *sim, uint32_t function)
{
    const struct iow_front_function *f = &sim->front.functions[function];
    uint32_t container = f->vgroup == IOW_NONE ? IOW_NONE : sim->front.vgroups[f->vgroup].container;

    return container != IOW_NONE && f->domain.kind == IOW_KIND_TABLE &&
           f->domain.handle == &sim->front.containers[container];
}
