/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

static struct json_object *status(const struct stage *s)
{
    struct json_object *document = parsed(drawn_status(s, NULL));

    has_text(document, "schema", "ioward.status/1");
    return document;
}

static void a_machine_without_anything_has_empty_lists(void **state)
{
    static const char *const list[] = {"groups", "functions", "differences", "remarks", "missing"};
    struct json_object *document;
    struct stage s;

    (void)state;
    scene_set(&s.scene, NULL, 0);
    s.scene.facts.machine.pci = false;
    stage_play(&s);
    document = status(&s);
    for (size_t i = 0; i < COUNT(list); i++)
        assert_int_equal(length(document, list[i]), 0);
    has_bool(get(document, "machine"), "pci", false);
    json_object_put(document);
    stage_end(&s);
}

static void groups_that_form_lazily_are_told_as_differences(void **state)
{
    struct json_object *document;
    struct stage s;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    document = status(&s);
    assert_int_equal(length(document, "groups"), 2);
    assert_int_equal(length(document, "functions"), 3);
    assert_null(get(item(document, "functions", 1), "group"));
    assert_non_null(get(item(document, "functions", 1), "predicted_group"));
    assert_int_equal(length(document, "differences"), 2);
    has_text(item(document, "differences", 0), "rule", "IOW-DIFF-NOT-YET");
    has_text(item(document, "differences", 1), "rule", "IOW-DIFF-LAZY");
    assert_int_equal(length(document, "remarks"), 0);
    json_object_put(document);
    stage_end(&s);
}

/* Texts are cut where people read; documents are whole. */
static void no_remark_is_left_out(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"80:00.0", NULL, EP, NO_GROUP},
        {"81:00.0", NULL, EP, NO_GROUP}, {"82:00.0", NULL, EP, NO_GROUP}, {"83:00.0", NULL, EP, NO_GROUP},
        {"84:00.0", NULL, EP, NO_GROUP}};
    struct json_object *document;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    document = status(&s);
    assert_int_equal(length(document, "remarks"), 5);
    has_text(item(document, "remarks", 4), "rule", "IOW-REM-UNGROUPED");
    has_text(item(document, "remarks", 4), "address", "0000:84:00.0");
    has_text(item(document, "remarks", 4), "group", NULL);
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_without_anything_has_empty_lists),
        cmocka_unit_test(groups_that_form_lazily_are_told_as_differences),
        cmocka_unit_test(no_remark_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
