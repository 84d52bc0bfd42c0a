/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static void a_line_of_a_resource_file_is_three_numbers(void **state)
{
    const char line[] = "0x00000000fe800000 0x00000000fe803fff 0x000000000014220c";
    struct iow_bar bar = {.index = 3};

    (void)state;
    assert_int_equal(iow_parse_bar(line, strlen(line), &bar), 0);
    assert_int_equal(bar.first, 0xfe800000);
    assert_int_equal(bar.last, 0xfe803fff);
    assert_int_equal(bar.flags, 0x14220c);
    assert_int_equal(bar.index, 3);
}

static void a_damaged_resource_line_is_refused(void **state)
{
    static const char *const bad[] = {"", " ", "0x0", "0x0 0x1", "0x0 0x1 ", "0x0 0x1 0x2 0x3", "0x0 0x1 zzz",
        "0x10000000000000000 0x1 0x2"};
    struct iow_bar bar;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_parse_bar(bad[i], strlen(bad[i]), &bar), -IOW_EINVAL);
}

static void a_reserved_region_has_a_type(void **state)
{
    const char line[] = "0x00000000fee00000 0x00000000feefffff msi";
    struct iow_region region;
    size_t len;

    (void)state;
    assert_int_equal(iow_parse_region(line, strlen(line), &region, &len), 0);
    assert_int_equal(region.first, 0xfee00000);
    assert_int_equal(region.last, 0xfeefffff);
    assert_int_equal(len, 3);
    assert_memory_equal(region.type, "msi", 3);
}

static void a_damaged_region_line_is_refused(void **state)
{
    static const char *const bad[] = {
        "", "0x0 0x1", "0x0 0x1 ", "0x2 0x1 msi", "0x0 0x1 msi more", "x 0x1 msi", "0x0  msi"};
    struct iow_region region;
    size_t len;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_parse_region(bad[i], strlen(bad[i]), &region, &len), -IOW_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_a_resource_file_is_three_numbers),
        cmocka_unit_test(a_damaged_resource_line_is_refused),
        cmocka_unit_test(a_reserved_region_has_a_type),
        cmocka_unit_test(a_damaged_region_line_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
