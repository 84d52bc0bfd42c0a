/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "base/explain.h"

static void every_rule_has_an_id_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < IOW_RULE__COUNT; i++) {
        assert_non_null(iow_rule_id((enum iow_rule)i));
        assert_memory_equal(iow_rule_id((enum iow_rule)i), "IOW-", 4);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(iow_rule_id((enum iow_rule)i), iow_rule_id((enum iow_rule)j));
    }
    assert_string_equal(iow_rule_id(IOW_RULE__COUNT), "IOW-NONE");
}

static void a_long_text_is_cut_and_terminated(void **state)
{
    struct iow_explain e;
    char text[IOW_EXPLAIN_TEXT * 2];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(iow_explain_text(&e, -IOW_EIO, IOW_RULE_READ_FAILED, text), -IOW_EIO);
    assert_int_equal(strlen(e.text), IOW_EXPLAIN_TEXT - 1);
    assert_int_equal(e.rule, IOW_RULE_READ_FAILED);
}

static void evidence_beyond_the_room_is_dropped(void **state)
{
    struct iow_explain e;

    (void)state;
    iow_explain(&e, -IOW_EINVAL, IOW_RULE_READ_BAD_VALUE);
    for (uint32_t i = 0; i < IOW_EXPLAIN_EVIDENCE + 3; i++)
        iow_explain_evidence(&e, i, i + 1, i + 2);
    assert_int_equal(e.n_evidence, IOW_EXPLAIN_EVIDENCE);
    assert_int_equal(e.evidence[3].seen, 3);
    assert_int_equal(e.evidence[3].wanted, 4);
}

static void no_object_is_an_object(void **state)
{
    const struct iow_address a = {0, 1, 2, 3};

    (void)state;
    assert_int_equal(iow_explain(NULL, -IOW_EIO, IOW_RULE_NONE), -IOW_EIO);
    assert_int_equal(iow_explain_text(NULL, -IOW_EIO, IOW_RULE_NONE, "x"), -IOW_EIO);
    assert_int_equal(iow_explain_function(NULL, -IOW_EIO, IOW_RULE_NONE, &a), -IOW_EIO);
    iow_explain_evidence(NULL, 1, 2, 3);
}

static void error_numbers_have_names(void **state)
{
    (void)state;
    assert_string_equal(iow_error_name(-IOW_ELOOP), "ELOOP");
    assert_string_equal(iow_error_name(IOW_EACCES), "EACCES");
    assert_string_equal(iow_error_name(12345), "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_an_id_of_its_own),
        cmocka_unit_test(a_long_text_is_cut_and_terminated),
        cmocka_unit_test(evidence_beyond_the_room_is_dropped),
        cmocka_unit_test(no_object_is_an_object),
        cmocka_unit_test(error_numbers_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
