/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.proof". */
#include "report/proof.h"
#include "report/view-json.h"

static void put_composed(struct json_object *object, const char *key, struct iow_text *text)
{
    iow_json_put_text(object, key, text->failed ? NULL : text->data);
    iow_text_done(text);
}

static struct json_object *numbers_json(const uint32_t *numbers, uint32_t n)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(array, json_object_new_uint64(numbers[i]));
    return array;
}

/* --- make-ups --- */

static struct json_object *member_json(const struct iow_prove_member *member)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "name", member->name);
    iow_json_put_text(object, "part", iow_part_words(member->part, false));
    iow_json_put_text(object, "driver", member->driver);
    iow_json_put_text(object, "driver_trait", iow_driver_trait_name(member->trait));
    return object;
}

static struct json_object *broken_json(uint32_t invariants)
{
    struct json_object *array = json_object_new_array();

    for (unsigned i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++)
        if (invariants >> i & 1)
            json_object_array_add(
                array, iow_json_text(iow_proof_invariant_name((enum iow_proof_invariant)i)));
    return array;
}

static struct json_object *make_json(const struct iow_prove_make *make)
{
    struct json_object *object = json_object_new_object(), *members = json_object_new_array();

    for (uint32_t i = 0; i < make->n_members; i++)
        json_object_array_add(members, member_json(&make->members[i]));
    iow_json_put(object, "groups", numbers_json(make->groups, make->n_groups));
    iow_json_put(object, "members", members);
    iow_json_put_number(object, "searched", make->n_searched);
    iow_json_put_bool(object, "newcomers", make->newcomers);
    iow_json_put_bool(object, "direct", make->direct);
    iow_json_put_bool(object, "complete", make->kept.complete);
    iow_json_put_bool(object, "always", make->always);
    iow_json_put(object, "broken", broken_json(make->kept.violated));
    iow_json_put_number(object, "states", make->kept.states);
    iow_json_put_number(object, "steps", make->kept.transitions);
    iow_json_put_number(object, "depth", make->kept.depth);
    return object;
}

/* --- findings --- */

static struct json_object *named_json(const char *name, const char *words)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "name", name);
    iow_json_put_text(object, "text", words);
    return object;
}

static struct json_object *conditions_json(uint32_t dropped)
{
    struct json_object *array = json_object_new_array();

    for (unsigned i = 0; i < IOW_PROOF_CONDITION__COUNT; i++)
        if (dropped >> i & 1)
            json_object_array_add(array, named_json(iow_proof_condition_name((enum iow_proof_condition)i),
                                             iow_proof_condition_words((enum iow_proof_condition)i)));
    return array;
}

static void put_device(
    struct json_object *object, const char *key, const struct iow_trace_names *names, uint32_t device)
{
    iow_json_put_text(object, key, device < names->n_devices ? names->devices[device] : NULL);
}

static struct json_object *devices_json(const struct iow_trace_names *names, uint32_t devices)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < names->n_devices; i++)
        if (devices >> i & 1)
            json_object_array_add(array, iow_json_text(names->devices[i]));
    return array;
}

static struct json_object *step_json(const struct iow_prove_finding *f, uint32_t at)
{
    const struct iow_proof_step *step = &f->trace.steps[at];
    struct json_object *object = json_object_new_object();
    struct iow_text text = {0};

    iow_trace_step_text(&text, &f->trace, at, &f->names);
    put_composed(object, "text", &text);
    iow_json_put_text(object, "actor", iow_proof_actor_name(step->actor));
    iow_json_put_text(object, "act", iow_proof_act_words(step->act));
    put_device(object, "device", &f->names, step->device);
    iow_json_put_index(object, "owner", step->owner ? step->owner : IOW_NONE);
    iow_json_put_text(object, "error", step->code ? iow_error_name(step->code) : NULL);
    iow_json_put_text(object, "rule", step->rule == IOW_RULE_NONE ? NULL : iow_rule_id(step->rule));
    iow_json_put(object, "moved", devices_json(&f->names, step->moved));
    iow_json_put(object, "not_moved", devices_json(&f->names, step->failing));
    return object;
}

static struct json_object *finding_json(const struct iow_prove_finding *f)
{
    struct json_object *object = json_object_new_object(), *trace = json_object_new_array();
    struct iow_text end = {0};

    for (uint32_t i = 0; i < f->trace.n_steps; i++)
        json_object_array_add(trace, step_json(f, i));
    iow_trace_end_text(&end, &f->trace, f->invariant, &f->names);
    iow_json_put(object, "invariant",
        named_json(iow_proof_invariant_name(f->invariant), iow_proof_invariant_words(f->invariant)));
    iow_json_put(object, "unless", conditions_json(f->dropped));
    iow_json_put(object, "groups", numbers_json(f->groups, f->n_groups));
    iow_json_put_number(object, "trace_group", f->group);
    iow_json_put(object, "trace", trace);
    put_composed(object, "then", &end);
    return object;
}

int iow_prove_json(const struct iow_view *view, const struct iow_prove *p, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.proof/1");
    struct json_object *makes = json_object_new_array(), *findings = json_object_new_array();

    for (uint32_t i = 0; i < p->n_makes; i++)
        json_object_array_add(makes, make_json(&p->makes[i]));
    for (uint32_t i = 0; i < p->n_findings; i++)
        json_object_array_add(findings, finding_json(&p->findings[i]));
    iow_json_put_text(document, "profile", p->profile->name);
    iow_json_put_bool(document, "assumed", p->assumed);
    iow_json_put_text(document, "kernel", p->kernel);
    iow_json_put_bool(document, "complete", p->complete);
    iow_json_put(document, "make_ups", makes);
    iow_json_put(document, "findings", findings);
    return iow_json_write(document, out);
}
