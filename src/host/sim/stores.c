/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes into sysfs and their like: what Linux answers, in its order of looking, and how long they wait.
 *
 * Each store is a function that can be asked again: asked for the first time it begins, asked later by the same process it goes
 * on, until its answer is no longer IOW_SIM_WAITS. Whoever has the lock has begun, and is refused nothing any more.
 *
 * Source: drivers/base/bus.c bind_store(), unbind_store(); drivers/base/dd.c device_driver_attach(),
 * device_driver_detach(); drivers/pci/pci-sysfs.c driver_override_store(); drivers/base/driver.c
 * driver_set_override(); drivers/vfio/vfio_main.c vfio_unregister_group_dev(); drivers/pci/remove.c;
 * drivers/iommu/iommu.c iommu_group_store_type()
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <ioward/plan.h>
#include <stdlib.h>
#include <string.h>

/* A page less a newline and a NUL. */
#define MOST_OVERRIDE 4094

/* USER_HZ */
#define TICK_USEC 10000

static bool lock(struct iow_sim_function *f, uint32_t pid)
{
    if (f->lock && f->lock != pid)
        return false;
    f->lock = pid;
    return true;
}

static void unlock(struct iow_sim_function *f)
{
    f->lock = 0;
}

/* Removes the driver of a function whose lock is held. */
static int take_driver(struct iow_sim *sim, uint32_t function, bool hang)
{
    struct iow_sim_function *f = &sim->functions[function];

    if (!f->driver)
        return 0;
    if (!f->unbinding)
        iow_sim_remove_begins(sim, function);
    if (hang || iow_sim_busy(sim, function))
        return IOW_SIM_WAITS;
    iow_sim_remove_ends(sim, function);
    return 0;
}

static int store_unbind(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    const struct iow_sim_driver *driver = iow_sim_driver_find(store->text);
    struct iow_sim_function *f = &sim->functions[store->function];
    int r;

    if (f->lock != pid) {
        if (!driver || !iow_sim_loaded(sim, driver))
            return -ENOENT;
        if (!f->present || f->driver != driver)
            return -ENODEV;
        if (!lock(f, pid))
            return IOW_SIM_WAITS;
    }
    r = take_driver(sim, store->function, hang);
    if (r == 0)
        unlock(f);
    return r;
}

static int store_bind(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    const struct iow_sim_driver *driver = iow_sim_driver_find(store->text);
    struct iow_sim_function *f = &sim->functions[store->function];
    int r;

    if (f->lock != pid) {
        if (!driver || !iow_sim_loaded(sim, driver))
            return -ENOENT;
        if (!f->present || !iow_sim_matches(f, driver))
            return -ENODEV;
        if (!lock(f, pid))
            return IOW_SIM_WAITS;
    }
    r = f->probing ? 0 : iow_sim_probe_begins(sim, store->function, driver);
    if (hang)
        return IOW_SIM_WAITS;
    if (r == 0)
        r = iow_sim_probe_ends(sim, store->function);
    unlock(f);
    return r;
}

static int store_override(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    struct iow_sim_function *f = &sim->functions[store->function];
    char *text = NULL;

    if (!f->present)
        return -ENODEV;
    if (strlen(store->text) > MOST_OVERRIDE)
        return -EINVAL;
    if (!lock(f, pid) || hang)
        return IOW_SIM_WAITS;
    unlock(f);
    if (*store->text) {
        text = strdup(store->text);
        if (!text)
            return -ENOMEM;
    }
    free(f->override);
    f->override = text;
    return 0;
}

static int store_load(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    const struct iow_sim_driver *driver = iow_sim_driver_find(store->text);

    (void)pid;
    if (!driver)
        return -ENOENT;
    if (hang)
        return IOW_SIM_WAITS;
    if (!iow_sim_loaded(sim, driver))
        iow_sim_load(sim, driver);
    return 0;
}

/* Changes an inode only: nothing in it waits. */
static int store_give(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    struct iow_sim_group *group;
    uint32_t uid, gid, mode;

    (void)pid;
    (void)hang;
    if (store->group >= sim->n || !sim->groups[store->group].node)
        return -ENOENT;
    if (iow_access_parse(store->text, &uid, &gid, &mode) < 0)
        return -EINVAL;
    group = &sim->groups[store->group];
    group->uid = uid;
    group->gid = gid;
    group->mode = mode;
    return 0;
}

/* Older kernels look whether the only member is bound, and take its lock for that. */
static int store_type(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    struct iow_sim_group *group = &sim->groups[store->group];
    bool by_count = sim->arbiter.profile->features & 1u << IOW_FEATURE_TYPE_BY_COUNT;
    enum iow_domain_type type = iow_sim_parse_type(store->text);
    struct iow_sim_function *only = NULL;
    int r;

    if (!group->dma.n_members)
        return -ENOENT;
    if (type == IOW_TYPE_NONE)
        return -EINVAL;
    if (!by_count && group->dma.n_members == 1)
        only = group->dma.first->handle;
    if ((only && !lock(only, pid)) || hang)
        return IOW_SIM_WAITS;
    r = iow_dma_set_type(&group->dma, type, false, NULL);
    if (only)
        unlock(only);
    return r;
}

static bool is_below(const struct iow_sim *sim, uint32_t function, uint32_t above)
{
    const struct iow_sim_function *f = &sim->functions[function];

    if (function == above || f->physical_function == above)
        return true;
    return f->parent != IOW_NONE && is_below(sim, f->parent, above);
}

/* What has to go first: virtual functions, and what is behind a bridge. Their addresses are higher. */
static uint32_t next_to_go(const struct iow_sim *sim, uint32_t function)
{
    uint32_t last = IOW_NONE;

    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].present && is_below(sim, i, function))
            last = i;
    return last;
}

static bool has_vfs(const struct iow_sim *sim, uint32_t function)
{
    for (uint32_t i = 0; i < sim->n; i++)
        if (sim->functions[i].present && sim->functions[i].physical_function == function)
            return true;
    return false;
}

static void vanish(struct iow_sim *sim, uint32_t function)
{
    struct iow_sim_function *f = &sim->functions[function];

    iow_sim_leave_group(f);
    free(f->override);
    f->override = NULL;
    f->present = false;
    f->n_vfs = 0;
    f->sticks = false;
    f->jammed = false;
    unlock(f);
    if (f->physical_function != IOW_NONE && !has_vfs(sim, f->physical_function))
        sim->functions[f->physical_function].n_vfs = 0;
}

static int store_unplug(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    uint32_t at;

    if (!sim->functions[store->function].present)
        return -ENODEV;
    while ((at = next_to_go(sim, store->function)) != IOW_NONE) {
        if (!lock(&sim->functions[at], pid) || take_driver(sim, at, hang) == IOW_SIM_WAITS)
            return IOW_SIM_WAITS;
        vanish(sim, at);
    }
    return 0;
}

static int (*const stores[IOW_SIM_STORE__COUNT])(
    struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang) = {
    [IOW_SIM_LOAD] = store_load,
    [IOW_SIM_UNBIND] = store_unbind,
    [IOW_SIM_OVERRIDE] = store_override,
    [IOW_SIM_BIND] = store_bind,
    [IOW_SIM_GIVE] = store_give,
    [IOW_SIM_UNPLUG] = store_unplug,
    [IOW_SIM_TYPE] = store_type,
};

uint64_t iow_sim_ticks(const struct iow_sim *sim)
{
    return sim->clock_usec / TICK_USEC;
}

static int keep_waiting(struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, bool hang)
{
    char *text = strdup(store->text ? store->text : "");
    struct iow_sim_effort *effort = text ? iow_list_add(&sim->efforts, sizeof(*effort)) : NULL;

    if (!effort) {
        free(text);
        return -ENOMEM;
    }
    *effort = (struct iow_sim_effort){
        .pid = pid, .start_ticks = iow_sim_ticks(sim), .hung = hang, .store = *store, .text = text};
    effort->store.text = text;
    return IOW_SIM_WAITS;
}

int iow_sim_store(
    struct iow_sim *sim, const struct iow_sim_store *store, uint32_t pid, enum iow_sim_delay delay)
{
    int r = IOW_SIM_WAITS;

    if (store->kind == IOW_SIM_GIVE)
        delay = IOW_SIM_AT_ONCE;
    if (!pid)
        pid = sim->next_pid++;
    if (delay != IOW_SIM_LATE)
        r = stores[store->kind](sim, store, pid, delay == IOW_SIM_HANGS);
    return r == IOW_SIM_WAITS ? keep_waiting(sim, store, pid, delay != IOW_SIM_AT_ONCE) : r;
}

static void drop_effort(struct iow_sim *sim, uint32_t i)
{
    struct iow_sim_effort *efforts = sim->efforts.items;

    free(efforts[i].text);
    memmove(&efforts[i], &efforts[i + 1], (sim->efforts.n - i - 1) * sizeof(*efforts));
    sim->efforts.n--;
}

/* One that is over may be what another waited for. */
void iow_sim_settle(struct iow_sim *sim)
{
    for (uint32_t i = 0; i < sim->efforts.n;) {
        const struct iow_sim_effort *effort = &((struct iow_sim_effort *)sim->efforts.items)[i];

        if (effort->hung ||
            stores[effort->store.kind](sim, &effort->store, effort->pid, false) == IOW_SIM_WAITS) {
            i++;
            continue;
        }
        drop_effort(sim, i);
        i = 0;
    }
}

void iow_sim_continue(struct iow_sim *sim)
{
    struct iow_sim_effort *efforts = sim->efforts.items;

    for (uint32_t i = 0; i < sim->efforts.n; i++)
        efforts[i].hung = false;
    for (uint32_t i = 0; i < sim->n; i++)
        sim->functions[i].stuck = false;
    iow_sim_settle(sim);
}

const struct iow_sim_effort *iow_sim_effort_of(const struct iow_sim *sim, uint32_t pid)
{
    const struct iow_sim_effort *efforts = sim->efforts.items;

    for (uint32_t i = 0; i < sim->efforts.n; i++)
        if (efforts[i].pid == pid)
            return &efforts[i];
    return NULL;
}
