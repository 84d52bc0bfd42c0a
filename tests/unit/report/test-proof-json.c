/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-stage.h"

/* The document of a stage, which is as of a machine without groups but for what the checker found. */
static struct json_object *document(const struct proof_stage *s)
{
    struct stage machine;
    struct json_object *parsed_document;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    stage_set_vfio(&machine, "nvme");
    stage_play(&machine);
    assert_int_equal(iow_prove_json(machine.view, &s->prove, out), 0);
    assert_int_equal(fclose(out), 0);
    parsed_document = parsed(text);
    stage_end(&machine);
    return parsed_document;
}

static void a_make_up_tells_what_was_searched(void **state)
{
    struct json_object *json, *make, *member;
    struct proof_stage s;

    (void)state;
    proof_stage_set(&s);
    s.makes[0].kept.violated = 1u << IOW_PROOF_INVARIANT_ONE_SPACE;
    json = document(&s);
    has_text(json, "schema", "ioward.proof/1");
    has_text(json, "profile", "linux-6.12");
    has_text(json, "kernel", "6.12.1");
    has_bool(json, "assumed", false);
    has_bool(json, "complete", true);
    make = item(json, "make_ups", 0);
    assert_int_equal(length(make, "groups"), 5);
    assert_int_equal(length(make, "broken"), 1);
    has_number(make, "states", 14);
    has_number(make, "steps", 40);
    has_number(make, "depth", 5);
    has_bool(make, "newcomers", false);
    has_number(make, "searched", 1);
    make = item(json, "make_ups", 1);
    has_bool(make, "newcomers", true);
    assert_int_equal(length(make, "broken"), 0);
    member = item(make, "members", 0);
    has_text(member, "name", "0000:00:02.0");
    has_text(member, "part", "port");
    has_text(member, "driver", "pcieport");
    has_text(member, "driver_trait", "managed");
    member = item(make, "members", 2);
    has_text(member, "name", "bad\x1b[2J\xef\xbf\xbd");
    has_text(member, "driver", NULL);
    json_object_put(json);
}

static void a_finding_has_its_trace(void **state)
{
    struct json_object *json, *finding, *step;
    struct proof_stage s;

    (void)state;
    proof_stage_set(&s);
    json = document(&s);
    assert_int_equal(length(json, "findings"), 3);
    finding = item(json, "findings", 0);
    has_text(get(finding, "invariant"), "name", "returns");
    has_text(item(finding, "unless", 0), "name", "attach");
    has_text(item(finding, "unless", 0), "text", "no claim, attach or joining fails at a member");
    assert_int_equal(length(finding, "groups"), 6);
    has_number(finding, "trace_group", 0);
    step = item(finding, "trace", 0);
    has_text(step, "actor", "owner");
    has_text(step, "act", "claim the group");
    has_text(step, "device", NULL);
    has_number(step, "owner", 1);
    has_text(step, "error", "EIO");
    has_text(step, "rule", "IOW-DMA-ATTACH-FAILED");
    assert_int_equal(length(step, "moved"), 1);
    assert_int_equal(length(step, "not_moved"), 1);
    finding = item(json, "findings", 1);
    step = item(finding, "trace", 1);
    has_text(step, "device", "0000:01:00.0");
    has_text(step, "act", "probe a driver");
    has_text(step, "error", NULL);
    has_text(step, "rule", NULL);
    assert_null(get(step, "owner"));
    has_text(finding, "then",
        "owner 1 has the group, and a driver that uses the DMA API is on 0000:01:00.0, while 0000:01:00.0 is "
        "on "
        "the blocking domain");
    json_object_put(json);
}

static void the_profile_itself_is_of_no_kernel(void **state)
{
    struct json_object *json;
    struct proof_stage s;

    (void)state;
    proof_stage_set(&s);
    s.prove.profile = iow_profile_find("pure");
    s.prove.kernel = NULL;
    s.prove.n_findings = 0;
    s.makes[0].always = true;
    json = document(&s);
    has_text(json, "profile", "pure");
    has_text(json, "kernel", NULL);
    has_bool(item(json, "make_ups", 0), "always", true);
    has_bool(item(json, "make_ups", 1), "always", false);
    assert_int_equal(length(json, "findings"), 0);
    json_object_put(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_make_up_tells_what_was_searched),
        cmocka_unit_test(a_finding_has_its_trace),
        cmocka_unit_test(the_profile_itself_is_of_no_kernel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
