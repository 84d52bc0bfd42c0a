/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is no file of sysfs: who has what open, mounted and configured, as the answers of the reader's probes. */
#include "host/sim/files.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* An answer that grows. Once memory has run out there is none. */
struct answer {
    json_object *root, *list;
};

static void give_up(struct answer *answer)
{
    json_object_put(answer->root);
    *answer = (struct answer){NULL, NULL};
}

/* Takes value over. */
static bool put(json_object *object, const char *key, json_object *value)
{
    if (object && value && json_object_object_add(object, key, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool put_text(json_object *object, const char *key, const char *text)
{
    return put(object, key, json_object_new_string(text));
}

static bool put_number(json_object *object, const char *key, uint32_t number)
{
    return put(object, key, json_object_new_int64(number));
}

static bool put_flag(json_object *object, const char *key, bool flag)
{
    return put(object, key, json_object_new_boolean(flag));
}

static void begin(struct answer *answer, const char *probe, const char *list)
{
    char schema[64];

    snprintf(schema, sizeof(schema), "ioward.probe.%s/1", probe);
    answer->root = json_object_new_object();
    answer->list = json_object_new_array();
    if (!put_text(answer->root, "schema", schema) || !put_flag(answer->root, "complete", true) ||
        !put(answer->root, list, answer->list))
        give_up(answer);
}

/* Takes item over; good: it is whole. */
static void add(struct answer *answer, json_object *item, bool good)
{
    if (good && answer->list && json_object_array_add(answer->list, item) == 0)
        return;
    json_object_put(item);
    give_up(answer);
}

static bool append_file(json_object *held, const char *file, uint32_t number)
{
    json_object *item = json_object_new_object();

    if (put_text(item, "file", file) && (number == IOW_NONE || put_number(item, "number", number)) &&
        json_object_array_add(held, item) == 0)
        return true;
    json_object_put(item);
    return false;
}

static bool put_held(
    json_object *item, const struct iow_sim *sim, const struct iow_sim_process *process, uint32_t *n)
{
    static const char *const names[] = {[IOW_FRONT_FILE_GROUP] = "group",
        [IOW_FRONT_FILE_CONTAINER] = "container",
        [IOW_FRONT_FILE_DEVICE] = "device"};
    json_object *held = json_object_new_array();
    bool good = put(item, "held", held);
    const struct iow_front_file *file;
    uint32_t fd = 0;

    for (; good && (file = iow_sim_next_file(sim, process, &fd)); ++*n)
        good = append_file(held, names[file->kind],
            file->kind == IOW_FRONT_FILE_GROUP ? sim->front.vgroups[file->of].group : IOW_NONE);
    return good;
}

static void add_holder(
    struct answer *answer, const struct iow_sim *sim, const struct iow_sim_process *process)
{
    json_object *item = json_object_new_object();
    uint32_t n = 0;
    bool good = put_number(item, "pid", process->pid) && put_number(item, "uid", process->uid) &&
                put_text(item, "command", process->command) && put_held(item, sim, process, &n);

    if (good && n == 0)
        json_object_put(item);
    else
        add(answer, item, good);
}

static void put_holders(struct iow_sim_files *files)
{
    const struct iow_sim_process *processes = files->sim->processes.items;
    struct answer answer;

    begin(&answer, "holders", "holders");
    for (uint32_t i = 0; i < files->sim->processes.n; i++)
        add_holder(&answer, files->sim, &processes[i]);
    iow_sim_put_json(files, "holders", answer.root);
}

/* A file that stood for a device whose driver is gone stands for nothing any more. */
static void add_open(struct answer *answer, const struct iow_sim *sim, const struct iow_sim_process *process,
    const struct iow_sim_open *open)
{
    const struct iow_sim_function *f = &sim->functions[open->function];
    bool block = open->block;
    char name[IOW_SIM_NAME], node[IOW_SIM_NAME];
    json_object *item;

    if (!iow_sim_has_file(f, block))
        return;
    iow_sim_number(f, block, node);
    item = json_object_new_object();
    add(answer, item,
        put_number(item, "pid", process->pid) && put_text(item, "command", process->command) &&
            put_text(item, "node", node) && put_text(item, "type", block ? "b" : "c") &&
            put_text(item, "file", iow_sim_file(f, block, name)));
}

static void put_open(struct iow_sim_files *files)
{
    const struct iow_sim_process *processes = files->sim->processes.items;
    struct answer answer;

    begin(&answer, "open-devices", "open");
    for (uint32_t i = 0; i < files->sim->processes.n; i++) {
        const struct iow_sim_open *opens = processes[i].opens.items;

        for (uint32_t k = 0; k < processes[i].opens.n; k++)
            add_open(&answer, files->sim, &processes[i], &opens[k]);
    }
    iow_sim_put_json(files, "open-devices", answer.root);
}

static void put_mounts(struct iow_sim_files *files)
{
    const struct iow_sim_use *uses = files->sim->uses.items;
    struct answer answer;

    begin(&answer, "mounts", "mounts");
    for (uint32_t i = 0; i < files->sim->uses.n; i++) {
        json_object *item;
        char node[IOW_SIM_NAME];

        if (uses[i].kind != IOW_SIM_USE_MOUNT)
            continue;
        iow_sim_disk_number(uses[i].numbered, node);
        item = json_object_new_object();
        add(&answer, item, put_text(item, "device", node) && put_text(item, "at", uses[i].text));
    }
    iow_sim_put_json(files, "mounts", answer.root);
}

static void put_swaps(struct iow_sim_files *files)
{
    const struct iow_sim_use *uses = files->sim->uses.items;
    char text[4096], name[IOW_SIM_NAME];
    size_t n = (size_t)snprintf(
        text, sizeof(text), "%-40s%-16s%-16s%-16sPriority\n", "Filename", "Type", "Size", "Used");

    for (uint32_t i = 0; i < files->sim->uses.n && n < sizeof(text) - 128; i++)
        if (uses[i].kind == IOW_SIM_USE_SWAP)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "/dev/%-35s%-16s%-16u%-16u-2\n",
                iow_sim_name(&files->sim->functions[uses[i].function], "n1", name), "partition", 65532u, 0u);
    iow_sim_put_bytes(files, "proc", "swaps", text, n);
}

static bool put_parent(json_object *item, const struct iow_sim_function *f)
{
    char text[IOW_ADDRESS_TEXT];

    iow_address_format(&f->address, text);
    if (f->model->brings == IOW_SIM_VIRTIO)
        snprintf(text, sizeof(text), "virtio%u", (unsigned)f->name_index);
    return put_text(item, "parent", text) &&
           put_text(item, "bus", f->model->brings == IOW_SIM_VIRTIO ? "virtio" : "pci");
}

static void add_interface(struct answer *answer, const struct iow_sim *sim, uint32_t function)
{
    const struct iow_sim_function *f = &sim->functions[function];
    uint32_t n = iow_sim_count_uses(sim, IOW_SIM_USE_ADDRESS, function);
    bool route = iow_sim_count_uses(sim, IOW_SIM_USE_ROUTE, function) > 0;
    json_object *item = json_object_new_object();
    char name[IOW_SIM_NAME];

    add(answer, item,
        put_text(item, "name", iow_sim_name(f, "", name)) && put_parent(item, f) &&
            put_flag(item, "up", iow_sim_count_uses(sim, IOW_SIM_USE_UP, function) > 0) &&
            put_number(item, "addresses", n) && put_number(item, "routes", n + route) &&
            put_flag(item, "default_route", route));
}

static void put_network(struct iow_sim_files *files)
{
    struct answer answer;

    begin(&answer, "network", "interfaces");
    for (uint32_t i = 0; i < files->sim->n; i++)
        if (iow_sim_has_interface(&files->sim->functions[i]))
            add_interface(&answer, files->sim, i);
    iow_sim_put_json(files, "network", answer.root);
}

static void put_exclusive(struct iow_sim_files *files)
{
    struct answer answer;

    begin(&answer, "exclusive", "devices");
    iow_sim_put_json(files, "exclusive", answer.root);
}

void iow_sim_render_probes(struct iow_sim_files *files)
{
    put_holders(files);
    put_open(files);
    put_mounts(files);
    put_swaps(files);
    put_network(files);
    put_exclusive(files);
}
