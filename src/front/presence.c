/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions that come and go: added, removed, and virtual ones switched on and off. */
#include "front/internal.h"

bool iow_front_when_NO_PARENT(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return (f->parent != IOW_NONE && !ask->front->functions[f->parent].present) ||
           (f->physical_function != IOW_NONE && !ask->front->functions[f->physical_function].present);
}

static void take_rescan(struct iow_front_ask *ask)
{
    iow_front_frame(ask)->took_rescan = !ask->front->rescan;
    ask->front->rescan = ask->task->number;
}

void iow_front_do_END_RESCAN(struct iow_front_ask *ask)
{
    if (iow_front_frame(ask)->took_rescan)
        ask->front->rescan = 0;
}

static uint32_t physical_function_of(const struct iow_front_function *f, const struct iow_front *front)
{
    uint32_t pf = f->physical_function;

    return pf != IOW_NONE && front->functions[pf].captures ? pf : IOW_NONE;
}

/* Without members there was no group: it is made anew, of the type that groups get. */
static void join(struct iow_front *front, uint32_t function)
{
    struct iow_front_function *f = &front->functions[function];
    struct iow_front_group *group;

    if (front->hooks && front->hooks->home)
        f->home = front->hooks->home(front->ctx, function);
    if (f->home == IOW_NONE)
        return;
    group = &front->groups[f->home];
    if (!group->dma.n_members)
        iow_dma_group_init(&group->dma, &front->arbiter, group->type, NULL);
    (void)iow_dma_add(&group->dma, &f->dma, NULL);
}

/* A device that cannot join its group stays without one: the notifier's error is lost. A VF of a PF that
 * VFIO has gets that driver's name before any driver is tried. */
void iow_front_do_APPEAR(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    struct iow_front_function *f = iow_front_function(ask);
    uint32_t captor = physical_function_of(f, front);

    take_rescan(ask);
    f->present = true;
    f->dying = false;
    f->arrival = ++front->arrivals;
    f->bound = 0;
    f->override = captor == IOW_NONE ? IOW_NONE : front->functions[captor].driver;
    join(front, iow_front_function_number(ask));
    iow_front_do_CALL_MATCH(ask);
}

void iow_front_do_SETTLE_IN(struct iow_front_ask *ask)
{
    iow_front_do_UNLOCK(ask);
    iow_front_do_END_RESCAN(ask);
}

/* A virtual function never had one. */
bool iow_front_when_NO_REMOVE_FILE(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !f->present || f->dying || f->physical_function != IOW_NONE;
}

void iow_front_do_DIE(struct iow_front_ask *ask)
{
    iow_front_function(ask)->dying = true;
}

/* Virtual functions are not below their physical one: its driver removes them. */
static bool comes_before(const struct iow_front_function *f, const struct iow_front_function *other)
{
    return f->arrival < other->arrival;
}

/* Of those present right below a bridge, in the order they came, the one after that function; IOW_NONE as the
 * function: the first one, as the answer: none. Backwards: the one before, the last one. */
static uint32_t next_below(const struct iow_front *front, uint32_t bridge, uint32_t after, bool backwards)
{
    uint32_t found = IOW_NONE;

    for (uint32_t i = 0; i < front->n_functions; i++) {
        const struct iow_front_function *f = &front->functions[i];

        if (!f->present || f->parent != bridge ||
            (after != IOW_NONE && (i == after || comes_before(f, &front->functions[after]) != backwards)))
            continue;
        if (found == IOW_NONE || comes_before(f, &front->functions[found]) != backwards)
            found = i;
    }
    return found;
}

/* Called last is done first: what is below before the function itself. */
static void call_tree(struct iow_front_ask *ask, enum iow_front_stage stage, uint32_t top, bool backwards)
{
    uint32_t below = next_below(ask->front, top, IOW_NONE, backwards);

    (void)iow_front_call(ask, stage, top);
    for (; below != IOW_NONE; below = next_below(ask->front, top, below, backwards))
        call_tree(ask, stage, below, backwards);
}

/* All drivers are released, the last function's first; then all are taken off the bus, the first function
 * first. */
void iow_front_do_CALL_REMOVE_ALL(struct iow_front_ask *ask)
{
    uint32_t top = iow_front_frame(ask)->function;

    take_rescan(ask);
    if (!ask->front->functions[top].present)
        return;
    call_tree(ask, IOW_FRONT_STAGE_DESTROY, top, true);
    call_tree(ask, IOW_FRONT_STAGE_UNBIND_LOCK, top, false);
}

/* Each goes entirely before the next one. */
void iow_front_do_CALL_EMPTY(struct iow_front_ask *ask)
{
    const struct iow_front *front = ask->front;
    uint32_t port = iow_front_frame(ask)->function, i = next_below(front, port, IOW_NONE, false);

    take_rescan(ask);
    for (; i != IOW_NONE; i = next_below(front, port, i, false)) {
        call_tree(ask, IOW_FRONT_STAGE_DESTROY, i, true);
        call_tree(ask, IOW_FRONT_STAGE_UNBIND_LOCK, i, false);
    }
}

/* Whoever got the lock meanwhile may have bound a driver; that was released again by now. */
void iow_front_do_VANISH(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    if (f->dma.group)
        (void)iow_dma_remove(&f->dma, NULL);
    f->present = f->dying = false;
    f->override = IOW_NONE;
    f->lock = 0;
    f->n_vfs = 0;
    if (ask->front->hooks && ask->front->hooks->gone)
        ask->front->hooks->gone(ask->front->ctx, iow_front_function_number(ask));
}

bool iow_front_when_NO_VFS_FILE(struct iow_front_ask *ask)
{
    const struct iow_front_function *f = iow_front_function(ask);

    return !f->present || !f->total_vfs;
}

bool iow_front_when_TOO_MANY_VFS(struct iow_front_ask *ask)
{
    return ask->op->number > iow_front_function(ask)->total_vfs;
}

bool iow_front_when_SAME_VFS(struct iow_front_ask *ask)
{
    return ask->op->number == iow_front_function(ask)->n_vfs;
}

bool iow_front_when_OTHER_VFS(struct iow_front_ask *ask)
{
    return ask->op->number && iow_front_function(ask)->n_vfs;
}

bool iow_front_when_NO_VFS_DRIVER(struct iow_front_ask *ask)
{
    return !iow_front_driver_of(ask->front, iow_front_function(ask))->sriov;
}

bool iow_front_when_NO_VFS_WANTED(struct iow_front_ask *ask)
{
    return !ask->op->number;
}

/* One after the other, the first one first. */
void iow_front_do_CALL_REMOVE_VFS(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    uint32_t pf = iow_front_frame(ask)->function;

    if (iow_front_frame(ask)->stage == IOW_FRONT_STAGE_VFS_RESCAN)
        take_rescan(ask);
    for (uint32_t i = front->n_functions; i-- > 0;) {
        if (!front->functions[i].present || front->functions[i].physical_function != pf)
            continue;
        (void)iow_front_call(ask, IOW_FRONT_STAGE_DESTROY, i);
        (void)iow_front_call(ask, IOW_FRONT_STAGE_UNBIND_LOCK, i);
    }
}

void iow_front_do_CALL_ADD_VFS(struct iow_front_ask *ask)
{
    struct iow_front *front = ask->front;
    struct iow_front_function *f = iow_front_function(ask);
    uint32_t pf = iow_front_frame(ask)->function, n = 0, last = 0;

    take_rescan(ask);
    f->captures = iow_front_is_vfio(front, f);
    for (uint32_t i = 0; i < front->n_functions && n < ask->op->number; i++)
        if (front->functions[i].physical_function == pf) {
            last = i;
            n++;
        }
    for (uint32_t i = last + 1; n && i-- > 0;)
        if (front->functions[i].physical_function == pf)
            (void)iow_front_call(ask, IOW_FRONT_STAGE_ADD, i);
}

void iow_front_do_END_VFS(struct iow_front_ask *ask)
{
    struct iow_front_function *f = iow_front_function(ask);

    f->n_vfs = ask->op->number;
    f->captures = f->captures && f->n_vfs;
    iow_front_do_UNLOCK(ask);
    iow_front_do_END_RESCAN(ask);
}
