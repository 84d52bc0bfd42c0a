/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.route-sets". */
#include "report/acs-words.h"
#include "report/route.h"
#include "report/rules.h"
#include "report/sets.h"
#include "report/view-json.h"

static void put_group(
    struct json_object *object, const char *key, const struct iow_view *view, uint32_t function)
{
    iow_json_put_index(object, key, view->functions[function].record->group);
}

static void put_taken(struct json_object *object, const char *key, struct iow_text *text)
{
    iow_json_put_text(object, key, text->len ? text->data : NULL);
    iow_text_done(text);
}

struct json_object *iow_json_breach(
    const struct iow_view *view, const struct iow_breach *breach, enum iow_rule cause)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_json_put_position(object, "from", view, breach->from);
    put_group(object, "from_group", view, breach->from);
    iow_json_put_position(object, "to", view, breach->to);
    put_group(object, "to_group", view, breach->to);
    iow_json_put_bool(object, "translated", breach->translated);
    iow_json_put_bool(object, "mutual", breach->mutual);
    iow_json_put_text(object, "answer", iow_route_answer_name(breach->answer));
    iow_json_put_text(object, "grade", iow_route_grade_name(breach->grade));
    iow_json_put_position(object, "deciding", view, breach->deciding.node);
    iow_json_put_text(object, "rule", iow_rule_id(breach->deciding.rule));
    iow_json_put(object, "acs_bits", iow_acs_bits_json(breach->deciding.bit));
    iow_json_put_bool(object, "assumed", breach->deciding.assumed);
    iow_breach_text(&text, view, breach);
    put_taken(object, "text", &text);
    iow_json_put_text(object, "cause", iow_rule_id(cause));
    iow_breach_cause_text(&text, view, breach, cause);
    put_taken(object, "cause_text", &text);
    iow_breach_remedy_text(&text, view, breach, cause);
    put_taken(object, "remedy", &text);
    return object;
}

static struct json_object *members_json(const struct iow_view *view, const uint32_t *member, uint32_t n)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(list, iow_json_text(iow_view_address(view, member[i])));
    return list;
}

static struct json_object *grade_json(const struct iow_view *view, const struct iow_sets_of_grade *grade)
{
    const struct iow_closure *closure = grade->agreement.closure;
    struct json_object *object = json_object_new_object(), *sets = json_object_new_array(),
                       *breaches = json_object_new_array();

    for (uint32_t s = 0; s < grade->n; s++)
        json_object_array_add(
            sets, members_json(view, &grade->member[grade->first[s]], grade->first[s + 1] - grade->first[s]));
    for (uint32_t i = 0; i < closure->n_listed; i++)
        if (grade->shown[i])
            json_object_array_add(
                breaches, iow_json_breach(view, &closure->breach[i], grade->agreement.cause[i]));
    iow_json_put_text(object, "grade", iow_route_grade_name(grade->agreement.grade));
    iow_json_put_number(object, "open_groups", grade->agreement.n_open);
    iow_json_put(object, "sets", sets);
    iow_json_put(object, "breaches", breaches);
    iow_json_put_number(object, "breaches_found", closure->n_breaches);
    iow_json_put_number(object, "breaches_unshown", closure->n_unshown);
    return object;
}

static struct json_object *splitter_json(const struct iow_view *view, const struct iow_splitter *splitter)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_position(object, "function", view, splitter->node);
    iow_json_put_text(object, "rule", iow_rule_id(splitter->rule));
    iow_json_put(object, "acs_bits", iow_acs_bits_json(splitter->bits));
    return object;
}

static struct json_object *coarse_json(const struct iow_view *view, const struct iow_coarse_group *coarse)
{
    struct json_object *object = json_object_new_object(), *splitters = json_object_new_array();

    for (uint32_t i = 0; i < coarse->n_splitters; i++)
        json_object_array_add(splitters, splitter_json(view, &coarse->splitters[i]));
    iow_json_put_number(object, "group", view->groups[coarse->group].record->number);
    iow_json_put_number(object, "sets", coarse->n_sets);
    iow_json_put_bool(object, "by_root_complex", coarse->by_root);
    iow_json_put_text(object, "rule", iow_rule_id(iow_coarse_rule(coarse)));
    iow_json_put(object, "splitters", splitters);
    return object;
}

static struct json_object *opened_json(const struct iow_view *view, const struct iow_opened *opened)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_json_put_position(object, "from", view, opened->from);
    iow_json_put_position(object, "to", view, opened->to);
    iow_json_put_bool(object, "translated", opened->translated);
    iow_json_put_text(object, "grade", iow_route_grade_name(opened->grade));
    iow_json_put_text(object, "before", iow_route_answer_name(opened->before));
    iow_json_put_text(object, "rule", iow_rule_id(opened->deciding.rule));
    iow_opened_text(&text, view, opened);
    put_taken(object, "text", &text);
    return object;
}

static struct json_object *drift_json(const struct iow_view *view, const struct iow_sets_drift *drift)
{
    struct json_object *object = json_object_new_object(), *opened = json_object_new_array();

    for (uint32_t i = 0; i < drift->n_opened; i++)
        json_object_array_add(opened, opened_json(view, &drift->opened[i]));
    iow_json_put_position(object, "port", view, drift->port);
    iow_json_put(object, "cleared", iow_acs_bits_json(drift->cleared));
    iow_json_put(object, "opened", opened);
    iow_json_put_bool(object, "more", drift->more);
    return object;
}

int iow_sets_json(const struct iow_view *view, const struct iow_sets_view *sets, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.route-sets/1");
    struct json_object *grades = json_object_new_array(), *coarse = json_object_new_array();
    struct json_object *drifts = json_object_new_array();

    for (uint32_t i = 0; i < sets->n_drifts; i++)
        json_object_array_add(drifts, drift_json(view, &sets->drifts[i]));
    for (uint32_t g = 0; g < sets->n_grades; g++)
        json_object_array_add(grades, grade_json(view, &sets->grade[g]));
    for (uint32_t i = 0; i < sets->agreement->n_coarse; i++)
        if (sets->coarse[i])
            json_object_array_add(coarse, coarse_json(view, &sets->agreement->coarse[i]));
    iow_json_put_text(document, "closed", iow_closed_name(sets->agreement->closed));
    iow_json_put_number(document, "functions_unread", sets->agreement->n_unread);
    iow_json_put(document, "grades", grades);
    iow_json_put(document, "coarser_groups", coarse);
    iow_json_put(document, "drifts", drifts);
    return iow_json_write(document, out);
}
