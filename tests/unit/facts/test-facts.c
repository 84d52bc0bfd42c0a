/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/facts.h"

#define N 100

/* Addresses and group numbers with gaps, in ascending order. */
static void fill(struct iow_function *function, struct iow_group *group)
{
    for (uint32_t i = 0; i < N; i++) {
        function[i].address = (struct iow_address){.bus = (uint8_t)(i / 8 * 2), .function = i % 8};
        group[i].number = 3 * i;
    }
}

static void records_are_found_by_their_key(void **state)
{
    static struct iow_function function[N];
    static struct iow_group group[N];
    struct iow_facts facts = {.n_functions = N, .functions = function, .n_groups = N, .groups = group};
    const struct iow_address absent = {.bus = 1};

    (void)state;
    fill(function, group);
    for (uint32_t i = 0; i < N; i++) {
        assert_int_equal(iow_facts_find_function(&facts, &function[i].address), i);
        assert_int_equal(iow_facts_find_group(&facts, 3 * i), i);
        assert_int_equal(iow_facts_find_group(&facts, 3 * i + 1), IOW_NONE);
    }
    assert_int_equal(iow_facts_find_function(&facts, &absent), IOW_NONE);
    assert_int_equal(iow_facts_find_group(&facts, IOW_NONE), IOW_NONE);
}

static void past_the_end_there_is_nothing(void **state)
{
    const struct iow_facts facts = {.provenance = IOW_FROM_CAPTURE};
    const struct iow_address address = {0};

    (void)state;
    assert_null(iow_facts_function_at(&facts, 0));
    assert_null(iow_facts_group_at(&facts, 0));
    assert_null(iow_facts_other_member_at(&facts, 0));
    assert_null(iow_facts_holder_at(&facts, 0));
    assert_null(iow_facts_name_at(&facts, 0));
    assert_null(iow_facts_missing_at(&facts, 0));
    assert_int_equal(iow_facts_find_function(&facts, &address), IOW_NONE);
    assert_int_equal(iow_facts_find_group(&facts, 0), IOW_NONE);
    assert_int_equal(iow_facts_provenance(&facts), IOW_FROM_CAPTURE);
    assert_ptr_equal(iow_facts_machine(&facts), &facts.machine);
}

static void nothing_can_be_freed(void **state)
{
    (void)state;
    iow_facts_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_found_by_their_key),
        cmocka_unit_test(past_the_end_there_is_nothing),
        cmocka_unit_test(nothing_can_be_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
