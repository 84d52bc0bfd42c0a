/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-scene.h"

#define NOBODY IOW_NONE

/*
 * The machine that everything below is done to: group 4 is asked for by its 01:00.0, whoever is in it may follow,
 * and nothing speaks against that. Group 7 has an idle VFIO device.
 */
static void set_stage(struct plan_scene *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 4, "pcieport"},
        {"01:00.0", "00:02.0", EP, 4, "e1000e"}, {"01:00.1", "00:02.0", EP, 4, NULL},
        {"01:00.2", "00:02.0", EP, 4, "vfio-pci"}, {"02:00.0", NULL, EP, 7, "vfio-pci"},
        {"03:00.0", NULL, EP, NO_GROUP, "ahci"}};

    plan_scene_set(s, actor, COUNT(actor));
    s->scene.group[scene_group(&s->scene, 4)].vfio_node = true;
    s->scene.group[scene_group(&s->scene, 7)].vfio_node = true;
    plan_scene_name(s, "01:00.0");
    s->request.with_group = true;
}

static struct iow_group *group(struct plan_scene *s, uint32_t number)
{
    return &s->scene.group[scene_group(&s->scene, number)];
}

static void use(struct plan_scene *s, enum iow_use_kind kind, const char *function)
{
    static struct iow_use room[1];

    room[0] = (struct iow_use){
        .kind = kind, .function = scene_function(&s->scene, function), .name = "x", .by = "y"};
    s->scene.facts.uses = room;
    s->scene.facts.n_uses = 1;
}

static void miss(struct plan_scene *s, struct iow_subject subject)
{
    static struct iow_missing room[1];

    room[0] = (struct iow_missing){IOW_RULE_USE_UNKNOWN, subject, "proc/7/mountinfo"};
    s->scene.facts.missing = room;
    s->scene.facts.n_missing = 1;
}

static struct iow_subject subject_function(struct plan_scene *s, const char *address)
{
    return iow_subject_function(&plan_scene_function(s, address)->address);
}

#define USE(name)                                                                                            \
    static void use_##name(struct plan_scene *s)                                                             \
    {                                                                                                        \
        use(s, IOW_USE_##name, "01:00.0");                                                                   \
    }                                                                                                        \
    static void other_use_##name(struct plan_scene *s)                                                       \
    {                                                                                                        \
        use(s, IOW_USE_##name, "01:00.2"); /* stays under VFIO's driver: nothing would be taken away */      \
    }

USE(MOUNT)
USE(SWAP)
USE(HOLDER)
USE(EXCLUSIVE)
USE(NETWORK)
USE(CONSOLE)
USE(OPEN)

static void virtual_function(struct plan_scene *s)
{
    plan_scene_function(s, "03:00.0")->physical_function = scene_function(&s->scene, "01:00.0");
}

static void virtual_functions_counted(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->n_vfs = 2;
}

static void virtual_function_elsewhere(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->physical_function = scene_function(&s->scene, "02:00.0");
    plan_scene_function(s, "02:00.0")->n_vfs = 1;
}

static void held(struct plan_scene *s)
{
    static const struct iow_held file[] = {{IOW_HELD_GROUP, 4, IOW_NONE}};

    scene_hold(&s->scene, 812, file, 1);
}

static void held_perhaps(struct plan_scene *s)
{
    static const struct iow_held file[] = {{IOW_HELD_DEVICE, IOW_NONE, IOW_NONE}};

    scene_hold(&s->scene, 812, file, 1);
}

static void held_elsewhere(struct plan_scene *s)
{
    static const struct iow_held file[] = {{IOW_HELD_GROUP, 7, IOW_NONE}};

    scene_hold(&s->scene, 812, file, 1);
}

static void pending(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->vfio_device = true;
}

static void pending_somewhere(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.0")->driver = NULL;
    plan_scene_function(s, "01:00.2")->driver = NULL;
}

static void pending_elsewhere(struct plan_scene *s)
{
    plan_scene_function(s, "02:00.0")->driver = NULL;
    plan_scene_function(s, "02:00.0")->vfio_device = true;
}

static void uses_not_read(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->known &= (uint8_t)~IOW_FUNCTION_USES;
}

static void uses_not_read_of_what_keeps_its_driver(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.2")->known &= (uint8_t)~IOW_FUNCTION_USES;
    plan_scene_function(s, "00:02.0")->known &= (uint8_t)~IOW_FUNCTION_USES;
}

static void users_unseen(struct plan_scene *s)
{
    miss(s, (struct iow_subject){.kind = IOW_SUBJECT_PROCESS, .number = 7});
}

static void users_unseen_but_nothing_changes(struct plan_scene *s)
{
    s->named[0] = scene_function(&s->scene, "02:00.0");
    users_unseen(s);
}

static void users_of_function_unseen(struct plan_scene *s)
{
    miss(s, subject_function(s, "01:00.1"));
}

static void users_of_function_elsewhere_unseen(struct plan_scene *s)
{
    miss(s, subject_function(s, "02:00.0"));
}

static void users_of_group_unseen(struct plan_scene *s)
{
    miss(s, iow_subject_group(4));
}

static void users_of_group_elsewhere_unseen(struct plan_scene *s)
{
    miss(s, iow_subject_group(7));
}

static void something_else_is_missing(struct plan_scene *s)
{
    users_unseen(s);
    s->scene.facts.missing[0].rule = IOW_RULE_READ_ASLEEP;
}

static void holders_unseen(struct plan_scene *s)
{
    s->scene.facts.machine.holders_complete = false;
}

static void holders_not_read(struct plan_scene *s)
{
    s->scene.facts.holders_read = false;
}

/* Nobody can hold what has no node. */
static void holders_unseen_of_no_node(struct plan_scene *s)
{
    s->scene.facts.machine.holders_complete = false;
    plan_scene_function(s, "01:00.2")->driver = NULL;
    group(s, 4)->vfio_node = false;
}

static void companions(struct plan_scene *s)
{
    s->request.with_group = false;
    plan_scene_name(s, "01:00.1");
}

static void no_companions_in_a_group_that_was_named(struct plan_scene *s)
{
    s->request.with_group = false;
    plan_scene_name_group(s, 4);
}

static void bridge(struct plan_scene *s)
{
    plan_scene_name(s, "00:02.0");
}

static void bridge_as_a_part_of_its_group(struct plan_scene *s)
{
    plan_scene_name(s, "00:02.0");
    plan_scene_name_group(s, 4);
}

static void bridge_with_companions(struct plan_scene *s)
{
    bridge(s);
    s->request.with_group = false;
}

static void host_bridge(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.0")->config.class_code = 0x060000;
    plan_scene_function(s, "01:00.0")->driver = NULL;
}

static void group_of_bridges(struct plan_scene *s)
{
    plan_scene_name_group(s, 7);
    plan_scene_function(s, "02:00.0")->config.class_code = 0x060100;
    plan_scene_function(s, "02:00.0")->driver = NULL;
    group(s, 7)->vfio_node = false;
}

static void no_group(struct plan_scene *s)
{
    plan_scene_name(s, "03:00.0");
}

static void no_iommu(struct plan_scene *s)
{
    group(s, 4)->name = "vfio-noiommu";
}

static void no_iommu_elsewhere(struct plan_scene *s)
{
    group(s, 7)->name = "vfio-noiommu";
}

static void other_member(struct plan_scene *s, const char *bus, const char *driver)
{
    static struct iow_other_member room[1];

    room[0] = (struct iow_other_member){4, "fsl0", bus, driver};
    s->scene.facts.other_members = room;
    s->scene.facts.n_other_members = 1;
}

static void other_bus(struct plan_scene *s)
{
    other_member(s, "platform", "sdhci");
}

static void other_bus_private(struct plan_scene *s)
{
    other_member(s, "platform", "tegra-host1x");
}

static void other_bus_unbound(struct plan_scene *s)
{
    other_member(s, "platform", NULL);
}

static void other_bus_of_vfio(struct plan_scene *s)
{
    other_member(s, "platform", "vfio-platform");
}

static void other_bus_that_does_not_ask(struct plan_scene *s)
{
    other_member(s, "auxiliary", "sdhci");
}

static void other_bus_alone(struct plan_scene *s)
{
    other_member(s, "platform", NULL);
    s->scene.facts.other_members[0].group = 7;
    plan_scene_function(s, "02:00.0")->group = NO_GROUP;
    group(s, 7)->vfio_node = false;
    plan_scene_name_group(s, 7);
}

static void private_driver(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->driver = "tegra-host1x";
    plan_scene_function(s, "01:00.0")->driver = NULL;
}

static void private_driver_elsewhere(struct plan_scene *s)
{
    plan_scene_function(s, "02:00.0")->driver = "tegra-host1x";
}

static void private_driver_of_another_bus(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.0")->driver = NULL;
    other_member(s, "platform", "tegra-host1x");
}

static void regions_unread(struct plan_scene *s)
{
    group(s, 4)->regions = NULL;
}

static void claimed(struct plan_scene *s)
{
    s->claimed[s->request.n_claimed++] = 2;
    s->claimed[s->request.n_claimed++] = 4;
}

static void claimed_and_more(struct plan_scene *s)
{
    claimed(s);
    held(s);
    pending(s);
    companions(s);
    bridge(s);
    use_MOUNT(s);
    uses_not_read(s);
    regions_unread(s);
}

static void claimed_elsewhere(struct plan_scene *s)
{
    s->claimed[s->request.n_claimed++] = 7;
}

static void region(struct plan_scene *s, const char *type)
{
    static struct iow_region room[2];

    room[0] = (struct iow_region){.type = "msi"};
    room[1] = (struct iow_region){.type = type};
    group(s, 4)->regions = room;
    group(s, 4)->n_regions = 2;
}

static void firmware_region(struct plan_scene *s)
{
    region(s, "direct");
}

static void relaxable_region(struct plan_scene *s)
{
    region(s, "direct-relaxable");
}

static void regions_elsewhere_unread(struct plan_scene *s)
{
    group(s, 7)->regions = NULL;
}

static void details_unread(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->known &= (uint8_t)~IOW_FUNCTION_DETAILS;
}

static void details_unread_of_what_stays(struct plan_scene *s)
{
    plan_scene_function(s, "00:02.0")->known &= (uint8_t)~IOW_FUNCTION_DETAILS;
    plan_scene_function(s, "01:00.2")->known &= (uint8_t)~IOW_FUNCTION_DETAILS;
}

static void dying(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.2")->dying = true;
}

static void ids_unread(struct plan_scene *s)
{
    plan_scene_function(s, "01:00.1")->config.known = 0;
}

static void driver_unread(struct plan_scene *s)
{
    plan_scene_function(s, "00:02.0")->known &= (uint8_t)~IOW_FUNCTION_DRIVER;
}

/* Its config space was left alone, but what is needed comes from other files. */
static void merely_asleep(struct plan_scene *s)
{
    struct iow_function *f = plan_scene_function(s, "01:00.0");

    f->asleep = true;
    f->power_state = IOW_POWER_D3COLD;
    f->config.known = IOW_CONFIG_IDS;
}

static void captured(struct plan_scene *s)
{
    s->scene.facts.provenance = IOW_FROM_CAPTURE;
}

static void simulated(struct plan_scene *s)
{
    s->scene.facts.provenance = IOW_FROM_SIMULATION;
}

/* What is done to the stage, and the only refusal that comes of it; IOW_RULE_NONE: none comes. */
static const struct {
    void (*change)(struct plan_scene *s);
    enum iow_rule rule;
    const char *function; /* NULL: about none */
    uint32_t group;
    const char *text;
} cases[] = {
#define USE_CASES(name)                                                                                      \
    {use_##name, IOW_RULE_USE_##name, "01:00.0", 4, NULL},                                                   \
    {                                                                                                        \
        other_use_##name, IOW_RULE_NONE                                                                      \
    }
    USE_CASES(MOUNT),
    USE_CASES(SWAP),
    USE_CASES(HOLDER),
    USE_CASES(EXCLUSIVE),
    USE_CASES(NETWORK),
    USE_CASES(CONSOLE),
    USE_CASES(OPEN),
    {virtual_function, IOW_RULE_USE_VIRTUAL_FUNCTIONS, "01:00.0", 4, NULL},
    {virtual_functions_counted, IOW_RULE_USE_VIRTUAL_FUNCTIONS, "01:00.1", 4, NULL},
    {virtual_function_elsewhere, IOW_RULE_NONE},
    {held, IOW_RULE_USE_HELD, NULL, 4, NULL},
    {held_perhaps, IOW_RULE_USE_HELD, NULL, 4, "perhaps"},
    {held_elsewhere, IOW_RULE_NONE},
    {pending, IOW_RULE_USE_PENDING, "01:00.1", 4, NULL},
    {pending_somewhere, IOW_RULE_USE_PENDING, NULL, 4, NULL},
    {pending_elsewhere, IOW_RULE_NONE},
    {uses_not_read, IOW_RULE_USE_UNKNOWN, "01:00.1", 4, NULL},
    {uses_not_read_of_what_keeps_its_driver, IOW_RULE_NONE},
    {users_unseen, IOW_RULE_USE_UNKNOWN, NULL, IOW_NONE, "proc/7/mountinfo"},
    {users_unseen_but_nothing_changes, IOW_RULE_NONE},
    {users_of_function_unseen, IOW_RULE_USE_UNKNOWN, "01:00.1", 4, NULL},
    {users_of_function_elsewhere_unseen, IOW_RULE_NONE},
    {users_of_group_unseen, IOW_RULE_USE_UNKNOWN, NULL, 4, NULL},
    {users_of_group_elsewhere_unseen, IOW_RULE_NONE},
    {something_else_is_missing, IOW_RULE_NONE},
    {holders_unseen, IOW_RULE_USE_UNKNOWN, NULL, 4, NULL},
    {holders_not_read, IOW_RULE_USE_UNKNOWN, NULL, 4, NULL},
    {holders_unseen_of_no_node, IOW_RULE_NONE},
    {companions, IOW_RULE_PLAN_COMPANIONS, "01:00.2", 4, NULL},
    {no_companions_in_a_group_that_was_named, IOW_RULE_NONE},
    {bridge, IOW_RULE_PLAN_BRIDGE, "00:02.0", 4, NULL},
    {bridge_with_companions, IOW_RULE_PLAN_BRIDGE, "00:02.0", 4, NULL},
    {bridge_as_a_part_of_its_group, IOW_RULE_NONE},
    {host_bridge, IOW_RULE_PLAN_BRIDGE, "01:00.0", 4, NULL},
    {group_of_bridges, IOW_RULE_PLAN_BRIDGE, "02:00.0", 7, NULL},
    {no_group, IOW_RULE_PLAN_NO_GROUP, "03:00.0", IOW_NONE, NULL},
    {no_iommu, IOW_RULE_PLAN_NO_IOMMU, NULL, 4, NULL},
    {no_iommu_elsewhere, IOW_RULE_NONE},
    {other_bus, IOW_RULE_PLAN_OTHER_BUS, NULL, 4, "fsl0"},
    {other_bus_private, IOW_RULE_PLAN_OTHER_BUS, NULL, 4, "fsl0"},
    {other_bus_unbound, IOW_RULE_NONE},
    {other_bus_of_vfio, IOW_RULE_NONE},
    {other_bus_that_does_not_ask, IOW_RULE_NONE},
    {other_bus_alone, IOW_RULE_PLAN_OTHER_BUS, NULL, 7, "fsl0"},
    {private_driver, IOW_RULE_PLAN_OWNED, "01:00.1", 4, "tegra-host1x"},
    {private_driver_elsewhere, IOW_RULE_NONE},
    {claimed, IOW_RULE_PLAN_CLAIMED, NULL, 4, NULL},
    {claimed_and_more, IOW_RULE_PLAN_CLAIMED, NULL, 4, NULL},
    {claimed_elsewhere, IOW_RULE_NONE},
    {firmware_region, IOW_RULE_PLAN_FIRMWARE_REGION, NULL, 4, NULL},
    {relaxable_region, IOW_RULE_NONE},
    {regions_unread, IOW_RULE_PLAN_UNREAD, NULL, 4, NULL},
    {regions_elsewhere_unread, IOW_RULE_NONE},
    {details_unread, IOW_RULE_PLAN_UNREAD, "01:00.1", 4, NULL},
    {details_unread_of_what_stays, IOW_RULE_NONE},
    {dying, IOW_RULE_PLAN_UNREAD, "01:00.2", 4, NULL},
    {ids_unread, IOW_RULE_PLAN_UNREAD, "01:00.1", 4, NULL},
    {driver_unread, IOW_RULE_PLAN_UNREAD, "00:02.0", 4, NULL},
    {merely_asleep, IOW_RULE_NONE},
    {captured, IOW_RULE_PLAN_NOT_LIVE, NULL, IOW_NONE, NULL},
    {simulated, IOW_RULE_NONE},
};

static void expect_refusal(struct plan_scene *s, size_t i)
{
    const struct iow_refusal *r = &s->plan->refusals[0];
    bool about_use = cases[i].rule >= IOW_RULE_USE_MOUNT && cases[i].rule <= IOW_RULE_USE_OPEN;

    if (s->plan->n_refusals != 1 || r->rule != cases[i].rule)
        fail_msg("case %zu: %u refusals, first %s", i, s->plan->n_refusals,
            s->plan->n_refusals ? iow_rule_id(r->rule) : "none");
    assert_int_equal(r->group, cases[i].group);
    assert_int_equal(
        r->function, cases[i].function ? scene_function(&s->scene, cases[i].function) : IOW_NONE);
    assert_int_equal(r->use, about_use ? 0 : IOW_NONE);
    assert_int_equal(r->holder, cases[i].rule == IOW_RULE_USE_HELD ? 0 : IOW_NONE);
    assert_int_equal(!r->text, !cases[i].text);
    if (r->text)
        assert_string_equal(r->text, cases[i].text);
    assert_int_equal(s->plan->n_steps, 0);
}

static void each_reason_is_found_where_it_is_and_only_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan_scene s;

        set_stage(&s);
        cases[i].change(&s);
        plan_scene_play(&s);
        if (cases[i].rule != IOW_RULE_NONE)
            expect_refusal(&s, i);
        else if (s.plan->n_refusals)
            fail_msg("case %zu: refused by %s", i, iow_rule_id(s.plan->refusals[0].rule));
        else
            assert_true(s.plan->n_steps > 0);
        plan_scene_end(&s);
    }
}

static void every_rule_has_a_case(void **state)
{
    (void)state;
    for (int rule = IOW_RULE_USE_MOUNT; rule <= IOW_RULE_PLAN_NOT_LIVE; rule++) {
        size_t i = 0;

        while (i < COUNT(cases) && cases[i].rule != (enum iow_rule)rule)
            i++;
        if (i == COUNT(cases))
            fail_msg("no case for %s", iow_rule_id((enum iow_rule)rule));
    }
}

static void all_reasons_come_by_group_then_member(void **state)
{
    static const enum iow_rule wanted[] = {IOW_RULE_PLAN_NOT_LIVE, IOW_RULE_USE_UNKNOWN,
        IOW_RULE_PLAN_NO_GROUP, IOW_RULE_USE_HELD, IOW_RULE_PLAN_OTHER_BUS, IOW_RULE_PLAN_FIRMWARE_REGION,
        IOW_RULE_USE_CONSOLE, IOW_RULE_USE_UNKNOWN, IOW_RULE_PLAN_COMPANIONS, IOW_RULE_PLAN_NO_IOMMU};
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    captured(&s);
    users_unseen(&s);
    no_group(&s);
    held(&s);
    other_bus(&s);
    firmware_region(&s);
    use_CONSOLE(&s);
    uses_not_read(&s);
    companions(&s);
    no_iommu_elsewhere(&s);
    plan_scene_name(&s, "02:00.0");
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_string_equal(iow_rule_id(s.plan->refusals[i].rule), iow_rule_id(wanted[i]));
    plan_scene_end(&s);
}

static void a_private_owner_of_another_bus_is_named_in_general(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    private_driver_of_another_bus(&s);
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 2);
    assert_int_equal(s.plan->refusals[0].rule, IOW_RULE_PLAN_OWNED);
    assert_int_equal(s.plan->refusals[0].function, IOW_NONE);
    assert_string_equal(s.plan->refusals[0].text, "a driver of the kernel");
    assert_int_equal(s.plan->refusals[1].rule, IOW_RULE_PLAN_OTHER_BUS);
    plan_scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reason_is_found_where_it_is_and_only_there),
        cmocka_unit_test(every_rule_has_a_case),
        cmocka_unit_test(all_reasons_come_by_group_then_member),
        cmocka_unit_test(a_private_owner_of_another_bus_is_named_in_general),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
