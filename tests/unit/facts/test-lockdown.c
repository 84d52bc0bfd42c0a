/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static enum iow_lockdown parse(const char *text)
{
    return iow_parse_lockdown(text, strlen(text));
}

static void the_level_in_brackets_is_in_force(void **state)
{
    (void)state;
    assert_int_equal(parse("[none] integrity confidentiality"), IOW_LOCKDOWN_NONE);
    assert_int_equal(parse("none [integrity] confidentiality"), IOW_LOCKDOWN_INTEGRITY);
    assert_int_equal(parse("none integrity [confidentiality]"), IOW_LOCKDOWN_CONFIDENTIALITY);
}

static void a_text_without_a_known_level_in_brackets_tells_nothing(void **state)
{
    static const char *const bad[] = {"", "[", "]", "[]", "][", "none", "[nonee]", "[non", "[ none]"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(bad[i]), IOW_LOCKDOWN_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_in_brackets_is_in_force),
        cmocka_unit_test(a_text_without_a_known_level_in_brackets_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
