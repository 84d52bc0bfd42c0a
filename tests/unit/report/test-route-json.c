/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "route-stage.h"

static struct json_object *drawn(struct stage *s, uint32_t from, uint32_t to)
{
    struct iow_route_view pair;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    stage_play(s);
    iow_route_view_find(s->view, from, to, &pair);
    assert_int_equal(iow_route_json(s->view, &pair, out), 0);
    assert_int_equal(fclose(out), 0);
    return parsed(text);
}

static void four_routes_are_printed_in_their_order(void **state)
{
    struct json_object *document, *route;
    struct stage s;

    (void)state;
    stage_set_routes(&s);
    s.scene.function[2].config.command = 0;
    document = drawn(&s, 2, 3);
    has_text(document, "schema", "ioward.route/1");
    has_text(document, "from", "0000:01:00.0");
    assert_int_equal(length(document, "routes"), 4);
    for (unsigned i = 0; i < 4; i++) {
        has_bool(item(document, "routes", i), "translated", i & 1);
        has_bool(item(document, "routes", i), "switched_on", i >= 2);
    }
    has_text(item(document, "routes", 0), "answer", "blocked");
    route = item(document, "routes", 2);
    has_text(route, "answer", "around");
    has_text(route, "grade", "root-complex");
    has_text(route, "address", "0xf0100000");
    has_text(get(route, "deciding"), "rule", "IOW-ROUTE-NOT-REDIRECTED");
    has_text(get(route, "deciding"), "way", "root-complex");
    assert_int_equal(length(get(route, "deciding"), "acs_bits"), 1);
    has_text(item(route, "hops", 0), "function", "0000:01:00.0");
    json_object_put(document);
    stage_end(&s);
}

static void no_address_is_null(void **state)
{
    struct json_object *document;
    struct stage s;

    (void)state;
    stage_set_routes(&s);
    document = drawn(&s, 2, 1);
    assert_null(get(item(document, "routes", 0), "address"));
    json_object_put(document);
    stage_end(&s);
}

static void a_table_has_every_pair_both_ways(void **state)
{
    static const uint32_t both[] = {3, 2};
    struct json_object *document;
    struct stage s;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    stage_set_routes(&s);
    s.scene.function[3].config.ats_ctrl = IOW_ATS_ENABLE;
    stage_play(&s);
    assert_int_equal(iow_route_matrix_json(s.view, both, 2, out), 0);
    assert_int_equal(fclose(out), 0);
    document = parsed(text);
    has_text(document, "schema", "ioward.route-matrix/1");
    assert_int_equal(length(document, "functions"), 2);
    assert_int_equal(length(document, "routes"), 2);
    has_text(item(document, "routes", 0), "from", "0000:02:00.0");
    has_bool(item(document, "routes", 0), "translated", true);
    has_text(item(document, "routes", 1), "to", "0000:02:00.0");
    has_bool(item(document, "routes", 1), "translated", false);
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_routes_are_printed_in_their_order),
        cmocka_unit_test(no_address_is_null),
        cmocka_unit_test(a_table_has_every_pair_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
