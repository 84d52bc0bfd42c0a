/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include "exec/work.h"

/* Claims, with the machine changed by somebody else at the last effect. */
static void claim_and_change(struct scene *s, void (*change)(struct fake *fake))
{
    scene_open(s, 2, false, 0);
    s->fake.at_the_end = change;
    s->fake.end = s->plan->n_steps;
    scene_claim(s);
    assert_int_equal(s->result, 0);
}

static void join(struct fake *fake)
{
    fake->joined = true;
}

static void somebody_who_joined_the_group_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, join);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_int_equal(s.outcome.failures[0].step.function.device, 9);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void move(struct fake *fake)
{
    fake->functions[1].group = 2;
}

static void a_member_in_another_group_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, move);
    assert_int_not_equal(s.outcome.kind, IOW_OUTCOME_DONE);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_int_equal(s.outcome.failures[0].step.function.device, 2);
    scene_close(&s);
}

static void rebind(struct fake *fake)
{
    strcpy(fake->functions[0].driver, "nvme");
}

static void a_member_with_another_driver_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, rebind);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_string_equal(s.outcome.failures[0].step.after, "vfio-pci");
    assert_string_equal(s.outcome.failures[0].seen, "nvme");
    assert_as_at_start(&s);
    scene_close(&s);
}

static void vanish(struct fake *fake)
{
    fake->functions[1].gone = true;
}

static void a_member_that_is_gone_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, vanish);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_GONE);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void blind(struct fake *fake)
{
    fake->unread = true;
}

static void a_machine_that_cannot_be_read_again_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, blind);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_int_equal(s.outcome.failures[0].error, IOW_EIO);
    assert_as_at_start(&s);
    scene_close(&s);
}

static void join_from_another_bus(struct fake *fake)
{
    fake->joined_other = true;
}

static void a_newcomer_of_another_bus_ends_it(void **state)
{
    struct scene s;

    (void)state;
    claim_and_change(&s, join_from_another_bus);
    assert_int_equal(s.outcome.kind, IOW_OUTCOME_ROLLED_BACK);
    assert_int_equal(s.outcome.failures[0].rule, IOW_RULE_EXEC_CHANGED);
    assert_string_equal(s.outcome.failures[0].seen, "newcomer.0");
    assert_as_at_start(&s);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_who_joined_the_group_ends_it),
        cmocka_unit_test(a_member_in_another_group_ends_it),
        cmocka_unit_test(a_member_with_another_driver_ends_it),
        cmocka_unit_test(a_member_that_is_gone_ends_it),
        cmocka_unit_test(a_machine_that_cannot_be_read_again_ends_it),
        cmocka_unit_test(a_newcomer_of_another_bus_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
