/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans that Linux would do pass, and what somebody tampered with does not. */
#include "plan-scene.h"

#include "plan/check.h"

#define RELEASE(major, minor) ((major) << 8 | (minor))
#define MOST_STEPS 32

/* A plan that may be changed. */
struct trial {
    struct plan_scene s;
    struct iow_plan plan;
    struct iow_step step[MOST_STEPS];
    struct iow_plan_member member[SCENE_MOST];
    struct iow_refusal refusal;
};

static void take(struct trial *t)
{
    plan_scene_play(&t->s);
    t->plan = *t->s.plan;
    assert_int_equal(t->plan.n_refusals, 0);
    assert_true(t->plan.n_steps > 0 && t->plan.n_steps <= MOST_STEPS);
    memcpy(t->step, t->plan.steps, t->plan.n_steps * sizeof(t->step[0]));
    memcpy(t->member, t->plan.members, t->plan.n_members * sizeof(t->member[0]));
    t->plan.steps = t->step;
    t->plan.members = t->member;
}

/* The whole of group 4, with drivers and overrides that need every kind of step. */
static void set_up(struct trial *t)
{
    static const struct actor actor[] = {{"00:01.0", NULL, PORT, 4, NULL},
        {"00:02.0", NULL, PORT, 4, "pcieport"}, {"01:00.0", "00:02.0", EP, 4, "e1000e"},
        {"01:00.1", "00:02.0", EP, 4, NULL}, {"01:00.2", "00:02.0", EP, 4, "nvme"},
        {"01:00.3", "00:02.0", EP, 4, "pci-stub"}, {"02:00.0", NULL, EP, 7, "nvme"}};

    plan_scene_set(&t->s, actor, COUNT(actor));
    plan_scene_function(&t->s, "00:01.0")->config.header_type = 1;
    plan_scene_function(&t->s, "00:01.0")->config.class_code = 0x060400;
    plan_scene_function(&t->s, "01:00.2")->driver_override = "pci-stub";
    plan_scene_name_group(&t->s, 4);
    take(t);
}

static void end(struct trial *t)
{
    plan_scene_end(&t->s);
}

static enum iow_rule check(struct trial *t)
{
    assert_int_equal(iow_plan_check(&t->s.scene.facts, &t->plan, &t->s.scene.mem, &t->refusal), 0);
    if (t->refusal.rule != IOW_RULE_NONE) {
        assert_int_equal(t->refusal.rule, IOW_RULE_PLAN_IMPOSSIBLE);
        assert_non_null(t->refusal.fault);
    }
    return t->refusal.rule;
}

/* What it is refused for. */
static void refused(struct trial *t, enum iow_plan_phase phase, enum iow_rule cause)
{
    assert_int_equal(check(t), IOW_RULE_PLAN_IMPOSSIBLE);
    assert_int_equal(t->refusal.fault->phase, phase);
    assert_string_equal(iow_rule_id(t->refusal.fault->cause), iow_rule_id(cause));
}

static void passes(struct trial *t)
{
    assert_string_equal(iow_rule_id(check(t)), iow_rule_id(IOW_RULE_NONE));
}

static uint32_t position(const struct trial *t, enum iow_step_kind kind)
{
    for (uint32_t i = 0; i < t->plan.n_steps; i++)
        if (t->step[i].kind == kind)
            return i;
    fail_msg("no step %s", iow_step_kind_name(kind));
    return 0;
}

static void remove_step(struct trial *t, uint32_t at)
{
    t->plan.n_steps--;
    memmove(&t->step[at], &t->step[at + 1], (t->plan.n_steps - at) * sizeof(t->step[0]));
}

static void move_step(struct trial *t, uint32_t from, uint32_t to)
{
    struct iow_step step = t->step[from];

    remove_step(t, from);
    memmove(&t->step[to + 1], &t->step[to], (t->plan.n_steps - to) * sizeof(t->step[0]));
    t->step[to] = step;
    t->plan.n_steps++;
}

static void a_plan_as_it_was_made_passes_on_every_kernel(void **state)
{
    static const uint16_t releases[] = {
        0, RELEASE(5, 19), RELEASE(6, 1), RELEASE(6, 6), RELEASE(6, 12), RELEASE(7, 0)};

    (void)state;
    for (size_t i = 0; i < COUNT(releases); i++) {
        struct trial t;

        set_up(&t);
        t.s.scene.facts.machine.release = releases[i];
        assert_int_equal(t.plan.n_steps, 14);
        passes(&t);
        end(&t);
    }
}

static void no_step_can_be_left_out(void **state)
{
    struct trial t;
    uint32_t n;

    (void)state;
    set_up(&t);
    n = t.plan.n_steps;
    end(&t);
    for (uint32_t i = 0; i < n; i++) {
        set_up(&t);
        remove_step(&t, i);
        if (check(&t) == IOW_RULE_NONE)
            fail_msg("nobody misses step %u, %s", (unsigned)i, iow_step_kind_name(t.s.plan->steps[i].kind));
        end(&t);
    }
}

static bool about_one_function(const struct iow_step *a, const struct iow_step *b)
{
    return a->kind != IOW_STEP_LOAD && a->kind != IOW_STEP_GIVE && b->kind != IOW_STEP_LOAD &&
           b->kind != IOW_STEP_GIVE && iow_address_compare(&a->function, &b->function) == 0;
}

static void the_steps_of_a_function_have_one_order(void **state)
{
    unsigned tried = 0;
    struct trial t;
    uint32_t n;

    (void)state;
    set_up(&t);
    n = t.plan.n_steps;
    end(&t);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = i + 1; k < n; k++) {
            struct iow_step first;

            set_up(&t);
            first = t.step[i];
            if (about_one_function(&t.step[i], &t.step[k])) {
                t.step[i] = t.step[k];
                t.step[k] = first;
                tried++;
                if (check(&t) == IOW_RULE_NONE)
                    fail_msg("steps %u and %u may change places", (unsigned)i, (unsigned)k);
            }
            end(&t);
        }
    assert_true(tried > 6);
}

static void what_comes_before_its_turn_is_refused(void **state)
{
    struct trial t;

    (void)state;
    set_up(&t);
    move_step(&t, position(&t, IOW_STEP_LOAD), t.plan.n_steps - 1);
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE); /* bound before its driver is there */
    end(&t);
    set_up(&t);
    move_step(&t, t.plan.n_steps - 1, 0);
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE); /* given before there is a node */
    assert_int_equal(t.refusal.fault->step.kind, IOW_STEP_GIVE);
    end(&t);
}

/* Each by itself is what Linux would do. */
static void another_driver_leaves_the_group_to_the_kernel(void **state)
{
    struct trial t;
    uint32_t at;

    (void)state;
    set_up(&t);
    at = position(&t, IOW_STEP_BIND);
    t.step[at].after = "uio_pci_generic";
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE); /* the override names vfio-pci */
    for (uint32_t i = 0; i < at; i++)
        if (t.step[i].kind == IOW_STEP_OVERRIDE && about_one_function(&t.step[i], &t.step[at]))
            t.step[i].after = "uio_pci_generic";
    refused(&t, IOW_PLAN_USING, IOW_RULE_DMA_CLAIM_KERNEL);
    assert_int_equal(t.refusal.group, 4);
    assert_int_equal(t.refusal.function, scene_function(&t.s.scene, "01:00.0"));
    end(&t);
}

static void what_goes_to_the_user_is_under_vfio(void **state)
{
    struct trial t;
    uint32_t at;

    (void)state;
    set_up(&t);
    at = position(&t, IOW_STEP_BIND);
    t.step[at].after = "pci-stub";
    for (uint32_t i = 0; i < at; i++)
        if (t.step[i].kind == IOW_STEP_OVERRIDE && about_one_function(&t.step[i], &t.step[at]))
            t.step[i].after = "pci-stub";
    refused(&t, IOW_PLAN_USING, IOW_RULE_NONE);
    assert_int_equal(t.refusal.function, scene_function(&t.s.scene, "01:00.0"));
    end(&t);
}

static void a_step_changes_what_is_as_it_says(void **state)
{
    static const struct {
        enum iow_step_kind kind;
        const char *before;
    } rows[] = {{IOW_STEP_UNBIND, "igb"}, {IOW_STEP_UNBIND, ""}, {IOW_STEP_OVERRIDE, "igb"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial t;

        set_up(&t);
        t.step[position(&t, rows[i].kind)].before = rows[i].before;
        refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
        end(&t);
    }
}

static void a_driver_is_bound_where_none_is(void **state)
{
    struct trial t;

    (void)state;
    set_up(&t);
    remove_step(&t, position(&t, IOW_STEP_UNBIND));
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
    assert_int_equal(t.refusal.fault->step.kind, IOW_STEP_BIND);
    assert_int_equal(t.refusal.function, scene_function(&t.s.scene, "01:00.0"));
    end(&t);
}

/* 01:00.1 has no driver and no override. */
static void to_bind_or_unbind_nothing_is_no_step(void **state)
{
    static const enum iow_step_kind kinds[] = {IOW_STEP_UNBIND, IOW_STEP_BIND};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct trial t;

        set_up(&t);
        t.step[0] = (struct iow_step){.kind = kinds[i], .group = 4, .before = "", .after = ""};
        t.step[0].function = plan_scene_function(&t.s, "01:00.1")->address;
        refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
        assert_int_equal(t.refusal.fault->step.kind, kinds[i]);
        end(&t);
    }
}

static void a_step_is_about_a_member_of_its_group(void **state)
{
    static const enum iow_step_kind kinds[] = {
        IOW_STEP_UNBIND, IOW_STEP_OVERRIDE, IOW_STEP_BIND, IOW_STEP_GIVE};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct trial t;

        set_up(&t);
        t.step[position(&t, kinds[i])].group = 7;
        refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
        if (kinds[i] != IOW_STEP_GIVE) {
            t.step[position(&t, kinds[i])].group = 4;
            t.step[position(&t, kinds[i])].function.bus = 2;
            refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
            assert_int_equal(t.refusal.function, IOW_NONE);
        }
        end(&t);
    }
}

static void what_is_no_step_is_refused(void **state)
{
    struct trial t;

    (void)state;
    set_up(&t);
    t.step[0].kind = IOW_STEP__COUNT;
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
    end(&t);
}

/* The facts change after the plan was made: a member that was free got a driver, one of another bus came. */
static void a_member_that_the_plan_does_not_know_keeps_the_group(void **state)
{
    static struct iow_other_member other = {.group = 4, .name = "a0", .bus = "platform", .driver = "ahci"};
    static const struct {
        const char *bus, *driver;
        enum iow_rule cause;
    } rows[] = {
        {"platform", "ahci", IOW_RULE_DMA_CLAIM_KERNEL},
        {"platform", NULL, IOW_RULE_NONE},
        {"platform", "vfio-platform", IOW_RULE_NONE},
        {"platform", "tegra-host1x", IOW_RULE_DMA_CLAIM_KERNEL},
        {"usb", "uas", IOW_RULE_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trial t;

        set_up(&t);
        other.bus = rows[i].bus;
        other.driver = rows[i].driver;
        t.s.scene.facts.other_members = &other;
        t.s.scene.facts.n_other_members = 1;
        if (rows[i].cause == IOW_RULE_NONE)
            passes(&t);
        else
            refused(&t, IOW_PLAN_USING, rows[i].cause);
        end(&t);
    }
}

/* Members of another bus have no address, and may be in groups that nobody wants. */
static void a_step_is_about_no_member_of_another_bus(void **state)
{
    static struct iow_other_member others[] = {
        {.group = 3, .name = "a0", .bus = "platform", .driver = "ahci"},
        {.group = 4, .name = "a1", .bus = "platform"}};
    struct trial t;

    (void)state;
    set_up(&t);
    t.s.scene.facts.other_members = others;
    t.s.scene.facts.n_other_members = COUNT(others);
    passes(&t);
    t.step[position(&t, IOW_STEP_BIND)].function.bus = 9;
    refused(&t, IOW_PLAN_DOING, IOW_RULE_NONE);
    end(&t);
}

/* Nothing is seen to speak against these; only the core does. */
static void a_driver_with_a_domain_of_its_own_keeps_the_others_from_coming_back(void **state)
{
    static const struct actor last[] = {
        {"01:00.0", NULL, EP, 4, "e1000e"}, {"01:00.1", NULL, EP, 4, "tegra-host1x"}};
    static const struct actor first[] = {
        {"01:00.0", NULL, EP, 4, "tegra-host1x"}, {"01:00.1", NULL, EP, 4, "e1000e"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, last, COUNT(last));
    plan_scene_name_group(&s, 4);
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_steps, 0);
    assert_int_equal(s.plan->n_refusals, 1);
    assert_int_equal(s.plan->refusals[0].rule, IOW_RULE_PLAN_IMPOSSIBLE);
    assert_int_equal(s.plan->refusals[0].fault->phase, IOW_PLAN_UNDOING);
    assert_int_equal(s.plan->refusals[0].fault->cause, IOW_RULE_DMA_PROBE_PRIVATE);
    assert_int_equal(s.plan->refusals[0].function, scene_function(&s.scene, "01:00.0"));
    plan_scene_end(&s);

    plan_scene_set(&s, first, COUNT(first));
    plan_scene_name_group(&s, 4);
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 0);
    assert_true(s.plan->n_steps > 0);
    plan_scene_end(&s);
}

static void two_drivers_with_domains_of_their_own_do_not_come_back_both(void **state)
{
    static const struct actor actor[] = {{"01:00.0", NULL, EP, 4, "e1000e"},
        {"01:00.1", NULL, EP, 4, "tegra-host1x"}, {"01:00.2", NULL, EP, 4, "qman_portal"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name_group(&s, 4);
    plan_scene_play(&s);
    assert_int_equal(s.plan->refusals[0].rule, IOW_RULE_PLAN_IMPOSSIBLE);
    assert_int_equal(s.plan->refusals[0].fault->phase, IOW_PLAN_UNDOING);
    assert_int_equal(s.plan->refusals[0].fault->cause, IOW_RULE_DMA_PROBE_PRIVATE);
    plan_scene_end(&s);
}

/* It may have come by a backport. */
static void a_variant_of_vfio_pci_is_one_whatever_the_release(void **state)
{
    static const struct actor actor[] = {
        {"01:00.0", NULL, EP, 4, "virtio_vfio_pci"}, {"01:00.1", NULL, EP, 4, NULL}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name_group(&s, 4);
    s.scene.facts.machine.release = RELEASE(6, 1);
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 0);
    plan_scene_end(&s);
}

static void the_type_of_the_default_domain_makes_no_difference(void **state)
{
    static const char *const types[] = {NULL, "DMA", "DMA-FQ", "identity", "unknown"};

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        struct trial t;

        set_up(&t);
        for (uint32_t g = 0; g < t.s.scene.facts.n_groups; g++)
            t.s.scene.group[g].type = types[i];
        passes(&t);
        end(&t);
    }
}

static void every_group_of_a_plan_is_checked(void **state)
{
    static const struct actor actor[] = {
        {"01:00.0", NULL, EP, 4, "e1000e"}, {"02:00.0", NULL, EP, 7, "nvme"}, {"03:00.0", NULL, EP, 9, NULL}};
    struct trial t;

    (void)state;
    plan_scene_set(&t.s, actor, COUNT(actor));
    plan_scene_name_group(&t.s, 9);
    plan_scene_name_group(&t.s, 4);
    plan_scene_name_group(&t.s, 7);
    take(&t);
    passes(&t);
    t.plan.n_steps--; /* the last group is not given */
    refused(&t, IOW_PLAN_USING, IOW_RULE_NONE);
    assert_int_equal(t.refusal.group, 9);
    end(&t);
}

static void who_is_in_the_way_is_of_the_group(void **state)
{
    static const struct actor actor[] = {
        {"01:00.0", NULL, EP, 7, "e1000e"}, {"02:00.0", NULL, EP, 4, "nvme"}};
    struct trial t;

    (void)state;
    plan_scene_set(&t.s, actor, COUNT(actor));
    plan_scene_name_group(&t.s, 4);
    plan_scene_name_group(&t.s, 7);
    take(&t);
    t.plan.n_steps = 0;
    refused(&t, IOW_PLAN_USING, IOW_RULE_DMA_CLAIM_KERNEL);
    assert_int_equal(t.refusal.group, 4);
    assert_int_equal(t.refusal.function, scene_function(&t.s.scene, "02:00.0"));
    end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_as_it_was_made_passes_on_every_kernel),
        cmocka_unit_test(no_step_can_be_left_out),
        cmocka_unit_test(the_steps_of_a_function_have_one_order),
        cmocka_unit_test(what_comes_before_its_turn_is_refused),
        cmocka_unit_test(another_driver_leaves_the_group_to_the_kernel),
        cmocka_unit_test(what_goes_to_the_user_is_under_vfio),
        cmocka_unit_test(a_step_changes_what_is_as_it_says),
        cmocka_unit_test(a_driver_is_bound_where_none_is),
        cmocka_unit_test(to_bind_or_unbind_nothing_is_no_step),
        cmocka_unit_test(a_step_is_about_a_member_of_its_group),
        cmocka_unit_test(what_is_no_step_is_refused),
        cmocka_unit_test(a_member_that_the_plan_does_not_know_keeps_the_group),
        cmocka_unit_test(a_step_is_about_no_member_of_another_bus),
        cmocka_unit_test(a_driver_with_a_domain_of_its_own_keeps_the_others_from_coming_back),
        cmocka_unit_test(two_drivers_with_domains_of_their_own_do_not_come_back_both),
        cmocka_unit_test(a_variant_of_vfio_pci_is_one_whatever_the_release),
        cmocka_unit_test(the_type_of_the_default_domain_makes_no_difference),
        cmocka_unit_test(every_group_of_a_plan_is_checked),
        cmocka_unit_test(who_is_in_the_way_is_of_the_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
