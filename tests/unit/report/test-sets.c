/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sets-stage.h"

#include "report/rules.h"

static uint32_t n_shown(const struct iow_sets_of_grade *grade)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < grade->agreement.closure->n_listed; i++)
        n += grade->shown[i];
    return n;
}

static void sets_of_several_are_chosen(void **state)
{
    struct iow_sets_view *sets;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    sets = stage_sets(&s, SURE, NULL);
    assert_int_equal(sets->n_grades, 1);
    assert_int_equal(sets->grade[0].n, 1);
    assert_int_equal(sets->grade[0].first[0], 0);
    assert_int_equal(sets->grade[0].first[1], 2);
    assert_int_equal(sets->grade[0].member[0], scene_function(&s.scene, "03:00.0"));
    assert_int_equal(sets->grade[0].member[1], scene_function(&s.scene, "04:00.0"));
    assert_int_equal(n_shown(&sets->grade[0]), 1);
    assert_true(sets->coarse[0]);
    stage_end(&s);
}

static void the_surest_grade_comes_first_and_is_not_told_again(void **state)
{
    struct iow_sets_view *sets;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    s.scene.function[0].config.acs_ctrl &= ~IOW_ACS_RR;
    sets = stage_sets(&s, ALL_GRADES, NULL);
    assert_int_equal(sets->n_grades, 3);
    assert_int_equal(sets->grade[0].agreement.grade, IOW_ROUTE_SURELY);
    assert_int_equal(sets->grade[2].agreement.grade, IOW_ROUTE_IF_ROOT_COMPLEX);
    for (unsigned g = 1; g < 3; g++)
        for (uint32_t i = 0; i < sets->grade[g].agreement.closure->n_listed; i++)
            if (sets->grade[g].shown[i])
                assert_int_equal(
                    sets->grade[g].agreement.closure->breach[i].grade, sets->grade[g].agreement.grade);
    assert_true(n_shown(&sets->grade[2]) > 0);
    stage_end(&s);
}

static void only_what_was_asked_about_is_shown(void **state)
{
    bool about[SCENE_MOST] = {false};
    struct iow_sets_view *sets;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    about[scene_function(&s.scene, "06:00.0")] = true;
    sets = stage_sets(&s, SURE, about);
    assert_int_equal(sets->grade[0].n, 0);
    assert_int_equal(n_shown(&sets->grade[0]), 0);
    assert_true(sets->coarse[0]);
    about[scene_function(&s.scene, "06:00.0")] = false;
    about[scene_function(&s.scene, "04:00.0")] = true;
    sets = stage_sets(&s, SURE, about);
    assert_int_equal(sets->grade[0].n, 1);
    assert_int_equal(n_shown(&sets->grade[0]), 1);
    assert_false(sets->coarse[0]);
    stage_end(&s);
}

static char *words(struct stage *s, struct iow_breach *breach)
{
    struct iow_text text = {0};

    iow_breach_text(&text, s->view, breach);
    return text.data;
}

static void a_breach_says_how_sure_it_is(void **state)
{
    struct iow_breach breach;
    struct stage s;
    char *text;

    (void)state;
    stage_set_sets(&s);
    breach = stage_sets(&s, SURE, NULL)->grade[0].agreement.closure->breach[0];
    text = words(&s, &breach);
    assert_non_null(strstr(
        text, "0000:03:00.0 (group 4) reaches the registers of 0000:04:00.0 (group 5) around the IOMMU: "));
    assert_non_null(strstr(text, "0000:02:00.0"));
    assert_non_null(strstr(text, "(IOW-ROUTE-NOT-REDIRECTED)"));
    free(text);
    breach.grade = IOW_ROUTE_POSSIBLY;
    breach.mutual = breach.translated = true;
    text = words(&s, &breach);
    assert_non_null(strstr(text, " may reach the registers of "));
    assert_non_null(strstr(text, "(ATS), and the other way round: "));
    free(text);
    breach.answer = IOW_ROUTE_UNKNOWN;
    text = words(&s, &breach);
    assert_non_null(strstr(text, " may reach (ioward cannot tell) the registers of "));
    free(text);
    stage_end(&s);
}

static void one_without_group_is_said_to_have_none(void **state)
{
    struct iow_breach breach;
    struct stage s;
    char *text;

    (void)state;
    stage_set_sets(&s);
    s.scene.function[scene_function(&s.scene, "04:00.0")].group = NO_GROUP;
    breach = stage_sets(&s, SURE, NULL)->grade[0].agreement.closure->breach[0];
    text = words(&s, &breach);
    assert_non_null(strstr(text, "0000:04:00.0 (in no group)"));
    free(text);
    stage_end(&s);
}

static void cause_and_remedy_name_the_place(void **state)
{
    struct iow_text cause = {0}, remedy = {0};
    struct iow_breach breach;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    breach = stage_sets(&s, SURE, NULL)->grade[0].agreement.closure->breach[0];
    iow_breach_cause_text(&cause, s.view, &breach, IOW_RULE_HW_ACS_CLEARED);
    assert_non_null(strstr(cause.data, "the ACS bits of 0000:02:00.0 "));
    iow_breach_remedy_text(&remedy, s.view, &breach, IOW_RULE_HW_PORT_REGISTERS);
    assert_int_equal(remedy.len, 0);
    iow_breach_remedy_text(&remedy, s.view, &breach, IOW_RULE_HW_EGRESS_CONTROL);
    assert_non_null(strstr(remedy.data, "Egress Control of 0000:02:00.0 "));
    iow_text_done(&cause);
    iow_text_done(&remedy);
    stage_end(&s);
}

static void says_of_each_answer(
    uint32_t n_unread, uint32_t n_possibly, const char *const wanted[IOW_CLOSED__COUNT])
{
    struct stage s;

    stage_set_sets(&s);
    stage_play(&s);
    for (int i = 0; i < IOW_CLOSED__COUNT; i++) {
        const struct iow_agreement agreement = {.closed = (enum iow_closed)i,
            .n_unread = n_unread,
            .surely.n_open = 1,
            .possibly.n_open = n_possibly};
        struct iow_text text = {0};

        iow_closed_text(&text, s.view, &agreement);
        assert_non_null(strstr(text.data, wanted[i]));
        iow_text_done(&text);
    }
    stage_end(&s);
}

static void every_answer_has_a_sentence(void **state)
{
    static const char *const wanted[IOW_CLOSED__COUNT] = {
        [IOW_CLOSED_YES] = "The hardware isolates every group",
        [IOW_CLOSED_POSSIBLY_NOT] = "No request surely goes around",
        [IOW_CLOSED_UNKNOWN] = "registers of 3 functions could not be read",
        [IOW_CLOSED_NO] = "1 of 7 groups is not isolated",
    };

    (void)state;
    says_of_each_answer(3, 2, wanted);
}

static void one_is_not_said_as_many(void **state)
{
    static const char *const wanted[IOW_CLOSED__COUNT] = {
        [IOW_CLOSED_YES] = "isolates every group",
        [IOW_CLOSED_POSSIBLY_NOT] = "1 of 7 groups is isolated only if",
        [IOW_CLOSED_UNKNOWN] = "registers of 1 function could not be read",
        [IOW_CLOSED_NO] = "1 of 7 groups is not isolated",
    };

    (void)state;
    says_of_each_answer(1, 1, wanted);
}

/* That every one of no groups is closed must not read as if the hardware isolated anything. */
static void without_groups_nothing_is_isolated(void **state)
{
    static const struct iow_view none;

    (void)state;
    for (int i = 0; i < IOW_CLOSED__COUNT; i++) {
        const struct iow_agreement agreement = {.closed = (enum iow_closed)i};
        struct iow_text text = {0};

        iow_closed_text(&text, &none, &agreement);
        assert_string_equal(
            text.data, "There are no IOMMU groups here: no IOMMU keeps a device from anything.");
        iow_text_done(&text);
    }
}

static void a_port_that_drifted_is_told_once(void **state)
{
    bool about[SCENE_MOST] = {false};
    struct iow_sets_view *sets;
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    sets = stage_sets(&s, SURE, NULL);
    assert_int_equal(sets->n_drifts, 1);
    assert_int_equal(sets->drifts[0].port, scene_function(&s.scene, "02:00.0"));
    assert_int_equal(sets->drifts[0].cleared, IOW_ACS_REQUIRED);
    assert_int_equal(sets->drifts[0].n_opened, 1);
    assert_false(sets->drifts[0].more);
    about[scene_function(&s.scene, "06:00.0")] = true;
    assert_int_equal(stage_sets(&s, SURE, about)->n_drifts, 0);
    about[scene_function(&s.scene, "03:00.0")] = true;
    assert_int_equal(stage_sets(&s, SURE, about)->n_drifts, 1);
    stage_end(&s);
}

static void what_was_opened_says_how_sure_it_is(void **state)
{
    static const char *const wanted[IOW_ROUTE_GRADE__COUNT] = {
        [IOW_ROUTE_SURELY] = " now reaches the registers of ",
        [IOW_ROUTE_POSSIBLY] = " now may reach ",
        [IOW_ROUTE_IF_ROOT_COMPLEX] = " if the root complex passes it on, ",
    };
    struct iow_opened opened = {.from = 6, .to = 7, .translated = true};
    struct stage s;

    (void)state;
    stage_set_sets(&s);
    stage_play(&s);
    for (int i = 0; i < IOW_ROUTE_GRADE__COUNT; i++) {
        struct iow_text text = {0};

        opened.grade = (enum iow_route_grade)i;
        iow_opened_text(&text, s.view, &opened);
        assert_non_null(strstr(text.data, wanted[i]));
        assert_non_null(strstr(text.data, "0000:04:00.0 (group 5) around the IOMMU by requests that say"));
        iow_text_done(&text);
    }
    stage_end(&s);
}

static void what_would_split_is_a_rule(void **state)
{
    (void)state;
    assert_int_equal(iow_coarse_rule(&(struct iow_coarse_group){.now = true, .with_bits = true}),
        IOW_RULE_HW_SPLIT_AT_BOOT);
    assert_int_equal(
        iow_coarse_rule(&(struct iow_coarse_group){.with_bits = true}), IOW_RULE_HW_SPLIT_BY_BITS);
    assert_int_equal(iow_coarse_rule(&(struct iow_coarse_group){.now = false}), IOW_RULE_HW_SPLIT_BY_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_several_are_chosen),
        cmocka_unit_test(the_surest_grade_comes_first_and_is_not_told_again),
        cmocka_unit_test(only_what_was_asked_about_is_shown),
        cmocka_unit_test(a_breach_says_how_sure_it_is),
        cmocka_unit_test(one_without_group_is_said_to_have_none),
        cmocka_unit_test(cause_and_remedy_name_the_place),
        cmocka_unit_test(every_answer_has_a_sentence),
        cmocka_unit_test(one_is_not_said_as_many),
        cmocka_unit_test(without_groups_nothing_is_isolated),
        cmocka_unit_test(a_port_that_drifted_is_told_once),
        cmocka_unit_test(what_was_opened_says_how_sure_it_is),
        cmocka_unit_test(what_would_split_is_a_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
