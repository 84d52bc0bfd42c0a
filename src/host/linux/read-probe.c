/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/linux/read-probe.h"

#include "base/cleanup.h"
#include "base/limits.h"
#include "host/linux/capture-json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_json(json_object **json)
{
    json_object_put(*json);
}

static void free_tokener(json_tokener **tokener)
{
    if (*tokener)
        json_tokener_free(*tokener);
}

const char *iow_probe_path(const struct iow_probe *probe, char buf[IOW_WORD])
{
    snprintf(buf, IOW_WORD, "probe/%s.json", probe->name);
    return buf;
}

static const char *schema_of(const struct iow_probe *probe, char buf[IOW_WORD])
{
    snprintf(buf, IOW_WORD, "ioward.probe.%s/1", probe->name);
    return buf;
}

json_object *iow_json_member(json_object *object, const char *key, enum json_type type)
{
    json_object *value;

    return json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, key, &value) &&
                   json_object_is_type(value, type)
               ? value
               : NULL;
}

bool iow_json_number(json_object *object, const char *key, uint32_t *ret)
{
    json_object *value = iow_json_member(object, key, json_type_int);
    int64_t number = value ? json_object_get_int64(value) : -1;

    if (number < 0 || number >= IOW_NONE)
        return false;
    *ret = (uint32_t)number;
    return true;
}

const char *iow_answer_text(json_object *object, const char *key)
{
    json_object *value = iow_json_member(object, key, json_type_string);
    const char *text = value ? json_object_get_string(value) : NULL;

    return text && strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

static bool fail(struct iow_reader *rd, const struct iow_probe *probe, int r, enum iow_rule rule)
{
    char path[IOW_WORD];

    iow_reader_fail(rd, r, rule, iow_probe_path(probe, path));
    return false;
}

static bool take_all(
    struct iow_reader *rd, const struct iow_probe *probe, void *ctx, json_object *root, bool *ret_complete)
{
    const char *schema = iow_answer_text(root, "schema");
    json_object *complete = iow_json_member(root, "complete", json_type_boolean);
    json_object *list = iow_json_member(root, probe->list, json_type_array);
    char wanted[IOW_WORD];

    if (!schema || strcmp(schema, schema_of(probe, wanted)) != 0 || !complete || !list)
        return fail(rd, probe, -IOW_EBADMSG, IOW_RULE_CAP_PROBE);
    if (json_object_array_length(list) > probe->most)
        return fail(rd, probe, -IOW_E2BIG, IOW_RULE_READ_TOO_MANY);
    for (size_t i = 0; i < json_object_array_length(list); i++)
        if (!probe->take(rd, ctx, json_object_array_get_idx(list, i)) || rd->fatal)
            return fail(rd, probe, -IOW_EBADMSG, IOW_RULE_CAP_PROBE);
    *ret_complete = json_object_get_boolean(complete);
    return true;
}

bool iow_probe_replay(struct iow_reader *rd, const struct iow_probe *probe, void *ctx, const char *json,
    size_t len, bool *ret_complete)
{
    IOW_CLEANUP(free_tokener) json_tokener *tokener = json_tokener_new();
    IOW_CLEANUP(put_json) json_object *root = NULL;

    if (!tokener)
        return fail(rd, probe, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    if (!iow_json_is_modest(json, len))
        return fail(rd, probe, -IOW_E2BIG, IOW_RULE_CAP_PROBE);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    root = json_tokener_parse_ex(tokener, json, (int)len);
    if (!json_object_is_type(root, json_type_object) || json_tokener_get_parse_end(tokener) != len)
        return fail(rd, probe, -IOW_EBADMSG, IOW_RULE_CAP_PROBE);
    return take_all(rd, probe, ctx, root, ret_complete);
}

int iow_probe_replay_stored(
    struct iow_reader *rd, const struct iow_probe *probe, void *ctx, bool *ret_complete)
{
    IOW_CLEANUP_FREE char *text = malloc(IOW_MAX_FILE_BYTES + 1);
    const struct iow_subject machine = iow_subject_machine();
    char path[IOW_WORD];
    int n;

    if (!text) {
        fail(rd, probe, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
        return -IOW_ENOMEM;
    }
    iow_probe_path(probe, path);
    n = iow_source_read_text(rd->source, IOW_SOURCE_ROOT, path, text, IOW_MAX_FILE_BYTES + 1);
    if (n >= 0)
        return iow_probe_replay(rd, probe, ctx, text, (size_t)n, ret_complete) ? 0 : rd->fatal;
    if (iow_reader_gone(n))
        return -IOW_ENOENT;
    iow_reader_failed(rd, n, &machine, path);
    return n;
}

bool iow_answer_put(json_object *object, const char *key, json_object *value)
{
    if (object && value && json_object_object_add(object, key, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

bool iow_json_append(json_object *array, json_object *value)
{
    if (array && value && json_object_array_add(array, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

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

json_object *iow_json_new_text(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p;) {
        size_t n = utf8_length(p);

        if (n == 0)
            *p = '?';
        p += n ? n : 1;
    }
    return json_object_new_string(text);
}

int iow_probe_print(
    const struct iow_probe *probe, json_object *list, bool complete, char **ret, size_t *ret_len)
{
    IOW_CLEANUP(put_json) json_object *root = json_object_new_object();
    const char *text = NULL;
    char schema[IOW_WORD];

    if (iow_answer_put(root, "schema", json_object_new_string(schema_of(probe, schema))) &&
        iow_answer_put(root, "complete", json_object_new_boolean(complete)) &&
        iow_answer_put(root, probe->list, json_object_get(list)))
        text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    *ret = text ? strdup(text) : NULL;
    if (!*ret)
        return -IOW_ENOMEM;
    *ret_len = strlen(*ret);
    return 0;
}
