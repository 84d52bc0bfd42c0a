/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/trace-filter.h"

#define GROUPED(number) .flags = IOW_DECISION_HAS_GROUP, .group = (number)

static void each_filter_alone(void **state)
{
    static const struct {
        struct trace_filter filter;
        struct iow_decision decision;
        bool shows;
    } row[] = {
        {{0}, {.pid = 1}, true},
        {{.by_group = true, .group = 4}, {GROUPED(4)}, true},
        {{.by_group = true, .group = 4}, {GROUPED(5)}, false},
        {{.by_group = true, .group = 0}, {.pid = 1}, false},
        {{.by_pid = true, .pid = 7}, {.pid = 7}, true},
        {{.by_pid = true, .pid = 7}, {.pid = 8}, false},
        {{.by_pid = true, .pid = 7, .by_group = true, .group = 4}, {.pid = 7, GROUPED(5)}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct trace_filter filter = row[i].filter;

        if (iow_trace_shows(&filter, &row[i].decision, NULL) != row[i].shows)
            fail_msg("row %zu", i);
    }
}

static void a_device_takes_its_group_along(void **state)
{
    struct trace_device devices[] = {{"0000:01:00.0", 4}, {"0000:02:00.0", IOW_NONE}};
    struct trace_filter filter = {.n_devices = 2, .devices = devices};
    const struct iow_decision of_four = {GROUPED(4)}, of_five = {GROUPED(5)},
                              device = {.inode = 9, GROUPED(5)},
                              left = {.what = IOW_DECISION_LEAVE, .inode = 9, GROUPED(5)},
                              lost = {.inode = 9, GROUPED(4)}, alone = {.inode = 9};

    (void)state;
    assert_true(iow_trace_shows(&filter, &of_four, NULL));
    assert_false(iow_trace_shows(&filter, &of_five, NULL));
    assert_false(iow_trace_shows(&filter, &lost, NULL)); /* of a device, but nobody knows which */
    assert_false(iow_trace_shows(&filter, &device, "0000:03:00.0"));
    assert_true(iow_trace_shows(&filter, &device, "0000:01:00.0"));
    assert_true(iow_trace_shows(&filter, &of_five, NULL)); /* where it is now */
    assert_false(iow_trace_shows(&filter, &of_four, NULL));
    assert_true(iow_trace_shows(&filter, &left, "0000:01:00.0"));
    assert_false(iow_trace_shows(&filter, &of_five, NULL));
    assert_true(iow_trace_shows(&filter, &device, "0000:02:00.0"));
    assert_true(iow_trace_shows(&filter, &alone, "0000:02:00.0"));
    assert_false(iow_trace_shows(&filter, &of_five, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_alone),
        cmocka_unit_test(a_device_takes_its_group_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
