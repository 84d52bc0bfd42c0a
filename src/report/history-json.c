/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.history". */
#include "report/plan.h"
#include "report/step-json.h"

#include <string.h>

/* The words of a list that is kept with spaces between. */
static struct json_object *words_json(const char *text)
{
    struct json_object *array = json_object_new_array();

    while (*text) {
        size_t len = strcspn(text, " ");
        struct iow_text word = {0};

        iow_text_add(&word, text, len);
        if (len)
            json_object_array_add(array, iow_json_text(word.data));
        iow_text_done(&word);
        text += len + (text[len] == ' ');
    }
    return array;
}

static struct json_object *row_json(const struct iow_history_row *row)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_time(object, "when", row->when_usec);
    iow_json_put_text(object, "boot_id", row->boot_id);
    iow_json_put_bool(object, "this_boot", row->this_boot);
    iow_json_put_text(object, "event", row->event);
    iow_json_put_number(object, "group", row->group);
    iow_json_put(object, "user", iow_json_user(row->uid, row->user));
    iow_json_put(object, "asked_by", iow_json_user(row->by_uid, row->by));
    iow_json_put(object, "members", words_json(row->members));
    iow_json_put_text(object, "command", *row->command ? row->command : NULL);
    iow_json_put(object, "rules", words_json(row->note));
    return object;
}

int iow_history_json(const struct iow_history_row *rows, uint32_t n, FILE *out)
{
    struct json_object *document = json_object_new_object(), *entries = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(entries, row_json(&rows[i]));
    iow_json_put_text(document, "schema", "ioward.history/1");
    iow_json_put(document, "entries", entries);
    return iow_json_write(document, out);
}
