/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux's driver core: which driver takes which function, what a probe may be refused for, and devices that come and go.
 *
 * Source: drivers/base/dd.c really_probe(), __device_attach_driver(), __device_release_driver(); drivers/pci/pci-driver.c
 * pci_match_device(), pci_dma_configure(); drivers/pci/iov.c sriov_numvfs_store()
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint32_t iow_sim_find(const struct iow_sim *sim, const char *text)
{
    struct iow_address address;

    if (iow_address_parse(text, strlen(text), &address) < 0)
        return IOW_NONE;
    for (uint32_t i = 0; i < sim->n; i++)
        if (iow_address_compare(&sim->functions[i].address, &address) == 0)
            return i;
    return IOW_NONE;
}

bool iow_sim_loaded(const struct iow_sim *sim, const struct iow_sim_driver *driver)
{
    return sim->loaded[driver - iow_sim_drivers];
}

bool iow_sim_is_vfio(const struct iow_sim_driver *driver)
{
    return driver && iow_driver_is_vfio(driver->name);
}

static bool is(const struct iow_sim_driver *driver, const char *name)
{
    return strcmp(driver->name, name) == 0;
}

bool iow_sim_matches(const struct iow_sim_function *f, const struct iow_sim_driver *driver)
{
    if (f->override)
        return is(driver, f->override);
    if (is(driver, "pcieport") || is(driver, "shpchp"))
        return f->model->class_code >> 8 == 0x0604;
    return f->model->native && is(driver, f->model->native);
}

/* Where ACPI has taken hot plugging over, the kernel's driver for it is not let in; below a second root bus it has not. */
static int probe_shpchp(const struct iow_sim_function *f)
{
    return f->model->shpc && f->root_bus != 0 ? 0 : -ENODEV;
}

static int probe_pcieport(const struct iow_sim_function *f)
{
    return f->model->native && strcmp(f->model->native, "pcieport") == 0 ? 0 : -ENODEV;
}

/* Source: drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_register_device(); drivers/vfio/group.c
 * vfio_group_find_or_alloc() */
static int probe_vfio(const struct iow_sim_function *f)
{
    if (f->model->bridge)
        return -EINVAL;
    if (f->n_vfs)
        return -EBUSY;
    return f->group == IOW_NONE ? -EINVAL : 0;
}

/* A driver that an override forces on a function it does not know finds nothing it knows there. */
static int probe_of(const struct iow_sim_function *f, const struct iow_sim_driver *driver)
{
    if (f->broken == driver)
        return f->broken_error;
    if (iow_sim_is_vfio(driver))
        return probe_vfio(f);
    if (is(driver, "shpchp"))
        return probe_shpchp(f);
    if (is(driver, "pcieport"))
        return probe_pcieport(f);
    if (is(driver, "pci-stub") || is(driver, "uio_pci_generic") || is(driver, "xen-pciback"))
        return 0;
    return f->model->native && is(driver, f->model->native) ? 0 : -ENODEV;
}

static uint32_t free_vfio_index(const struct iow_sim *sim)
{
    for (uint32_t index = 0;; index++) {
        bool taken = false;

        for (uint32_t i = 0; i < sim->n; i++)
            taken =
                taken || (iow_sim_is_vfio(sim->functions[i].driver) && sim->functions[i].vfio_index == index);
        if (!taken)
            return index;
    }
}

static void bound(struct iow_sim *sim, struct iow_sim_function *f, const struct iow_sim_driver *driver)
{
    uint32_t index = free_vfio_index(sim);

    f->driver = driver;
    f->was_bound = true;
    if (iow_sim_is_vfio(driver))
        f->vfio_index = index;
    if (f->group != IOW_NONE)
        iow_sim_update_node(sim, f->group);
}

int iow_sim_probe_begins(struct iow_sim *sim, uint32_t function, const struct iow_sim_driver *driver)
{
    struct iow_sim_function *f = &sim->functions[function];
    int r;

    if (!f->present)
        return -ENODEV;
    if (f->driver)
        return -EBUSY;
    r = iow_dma_probe(&f->dma, iow_driver_trait_of(driver->name), NULL);
    if (r == 0)
        f->probing = driver;
    return r;
}

int iow_sim_probe_ends(struct iow_sim *sim, uint32_t function)
{
    struct iow_sim_function *f = &sim->functions[function];
    const struct iow_sim_driver *driver = f->probing;
    int r = probe_of(f, driver);

    f->probing = NULL;
    (void)(r == 0 ? iow_dma_bound(&f->dma, NULL) : iow_dma_probe_failed(&f->dma, NULL));
    if (r == 0)
        bound(sim, f, driver);
    return r;
}

/* Was it refused before the driver was asked? Only that ends the search for a driver. */
static bool probe(struct iow_sim *sim, uint32_t function, const struct iow_sim_driver *driver)
{
    if (iow_sim_probe_begins(sim, function, driver) < 0)
        return false;
    (void)iow_sim_probe_ends(sim, function);
    return true;
}

void iow_sim_attach(struct iow_sim *sim, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];
    bool asked = true;

    for (unsigned i = 0; i < IOW_SIM_DRIVERS && f->present && !f->driver && asked; i++)
        if (sim->loaded[i] && iow_sim_matches(f, &iow_sim_drivers[i]))
            asked = probe(sim, function, &iow_sim_drivers[i]);
}

void iow_sim_load(struct iow_sim *sim, const struct iow_sim_driver *driver)
{
    sim->loaded[driver - iow_sim_drivers] = true;
    for (uint32_t i = 0; i < sim->n; i++) {
        const struct iow_sim_function *f = &sim->functions[i];

        if (f->present && !f->driver && !f->lock && iow_sim_matches(f, driver))
            (void)probe(sim, i, driver);
    }
}

bool iow_sim_busy(const struct iow_sim *sim, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];

    if (f->stuck ||
        (iow_sim_is_vfio(f->driver) && iow_sim_open_by_anybody(sim, IOW_SIM_OPEN_DEVICE, function)))
        return true;
    return f->model->brings == IOW_SIM_SOUND && iow_sim_open_by_anybody(sim, IOW_SIM_OPEN_CHAR, function);
}

void iow_sim_remove_begins(struct iow_sim *sim, uint32_t function)
{
    struct iow_sim_function *f = &sim->functions[function];

    f->unbinding = true;
    (void)iow_dma_unbind(&f->dma, NULL);
    if (f->sticks && !iow_sim_is_vfio(f->driver)) {
        f->sticks = false;
        f->stuck = true;
    }
}

void iow_sim_remove_ends(struct iow_sim *sim, uint32_t function)
{
    struct iow_sim_function *f = &sim->functions[function];

    (void)iow_dma_unbound(&f->dma, NULL);
    f->driver = NULL;
    f->unbinding = false;
    iow_sim_names_go(sim, function);
    if (f->group != IOW_NONE)
        iow_sim_update_node(sim, f->group);
}

const struct iow_sim_driver *iow_sim_shown_driver(const struct iow_sim_function *f)
{
    if (f->probing)
        return f->probing;
    return f->unbinding ? NULL : f->driver;
}

int iow_sim_plug(struct iow_sim *sim, uint32_t function, const struct iow_sim_model *model)
{
    struct iow_sim_function *f = &sim->functions[function];
    int r = 0;

    if (f->present)
        return -EEXIST;
    if (model != f->model) {
        f->model = model;
        f->max_vfs = 0;
        r = iow_sim_replace_config(f);
    }
    f->present = true;
    f->was_bound = false;
    if (r == 0)
        r = iow_sim_join_group(sim, function);
    if (r < 0)
        f->present = false;
    else
        iow_sim_attach(sim, function);
    return r;
}

static int add_vfs(struct iow_sim *sim, uint32_t function, uint32_t n)
{
    struct iow_sim_function *f = &sim->functions[function];
    uint32_t at = function;
    int r = 0;

    f->n_vfs = n;
    for (uint32_t i = 0; i < n && r == 0; i++) {
        while (sim->functions[++at].physical_function != function)
            ;
        r = iow_sim_plug(sim, at, sim->functions[at].model);
    }
    return r;
}

/* Drivers that take the request: those that know their device to have virtual functions. */
static bool configures_sriov(const struct iow_sim_function *f)
{
    return f->driver && f->model->native && is(f->driver, f->model->native);
}

int iow_sim_set_vfs(struct iow_sim *sim, uint32_t function, uint32_t n)
{
    struct iow_sim_function *f = &sim->functions[function];
    int r = 0;

    if (!f->max_vfs)
        return -ENOENT; /* no such file */
    if (n > f->max_vfs)
        return -ERANGE;
    if (n == f->n_vfs)
        return 0;
    if (!configures_sriov(f))
        return -ENOENT;
    if (n)
        return f->n_vfs ? -EBUSY : add_vfs(sim, function, n);
    for (uint32_t i = 0; i < sim->n; i++) {
        const struct iow_sim_store gone = {.kind = IOW_SIM_UNPLUG, .function = i};

        if (sim->functions[i].present && sim->functions[i].physical_function == function &&
            iow_sim_store(sim, &gone, 0, IOW_SIM_AT_ONCE) == IOW_SIM_WAITS)
            r = IOW_SIM_WAITS;
    }
    return r;
}
