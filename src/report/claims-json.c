/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.claims". */
#include "report/plan.h"
#include "report/rules.h"
#include "report/step-json.h"

static struct json_object *members_json(const struct iow_claim *claim)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < claim->n_members; i++) {
        struct json_object *object = json_object_new_object();
        char buf[IOW_ADDRESS_TEXT];

        iow_json_put_text(object, "address", iow_address_format(&claim->members[i].function, buf));
        iow_json_put_text(object, "role", iow_member_role_name(claim->members[i].role));
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *steps_json(const struct iow_claim *claim)
{
    struct json_object *array = json_object_new_array();

    for (uint32_t i = 0; i < claim->n_steps; i++) {
        const struct iow_claim_step *step = &claim->steps[i];
        struct json_object *object = json_object_new_object();

        iow_json_put(object, "step", iow_json_step(&step->step));
        iow_json_put_text(object, "state", iow_step_state_name(step->state));
        iow_json_put_text(object, "rule", step->rule == IOW_RULE_NONE ? NULL : iow_rule_id(step->rule));
        iow_json_put_index(object, "errno", step->error ? (uint32_t)step->error : IOW_NONE);
        iow_json_put_index(object, "pid", step->effort.pid ? step->effort.pid : IOW_NONE);
        json_object_array_add(array, object);
    }
    return array;
}

static struct json_object *claim_json(const struct iow_claim_row *row)
{
    const struct iow_claim *claim = row->claim;
    struct json_object *object = json_object_new_object();

    iow_json_put_number(object, "transaction", (uint64_t)claim->transaction);
    iow_json_put_number(object, "group", claim->group);
    iow_json_put_text(object, "state", iow_claim_state_name(claim->state));
    iow_json_put_bool(object, "abandoned", row->abandoned);
    iow_json_put(object, "user", iow_json_user(claim->uid, row->user));
    iow_json_put(object, "asked_by", iow_json_user(claim->by_uid, row->by));
    iow_json_put_time(object, "since", claim->began_usec);
    iow_json_put_bool(object, "bound", claim->bound);
    iow_json_put_text(object, "command", *claim->command ? claim->command : NULL);
    iow_json_put_index(object, "supervisor", claim->supervisor.pid ? claim->supervisor.pid : IOW_NONE);
    iow_json_put_text(object, "waits_for", row->holder);
    iow_json_put(object, "members", members_json(claim));
    iow_json_put(object, "steps", steps_json(claim));
    return object;
}

int iow_claims_json(const struct iow_claim_row *rows, uint32_t n, FILE *out)
{
    struct json_object *document = json_object_new_object(), *claims = json_object_new_array();

    for (uint32_t i = 0; i < n; i++)
        json_object_array_add(claims, claim_json(&rows[i]));
    iow_json_put_text(document, "schema", "ioward.claims/1");
    iow_json_put(document, "claims", claims);
    return iow_json_write(document, out);
}
