/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static enum iow_power_state parse(const char *text)
{
    return iow_parse_power_state(text, strlen(text));
}

static void every_state_of_the_kernel_is_known(void **state)
{
    (void)state;
    assert_int_equal(parse("unknown"), IOW_POWER_UNKNOWN);
    assert_int_equal(parse("D0"), IOW_POWER_D0);
    assert_int_equal(parse("D1"), IOW_POWER_D1);
    assert_int_equal(parse("D2"), IOW_POWER_D2);
    assert_int_equal(parse("D3hot"), IOW_POWER_D3HOT);
    assert_int_equal(parse("D3cold"), IOW_POWER_D3COLD);
    assert_int_equal(parse("error"), IOW_POWER_ERROR);
}

static void any_other_text_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(parse(""), IOW_POWER_UNKNOWN);
    assert_int_equal(parse("D"), IOW_POWER_UNKNOWN);
    assert_int_equal(parse("D3"), IOW_POWER_UNKNOWN);
    assert_int_equal(parse("d0"), IOW_POWER_UNKNOWN);
    assert_int_equal(parse("D0 "), IOW_POWER_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_of_the_kernel_is_known),
        cmocka_unit_test(any_other_text_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
