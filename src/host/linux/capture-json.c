/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/capture-json.h"

#include <json-c/json.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/explain.h"
#include "base/limits.h"

#define SCHEMA "ioward.capture/1"
#ifndef IOW_VERSION
#define IOW_VERSION "unknown"
#endif

static const struct {
    const char *list;
    int error;
} outcome[] = {
    {"denied", IOW_EACCES},
    {"failed", IOW_EIO},
    {"gone", IOW_ENODEV},
    {"missing", IOW_ENOENT},
};

static void put_json(json_object **json)
{
    json_object_put(*json);
}

static void free_tokener(json_tokener **tokener)
{
    if (*tokener)
        json_tokener_free(*tokener);
}

static int damaged(struct iow_explain *reterr)
{
    return iow_explain_text(reterr, -IOW_EBADMSG, IOW_RULE_CAP_DAMAGED, IOW_CAPTURE_LABEL);
}

static int read_list(json_object *list, int error, struct iow_tree *tree, struct iow_tree_node *root,
    struct iow_explain *reterr)
{
    if (!json_object_is_type(list, json_type_array))
        return damaged(reterr);
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        json_object *item = json_object_array_get_idx(list, i);
        struct iow_tree_node *node;
        int r;

        if (!json_object_is_type(item, json_type_string))
            return damaged(reterr);
        r = iow_tree_add(tree, root, json_object_get_string(item), IOW_TREE_ABSENT, &node);
        if (r == -IOW_EINVAL)
            return damaged(reterr);
        if (r < 0)
            return iow_explain(reterr, r, r == -IOW_E2BIG ? IOW_RULE_CAP_TOO_BIG : IOW_RULE_NONE);
        node->error = (uint8_t)error;
    }
    return 0;
}

bool iow_json_is_modest(const char *text, size_t len)
{
    uint32_t n = 0;

    for (size_t i = 0; i < len && n <= IOW_MAX_JSON_CONTAINERS; i++)
        n += text[i] == '{' || text[i] == '[';
    return n <= IOW_MAX_JSON_CONTAINERS;
}

int iow_capture_read_label(const char *json, size_t len, struct iow_tree *tree, struct iow_tree_node *root,
    struct iow_explain *reterr)
{
    IOW_CLEANUP(free_tokener) json_tokener *tokener = json_tokener_new();
    IOW_CLEANUP(put_json) json_object *label = NULL;
    json_object *schema, *list;

    if (!tokener)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_NONE);
    if (len > IOW_MAX_FILE_BYTES || !iow_json_is_modest(json, len))
        return iow_explain_text(reterr, -IOW_E2BIG, IOW_RULE_CAP_TOO_BIG, IOW_CAPTURE_LABEL);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    label = json_tokener_parse_ex(tokener, json, (int)len);
    if (!json_object_is_type(label, json_type_object) || json_tokener_get_parse_end(tokener) != len)
        return damaged(reterr);
    if (!json_object_object_get_ex(label, "schema", &schema) ||
        !json_object_is_type(schema, json_type_string))
        return damaged(reterr);
    if (strcmp(json_object_get_string(schema), SCHEMA) != 0)
        return iow_explain_text(reterr, -IOW_EINVAL, IOW_RULE_CAP_FOREIGN, json_object_get_string(schema));
    for (size_t i = 0; i < sizeof(outcome) / sizeof(outcome[0]); i++) {
        int r = json_object_object_get_ex(label, outcome[i].list, &list)
                    ? read_list(list, outcome[i].error, tree, root, reterr)
                    : 0;

        if (r < 0)
            return r;
    }
    return 0;
}

static int add_list(json_object *label, const char *name, int error, const struct iow_tree *tree)
{
    char path[IOW_MAX_PATH];
    json_object *list = json_object_new_array();

    if (!list || json_object_object_add(label, name, list) < 0) {
        json_object_put(list);
        return -IOW_ENOMEM;
    }
    for (struct iow_tree_node *node = tree->root; node; node = iow_tree_next(tree->root, node)) {
        json_object *item;

        if (node->error != error)
            continue;
        item = json_object_new_string(iow_tree_path(tree->root, node, path));
        if (!item || json_object_array_add(list, item) < 0) {
            json_object_put(item);
            return -IOW_ENOMEM;
        }
    }
    return 0;
}

static int add(json_object *label, const char *key, json_object *value)
{
    if (value && json_object_object_add(label, key, value) == 0)
        return 0;
    json_object_put(value);
    return -IOW_ENOMEM;
}

int iow_capture_make_label(
    const struct iow_tree *tree, bool redacted, bool holders_complete, char **ret, size_t *ret_len)
{
    IOW_CLEANUP(put_json) json_object *label = json_object_new_object();
    const char *text;

    if (!label || add(label, "schema", json_object_new_string(SCHEMA)) ||
        add(label, "tool", json_object_new_string("ioward " IOW_VERSION)) ||
        add(label, "redacted", json_object_new_boolean(redacted)) ||
        add(label, "holders_complete", json_object_new_boolean(holders_complete)))
        return -IOW_ENOMEM;
    for (size_t i = 0; i < sizeof(outcome) / sizeof(outcome[0]); i++)
        if (add_list(label, outcome[i].list, outcome[i].error, tree) < 0)
            return -IOW_ENOMEM;
    text = json_object_to_json_string_ext(label, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    *ret = text ? strdup(text) : NULL;
    *ret_len = *ret ? strlen(*ret) : 0;
    return *ret ? 0 : -IOW_ENOMEM;
}
