/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who holds vfio files: the answer of the probe "holders".
 *
 * A live machine is asked by a walk over its processes, a capture has the answer stored; both become facts
 * here, from the same JSON:
 *
 *   {"schema": "ioward.probe.holders/1", "complete": true, "holders": [
 *      {"pid": 12, "uid": 0, "command": "qemu", "held": [
 *         {"file": "group", "number": 7}, {"file": "container"}, {"file": "iommufd"},
 *         {"file": "cdev", "number": 0, "function": "0000:01:00.0"}, {"file": "device"}, {"file":
 * "device-map"}]}]}
 *
 * "number" belongs to group and cdev, "function" to what is known to be one function's file.
 */
#include "host/linux/read-holders.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "facts/parse.h"

#include <stdlib.h>
#include <string.h>

#define PROBE "probe/holders.json"

static const char *const held_name[IOW_HELD__COUNT] = {
    [IOW_HELD_GROUP] = "group",
    [IOW_HELD_CONTAINER] = "container",
    [IOW_HELD_IOMMUFD] = "iommufd",
    [IOW_HELD_CDEV] = "cdev",
    [IOW_HELD_DEVICE] = "device",
    [IOW_HELD_DEVICE_MAP] = "device-map",
};

const char *iow_held_file_name(enum iow_held_file file)
{
    return held_name[file];
}

static bool no_memory(struct iow_reader *rd)
{
    iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, PROBE);
    return false;
}

static bool get_file(json_object *object, struct iow_held *ret)
{
    const char *file = iow_answer_text(object, "file");
    bool numbered;

    *ret = (struct iow_held){.file = IOW_HELD__COUNT, .number = IOW_NONE, .function = IOW_NONE};
    for (int i = 0; file && i < IOW_HELD__COUNT; i++)
        if (strcmp(file, held_name[i]) == 0)
            ret->file = (enum iow_held_file)i;
    if (ret->file == IOW_HELD__COUNT)
        return false;
    numbered = ret->file == IOW_HELD_GROUP || ret->file == IOW_HELD_CDEV;
    return !numbered || iow_json_number(object, "number", &ret->number);
}

static bool get_held(struct iow_reader *rd, json_object *object, struct iow_held *ret)
{
    struct iow_address address;
    json_object *function;

    if (!get_file(object, ret))
        return false;
    if (!json_object_object_get_ex(object, "function", &function))
        return true;
    if (!json_object_is_type(function, json_type_string) ||
        iow_parse_address_name(
            json_object_get_string(function), (size_t)json_object_get_string_len(function), &address) < 0)
        return false;
    ret->function = iow_facts_find_function(rd->facts, &address);
    return true;
}

static int compare_held(const void *a, const void *b)
{
    const struct iow_held *x = a, *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->function > y->function) - (x->function < y->function);
}

/* Sorts and drops repetitions. Returns: how many are left */
static uint32_t unique_held(struct iow_held *held, uint32_t n)
{
    uint32_t kept = 0;

    if (n > 1)
        qsort(held, n, sizeof(*held), compare_held);
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || compare_held(&held[i], &held[kept - 1]) != 0)
            held[kept++] = held[i];
    return kept;
}

static bool get_all_held(struct iow_reader *rd, json_object *files, struct iow_holder *holder)
{
    uint32_t n = (uint32_t)json_object_array_length(files);
    struct iow_held *held = iow_mem_alloc(&rd->facts->mem, n, sizeof(*held));

    if (!held)
        return no_memory(rd);
    for (uint32_t i = 0; i < n; i++)
        if (!get_held(rd, json_object_array_get_idx(files, i), &held[i]))
            return false;
    holder->held = held;
    holder->n_held = unique_held(held, n);
    return true;
}

static bool take_holder(struct iow_reader *rd, void *list, json_object *item)
{
    json_object *command = iow_json_member(item, "command", json_type_string);
    json_object *files = iow_json_member(item, "held", json_type_array);
    struct iow_holder holder = {0}, *kept;

    if (!command || !files || !iow_json_number(item, "pid", &holder.pid) ||
        !iow_json_number(item, "uid", &holder.uid))
        return false;
    kept = iow_list_add(list, sizeof(*kept));
    if (!kept)
        return no_memory(rd);
    if (!get_all_held(rd, files, &holder))
        return false;
    holder.command =
        iow_reader_keep(rd, json_object_get_string(command), (size_t)json_object_get_string_len(command));
    *kept = holder;
    return true;
}

const struct iow_probe iow_probe_holders = {
    .name = "holders",
    .list = "holders",
    .most = IOW_MAX_HOLDERS,
    .take = take_holder,
};

static void hidden(struct iow_reader *rd)
{
    const struct iow_subject machine = iow_subject_machine();

    iow_reader_missing(rd, IOW_RULE_READ_HOLDERS_HIDDEN, &machine, NULL);
}

static void keep(struct iow_reader *rd, const struct iow_list *list, bool complete)
{
    if (iow_facts_set_holders(rd->facts, list) < 0)
        no_memory(rd);
    rd->facts->machine.holders_complete = !rd->fatal && complete;
}

static void replay_stored(struct iow_reader *rd, struct iow_list *list)
{
    bool complete = false;
    int r = iow_probe_replay_stored(rd, &iow_probe_holders, list, &complete);

    if (r == 0)
        keep(rd, list, complete);
    else if (r == -IOW_ENOENT) /* a capture that was not asked: nobody holds what does not exist */
        rd->facts->machine.holders_complete = !iow_vfio_present(rd);
}

static void ask_live(struct iow_reader *rd, struct iow_list *list)
{
    IOW_CLEANUP_FREE char *json = NULL;
    bool complete;
    size_t len;
    int r = iow_holders_walk(rd, &json, &len);

    if (r < 0) {
        iow_reader_fail(rd, r, r == -IOW_E2BIG ? IOW_RULE_READ_TOO_MANY : IOW_RULE_READ_NO_MEMORY, "proc");
        return;
    }
    if (rd->source->ops->record_probe)
        r = rd->source->ops->record_probe(rd->source, iow_probe_holders.name, json, len);
    if (r < 0)
        iow_reader_fail(rd, r, IOW_RULE_READ_NO_MEMORY, PROBE);
    else if (iow_probe_replay(rd, &iow_probe_holders, list, json, len, &complete))
        keep(rd, list, complete);
}

void iow_read_holders(struct iow_reader *rd)
{
    struct iow_list list = {0};

    rd->facts->holders_read = true;
    if (rd->source->provenance == IOW_FROM_LIVE)
        ask_live(rd, &list);
    else
        replay_stored(rd, &list);
    if (!rd->fatal && !rd->facts->machine.holders_complete)
        hidden(rd);
    iow_list_done(&list);
}
