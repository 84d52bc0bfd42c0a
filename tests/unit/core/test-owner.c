/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/owner.h>

/* Every domain with every set of drivers: 3 x 8 states, as the header's table says. */
static void every_state_has_the_owner_of_the_table(void **state)
{
    (void)state;
    for (int domain = 0; domain < IOW_DOMAIN__COUNT; domain++)
        for (unsigned bound = 0; bound < 8; bound++) {
            struct iow_driver_counts counts = {0};
            enum iow_owner want;

            counts.n[IOW_DRIVER_NONE] = 1;
            counts.n[IOW_DRIVER_DMA_API] = bound & 1 ? 2 : 0;
            counts.n[IOW_DRIVER_MANAGED] = bound & 2 ? 1 : 0;
            counts.n[IOW_DRIVER_PRIVATE] = bound & 4 ? 1 : 0;
            if (domain == IOW_DOMAIN_DEFAULT)
                want = bound & 5 ? IOW_OWNER_KERNEL : IOW_OWNER_NONE;
            else if (domain == IOW_DOMAIN_NOT_DEFAULT)
                want = bound & 5 ? IOW_OWNER_KERNEL_PRIVATE : IOW_OWNER_USER;
            else
                want = bound & 1   ? IOW_OWNER_KERNEL
                       : bound & 4 ? IOW_OWNER_KERNEL_PRIVATE
                                   : IOW_OWNER_UNKNOWN;
            assert_int_equal(iow_owner_derive((enum iow_domain)domain, &counts), want);
        }
}

static void every_owner_has_a_name(void **state)
{
    static const char *const name[] = {"none", "kernel", "user", "kernel-private", "unknown"};

    (void)state;
    for (int i = 0; i < IOW_OWNER__COUNT; i++)
        assert_string_equal(iow_owner_name((enum iow_owner)i), name[i]);
    assert_string_equal(iow_owner_name(IOW_OWNER__COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_the_owner_of_the_table),
        cmocka_unit_test(every_owner_has_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
