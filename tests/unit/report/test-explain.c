/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "base/explain.h"
#include "report/explain.h"

static void check(const struct iow_explain *explain, const char *detail, const char *wanted)
{
    struct iow_text text = {0};

    iow_explain_print(&text, explain, detail);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

static void a_refusal_names_subject_rule_evidence_and_remedy(void **state)
{
    const struct iow_address address = {0, 1, 0, 0};
    struct iow_explain explain;

    (void)state;
    (void)iow_explain_function(&explain, -IOW_ELOOP, IOW_RULE_READ_CONFIG_LOOP, &address);
    iow_explain_evidence(&explain, 0x40, 0, 0x41);
    check(&explain, NULL,
        "the capability list of 0000:01:00.0 loops; only what is before the loop counts "
        "(IOW-READ-CONFIG-LOOP); seen 0x40, wanted 0x0 at offset 0x41");
    (void)iow_explain_text(&explain, -IOW_ENOENT, IOW_RULE_SEL_NO_MATCH, "x\x1b");
    check(&explain, "understood as\n",
        "x\\x1b: no device here matches (IOW-SEL-NO-MATCH): understood as\\x0a\n"
        "  -> see 'ioward status' for what is here");
}

static void an_error_number_of_the_system_is_said_in_words(void **state)
{
    struct iow_explain explain;

    (void)state;
    (void)iow_explain(&explain, -IOW_EIO, IOW_RULE_CAP_WRITE);
    iow_explain_evidence(&explain, 28, 0, 0);
    check(&explain, NULL,
        "the capture could not be written (IOW-CAP-WRITE): No space left on device\n  -> make room on this "
        "disk, "
        "or name a file on another");
}

static void a_file_that_may_not_be_read_is_named_once(void **state)
{
    struct iow_explain explain;

    (void)state;
    (void)iow_explain_text(&explain, -IOW_EACCES, IOW_RULE_READ_DENIED, "a.tar.zst");
    check(&explain, NULL,
        "the kernel does not let this user read a.tar.zst (IOW-READ-DENIED)\n  -> check the permissions of "
        "the "
        "file and of the folders above it");
}

static void what_was_typed_is_shown_also_when_it_is_empty(void **state)
{
    struct iow_explain explain;
    struct iow_text text = {0};

    (void)state;
    (void)iow_explain_text(&explain, -IOW_EINVAL, IOW_RULE_SEL_SYNTAX, "");
    iow_explain_print(&text, &explain, NULL);
    assert_int_equal(strncmp(text.data, "'': ", 4), 0);
    iow_text_done(&text);
    (void)iow_explain_text(&explain, -IOW_ENOENT, IOW_RULE_READ_FAILED, "");
    check(&explain, NULL, "reading '' failed (IOW-READ-FAILED)\n  -> check the path");
}

static void without_a_rule_the_error_is_named(void **state)
{
    struct iow_explain explain;

    (void)state;
    (void)iow_explain(&explain, -IOW_EACCES, IOW_RULE_NONE);
    check(&explain, NULL, "it failed, and no rule says why (EACCES)");
}

/* Whatever code fills in, a sentence comes out: every rule with every kind of subject. */
static void every_rule_can_be_explained_about_anything(void **state)
{
    (void)state;
    for (int rule = 0; rule < IOW_RULE__COUNT; rule++) {
        for (int kind = IOW_SUBJECT_NONE; kind <= IOW_SUBJECT_TEXT; kind++) {
            struct iow_explain explain = {.code = -IOW_EIO,
                .rule = (enum iow_rule)rule,
                .subject.kind = (enum iow_subject_kind)kind,
                .text = "\xff"};
            struct json_object *json = iow_explain_json(&explain, NULL), *value;
            struct iow_text text = {0};

            iow_explain_print(&text, &explain, NULL);
            assert_false(text.failed);
            assert_null(strchr(text.data, '\xff'));
            if (rule)
                assert_non_null(strstr(text.data, iow_rule_id((enum iow_rule)rule)));
            assert_true(json_object_object_get_ex(json, "rule", &value));
            assert_string_equal(json_object_get_string(value), iow_rule_id((enum iow_rule)rule));
            json_object_put(json);
            iow_text_done(&text);
        }
    }
}

static void what_is_missing_is_said_with_its_path(void **state)
{
    const struct iow_missing missing = {.rule = IOW_RULE_READ_DENIED, .path = "sys/\x01"};
    struct iow_text text = {0};

    (void)state;
    iow_missing_text(&text, &missing);
    assert_string_equal(text.data, "the kernel does not let this user read sys/\\x01");
    iow_text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_names_subject_rule_evidence_and_remedy),
        cmocka_unit_test(an_error_number_of_the_system_is_said_in_words),
        cmocka_unit_test(a_file_that_may_not_be_read_is_named_once),
        cmocka_unit_test(what_was_typed_is_shown_also_when_it_is_empty),
        cmocka_unit_test(without_a_rule_the_error_is_named),
        cmocka_unit_test(every_rule_can_be_explained_about_anything),
        cmocka_unit_test(what_is_missing_is_said_with_its_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
