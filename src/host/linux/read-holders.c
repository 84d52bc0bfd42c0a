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
#include "host/linux/capture-json.h"

#include <json-c/json.h>
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

static void put_json(json_object **json)
{
    json_object_put(*json);
}

static void free_tokener(json_tokener **tokener)
{
    if (*tokener)
        json_tokener_free(*tokener);
}

static bool malformed(struct iow_reader *rd)
{
    iow_reader_fail(rd, -IOW_EBADMSG, IOW_RULE_CAP_PROBE, PROBE);
    return false;
}

static bool too_big(struct iow_reader *rd)
{
    iow_reader_fail(rd, -IOW_E2BIG, IOW_RULE_CAP_PROBE, PROBE);
    return false;
}

static bool no_memory(struct iow_reader *rd)
{
    iow_reader_fail(rd, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY, PROBE);
    return false;
}

/* A member of this type; NULL when it is not there or is of another type. */
static json_object *member(json_object *object, const char *key, enum json_type type)
{
    json_object *value;

    return json_object_object_get_ex(object, key, &value) && json_object_is_type(value, type) ? value : NULL;
}

static bool get_number(json_object *object, const char *key, uint32_t *ret)
{
    json_object *value = member(object, key, json_type_int);
    int64_t number = value ? json_object_get_int64(value) : -1;

    if (number < 0 || number >= IOW_NONE)
        return false;
    *ret = (uint32_t)number;
    return true;
}

static bool get_file(json_object *object, struct iow_held *ret)
{
    json_object *file = member(object, "file", json_type_string);
    bool numbered;

    *ret = (struct iow_held){.file = IOW_HELD__COUNT, .number = IOW_NONE, .function = IOW_NONE};
    for (int i = 0; file && i < IOW_HELD__COUNT; i++)
        if (strcmp(json_object_get_string(file), held_name[i]) == 0)
            ret->file = (enum iow_held_file)i;
    if (ret->file == IOW_HELD__COUNT)
        return false;
    numbered = ret->file == IOW_HELD_GROUP || ret->file == IOW_HELD_CDEV;
    return !numbered || get_number(object, "number", &ret->number);
}

static bool get_held(struct iow_reader *rd, json_object *object, struct iow_held *ret)
{
    struct iow_address address;
    json_object *function;

    if (!json_object_is_type(object, json_type_object) || !get_file(object, ret))
        return malformed(rd);
    if (!json_object_object_get_ex(object, "function", &function))
        return true;
    if (!json_object_is_type(function, json_type_string) ||
        iow_parse_address_name(
            json_object_get_string(function), (size_t)json_object_get_string_len(function), &address) < 0)
        return malformed(rd);
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

static bool add_holder(struct iow_reader *rd, json_object *object, struct iow_list *list)
{
    json_object *command = NULL, *files = NULL;
    struct iow_holder holder = {0}, *kept;

    if (json_object_is_type(object, json_type_object)) {
        command = member(object, "command", json_type_string);
        files = member(object, "held", json_type_array);
    }
    if (!command || !files || !get_number(object, "pid", &holder.pid) ||
        !get_number(object, "uid", &holder.uid))
        return malformed(rd);
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

static bool add_holders(struct iow_reader *rd, json_object *root)
{
    json_object *schema = member(root, "schema", json_type_string);
    json_object *complete = member(root, "complete", json_type_boolean);
    json_object *holders = member(root, "holders", json_type_array);
    struct iow_list list = {0};
    bool good = true;

    if (!schema || strcmp(json_object_get_string(schema), IOW_HOLDERS_SCHEMA) != 0 || !complete || !holders)
        return malformed(rd);
    if (json_object_array_length(holders) > IOW_MAX_HOLDERS) {
        iow_reader_fail(rd, -IOW_E2BIG, IOW_RULE_READ_TOO_MANY, PROBE);
        return false;
    }
    for (size_t i = 0; good && i < json_object_array_length(holders); i++)
        good = add_holder(rd, json_object_array_get_idx(holders, i), &list);
    if (good && iow_facts_set_holders(rd->facts, &list) < 0)
        good = no_memory(rd);
    rd->facts->machine.holders_complete = good && json_object_get_boolean(complete);
    iow_list_done(&list);
    return good;
}

static bool replay(struct iow_reader *rd, const char *json, size_t len)
{
    IOW_CLEANUP(free_tokener) json_tokener *tokener = json_tokener_new();
    IOW_CLEANUP(put_json) json_object *root = NULL;

    if (!tokener)
        return no_memory(rd);
    if (!iow_json_is_modest(json, len))
        return too_big(rd);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    root = json_tokener_parse_ex(tokener, json, (int)len);
    if (!json_object_is_type(root, json_type_object) || json_tokener_get_parse_end(tokener) != len)
        return malformed(rd);
    return add_holders(rd, root);
}

static void hidden(struct iow_reader *rd)
{
    const struct iow_subject machine = iow_subject_machine();

    iow_reader_missing(rd, IOW_RULE_READ_HOLDERS_HIDDEN, &machine, NULL);
}

static void replay_stored(struct iow_reader *rd)
{
    IOW_CLEANUP_FREE char *text = malloc(IOW_MAX_FILE_BYTES + 1);
    const struct iow_subject machine = iow_subject_machine();
    int n;

    if (!text) {
        no_memory(rd);
        return;
    }
    n = iow_source_read_text(rd->source, IOW_SOURCE_ROOT, PROBE, text, IOW_MAX_FILE_BYTES + 1);
    if (n >= 0)
        replay(rd, text, (size_t)n);
    else if (!iow_reader_gone(n))
        iow_reader_failed(rd, n, &machine, PROBE);
    else /* a capture that was not asked: nobody holds what does not exist */
        rd->facts->machine.holders_complete = !iow_vfio_present(rd);
}

static void ask_live(struct iow_reader *rd)
{
    IOW_CLEANUP_FREE char *json = NULL;
    size_t len;
    int r = iow_holders_walk(rd, &json, &len);

    if (r < 0) {
        iow_reader_fail(rd, r, r == -IOW_E2BIG ? IOW_RULE_READ_TOO_MANY : IOW_RULE_READ_NO_MEMORY, "proc");
        return;
    }
    if (rd->source->ops->record_probe)
        r = rd->source->ops->record_probe(rd->source, "holders", json, len);
    if (r < 0)
        iow_reader_fail(rd, r, IOW_RULE_READ_NO_MEMORY, PROBE);
    else
        replay(rd, json, len);
}

void iow_read_holders(struct iow_reader *rd)
{
    rd->facts->holders_read = true;
    if (rd->source->provenance == IOW_FROM_LIVE)
        ask_live(rd);
    else
        replay_stored(rd);
    if (!rd->fatal && !rd->facts->machine.holders_complete)
        hidden(rd);
}
