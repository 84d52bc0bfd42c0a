/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table as it is printed and counted: that what it shows of itself is whole. */
#include "transitions.h"

#define MOST_ROWS 1024

static uint32_t count_rows(void)
{
    struct iow_transition_row row;
    uint32_t n = 0;

    while (iow_transition_row_at(n, &row))
        n++;
    return n;
}

static void rows_end_where_they_end(void **state)
{
    struct iow_transition_row row;
    uint32_t n = count_rows();

    (void)state;
    assert_in_range(n, IOW_OPERATION__COUNT, MOST_ROWS);
    assert_false(iow_transition_row_at(n, &row));
    assert_false(iow_transition_row_at(UINT32_MAX, &row));
}

static void rows_stand_by_operation_in_the_order_of_operations(void **state)
{
    struct iow_transition_row row;
    enum iow_operation last = IOW_OPERATION_PROBE;

    (void)state;
    assert_true(iow_transition_row_at(0, &row));
    assert_int_equal(row.operation, IOW_OPERATION_PROBE);
    for (uint32_t i = 0; iow_transition_row_at(i, &row); last = row.operation, i++)
        assert_true(row.operation == last || row.operation == last + 1);
    assert_int_equal(last, IOW_OPERATION__COUNT - 1);
}

static void a_row_refuses_or_warns_or_says_what_it_does(void **state)
{
    struct iow_transition_row row;

    (void)state;
    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++) {
        bool refuses = row.code < 0;

        assert_true(row.code <= 0);
        assert_int_equal(row.rule != IOW_RULE_NONE, refuses || row.warns);
        assert_int_equal(*row.effect == '\0', refuses || row.warns);
        assert_false(refuses && row.warns);
        assert_non_null(row.when);
        assert_int_equal(row.states >> IOW_STATE__COUNT, 0);
        assert_true(row.states != 0);
        assert_int_equal(row.with & row.without, 0);
    }
}

static void only_rows_of_linux_name_a_function_of_linux(void **state)
{
    struct iow_transition_row row;

    (void)state;
    for (uint32_t i = 0; iow_transition_row_at(i, &row); i++)
        if (row.with & 1u << IOW_FEATURE_PURE)
            assert_string_equal(row.source, "");
}

static void a_row_says_its_words(void **state)
{
    struct iow_transition_row row;

    (void)state;
    assert_true(iow_transition_row_at(1, &row));
    assert_int_equal(row.operation, IOW_OPERATION_PROBE);
    assert_int_equal(row.with, 1u << IOW_FEATURE_DEFERS);
    assert_int_equal(row.states, 0xff & ~(1u << IOW_STATE_OUTSIDE));
    assert_string_equal(row.when, "there is no default domain");
    assert_int_equal(row.code, -IOW_EPROBE_DEFER);
    assert_int_equal(row.rule, IOW_RULE_DMA_NO_DEFAULT);
    assert_string_equal(row.source, "iommu_device_use_default_domain");
    assert_true(iow_transition_row_at(0, &row));
    assert_string_equal(row.when, "");
    assert_string_equal(row.effect, "nothing changes");
}

/* The first row of claims by device is for whoever does not know them. */
static void a_row_says_what_a_profile_must_not_have(void **state)
{
    struct iow_transition_row row;
    uint32_t i = 0;

    (void)state;
    while (iow_transition_row_at(i, &row) && row.operation != IOW_OPERATION_CLAIM_DEVICE)
        i++;
    assert_int_equal(row.with, 0);
    assert_int_equal(row.without, 1u << IOW_FEATURE_DEVICE_CLAIM);
    assert_int_equal(row.code, -IOW_EOPNOTSUPP);
    assert_string_equal(row.effect, "");
}

static bool answered[MOST_ROWS];

static void mark(const struct iow_profile *profile, uint64_t word, const struct iow_event *event)
{
    struct iow_transition t;

    (void)iow_transition(profile, word, event, &t, NULL);
    answered[t.row] = true;
}

static void no_row_is_without_a_question_that_it_answers(void **state)
{
    uint32_t n = count_rows();

    (void)state;
    for (int operation = 0; operation < IOW_OPERATION__COUNT; operation++)
        ask_everything((enum iow_operation)operation, mark);
    for (uint32_t i = 0; i < n; i++)
        if (!answered[i])
            fail_msg("row %u answers nothing", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_end_where_they_end),
        cmocka_unit_test(rows_stand_by_operation_in_the_order_of_operations),
        cmocka_unit_test(a_row_refuses_or_warns_or_says_what_it_does),
        cmocka_unit_test(only_rows_of_linux_name_a_function_of_linux),
        cmocka_unit_test(a_row_says_its_words),
        cmocka_unit_test(a_row_says_what_a_profile_must_not_have),
        cmocka_unit_test(no_row_is_without_a_question_that_it_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
