/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.explain". */
#include "report/message-topics.h"
#include "report/rules.h"
#include "report/view-json.h"

#define SCHEMA "ioward.explain/1"

static struct json_object *cause_json(const struct iow_view *view, const struct iow_message_cause *c)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(c->rule));
    iow_json_put_bool(object, "now", c->now);
    iow_json_put_text(object, "title", iow_rule_words(c->rule)->title);
    iow_json_put_text(object, "text", c->text);
    iow_json_put_text(object, "seen", c->seen);
    iow_json_put_text(object, "wanted", c->wanted);
    iow_json_put_text(object, "remedy", c->remedy);
    iow_json_put_position(object, "function", view, c->function);
    iow_json_put_index(object, "group", c->group);
    return object;
}

static void put_device(struct json_object *object, const struct iow_message_parts *parts)
{
    char address[IOW_ADDRESS_TEXT];

    iow_json_put_text(
        object, "device", parts->has_device ? iow_address_format(&parts->device, address) : NULL);
}

static struct json_object *message_json(
    const struct iow_view *view, const struct iow_message *m, const struct iow_message_answer *a)
{
    const struct iow_message_row *row = m->parts.row;
    const struct iow_topic_row *topic = iow_topic_row(row->topic);
    struct json_object *object = json_object_new_object(), *causes = json_object_new_array();

    iow_json_put_text(object, "id", row->id);
    iow_json_put_text(object, "program", iow_message_program_name(row->program));
    iow_json_put_text(object, "printed_by", row->where);
    iow_json_put_text(object, "version", row->version);
    iow_json_put_text(object, "topic", topic->name);
    iow_json_put_text(object, "meaning", topic->meaning);
    iow_json_put_text(object, "line", m->line);
    iow_json_put_number(object, "first_line", m->first_line);
    iow_json_put_number(object, "times", m->times);
    put_device(object, &m->parts);
    iow_json_put_index(object, "group", m->parts.group);
    iow_json_put(object, "errno", m->parts.error ? json_object_new_int(m->parts.error) : NULL);
    iow_json_put_position(object, "function", view, a->function);
    for (uint32_t i = 0; i < a->n; i++)
        json_object_array_add(causes, cause_json(view, &a->cause[i]));
    iow_json_put(object, "causes", causes);
    iow_json_put_number(object, "causes_left_out", a->n_left_out);
    return object;
}

static void put_lines(
    struct json_object *document, const struct iow_message_log *log, struct json_object *messages)
{
    iow_json_put_number(document, "lines", log->n_lines);
    iow_json_put_number(document, "lines_unknown", log->n_unknown);
    iow_json_put(document, "messages", messages);
}

int iow_messages_json(
    const struct iow_view *view, const struct iow_message_log *log, struct iow_mem *mem, FILE *out)
{
    struct json_object *document = iow_json_document(view, SCHEMA), *messages = json_object_new_array();

    for (const struct iow_message *m = log->first; m; m = m->next) {
        struct iow_message_answer answer;

        if (iow_message_explain(view, m, mem, &answer) < 0) {
            (void)json_object_put(messages);
            (void)json_object_put(document);
            return -IOW_ENOMEM;
        }
        json_object_array_add(messages, message_json(view, m, &answer));
    }
    put_lines(document, log, messages);
    return iow_json_write(document, out);
}

int iow_messages_none_json(const struct iow_message_log *log, FILE *out)
{
    struct json_object *document = json_object_new_object();

    iow_json_put_text(document, "schema", SCHEMA);
    iow_json_put(document, "source", NULL);
    put_lines(document, log, json_object_new_array());
    return iow_json_write(document, out);
}
