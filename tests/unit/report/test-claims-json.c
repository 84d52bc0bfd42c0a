/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static void claims_have_members_and_steps(void **state)
{
    const struct iow_claim_row rows[] = {
        {&stage_held, "alice", "alice", false}, {&stage_releasing, "alice", NULL, true}};
    struct json_object *document = parsed(DRAWN(iow_claims_json(rows, COUNT(rows), out))), *claim, *step;

    (void)state;
    has_text(document, "schema", "ioward.claims/1");
    assert_int_equal(length(document, "claims"), 2);
    claim = item(document, "claims", 0);
    has_number(claim, "transaction", 3);
    has_number(claim, "group", 4);
    has_text(claim, "state", "held");
    has_bool(claim, "abandoned", false);
    has_bool(claim, "bound", false);
    has_text(claim, "since", "2026-03-01T14:07:12Z");
    has_text(claim, "command", NULL);
    assert_null(get(claim, "supervisor"));
    assert_int_equal(length(claim, "members"), 3);
    has_text(item(claim, "members", 2), "address", "0000:01:00.1");
    has_text(item(claim, "members", 2), "role", "companion");
    claim = item(document, "claims", 1);
    has_bool(claim, "abandoned", true);
    has_bool(claim, "bound", true);
    has_number(claim, "supervisor", 700);
    has_text(get(claim, "asked_by"), "name", NULL);
    has_text(claim, "command", "qemu bad\x1b[2J\xef\xbf\xbd");
    step = item(claim, "steps", 0);
    has_text(step, "state", "done");
    has_text(step, "rule", NULL);
    assert_null(get(step, "errno"));
    assert_null(get(step, "pid"));
    step = item(claim, "steps", 1);
    has_text(step, "state", "undoing");
    has_text(step, "rule", "IOW-EXEC-REFUSED");
    has_number(step, "errno", EBUSY);
    has_number(step, "pid", 812);
    has_text(get(step, "step"), "kind", "unbind");
    json_object_put(document);
}

static void no_claims_are_an_empty_list(void **state)
{
    struct json_object *document = parsed(DRAWN(iow_claims_json(NULL, 0, out)));

    (void)state;
    assert_int_equal(length(document, "claims"), 0);
    json_object_put(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_have_members_and_steps),
        cmocka_unit_test(no_claims_are_an_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
