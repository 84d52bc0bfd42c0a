/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/audit-words.h"
#include "report/rules.h"

static void every_rule_of_the_audit_and_no_other_has_a_meaning(void **state)
{
    bool of_audit[IOW_RULE__COUNT] = {false};
    struct iow_audit_row row;

    (void)state;
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++)
        of_audit[row.rule] = true;
    for (unsigned rule = 0; rule < IOW_RULE__COUNT; rule++)
        if (of_audit[rule] != (iow_audit_words((enum iow_rule)rule) != NULL))
            fail_msg("%s", iow_rule_id((enum iow_rule)rule));
}

/* A meaning is sentences, evidence is none. */
static void meanings_are_sentences(void **state)
{
    struct iow_audit_row row;

    (void)state;
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++) {
        const struct iow_audit_words *words = iow_audit_words(row.rule);

        assert_int_equal(words->meaning[strlen(words->meaning) - 1], '.');
        assert_true(strlen(words->evidence) > 4);
        assert_int_not_equal(words->evidence[strlen(words->evidence) - 1], '.');
    }
}

static void every_way_of_a_module_has_words(void **state)
{
    const struct iow_peer_module *module;

    (void)state;
    for (uint32_t i = 0; (module = iow_peer_module_at(i)); i++)
        assert_string_not_equal(iow_peer_words(module->name), iow_peer_words("another"));
    assert_true(*iow_peer_words("another"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_of_the_audit_and_no_other_has_a_meaning),
        cmocka_unit_test(meanings_are_sentences),
        cmocka_unit_test(every_way_of_a_module_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
