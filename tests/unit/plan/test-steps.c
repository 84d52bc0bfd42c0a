/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

/* A shape of one function: what it is bound to, and what its override says. */
struct shape {
    const char *driver, *override;
};

static const struct shape shape[] = {
    {NULL, NULL},
    {NULL, "vfio-pci"},
    {NULL, "pci-stub"},
    {"e1000e", NULL},
    {"e1000e", "e1000e"},
    {"e1000e", "vfio-pci"},
    {"e1000e", "igb"},
    {"pci-stub", "pci-stub"},
    {"pci-stub", NULL},
    {"vfio-pci", "vfio-pci"},
    {"vfio-pci", NULL},
    {"vfio-pci", "igb"},
};

static void has_value(
    const struct kernel *k, const struct scene *s, const struct iow_step *step, const char *wanted)
{
    assert_string_equal(kernel_value(k, s, step), wanted);
}

/* Does the first n steps, and takes them back. Before each its variable has the value before, after it the value after. */
static void go_and_return(const struct plan_scene *s, uint32_t n)
{
    struct iow_step done[5 * SCENE_MOST];
    struct kernel k, start;

    kernel_boot(&start, &s->scene);
    k = start;
    for (uint32_t i = 0; i < n; i++) {
        done[i] = s->plan->steps[i];
        if (done[i].kind == IOW_STEP_GIVE) /* what only the machine can tell takes its place */
            done[i].before = *k.access[done[i].group] ? NEW_NODE : "";
        has_value(&k, &s->scene, &done[i], done[i].before);
        assert_int_equal(kernel_do(&k, &s->scene, &done[i]), 0);
        has_value(&k, &s->scene, &done[i], done[i].after);
    }
    while (n--) {
        struct iow_step back = iow_step_inverse(&done[n]);

        if (!iow_step_has_inverse(&done[n]))
            continue;
        has_value(&k, &s->scene, &back, back.before);
        assert_int_equal(kernel_do(&k, &s->scene, &back), 0);
        has_value(&k, &s->scene, &back, back.after);
    }
    k.loaded = start.loaded;
    assert_memory_equal(&k, &start, sizeof(k));
}

/* Every member that goes has VFIO's driver, every freed one none, the others what they had; the nodes are the user's. */
static void reaches_the_goal(const struct plan_scene *s)
{
    struct kernel k, start;

    kernel_boot(&start, &s->scene);
    k = start;
    for (uint32_t i = 0; i < s->plan->n_steps; i++)
        assert_int_equal(kernel_do(&k, &s->scene, &s->plan->steps[i]), 0);
    for (uint32_t i = 0; i < s->plan->n_members; i++) {
        const struct iow_plan_member *m = &s->plan->members[i];

        if (m->role == IOW_MEMBER_FREED)
            assert_string_equal(k.function[m->function].driver, "");
        else if (m->role == IOW_MEMBER_STAYS)
            assert_string_equal(k.function[m->function].driver, start.function[m->function].driver);
        else
            assert_true(iow_driver_is_vfio(k.function[m->function].driver));
        assert_string_equal(k.access[m->group], "1000:100:0600");
    }
}

static void there_and_back(const struct plan_scene *s)
{
    assert_int_equal(s->plan->n_refusals, 0);
    assert_true(s->plan->n_steps > 0);
    reaches_the_goal(s);
    for (uint32_t n = 0; n <= s->plan->n_steps; n++)
        go_and_return(s, n);
}

static void every_pair_of_shapes_goes_there_and_back_from_anywhere(void **state)
{
    (void)state;
    for (size_t a = 0; a < COUNT(shape); a++)
        for (size_t b = 0; b < COUNT(shape); b++) {
            const struct actor actor[] = {
                {"01:00.0", NULL, EP, 4, shape[a].driver}, {"01:00.1", NULL, EP, 4, shape[b].driver}};
            struct plan_scene s;

            plan_scene_set(&s, actor, COUNT(actor));
            s.scene.function[0].driver_override = shape[a].override;
            s.scene.function[1].driver_override = shape[b].override;
            plan_scene_name(&s, "01:00.0");
            s.request.with_group = true;
            plan_scene_play(&s);
            there_and_back(&s);
            plan_scene_end(&s);
        }
}

static void several_groups_and_freed_bridges_go_there_and_back(void **state)
{
    static const char *const override[] = {NULL, "shpchp", "pcieport", "vfio-pci"};
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 4, "shpchp"},
        {"01:00.0", "00:02.0", EP, 4, "e1000e"}, {"01:00.1", "00:02.0", EP, 4, NULL},
        {"01:00.3", "00:02.0", EP, 4, "pci-stub"}, {"02:00.0", NULL, EP, 7, "nvme"},
        {"03:00.0", NULL, EP, 2, "vfio-pci"}};

    (void)state;
    for (size_t i = 0; i < COUNT(override); i++) {
        struct plan_scene s;

        plan_scene_set(&s, actor, COUNT(actor));
        s.scene.function[0].driver_override = override[i];
        plan_scene_name(&s, "01:00.0");
        plan_scene_name(&s, "02:00.0");
        plan_scene_name_group(&s, 2);
        s.request.with_group = true;
        plan_scene_play(&s);
        there_and_back(&s);
        plan_scene_end(&s);
    }
}

/* One word for each step, as "kind function before>after". */
static void expect_steps(const struct plan_scene *s, const char *const *wanted, uint32_t n)
{
    assert_int_equal(s->plan->n_steps, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_step *step = &s->plan->steps[i];
        char address[IOW_ADDRESS_TEXT], text[256];
        bool of_function = step->kind != IOW_STEP_LOAD && step->kind != IOW_STEP_GIVE;

        (void)snprintf(text, sizeof(text), "%u %s %s %s>%s", step->group, iow_step_kind_name(step->kind),
            of_function ? iow_address_format(&step->function, address) : "-", step->before, step->after);
        assert_string_equal(text, wanted[i]);
        if (of_function)
            assert_int_equal(step->identity, 0x1b360000 | (0x100 + kernel_find(&s->scene, &step->function)));
    }
}

static void drivers_go_first_and_nodes_come_last(void **state)
{
    static const char *const wanted[] = {
        "4 load - >vfio-pci",
        "4 override 0000:01:00.1 igb>snd_hda_intel",
        "4 unbind 0000:01:00.0 nouveau>",
        "4 unbind 0000:01:00.1 snd_hda_intel>",
        "7 unbind 0000:02:00.0 nvme>",
        "4 override 0000:01:00.0 >vfio-pci",
        "4 override 0000:01:00.1 snd_hda_intel>vfio-pci",
        "7 override 0000:02:00.0 >vfio-pci",
        "4 bind 0000:01:00.0 >vfio-pci",
        "4 bind 0000:01:00.1 >vfio-pci",
        "4 bind 0000:01:00.2 >vfio-pci",
        "7 bind 0000:02:00.0 >vfio-pci",
        "4 give - >1000:100:0600",
        "7 give - >1000:100:0600",
    };
    static const struct actor actor[] = {{"01:00.0", NULL, EP, 4, "nouveau"},
        {"01:00.1", NULL, EP, 4, "snd_hda_intel"}, {"01:00.2", NULL, EP, 4, NULL},
        {"02:00.0", NULL, EP, 7, "nvme"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    s.scene.function[1].driver_override = "igb";
    s.scene.function[2].driver_override = "vfio-pci";
    plan_scene_name(&s, "02:00.0");
    plan_scene_name_group(&s, 4);
    plan_scene_play(&s);
    expect_steps(&s, wanted, COUNT(wanted));
    plan_scene_end(&s);
}

static void a_group_that_vfio_has_already_is_only_given(void **state)
{
    static const char *const wanted[] = {"4 give - >1000:100:0600"};
    static const struct actor actor[] = {{"01:00.0", NULL, EP, 4, "mlx5_vfio_pci"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "01:00.0");
    plan_scene_play(&s);
    expect_steps(&s, wanted, COUNT(wanted));
    plan_scene_end(&s);
}

static void a_driver_in_use_elsewhere_is_not_loaded(void **state)
{
    static const char *const wanted[] = {
        "4 override 0000:01:00.0 >vfio-pci", "4 bind 0000:01:00.0 >vfio-pci", "4 give - >1000:100:0600"};
    static const struct actor actor[] = {
        {"01:00.0", NULL, EP, 4, NULL}, {"02:00.0", NULL, EP, 7, "vfio-pci"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "01:00.0");
    plan_scene_play(&s);
    expect_steps(&s, wanted, COUNT(wanted));
    plan_scene_end(&s);
}

static void a_variant_of_vfio_elsewhere_does_not_bring_the_driver(void **state)
{
    static const struct actor actor[] = {
        {"01:00.0", NULL, EP, 4, NULL}, {"02:00.0", NULL, EP, 7, "mlx5_vfio_pci"}};
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "01:00.0");
    plan_scene_play(&s);
    assert_int_equal(s.plan->steps[0].kind, IOW_STEP_LOAD);
    plan_scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_shapes_goes_there_and_back_from_anywhere),
        cmocka_unit_test(several_groups_and_freed_bridges_go_there_and_back),
        cmocka_unit_test(drivers_go_first_and_nodes_come_last),
        cmocka_unit_test(a_group_that_vfio_has_already_is_only_given),
        cmocka_unit_test(a_driver_in_use_elsewhere_is_not_loaded),
        cmocka_unit_test(a_variant_of_vfio_elsewhere_does_not_bring_the_driver),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
