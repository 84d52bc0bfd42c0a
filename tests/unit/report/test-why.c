/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

static struct iow_why *built(struct stage *s, const char *a, const char *b)
{
    const uint32_t both[] = {scene_function(&s->scene, a), scene_function(&s->scene, b ? b : a)};
    struct iow_why *why;

    assert_int_equal(iow_why_build(s->view, both, b ? 2 : 1, &s->scene.mem, &why), 0);
    return why;
}

static bool looked_at(const struct iow_why_side *side, enum iow_rule rule)
{
    for (uint32_t i = 0; i < side->n_steps; i++)
        if (side->steps[i].step.rule == rule)
            return true;
    return false;
}

static void below_a_vmd_the_search_goes_on_at_the_vmd(void **state)
{
    const struct iow_why_side *side;
    struct iow_why *why;
    struct stage s;

    (void)state;
    stage_set_vmd(&s);
    stage_play(&s);
    why = built(&s, "10000:e1:00.0", NULL);
    side = &why->side[0];
    assert_int_equal(why->n, 1);
    assert_int_equal(side->n_together, 3);
    assert_int_equal(side->together[0]->position, 0);
    assert_int_equal(side->opener->position, 0);
    assert_int_equal(side->n_steps, 1);
    assert_string_equal(side->steps[0].text, "10000:e1:00.0 does its DMA in the name of 0000:00:0e.0, so the "
                                             "rule goes on with 0000:00:0e.0");
    stage_end(&s);
}

static void an_alias_links_its_two_functions(void **state)
{
    struct iow_why *why;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    why = built(&s, "01:00.1", "01:00.0");
    assert_true(why->same_group);
    assert_true(why->same_predicted);
    assert_int_equal(why->n_links, 1);
    assert_int_equal(why->links[0].link.reason.rule, IOW_RULE_GRP_DEVFN_ALIAS);
    assert_non_null(strstr(why->links[0].text, "Marvell SATA controller"));
    assert_true(looked_at(&why->side[0], IOW_RULE_STEP_ALIAS));
    stage_end(&s);
}

static void what_is_expected_and_what_is_there_are_told_apart(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 1}, {"00:03.0", NULL, PORT_OPEN, 2},
        {"01:00.0", "00:02.0", EP, 1}, {"02:00.0", "00:03.0", EP, 3}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    why = built(&s, "01:00.0", "02:00.0");
    assert_false(why->same_group);
    assert_false(why->same_predicted);
    assert_int_equal(why->n_links, 0);
    assert_int_equal(why->side[0].n_together, 1);
    assert_int_equal(why->side[0].n_missing, 0);
    assert_int_equal(why->side[0].n_surplus, 1);
    assert_string_equal(why->side[0].surplus[0]->address, "0000:00:02.0");
    assert_int_equal(why->side[1].n_together, 2);
    assert_int_equal(why->side[1].n_missing, 1);
    assert_string_equal(why->side[1].missing[0]->address, "0000:00:03.0");
    assert_int_equal(why->side[1].n_surplus, 0);
    assert_int_equal(why->about.n_differences, 2);
    stage_end(&s);
}

/* The first side is kept apart by its port, the second by what keeps apart the port that opened its group. */
static void separation_is_what_kept_the_opener_alone(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0}, {"00:03.0", NULL, PORT_OPEN, 3},
        {"01:00.0", "00:02.0", EP, 1}, {"02:00.0", "00:03.0", EP, 3}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    why = built(&s, "01:00.0", "02:00.0");
    assert_ptr_equal(why->side[0].opener, why->side[0].function);
    assert_true(why->side[0].n_separators >= 1);
    assert_int_equal(why->side[0].separators[0].step.rule, IOW_RULE_STEP_PATH_ISOLATES);
    assert_int_equal(why->side[0].separators[0].step.subject, 0);
    assert_string_equal(why->side[1].opener->address, "0000:00:03.0");
    assert_int_equal(why->side[1].separators[0].step.rule, IOW_RULE_STEP_ROOT_BUS);
    for (uint32_t i = 0; i < why->side[1].n_separators; i++)
        assert_int_not_equal(why->side[1].separators[i].step.rule, IOW_RULE_STEP_PATH_OPEN);
    stage_end(&s);
}

static void a_side_rests_on_all_its_companions(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_OPEN, 5}, {"00:03.0", NULL, PORT, 6},
        {"01:00.0", "00:02.0", EP, 5}, {"01:01.0", "00:02.0", EP, 5}};
    struct iow_missing missing[] = {
        {.rule = IOW_RULE_READ_ASLEEP, .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 1, 1, 0}}},
        {.rule = IOW_RULE_READ_ASLEEP, .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 0, 3, 0}}},
        {.rule = IOW_RULE_READ_HOLDERS_HIDDEN, .subject = {.kind = IOW_SUBJECT_MACHINE}},
    };
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.function[3].config.known = IOW_CONFIG_IDS;
    s.scene.function[3].asleep = true;
    s.scene.facts.missing = missing;
    s.scene.facts.n_missing = COUNT(missing);
    stage_play(&s);
    why = built(&s, "01:00.0", NULL);
    assert_true(why->side[0].function->certain);
    assert_false(why->side[0].readable);
    assert_int_equal(why->side[0].n_steps, 0);
    assert_null(why->side[0].opener);
    assert_int_equal(why->about.n_missing, 1);
    assert_ptr_equal(why->about.missing[0], &s.view->missing[0]);
    stage_end(&s);
}

static void a_side_rests_on_those_that_should_not_be_there(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 1}, {"00:03.0", NULL, PORT, 1}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.function[1].config.known = IOW_CONFIG_IDS;
    stage_play(&s);
    why = built(&s, "00:02.0", NULL);
    assert_true(why->side[0].function->certain);
    assert_int_equal(why->side[0].n_surplus, 1);
    assert_false(why->side[0].readable);
    stage_end(&s);
}

static void what_no_iommu_covers_has_no_search(void **state)
{
    struct iow_why *why;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "vfio-pci");
    s.scene.group[1].name = "vfio-noiommu";
    stage_play(&s);
    why = built(&s, "01:00.0", "00:02.0");
    assert_int_equal(why->side[0].n_steps, 0);
    assert_null(why->side[0].opener);
    assert_int_equal(why->side[0].n_together, 1);
    assert_true(why->side[0].readable);
    assert_true(why->side[1].n_steps > 0);
    assert_false(why->same_group);
    assert_false(why->same_predicted);
    stage_end(&s);
}

static void remarks_are_those_of_the_way_and_of_the_group(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_CLEARED, 0, "pcieport"},
        {"01:00.0", "00:02.0", EP, 1, NULL}, {"80:00.0", NULL, EP, NO_GROUP},
        {"81:00.0", NULL, EP, NO_GROUP}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.group[1].vfio_node = true;
    stage_play(&s);
    /* what the difference says is not said again as a remark */
    why = built(&s, "01:00.0", NULL);
    assert_int_equal(why->about.n_differences, 1);
    assert_int_equal(why->about.differences[0]->rule, IOW_RULE_DIFF_ACS_CLEARED);
    assert_int_equal(why->about.n_findings, 1);
    assert_int_equal(why->about.findings[0]->rule, IOW_RULE_REM_PENDING_UNBIND);
    /* the port has no difference of its own */
    why = built(&s, "00:02.0", NULL);
    assert_int_equal(why->about.n_differences, 1);
    why = built(&s, "80:00.0", "81:00.0");
    assert_false(why->same_group);
    assert_false(why->same_predicted);
    why = built(&s, "80:00.0", NULL);
    assert_int_equal(why->about.n_findings, 1);
    assert_int_equal(why->about.findings[0]->function, 2);
    assert_null(why->side[0].group);
    stage_end(&s);
}

static void a_group_is_explained_as_the_member_that_opened_it(void **state)
{
    struct iow_why *why;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    assert_int_equal(iow_why_build_group(s.view, 2, &s.scene.mem, &why), 0);
    assert_true(why->whole);
    assert_int_equal(why->n, 1);
    assert_int_equal(why->side[0].function->position, 1);
    assert_ptr_equal(why->side[0].opener, why->side[0].function);
    assert_int_equal(why->side[0].n_together, 2);
    stage_end(&s);
}

/* The kernel's group may lack who would have opened it: then the first that Linux found stands for it. */
static void a_group_without_its_opener_is_explained_as_its_first_member(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT_OPEN, 1}, {"01:00.0", "00:02.0", EP, 2}, {"01:01.0", "00:02.0", EP, 2}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    assert_int_equal(iow_why_build_group(s.view, 2, &s.scene.mem, &why), 0);
    assert_int_equal(why->side[0].function->position, 1);
    assert_int_equal(why->about.n_differences, 2); /* of every member */
    stage_end(&s);
}

static void a_machine_without_iommu_is_remarked_about_each_function(void **state)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, NO_GROUP}, {"01:00.0", "00:02.0", EP, NO_GROUP}};
    struct iow_why *why;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    why = built(&s, "01:00.0", NULL);
    assert_true(iow_why_unconfined(&why->side[0]));
    assert_false(iow_why_agrees(&why->side[0]));
    assert_int_equal(why->about.n_findings, 1);
    assert_int_equal(why->about.findings[0]->rule, IOW_RULE_REM_NO_IOMMU);
    stage_end(&s);
}

/* Refuses once, and then has memory again: what was refused must not be forgotten. */
static void *grow(void *ctx, size_t size)
{
    unsigned *left = ctx;

    return (*left)-- ? malloc(size) : NULL;
}

static void release(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

/* The arena takes memory in large pieces: a first request, of each size, moves the place where one ends. */
static void lack_of_memory_is_an_error(void **state)
{
    const uint32_t both[] = {1, 2};
    unsigned n_failed = 0, n_built = 0;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    for (size_t first = 0; first < 16384; first += 8) {
        for (unsigned n = 1; n < 4; n++) {
            struct iow_why *why = NULL;
            unsigned left = n;
            struct iow_mem mem;
            int r;

            iow_mem_init(&mem, grow, release, &left);
            (void)iow_mem_alloc(&mem, 1, first);
            r = iow_why_build(s.view, both, 2, &mem, &why);
            if (r) {
                assert_int_equal(r, -IOW_ENOMEM);
                n_failed++;
            } else {
                assert_non_null(why->about.missing);
                assert_int_equal(why->n_links, 1);
                assert_non_null(why->links[0].text);
                for (uint32_t i = 0; i < why->side[0].n_steps; i++)
                    assert_non_null(why->side[0].steps[i].text);
                n_built++;
            }
            iow_mem_done(&mem);
        }
    }
    assert_true(n_failed > 100);
    assert_true(n_built > 100);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_a_vmd_the_search_goes_on_at_the_vmd),
        cmocka_unit_test(an_alias_links_its_two_functions),
        cmocka_unit_test(what_is_expected_and_what_is_there_are_told_apart),
        cmocka_unit_test(separation_is_what_kept_the_opener_alone),
        cmocka_unit_test(a_side_rests_on_all_its_companions),
        cmocka_unit_test(a_side_rests_on_those_that_should_not_be_there),
        cmocka_unit_test(what_no_iommu_covers_has_no_search),
        cmocka_unit_test(remarks_are_those_of_the_way_and_of_the_group),
        cmocka_unit_test(a_group_is_explained_as_the_member_that_opened_it),
        cmocka_unit_test(a_group_without_its_opener_is_explained_as_its_first_member),
        cmocka_unit_test(a_machine_without_iommu_is_remarked_about_each_function),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
