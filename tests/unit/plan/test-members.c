/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-scene.h"

/* What becomes of one endpoint in a group of its own besides a named one. */
struct part {
    const char *driver;
    uint8_t header_type;
    uint32_t class_code;
    enum iow_member_role wanted, wanted_named; /* the second: when it was named, or its group */
};

static const struct part part[] = {
    {NULL, 0, 0x030000, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},
    {"snd_hda_intel", 0, 0x040300, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},
    {"vfio-pci", 0, 0x030000, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},
    {"mlx5_vfio_pci", 0, 0x020000, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},
    {"uio_pci_generic", 0, 0x020000, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},
    {"pci-stub", 0, 0x030000, IOW_MEMBER_STAYS, IOW_MEMBER_ASKED},
    {"pcieport", 0, 0x080700, IOW_MEMBER_STAYS, IOW_MEMBER_ASKED}, /* an event collector */
    {NULL, 0, 0x068000, IOW_MEMBER_COMPANION, IOW_MEMBER_ASKED},   /* no bridge in truth */
    {NULL, 0, 0x060000, IOW_MEMBER_STAYS, IOW_MEMBER_STAYS},
    {"vfio-pci", 0, 0x060000, IOW_MEMBER_STAYS, IOW_MEMBER_STAYS},
    {"skl_uncore", 0, 0x060000, IOW_MEMBER_FREED, IOW_MEMBER_FREED},
    {"lpc_ich", 0, 0x060100, IOW_MEMBER_FREED, IOW_MEMBER_FREED},
    {NULL, 0, 0x060100, IOW_MEMBER_STAYS, IOW_MEMBER_STAYS},
    {"pcieport", 1, 0x060400, IOW_MEMBER_STAYS, IOW_MEMBER_STAYS},
    {NULL, 1, 0x060400, IOW_MEMBER_STAYS, IOW_MEMBER_STAYS},
    {"shpchp", 1, 0x060400, IOW_MEMBER_FREED, IOW_MEMBER_FREED},
    {"yenta_cardbus", 2, 0x060700, IOW_MEMBER_FREED, IOW_MEMBER_FREED},
};

enum naming {
    NAME_OTHER,
    NAME_IT,
    NAME_GROUP,
    NAMINGS
};

static void each_member_has_the_role_of_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(part); i++)
        for (int naming = 0; naming < NAMINGS; naming++) {
            const struct actor actor[] = {
                {"01:00.0", NULL, EP, 4, "e1000e"}, {"01:00.1", NULL, EP, 4, part[i].driver}};
            struct plan_scene s;

            plan_scene_set(&s, actor, COUNT(actor));
            s.scene.function[1].config.header_type = part[i].header_type;
            s.scene.function[1].config.class_code = part[i].class_code;
            if (naming == NAME_GROUP)
                plan_scene_name_group(&s, 4);
            else
                plan_scene_name(&s, naming == NAME_IT ? "01:00.1" : "01:00.0");
            plan_scene_play(&s);
            assert_int_equal(s.plan->n_members, 2);
            assert_int_equal(
                s.plan->members[0].role, naming == NAME_IT ? IOW_MEMBER_COMPANION : IOW_MEMBER_ASKED);
            assert_int_equal(
                s.plan->members[1].role, naming == NAME_OTHER ? part[i].wanted : part[i].wanted_named);
            plan_scene_end(&s);
        }
}

static void members_come_by_group_and_address_and_once(void **state)
{
    static const struct actor actor[] = {{"01:00.0", NULL, EP, 9, NULL}, {"02:00.0", NULL, EP, 3, NULL},
        {"02:00.1", NULL, EP, 3, NULL}, {"03:00.0", NULL, EP, 5, NULL}, {"04:00.0", NULL, EP, 9, NULL}};
    static const char *const wanted[] = {"02:00.0", "02:00.1", "01:00.0", "04:00.0"};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "04:00.0");
    plan_scene_name(&s, "01:00.0");
    plan_scene_name(&s, "04:00.0");
    plan_scene_name_group(&s, 3);
    plan_scene_name_group(&s, 9);
    plan_scene_name_group(&s, 77); /* no such group */
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_members, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_int_equal(s.plan->members[i].function, scene_function(&s.scene, wanted[i]));
    assert_int_equal(s.plan->members[0].group, 3);
    assert_int_equal(s.plan->members[3].group, 9);
    plan_scene_end(&s);
}

static void only_what_would_change_has_to_be_looked_at(void **state)
{
    static const struct actor actor[] = PLAN_CAST;
    struct plan_scene s;
    uint32_t *list, n;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "02:00.0");
    plan_scene_name(&s, "01:00.0");
    plan_scene_name(&s, "03:00.0"); /* has no group: nothing would become of it */
    scene_play(&s.scene);
    assert_int_equal(iow_plan_functions(s.scene.analysis, &s.request, &s.scene.mem, &list, &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(list[0], scene_function(&s.scene, "01:00.0"));
    assert_int_equal(list[1], scene_function(&s.scene, "01:00.1"));
    assert_int_equal(list[2], scene_function(&s.scene, "02:00.0"));
    plan_scene_end(&s);
}

static void a_freed_bridge_is_looked_at_and_positions_ascend_across_groups(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 9, "shpchp"},
        {"01:00.0", "00:02.0", EP, 9, "vfio-pci"}, {"02:00.0", NULL, EP, 3, "nvme"},
        {"03:00.0", NULL, EP, 9, NULL}};
    struct plan_scene s;
    uint32_t *list, n;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name_group(&s, 9);
    plan_scene_name_group(&s, 3);
    scene_play(&s.scene);
    assert_int_equal(iow_plan_functions(s.scene.analysis, &s.request, &s.scene.mem, &list, &n), 0);
    assert_int_equal(n, 3);
    assert_int_equal(list[0], 0);
    assert_int_equal(list[1], 2);
    assert_int_equal(list[2], 3);
    plan_scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_member_has_the_role_of_what_it_is),
        cmocka_unit_test(members_come_by_group_and_address_and_once),
        cmocka_unit_test(only_what_would_change_has_to_be_looked_at),
        cmocka_unit_test(a_freed_bridge_is_looked_at_and_positions_ascend_across_groups),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
