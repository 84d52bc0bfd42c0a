/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sets-stage.h"

static struct json_object *drawn(struct stage *s, unsigned grades)
{
    struct iow_sets_view *sets = stage_sets(s, grades, NULL);
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(iow_sets_json(s->view, sets, out), 0);
    assert_int_equal(fclose(out), 0);
    return parsed(text);
}

static void everything_is_in_the_document(void **state)
{
    struct json_object *document, *grade, *breach, *coarse;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    document = drawn(&s, ALL_GRADES);
    has_text(document, "schema", "ioward.route-sets/1");
    has_text(document, "closed", "no");
    assert_int_equal(length(document, "grades"), 3);
    grade = item(document, "grades", 0);
    has_text(grade, "grade", "surely");
    assert_int_equal(length(grade, "sets"), 1);
    assert_int_equal(length(grade, "breaches"), 1);
    breach = item(grade, "breaches", 0);
    has_text(breach, "from", "0000:03:00.0");
    has_text(breach, "to", "0000:04:00.0");
    has_text(breach, "deciding", "0000:02:00.0");
    has_text(breach, "rule", "IOW-ROUTE-NOT-REDIRECTED");
    has_text(breach, "cause", "IOW-HW-ACS-CLEARED");
    has_text(breach, "answer", "around");
    has_text(breach, "grade", "surely");
    has_bool(breach, "mutual", false);
    has_bool(breach, "translated", false);
    assert_int_equal(length(breach, "acs_bits"), 1);
    coarse = item(document, "coarser_groups", 0);
    has_text(coarse, "rule", "IOW-HW-SPLIT-BY-BITS");
    has_bool(coarse, "by_root_complex", true);
    assert_int_equal(length(coarse, "splitters"), 2);
    assert_int_equal(length(item(coarse, "splitters", 0), "acs_bits"), 4);
    has_text(item(document, "drifts", 0), "port", "0000:02:00.0");
    has_bool(item(document, "drifts", 0), "more", false);
    assert_int_equal(length(item(document, "drifts", 0), "cleared"), 4);
    assert_int_equal(length(item(document, "drifts", 0), "opened"), 1);
    has_text(item(item(document, "drifts", 0), "opened", 0), "before", "through");
    has_text(item(item(document, "drifts", 0), "opened", 0), "grade", "surely");
    json_object_put(document);
    stage_end(&s);
}

static void what_is_not_there_is_null(void **state)
{
    struct json_object *document, *breach;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    s.scene.function[scene_function(&s.scene, "04:00.0")].group = NO_GROUP;
    s.scene.function[scene_function(&s.scene, "02:00.0")].config.bar[0] = 0xe0000000;
    document = drawn(&s, 1u << IOW_ROUTE_POSSIBLY);
    breach = item(item(document, "grades", 0), "breaches", 0);
    assert_null(get(breach, "to_group"));
    breach = item(item(document, "grades", 0), "breaches", 1);
    has_text(breach, "cause", "IOW-HW-PORT-REGISTERS");
    assert_null(get(breach, "remedy"));
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_in_the_document),
        cmocka_unit_test(what_is_not_there_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
