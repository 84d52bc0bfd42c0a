/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

#include "report/message-checks.h"
#include "report/message-topics.h"

static void check_order(const struct iow_topic_row *row)
{
    bool contradicted[4096] = {false};

    assert_non_null(row->checks[0].check);
    for (const struct iow_topic_check *c = row->checks; c->check; c++) {
        /* What contradicts a message is asked after what may cause it. */
        assert_true(c->error >= 0 && c->error < 4096);
        if (c->check->weight == IOW_CHECK_NOT_SO)
            contradicted[c->error] = true;
        else if (c->check->weight == IOW_CHECK_CAUSE)
            assert_false(contradicted[c->error]);
        assert_true(c->check->rule != IOW_RULE_NONE && c->check->find);
    }
}

static void every_topic_has_its_row(void **state)
{
    (void)state;
    for (int i = 0; i < IOW_TOPIC__COUNT; i++) {
        const struct iow_topic_row *row = iow_topic_row((enum iow_message_topic)i);

        assert_true(row->name && row->meaning && row->checks);
        assert_true(row->meaning[strlen(row->meaning) - 1] != '.');
        check_order(row);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(row->name, iow_topic_row((enum iow_message_topic)k)->name);
    }
}

static void every_topic_has_a_message(void **state)
{
    bool seen[IOW_TOPIC__COUNT] = {false};
    const struct iow_message_row *row;

    (void)state;
    for (uint32_t i = 0; (row = iow_message_row_at(i)); i++)
        seen[row->topic] = true;
    for (int i = 0; i < IOW_TOPIC__COUNT; i++)
        assert_true(seen[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_topic_has_its_row),
        cmocka_unit_test(every_topic_has_a_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
