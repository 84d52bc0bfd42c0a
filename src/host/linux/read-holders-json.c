/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An item of the answer of the probe "holders" as JSON; read-holders.c says how it looks. */
#include "host/linux/read-holders.h"

static json_object *file_json(const struct iow_found_file *file)
{
    json_object *object = json_object_new_object();
    char text[IOW_ADDRESS_TEXT];
    bool good = iow_answer_put(object, "file", json_object_new_string(iow_held_file_name(file->kind)));

    if (good && file->number != IOW_NONE)
        good = iow_answer_put(object, "number", json_object_new_int64(file->number));
    if (good && file->has_function)
        good = iow_answer_put(
            object, "function", json_object_new_string(iow_address_format(&file->function, text)));
    if (good)
        return object;
    json_object_put(object);
    return NULL;
}

static json_object *files_json(const struct iow_found_file *files, uint32_t n)
{
    json_object *held = json_object_new_array();

    for (uint32_t i = 0; held && i < n; i++) {
        if (iow_json_append(held, file_json(&files[i])))
            continue;
        json_object_put(held);
        held = NULL;
    }
    return held;
}

int iow_holders_add(struct json_object *holders, uint32_t pid, uint32_t uid, char *command,
    const struct iow_found_file *files, uint32_t n)
{
    json_object *object = json_object_new_object();

    if (iow_answer_put(object, "pid", json_object_new_int64(pid)) &&
        iow_answer_put(object, "uid", json_object_new_int64(uid)) &&
        iow_answer_put(object, "command", iow_json_new_text(command)) &&
        iow_answer_put(object, "held", files_json(files, n)))
        return iow_json_append(holders, object) ? 0 : -IOW_ENOMEM;
    json_object_put(object);
    return -IOW_ENOMEM;
}
