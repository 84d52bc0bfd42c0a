/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nodes of groups, and processes that have files open.
 *
 * A process that uses a device does what QEMU does with the older interface: it opens the group's node, puts the group into a
 * container, which claims it and gives it a page table, and asks for the device. While a device is open its driver cannot be
 * removed.
 *
 * Source: Linux drivers/vfio/group.c vfio_group_fops_open(), vfio_group_ioctl_set_container(),
 * vfio_group_ioctl_get_device_fd(); drivers/vfio/container.c vfio_container_attach_group()
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

static bool has_vfio_member(const struct iow_sim *sim, uint32_t group)
{
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].present && sim->functions[i].group == group &&
            iow_sim_is_vfio(sim->functions[i].driver))
            return true;
    return false;
}

/* What VFIO claims a group with: an object of its own for each group, whoever opened it. */
static uint32_t cookie(uint32_t group)
{
    return group + 1;
}

static bool is_claimed(const struct iow_sim_group *group)
{
    return iow_dma_owner(&group->dma, NULL) == IOW_OWNER_USER;
}

static int claim(struct iow_sim_group *group, uint32_t number)
{
    const struct iow_dma_domain table = {.kind = IOW_KIND_TABLE, .owner = cookie(number)};
    int r = iow_dma_claim_group(&group->dma, cookie(number), NULL);

    if (r < 0)
        return r;
    r = iow_dma_attach_group(&group->dma, &table, NULL);
    if (r < 0)
        (void)iow_dma_release_group(&group->dma, NULL);
    return r;
}

static void release(struct iow_sim_group *group, uint32_t number)
{
    if (!is_claimed(group))
        return;
    (void)iow_dma_detach_group(&group->dma, cookie(number), NULL);
    (void)iow_dma_release_group(&group->dma, NULL);
}

/* The node comes with the first device, root's; with the last it goes, and so does what was claimed through it. */
void iow_sim_update_node(struct iow_sim *sim, uint32_t number)
{
    struct iow_sim_group *group = &sim->groups[number];
    bool node = has_vfio_member(sim, number);

    if (node && !group->node) {
        group->uid = group->gid = 0;
        group->mode = 0600;
    }
    if (!node) {
        release(group, number);
        group->opened_by = 0;
    }
    group->node = node;
}

bool iow_sim_open_by_anybody(const struct iow_sim *sim, enum iow_sim_open_kind kind, uint32_t of)
{
    const struct iow_sim_process *processes = sim->processes.items;

    for (uint32_t i = 0; i < sim->processes.n; i++) {
        const struct iow_sim_open *opens = processes[i].opens.items;

        for (uint32_t k = 0; k < processes[i].opens.n; k++)
            if (opens[k].kind == kind && opens[k].of == of)
                return true;
    }
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

struct iow_sim_process *iow_sim_new_process(struct iow_sim *sim, const char *command, uint32_t uid)
{
    char *copy = strdup(command);
    struct iow_sim_process *process = copy ? iow_list_add(&sim->processes, sizeof(*process)) : NULL;

    if (!process) {
        free(copy);
        return NULL;
    }
    *process = (struct iow_sim_process){.pid = sim->next_pid++, .uid = uid, .command = copy};
    return process;
}

static struct iow_sim_open *find_open(
    const struct iow_sim_process *process, enum iow_sim_open_kind kind, uint32_t of)
{
    struct iow_sim_open *opens = process->opens.items;

    for (uint32_t i = 0; i < process->opens.n; i++)
        if (opens[i].kind == kind && opens[i].of == of)
            return &opens[i];
    return NULL;
}

int iow_sim_open_node(struct iow_sim_process *process, enum iow_sim_open_kind kind, uint32_t of)
{
    struct iow_sim_open *open =
        find_open(process, kind, of) ? NULL : iow_list_add(&process->opens, sizeof(*open));

    if (open)
        *open = (struct iow_sim_open){.kind = kind, .of = of};
    return open || find_open(process, kind, of) ? 0 : -ENOMEM;
}

/* Processes have the group of their user's number. */
static bool may_open(const struct iow_sim_group *group, uint32_t uid)
{
    uint32_t bits = uid == group->uid ? group->mode >> 6 : uid == group->gid ? group->mode >> 3 : group->mode;

    return uid == 0 || (bits & 6) == 6;
}

int iow_sim_open_group(struct iow_sim *sim, struct iow_sim_process *process, uint32_t number)
{
    struct iow_sim_group *group = &sim->groups[number];
    int r;

    if (!group->node)
        return -ENOENT;
    if (group->opened_by == process->pid)
        return 0;
    if (!may_open(group, process->uid))
        return -EACCES;
    if (group->opened_by)
        return -EBUSY;
    r = iow_sim_open_node(process, IOW_SIM_OPEN_GROUP, number);
    if (r == 0)
        group->opened_by = process->pid;
    return r;
}

static int set_container(struct iow_sim *sim, struct iow_sim_process *process, uint32_t number)
{
    struct iow_sim_open *open = find_open(process, IOW_SIM_OPEN_GROUP, number);
    int r;

    if (is_claimed(&sim->groups[number]))
        return 0;
    r = claim(&sim->groups[number], number);
    if (r == 0)
        open->in_container = true;
    return r;
}

/* A device whose driver is being removed is not there any more since 6.3. */
static int get_device(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];

    if (!iow_sim_is_vfio(f->driver) || (f->unbinding && sim->release >= RELEASE(6, 3)))
        return -ENODEV;
    return iow_sim_open_node(process, IOW_SIM_OPEN_DEVICE, function);
}

int iow_sim_open_vfio(struct iow_sim *sim, struct iow_sim_process *process, uint32_t function)
{
    uint32_t group = sim->functions[function].group;
    int r = sim->functions[function].present ? 0 : -ENODEV;

    if (r == 0)
        r = group == IOW_NONE ? -ENOENT : iow_sim_open_group(sim, process, group);
    if (r == 0)
        r = set_container(sim, process, group);
    return r < 0 ? r : get_device(sim, process, function);
}

/* What comes of a group that a process let go. */
static void let_go(struct iow_sim *sim, uint32_t pid)
{
    for (uint32_t i = 0; i < sim->n; i++) {
        if (sim->groups[i].opened_by != pid)
            continue;
        sim->groups[i].opened_by = 0;
        release(&sim->groups[i], i);
    }
}

void iow_sim_close(struct iow_sim *sim, uint32_t pid)
{
    struct iow_sim_process *process = iow_sim_process_of(sim, pid), *first = sim->processes.items;
    uint32_t at;

    if (!process)
        return;
    at = (uint32_t)(process - first);
    free(process->command);
    iow_list_done(&process->opens);
    memmove(process, process + 1, (sim->processes.n - at - 1) * sizeof(*process));
    sim->processes.n--;
    let_go(sim, pid);
    iow_sim_settle(sim);
}

bool iow_sim_dma(const struct iow_sim *sim, uint32_t pid, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];

    return f->group != IOW_NONE && sim->groups[f->group].opened_by == pid &&
           f->domain.kind == IOW_KIND_TABLE && f->domain.owner == cookie(f->group);
}

bool iow_sim_kernel_dma(const struct iow_sim_function *f)
{
    return f->group == IOW_NONE || f->domain.kind == IOW_KIND_DEFAULT;
}
