/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.outcome". */
#include "report/plan.h"
#include "report/step-json.h"

static const char *const verb_name[IOW_OUTCOME__VERBS] = {
    [IOW_OUTCOME_CLAIM] = "claim",
    [IOW_OUTCOME_RELEASE] = "release",
    [IOW_OUTCOME_FORGET] = "forget",
};

static struct json_object *failure_json(const struct iow_failure *failure)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0}, remedy = {0};

    iow_failure_text(&text, failure);
    iow_failure_remedy(&remedy, failure);
    iow_json_put_text(object, "rule", iow_rule_id(failure->rule));
    iow_json_put_composed(object, "text", &text);
    iow_json_put_composed(object, "remedy", &remedy);
    iow_json_put(object, "step", iow_json_step(&failure->step));
    iow_json_put_bool(object, "undoing", failure->undoing);
    iow_json_put_index(object, "errno", failure->error ? (uint32_t)failure->error : IOW_NONE);
    iow_json_put_text(object, "meaning", iow_step_meaning(&failure->step, failure->error));
    iow_json_put_text(object, "seen", failure->seen);
    return object;
}

static struct json_object *failures_json(const struct iow_outcome *outcome)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < outcome->n_failures; i++)
        json_object_array_add(array, failure_json(&outcome->failures[i]));
    return array;
}

int iow_outcome_json(const struct iow_outcome *outcome, const struct iow_outcome_about *about, FILE *out)
{
    struct json_object *document = json_object_new_object();

    iow_json_put_text(document, "schema", "ioward.outcome/1");
    iow_json_put_text(document, "verb", verb_name[about->verb]);
    iow_json_put_text(document, "outcome", iow_outcome_kind_name(outcome->kind));
    iow_json_put(document, "groups", iow_json_numbers(about->groups, about->n_groups));
    iow_json_put(document, "user", iow_json_user(about->uid, about->user));
    iow_json_put_number(document, "steps_done", outcome->n_done);
    iow_json_put_number(document, "steps_undone", outcome->n_undone);
    iow_json_put_number(document, "steps_left", outcome->n_left);
    iow_json_put(document, "failures", failures_json(outcome));
    iow_json_put_text(document, "waits_for", about->holder);
    return iow_json_write(document, out);
}
