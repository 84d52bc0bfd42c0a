/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static int parse(const char *text, bool hex, uint64_t most, uint64_t *ret)
{
    return iow_parse_number(text, strlen(text), hex, most, ret);
}

static void decimal_and_hexadecimal_numbers_are_read(void **state)
{
    uint64_t n;

    (void)state;
    assert_int_equal(parse("0", false, 0, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(parse("18446744073709551615", false, UINT64_MAX, &n), 0);
    assert_true(n == UINT64_MAX);
    assert_int_equal(parse("0x8086", true, 0xffff, &n), 0);
    assert_int_equal(n, 0x8086);
    assert_int_equal(parse("FFffffffffffffff", true, UINT64_MAX, &n), 0);
    assert_true(n == UINT64_MAX);
}

static void anything_else_is_refused_and_writes_nothing(void **state)
{
    static const char *const bad[] = {"", " 1", "1 ", "-1", "+1", "1a", "0x1", "18446744073709551616", "1\n"};
    static const char *const bad_hex[] = {"", "0x", "g", "0x1g", "10000000000000000", "0x0x1"};
    uint64_t n = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(bad[i], false, UINT64_MAX, &n), -IOW_EINVAL);
    for (size_t i = 0; i < COUNT(bad_hex); i++)
        assert_int_equal(parse(bad_hex[i], true, UINT64_MAX, &n), -IOW_EINVAL);
    assert_int_equal(parse("256", false, 255, &n), -IOW_EINVAL);
    assert_int_equal(n, 77);
}

static void a_text_is_taken_apart_by_lines(void **state)
{
    const char *text = "one\n\nthree", *line;
    size_t len = strlen(text), n;

    (void)state;
    assert_true(iow_parse_line(&text, &len, &line, &n));
    assert_int_equal(n, 3);
    assert_memory_equal(line, "one", 3);
    assert_true(iow_parse_line(&text, &len, &line, &n));
    assert_int_equal(n, 0);
    assert_true(iow_parse_line(&text, &len, &line, &n));
    assert_memory_equal(line, "three", 5);
    assert_false(iow_parse_line(&text, &len, &line, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimal_and_hexadecimal_numbers_are_read),
        cmocka_unit_test(anything_else_is_refused_and_writes_nothing),
        cmocka_unit_test(a_text_is_taken_apart_by_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
