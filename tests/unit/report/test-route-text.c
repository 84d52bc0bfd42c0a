/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "route-stage.h"

static char *drawn(struct stage *s, uint32_t from, uint32_t to)
{
    struct iow_route_view pair;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    stage_play(s);
    iow_route_view_find(s->view, from, to, &pair);
    assert_int_equal(iow_route_text(s->view, &pair, out), 0);
    assert_int_equal(fclose(out), 0);
    return flat(text);
}

static char *drawn_matrix(struct stage *s, const uint32_t *functions, uint32_t n)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    stage_play(s);
    assert_int_equal(iow_route_matrix_text(s->view, functions, n, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Neither a table of one cell nor a legend of no cell. */
static void one_device_makes_no_matrix(void **state)
{
    static const uint32_t one[] = {2};
    struct stage s;

    (void)state;
    for (uint32_t n = 0; n < 2; n++) {
        char *text;

        stage_set_routes(&s);
        text = drawn_matrix(&s, one, n);
        assert_string_equal(text, "A route is between two devices, and there are fewer.\n");
        free(text);
        stage_end(&s);
    }
}

static void the_deciding_hop_is_marked_once(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_routes(&s);
    text = drawn(&s, 2, 3);
    assert_non_null(strstr(text, "at 0xf0100000 goes around the IOMMU if the root complex"));
    assert_non_null(strstr(text, "> 2. 0000:00:02.0 hands it over directly"));
    assert_non_null(strstr(text, "If it says that its address was translated before (ATS), it goes around"));
    assert_null(strstr(text, "Once bus mastering"));
    assert_null(strstr(strstr(text, "> 2.") + 1, "> 1."));
    free(text);
    stage_end(&s);
}

static void what_changes_when_all_is_on_is_told(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_routes(&s);
    s.scene.function[3].config.command = IOW_COMMAND_MASTER;
    text = drawn(&s, 2, 3);
    assert_non_null(strstr(text, "does not arrive. > 1. 0000:02:00.0 answers no memory requests"));
    assert_non_null(strstr(text, "(ATS) changes nothing."));
    assert_non_null(strstr(text, "Once bus mastering and memory decoding are on"));
    free(text);
    stage_end(&s);
}

static void registers_without_an_address_have_none(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_routes(&s);
    text = drawn(&s, 2, 1);
    assert_non_null(strstr(text, "registers of 0000:00:03.0 does not arrive"));
    free(text);
    stage_end(&s);
}

static void a_table_explains_the_cells_that_it_has(void **state)
{
    static const uint32_t both[] = {2, 3};
    struct stage s;
    char *text;

    (void)state;
    stage_set_routes(&s);
    text = drawn_matrix(&s, both, 2);
    assert_non_null(strstr(text, "  1 0000:01:00.0  .        root   "));
    assert_non_null(strstr(text, "  2 0000:02:00.0  iommu    .      "));
    assert_non_null(strstr(text, "\n  iommu   goes through the IOMMU\n"));
    assert_null(strstr(text, "DIRECT"));
    assert_null(strstr(text, "*"));
    free(text);
    stage_end(&s);
}

static void a_table_marks_what_needs_a_translated_request(void **state)
{
    static const uint32_t both[] = {2, 3};
    struct stage s;
    char *text;

    (void)state;
    stage_set_routes(&s);
    s.scene.function[3].config.ats_ctrl = IOW_ATS_ENABLE;
    text = drawn_matrix(&s, both, 2);
    assert_non_null(strstr(text, "  2 0000:02:00.0  root*    .      "));
    assert_non_null(strstr(text, "\n  *       only if it says"));
    free(text);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_device_makes_no_matrix),
        cmocka_unit_test(the_deciding_hop_is_marked_once),
        cmocka_unit_test(what_changes_when_all_is_on_is_told),
        cmocka_unit_test(registers_without_an_address_have_none),
        cmocka_unit_test(a_table_explains_the_cells_that_it_has),
        cmocka_unit_test(a_table_marks_what_needs_a_translated_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
