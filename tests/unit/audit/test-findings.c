/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define UP IOW_PCIE_UPSTREAM_PORT, -1, 0
#define DOWN IOW_PCIE_DOWNSTREAM_PORT, -1, 0
#define DOWN_ACS IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x1d
#define EP IOW_PCIE_ENDPOINT, -1, 0

static const struct iow_finding *remark(const struct scene *s, enum iow_rule rule)
{
    for (uint32_t i = 0; i < s->analysis->n_findings; i++)
        if (s->analysis->findings[i].rule == rule)
            return &s->analysis->findings[i];
    return NULL;
}

static void an_ordinary_machine_is_not_remarkable(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"}, {"01:00.0", "00:02.0", EP, 1, "e1000e", .master = true}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(s.analysis->n_findings, 0);
    scene_end(&s);
}

static void a_machine_without_groups_says_so(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, NO_GROUP, "pcieport"}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.facts.machine.n_iommus = 0;
    scene_play(&s);
    assert_non_null(remark(&s, IOW_RULE_REM_NO_IOMMU));
    assert_null(remark(&s, IOW_RULE_REM_UNGROUPED));
    scene_end(&s);
}

static void a_function_without_group_among_grouped_ones_is_named(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"80:00.0", NULL, PORT, NO_GROUP}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_UNGROUPED)->function, 1);
    scene_end(&s);
    scene_set(&s, actor, COUNT(actor));
    s.function[1].known &= (uint8_t)~IOW_FUNCTION_DRIVER; /* the group could not be read */
    scene_play(&s);
    assert_null(remark(&s, IOW_RULE_REM_UNGROUPED));
    scene_end(&s);
}

static void parameters_and_options_that_weaken_are_named(void **state)
{
    static const struct {
        const char *parameter, *command_line;
        uint16_t release;
        enum iow_rule rule;
    } row[] = {
        {"vfio_iommu_type1.allow_unsafe_interrupts", "", 0x60c, IOW_RULE_REM_UNSAFE_INTERRUPTS},
        {"iommufd.allow_unsafe_interrupts", "", 0x60c, IOW_RULE_REM_UNSAFE_INTERRUPTS},
        {"vfio.enable_unsafe_noiommu_mode", "", 0x60c, IOW_RULE_REM_NOIOMMU_MODE},
        {"x.y", "pcie_acs_override=downstream", 0x60c, IOW_RULE_REM_OVERRIDE_OPTION},
        {"x.y", "", 0x606, IOW_RULE_REM_ASSUMED_KERNEL},
    };
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++)
        for (int on = 0; on < 2; on++) {
            struct scene s;

            scene_set(&s, actor, COUNT(actor));
            s.parameter[0] = (struct iow_parameter){row[i].parameter, on ? "Y" : "N"};
            s.facts.machine.n_parameters = 1;
            s.facts.machine.command_line = on ? row[i].command_line : "";
            s.facts.machine.release = on ? row[i].release : 0x601;
            scene_play(&s);
            assert_int_equal(s.analysis->n_findings, on);
            if (on)
                assert_non_null(remark(&s, row[i].rule));
            scene_end(&s);
        }
}

static void a_switch_that_linux_splits_is_named(void **state)
{
    static const struct {
        struct actor first, second;
        bool want;
    } row[] = {
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, 3}, true},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}, true},
        {{"02:03.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, 0x5f, 0x19, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3},
            true},
        {{"02:03.0", "01:00.0", DOWN_ACS, 2}, {"02:04.0", "01:00.0", DOWN_ACS, 3}, false},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, 2}, false},
        {{"02:03.0", "01:00.0", DOWN, 2}, {"02:04.0", "01:00.0", DOWN, NO_GROUP}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct actor actor[] = {
            {"00:02.0", NULL, PORT, 0}, {"01:00.0", "00:02.0", UP, 1}, row[i].first, row[i].second};
        struct scene s;

        scene_set(&s, actor, COUNT(actor));
        scene_play(&s);
        assert_int_equal(remark(&s, IOW_RULE_REM_SWITCH_SPLIT) != NULL, row[i].want);
        scene_end(&s);
    }
}

static void a_member_that_blocks_the_others_is_named(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, "snd_hda_intel", .multifunction = true},
    };
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_NOT_VIABLE)->function, 2);
    assert_int_equal(remark(&s, IOW_RULE_REM_NOT_VIABLE)->group, 5);
    scene_end(&s);
}

static void an_idle_function_that_masters_the_bus_matters_where_it_can_do_harm(void **state)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 5, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 5, "vfio-pci", .multifunction = true},
        {"01:00.1", "00:02.0", EP, 5, NULL, .multifunction = true, .master = true},
        {"01:00.2", "00:02.0", EP, 5, NULL, .multifunction = true},
    };
    struct scene s;

    (void)state;
    for (int used = 0; used < 2; used++)
        for (int identity = 0; identity < 2; identity++) {
            scene_set(&s, actor, COUNT(actor));
            s.group[1].vfio_node = true;
            if (identity)
                s.group[1].type = "identity";
            if (used)
                scene_hold(&s, 42, held, COUNT(held));
            scene_play(&s);
            assert_int_equal(remark(&s, IOW_RULE_REM_IDLE_MASTER) != NULL, used || identity);
            if (used || identity)
                assert_int_equal(remark(&s, IOW_RULE_REM_IDLE_MASTER)->function, 2);
            scene_end(&s);
        }
}

static void a_pending_unbind_names_group_and_holder(void **state)
{
    static const struct iow_held held[] = {
        {IOW_HELD_GROUP, 1, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"}, {"01:00.0", "00:02.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[1].vfio_node = true;
    scene_hold(&s, 42, held, COUNT(held));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_PENDING_UNBIND)->function, 1);
    assert_int_equal(remark(&s, IOW_RULE_REM_PENDING_UNBIND)->holder, 0);
    scene_end(&s);
}

static void drift_is_remarked_once_a_port(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0, 0},
        {"01:00.0", "00:02.0", EP, 1}, {"01:01.0", "00:02.0", EP, 2}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(s.analysis->n_findings, 1);
    assert_int_equal(remark(&s, IOW_RULE_REM_DRIFT)->function, 0);
    assert_int_equal(remark(&s, IOW_RULE_REM_DRIFT)->other, 1);
    scene_end(&s);
}

static void what_nothing_explains_is_remarked(void **state)
{
    static const struct actor actor[] = {
        {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, -1, 0, 0}, {"02:00.0", "00:03.0", EP, 1}};
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(remark(&s, IOW_RULE_REM_UNEXPLAINED)->function, 1);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_machine_is_not_remarkable),
        cmocka_unit_test(a_machine_without_groups_says_so),
        cmocka_unit_test(a_function_without_group_among_grouped_ones_is_named),
        cmocka_unit_test(parameters_and_options_that_weaken_are_named),
        cmocka_unit_test(a_switch_that_linux_splits_is_named),
        cmocka_unit_test(a_member_that_blocks_the_others_is_named),
        cmocka_unit_test(an_idle_function_that_masters_the_bus_matters_where_it_can_do_harm),
        cmocka_unit_test(a_pending_unbind_names_group_and_holder),
        cmocka_unit_test(drift_is_remarked_once_a_port),
        cmocka_unit_test(what_nothing_explains_is_remarked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
