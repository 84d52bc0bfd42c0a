/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.plan". */
#include "report/plan.h"
#include "report/sets.h"
#include "report/step-json.h"
#include "report/view-json.h"

static struct json_object *request_json(const struct iow_view *view, const struct iow_plan_about *about)
{
    const struct iow_claim_request *request = about->request;
    struct json_object *object = json_object_new_object(), *functions = json_object_new_array();

    for (uint32_t i = 0; i < request->n; i++)
        json_object_array_add(functions, iow_json_text(iow_view_address(view, request->functions[i])));
    iow_json_put(object, "functions", functions);
    iow_json_put(object, "groups", iow_json_numbers(request->whole, request->n_whole));
    iow_json_put_bool(object, "with_group", request->with_group);
    iow_json_put(object, "user", iow_json_user(request->uid, about->user));
    iow_json_put_number(object, "gid", request->gid);
    return object;
}

static struct json_object *groups_json(const struct iow_view *view, const struct iow_plan *plan)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < plan->n_members; i++) {
        const struct iow_view_group *group = iow_view_group_of(view, plan->members[i].group);

        if (group && (i == 0 || plan->members[i].group != plan->members[i - 1].group))
            json_object_array_add(array, iow_json_group(view, group));
    }
    return array;
}

static struct json_object *members_json(const struct iow_view *view, const struct iow_plan *plan)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < plan->n_members; i++) {
        const struct iow_plan_member *member = &plan->members[i];
        const struct iow_view_function *v = &view->functions[member->function];
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "address", v->address);
        iow_json_put_number(object, "group", member->group);
        iow_json_put_text(object, "role", iow_member_role_name(member->role));
        iow_json_put_text(object, "driver", v->driver);
        iow_json_put_text(object, "class_name", v->class_name);
        iow_json_put_text(object, "name", v->name);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *steps_json(const struct iow_plan *plan)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < plan->n_steps; i++)
        json_object_array_add(array, iow_json_step(&plan->steps[i]));
    return array;
}

static struct json_object *reach_json(const struct iow_view *view, const struct iow_plan_reach *reach)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_position(object, "other", view, reach->other);
    iow_json_put_text(object, "owner", reach->user ? "user" : "kernel");
    iow_json_put_bool(object, "indirect", reach->indirect);
    iow_json_put(object, "breach", iow_json_breach(view, &reach->breach, reach->cause));
    return object;
}

static struct json_object *refusal_json(const struct iow_view *view, const struct iow_refusal *refusal)
{
    const struct iow_use *use = iow_facts_use_at(view->facts, refusal->use);
    const struct iow_holder *holder = iow_facts_holder_at(view->facts, refusal->holder);
    uint32_t pid = holder ? holder->pid : use && use->pid ? use->pid : IOW_NONE;
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0}, remedy = {0};

    iow_refusal_text(&text, view, refusal);
    iow_refusal_remedy(&remedy, view, refusal);
    iow_json_put_text(object, "rule", iow_rule_id(refusal->rule));
    iow_json_put_composed(object, "text", &text);
    iow_json_put_composed(object, "remedy", &remedy);
    iow_json_put_index(object, "group", refusal->group);
    iow_json_put_position(object, "address", view, refusal->function);
    iow_json_put_text(object, "name", use ? use->name : NULL);
    iow_json_put_text(object, "by", use && *use->by ? use->by : holder ? holder->command : NULL);
    iow_json_put_index(object, "pid", pid);
    iow_json_put(object, "reach", refusal->reach ? reach_json(view, refusal->reach) : NULL);
    return object;
}

static struct json_object *refusals_json(const struct iow_view *view, const struct iow_plan *plan)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < plan->n_refusals; i++)
        json_object_array_add(array, refusal_json(view, &plan->refusals[i]));
    return array;
}

static struct json_object *risk_json(const struct iow_view *view, const struct iow_plan_risk *risk)
{
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_refusal_text(&text, view, &risk->reason);
    iow_json_put_composed(object, "text", &text);
    iow_json_put_index(object, "group", risk->reason.group);
    iow_json_put_position(object, "address", view, risk->reason.function);
    iow_json_put(object, "reach", reach_json(view, risk->reason.reach));
    iow_json_put_text(object, "reason", risk->acceptance->reason);
    iow_json_put_text(object, "until", risk->acceptance->until_text);
    iow_json_put_text(object, "file", risk->acceptance->file);
    iow_json_put_number(object, "line", risk->acceptance->line);
    return object;
}

static struct json_object *risks_json(const struct iow_view *view, const struct iow_plan *plan)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < plan->n_risks; i++)
        json_object_array_add(array, risk_json(view, &plan->risks[i]));
    return array;
}

int iow_plan_json(
    const struct iow_view *view, const struct iow_plan *plan, const struct iow_plan_about *about, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.plan/1");

    iow_json_put(document, "request", request_json(view, about));
    iow_json_put_bool(document, "refused", iow_plan_is_refused(plan));
    iow_json_put(document, "refusals", refusals_json(view, plan));
    iow_json_put(document, "risks", risks_json(view, plan));
    iow_json_put(document, "groups", groups_json(view, plan));
    iow_json_put(document, "members", members_json(view, plan));
    iow_json_put(document, "steps", steps_json(plan));
    return iow_json_write(document, out);
}
