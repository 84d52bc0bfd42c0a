/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.why". */
#include "report/acs-words.h"
#include "report/report.h"
#include "report/view-json.h"

static bool is_about_acs(enum iow_rule rule)
{
    switch (rule) {
    case IOW_RULE_STEP_PATH_ISOLATES:
    case IOW_RULE_STEP_PATH_OPEN:
    case IOW_RULE_STEP_FUNCTION_ISOLATES:
    case IOW_RULE_STEP_FUNCTION_OPEN:
        return true;
    default:
        return false;
    }
}

static struct json_object *step_json(const struct iow_view *view, const struct iow_why_step *s)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(s->step.rule));
    iow_json_put_text(object, "text", s->text);
    iow_json_put_position(object, "subject", view, s->step.subject);
    iow_json_put_position(object, "other", view, s->step.other);
    iow_json_put(object, "acs", is_about_acs(s->step.rule) ? iow_acs_answer_json(&s->step.acs) : NULL);
    return object;
}

static struct json_object *addresses_json(const struct iow_view_function *const *list, uint32_t n)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(array, iow_json_text(list[i]->address));
    return array;
}

static struct json_object *member_reasons_json(const struct iow_view *view, const struct iow_why_side *side)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; side->readable && i < side->n_together; i++) {
        const struct iow_view_function *v = side->together[i];
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "address", v->address);
        iow_json_put(object, "reason", iow_json_reason(view, v->reason, v->reason_text));
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *side_json(const struct iow_view *view, const struct iow_why_side *side)
{
    struct json_object *object = iow_json_function(view, side->function);
    struct json_object *steps = json_object_new_array(), *separators = json_object_new_array();
    bool readable = side->readable;

    for (uint32_t i = 0; i < side->n_steps; i++)
        json_object_array_add(steps, step_json(view, &side->steps[i]));
    for (uint32_t i = 0; i < side->n_separators; i++)
        json_object_array_add(separators, step_json(view, &side->separators[i]));
    iow_json_put(object, "agrees",
        readable && !iow_why_unconfined(side) ? json_object_new_boolean(iow_why_agrees(side)) : NULL);
    iow_json_put(object, "members", member_reasons_json(view, side));
    iow_json_put(
        object, "expected_but_absent", addresses_json(side->missing, readable ? side->n_missing : 0));
    iow_json_put(
        object, "present_but_unexpected", addresses_json(side->surplus, readable ? side->n_surplus : 0));
    iow_json_put(object, "looked_at", steps);
    iow_json_put_number(object, "looked_at_left_out", side->n_left_out);
    iow_json_put_text(object, "opened_by", side->opener ? side->opener->address : NULL);
    iow_json_put(object, "separated_by", separators);
    return object;
}

static struct json_object *pair_json(const struct iow_view *view, const struct iow_why *why)
{
    struct json_object *object = json_object_new_object(), *links = json_object_new_array();

    for (uint32_t i = 0; i < why->n_links; i++) {
        struct json_object *link = json_object_new_object();

        iow_json_put_position(link, "from", view, why->links[i].link.from);
        iow_json_put_position(link, "to", view, why->links[i].link.to);
        iow_json_put(link, "reason", iow_json_reason(view, &why->links[i].link.reason, why->links[i].text));
        json_object_array_add(links, link);
    }
    iow_json_put_bool(object, "same_group", why->same_group);
    iow_json_put(object, "same_predicted_group",
        why->side[0].readable && why->side[1].readable ? json_object_new_boolean(why->same_predicted) : NULL);
    iow_json_put(object, "links", links);
    return object;
}

int iow_why_json(const struct iow_view *view, const struct iow_why *why, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.why/1");
    struct json_object *functions = json_object_new_array(), *groups = json_object_new_array();

    for (uint32_t k = 0; k < why->n; k++) {
        json_object_array_add(functions, side_json(view, &why->side[k]));
        if (why->side[k].group && (k == 0 || why->side[k].group != why->side[0].group))
            json_object_array_add(groups, iow_json_group(view, why->side[k].group));
    }
    iow_json_put(document, "functions", functions);
    iow_json_put(document, "groups", groups);
    iow_json_put(document, "pair", why->n == 2 ? pair_json(view, why) : NULL);
    iow_about_json(document, view, &why->about);
    return iow_json_write(document, out);
}
