/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/error.h>

static void parses_what_people_type(void **state)
{
    static const struct {
        const char *text;
        struct iow_address want;
    } row[] = {
        {"0000:01:00.0", {0, 1, 0, 0}},
        {"01:00.0", {0, 1, 0, 0}},
        {"1:2.3", {0, 1, 2, 3}},
        {"10000:e0:06.0", {0x10000, 0xe0, 6, 0}},
        {"ffffffff:ff:1f.7", {0xffffffff, 0xff, 0x1f, 7}},
        {"0000:AB:0c.1", {0, 0xab, 0xc, 1}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_address got;

        assert_int_equal(iow_address_parse(row[i].text, strlen(row[i].text), &got), 0);
        assert_int_equal(iow_address_compare(&got, &row[i].want), 0);
    }
}

static void refuses_everything_else(void **state)
{
    static const char *const text[] = {"", ":", "01", "01:00", "01:00.", "01:00.8", "01:20.0", "01:00.0 ",
        " 01:00.0", "g:00.0", "001:00.0", "01:000.0", "000000000:01:00.0", "0:0:0:0.0", "01.00.0", "01:00:0",
        "01:00.00", "::.", "0000::00.0"};

    (void)state;
    for (size_t i = 0; i < COUNT(text); i++) {
        struct iow_address got = {.domain = 42};

        assert_int_equal(iow_address_parse(text[i], strlen(text[i]), &got), -IOW_EINVAL);
        assert_int_equal(got.domain, 42);
    }
}

static void formats_as_the_kernel_does(void **state)
{
    const struct iow_address low = {0, 1, 2, 3}, high = {0xffffffff, 0xff, 0x1f, 7},
                             vmd = {0x10000, 0xe0, 6, 0};
    char buf[IOW_ADDRESS_TEXT];

    (void)state;
    assert_string_equal(iow_address_format(&low, buf), "0000:01:02.3");
    assert_string_equal(iow_address_format(&vmd, buf), "10000:e0:06.0");
    assert_string_equal(iow_address_format(&high, buf), "ffffffff:ff:1f.7");
}

static void orders_by_domain_bus_device_function(void **state)
{
    const struct iow_address a[] = {{0, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}};

    (void)state;
    for (size_t i = 0; i < COUNT(a); i++)
        for (size_t j = 0; j < COUNT(a); j++) {
            int order = iow_address_compare(&a[i], &a[j]);

            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_what_people_type),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(formats_as_the_kernel_does),
        cmocka_unit_test(orders_by_domain_bus_device_function),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
