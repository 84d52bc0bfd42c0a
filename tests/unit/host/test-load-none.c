/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "host/linux/bpf/load.h"

static void a_build_without_it_says_so(void **state)
{
    struct iow_explain e = {0};

    (void)state;
    assert_int_equal(iow_pin_make(&e), -IOW_EOPNOTSUPP);
    assert_int_equal(e.rule, IOW_RULE_KERNEL_BUILD);
    assert_int_equal(iow_pin_make(NULL), -IOW_EOPNOTSUPP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_build_without_it_says_so)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
