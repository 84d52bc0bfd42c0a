/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static void an_outcome_has_its_failures_and_numbers(void **state)
{
    struct iow_outcome_about about = stage_about(IOW_OUTCOME_CLAIM, 2);
    const struct iow_outcome outcome = {.kind = IOW_OUTCOME_OPEN,
        .n_done = 3,
        .n_undone = 2,
        .n_left = 1,
        .n_failures = COUNT(stage_failures),
        .failures = stage_failures};
    struct json_object *document, *failure;

    (void)state;
    document = parsed(DRAWN(iow_outcome_json(&outcome, &about, out)));
    has_text(document, "schema", "ioward.outcome/1");
    has_text(document, "verb", "claim");
    has_text(document, "outcome", "open");
    assert_int_equal(length(document, "groups"), 2);
    has_number(get(document, "user"), "uid", 1000);
    has_number(document, "steps_done", 3);
    has_number(document, "steps_undone", 2);
    has_number(document, "steps_left", 1);
    has_text(document, "waits_for", NULL);
    failure = item(document, "failures", 0);
    has_text(failure, "rule", "IOW-EXEC-REFUSED");
    has_bool(failure, "undoing", false);
    has_number(failure, "errno", EINVAL);
    says(json_object_get_string(get(failure, "meaning")), "it is a bridge");
    has_text(failure, "seen", "");
    has_text(get(failure, "step"), "kind", "bind");
    has_text(failure, "remedy", "see the kernel's log (dmesg)");
    failure = item(document, "failures", 1);
    has_bool(failure, "undoing", true);
    assert_null(get(failure, "errno"));
    has_text(failure, "meaning", NULL);
    has_text(failure, "seen", "bad\x1b[2J\xef\xbf\xbd");
    json_object_put(document);
}

static void a_release_that_waits_says_for_whom(void **state)
{
    struct iow_outcome_about about = stage_about(IOW_OUTCOME_RELEASE, 1);
    const struct iow_outcome outcome = {.kind = IOW_OUTCOME_PENDING};
    struct json_object *document;

    (void)state;
    about.holder = "qemu (process 812)";
    document = parsed(DRAWN(iow_outcome_json(&outcome, &about, out)));
    has_text(document, "verb", "release");
    has_text(document, "outcome", "pending");
    has_text(document, "waits_for", "qemu (process 812)");
    assert_int_equal(length(document, "failures"), 0);
    json_object_put(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outcome_has_its_failures_and_numbers),
        cmocka_unit_test(a_release_that_waits_says_for_whom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
