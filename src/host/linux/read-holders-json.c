/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer of the probe "holders" as JSON; read-holders.c says how it looks. */
#include "host/linux/read-holders.h"

#include <json-c/json.h>
#include <string.h>

/* Length of the UTF-8 character at p, 0 if there is none. Source: Unicode 15 table 3-7 */
static size_t utf8_length(const unsigned char *p)
{
    static const struct {
        unsigned char first, last, second_first, second_last;
        size_t n;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},
        {0xc2, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (*p < forms[i].first || *p > forms[i].last)
            continue;
        if (forms[i].n > 1 && (p[1] < forms[i].second_first || p[1] > forms[i].second_last))
            return 0;
        for (size_t k = 2; k < forms[i].n; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return forms[i].n;
    }
    return 0;
}

static void make_utf8(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p;) {
        size_t n = utf8_length(p);

        if (n == 0)
            *p = '?';
        p += n ? n : 1;
    }
}

static bool put(json_object *object, const char *key, json_object *value)
{
    if (value && json_object_object_add(object, key, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool append(json_object *array, json_object *value)
{
    if (value && json_object_array_add(array, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static json_object *file_json(const struct iow_found_file *file)
{
    json_object *object = json_object_new_object();
    char text[IOW_ADDRESS_TEXT];
    bool good = object && put(object, "file", json_object_new_string(iow_held_file_name(file->kind)));

    if (good && file->number != IOW_NONE)
        good = put(object, "number", json_object_new_int64(file->number));
    if (good && file->has_function)
        good = put(object, "function", json_object_new_string(iow_address_format(&file->function, text)));
    if (good)
        return object;
    json_object_put(object);
    return NULL;
}

struct json_object *iow_holders_new(void)
{
    return json_object_new_array();
}

void iow_holders_free(struct json_object *holders)
{
    json_object_put(holders);
}

static json_object *files_json(const struct iow_found_file *files, uint32_t n)
{
    json_object *held = json_object_new_array();

    for (uint32_t i = 0; held && i < n; i++) {
        if (append(held, file_json(&files[i])))
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

    make_utf8(command);
    if (object && put(object, "pid", json_object_new_int64(pid)) &&
        put(object, "uid", json_object_new_int64(uid)) &&
        put(object, "command", json_object_new_string(command)) && put(object, "held", files_json(files, n)))
        return append(holders, object) ? 0 : -IOW_ENOMEM;
    json_object_put(object);
    return -IOW_ENOMEM;
}

int iow_holders_print(struct json_object *holders, bool complete, char **ret, size_t *ret_len)
{
    json_object *root = json_object_new_object();
    const char *text = NULL;

    if (root && put(root, "schema", json_object_new_string(IOW_HOLDERS_SCHEMA)) &&
        put(root, "complete", json_object_new_boolean(complete)) &&
        put(root, "holders", json_object_get(holders)))
        text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    *ret = text ? strdup(text) : NULL;
    json_object_put(root);
    if (!*ret)
        return -IOW_ENOMEM;
    *ret_len = strlen(*ret);
    return 0;
}
