/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/facts.h>

/* Below /sys/module a name has no hyphens. */
static void modules_are_named_as_sysfs_does_each_once_in_order(void **state)
{
    const struct iow_peer_module *row, *before = NULL;
    uint32_t n = 0;

    (void)state;
    for (; (row = iow_peer_module_at(n)); n++) {
        assert_null(strchr(row->name, '-'));
        assert_true((unsigned)row->way < IOW_PEER__COUNT);
        assert_true(!before || strcmp(before->name, row->name) < 0);
        before = row;
    }
    assert_true(n > 0);
    assert_null(iow_peer_module_at(n + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modules_are_named_as_sysfs_does_each_once_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
