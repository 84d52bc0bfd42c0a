/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#include "base/limits.h"

static struct iow_source *machine(const char *probe)
{
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &card);
    put_link(s, "sys/class/vfio", "2", "../../devices/virtual/vfio/2");
    if (probe)
        put_text(s, "probe", "holders.json", probe);
    return s;
}

static void a_stored_answer_becomes_holders(void **state)
{
    struct iow_source *s = machine(
        "{\"schema\": \"ioward.probe.holders/1\", \"complete\": true, \"holders\": ["
        "{\"pid\": 900, \"uid\": 107, \"command\": \"qemu\", \"held\": ["
        "{\"file\": \"group\", \"number\": 2}, {\"file\": \"container\"}, {\"file\": \"iommufd\"},"
        "{\"file\": \"group\", \"number\": 2},"
        "{\"file\": \"cdev\", \"number\": 0, \"function\": \"0000:01:00.0\"}, {\"file\": \"device\"},"
        "{\"file\": \"cdev\", \"number\": 9, \"function\": \"0000:09:00.0\"},"
        "{\"file\": \"device-map\"}]},"
        "{\"pid\": 12, \"uid\": 0, \"command\": \"x\\u001b[m\", \"held\": [{\"file\": \"device\"}]}]}\n");
    struct iow_facts *facts = read_all(s, IOW_READ_HOLDERS);
    const struct iow_holder *h = iow_facts_holder_at(facts, 1);

    (void)state;
    assert_int_equal(facts->n_holders, 2);
    assert_int_equal(facts->holders[0].pid, 12);
    assert_string_equal(facts->holders[0].command, "x\033[m");
    assert_int_equal(h->pid, 900);
    assert_int_equal(h->uid, 107);
    assert_int_equal(h->n_held, 7);
    assert_int_equal(h->held[0].file, IOW_HELD_GROUP);
    assert_int_equal(h->held[0].number, 2);
    assert_int_equal(h->held[1].file, IOW_HELD_CONTAINER);
    assert_int_equal(h->held[1].number, IOW_NONE);
    assert_int_equal(h->held[3].file, IOW_HELD_CDEV);
    assert_int_equal(h->held[3].function, 1);
    assert_int_equal(h->held[4].number, 9);
    assert_int_equal(h->held[4].function, IOW_NONE);
    assert_int_equal(h->held[5].file, IOW_HELD_DEVICE);
    assert_int_equal(h->held[6].file, IOW_HELD_DEVICE_MAP);
    assert_true(facts->holders_read && facts->machine.holders_complete);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void repetitions_are_dropped_wherever_they_are(void **state)
{
    const char head[] = "{\"schema\": \"ioward.probe.holders/1\", \"complete\": true, \"holders\": ["
                        "{\"pid\": 1, \"uid\": 0, \"command\": \"c\", \"held\": [";
    enum {
        N = 300
    };
    char *text = malloc(sizeof(head) + N * 64), *end = text;
    struct iow_source *s;
    struct iow_facts *facts;

    (void)state;
    end += sprintf(end, "%s", head);
    for (unsigned i = 0; i < N; i++)
        end += sprintf(end, "%s{\"file\": \"group\", \"number\": %u}", i ? "," : "", (N - i) % 100);
    sprintf(end, "]}]}");
    s = machine(text);
    facts = read_all(s, IOW_READ_HOLDERS);
    assert_int_equal(facts->holders[0].n_held, 100);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(facts->holders[0].held[i].number, i);
    iow_facts_free(facts);
    iow_source_close(s);
    free(text);
}

static void an_incomplete_answer_is_told_once(void **state)
{
    struct iow_source *s =
        machine("{\"schema\": \"ioward.probe.holders/1\", \"complete\": false, \"holders\": []}");
    struct iow_facts *facts = read_all(s, IOW_READ_HOLDERS);

    (void)state;
    assert_false(facts->machine.holders_complete);
    assert_int_equal(facts->n_missing, 1);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_HOLDERS_HIDDEN);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_capture_that_was_not_asked_hides_holders_only_where_there_could_be_some(void **state)
{
    struct iow_source *s = machine(NULL);
    struct iow_facts *facts = read_all(s, IOW_READ_HOLDERS);

    (void)state;
    assert_false(facts->machine.holders_complete);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_HOLDERS_HIDDEN), 1);
    iow_facts_free(facts);
    iow_source_close(s);
    s = new_machine();
    facts = read_all(s, IOW_READ_HOLDERS);
    assert_true(facts->machine.holders_complete);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_malformed_answer_is_refused(void **state)
{
#define HEAD "{\"schema\": \"ioward.probe.holders/1\", \"complete\": true, \"holders\": "
#define ONE HEAD "[{\"pid\": 1, \"uid\": 0, \"command\": \"c\", \"held\": "
    static const char *const bad[] = {"", " ", "{", "[]", "null", "1", "\"x\"", "{}", HEAD "{}}", HEAD "[]",
        HEAD "[]} x", HEAD "[]}\n\n{", HEAD "[1]}", HEAD "[{}]}", HEAD "[null]}",
        "{\"schema\": \"ioward.probe.holders/2\", \"complete\": true, \"holders\": []}",
        "{\"schema\": 1, \"complete\": true, \"holders\": []}",
        "{\"schema\": \"ioward.probe.holders/1\", \"complete\": 1, \"holders\": []}",
        "{\"schema\": \"ioward.probe.holders/1\", \"holders\": []}",
        HEAD "[{\"pid\": -1, \"uid\": 0, \"command\": \"c\", \"held\": []}]}",
        HEAD "[{\"pid\": 4294967295, \"uid\": 0, \"command\": \"c\", \"held\": []}]}",
        HEAD "[{\"pid\": \"1\", \"uid\": 0, \"command\": \"c\", \"held\": []}]}",
        HEAD "[{\"pid\": 1, \"uid\": 0, \"command\": 5, \"held\": []}]}",
        HEAD "[{\"pid\": 1, \"uid\": 0, \"command\": \"c\"}]}", ONE "{}}]}", ONE "[1]}]}", ONE "[{}]}]}",
        ONE "[{\"file\": \"grouq\"}]}]}", ONE "[{\"file\": \"group\"}]}]}",
        ONE "[{\"file\": \"group\", \"number\": 4294967295}]}]}",
        ONE "[{\"file\": \"cdev\", \"number\": 1.5}]}]}", ONE "[{\"file\": \"device\", \"function\": 1}]}]}",
        ONE "[{\"file\": \"device\", \"function\": \"01:00.0\"}]}]}", ONE "[null]}]}"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct iow_source *s = machine(bad[i]);
        struct iow_facts *facts = NULL;
        struct iow_explain why = {0};

        if (iow_facts_read(s, IOW_READ_HOLDERS, &facts, &why) != -IOW_EBADMSG)
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(why.rule, IOW_RULE_CAP_PROBE);
        assert_string_equal(why.text, "probe/holders.json");
        assert_null(facts);
        iow_source_close(s);
    }
}

static void an_answer_that_would_take_too_much_memory_is_not_parsed(void **state)
{
    const size_t len = IOW_MAX_JSON_CONTAINERS + 1;
    struct iow_facts *facts = NULL;
    struct iow_explain why = {0};
    char *text = malloc(len + 1);
    struct iow_source *s;

    (void)state;
    memset(text, '[', len);
    text[len] = '\0';
    s = machine(text);
    assert_int_equal(iow_facts_read(s, IOW_READ_HOLDERS, &facts, &why), -IOW_E2BIG);
    assert_int_equal(why.rule, IOW_RULE_CAP_PROBE);
    assert_string_equal(why.text, "probe/holders.json");
    iow_source_close(s);
    free(text);
}

static void what_is_not_asked_for_is_not_even_parsed(void **state)
{
    struct iow_source *s = machine("{");
    struct iow_facts *facts = read_all(s, IOW_READ_DETAILS | IOW_READ_NAMES | IOW_READ_REGIONS);

    (void)state;
    assert_false(facts->holders_read);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_answer_becomes_holders),
        cmocka_unit_test(repetitions_are_dropped_wherever_they_are),
        cmocka_unit_test(an_incomplete_answer_is_told_once),
        cmocka_unit_test(a_capture_that_was_not_asked_hides_holders_only_where_there_could_be_some),
        cmocka_unit_test(a_malformed_answer_is_refused),
        cmocka_unit_test(an_answer_that_would_take_too_much_memory_is_not_parsed),
        cmocka_unit_test(what_is_not_asked_for_is_not_even_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
