/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

static struct json_object *why(struct stage *s, const char *a, const char *b)
{
    struct json_object *document = parsed(drawn_why(s, a, b, true));

    has_text(document, "schema", "ioward.why/1");
    assert_int_equal(length(document, "functions"), b ? 2 : 1);
    return document;
}

static void below_a_vmd_everything_is_of_the_vmd(void **state)
{
    struct json_object *document, *f;
    struct stage s;

    (void)state;
    stage_set_vmd(&s);
    stage_play(&s);
    document = why(&s, "10000:e1:00.0", NULL);
    assert_null(get(document, "pair"));
    f = item(document, "functions", 0);
    has_bool(f, "agrees", true);
    has_text(f, "opened_by", "0000:00:0e.0");
    assert_int_equal(length(f, "members"), 3);
    has_text(get(item(f, "members", 2), "reason"), "rule", "IOW-GRP-REAL-DMA");
    has_text(item(f, "looked_at", 0), "rule", "IOW-STEP-REAL-DMA");
    has_text(item(f, "looked_at", 0), "other", "0000:00:0e.0");
    assert_null(get(item(f, "looked_at", 0), "acs"));
    has_number(f, "looked_at_left_out", 0);
    json_object_put(document);
    stage_end(&s);
}

static void a_pair_has_its_links_and_its_group_once(void **state)
{
    struct json_object *document, *link;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    document = why(&s, "01:00.0", "01:00.1");
    assert_int_equal(length(document, "groups"), 1);
    has_bool(get(document, "pair"), "same_group", true);
    has_bool(get(document, "pair"), "same_predicted_group", true);
    link = item(get(document, "pair"), "links", 0);
    has_text(link, "from", "0000:01:00.1");
    has_text(link, "to", "0000:01:00.0");
    has_text(get(link, "reason"), "alias_quirk", "Marvell SATA controller");
    json_object_put(document);
    stage_end(&s);
}

static void what_rests_on_the_unread_is_null(void **state)
{
    struct json_object *document, *f;
    struct iow_missing missing;
    struct stage s;

    (void)state;
    stage_set_asleep(&s, &missing);
    stage_play(&s);
    document = why(&s, "01:00.0", "00:02.0");
    f = item(document, "functions", 0);
    assert_null(get(f, "agrees"));
    assert_null(get(f, "reason"));
    has_text(f, "opened_by", NULL);
    assert_int_equal(length(f, "members"), 0);
    assert_int_equal(length(f, "expected_but_absent"), 0);
    assert_int_equal(length(f, "present_but_unexpected"), 0);
    assert_null(get(get(document, "pair"), "same_predicted_group"));
    has_bool(get(document, "pair"), "same_group", false);
    assert_int_equal(length(document, "groups"), 2);
    has_text(item(document, "missing", 0), "rule", "IOW-READ-ASLEEP");
    json_object_put(document);
    stage_end(&s);
}

static void a_group_that_came_lazily_lacks_what_the_rule_expects(void **state)
{
    struct json_object *document, *f;
    struct stage s;

    (void)state;
    stage_set_lazy(&s);
    stage_play(&s);
    document = why(&s, "01:00.0", NULL);
    f = item(document, "functions", 0);
    has_bool(f, "agrees", false);
    assert_int_equal(length(f, "expected_but_absent"), 1);
    assert_string_equal(json_object_get_string(item(f, "expected_but_absent", 0)), "0000:00:02.0");
    has_text(item(document, "differences", 0), "rule", "IOW-DIFF-LAZY");
    json_object_put(document);
    document = why(&s, "00:03.0", NULL);
    has_bool(item(document, "functions", 0), "agrees", false);
    assert_int_equal(length(document, "groups"), 0);
    has_text(item(document, "differences", 0), "rule", "IOW-DIFF-NOT-YET");
    has_text(item(item(document, "functions", 0), "separated_by", 0), "rule", "IOW-STEP-ROOT-BUS");
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_a_vmd_everything_is_of_the_vmd),
        cmocka_unit_test(a_pair_has_its_links_and_its_group_once),
        cmocka_unit_test(what_rests_on_the_unread_is_null),
        cmocka_unit_test(a_group_that_came_lazily_lacks_what_the_rule_expects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
