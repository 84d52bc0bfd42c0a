/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/step-json.h"

#include <inttypes.h>
#include <time.h>

void iow_json_put_composed(struct json_object *object, const char *key, struct iow_text *text)
{
    iow_json_put_text(text->failed ? NULL : object, key, text->len ? text->data : NULL);
    iow_text_done(text);
}

struct json_object *iow_json_user(uint32_t uid, const char *name)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_number(object, "uid", uid);
    iow_json_put_text(object, "name", name);
    return object;
}

struct json_object *iow_json_change(const struct iow_step *step)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_step_text(&text, step);
    iow_json_put_text(object, "kind", iow_step_kind_name(step->kind));
    iow_json_put_text(object, "before", step->before);
    iow_json_put_text(object, "after", step->after);
    iow_json_put_composed(object, "text", &text);
    return object;
}

static bool is_about_function(const struct iow_step *step)
{
    return step->kind == IOW_STEP_UNBIND || step->kind == IOW_STEP_OVERRIDE || step->kind == IOW_STEP_BIND;
}

static void put_identity(struct json_object *object, const struct iow_step *step)
{
    char buf[16];

    (void)snprintf(
        buf, sizeof(buf), "%04" PRIx32 ":%04" PRIx32, step->identity >> 16, step->identity & 0xffff);
    iow_json_put_text(object, "identity", step->identity ? buf : NULL);
}

struct json_object *iow_json_step(const struct iow_step *step)
{
    struct json_object *object = iow_json_change(step);
    struct iow_step back = iow_step_inverse(step);
    char buf[IOW_ADDRESS_TEXT];
    bool of_function = is_about_function(step);

    iow_json_put_number(object, "group", step->group);
    iow_json_put_text(object, "address", of_function ? iow_address_format(&step->function, buf) : NULL);
    put_identity(object, step);
    iow_json_put(object, "inverse", iow_step_has_inverse(step) ? iow_json_change(&back) : NULL);
    return object;
}

struct json_object *iow_json_numbers(const uint32_t *numbers, uint32_t n)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(array, json_object_new_uint64(numbers[i]));
    return array;
}

void iow_json_put_time(struct json_object *object, const char *key, uint64_t usec)
{
    time_t seconds = (time_t)(usec / 1000000);
    struct tm tm;
    char buf[64];
    bool told = gmtime_r(&seconds, &tm) && strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm);

    iow_json_put_text(object, key, told ? buf : NULL);
}
