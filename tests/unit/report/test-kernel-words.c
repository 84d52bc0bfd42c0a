/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/kernel-words.h"

static void a_group_in_the_kernels_memory_is_a_phrase(void **state)
{
    static const struct {
        struct iow_kernel_group kernel;
        const char *phrase;
    } row[] = {
        {{.domain = IOW_KERNEL_DOMAIN_DEFAULT, .steady = true}, "count 0, domain default"},
        {{.domain = IOW_KERNEL_DOMAIN_BLOCKING, .count = 1, .owned = true, .token = 0xbeef, .steady = true},
            "count 1, domain blocking, owner 0000beef"},
        {{.domain = IOW_KERNEL_DOMAIN_OTHER, .count = 2, .owned = true, .token = 0xffffffff, .pasids = true},
            "count 2, domain other, owner ffffffff, more address spaces, changing"},
        {{.domain = IOW_KERNEL_DOMAIN_NONE, .count = 4, .steady = true}, "count 4, domain none"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_text text = {0};

        iow_kernel_phrase(&text, &row[i].kernel);
        assert_string_equal(text.data, row[i].phrase);
        iow_text_done(&text);
    }
}

static void every_domain_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < IOW_KERNEL_DOMAIN__COUNT; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(iow_kernel_domain_name((enum iow_kernel_domain)i),
                iow_kernel_domain_name((enum iow_kernel_domain)k));
    assert_string_equal(iow_kernel_domain_name(IOW_KERNEL_DOMAIN__COUNT), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_in_the_kernels_memory_is_a_phrase),
        cmocka_unit_test(every_domain_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
