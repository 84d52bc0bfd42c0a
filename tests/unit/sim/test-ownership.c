/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "host/sim/ownership.h"

#include <errno.h>

enum event {
    USE,
    UNUSE,
    CLAIM,
    RELEASE,
    N_EVENTS
};

static int apply(struct iow_sim_ownership *ownership, enum event event)
{
    switch (event) {
    case USE:
        return iow_sim_use_default(ownership);
    case UNUSE:
        iow_sim_unuse_default(ownership);
        return 0;
    case CLAIM:
        return iow_sim_claim(ownership, 7);
    default:
        iow_sim_release(ownership);
        return 0;
    }
}

/* Every cell of the table: from, event, answer, to. */
static void each_event_in_each_state_has_linux_s_answer(void **state)
{
    static const struct iow_sim_ownership from[] = {{0, 0}, {0, 1}, {0, 2}, {5, 1}};
    static const struct {
        int answer;
        struct iow_sim_ownership to;
    } cells[][N_EVENTS] = {
        {{0, {0, 1}}, {0, {0, 0}}, {0, {7, 1}}, {0, {0, 0}}},
        {{0, {0, 2}}, {0, {0, 0}}, {-EPERM, {0, 1}}, {0, {0, 1}}},
        {{0, {0, 3}}, {0, {0, 1}}, {-EPERM, {0, 2}}, {0, {0, 2}}},
        {{-EBUSY, {5, 1}}, {0, {5, 1}}, {-EPERM, {5, 1}}, {0, {0, 0}}},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(from); i++)
        for (unsigned e = 0; e < N_EVENTS; e++) {
            struct iow_sim_ownership ownership = from[i];

            assert_int_equal(apply(&ownership, e), cells[i][e].answer);
            assert_int_equal(ownership.owner, cells[i][e].to.owner);
            assert_int_equal(ownership.count, cells[i][e].to.count);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_in_each_state_has_linux_s_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
