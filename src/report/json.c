/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json.h"

#include "report/escape.h"

#include <inttypes.h>

/* json-c's calls cannot hand a failure up through a document half built: it waits here for iow_json_write(). */
static _Thread_local bool memory_ran_out;

struct json_object *iow_json_text(const char *raw)
{
    struct iow_text text = {0};
    struct json_object *value;

    if (!raw)
        return NULL;
    iow_escape_json(&text, raw);
    value = json_object_new_string_len(text.data ? text.data : "", (int)text.len);
    memory_ran_out |= text.failed || !value;
    iow_text_done(&text);
    return value;
}

/*
 * A key is put once and outlives the object: all are literals or texts of the facts. Out of memory leaves one
 * out, and iow_json_write() says so.
 */
void iow_json_put(struct json_object *object, const char *key, struct json_object *value)
{
    const unsigned options = JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY;

    if (object && json_object_object_add_ex(object, key, value, options) == 0)
        return;
    memory_ran_out = true;
    json_object_put(value);
}

void iow_json_put_text(struct json_object *object, const char *key, const char *raw)
{
    iow_json_put(object, key, iow_json_text(raw));
}

void iow_json_put_number(struct json_object *object, const char *key, uint64_t number)
{
    iow_json_put(object, key, json_object_new_uint64(number));
}

void iow_json_put_bool(struct json_object *object, const char *key, bool value)
{
    iow_json_put(object, key, json_object_new_boolean(value));
}

void iow_json_put_index(struct json_object *object, const char *key, uint32_t number)
{
    iow_json_put(object, key, number == IOW_NONE ? NULL : json_object_new_uint64(number));
}

void iow_json_put_hex(struct json_object *object, const char *key, uint64_t number, int digits)
{
    char buf[24];

    (void)snprintf(buf, sizeof(buf), "0x%0*" PRIx64, digits, number);
    iow_json_put(object, key, json_object_new_string(buf));
}

static int write_as(struct json_object *document, FILE *out, int manner)
{
    const char *text =
        document ? json_object_to_json_string_ext(document, manner | JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;
    bool whole = text && !memory_ran_out;

    if (whole) {
        iow_escape_print_document(out, text);
        (void)fputc('\n', out);
    }
    json_object_put(document);
    memory_ran_out = false;
    return whole ? 0 : -IOW_ENOMEM;
}

int iow_json_write(struct json_object *document, FILE *out)
{
    return write_as(document, out, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED);
}

int iow_json_write_line(struct json_object *document, FILE *out)
{
    return write_as(document, out, JSON_C_TO_STRING_PLAIN);
}
