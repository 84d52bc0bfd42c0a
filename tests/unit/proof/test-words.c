/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

static void every_invariant_and_condition_has_a_name_and_words(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < IOW_PROOF_INVARIANT__COUNT; i++) {
        assert_true(strlen(iow_proof_invariant_name((enum iow_proof_invariant)i)) > 2);
        assert_true(strlen(iow_proof_invariant_words((enum iow_proof_invariant)i)) > 20);
    }
    for (uint32_t i = 0; i < IOW_PROOF_CONDITION__COUNT; i++) {
        assert_true(strlen(iow_proof_condition_name((enum iow_proof_condition)i)) > 2);
        assert_true(strlen(iow_proof_condition_words((enum iow_proof_condition)i)) > 20);
    }
    assert_string_equal(iow_proof_invariant_name(IOW_PROOF_INVARIANT_ONE_SPACE), "one-space");
    assert_string_equal(iow_proof_condition_name(IOW_PROOF_CONDITION_ONE_WAY), "one-way");
}

static void a_number_that_is_none_has_a_question_mark(void **state)
{
    (void)state;
    assert_string_equal(iow_proof_invariant_name(IOW_PROOF_INVARIANT__COUNT), "?");
    assert_string_equal(iow_proof_invariant_words(IOW_PROOF_INVARIANT__COUNT), "?");
    assert_string_equal(iow_proof_condition_name(IOW_PROOF_CONDITION__COUNT), "?");
    assert_string_equal(iow_proof_condition_words(IOW_PROOF_CONDITION__COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_invariant_and_condition_has_a_name_and_words),
        cmocka_unit_test(a_number_that_is_none_has_a_question_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
