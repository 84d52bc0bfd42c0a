/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hardware.h"

static const struct actor isolating[] = {SWITCH(ISOLATING, ISOLATING),
    {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, PLAIN, 4}, {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, PLAIN, 5}};

/* Linux has the two devices in different groups, each with the port above it. */
static const struct actor split[] = {SWITCH(PLAIN, PLAIN),
    {"03:00.0", "02:00.0", IOW_PCIE_ENDPOINT, PLAIN, 2}, {"04:00.0", "02:01.0", IOW_PCIE_ENDPOINT, PLAIN, 3}};

static void groups_that_the_hardware_isolates_are_closed(void **state)
{
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, isolating, COUNT(isolating));
    agreement = hardware_play(&s);
    assert_int_equal(agreement->closed, IOW_CLOSED_YES);
    assert_int_equal(agreement->n_unread, 0);
    assert_int_equal(agreement->surely.n_open, 0);
    assert_int_equal(agreement->possibly.n_open, 0);
    for (uint32_t g = 0; g < s.facts.n_groups; g++)
        assert_int_equal(agreement->group[g], IOW_CLOSED_YES);
    scene_end(&s);
}

static void a_switch_that_linux_splits_is_not_closed(void **state)
{
    const struct iow_closure *closure;
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, split, COUNT(split));
    agreement = hardware_play(&s);
    closure = agreement->surely.closure;
    assert_int_equal(agreement->closed, IOW_CLOSED_NO);
    assert_int_equal(agreement->surely.n_open, 2);
    assert_int_equal(agreement->group[scene_group(&s, 2)], IOW_CLOSED_NO);
    assert_int_equal(agreement->group[scene_group(&s, 3)], IOW_CLOSED_NO);
    assert_int_equal(agreement->group[scene_group(&s, 0)], IOW_CLOSED_YES);
    assert_int_equal(closure->n_listed, 1);
    assert_int_equal(agreement->surely.cause[0], IOW_RULE_HW_SWITCH);
    assert_true(closure->breach[0].mutual);
    scene_end(&s);
}

static void what_is_left_open_is_beside_what_is_sure(void **state)
{
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, isolating, COUNT(isolating));
    s.function[scene_function(&s, "00:02.0")].config.acs_ctrl &= ~IOW_ACS_UF;
    agreement = hardware_play(&s);
    assert_int_equal(agreement->closed, IOW_CLOSED_POSSIBLY_NOT);
    assert_int_equal(agreement->surely.n_open, 0);
    assert_int_equal(agreement->possibly.n_open, 2);
    assert_int_equal(agreement->group[scene_group(&s, 4)], IOW_CLOSED_POSSIBLY_NOT);
    assert_int_equal(agreement->group[scene_group(&s, 1)], IOW_CLOSED_YES);
    scene_end(&s);
}

static void what_was_not_read_is_unknown(void **state)
{
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, isolating, COUNT(isolating));
    s.function[scene_function(&s, "02:00.0")].config.known &= ~IOW_CONFIG_EXT_CAPS;
    s.function[scene_function(&s, "02:00.0")].config.acs_offset = 0;
    agreement = hardware_play(&s);
    assert_int_equal(agreement->closed, IOW_CLOSED_UNKNOWN);
    assert_int_equal(agreement->n_unread, 1);
    assert_int_equal(agreement->surely.n_open, 0);
    assert_int_equal(agreement->group[scene_group(&s, 4)], IOW_CLOSED_UNKNOWN);
    assert_int_equal(agreement->possibly.cause[0], IOW_RULE_HW_UNREAD);
    scene_end(&s);
}

/* It has no registers for anybody to reach, but who knows what it reaches. */
static void a_group_with_an_unread_member_is_unknown(void **state)
{
    static const struct actor alone[] = {{"00:02.0", NULL, IOW_PCIE_RC_ENDPOINT, PLAIN, 0}};
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    scene_set(&s, alone, COUNT(alone));
    s.function[0].config.known &= ~IOW_CONFIG_EXT_CAPS;
    agreement = hardware_play(&s);
    assert_int_equal(agreement->closed, IOW_CLOSED_UNKNOWN);
    assert_int_equal(agreement->group[0], IOW_CLOSED_UNKNOWN);
    assert_int_equal(agreement->possibly.n_open, 0);
    scene_end(&s);
}

/* One that nothing was read of cannot take from another what is sure. */
static void what_is_sure_stays_so(void **state)
{
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, split, COUNT(split));
    s.function[scene_function(&s, "00:02.0")].config.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER;
    agreement = hardware_play(&s);
    assert_int_equal(agreement->closed, IOW_CLOSED_NO);
    scene_end(&s);
}

static void a_function_without_group_is_a_part_of_its_own(void **state)
{
    struct iow_agreement *agreement;
    struct scene s;

    (void)state;
    hardware_set(&s, split, COUNT(split));
    s.function[scene_function(&s, "04:00.0")].group = NO_GROUP;
    agreement = hardware_play(&s);
    assert_int_equal(agreement->surely.closure->n_parts, s.facts.n_groups + 1);
    assert_int_equal(agreement->surely.n_open, 1);
    assert_int_equal(agreement->group[scene_group(&s, 2)], IOW_CLOSED_NO);
    scene_end(&s);
}

static void a_grade_can_be_asked_for_alone(void **state)
{
    static const struct actor ports[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, CLEARED, 0},
        {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, CLEARED, 1},
        {"01:00.0", "00:02.0", IOW_PCIE_ENDPOINT, PLAIN, 0},
        {"02:00.0", "00:03.0", IOW_PCIE_ENDPOINT, PLAIN, 1}};
    struct iow_grade_agreement grade;
    struct scene s;

    (void)state;
    hardware_set(&s, ports, COUNT(ports));
    scene_play(&s);
    assert_int_equal(
        iow_agreement_grade(s.analysis, IOW_ROUTE_IF_ROOT_COMPLEX, ENOUGH, &s.mem, &grade, NULL), 0);
    assert_int_equal(grade.grade, IOW_ROUTE_IF_ROOT_COMPLEX);
    assert_int_equal(grade.n_open, 2);
    assert_int_equal(grade.cause[0], IOW_RULE_HW_ROOT_COMPLEX);
    assert_int_equal(iow_agreement_grade(s.analysis, IOW_ROUTE_POSSIBLY, ENOUGH, &s.mem, &grade, NULL), 0);
    assert_int_equal(grade.n_open, 0);
    scene_end(&s);
}

static void *no_chunk(void *ctx, size_t size_bytes)
{
    (void)ctx;
    (void)size_bytes;
    return NULL;
}

static void without_memory_there_is_no_answer(void **state)
{
    struct iow_agreement *agreement;
    struct iow_explain e = {0};
    struct iow_mem none;
    struct scene s;

    (void)state;
    hardware_set(&s, split, COUNT(split));
    scene_play(&s);
    iow_mem_init(&none, no_chunk, NULL, NULL);
    assert_int_equal(iow_agreement_find(s.analysis, ENOUGH, &none, &agreement, &e), -IOW_ENOMEM);
    assert_int_equal(e.rule, IOW_RULE_READ_NO_MEMORY);
    scene_end(&s);
}

static void answers_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < IOW_CLOSED__COUNT; i++)
        for (int k = 0; k <= i; k++)
            assert_int_equal(
                strcmp(iow_closed_name((enum iow_closed)i), iow_closed_name((enum iow_closed)k)) == 0,
                i == k);
    assert_string_equal(iow_closed_name((enum iow_closed)IOW_CLOSED__COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_that_the_hardware_isolates_are_closed),
        cmocka_unit_test(a_switch_that_linux_splits_is_not_closed),
        cmocka_unit_test(what_is_left_open_is_beside_what_is_sure),
        cmocka_unit_test(what_was_not_read_is_unknown),
        cmocka_unit_test(a_group_with_an_unread_member_is_unknown),
        cmocka_unit_test(what_is_sure_stays_so),
        cmocka_unit_test(a_function_without_group_is_a_part_of_its_own),
        cmocka_unit_test(a_grade_can_be_asked_for_alone),
        cmocka_unit_test(without_memory_there_is_no_answer),
        cmocka_unit_test(answers_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
