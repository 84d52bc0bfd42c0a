/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

#include <time.h>

static int set_zone(void **state)
{
    (void)state;
    (void)setenv("TZ", "UTC0", 1);
    tzset();
    return 0;
}

static char *drawn(const struct iow_claim_row *rows, uint32_t n)
{
    return DRAWN(iow_claims_text(rows, n, out));
}

static void no_claims_are_said_to_be_none(void **state)
{
    char *text = drawn(NULL, 0);

    (void)state;
    assert_string_equal(text, "No group is claimed.\n");
    free(text);
}

static void a_claim_says_who_has_what_since_when(void **state)
{
    const struct iow_claim_row row = {&stage_held, "alice", "alice", false};
    char *text = drawn(&row, 1);

    (void)state;
    assert_string_equal(text, "group 4: claimed, for alice (uid 1000), since 2026-03-01 14:07:12\n"
                              "  devices: 0000:01:00.0 0000:01:00.1\n");
    free(text);
}

static void a_claim_that_is_not_finished_says_what_is_open(void **state)
{
    const struct iow_claim_row row = {&stage_releasing, "alice", "root", false};
    char *text = flat(drawn(&row, 1));

    (void)state;
    says(text,
        "group 7: releasing, for alice (uid 1000), since 2026-03-01 14:07:12, asked for by root (uid 0) "
        "command: qemu " HOSTILE_SHOWN
        " ! bind 0000:01:00.0 to e1000e: the kernel refused (Device or resource busy): it has a driver by "
        "now, or its group belongs to a user still (IOW-EXEC-REFUSED)");
    says(text, "to finish it: ioward release --resume");
    says_not(text, "devices:"); /* its only member stays */
    assert_int_equal(count_of(text, "! "), 1);
    free(text);
}

static void states_are_said_as_they_matter(void **state)
{
    static const struct {
        enum iow_claim_state state;
        bool bound, abandoned;
        const char *wanted;
        bool resume;
    } cases[] = {
        {IOW_CLAIM_HELD, false, false, "group 4: claimed, for ", false},
        {IOW_CLAIM_HELD, true, false, "group 4: claimed, until its command ends, for ", false},
        {IOW_CLAIM_HELD, true, true, "group 4: unfinished, for ", true},
        {IOW_CLAIM_TAKING, false, false, "group 4: taking, for ", true},
        {IOW_CLAIM_TAKING, false, true, "group 4: unfinished, for ", true},
        {IOW_CLAIM_RELEASING, true, false, "group 4: releasing, for ", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_claim claim = stage_held;
        const struct iow_claim_row row = {&claim, NULL, NULL, cases[i].abandoned};
        char *text;

        claim.state = cases[i].state;
        claim.bound = cases[i].bound;
        text = drawn(&row, 1);
        says(text, cases[i].wanted);
        says(text, "for uid 1000,");
        assert_int_equal(count_of(text, "--resume"), cases[i].resume);
        free(text);
    }
}

static void a_command_that_is_gone_and_who_holds_on_are_told(void **state)
{
    struct iow_claim claim = stage_held;
    const struct iow_claim_row row = {.claim = &claim, .orphaned = true, .holder = "python3 (process 7)"};
    char *text;

    (void)state;
    claim.bound = true;
    text = drawn(&row, 1);
    says(text, "group 4: claimed, its command is gone, for ");
    says(text, "  held by: python3 (process 7)\n");
    says(text, "  to end it: ioward release g4\n");
    says_not(text, "--resume");
    free(text);
}

static void how_to_finish_is_said_once(void **state)
{
    static const struct iow_claim_step step = {
        .step = STEP(BIND, "", "vfio-pci"), .state = IOW_STEP_UNDOING, .rule = IOW_RULE_EXEC_WAITS};
    struct iow_claim claim = stage_releasing;
    const struct iow_claim_row row = {&claim, NULL, NULL, false};
    char *text;

    (void)state;
    claim.steps = &step;
    claim.n_steps = 1;
    text = drawn(&row, 1);
    says(text, "unbind 0000:01:00.0 from vfio-pci: the kernel waits");
    assert_int_equal(count_of(text, "--resume"), 1);
    free(text);
}

static void a_driver_that_hangs_is_no_user_and_how_to_finish_is_said_below(void **state)
{
    static const struct iow_claim_step step = {
        .step = STEP(UNBIND, "e1000e", ""), .state = IOW_STEP_INTENDED, .rule = IOW_RULE_EXEC_WAITS};
    struct iow_claim claim = stage_releasing;
    const struct iow_claim_row row = {&claim, NULL, NULL, false};
    char *text;

    (void)state;
    claim.steps = &step;
    claim.n_steps = 1;
    text = flat(drawn(&row, 1));
    says(text, "unbind 0000:01:00.0 from e1000e: the driver has not let go");
    says(text, "to finish it: ioward release --resume");
    assert_int_equal(count_of(text, "--resume"), 1);
    free(text);
}

static void claims_come_by_group(void **state)
{
    struct iow_claim claims[] = {stage_held, stage_held, stage_held, stage_held};
    static const uint32_t groups[] = {9, 4, 12, 4};
    struct iow_claim_row rows[COUNT(claims)];
    char *text, *at;

    (void)state;
    for (size_t i = 0; i < COUNT(claims); i++) {
        claims[i].group = groups[i];
        rows[i] = (struct iow_claim_row){.claim = &claims[i]};
    }
    text = drawn(rows, COUNT(rows));
    at = strstr(text, "group 4: ");
    assert_ptr_equal(at, text);
    at = strstr(at + 1, "group 4: ");
    assert_non_null(at);
    at = strstr(at, "group 9: ");
    assert_non_null(at);
    assert_non_null(strstr(at, "group 12: "));
    assert_int_equal(count_of(text, "group "), COUNT(rows));
    free(text);
}

static void a_long_line_goes_on_below_its_words(void **state)
{
    const struct iow_claim_row row = {
        &stage_releasing, "somebody-with-a-long-name", "somebody-else-with-a-long-name", false};
    char *text = drawn(&row, 1);

    (void)state;
    says(text, "\n         ");
    says_not(text, "\nby ");
    free(text);
}

/* A step that was never undone is told as it was done, not as its inverse. */
static void what_was_left_is_told_as_the_step_itself(void **state)
{
    static const struct iow_claim_step step = {
        .step = STEP(LOAD, "", "vfio-pci"), .state = IOW_STEP_UNDOING, .rule = IOW_RULE_EXEC_STOPPED};
    struct iow_claim claim = stage_held;
    const struct iow_claim_row row = {&claim, NULL, NULL, false};
    char *text;

    (void)state;
    claim.steps = &step;
    claim.n_steps = 1;
    text = drawn(&row, 1);
    says(text, "! load vfio-pci: it was stopped before it was done (IOW-EXEC-STOPPED)");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_claims_are_said_to_be_none),
        cmocka_unit_test(a_claim_says_who_has_what_since_when),
        cmocka_unit_test(a_claim_that_is_not_finished_says_what_is_open),
        cmocka_unit_test(states_are_said_as_they_matter),
        cmocka_unit_test(a_command_that_is_gone_and_who_holds_on_are_told),
        cmocka_unit_test(how_to_finish_is_said_once),
        cmocka_unit_test(a_driver_that_hangs_is_no_user_and_how_to_finish_is_said_below),
        cmocka_unit_test(claims_come_by_group),
        cmocka_unit_test(a_long_line_goes_on_below_its_words),
        cmocka_unit_test(what_was_left_is_told_as_the_step_itself),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
