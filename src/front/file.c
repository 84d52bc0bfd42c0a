/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes, their descriptors and mappings, and the open files behind them: the last reference to one
 * closes it. */
#include "front/internal.h"

#include <errno.h>

uint32_t iow_front_new_file(struct iow_front *front, enum iow_front_file_kind kind, uint32_t of)
{
    for (uint32_t i = 0; i < front->n_files; i++)
        if (front->files[i].kind == IOW_FRONT_FILE_NONE) {
            front->files[i] = (struct iow_front_file){.kind = kind, .of = of};
            return i;
        }
    return IOW_NONE;
}

static uint32_t new_descriptor(struct iow_front *front, uint32_t process, uint32_t file, bool map)
{
    for (uint32_t i = 0; i < front->n_fds; i++)
        if (front->fds[i].file == IOW_NONE) {
            front->fds[i] = (struct iow_front_fd){.process = process, .file = file, .map = map};
            front->files[file].refs++;
            return i;
        }
    return IOW_NONE;
}

int iow_front_new_fd(struct iow_front *front, uint32_t process, uint32_t file, uint32_t *ret_fd)
{
    *ret_fd = new_descriptor(front, process, file, false);
    return *ret_fd == IOW_NONE ? -EMFILE : 0;
}

void iow_front_put_file(struct iow_front *front, uint32_t number)
{
    struct iow_front_file *file = &front->files[number];

    if (--file->refs)
        return;
    if (file->kind == IOW_FRONT_FILE_GROUP)
        iow_front_close_group(front, file);
    else if (file->kind == IOW_FRONT_FILE_CONTAINER)
        iow_front_put_container(front, file->of);
    else if (file->kind == IOW_FRONT_FILE_IOMMUFD)
        iow_front_put_iommufd(front, file->of);
    else
        iow_front_close_device(front, file);
    file->kind = IOW_FRONT_FILE_NONE;
}

static bool is_open(const struct iow_front *front, uint32_t process, uint32_t fd, bool map)
{
    return fd < front->n_fds && front->fds[fd].file != IOW_NONE && front->fds[fd].process == process &&
           front->fds[fd].map == map;
}

uint32_t iow_front_file_of(const struct iow_front *front, uint32_t process, uint32_t fd)
{
    return is_open(front, process, fd, false) ? front->fds[fd].file : IOW_NONE;
}

static void drop(struct iow_front *front, uint32_t fd)
{
    uint32_t file = front->fds[fd].file;

    front->fds[fd].file = IOW_NONE;
    iow_front_put_file(front, file);
}

void iow_front_do_CLOSE(struct iow_front_ask *ask)
{
    drop(ask->front, ask->op->fd);
}

static void end_process(struct iow_front *front, uint32_t process)
{
    for (uint32_t fd = 0; fd < front->n_fds; fd++)
        if (front->fds[fd].file != IOW_NONE && front->fds[fd].process == process)
            drop(front, fd);
    front->processes[process].alive = false;
}

void iow_front_do_END_PROCESS(struct iow_front_ask *ask)
{
    end_process(ask->front, ask->op->process);
}

static uint32_t free_process(const struct iow_front *front)
{
    for (uint32_t i = 0; i < front->n_processes; i++)
        if (!front->processes[i].alive)
            return i;
    return IOW_NONE;
}

/* A child has every descriptor and mapping of its parent's. */
int iow_front_try_COPY(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    uint32_t child = free_process(front);

    if (child == IOW_NONE)
        return -EAGAIN;
    front->processes[child] = front->processes[ask->op->process];
    for (uint32_t fd = 0; fd < front->n_fds; fd++) {
        const struct iow_front_fd *own = &front->fds[fd];

        if (own->file == IOW_NONE || own->process != ask->op->process)
            continue;
        if (new_descriptor(front, child, own->file, own->map) == IOW_NONE) {
            end_process(front, child);
            return -EMFILE;
        }
    }
    ask->value = child;
    return 0;
}

int iow_front_try_SECOND_FD(struct iow_front_ask *ask)
{
    return iow_front_new_fd(ask->front, ask->op->process, ask->file, &ask->value);
}

int iow_front_try_THEIR_FD(struct iow_front_ask *ask)
{
    return iow_front_new_fd(ask->front, ask->op->to, ask->file, &ask->value);
}

int iow_front_try_NEW_MAP(struct iow_front_ask *ask)
{
    ask->value = new_descriptor(ask->front, ask->op->process, ask->file, true);
    return ask->value == IOW_NONE ? -ENOMEM : 0;
}

/* A file and its first descriptor. */
static int open_file(
    struct iow_front_ask *ask, enum iow_front_file_kind kind, uint32_t of, uint32_t *ret_file)
{
    struct iow_front *front = ask->front;
    int r;

    *ret_file = iow_front_new_file(front, kind, of);
    if (*ret_file == IOW_NONE)
        return -ENFILE;
    r = iow_front_new_fd(front, ask->op->process, *ret_file, &ask->value);
    if (r < 0)
        front->files[*ret_file].kind = IOW_FRONT_FILE_NONE;
    return r;
}

int iow_front_try_CONTAINER(struct iow_front_ask *ask)
{
    struct iow_front_container *containers = ask->front->containers;
    uint32_t i = 0, file;
    int r;

    while (i < ask->front->n_files && containers[i].refs)
        i++;
    if (i == ask->front->n_files)
        return -ENFILE;
    r = open_file(ask, IOW_FRONT_FILE_CONTAINER, i, &file);
    if (r == 0)
        containers[i] = (struct iow_front_container){.refs = 1};
    return r;
}

int iow_front_try_IOMMUFD(struct iow_front_ask *ask)
{
    struct iow_front_iommufd *iommufds = ask->front->iommufds;
    uint32_t i = 0, file;
    int r;

    while (i < ask->front->n_files && iommufds[i].refs)
        i++;
    if (i == ask->front->n_files)
        return -ENFILE;
    r = open_file(ask, IOW_FRONT_FILE_IOMMUFD, i, &file);
    if (r == 0)
        iommufds[i] = (struct iow_front_iommufd){.refs = 1};
    return r;
}

int iow_front_try_GROUP(struct iow_front_ask *ask)
{
    uint32_t file;
    int r = open_file(ask, IOW_FRONT_FILE_GROUP, iow_front_vgroup_number(ask), &file);

    if (r == 0)
        iow_front_vgroup(ask)->file = file;
    return r;
}

/* A character device's file registers its user at once, and opens nothing yet. */
int iow_front_try_CDEV(struct iow_front_ask *ask)
{
    uint32_t file;
    int r = open_file(ask, IOW_FRONT_FILE_CDEV, iow_front_function_number(ask), &file);

    if (r == 0)
        iow_front_function(ask)->registrations++;
    return r;
}

int iow_front_try_DEVICE(struct iow_front_ask *ask)
{
    uint32_t file;
    int r = open_file(ask, IOW_FRONT_FILE_DEVICE, iow_front_function_number(ask), &file);

    if (r == 0)
        ask->front->files[file].granted = true;
    return r;
}

static enum iow_front_file_kind kind_of(const struct iow_front *front, uint32_t file)
{
    return file == IOW_NONE ? IOW_FRONT_FILE_NONE : front->files[file].kind;
}

static enum iow_front_file_kind asked_kind(const struct iow_front_ask *ask)
{
    return kind_of(ask->front, ask->file);
}

static enum iow_front_file_kind other_kind(const struct iow_front_ask *ask)
{
    return kind_of(ask->front, iow_front_file_of(ask->front, ask->op->process, ask->op->to));
}

static bool is_process(const struct iow_front *front, uint32_t process)
{
    return process < front->n_processes && front->processes[process].alive;
}

bool iow_front_when_NO_PROCESS(struct iow_front_ask *ask)
{
    return !is_process(ask->front, ask->op->process);
}

bool iow_front_when_NO_RECEIVER(struct iow_front_ask *ask)
{
    return !is_process(ask->front, ask->op->to);
}

bool iow_front_when_NO_FILE(struct iow_front_ask *ask)
{
    return ask->file == IOW_NONE;
}

bool iow_front_when_NO_MAP(struct iow_front_ask *ask)
{
    return !is_open(ask->front, ask->op->process, ask->op->fd, true);
}

bool iow_front_when_NO_OTHER_FILE(struct iow_front_ask *ask)
{
    return other_kind(ask) == IOW_FRONT_FILE_NONE;
}

/* With one, it is the IOMMU's driver that does not know the call. */
bool iow_front_when_NAKED_CONTAINER(struct iow_front_ask *ask)
{
    return asked_kind(ask) == IOW_FRONT_FILE_CONTAINER &&
           !ask->front->containers[ask->front->files[ask->file].of].backend;
}

bool iow_front_when_NO_GROUP_FILE(struct iow_front_ask *ask)
{
    return asked_kind(ask) != IOW_FRONT_FILE_GROUP;
}

bool iow_front_when_NO_CONTAINER_FILE(struct iow_front_ask *ask)
{
    return asked_kind(ask) != IOW_FRONT_FILE_CONTAINER;
}

bool iow_front_when_UNBOUND_CDEV(struct iow_front_ask *ask)
{
    return asked_kind(ask) == IOW_FRONT_FILE_CDEV && !ask->front->files[ask->file].granted;
}

bool iow_front_when_ON_IOMMUFD(struct iow_front_ask *ask)
{
    return asked_kind(ask) == IOW_FRONT_FILE_IOMMUFD;
}

bool iow_front_when_NO_IOMMUFD_FILE(struct iow_front_ask *ask)
{
    return asked_kind(ask) != IOW_FRONT_FILE_IOMMUFD;
}

bool iow_front_when_NO_DEVICE_FILE(struct iow_front_ask *ask)
{
    return asked_kind(ask) != IOW_FRONT_FILE_DEVICE && asked_kind(ask) != IOW_FRONT_FILE_CDEV;
}

bool iow_front_when_NO_VFIO_DEVICE(struct iow_front_ask *ask)
{
    return iow_front_when_NO_DEVICE_FILE(ask);
}

bool iow_front_when_TO_CONTAINER(struct iow_front_ask *ask)
{
    return other_kind(ask) == IOW_FRONT_FILE_CONTAINER;
}

bool iow_front_when_TO_IOMMUFD(struct iow_front_ask *ask)
{
    return other_kind(ask) == IOW_FRONT_FILE_IOMMUFD;
}

bool iow_front_when_NOT_TO_IOMMUFD(struct iow_front_ask *ask)
{
    return !iow_front_when_TO_IOMMUFD(ask);
}

bool iow_front_when_NO_BAR(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->no_bar;
}
