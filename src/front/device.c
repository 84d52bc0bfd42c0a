/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VFIO's devices: registered by their driver, found by name, opened, kept alive by whoever has them open,
 * reset together. */
#include "front/internal.h"

#include <errno.h>

static bool is_vf(const struct iow_front_function *f)
{
    return f->physical_function != IOW_NONE;
}

/* The lowest that nobody has. */
static uint32_t free_index(const struct iow_front *front)
{
    uint32_t index = 0, i = 0;

    while (i < front->n_functions) {
        bool taken = front->functions[i].registered && front->functions[i].index == index;

        index += taken;
        i = taken ? 0 : i + 1;
    }
    return index;
}

/* Source: drivers/vfio/pci/vfio_pci_core.c vfio_pci_vf_init(), drivers/vfio/vfio_main.c
 * __vfio_register_dev() */
void iow_front_register(struct iow_front *front, struct iow_front_function *f)
{
    bool captured = is_vf(f) && front->functions[f->physical_function].captures;

    iow_front_register_in_group(front, f);
    f->index = free_index(front);
    f->registered = f->listed = true;
    f->registrations = 1;
    f->opens = 0;
    f->pf_captor = captured ? f->physical_function : IOW_NONE;
    f->has_token = f->total_vfs;
    f->token = IOW_FRONT_RANDOM_TOKEN;
    f->token_users = 0;
}

/* Newer kernels let nobody find a device whose driver is going, older ones do until its users are gone. */
void iow_front_unlist(struct iow_front *front, struct iow_front_function *f)
{
    if (iow_front_has(front, IOW_FRONT_SINCE_6_12))
        f->listed = false;
    f->registrations--;
}

/* Finding it, and its token. */

bool iow_front_when_NOT_LISTED(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !f->listed || !f->registrations || f->vgroup != iow_front_vgroup_number(ask);
}

static uint64_t token_of_captor(const struct iow_front_ask *ask)
{
    return ask->front->functions[iow_front_function(ask)->pf_captor].token;
}

bool iow_front_when_VF_UNASKED(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return is_vf(f) && f->pf_captor == IOW_NONE && ask->op->token;
}

bool iow_front_when_VF_NO_TOKEN(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->pf_captor != IOW_NONE && !ask->op->token;
}

bool iow_front_when_VF_WRONG_TOKEN(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->pf_captor != IOW_NONE && ask->op->token != token_of_captor(ask);
}

static bool vfs_open(const struct iow_front_ask *ask)
{
    return iow_front_function(ask)->has_token && iow_front_function(ask)->token_users;
}

bool iow_front_when_PF_NO_TOKEN(struct iow_front_ask *ask)
{
    return vfs_open(ask) && !ask->op->token;
}

bool iow_front_when_PF_WRONG_TOKEN(struct iow_front_ask *ask)
{
    return vfs_open(ask) && ask->op->token != iow_front_function(ask)->token;
}

bool iow_front_when_PF_NEW_TOKEN(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return f->has_token && !f->token_users && ask->op->token;
}

bool iow_front_when_ODD_TOKEN(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !is_vf(f) && !f->has_token && ask->op->token;
}

bool iow_front_when_NO_TOKEN(struct iow_front_ask *ask)
{
    return !iow_front_function(ask)->has_token;
}

void iow_front_do_TAKE_TOKEN(struct iow_front_ask *ask)
{
    iow_front_function(ask)->token = ask->op->token;
}

/* Opening it. */

bool iow_front_when_MODULE_GOING(struct iow_front_ask *ask)
{
    return ask->front->module_going;
}

bool iow_front_when_OPEN_ALREADY(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->opens;
}

/* Source: drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_enable() tries the lock and waits for none */
bool iow_front_when_OPEN_LOCKED(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !f->opens && f->resets && f->lock;
}

int iow_front_try_OPEN(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return f->opens ? 0 : f->open_error;
}

static void count_open(struct iow_front *front, struct iow_front_function *f)
{
    if (!f->opens++ && f->pf_captor != IOW_NONE)
        front->functions[f->pf_captor].token_users++;
}

/* Through a container the group's file stays open as long as this one. */
void iow_front_do_OPEN_DEVICE(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    struct iow_front_vgroup *vg = iow_front_vgroup(ask);
    struct iow_front_function *f = iow_front_function(ask);
    struct iow_front_file *file = &front->files[front->fds[ask->value].file];

    f->registrations++;
    count_open(front, f);
    file->holds_group = vg->container != IOW_NONE;
    if (!file->holds_group)
        return;
    vg->users++;
    front->files[vg->file].refs++;
}

void iow_front_do_GRANT(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    ask->front->files[ask->file].granted = true;
    ask->value = f->object;
    f->cdev_opened = true;
    count_open(ask->front, f);
    iow_front_vgroup(ask)->cdevs++;
}

static void last_close(struct iow_front *front, struct iow_front_function *f)
{
    if (f->pf_captor != IOW_NONE)
        front->functions[f->pf_captor].token_users--;
    if (f->iommufd != IOW_NONE)
        iow_front_unbind_iommufd(front, f);
}

/* Source: drivers/vfio/vfio_main.c vfio_device_fops_release() */
void iow_front_close_device(struct iow_front *front, struct iow_front_file *file)
{
    struct iow_front_function *f = &front->functions[file->of];
    struct iow_front_vgroup *vg = &front->vgroups[f->vgroup];

    if (file->granted && !--f->opens)
        last_close(front, f);
    if (file->granted && file->kind == IOW_FRONT_FILE_CDEV) {
        f->cdev_opened = false;
        vg->cdevs--;
    }
    if (file->holds_group) {
        vg->users--;
        iow_front_put_file(front, vg->file);
    }
    f->registrations--;
}

bool iow_front_when_GRANTED(struct iow_front_ask *ask)
{
    return ask->front->files[ask->file].granted;
}

bool iow_front_when_NOT_GRANTED(struct iow_front_ask *ask)
{
    return !iow_front_when_GRANTED(ask);
}

bool iow_front_when_BY_GROUP(struct iow_front_ask *ask)
{
    return ask->front->files[ask->file].kind == IOW_FRONT_FILE_DEVICE;
}

/* Resetting it with all that share its slot or bus. */

static bool in_set(const struct iow_front_function *f, const struct iow_front_function *other)
{
    return other->present && other->reset_set == f->reset_set;
}

bool iow_front_when_NO_RESET(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->reset_set == IOW_NONE;
}

static uint32_t size_of_set(const struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    uint32_t n = 0;

    for (uint32_t i = 0; i < front->n_functions; i++)
        n += in_set(iow_front_function(ask), &front->functions[i]);
    return n;
}

/* Only who names groups must have one for each function; without an IOMMU, VFIO's own have one too. */
bool iow_front_when_SET_UNGROUPED(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_function *f = iow_front_function(ask);

    for (uint32_t i = 0; i < front->n_functions && !f->cdev_opened; i++) {
        const struct iow_front_function *other = &front->functions[i];

        if (in_set(f, other) && !other->dma.group && !other->registered)
            return true;
    }
    return false;
}

/* VFIO keeps together what is reset together, but each VF by itself. */
bool iow_front_when_SET_NOT_VFIO(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_function *f = iow_front_function(ask);

    for (uint32_t i = 0; i < front->n_functions; i++) {
        const struct iow_front_function *other = &front->functions[i];

        if (other != f && in_set(f, other) && (!other->registered || is_vf(other) || is_vf(f)))
            return true;
    }
    return false;
}

static bool among_fds(const struct iow_front_ask *ask, uint32_t vgroup)
{
    for (uint32_t i = 0; i < ask->op->number; i++)
        if (ask->front->files[iow_front_file_of(ask->front, ask->op->process, ask->op->fds[i])].of == vgroup)
            return true;
    return false;
}

/* Is it, or a member of its group, bound to the same iommufd? */
static bool shares_iommufd(const struct iow_front_function *f, const struct iow_front_function *other)
{
    for (const struct iow_dma_device *d = other->dma.group ? other->dma.group->first : NULL; d; d = d->next)
        if (((const struct iow_front_function *)d->handle)->iommufd == f->iommufd)
            return true;
    return false;
}

/* Is all of it VFIO's, and the iommufd's? */
static bool set_owned(const struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_function *f = iow_front_function(ask);

    for (uint32_t i = 0; i < front->n_functions; i++) {
        const struct iow_front_function *other = &front->functions[i];

        if (in_set(f, other) && (!other->registered || !shares_iommufd(f, other)))
            return false;
    }
    return true;
}

void iow_front_do_COUNT_SET(struct iow_front_ask *ask)
{
    ask->value = size_of_set(ask);
    if (iow_front_function(ask)->cdev_opened)
        ask->value |= IOW_FRONT_RESET_BY_ID | (set_owned(ask) ? IOW_FRONT_RESET_OWNED : 0);
}

bool iow_front_when_SET_NOT_OWNED(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_function *f = iow_front_function(ask);

    for (uint32_t i = 0; i < front->n_functions; i++) {
        const struct iow_front_function *other = &front->functions[i];

        if (in_set(f, other) && !(f->cdev_opened ? shares_iommufd(f, other) : among_fds(ask, other->vgroup)))
            return true;
    }
    return false;
}

/* Whoever resets tries each lock, and waits for none. */
bool iow_front_when_SET_LOCKED(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    const struct iow_front_function *f = iow_front_function(ask);

    for (uint32_t i = 0; i < front->n_functions; i++)
        if (in_set(f, &front->functions[i]) && front->functions[i].lock)
            return true;
    return false;
}

int iow_front_try_RESET(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;

    for (uint32_t i = 0; i < front->n_functions; i++)
        if (in_set(iow_front_function(ask), &front->functions[i]) && front->functions[i].reset_error)
            return front->functions[i].reset_error;
    return 0;
}

bool iow_front_when_WRONG_WAY(struct iow_front_ask *ask)
{
    return (ask->op->number != 0) == iow_front_function(ask)->cdev_opened;
}

bool iow_front_when_NO_FDS(struct iow_front_ask *ask)
{
    return !ask->op->number;
}

bool iow_front_when_TOO_MANY_FDS(struct iow_front_ask *ask)
{
    return ask->op->number > size_of_set(ask) || ask->op->number > IOW_FRONT_MOST_FDS;
}

int iow_front_try_RESET_FDS(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;

    for (uint32_t i = 0; i < ask->op->number; i++) {
        uint32_t file = iow_front_file_of(front, ask->op->process, ask->op->fds[i]);

        if (file == IOW_NONE)
            return -EBADF;
        if (front->files[file].kind != IOW_FRONT_FILE_GROUP)
            return -EINVAL;
    }
    return 0;
}
