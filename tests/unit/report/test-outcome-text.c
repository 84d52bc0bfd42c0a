/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"
#include "starve.h"

static char *drawn(const struct iow_outcome *outcome, const struct iow_outcome_about *about)
{
    return DRAWN(iow_outcome_text(outcome, about, out));
}

/* How each ending begins, of one group and of several, and without and with something that went otherwise. */
static const struct {
    enum iow_outcome_verb verb;
    enum iow_outcome_kind kind;
    uint32_t n_groups, n_failures;
    const char *wanted;
} cases[] = {
    {IOW_OUTCOME_CLAIM, IOW_OUTCOME_DONE, 1, 0, "group 4 is claimed for alice (uid 1000): /dev/vfio/4"},
    {IOW_OUTCOME_CLAIM, IOW_OUTCOME_DONE, 3, 0,
        "groups 4, 7 and 9 are claimed for alice (uid 1000): /dev/vfio/4, /dev/vfio/7 and /dev/vfio/9"},
    {IOW_OUTCOME_CLAIM, IOW_OUTCOME_ROLLED_BACK, 1, 1,
        "group 4 could not be claimed; everything is as it was before (2 steps undone): ! bind"},
    {IOW_OUTCOME_CLAIM, IOW_OUTCOME_PENDING, 2, 2,
        "groups 4 and 7 could not be claimed, and not everything is as it was before yet: !"},
    {IOW_OUTCOME_CLAIM, IOW_OUTCOME_OPEN, 1, 2,
        "group 4 could not be claimed, and not everything could be put back: !"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_DONE, 1, 0,
        "group 4 is released: what was changed for it is as it was before"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_DONE, 2, 0,
        "groups 4 and 7 are released: what was changed for them is as it was before"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_DONE, 1, 2, "group 4 is released; this was left as it is: !"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_ROLLED_BACK, 1, 0,
        "the unfinished claim of group 4 is undone: what was changed for it is as it was before"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_ROLLED_BACK, 1, 1,
        "the unfinished claim of group 4 is undone; this was left as it is: !"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_PENDING, 1, 1, "group 4 is not released yet: !"},
    {IOW_OUTCOME_RELEASE, IOW_OUTCOME_OPEN, 2, 1,
        "groups 4 and 7 are not released: not everything could be put back: !"},
    {IOW_OUTCOME_FORGET, IOW_OUTCOME_DONE, 1, 0,
        "group 4 is given up: nothing was put back, and it is no longer claimed"},
    {IOW_OUTCOME_FORGET, IOW_OUTCOME_DONE, 2, 0,
        "groups 4 and 7 are given up: nothing was put back, and they are no"},
};

static void every_ending_says_first_what_is_so_now(void **state)
{
    bool visited[IOW_OUTCOME__VERBS][IOW_OUTCOME__COUNT] = {{false}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct iow_outcome_about about = stage_about(cases[i].verb, cases[i].n_groups);
        const struct iow_outcome outcome = {.kind = cases[i].kind,
            .n_done = 3,
            .n_undone = 2,
            .n_failures = cases[i].n_failures,
            .failures = stage_failures};
        char *text = flat(drawn(&outcome, &about));

        visited[cases[i].verb][cases[i].kind] = true;
        if (strncmp(text, cases[i].wanted, strlen(cases[i].wanted)) != 0)
            fail_msg("\"%s\" does not begin: %s", cases[i].wanted, text);
        assert_int_equal(count_of(text, "! "), cases[i].n_failures);
        free(text);
    }
    for (int verb = 0; verb < IOW_OUTCOME__VERBS; verb++)
        for (int kind = 0; kind < IOW_OUTCOME__COUNT; kind++)
            assert_true(visited[verb][kind] != (verb == IOW_OUTCOME_FORGET && kind != IOW_OUTCOME_DONE));
}

static void the_cause_comes_first_with_its_meaning_and_rule(void **state)
{
    const struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, 1);
    const struct iow_outcome outcome = {
        .kind = IOW_OUTCOME_OPEN, .n_failures = COUNT(stage_failures), .failures = stage_failures};
    char *text = flat(drawn(&outcome, &about));

    (void)state;
    says(text, "! bind 0000:01:00.0 to vfio-pci: the kernel refused (Invalid argument): it is a bridge, or "
               "has no IOMMU group");
    says(text,
        "now it has no driver (IOW-EXEC-REFUSED) -> see the kernel's log (dmesg) ! bind 0000:01:00.0 to "
        "e1000e: somebody else");
    says(text, "now its driver is " HOSTILE_SHOWN " (IOW-EXEC-FOREIGN) ->");
    says(text, "what is left to do is kept; to try it again: ioward release --resume");
    free(text);
}

static void a_single_step_is_one_step(void **state)
{
    const struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, 1);
    const struct iow_outcome outcome = {.kind = IOW_OUTCOME_ROLLED_BACK, .n_undone = 1};
    char *text = drawn(&outcome, &about);

    (void)state;
    says(text, "(1 step undone)");
    says_not(text, "--resume");
    free(text);
}

static void who_is_waited_for_is_named_once_with_what_to_do(void **state)
{
    static const struct iow_failure waits = {
        .step = STEP(UNBIND, "vfio-pci", ""), .rule = IOW_RULE_EXEC_WAITS};
    struct iow_outcome_about about = stage_about(IOW_OUTCOME_RELEASE, 1);
    const struct iow_outcome outcome = {.kind = IOW_OUTCOME_PENDING, .n_failures = 1, .failures = &waits};
    char *text;

    (void)state;
    about.holder = HOSTILE " (process 812)";
    text = flat(drawn(&outcome, &about));
    says(text, "it waits for " HOSTILE_SHOWN
               " (process 812); end it, or have it let go, then: ioward release --resume");
    assert_int_equal(count_of(text, "--resume"), 1);
    free(text);
    about.holder = NULL;
    text = flat(drawn(&outcome, &about));
    says(text, "who has it open cannot be told");
    assert_int_equal(count_of(text, "--resume"), 1);
    free(text);
}

static void what_waits_for_a_driver_has_no_user_to_wait_for(void **state)
{
    static const struct iow_failure failures[][2] = {
        {{.step = STEP(UNBIND, "e1000e", ""), .rule = IOW_RULE_EXEC_WAITS}},
        {{.step = STEP(OVERRIDE, "", "vfio-pci"), .rule = IOW_RULE_EXEC_UNSEEN}},
    };
    struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, 1);

    (void)state;
    about.holder = "qemu (process 812)";
    for (size_t i = 0; i < COUNT(failures); i++) {
        const struct iow_outcome outcome = {
            .kind = IOW_OUTCOME_PENDING, .n_failures = 1, .failures = failures[i]};
        char *text = flat(drawn(&outcome, &about));

        says(text, " -> ");
        says(text, "what is left to do is kept; to try it again: ioward release --resume");
        assert_int_equal(count_of(text, "--resume"), 1);
        says_not(text, "qemu");
        says_not(text, "let go, then");
        free(text);
    }
}

static void lack_of_memory_is_an_error(void **state)
{
    const struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, 2);
    const struct iow_outcome outcome = {
        .kind = IOW_OUTCOME_OPEN, .n_failures = COUNT(stage_failures), .failures = stage_failures};
    char *whole = drawn(&outcome, &about), *text = NULL;
    unsigned n = 0;
    size_t len;
    int r;

    (void)state;
    do {
        FILE *out = open_memstream(&text, &len);

        meals = n++;
        r = iow_outcome_text(&outcome, &about, out);
        meals = UINT_MAX;
        assert_int_equal(fclose(out), 0);
        if (r < 0)
            assert_int_equal(r, -IOW_ENOMEM);
        else
            assert_string_equal(text, whole);
        free(text);
    } while (r < 0 && n < 1000);
    assert_int_equal(r, 0);
    assert_true(n > 3);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ending_says_first_what_is_so_now),
        cmocka_unit_test(the_cause_comes_first_with_its_meaning_and_rule),
        cmocka_unit_test(a_single_step_is_one_step),
        cmocka_unit_test(who_is_waited_for_is_named_once_with_what_to_do),
        cmocka_unit_test(what_waits_for_a_driver_has_no_user_to_wait_for),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
