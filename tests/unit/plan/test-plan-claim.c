/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-scene.h"

static void a_refused_plan_has_members_and_no_steps(void **state)
{
    static const struct actor actor[] = PLAN_CAST;
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "01:00.0");
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 2);
    assert_int_equal(s.plan->n_members, 5);
    assert_int_equal(s.plan->n_steps, 0);
    plan_scene_end(&s);
}

static void what_is_allowed_has_steps_and_no_refusals(void **state)
{
    static const struct actor actor[] = PLAN_CAST;
    struct plan_scene s;

    (void)state;
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name(&s, "01:00.0");
    s.request.with_group = true;
    plan_scene_play(&s);
    assert_int_equal(s.plan->n_refusals, 0);
    assert_int_equal(s.plan->n_members, 5);
    assert_int_equal(s.plan->n_steps, 6);
    plan_scene_end(&s);
}

static void only_what_is_not_known_is_no_reason_not_to_show_the_steps(void **state)
{
    static const struct {
        bool looking, mounted;
        uint32_t n_refusals, n_steps;
    } cases[] = {{false, false, 1, 0}, {true, false, 1, 6}, {true, true, 2, 0}};
    static const struct actor actor[] = PLAN_CAST;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        static struct iow_use use = {.kind = IOW_USE_MOUNT, .name = "sda1", .by = "/"};
        struct plan_scene s;

        plan_scene_set(&s, actor, COUNT(actor));
        plan_scene_name(&s, "01:00.0");
        s.request.with_group = true;
        s.request.looking = cases[i].looking;
        plan_scene_function(&s, "01:00.0")->known &= (uint8_t)~IOW_FUNCTION_USES;
        use.function = scene_function(&s.scene, "01:00.1");
        s.scene.facts.uses = &use;
        s.scene.facts.n_uses = cases[i].mounted;
        plan_scene_play(&s);
        assert_int_equal(s.plan->n_refusals, cases[i].n_refusals);
        assert_int_equal(s.plan->n_steps, cases[i].n_steps);
        assert_int_equal(iow_plan_is_refused(s.plan), !cases[i].n_steps);
        plan_scene_end(&s);
    }
}

/* The first chunk of an arena, of which the test leaves only some bytes. */
#define FIRST_CHUNK_BYTES 16384u

static void *grow(void *ctx, size_t size_bytes)
{
    unsigned *left = ctx;

    if (!*left)
        return NULL;
    --*left;
    return malloc(size_bytes);
}

static void release(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

static void lack_of_memory_is_an_error(void **state)
{
    static const char *const address[] = {"01:00.0", "01:00.1", "01:00.2", "01:00.3", "01:00.4", "01:00.5",
        "01:00.6", "01:00.7", "01:01.0", "01:01.1", "01:01.2", "01:01.3", "01:01.4", "01:01.5", "01:01.6",
        "01:01.7"};
    static struct actor actor[COUNT(address)];
    struct plan_scene s;
    unsigned failed = 0;

    (void)state;
    for (uint32_t i = 0; i < COUNT(actor); i++)
        actor[i] = (struct actor){address[i], NULL, EP, 4, "e1000e"};
    plan_scene_set(&s, actor, COUNT(actor));
    plan_scene_name_group(&s, 4);
    scene_play(&s.scene);
    for (int refused = 0; refused < 2; refused++) {
        s.scene.function[3].known &= (uint8_t)(refused ? ~IOW_FUNCTION_USES : 0xff);
        for (size_t room = 0;; room += 16) {
            unsigned left = 1;
            struct iow_mem mem;
            struct iow_plan *plan = NULL;
            int r;

            iow_mem_init(&mem, grow, release, &left);
            assert_non_null(iow_mem_alloc(&mem, 1, FIRST_CHUNK_BYTES - room));
            r = iow_plan_claim(s.scene.analysis, &s.request, &mem, &plan);
            iow_mem_done(&mem);
            if (r == 0)
                break;
            assert_int_equal(r, -IOW_ENOMEM);
            assert_null(plan);
            failed++;
        }
    }
    assert_true(failed > 50);
    plan_scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_plan_has_members_and_no_steps),
        cmocka_unit_test(what_is_allowed_has_steps_and_no_refusals),
        cmocka_unit_test(only_what_is_not_known_is_no_reason_not_to_show_the_steps),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
