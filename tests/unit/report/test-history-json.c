/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"

static void entries_have_lists_of_members_and_rules(void **state)
{
    struct json_object *document = parsed(DRAWN(iow_history_json(stage_history, COUNT(stage_history), out))),
                       *entry;

    (void)state;
    has_text(document, "schema", "ioward.history/1");
    entry = item(document, "entries", 0);
    has_text(entry, "when", "2026-03-01T14:07:12Z");
    has_text(entry, "boot_id", "a");
    has_bool(entry, "this_boot", false);
    has_text(entry, "event", "claimed");
    has_number(entry, "group", 4);
    has_text(get(entry, "user"), "name", "alice");
    has_text(get(entry, "asked_by"), "name", "root");
    assert_int_equal(length(entry, "members"), 2);
    assert_string_equal(json_object_get_string(item(entry, "members", 1)), "0000:01:00.1");
    assert_int_equal(length(entry, "rules"), 0);
    has_text(entry, "command", "qemu bad\x1b[2J\xef\xbf\xbd");
    entry = item(document, "entries", 1);
    has_bool(entry, "this_boot", true);
    has_text(entry, "command", NULL);
    assert_int_equal(length(entry, "rules"), 2);
    assert_string_equal(json_object_get_string(item(entry, "rules", 0)), "IOW-EXEC-REFUSED");
    json_object_put(document);
}

static void spaces_between_words_may_be_many(void **state)
{
    struct iow_history_row row = stage_history[0];
    struct json_object *document;

    (void)state;
    row.members = "  a  b ";
    document = parsed(DRAWN(iow_history_json(&row, 1, out)));
    assert_int_equal(length(item(document, "entries", 0), "members"), 2);
    json_object_put(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_have_lists_of_members_and_rules),
        cmocka_unit_test(spaces_between_words_may_be_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
