/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/facts.h"

static void records_keep_their_order_and_their_own_texts(void **state)
{
    struct iow_facts *facts = iow_facts_new(IOW_FROM_LIVE);
    struct iow_subject machine = iow_subject_machine();
    char path[32];

    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        struct iow_subject subject = iow_subject_group(i);

        snprintf(path, sizeof(path), "group/%u", (unsigned)i);
        assert_int_equal(iow_facts_add_missing(facts, IOW_RULE_READ_DENIED, &subject, path), 0);
    }
    assert_int_equal(iow_facts_add_missing(facts, IOW_RULE_READ_NO_PCI, &machine, NULL), 0);
    assert_int_equal(facts->n_missing, 101);
    assert_int_equal(iow_facts_missing_at(facts, 42)->subject.number, 42);
    assert_string_equal(iow_facts_missing_at(facts, 42)->path, "group/42");
    assert_null(iow_facts_missing_at(facts, 100)->path);
    iow_facts_free(facts);
}

static void an_array_that_another_made_is_not_written_behind_its_end(void **state)
{
    struct iow_facts *facts = iow_facts_new(IOW_FROM_LIVE);
    struct iow_missing one[1] = {{.rule = IOW_RULE_READ_ASLEEP}};
    struct iow_subject machine = iow_subject_machine();

    (void)state;
    facts->missing = one;
    facts->n_missing = 1;
    assert_int_equal(iow_facts_add_missing(facts, IOW_RULE_READ_NO_PCI, &machine, NULL), 0);
    assert_int_equal(iow_facts_missing_at(facts, 0)->rule, IOW_RULE_READ_ASLEEP);
    assert_int_equal(iow_facts_missing_at(facts, 1)->rule, IOW_RULE_READ_NO_PCI);
    iow_facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_keep_their_order_and_their_own_texts),
        cmocka_unit_test(an_array_that_another_made_is_not_written_behind_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
