/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sets-stage.h"

static char *drawn(struct stage *s, unsigned grades, const bool *about)
{
    struct iow_sets_view *sets = stage_sets(s, grades, about);
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(iow_sets_text(s->view, sets, out), 0);
    assert_int_equal(fclose(out), 0);
    return flat(text);
}

static void sets_breaches_and_coarse_groups_are_drawn(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_sets(&s);
    text = drawn(&s, SURE, NULL);
    assert_non_null(strstr(text, "2 of 7 groups are not isolated by the hardware"));
    assert_non_null(strstr(text, "* 0000:03:00.0 (g4), 0000:04:00.0 (g5)"));
    assert_non_null(strstr(text, "! 0000:03:00.0 (group 4) reaches"));
    assert_non_null(strstr(text, "(IOW-HW-ACS-CLEARED)"));
    assert_non_null(strstr(text, "-> find what clears the bits"));
    assert_non_null(
        strstr(text, "the devices of group 6 are in 2 sets, if the root complex does not join them"));
    assert_non_null(strstr(text, "0000:00:03.0: SV RR CR UF"));
    assert_non_null(strstr(text, "-> have the firmware set them"));
    assert_non_null(strstr(text, "* 0000:02:00.0 lacks SV RR CR UF, which opened:"));
    assert_non_null(
        strstr(text, "0000:03:00.0 (group 4) now reaches the registers of 0000:04:00.0 (group 5)"));
    assert_null(strstr(text, "perhaps more"));
    assert_null(strstr(text, "POSSIBLY"));
    free(text);
    stage_end(&s);
}

static void nothing_to_say_is_said(void **state)
{
    bool none[SCENE_MOST] = {false};
    struct stage s;
    char *text;

    (void)state;
    stage_set_sets(&s);
    text = drawn(&s, SURE, none);
    assert_non_null(strstr(text, "IOMMU none"));
    assert_null(strstr(text, "!"));
    assert_null(strstr(text, "coarser"));
    free(text);
    stage_end(&s);
}

static void what_no_bit_splits_has_no_remedy(void **state)
{
    struct stage s;
    char *text;

    (void)state;
    stage_set_sets(&s);
    for (uint32_t i = 1; i < 3; i++)
        s.scene.function[i].config.acs_offset = s.scene.function[i].config.acs_cap = 0;
    text = drawn(&s, SURE, NULL);
    assert_non_null(strstr(text, "(IOW-HW-SPLIT-BY-NOTHING)"));
    assert_null(strstr(text, "-> have the firmware"));
    free(text);
    stage_end(&s);
}

static void what_is_too_much_is_counted(void **state)
{
    struct iow_sets_view *sets;
    struct iow_closure *closure;
    struct stage s;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    stage_set_sets(&s);
    sets = stage_sets(&s, SURE, NULL);
    closure = sets->grade[0].agreement.closure;
    closure->n_breaches += 4;
    closure->n_unshown = 1;
    assert_int_equal(iow_sets_text(s.view, sets, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "and 5 more ways between groups"));
    free(text);
    stage_end(&s);
}

static void a_drift_that_opened_nothing_or_much_says_so(void **state)
{
    struct iow_sets_view *sets;
    struct stage s;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    stage_set_sets(&s);
    sets = stage_sets(&s, SURE, NULL);
    sets->drifts[0].n_opened = 0;
    sets->drifts[0].more = true;
    assert_int_equal(iow_sets_text(s.view, sets, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "which opened no way that was not open before"));
    assert_non_null(strstr(text, "and perhaps more"));
    free(text);
    stage_end(&s);
}

static void a_long_set_is_cut(void **state)
{
    uint32_t first[42], member[42 * 2 + 40] = {0};
    struct iow_sets_view *sets;
    struct stage s;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    stage_set_sets(&s);
    sets = stage_sets(&s, SURE, NULL);
    for (uint32_t i = 0; i < COUNT(first); i++)
        first[i] = i ? 18 + i * 2 : 0;
    sets->grade[0].n = COUNT(first) - 1;
    sets->grade[0].first = first;
    sets->grade[0].member = member;
    assert_int_equal(iow_sets_text(s.view, sets, out), 0);
    assert_int_equal(fclose(out), 0);
    text = flat(text);
    assert_non_null(strstr(text, " and 4 more * "));
    assert_non_null(strstr(text, "and 9 more sets"));
    free(text);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_breaches_and_coarse_groups_are_drawn),
        cmocka_unit_test(nothing_to_say_is_said),
        cmocka_unit_test(what_no_bit_splits_has_no_remedy),
        cmocka_unit_test(what_is_too_much_is_counted),
        cmocka_unit_test(a_drift_that_opened_nothing_or_much_says_so),
        cmocka_unit_test(a_long_set_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
