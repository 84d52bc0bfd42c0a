/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the text of a topology (lab/README.md) to functions at their addresses.
 *
 * Buses are numbered as SeaBIOS does (src/fw/pciinit.c pci_bios_init_bus_rec()): depth first, a bus in order of its slots;
 * a second root bus begins with its own number. Linux keeps these numbers.
 */
#include "host/sim/machine.h"

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DEVICES 1024
#define MOST_VFS 64

/* A device of the topology, in its order. */
struct device {
    const struct iow_sim_model *model;
    const char *id; /* "" none */
    uint32_t on;    /* device that makes its bus; IOW_NONE: the first root bus */
    uint8_t slot;   /* device << 3 | function */
    uint8_t bus_nr; /* of what brings a root bus */
    uint32_t max_vfs;
    bool multifunction, no_acs, bypass, drive;
    uint8_t bus, secondary, subordinate;
};

struct reading {
    struct iow_sim *sim;
    struct device device[MOST_DEVICES];
    uint32_t n;
    uint32_t n_functions; /* with virtual ones */
    struct iow_explain *reterr;
};

static void put_json(json_object **json)
{
    json_object_put(*json);
}

static int refuse(struct iow_explain *reterr, const char *what, const char *value)
{
    char text[IOW_EXPLAIN_TEXT];

    snprintf(text, sizeof(text), "%s%s%s", what, *value ? ": " : "", value);
    return iow_explain_text(reterr, -IOW_EINVAL, IOW_RULE_SIM_TOPOLOGY, text);
}

static int no_memory(struct iow_explain *reterr)
{
    return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
}

static const char *text_of(json_object *object, const char *key)
{
    json_object *value;

    if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, json_type_string))
        return "";
    return json_object_get_string(value);
}

static uint32_t number_of(json_object *object, const char *key, uint32_t most)
{
    json_object *value;
    int64_t number = json_object_object_get_ex(object, key, &value) ? json_object_get_int64(value) : 0;

    return number < 0 ? 0 : number > most ? most : (uint32_t)number;
}

static bool flag_of(json_object *object, const char *key)
{
    json_object *value;

    return json_object_object_get_ex(object, key, &value) && json_object_get_boolean(value);
}

/* "2" or "2.1", hexadecimal as QEMU takes it. */
static int parse_slot(const char *text, uint8_t *ret)
{
    char *end;
    unsigned long device = strtoul(text, &end, 16), function = 0;

    if (end == text)
        return -IOW_EINVAL;
    if (*end == '.')
        function = strtoul(end + 1, &end, 16);
    if (*end || device > 0x1f || function > 7)
        return -IOW_EINVAL;
    *ret = (uint8_t)(device << 3 | function);
    return 0;
}

static int find_bus(const struct reading *rd, const char *bus, uint32_t *ret)
{
    if (strcmp(bus, "pcie.0") == 0) {
        *ret = IOW_NONE;
        return 0;
    }
    for (uint32_t i = 0; i < rd->n; i++) {
        const struct device *d = &rd->device[i];

        if (*bus && strcmp(d->id, bus) == 0 && (d->model->bridge || d->model->brings == IOW_SIM_ROOT_BUS)) {
            *ret = i;
            return 0;
        }
    }
    return -IOW_EINVAL;
}

static struct device *new_device(struct reading *rd, const struct iow_sim_model *model)
{
    struct device *d = &rd->device[rd->n++];

    *d = (struct device){.model = model, .id = "", .on = IOW_NONE};
    return d;
}

static int check_place(struct reading *rd, const struct device *d, const char *driver)
{
    for (uint32_t i = 0; i < rd->n; i++)
        if (&rd->device[i] != d && rd->device[i].on == d->on && rd->device[i].slot == d->slot)
            return refuse(rd->reterr, "two devices in one place", driver);
    if (d->model->brings == IOW_SIM_ROOT_BUS && (d->on != IOW_NONE || d->bus_nr == 0))
        return refuse(rd->reterr, "a root bus is made on pcie.0 and has a bus_nr", driver);
    return 0;
}

static int add_device(struct reading *rd, json_object *object)
{
    const char *driver = text_of(object, "driver");
    const struct iow_sim_model *model = iow_sim_model_find(driver);
    struct device *d;

    if (strcmp(driver, "nvme-subsys") == 0)
        return 0; /* no function of its own */
    if (!model || model->fixed)
        return refuse(rd->reterr, "no such device model", driver);
    if (rd->n == MOST_DEVICES)
        return refuse(rd->reterr, "more devices than a simulated machine takes", "");
    d = new_device(rd, model);
    d->multifunction = flag_of(object, "multifunction");
    d->no_acs = flag_of(object, "disable-acs");
    d->bypass = flag_of(object, "bypass_iommu");
    d->drive = *text_of(object, "drive") != '\0';
    d->bus_nr = (uint8_t)number_of(object, "bus_nr", 255);
    if (model->brings == IOW_SIM_NVME)
        d->max_vfs = number_of(object, "sriov_max_vfs", MOST_VFS);
    if (find_bus(rd, text_of(object, "bus"), &d->on) < 0)
        return refuse(rd->reterr, "no bus of this name before it", driver);
    if (parse_slot(text_of(object, "addr"), &d->slot) < 0)
        return refuse(rd->reterr, "no addr like 2 or 2.1", driver);
    d->id = text_of(object, "id");
    return check_place(rd, d, driver);
}

/* What every machine of the lab has, too. */
static int add_chipset(struct reading *rd)
{
    static const struct {
        const char *model;
        uint8_t slot;
        bool multifunction;
    } chipset[] = {
        {"q35-host", 0x00, false},
        {"virtio-9p-pci", 0x1e << 3, false},
        {"q35-lpc", 0x1f << 3, true},
        {"q35-ahci", 0x1f << 3 | 2, true},
        {"q35-smbus", 0x1f << 3 | 3, true},
    };

    for (size_t i = 0; i < sizeof(chipset) / sizeof(chipset[0]); i++) {
        struct device *d;
        int r;

        if (rd->n == MOST_DEVICES)
            return refuse(rd->reterr, "more devices than a simulated machine takes", "");
        d = new_device(rd, iow_sim_model_find(chipset[i].model));
        d->slot = chipset[i].slot;
        d->multifunction = chipset[i].multifunction;
        r = check_place(rd, d, chipset[i].model);
        if (r < 0)
            return r;
    }
    return 0;
}

static int number_bus(struct reading *rd, uint32_t on, uint8_t bus, uint8_t *last, unsigned depth);

static int number_behind(struct reading *rd, struct device *d, uint8_t *last, unsigned depth)
{
    int r;

    if (*last == 255 || depth > 200)
        return refuse(rd->reterr, "more buses than there are numbers", d->model->name);
    d->secondary = ++*last;
    r = number_bus(rd, (uint32_t)(d - rd->device), d->secondary, last, depth + 1);
    d->subordinate = *last;
    return r;
}

/* The buses behind the bridges of a bus, in order of their slots; last: the highest number given so far. */
static int number_bus(struct reading *rd, uint32_t on, uint8_t bus, uint8_t *last, unsigned depth)
{
    int r = 0;

    for (unsigned slot = 0; slot < 256 && !r; slot++)
        for (uint32_t i = 0; i < rd->n && !r; i++) {
            struct device *d = &rd->device[i];

            if (d->on != on || d->slot != slot)
                continue;
            d->bus = bus;
            if (d->model->bridge)
                r = number_behind(rd, d, last, depth);
        }
    return r;
}

static int number_buses(struct reading *rd)
{
    uint8_t last = 0;
    int r = number_bus(rd, IOW_NONE, 0, &last, 0);

    for (uint32_t i = 0; i < rd->n && !r; i++) {
        struct device *d = &rd->device[i];

        if (d->model->brings != IOW_SIM_ROOT_BUS)
            continue;
        if (d->bus_nr <= last)
            return refuse(rd->reterr, "a bus_nr that is taken, or not above those before", d->model->name);
        last = d->bus_nr;
        r = number_bus(rd, i, d->bus_nr, &last, 0);
    }
    return r;
}

static bool below_bypass(const struct reading *rd, const struct device *d)
{
    for (; d->on != IOW_NONE; d = &rd->device[d->on])
        if (rd->device[d->on].bypass)
            return true;
    return false;
}

static uint8_t root_bus_of(const struct reading *rd, const struct device *d)
{
    for (; d->on != IOW_NONE; d = &rd->device[d->on])
        if (rd->device[d->on].model->brings == IOW_SIM_ROOT_BUS)
            return rd->device[d->on].bus_nr;
    return 0;
}

static struct iow_sim_function *add_function(struct reading *rd, const struct device *d)
{
    struct iow_sim_function *f = &rd->sim->functions[rd->sim->n++];

    *f = (struct iow_sim_function){
        .address = {.bus = d->bus, .device = d->slot >> 3, .function = d->slot & 7},
        .model = d->model,
        .parent = IOW_NONE,
        .physical_function = IOW_NONE,
        .multifunction = d->multifunction,
        .no_acs = d->no_acs,
        .bypass = below_bypass(rd, d),
        .drive = d->drive,
        .root_bus = root_bus_of(rd, d),
        .secondary = d->secondary,
        .subordinate = d->subordinate,
        .max_vfs = d->max_vfs,
    };
    return f;
}

/* First VF at the routing ID after the physical function's, the others after it, as QEMU's controllers have them. */
static void add_virtual_functions(struct reading *rd, const struct device *d)
{
    for (uint32_t i = 1; i <= d->max_vfs; i++) {
        struct iow_sim_function *f = add_function(rd, d);
        unsigned routing = d->slot + i;

        f->model = iow_sim_model_find("nvme-virtual-function");
        f->address.device = (uint8_t)(routing >> 3);
        f->address.function = routing & 7;
        f->multifunction = f->drive = false;
        f->max_vfs = 0;
        /* found when all have their places */
        f->physical_function = 0;
    }
}

static int compare_functions(const void *a, const void *b)
{
    const struct iow_sim_function *x = a, *y = b;

    return iow_address_compare(&x->address, &y->address);
}

/* The bridge that leads to a bus, the physical function of what lies behind one. */
static void link_functions(struct iow_sim *sim)
{
    for (uint32_t i = 0; i < sim->n; i++) {
        struct iow_sim_function *f = &sim->functions[i];

        for (uint32_t k = 0; k < sim->n; k++)
            if (sim->functions[k].model->bridge && sim->functions[k].secondary == f->address.bus)
                f->parent = k;
        if (f->physical_function == IOW_NONE)
            continue;
        for (f->physical_function = i; sim->functions[f->physical_function].max_vfs == 0;)
            f->physical_function--;
    }
}

/* Interfaces, controllers and disks get the same names whenever they come: a distribution sees to that. */
static void name_functions(struct iow_sim *sim)
{
    uint32_t n_interfaces = 0, n_controllers = 0, n_cards = 0, n_disks = 0;

    for (uint32_t i = 0; i < sim->n; i++) {
        struct iow_sim_function *f = &sim->functions[i];

        if (f->model->brings == IOW_SIM_NET || f->model->brings == IOW_SIM_VIRTIO)
            f->name_index = n_interfaces++;
        if (f->model->brings == IOW_SIM_NVME)
            f->name_index = n_controllers++;
        if (f->model->brings == IOW_SIM_SOUND)
            f->name_index = n_cards++;
        if (f->drive)
            f->numbered = n_disks++;
    }
    sim->next_disk = n_disks;
}

static int place_functions(struct reading *rd)
{
    struct iow_sim *sim = rd->sim;
    uint32_t n = 0;

    for (uint32_t i = 0; i < rd->n; i++) {
        if (rd->device[i].slot + rd->device[i].max_vfs > 255)
            return refuse(rd->reterr, "more virtual functions than the bus has room for", "");
        n += 1 + rd->device[i].max_vfs;
    }
    sim->functions = iow_mem_alloc(&sim->mem, n, sizeof(*sim->functions));
    sim->access = iow_mem_alloc(&sim->mem, n, sizeof(*sim->access));
    if (!sim->functions || !sim->access)
        return no_memory(rd->reterr);
    for (uint32_t i = 0; i < rd->n; i++) {
        add_function(rd, &rd->device[i]);
        add_virtual_functions(rd, &rd->device[i]);
    }
    qsort(sim->functions, sim->n, sizeof(*sim->functions), compare_functions);
    for (uint32_t i = 1; i < sim->n; i++)
        if (compare_functions(&sim->functions[i - 1], &sim->functions[i]) == 0)
            return refuse(rd->reterr, "a virtual function where another device is", "");
    link_functions(sim);
    name_functions(sim);
    return 0;
}

int iow_sim_read_topology(struct iow_sim *sim, const char *json, struct iow_explain *reterr)
{
    IOW_CLEANUP(put_json) json_object *root = json_tokener_parse(json);
    IOW_CLEANUP_FREE struct reading *rd = calloc(1, sizeof(*rd));
    json_object *devices;
    int r = 0;

    if (!rd)
        return no_memory(reterr);
    rd->sim = sim;
    rd->reterr = reterr;
    if (!json_object_is_type(root, json_type_object))
        return refuse(reterr, "not JSON", "");
    if (!json_object_object_get_ex(root, "devices", &devices) ||
        !json_object_is_type(devices, json_type_array))
        return refuse(reterr, "no list of devices", "");
    for (size_t i = 0; i < json_object_array_length(devices) && !r; i++)
        r = add_device(rd, json_object_array_get_idx(devices, i));
    if (!r)
        r = add_chipset(rd);
    if (!r)
        r = number_buses(rd);
    return r ? r : place_functions(rd);
}
