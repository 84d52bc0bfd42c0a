/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "message-stage.h"

static struct json_object *told(struct stage *s, const char *const *lines, size_t n)
{
    struct iow_message_log log = {0};
    struct json_object *document;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(iow_message_take(&log, lines[i], &s->scene.mem), 0);
    assert_int_equal(
        s->view ? iow_messages_json(s->view, &log, &s->scene.mem, out) : iow_messages_none_json(&log, out),
        0);
    assert_int_equal(fclose(out), 0);
    document = parsed(text);
    has_text(document, "schema", "ioward.explain/1");
    return document;
}

static void a_message_is_told_with_its_causes(void **state)
{
    static const char *const lines[] = {"nothing", "EAL: Cannot open /dev/vfio/2: Device or resource busy",
        "DMAR: DRHD: handling fault status reg 2", "DMAR: DRHD: handling fault status reg 3"};
    struct json_object *document, *message, *cause;
    struct stage s;

    (void)state;
    message_stage_set(&s);
    stage_play(&s);
    document = told(&s, lines, COUNT(lines));
    has_number(document, "lines", 4);
    has_number(document, "lines_unknown", 1);
    assert_int_equal(length(document, "messages"), 2);
    message = item(document, "messages", 0);
    has_text(message, "id", "dpdk-open-group");
    has_text(message, "program", "DPDK");
    has_text(message, "topic", "open-group");
    has_text(message, "line", lines[1]);
    has_number(message, "first_line", 2);
    has_number(message, "times", 1);
    has_number(message, "group", 2);
    has_number(message, "errno", 16);
    assert_null(get(message, "device"));
    assert_null(get(message, "function"));
    cause = item(message, "causes", 0);
    has_text(cause, "rule", "IOW-MSG-HELD");
    has_bool(cause, "now", true);
    has_text(cause, "seen", "user (process 100)");
    has_number(cause, "group", 2);
    message = item(document, "messages", 1);
    has_number(message, "times", 2);
    assert_null(get(message, "errno"));
    has_bool(item(message, "causes", 0), "now", false);
    json_object_put(document);
    stage_end(&s);
}

static void without_a_message_no_machine_is_told(void **state)
{
    static const char *const lines[] = {"nothing"};
    struct json_object *document;
    struct stage s = {0};

    (void)state;
    iow_mem_init_malloc(&s.scene.mem);
    document = told(&s, lines, COUNT(lines));
    assert_null(get(document, "source"));
    assert_int_equal(length(document, "messages"), 0);
    has_number(document, "lines_unknown", 1);
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_told_with_its_causes),
        cmocka_unit_test(without_a_message_no_machine_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
