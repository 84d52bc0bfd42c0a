/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Drivers: which takes which function, their probes and removals; and the type of a group's domain. */
#include "front/internal.h"

#include <errno.h>

struct iow_front_driver *iow_front_driver_of(
    const struct iow_front *front, const struct iow_front_function *f)
{
    return f->driver == IOW_NONE ? NULL : &front->drivers[f->driver];
}

bool iow_front_is_vfio(const struct iow_front *front, const struct iow_front_function *f)
{
    const struct iow_front_driver *driver = iow_front_driver_of(front, f);

    return driver && driver->vfio;
}

/* Source: drivers/pci/pci-driver.c pci_match_device(): an override takes any driver it names and no other; a
 * table that is for overrides only says nothing to the rest */
bool iow_front_matches(const struct iow_front *front, const struct iow_front_function *f, uint32_t driver)
{
    const struct iow_front_driver *d = &front->drivers[driver];

    if (f->override != IOW_NONE)
        return f->override == driver;
    return (d->dynamic | (d->overrides ? 0 : d->models)) >> f->model & 1;
}

static struct iow_front_driver *driver_asked(const struct iow_front_ask *ask)
{
    uint32_t driver = iow_front_frame(ask)->driver;

    return driver < ask->front->n_drivers ? &ask->front->drivers[driver] : NULL;
}

bool iow_front_when_NO_MODULE(struct iow_front_ask *ask)
{
    return !driver_asked(ask);
}

bool iow_front_when_LOADED(struct iow_front_ask *ask)
{
    return driver_asked(ask)->loaded;
}

bool iow_front_when_NOT_LOADED(struct iow_front_ask *ask)
{
    return !driver_asked(ask) || !driver_asked(ask)->loaded;
}

/* VFIO's open devices keep it; a group's file does not. */
bool iow_front_when_MODULE_USED(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    uint32_t i = 0;

    while (i < front->n_functions &&
           !(front->functions[i].opens && front->functions[i].driver == iow_front_frame(ask)->driver))
        i++;
    return i < front->n_functions;
}

bool iow_front_when_PRESENT(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->present;
}

bool iow_front_when_ABSENT(struct iow_front_ask *ask)
{
    return iow_front_function_number(ask) >= ask->front->n_functions || !iow_front_function(ask)->present;
}

bool iow_front_when_NO_MATCH(struct iow_front_ask *ask)
{
    return !iow_front_matches(ask->front, iow_front_function(ask), iow_front_frame(ask)->driver);
}

bool iow_front_when_TAKEN(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->driver != IOW_NONE;
}

bool iow_front_when_NOT_TAKEN(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->driver == IOW_NONE;
}

bool iow_front_when_OTHER_DRIVER(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->driver != iow_front_frame(ask)->driver;
}

/* Probing. */

int iow_front_try_CONFIGURE(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);
    struct iow_explain why = {0};
    int r = iow_dma_probe(&f->dma, driver_asked(ask)->trait, &why);

    if (iow_front_answered(ask, f->dma.group, r, &why) == 0)
        f->driver = iow_front_frame(ask)->driver;
    return r;
}

void iow_front_do_SHOW_DRIVER(struct iow_front_ask *ask)
{
    iow_front_function(ask)->linked = true;
    iow_front_frame(ask)->asked = true;
}

bool iow_front_when_NOT_PROBED(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->no_autoprobe && iow_front_function(ask)->override == IOW_NONE;
}

bool iow_front_when_DENYLISTED(struct iow_front_ask *ask)
{
    return iow_front_is_vfio(ask->front, iow_front_function(ask)) && iow_front_function(ask)->denylisted;
}

bool iow_front_when_BRIDGE(struct iow_front_ask *ask)
{
    return iow_front_is_vfio(ask->front, iow_front_function(ask)) && iow_front_function(ask)->bridge;
}

bool iow_front_when_VFS_BEFORE(struct iow_front_ask *ask)
{
    return iow_front_is_vfio(ask->front, iow_front_function(ask)) && iow_front_function(ask)->n_vfs;
}

bool iow_front_when_NO_VFIO_GROUP(struct iow_front_ask *ask)
{
    return iow_front_is_vfio(ask->front, iow_front_function(ask)) && !iow_front_function(ask)->dma.group &&
           !iow_front_has(ask->front, IOW_FRONT_NOIOMMU);
}

bool iow_front_when_INCOHERENT(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return iow_front_is_vfio(ask->front, f) && f->dma.group && f->not_coherent;
}

int iow_front_try_OWN_PROBE(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->probe_errors[iow_front_frame(ask)->driver];
}

void iow_front_do_PROBE_FAILED(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    (void)iow_dma_probe_failed(&f->dma, NULL);
    f->driver = IOW_NONE;
    f->linked = false;
}

void iow_front_do_BOUND(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    (void)iow_dma_bound(&f->dma, NULL);
    f->bound = ++ask->front->binds;
    f->ready = true;
    if (iow_front_is_vfio(ask->front, f))
        iow_front_register(ask->front, f);
}

/* Locks, and steps under them. */

void iow_front_do_LOCK(struct iow_front_ask *ask)
{
    iow_front_function(ask)->lock = ask->task->number;
}

void iow_front_do_UNLOCK(struct iow_front_ask *ask)
{
    iow_front_function(ask)->lock = 0;
}

static void call_locked(struct iow_front_ask *ask, enum iow_front_stage stage)
{
    iow_front_do_LOCK(ask);
    (void)iow_front_call(ask, stage, iow_front_frame(ask)->function);
}

void iow_front_do_CALL_PROBE(struct iow_front_ask *ask)
{
    call_locked(ask, IOW_FRONT_STAGE_PROBE);
}

void iow_front_do_CALL_MATCH(struct iow_front_ask *ask)
{
    call_locked(ask, IOW_FRONT_STAGE_MATCH);
}

void iow_front_do_CALL_RELEASE(struct iow_front_ask *ask)
{
    call_locked(ask, IOW_FRONT_STAGE_RELEASE);
}

/* Which driver for a function, which functions for a driver. */

/* The bus has them in the order in which they were loaded. */
static uint32_t place_of(const struct iow_front *front, uint32_t driver)
{
    return front->drivers[driver].rank * front->n_drivers + driver;
}

/* Next is the place from which on drivers have not been tried. */
bool iow_front_when_NEXT_DRIVER(struct iow_front_ask *ask)
{
    struct iow_front_frame *frame = iow_front_frame(ask);
    const struct iow_front *front = ask->front;
    uint32_t found = UINT32_MAX;

    for (uint32_t i = 0; i < front->n_drivers; i++)
        if (front->drivers[i].loaded && place_of(front, i) >= frame->next && place_of(front, i) < found &&
            iow_front_matches(front, iow_front_function(ask), i))
            found = place_of(front, i);
    if (found != UINT32_MAX)
        frame->next = found;
    return found != UINT32_MAX;
}

void iow_front_do_CALL_NEXT_PROBE(struct iow_front_ask *ask)
{
    struct iow_front_frame *frame = iow_front_frame(ask);
    uint32_t driver = frame->next++ % ask->front->n_drivers;

    iow_front_call(ask, IOW_FRONT_STAGE_PROBE, frame->function)->driver = driver;
}

/* The bus has its functions in the order they came. Matching looks at no lock: also one that has a driver is
 * waited for. */
bool iow_front_when_NEXT_FUNCTION(struct iow_front_ask *ask)
{
    struct iow_front_frame *frame = iow_front_frame(ask);
    const struct iow_front *front = ask->front;
    uint32_t found = IOW_NONE;

    for (uint32_t i = 0; i < front->n_functions; i++) {
        const struct iow_front_function *f = &front->functions[i];

        if (f->present && f->arrival >= frame->next && iow_front_matches(front, f, frame->driver) &&
            (found == IOW_NONE || f->arrival < front->functions[found].arrival))
            found = i;
    }
    if (found != IOW_NONE)
        frame->function = found;
    return found != IOW_NONE;
}

void iow_front_do_AIM(struct iow_front_ask *ask)
{
    iow_front_frame(ask)->next = iow_front_function(ask)->arrival + 1;
}

/* Removal of a driver. */

void iow_front_do_HIDE_DRIVER(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    f->linked = f->ready = false;
    (void)iow_dma_unbind(&f->dma, NULL);
}

/* Who knows nothing of VFs leaves those that another driver made. */
static bool keeps_vfs(const struct iow_front_driver *driver)
{
    return driver->keeps_vfs || !driver->sriov;
}

bool iow_front_when_HAS_VFS(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return f->n_vfs && !keeps_vfs(iow_front_driver_of(ask->front, f));
}

void iow_front_do_UNREGISTER(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    if (!keeps_vfs(iow_front_driver_of(ask->front, f)))
        f->n_vfs = 0;
    f->captures = false;
    if (f->registered)
        iow_front_unlist(ask->front, f);
}

bool iow_front_when_REGISTERED(struct iow_front_ask *ask)
{
    return iow_front_function(ask)->registrations;
}

void iow_front_do_RELEASED(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    if (f->registered)
        iow_front_leave_vgroup(ask->front, f);
    (void)iow_dma_unbound(&f->dma, NULL);
    f->driver = IOW_NONE;
    if (ask->front->hooks && ask->front->hooks->released)
        ask->front->hooks->released(ask->front->ctx, iow_front_function_number(ask));
}

/* driver_override, new_id, remove_id, and loading. */

void iow_front_do_SET_OVERRIDE(struct iow_front_ask *ask)
{
    if (iow_front_function(ask)->present)
        iow_front_function(ask)->override = ask->op->driver;
}

bool iow_front_when_STATIC_ID(struct iow_front_ask *ask)
{
    const struct iow_front_driver *driver = driver_asked(ask);

    return ask->op->argument == IOW_FRONT_FINE && !driver->overrides && !driver->by_class &&
           driver->models >> ask->op->number & 1;
}

bool iow_front_when_OTHER_DATA(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_OTHER_DATA;
}

bool iow_front_when_DYNAMIC_ID(struct iow_front_ask *ask)
{
    return ask->op->argument == IOW_FRONT_FINE && driver_asked(ask)->dynamic >> ask->op->number & 1;
}

bool iow_front_when_NO_DYNAMIC_ID(struct iow_front_ask *ask)
{
    return !(driver_asked(ask)->dynamic >> ask->op->number & 1);
}

void iow_front_do_ADD_ID(struct iow_front_ask *ask)
{
    driver_asked(ask)->dynamic |= 1u << ask->op->number;
}

void iow_front_do_DROP_ID(struct iow_front_ask *ask)
{
    driver_asked(ask)->dynamic &= ~(1u << ask->op->number);
}

void iow_front_do_REGISTER_DRIVER(struct iow_front_ask *ask)
{
    driver_asked(ask)->loaded = true;
    driver_asked(ask)->rank = ++ask->front->loads;
}

/* First of all no more function can be matched with it. */
void iow_front_do_UNREGISTER_DRIVER(struct iow_front_ask *ask)
{
    driver_asked(ask)->loaded = false;
    driver_asked(ask)->dynamic = 0;
}

/* The one bound last; IOW_NONE. */
static uint32_t last_bound(const struct iow_front *front, uint32_t driver)
{
    uint32_t found = IOW_NONE;

    for (uint32_t i = 0; i < front->n_functions; i++)
        if (front->functions[i].driver == driver &&
            (found == IOW_NONE || front->functions[i].bound > front->functions[found].bound))
            found = i;
    return found;
}

bool iow_front_when_NEXT_BOUND(struct iow_front_ask *ask)
{
    return last_bound(ask->front, iow_front_frame(ask)->driver) != IOW_NONE;
}

void iow_front_do_AIM_BOUND(struct iow_front_ask *ask)
{
    iow_front_frame(ask)->function = last_bound(ask->front, iow_front_frame(ask)->driver);
}

/* The type of a group's default domain. */

static struct iow_front_group *group_asked(const struct iow_front_ask *ask)
{
    return &ask->front->groups[ask->op->group];
}

bool iow_front_when_NO_MEMBERS(struct iow_front_ask *ask)
{
    return !group_asked(ask)->dma.n_members;
}

bool iow_front_when_NOT_ALLOWED(struct iow_front_ask *ask)
{
    const struct iow_front_process *process = &ask->front->processes[ask->op->process];

    return process->no_rawio || process->no_admin;
}

bool iow_front_when_NO_DEFAULT(struct iow_front_ask *ask)
{
    return iow_ownership_unpack(iow_dma_word(&group_asked(ask)->dma)).type == IOW_TYPE_NONE;
}

bool iow_front_when_ONLY_LOCKED(struct iow_front_ask *ask)
{
    const struct iow_front_group *group = group_asked(ask);
    const struct iow_front_function *only;

    if (group->dma.n_members != 1)
        return false;
    only = group->dma.first->handle;
    return only->lock;
}

int iow_front_try_RETYPE(struct iow_front_ask *ask)
{
    struct iow_front_group *group = group_asked(ask);
    enum iow_domain_type type = ask->op->type == IOW_FRONT_AUTO_TYPE ? group->automatic : ask->op->type;
    bool forced = group->required != IOW_TYPE_NONE && group->required != type;
    struct iow_explain why = {0};
    int r = iow_dma_set_type(&group->dma, type, forced, &why);

    return iow_front_answered(ask, &group->dma, r, &why);
}
