/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static struct json_object *drawn(struct plan_stage *s)
{
    struct json_object *document = parsed(DRAWN(iow_plan_json(s->stage.view, s->plan, &s->about, out)));

    has_text(document, "schema", "ioward.plan/1");
    return document;
}

static void a_plan_has_request_groups_members_and_steps(void **state)
{
    struct json_object *document, *request, *step;
    struct plan_stage s;

    (void)state;
    plan_stage_set(&s);
    s.whole[s.request.n_whole++] = 7;
    plan_stage_play(&s);
    document = drawn(&s);
    has_bool(document, "refused", false);
    assert_int_equal(length(document, "refusals"), 0);
    request = get(document, "request");
    assert_string_equal(json_object_get_string(item(request, "functions", 0)), "0000:01:00.0");
    assert_int_equal(json_object_get_int(item(request, "groups", 0)), 7);
    has_bool(request, "with_group", true);
    has_text(get(request, "user"), "name", "alice");
    has_number(request, "gid", 100);
    assert_int_equal(length(document, "groups"), 2);
    has_number(item(document, "groups", 1), "group", 7);
    assert_int_equal(length(document, "members"), 5);
    has_text(item(document, "members", 0), "role", "stays");
    has_text(item(document, "members", 1), "role", "asked");
    has_text(item(document, "members", 2), "role", "companion");
    has_text(item(document, "members", 2), "driver", "bad\x1b[2J\xef\xbf\xbd");
    has_text(item(document, "members", 3), "driver", NULL);
    assert_int_equal(length(document, "steps"), s.plan->n_steps);
    step = item(document, "steps", 1);
    has_text(step, "kind", "unbind");
    has_text(step, "identity", "1b36:0001");
    json_object_put(document);
    plan_stage_end(&s);
}

static void what_is_not_known_stands_beside_the_steps(void **state)
{
    struct json_object *document;
    struct plan_stage s;

    (void)state;
    plan_stage_set(&s);
    s.request.looking = true;
    s.stage.scene.function[1].known &= (uint8_t)~IOW_FUNCTION_USES;
    plan_stage_play(&s);
    document = drawn(&s);
    has_bool(document, "refused", false);
    assert_int_equal(length(document, "refusals"), 1);
    has_text(item(document, "refusals", 0), "rule", "IOW-USE-UNKNOWN");
    assert_true(length(document, "steps") > 0);
    json_object_put(document);
    plan_stage_end(&s);
}

static void each_refusal_says_what_it_is_about(void **state)
{
    static const struct iow_held file[] = {{IOW_HELD_GROUP, 4, IOW_NONE}};
    struct json_object *document, *held, *use, *companion, *machine;
    struct plan_stage s;

    (void)state;
    plan_stage_set(&s);
    s.request.with_group = false;
    s.stage.scene.facts.provenance = IOW_FROM_CAPTURE;
    scene_hold(&s.stage.scene, 812, file, 1);
    plan_stage_use(&s,
        (struct iow_use){.kind = IOW_USE_OPEN, .function = 1, .name = "/dev/x", .by = HOSTILE, .pid = 77});
    plan_stage_play(&s);
    document = drawn(&s);
    has_bool(document, "refused", true);
    assert_int_equal(length(document, "steps"), 0);
    assert_int_equal(length(document, "members"), 4);
    assert_int_equal(length(document, "refusals"), 5);
    machine = item(document, "refusals", 0);
    has_text(machine, "rule", "IOW-PLAN-NOT-LIVE");
    assert_null(get(machine, "group"));
    has_text(machine, "address", NULL);
    held = item(document, "refusals", 1);
    has_text(held, "rule", "IOW-USE-HELD");
    has_number(held, "group", 4);
    has_number(held, "pid", 812);
    has_text(held, "by", "user");
    use = item(document, "refusals", 2);
    has_text(use, "rule", "IOW-USE-OPEN");
    has_text(use, "address", "0000:01:00.0");
    has_text(use, "name", "/dev/x");
    has_text(use, "by", "bad\x1b[2J\xef\xbf\xbd");
    has_number(use, "pid", 77);
    companion = item(document, "refusals", 3);
    has_text(companion, "rule", "IOW-PLAN-COMPANIONS");
    has_text(companion, "address", "0000:01:00.1");
    says(json_object_get_string(get(companion, "text")), "group 4 also has 0000:01:00.1, and");
    says(json_object_get_string(get(companion, "remedy")), "--with-group");
    assert_null(get(companion, "pid"));
    has_text(companion, "by", NULL);
    json_object_put(document);
    plan_stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_has_request_groups_members_and_steps),
        cmocka_unit_test(what_is_not_known_stands_beside_the_steps),
        cmocka_unit_test(each_refusal_says_what_it_is_about),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
