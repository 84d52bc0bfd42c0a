/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.decision", one on a line. */
#include "report/decision.h"
#include "report/json.h"
#include "report/rules.h"
#include "report/step-json.h"

#include <inttypes.h>
#include <string.h>

static void put_token(struct json_object *object, const char *key, bool known, uint32_t token)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%08" PRIx32, token);
    iow_json_put_text(object, key, known ? text : NULL);
}

static struct json_object *look_json(const struct iow_group_look *look)
{
    struct json_object *object;

    if (!(look->flags & IOW_LOOK_SEEN))
        return NULL;
    object = json_object_new_object();
    iow_json_put_number(object, "count", look->count);
    iow_json_put_text(object, "domain", iow_look_domain_name(look->domain));
    put_token(object, "owner", look->flags & IOW_LOOK_OWNED, look->token);
    iow_json_put_text(object, "default_type", iow_look_type_name(look));
    iow_json_put_number(object, "members", look->members);
    iow_json_put_bool(object, "pasids", look->flags & IOW_LOOK_PASIDS);
    return object;
}

static struct json_object *reasons_json(const struct iow_ruling *ruling)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < ruling->n_rules; i++) {
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "rule", iow_rule_id(ruling->rules[i]));
        iow_json_put_text(object, "title", iow_rule_words(ruling->rules[i])->title);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *process_json(const struct iow_decision *d)
{
    struct json_object *object = json_object_new_object();
    char comm[sizeof(d->comm) + 1] = "";

    memcpy(comm, d->comm, sizeof(d->comm));
    iow_json_put_number(object, "pid", d->pid);
    iow_json_put_text(object, "comm", comm);
    return object;
}

/* A text of the kernel up to its end or a newline; null where it is none. */
static void put_field(struct json_object *object, const char *key, const char *field, size_t size)
{
    struct iow_text text = {0};

    iow_text_add(&text, field, strnlen(field, size));
    if (text.data)
        text.data[strcspn(text.data, "\n")] = '\0';
    iow_json_put_text(object, key, *field ? text.data : NULL);
    iow_text_done(&text);
}

int iow_decision_json(const struct iow_decision_view *view, FILE *out)
{
    const struct iow_decision *d = view->decision;
    const struct iow_ruling *ruling = view->ruling;
    struct json_object *document = json_object_new_object();
    char error[IOW_DECISION_ERROR];

    iow_json_put_text(document, "schema", "ioward.decision/1");
    iow_json_put_time(document, "when", view->when_usec);
    iow_json_put_number(document, "monotonic_ns", d->time_ns);
    iow_json_put(document, "took_ns", d->took_ns ? json_object_new_uint64(d->took_ns) : NULL);
    iow_json_put(document, "process", process_json(d));
    iow_json_put_text(document, "operation", iow_decision_operation(ruling));
    iow_json_put_text(document, "function", iow_decision_function(d->what));
    iow_json_put_text(document, "device", view->device);
    put_field(document, "driver", d->driver, sizeof(d->driver));
    iow_json_put_index(document, "group", d->flags & IOW_DECISION_HAS_GROUP ? d->group : IOW_NONE);
    put_token(document, "asker", d->flags & IOW_DECISION_COOKIE, d->asker);
    put_field(document, "wanted", d->wanted, sizeof(d->wanted));
    iow_json_put_text(document, "error", iow_decision_error_name(d, error));
    iow_json_put_text(document, "reading", iow_reading_name(ruling->reading));
    iow_json_put(document, "reasons", reasons_json(ruling));
    iow_json_put_bool(document, "perhaps_done", ruling->perhaps_done);
    iow_json_put_bool(document, "perhaps_earlier", ruling->perhaps_earlier);
    iow_json_put_bool(document, "changed", ruling->changed);
    iow_json_put(document, "before", look_json(&d->before));
    iow_json_put(document, "after", look_json(&d->after));
    return iow_json_write_line(document, out);
}
