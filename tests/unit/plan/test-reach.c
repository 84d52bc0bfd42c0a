/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-scene.h"

#include "audit/hardware.h"

#include "plan/draft.h"

/* Three ports of a switch without ACS, a device below each, in groups of their own; and one behind another port. */
static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0, "pcieport"},
    {"00:03.0", NULL, PORT, 9, "pcieport"},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, PLAIN, 1, "pcieport"},
    {"02:00.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, PLAIN, 2, "pcieport"},
    {"02:01.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, PLAIN, 3, "pcieport"},
    {"02:02.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, PLAIN, 4, "pcieport"},
    {"03:00.0", "02:00.0", EP, 2, NULL}, {"04:00.0", "02:01.0", EP, 3, NULL},
    {"05:00.0", "02:02.0", EP, 4, NULL}, {"06:00.0", "00:03.0", EP, 10, "nvme"}};

static void set_stage(struct plan_scene *s)
{
    uint32_t next = 0x80000000;

    plan_scene_set(s, actor, COUNT(actor));
    hardware_number(&s->scene);
    hardware_place(&s->scene, IOW_NONE, &next);
    plan_scene_name(s, "03:00.0");
}

/* The refusals for reach; others must not be there. */
static uint32_t n_refused(const struct plan_scene *s)
{
    for (uint32_t i = 0; i < s->plan->n_refusals; i++)
        assert_int_equal(s->plan->refusals[i].rule, IOW_RULE_PLAN_REACH);
    assert_int_equal(s->plan->n_steps == 0, s->plan->n_refusals > 0);
    return s->plan->n_refusals;
}

static void bind(struct plan_scene *s, const char *address, const char *driver)
{
    plan_scene_function(s, address)->driver = driver;
}

static void isolate(struct plan_scene *s, const char *port)
{
    struct iow_config *config = &plan_scene_function(s, port)->config;

    config->acs_offset = 0x148;
    config->acs_cap = 0x5f;
    config->acs_ctrl = IOW_ACS_REQUIRED;
}

/* 05:00.0 reaches what is asked for and what the kernel has; these two do not reach each other. */
static void hang_together(struct plan_scene *s)
{
    bind(s, "04:00.0", "e1000e");
    isolate(s, "02:00.0");
    isolate(s, "02:01.0");
}

static void what_nobody_has_is_no_reason(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    plan_scene_end(&s);
}

static void a_device_of_the_kernel_is_a_reason(void **state)
{
    const struct iow_refusal *refusal;
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 1);
    refusal = &s.plan->refusals[0];
    assert_int_equal(refusal->group, 2);
    assert_int_equal(refusal->function, scene_function(&s.scene, "03:00.0"));
    assert_int_equal(refusal->reach->other, scene_function(&s.scene, "04:00.0"));
    assert_false(refusal->reach->user);
    assert_false(refusal->reach->indirect);
    assert_int_equal(refusal->reach->cause, IOW_RULE_HW_SWITCH);
    assert_int_equal(refusal->reach->breach.from, scene_function(&s.scene, "03:00.0"));
    assert_int_equal(refusal->reach->breach.deciding.node, scene_function(&s.scene, "02:00.0"));
    assert_int_equal(refusal->reach->breach.deciding.rule, IOW_RULE_ROUTE_NO_ACS);
    plan_scene_end(&s);
}

static void each_group_of_another_is_told_once(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    bind(&s, "05:00.0", "nvme");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 2);
    assert_int_equal(s.plan->refusals[1].reach->other, scene_function(&s.scene, "05:00.0"));
    plan_scene_end(&s);
}

static void all_that_is_asked_for_goes_to_one_user(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    plan_scene_name(&s, "04:00.0");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    plan_scene_end(&s);
}

/* Only what leads from there to here: the port above what is asked for redirects. */
static void being_reached_is_a_reason_too(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    isolate(&s, "02:00.0");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 1);
    assert_int_equal(s.plan->refusals[0].reach->breach.from, scene_function(&s.scene, "04:00.0"));
    assert_int_equal(s.plan->refusals[0].function, scene_function(&s.scene, "03:00.0"));
    plan_scene_end(&s);
}

static void what_hangs_together_by_way_of_others_is_a_reason(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    hang_together(&s);
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 1);
    assert_true(s.plan->refusals[0].reach->indirect);
    assert_int_equal(s.plan->refusals[0].reach->other, scene_function(&s.scene, "04:00.0"));
    assert_int_equal(s.plan->refusals[0].reach->breach.from, scene_function(&s.scene, "05:00.0"));
    assert_int_equal(s.plan->refusals[0].reach->breach.to, scene_function(&s.scene, "03:00.0"));
    plan_scene_end(&s);
}

static void what_only_may_be_reached_is_no_reason(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    s.request.n = 0;
    plan_scene_name(&s, "06:00.0");
    bind(&s, "04:00.0", "e1000e");
    plan_scene_function(&s, "00:03.0")->config.acs_ctrl = 0;
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    plan_scene_end(&s);
}

static void what_is_in_no_group_is_the_kernels_if_it_has_a_driver(void **state)
{
    static const struct {
        const char *driver;
        uint32_t n;
    } cases[] = {{"e1000e", 1}, {NULL, 0}, {"vfio-pci", 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan_scene s;

        set_stage(&s);
        plan_scene_function(&s, "04:00.0")->group = NO_GROUP;
        bind(&s, "04:00.0", cases[i].driver);
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), cases[i].n);
        plan_scene_end(&s);
    }
}

static void a_bridge_is_the_machines_own(void **state)
{
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    plan_scene_function(&s, "04:00.0")->config.class_code = 0x060100;
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 1);
    plan_scene_end(&s);
}

static void other_claims_are_reasons_unless_they_are_for_the_same_user(void **state)
{
    (void)state;
    for (uint32_t uid = 1000; uid < 1002; uid++) {
        struct plan_scene s;

        set_stage(&s);
        bind(&s, "04:00.0", "vfio-pci");
        s.claimed[s.request.n_claimed++] = 3;
        s.request.claimed_for = &uid;
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), uid == 1000 ? 0 : 1);
        if (uid != 1000)
            assert_true(s.plan->refusals[0].reach->user);
        plan_scene_end(&s);
    }
}

static void other_users_are_reasons_unless_they_are_the_same(void **state)
{
    static const struct iow_held file[] = {{IOW_HELD_GROUP, 3, IOW_NONE}};

    (void)state;
    for (uint32_t uid = 1000; uid < 1002; uid++) {
        struct plan_scene s;

        set_stage(&s);
        bind(&s, "04:00.0", "vfio-pci");
        s.scene.group[scene_group(&s.scene, 3)].vfio_node = true;
        scene_hold(&s.scene, 7, file, 1);
        s.request.uid = uid;
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), uid == 1000 ? 0 : 1);
        plan_scene_end(&s);
    }
}

static void who_has_it_is_not_known_but_it_is_not_the_one_who_asks(void **state)
{
    struct plan_scene s;
    uint32_t i = 0;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "vfio-pci");
    s.scene.group[scene_group(&s.scene, 3)].vfio_node = true;
    s.scene.facts.machine.holders_complete = false;
    plan_scene_play(&s);
    while (i < s.plan->n_refusals && s.plan->refusals[i].rule != IOW_RULE_PLAN_REACH)
        i++;
    assert_true(i < s.plan->n_refusals);
    plan_scene_end(&s);
}

/* Of what is claimed only that is said. */
static void a_group_that_is_claimed_is_not_looked_at(void **state)
{
    static const uint32_t uid = 1001;
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    s.claimed[s.request.n_claimed++] = 2;
    s.request.claimed_for = &uid;
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 1);
    assert_int_equal(s.plan->refusals[0].rule, IOW_RULE_PLAN_CLAIMED);
    plan_scene_end(&s);
}

/* --- accepted --- */

#define TODAY 20000
#define ACCEPTED_MOST 72

struct accepting {
    struct iow_accept_device devices[ACCEPTED_MOST][2];
    struct iow_acceptance list[ACCEPTED_MOST];
};

static void accept(
    struct plan_scene *s, struct accepting *to, enum iow_rule rule, const char *a, const char *b)
{
    const char *const address[] = {a, b};
    uint32_t n = s->request.n_acceptances++;

    for (int i = 0; i < 2; i++) {
        const struct iow_function *f = plan_scene_function(s, address[i]);

        to->devices[n][i] = (struct iow_accept_device){f->address, f->config.vendor, f->config.device};
    }
    to->list[n] =
        (struct iow_acceptance){.rule = rule, .n_devices = 2, .devices = to->devices[n], .until = TODAY};
    s->request.today = TODAY;
    s->request.acceptances = to->list;
}

static void a_pair_that_is_accepted_is_a_risk(void **state)
{
    struct accepting accepting;
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "e1000e");
    accept(&s, &accepting, IOW_RULE_REM_USER_REACHES, "04:00.0", "03:00.0");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    assert_int_equal(s.plan->n_risks, 1);
    assert_ptr_equal(s.plan->risks[0].acceptance, &accepting.list[0]);
    assert_int_equal(s.plan->risks[0].reason.rule, IOW_RULE_PLAN_REACH);
    assert_int_equal(s.plan->risks[0].reason.reach->other, scene_function(&s.scene, "04:00.0"));
    plan_scene_end(&s);
}

static void what_does_not_fit_accepts_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct accepting accepting;
        struct plan_scene s;

        set_stage(&s);
        bind(&s, "04:00.0", "e1000e");
        accept(&s, &accepting, i == 0 ? IOW_RULE_REM_TWO_USERS : IOW_RULE_REM_USER_REACHES, "03:00.0",
            i == 1 ? "05:00.0" : "04:00.0");
        accepting.list[0].until -= i == 2;
        accepting.list[0].name = i == 3 ? "name" : NULL;
        accepting.devices[0][1].device += i == 4;
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), 1);
        assert_int_equal(s.plan->n_risks, 0);
        plan_scene_end(&s);
    }
}

/* Each group and each function of it for itself. */
static void other_pairs_are_not_accepted_with_one(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct accepting accepting;
        struct plan_scene s;

        set_stage(&s);
        bind(&s, "04:00.0", "e1000e");
        bind(&s, "05:00.0", "nvme");
        plan_scene_function(&s, "05:00.0")->group = i ? 3 : 4;
        accept(&s, &accepting, IOW_RULE_REM_USER_REACHES, "03:00.0", "04:00.0");
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), 1);
        assert_int_equal(s.plan->refusals[0].reach->other, scene_function(&s.scene, "05:00.0"));
        assert_int_equal(s.plan->n_risks, 1);
        accept(&s, &accepting, IOW_RULE_REM_USER_REACHES, "03:00.0", "05:00.0");
        plan_scene_play(&s);
        assert_int_equal(n_refused(&s), 0);
        assert_int_equal(s.plan->n_risks, 2);
        plan_scene_end(&s);
    }
}

static void another_users_device_is_accepted_by_its_own_rule(void **state)
{
    static const uint32_t uid = 1001;
    struct accepting accepting;
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    bind(&s, "04:00.0", "vfio-pci");
    s.claimed[s.request.n_claimed++] = 3;
    s.request.claimed_for = &uid;
    accept(&s, &accepting, IOW_RULE_REM_TWO_USERS, "03:00.0", "04:00.0");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    assert_true(s.plan->risks[0].reason.reach->user);
    plan_scene_end(&s);
}

static void what_hangs_together_can_be_accepted(void **state)
{
    struct accepting accepting;
    struct plan_scene s;

    (void)state;
    set_stage(&s);
    hang_together(&s);
    accept(&s, &accepting, IOW_RULE_REM_USER_REACHES, "03:00.0", "04:00.0");
    plan_scene_play(&s);
    assert_int_equal(n_refused(&s), 0);
    assert_int_equal(s.plan->n_risks, 1);
    assert_true(s.plan->risks[0].reason.reach->indirect);
    plan_scene_end(&s);
}

/* Two groups with so many pairs that not all are looked at: then nothing is accepted for the rest. */
static void too_many_pairs_cannot_be_accepted(void **state)
{
    enum {
        HERE = 8,
        THERE = 9,
        FIRST = 5
    };
    static char address[HERE + THERE][16];
    struct actor many[FIRST + HERE + THERE] = {actor[0], actor[2], actor[3], actor[4], actor[5]};
    struct accepting accepting;
    uint32_t next = 0x80000000;
    struct plan_scene s;

    (void)state;
    for (unsigned i = 0; i < HERE + THERE; i++) {
        bool here = i < HERE;

        (void)snprintf(address[i], sizeof(address[i]), "%02u:00.%u", 3 + i / 8, i % 8);
        many[FIRST + i] = (struct actor){address[i],
            i / 8 == 0   ? "02:00.0"
            : i / 8 == 1 ? "02:01.0"
                         : "02:02.0",
            EP, here ? 2 : 3, here ? NULL : "e1000e"};
    }
    plan_scene_set(&s, many, COUNT(many));
    hardware_number(&s.scene);
    hardware_place(&s.scene, IOW_NONE, &next);
    plan_scene_name_group(&s, 2);
    plan_scene_name(&s, address[0]);
    for (unsigned i = 0; i < HERE; i++)
        for (unsigned k = HERE; k < HERE + THERE; k++)
            accept(&s, &accepting, IOW_RULE_REM_USER_REACHES, address[i], address[k]);
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_risks, HERE * (THERE - 1));
    assert_int_equal(n_refused(&s), 1);
    assert_int_equal(s.plan->refusals[0].reach->other, scene_function(&s.scene, address[HERE + THERE - 1]));
    plan_scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_has_is_no_reason),
        cmocka_unit_test(a_device_of_the_kernel_is_a_reason),
        cmocka_unit_test(each_group_of_another_is_told_once),
        cmocka_unit_test(all_that_is_asked_for_goes_to_one_user),
        cmocka_unit_test(being_reached_is_a_reason_too),
        cmocka_unit_test(what_hangs_together_by_way_of_others_is_a_reason),
        cmocka_unit_test(what_only_may_be_reached_is_no_reason),
        cmocka_unit_test(what_is_in_no_group_is_the_kernels_if_it_has_a_driver),
        cmocka_unit_test(a_bridge_is_the_machines_own),
        cmocka_unit_test(other_claims_are_reasons_unless_they_are_for_the_same_user),
        cmocka_unit_test(other_users_are_reasons_unless_they_are_the_same),
        cmocka_unit_test(who_has_it_is_not_known_but_it_is_not_the_one_who_asks),
        cmocka_unit_test(a_group_that_is_claimed_is_not_looked_at),
        cmocka_unit_test(a_pair_that_is_accepted_is_a_risk),
        cmocka_unit_test(what_does_not_fit_accepts_nothing),
        cmocka_unit_test(other_pairs_are_not_accepted_with_one),
        cmocka_unit_test(another_users_device_is_accepted_by_its_own_rule),
        cmocka_unit_test(what_hangs_together_can_be_accepted),
        cmocka_unit_test(too_many_pairs_cannot_be_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
