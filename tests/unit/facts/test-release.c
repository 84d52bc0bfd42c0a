/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static uint16_t parse(const char *text)
{
    return iow_parse_release(text, strlen(text));
}

static void major_and_minor_are_taken_from_the_beginning(void **state)
{
    (void)state;
    assert_int_equal(parse("6.12.117+deb12-amd64"), 6 << 8 | 12);
    assert_int_equal(parse("6.1.0-13-amd64"), 6 << 8 | 1);
    assert_int_equal(parse("7.0"), 7 << 8);
    assert_int_equal(parse("5.255-x"), 5 << 8 | 255);
}

static void what_does_not_begin_so_is_no_release(void **state)
{
    static const char *const bad[] = {
        "", "6", "6.", ".1", "v6.1", "6.256", "256.1", "6.x", "99999999999999999999.1"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(bad[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(major_and_minor_are_taken_from_the_beginning),
        cmocka_unit_test(what_does_not_begin_so_is_no_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
