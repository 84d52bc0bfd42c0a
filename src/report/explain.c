/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/explain.h"

#include "report/escape.h"
#include "report/evidence-words.h"
#include "report/json.h"

#include <inttypes.h>
#include <string.h>

void iow_subject_text(struct iow_text *to, const struct iow_subject *subject, const char *raw)
{
    char buf[IOW_ADDRESS_TEXT];

    switch (subject->kind) {
    case IOW_SUBJECT_NONE:
        return;
    case IOW_SUBJECT_MACHINE:
        iow_text_puts(to, "the machine");
        return;
    case IOW_SUBJECT_FUNCTION:
        iow_text_puts(to, iow_address_format(&subject->address, buf));
        return;
    case IOW_SUBJECT_GROUP:
        iow_text_print(to, "group %" PRIu32, subject->number);
        return;
    case IOW_SUBJECT_PROCESS:
        iow_text_print(to, "process %" PRIu32, subject->number);
        return;
    case IOW_SUBJECT_TEXT:
        iow_escape_text(to, raw ? raw : "");
        return;
    }
}

/* A subject as the value of a place; NULL where there is none, so that the sentence shows it. */
static const char *subject_place(struct iow_text *to, const struct iow_subject *subject, const char *raw)
{
    iow_subject_text(to, subject, raw);
    return to->data && to->len ? to->data : NULL;
}

static void sentence_about(
    struct iow_text *to, enum iow_rule rule, const struct iow_subject *subject, const char *raw)
{
    struct iow_text about = {0};
    const char *words = subject_place(&about, subject, raw);

    if (!words)
        words = subject->kind == IOW_SUBJECT_TEXT ? "''" : "the machine";
    iow_rule_sentence(
        to, rule, &(struct iow_rule_places){.function = words, .subject = words, .path = words});
    iow_text_done(&about);
}

static void print_evidence(struct iow_text *to, const struct iow_explain *explain)
{
    for (uint32_t i = 0; i < explain->n_evidence && i < IOW_EXPLAIN_EVIDENCE; i++)
        iow_evidence_text(to, iow_rule_words(explain->rule)->evidence, &explain->evidence[i]);
}

/* The number of the system's error where the rule keeps one, else ours: they are the same numbers. */
static const char *remedy_of(const struct iow_explain *explain)
{
    bool told = iow_rule_words(explain->rule)->evidence == IOW_EVIDENCE_ERRNO && explain->n_evidence;

    return iow_rule_remedy(explain->rule, told ? (int)explain->evidence[0].seen : -explain->code);
}

/* A sentence with a place names its subject itself. */
static void print_subject(struct iow_text *to, const struct iow_explain *explain)
{
    if (explain->subject.kind == IOW_SUBJECT_NONE || strchr(iow_rule_words(explain->rule)->sentence, '{'))
        return;
    if (explain->subject.kind == IOW_SUBJECT_TEXT && !*explain->text)
        iow_text_puts(to, "''");
    iow_subject_text(to, &explain->subject, explain->text);
    if (iow_rule_words(explain->rule)->evidence == IOW_EVIDENCE_LINE && explain->n_evidence)
        iow_text_print(to, ":%" PRIu64, explain->evidence[0].seen);
    iow_text_puts(to, ": ");
}

void iow_explain_print(struct iow_text *to, const struct iow_explain *explain, const char *detail)
{
    const char *remedy = remedy_of(explain);

    print_subject(to, explain);
    sentence_about(to, explain->rule, &explain->subject, explain->text);
    iow_text_print(to, " (%s)", explain->rule ? iow_rule_id(explain->rule) : iow_error_name(explain->code));
    if (detail) {
        iow_text_puts(to, ": ");
        iow_escape_text(to, detail);
    }
    print_evidence(to, explain);
    if (remedy)
        iow_text_print(to, "\n  -> %s", remedy);
}

static struct json_object *evidence_json(const struct iow_explain *explain)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < explain->n_evidence && i < IOW_EXPLAIN_EVIDENCE; i++) {
        const struct iow_evidence *e = &explain->evidence[i];
        struct json_object *one = json_object_new_object();

        iow_json_put_hex(one, "seen", e->seen, 1);
        iow_json_put_hex(one, "wanted", e->wanted, 1);
        iow_json_put_number(one, "offset", e->offset);
        json_object_array_add(list, one);
    }
    return list;
}

struct json_object *iow_explain_json(const struct iow_explain *explain, const char *detail)
{
    const struct iow_rule_words *words = iow_rule_words(explain->rule);
    struct json_object *object = json_object_new_object();
    struct iow_text subject = {0}, sentence = {0};

    iow_subject_text(&subject, &explain->subject, explain->text);
    sentence_about(&sentence, explain->rule, &explain->subject, explain->text);
    iow_json_put_text(object, "rule", iow_rule_id(explain->rule));
    iow_json_put_text(object, "error", iow_error_name(explain->code));
    iow_json_put_text(object, "title", words->title);
    iow_json_put_text(object, "text", sentence.data);
    iow_json_put_text(object, "detail", detail);
    iow_json_put_text(object, "remedy", remedy_of(explain));
    iow_json_put_text(
        object, "subject", explain->subject.kind == IOW_SUBJECT_TEXT ? explain->text : subject.data);
    iow_json_put(object, "evidence", evidence_json(explain));
    iow_text_done(&subject);
    iow_text_done(&sentence);
    return object;
}

void iow_missing_text(struct iow_text *to, const struct iow_missing *missing)
{
    struct iow_text subject = {0}, path = {0};
    struct iow_rule_places places = {.subject = subject_place(&subject, &missing->subject, NULL)};

    if (missing->path)
        iow_escape_text(&path, missing->path);
    places.path = missing->path ? path.data : places.subject;
    iow_rule_sentence(to, missing->rule, &places);
    iow_text_done(&subject);
    iow_text_done(&path);
}
