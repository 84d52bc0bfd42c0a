/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/about.h"

/* Two ways down, each with a port without ACS, and a device that no IOMMU covers. */
static const struct actor actor[] = {{"00:02.0", NULL, PORT_CLEARED, 0, "pcieport"},
    {"00:03.0", NULL, PORT_OPEN, 3, "pcieport"}, {"01:00.0", "00:02.0", EP, 1, "e1000e"},
    {"02:00.0", "00:03.0", EP, 3, "nvme"}, {"80:00.0", NULL, EP, NO_GROUP}};

static struct iow_about about_of(struct stage *s, const uint32_t *functions, uint32_t n)
{
    struct iow_about about;

    assert_int_equal(iow_about_build(s->view, functions, n, &s->scene.mem, &about), 0);
    return about;
}

static void only_what_concerns_them_is_picked(void **state)
{
    static const struct {
        uint32_t function, n_differences, n_findings, n_missing;
    } cases[] = {
        {0, 1, 0, 1}, /* what is missing of it */
        {1, 0, 0, 1}, /* of its group */
        {2, 1, 0, 1}, /* of the bridge above it; the difference says what the remark would */
        {3, 0, 0, 1}, /* of its group */
        {4, 0, 1, 0}, /* no IOMMU covers it */
    };
    struct iow_missing missing[] = {
        {.rule = IOW_RULE_READ_FAILED, .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 0, 2, 0}}},
        {.rule = IOW_RULE_READ_FAILED, .subject = {.kind = IOW_SUBJECT_GROUP, .number = 3}},
        {.rule = IOW_RULE_READ_FAILED, .subject = {.kind = IOW_SUBJECT_MACHINE}},
        {.rule = IOW_RULE_READ_FAILED, .subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 9, 0, 0}}},
    };
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    s.scene.facts.missing = missing;
    s.scene.facts.n_missing = COUNT(missing);
    stage_play(&s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_about about = about_of(&s, &cases[i].function, 1);

        assert_int_equal(about.n_differences, cases[i].n_differences);
        assert_int_equal(about.n_findings, cases[i].n_findings);
        assert_int_equal(about.n_missing, cases[i].n_missing);
    }
    stage_end(&s);
}

static void of_several_each_note_is_picked_once(void **state)
{
    static const uint32_t all[] = {2, 0, 4};
    struct iow_about about;
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    about = about_of(&s, all, COUNT(all));
    assert_int_equal(about.n_differences, 1);
    assert_int_equal(about.n_findings, 1);
    assert_int_equal(about.findings[0]->rule, IOW_RULE_REM_UNGROUPED);
    about = about_of(&s, all, 0);
    assert_int_equal(about.n_differences + about.n_findings + about.n_missing, 0);
    stage_end(&s);
}

static void why_registers_were_not_read_is_told_by_what_is_missing(void **state)
{
    static const struct {
        enum iow_rule rule;
        const char *wanted;
    } cases[] = {
        {IOW_RULE_READ_DENIED, "root"},
        {IOW_RULE_READ_CONFIG_SHORT, "root"},
        {IOW_RULE_READ_ASLEEP, "sleeps"},
        {IOW_RULE_READ_VANISHED, "could not be read"},
    };
    static const uint32_t one = 1;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_missing missing;
        struct iow_about about;
        struct stage s;

        stage_set_asleep(&s, &missing);
        missing.rule = cases[i].rule;
        stage_play(&s);
        about = about_of(&s, &one, 1);
        says(iow_about_unread(s.view, &about), cases[i].wanted);
        stage_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_concerns_them_is_picked),
        cmocka_unit_test(of_several_each_note_is_picked_once),
        cmocka_unit_test(why_registers_were_not_read_is_told_by_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
