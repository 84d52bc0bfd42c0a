/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/claim.h>

/* The names of one enumeration, as a journal has them. */
struct names {
    int count;
    const char *const *wanted;
    const char *(*name)(int number);
};

static const char *claim_state(int number)
{
    return iow_claim_state_name((enum iow_claim_state)number);
}

static const char *step_state(int number)
{
    return iow_step_state_name((enum iow_step_state)number);
}

static const char *outcome_kind(int number)
{
    return iow_outcome_kind_name((enum iow_outcome_kind)number);
}

static const char *member_role(int number)
{
    return iow_member_role_name((enum iow_member_role)number);
}

static void every_value_has_the_name_that_files_have(void **state)
{
    static const char *const claim_states[] = {"taking", "held", "releasing"};
    static const char *const step_states[] = {"planned", "intended", "done", "undoing", "undone", "left"};
    static const char *const outcomes[] = {"done", "rolled-back", "pending", "open"};
    static const char *const roles[] = {"asked", "companion", "stays", "freed"};
    static const struct names table[] = {
        {IOW_CLAIM__COUNT, claim_states, claim_state},
        {IOW_STEP_STATE__COUNT, step_states, step_state},
        {IOW_OUTCOME__COUNT, outcomes, outcome_kind},
        {IOW_MEMBER__COUNT, roles, member_role},
    };

    (void)state;
    for (size_t t = 0; t < COUNT(table); t++) {
        for (int i = 0; i < table[t].count; i++)
            assert_string_equal(table[t].name(i), table[t].wanted[i]);
        assert_string_equal(table[t].name(table[t].count), "unknown");
        assert_string_equal(table[t].name(-1), "unknown");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_has_the_name_that_files_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
