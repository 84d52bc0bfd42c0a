/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define PORT_CLEARED IOW_PCIE_ROOT_PORT, 0x5f, 0x00
#define PORT_OPEN IOW_PCIE_ROOT_PORT, -1, 0
#define EP IOW_PCIE_ENDPOINT, -1, 0

static const struct iow_difference *difference(const struct scene *s, const char *address)
{
    uint32_t i = scene_function(s, address);

    for (uint32_t d = 0; d < s->analysis->n_differences; d++)
        if (s->analysis->differences[d].function == i)
            return &s->analysis->differences[d];
    return NULL;
}

static void play(struct scene *s, const struct actor *actor, uint32_t n)
{
    scene_set(s, actor, n);
    scene_play(s);
}

static void equal_partitions_have_no_difference(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 7}, {"00:03.0", NULL, PORT_OPEN, 3},
        {"01:00.0", "00:02.0", EP, 1}, {"02:00.0", "00:03.0", EP, 3}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(s.analysis->n_differences, 0);
    scene_end(&s);
}

static void acs_cleared_after_boot_is_recognised(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT_CLEARED, 0}, {"01:00.0", "00:02.0", EP, 1}, {"01:01.0", "00:02.0", EP, 2}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(s.analysis->n_differences, 2);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_ACS_CLEARED);
    assert_int_equal(difference(&s, "01:00.0")->deciding, 0);
    assert_int_equal(difference(&s, "01:00.0")->other, 0);
    assert_true(difference(&s, "01:00.0")->finer);
    scene_end(&s);
}

static void acs_set_after_grouping_is_recognised(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"01:00.0", "00:02.0", EP, 0}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_ACS_SET);
    assert_false(difference(&s, "01:00.0")->finer);
    scene_end(&s);
}

static void a_function_added_late_is_recognised(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0},
        {"01:00.0", "00:02.0", EP, 1, .multifunction = true}, {"01:00.1", "00:02.0", EP, 2}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(s.analysis->n_differences, 1);
    assert_int_equal(difference(&s, "01:00.1")->rule, IOW_RULE_DIFF_LATE);
    assert_int_equal(difference(&s, "01:00.1")->other, 1);
    scene_end(&s);
}

static void the_override_option_explains_groups_that_are_too_fine(void **state)
{
    static const struct actor actor[] = {{"00:03.0", NULL, PORT_OPEN, 0}, {"02:00.0", "00:03.0", EP, 1}};
    static const struct {
        const char *command_line;
        enum iow_rule rule;
    } row[] = {
        {"quiet pcie_acs_override=downstream", IOW_RULE_DIFF_OVERRIDE},
        {"pcie_acs_override=downstream,multifunction quiet", IOW_RULE_DIFF_OVERRIDE},
        {"quiet", IOW_RULE_DIFF_UNEXPLAINED},
        {"xpcie_acs_override=downstream", IOW_RULE_DIFF_UNEXPLAINED},
        {"pcie_acs_overrides", IOW_RULE_DIFF_UNEXPLAINED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct scene s;

        scene_set(&s, actor, COUNT(actor));
        s.facts.machine.command_line = row[i].command_line;
        scene_play(&s);
        assert_int_equal(difference(&s, "02:00.0")->rule, row[i].rule);
        scene_end(&s);
    }
}

static void lazy_groups_are_shown_as_what_they_are(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT_OPEN, 0}, {"00:03.0", NULL, PORT, NO_GROUP}, {"01:00.0", "00:02.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.iommu[0] = "virtio0";
    scene_play(&s);
    assert_int_equal(difference(&s, "00:03.0")->rule, IOW_RULE_DIFF_NOT_YET);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_LAZY);
    assert_int_not_equal(s.analysis->partition->set[1], IOW_NONE);
    scene_end(&s);
}

static void what_no_iommu_covers_is_no_difference(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"80:00.0", NULL, PORT_OPEN, NO_GROUP},
        {"81:00.0", "80:00.0", EP, NO_GROUP}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(s.analysis->n_differences, 0);
    assert_int_equal(s.analysis->partition->set[2], IOW_NONE);
    scene_end(&s);
}

static void without_reading_there_is_no_claim(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_OPEN, 0}, {"01:00.0", "00:02.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.function[0].config.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER;
    scene_play(&s);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_UNREAD);
    scene_end(&s);
}

/* Function 1 was added late, and the port's ACS cleared after that: two histories at once. */
static void histories_add_up(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_CLEARED, 0},
        {"01:00.0", "00:02.0", EP, 1, .multifunction = true}, {"01:00.1", "00:02.0", EP, 2}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    assert_int_equal(s.analysis->n_differences, 2);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_ACS_CLEARED);
    assert_int_equal(difference(&s, "01:00.1")->rule, IOW_RULE_DIFF_ACS_CLEARED);
    scene_end(&s);
}

/* A group record that vanished while the machine was read must not be followed. */
static void a_group_that_vanished_is_named(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"01:00.0", "00:02.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.facts.n_groups = 1;
    scene_play(&s);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_NO_GROUP);
    scene_end(&s);
}

static void a_chain_of_displaced_functions_is_explained_by_its_first(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_CLEARED, 0},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1, 0, 1},
        {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1, 0, 2}, {"03:00.0", "02:00.0", EP, 2}};
    struct scene s;

    (void)state;
    play(&s, actor, COUNT(actor));
    for (uint32_t d = 0; d < s.analysis->n_differences; d++)
        assert_int_not_equal(s.analysis->differences[d].rule, IOW_RULE_DIFF_UNEXPLAINED);
    assert_int_equal(difference(&s, "01:00.0")->rule, IOW_RULE_DIFF_ACS_CLEARED);
    assert_int_equal(difference(&s, "02:00.0")->rule, IOW_RULE_DIFF_ACS_CLEARED);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_partitions_have_no_difference),
        cmocka_unit_test(acs_cleared_after_boot_is_recognised),
        cmocka_unit_test(acs_set_after_grouping_is_recognised),
        cmocka_unit_test(a_function_added_late_is_recognised),
        cmocka_unit_test(the_override_option_explains_groups_that_are_too_fine),
        cmocka_unit_test(lazy_groups_are_shown_as_what_they_are),
        cmocka_unit_test(what_no_iommu_covers_is_no_difference),
        cmocka_unit_test(without_reading_there_is_no_claim),
        cmocka_unit_test(histories_add_up),
        cmocka_unit_test(a_group_that_vanished_is_named),
        cmocka_unit_test(a_chain_of_displaced_functions_is_explained_by_its_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
