/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/transition.h>

static void every_state_has_words(void **state)
{
    (void)state;
    assert_string_equal(iow_state_words(IOW_STATE_OUTSIDE), "no group");
    assert_string_equal(iow_state_words(IOW_STATE_LEAKED), "owned, count lost");
    for (int i = 0; i < IOW_STATE__COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(iow_state_words((enum iow_state)i), iow_state_words((enum iow_state)j));
    assert_string_equal(iow_state_words(IOW_STATE__COUNT), "?");
    assert_string_equal(iow_state_words((enum iow_state) - 1), "?");
}

static void every_operation_has_words(void **state)
{
    (void)state;
    assert_string_equal(iow_operation_words(IOW_OPERATION_PROBE), "probe a driver");
    assert_string_equal(iow_operation_words(IOW_OPERATION_SET_TYPE), "change the default type");
    for (int i = 0; i < IOW_OPERATION__COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(
                iow_operation_words((enum iow_operation)i), iow_operation_words((enum iow_operation)j));
    assert_string_equal(iow_operation_words(IOW_OPERATION__COUNT), "?");
    assert_string_equal(iow_operation_words((enum iow_operation) - 1), "?");
}

static void every_feature_has_words(void **state)
{
    (void)state;
    assert_string_equal(iow_feature_words(IOW_FEATURE_PURE), "no claim and no owner: attaching is the claim");
    for (int i = 0; i < IOW_FEATURE__COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(
                iow_feature_words((enum iow_feature)i), iow_feature_words((enum iow_feature)j));
    assert_string_equal(iow_feature_words(IOW_FEATURE__COUNT), "?");
    assert_string_equal(iow_feature_words((enum iow_feature) - 1), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_words),
        cmocka_unit_test(every_operation_has_words),
        cmocka_unit_test(every_feature_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
