/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel: what its model (front/front.h) takes as given of the machine, and how it is read.
 *
 * Source: drivers/pci/pci-driver.c pci_match_device(); drivers/pci/iov.c pci_sriov_configure_simple(); drivers/iommu/iommu.c
 * iommu_group_show_type()
 */
#include "host/sim/machine.h"

#include <errno.h>
#include <string.h>

/* Nobody has preferences. */
#define BOOT_TYPE IOW_TYPE_DMA

/* More than anybody who tries things out has at a time. */
static const struct iow_front_shape room = {
    .n_drivers = IOW_SIM_DRIVERS, .n_files = 512, .n_fds = 1024, .n_processes = 256, .n_tasks = 256};

static bool is(const struct iow_sim_driver *driver, const char *name)
{
    return strcmp(driver->name, name) == 0;
}

static bool takes_all_bridges(const struct iow_sim_driver *driver)
{
    return is(driver, "pcieport") || is(driver, "shpchp");
}

static bool is_native(const struct iow_sim_driver *driver, const struct iow_sim_model *model)
{
    return model->native && is(driver, model->native);
}

/* Where ACPI has taken hot plugging over, the kernel's driver for it is not let in; below a second root bus it has not. A
 * driver that an override forces on a function it does not know finds nothing it knows there. */
static int probe_error(const struct iow_sim_function *f, const struct iow_sim_driver *driver)
{
    bool takes_any = iow_driver_is_vfio(driver->name) || is(driver, "pci-stub") ||
                     is(driver, "uio_pci_generic") || is(driver, "xen-pciback");

    if (f->broken == driver)
        return f->broken_error;
    if (is(driver, "shpchp"))
        return f->model->shpc && f->root_bus != 0 ? 0 : -ENODEV;
    return takes_any || is_native(driver, f->model) ? 0 : -ENODEV;
}

void iow_sim_describe(struct iow_sim_function *f)
{
    f->front->model = iow_sim_model_number(f->model);
    f->front->bridge = f->model->bridge;
    f->front->total_vfs = f->max_vfs;
    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++)
        f->front->probe_errors[i] = probe_error(f, &iow_sim_drivers[i]);
}

static uint32_t models_of(const struct iow_sim_driver *driver)
{
    const struct iow_sim_model *model;
    uint32_t models = 0;

    if (iow_driver_is_vfio(driver->name))
        return ~0u;
    for (unsigned i = 0; (model = iow_sim_model_at(i)); i++)
        if (takes_all_bridges(driver) ? model->class_code >> 8 == 0x0604 : is_native(driver, model))
            models |= 1u << i;
    return models;
}

static void describe_driver(struct iow_sim *sim, unsigned i)
{
    const struct iow_sim_driver *driver = &iow_sim_drivers[i];
    bool vfio = iow_driver_is_vfio(driver->name);

    sim->front.drivers[i] = (struct iow_front_driver){.name = driver->name,
        .trait = iow_driver_trait_of(driver->name),
        .vfio = vfio,
        .overrides = vfio,
        .by_class = takes_all_bridges(driver),
        .sriov = driver->sriov,
        .keeps_vfs = driver->sriov,
        .models = models_of(driver),
        .loaded = driver->built_in || driver->loaded_at_boot};
}

static void describe_machine(struct iow_sim *sim)
{
    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++)
        describe_driver(sim, i);
    for (uint32_t i = 0; i < sim->n; i++) {
        struct iow_sim_function *f = &sim->functions[i];

        f->front = &sim->front.functions[i];
        f->front->parent = f->parent;
        f->front->physical_function = f->physical_function;
        iow_sim_describe(f);
        sim->front.groups[i].type = sim->front.groups[i].automatic = BOOT_TYPE;
    }
}

static void released(void *ctx, uint32_t function)
{
    iow_sim_names_go(ctx, function);
}

static void gone(void *ctx, uint32_t function)
{
    struct iow_sim *sim = ctx;

    iow_sim_stick(sim, function, false);
    sim->functions[function].front->move_error = 0;
}

static const struct iow_front_hooks hooks = {.home = iow_sim_home, .released = released, .gone = gone};

/* Groups are formed before there is any driver; the virtual functions are not there yet. */
int iow_sim_start_kernel(struct iow_sim *sim)
{
    struct iow_front_shape shape = room;
    int r;

    shape.n_functions = shape.n_groups = sim->n;
    r = iow_front_init(&sim->front, &sim->mem, &shape, sim->release, 0);
    if (r < 0)
        return -IOW_ENOMEM;
    describe_machine(sim);
    iow_front_boot(&sim->front);
    r = iow_sim_form_groups(sim);
    for (uint32_t i = 0; i < sim->n && r == 0; i++)
        if (sim->functions[i].physical_function == IOW_NONE)
            r = iow_sim_ask(
                sim, &(struct iow_front_op){.call = IOW_FRONT_CALL_ADD, .function = i}, &(uint32_t){0});
    sim->front.hooks = &hooks;
    sim->front.ctx = sim;
    return r;
}

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
    return sim->front.drivers[driver - iow_sim_drivers].loaded;
}

uint32_t iow_sim_group(const struct iow_sim_function *f)
{
    return f->front->dma.group ? f->front->home : IOW_NONE;
}

/* One that is being probed does not have its driver yet. */
const struct iow_sim_driver *iow_sim_driver_of(const struct iow_sim_function *f)
{
    bool probing = f->front->linked && !f->front->ready;

    return f->front->driver == IOW_NONE || probing ? NULL : &iow_sim_drivers[f->front->driver];
}

const struct iow_sim_driver *iow_sim_shown_driver(const struct iow_sim_function *f)
{
    return f->front->linked ? &iow_sim_drivers[f->front->driver] : NULL;
}

bool iow_sim_has_vfio(const struct iow_sim_function *f)
{
    return f->front->registered;
}

const char *iow_sim_override(const struct iow_sim *sim, const struct iow_sim_function *f)
{
    const char *const *names = sim->names.items;

    if (f->front->override == IOW_NONE)
        return NULL;
    return f->front->override < IOW_SIM_DRIVERS ? iow_sim_drivers[f->front->override].name
                                                : names[f->front->override - IOW_SIM_DRIVERS];
}

const char *iow_sim_type(const struct iow_sim *sim, uint32_t group)
{
    switch (iow_ownership_unpack(iow_dma_word(&sim->front.groups[group].dma)).type) {
    case IOW_TYPE_DMA:
        return "DMA";
    case IOW_TYPE_DMA_FQ:
        return "DMA-FQ";
    case IOW_TYPE_IDENTITY:
        return "identity";
    default:
        return "unknown";
    }
}

bool iow_sim_kernel_dma(const struct iow_sim_function *f)
{
    return !f->front->dma.group || f->front->domain.kind == IOW_KIND_DEFAULT;
}
