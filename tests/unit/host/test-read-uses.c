/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uses.h"

#include "base/limits.h"

/* A machine that does something with everything. */
static struct iow_source *busy_machine(void)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"259:1\", \"at\": \"/boot\"}, {\"device\": \"253:0\", \"at\": \"/\"}]}",
        .network = "{\"schema\": \"ioward.probe.network/1\", \"complete\": true, \"interfaces\": ["
                   "{\"name\": \"eth0\", \"parent\": \"virtio0\", \"bus\": \"virtio\", \"up\": true,"
                   "\"addresses\": 1, \"routes\": 2, \"default_route\": true}]}",
        .open = "{\"schema\": \"ioward.probe.open-devices/1\", \"complete\": true, \"open\": ["
                "{\"pid\": 7, \"command\": \"Xorg\", \"node\": \"226:0\", \"type\": \"c\","
                "\"file\": \"dri/card0\"}]}",
        .exclusive = "{\"schema\": \"ioward.probe.exclusive/1\", \"complete\": true, \"devices\": ["
                     "\"8:0\"]}",
    };
    struct iow_source *s = uses_machine();

    put_nvme(s, BEHIND);
    put_holder(s, BEHIND, "nvme/nvme0/nvme0n1/nvme0n1p2", "dm-0");
    put_block(s, "virtual/block", "dm-0", "253:0");
    put_block(s, BESIDE, "ata1/host0/target0:0:0/0:0:0:0/block/sda", "8:0");
    put_link(s, "sys/bus/virtio/devices", "virtio0", "../../../devices/" BESIDE "/virtio0");
    put_link(s, "sys/dev/char", "226:0", "../../devices/" BESIDE "/drm/card0");
    put_text(s, "sys/devices/virtual/tty/console", "active", "tty0 ttyS4\n");
    put_class(s, "tty", "console", "virtual", "tty/console");
    put_class(s, "tty", "ttyS4", BESIDE, "tty/ttyS4");
    put_text(s, "proc", "swaps",
        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
        "/dev/sdz9                               partition\t8\t\t0\t\t-2\n");
    put_answers(s, &answers);
    return s;
}

static void every_kind_is_found_and_in_order(void **state)
{
    struct iow_source *s = busy_machine();
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 7);
    assert_use(facts, 0, 1, IOW_USE_EXCLUSIVE, "sda", "");
    assert_use(facts, 1, 1, IOW_USE_NETWORK, "eth0", "");
    assert_int_equal(facts->uses[1].n_addresses, 1);
    assert_int_equal(facts->uses[1].n_routes, 2);
    assert_true(facts->uses[1].default_route);
    assert_use(facts, 2, 1, IOW_USE_CONSOLE, "ttyS4", "");
    assert_use(facts, 3, 1, IOW_USE_OPEN, "dri/card0", "Xorg");
    assert_int_equal(facts->uses[3].pid, 7);
    assert_use(facts, 4, 2, IOW_USE_MOUNT, "nvme0n1p1", "/boot");
    assert_use(facts, 5, 2, IOW_USE_MOUNT, "nvme0n1p2", "/");
    assert_use(facts, 6, 2, IOW_USE_HOLDER, "nvme0n1p2", "dm-0");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void only_what_is_asked_for_is_told_and_only_once(void **state)
{
    struct iow_source *s = busy_machine();
    struct iow_facts *facts = read_all(s, 0);
    struct watched w;
    uint32_t first = 1, twice[] = {2, 1, 2}, n;

    (void)state;
    assert_int_equal(iow_facts_read_uses(s, facts, &first, 1, NULL), 0);
    n = facts->n_uses;
    assert_true(n > 0 && n < 7);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(facts->uses[i].function, 1);
    assert_true(facts->functions[1].known & IOW_FUNCTION_USES);
    assert_false(facts->functions[2].known & IOW_FUNCTION_USES);
    assert_int_equal(iow_facts_read_uses(s, facts, twice, COUNT(twice), NULL), 0);
    assert_int_equal(facts->n_uses, 7);
    assert_true(facts->functions[2].known & IOW_FUNCTION_USES);
    watch(&w, s);
    assert_int_equal(iow_facts_read_uses(&w.source, facts, twice, COUNT(twice), NULL), 0);
    assert_int_equal(w.n_calls, 0);
    assert_int_equal(facts->n_uses, 7);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void a_position_without_a_function_is_refused(void **state)
{
    struct iow_source *s = busy_machine();
    struct iow_facts *facts = read_all(s, 0);
    uint32_t beyond[] = {1, 3};
    struct iow_explain why;

    (void)state;
    assert_int_equal(iow_facts_read_uses(s, facts, beyond, COUNT(beyond), &why), -IOW_ENOENT);
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(facts->functions[1].known & IOW_FUNCTION_USES, 0);
    assert_int_equal(iow_facts_read_uses(s, facts, NULL, 0, &why), 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void what_a_capture_was_not_asked_is_unknown_and_told_once(void **state)
{
    static const char *const paths[] = {
        "probe/mounts.json", "probe/network.json", "probe/open-devices.json", "probe/exclusive.json"};
    struct iow_source *s = uses_machine();
    struct iow_facts *facts = read_all(s, 0);
    uint32_t first = 1, second = 2;

    (void)state;
    assert_int_equal(iow_facts_read_uses(s, facts, &first, 1, NULL), 0);
    assert_int_equal(iow_facts_read_uses(s, facts, &second, 1, NULL), 0);
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(facts->n_missing, COUNT(paths));
    for (uint32_t i = 0; i < COUNT(paths); i++) {
        assert_int_equal(facts->missing[i].rule, IOW_RULE_USE_UNKNOWN);
        assert_int_equal(facts->missing[i].subject.kind, IOW_SUBJECT_MACHINE);
        assert_string_equal(facts->missing[i].path, paths[i]);
    }
    iow_facts_free(facts);
    iow_source_close(s);
}

static void an_incomplete_answer_counts_and_is_unknown(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": false, \"mounts\": ["
                  "{\"device\": \"259:1\", \"at\": \"/boot\"}]}",
        .network = "{\"schema\": \"ioward.probe.network/1\", \"complete\": false, \"interfaces\": []}",
        .open = "{\"schema\": \"ioward.probe.open-devices/1\", \"complete\": false, \"open\": []}",
        .exclusive = "{\"schema\": \"ioward.probe.exclusive/1\", \"complete\": false, \"devices\": []}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_nvme(s, BEHIND);
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 2, IOW_USE_MOUNT, "nvme0n1p1", "/boot");
    assert_int_equal(facts->n_missing, 4);
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 4);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void an_idle_machine_has_no_uses_and_nothing_missing(void **state)
{
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_answers(s, &(struct answers){0});
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(facts->n_missing, 0);
    assert_true(facts->functions[0].known & IOW_FUNCTION_USES);
    iow_facts_free(facts);
    iow_source_close(s);
}

/* Every call of the source fails once: nothing leaks, and a use that is not found is not silently so. */
static void whatever_cannot_be_read_is_never_silently_free(void **state)
{
    static const uint32_t all[] = {0, 1, 2};
    static const uint32_t errors[] = {IOW_EACCES, IOW_EIO, IOW_ENOMEM, IOW_EBADMSG};

    (void)state;
    for (size_t e = 0; e < COUNT(errors); e++) {
        uint32_t n_calls = 1, n_told = 0;

        for (uint32_t n = 0; n <= n_calls; n++) {
            struct watched w;
            struct iow_facts *facts;
            int r;

            watch(&w, busy_machine());
            facts = read_all(w.inner, 0);
            w.fail_at = n; /* the first time: no failure, to count the calls */
            w.failure = errors[e];
            r = iow_facts_read_uses(&w.source, facts, all, COUNT(all), NULL);
            if (n == 0)
                n_calls = w.n_calls;
            assert_int_equal(w.n_open, 0);
            if (r == 0 && facts->n_uses < 7)
                assert_int_not_equal(facts->n_missing, 0);
            if (r < 0)
                assert_int_equal(r, -(int)errors[e]);
            n_told += r < 0 || facts->n_missing;
            iow_facts_free(facts);
            iow_source_close(&w.source);
        }
        assert_true(n_told > n_calls / 2);
    }
}

static void an_answer_that_would_take_too_much_is_refused(void **state)
{
    static const uint32_t all[] = {0, 1, 2};
    static const char head[] = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": [";
    static const char item[] = "{\"device\":\"8:0\",\"at\":\"/\"}";
    struct iow_source *s = uses_machine();
    char *text = malloc(sizeof(head) + (IOW_MAX_USES + 1) * sizeof(item) + 8), *end = text;
    struct iow_explain why;
    struct iow_facts *facts;

    (void)state;
    end += sprintf(end, "%s", head);
    for (uint32_t i = 0; i <= IOW_MAX_USES; i++)
        end += sprintf(end, "%s%s", i ? "," : "", item);
    sprintf(end, "]}");
    put_block(s, BEHIND, "block/sda", "8:0");
    put_answers(s, &(struct answers){.mounts = text});
    facts = read_all(s, 0);
    assert_int_equal(iow_facts_read_uses(s, facts, all, COUNT(all), &why), -IOW_E2BIG);
    assert_int_equal(why.rule, IOW_RULE_READ_TOO_MANY);
    iow_facts_free(facts);
    iow_source_close(s);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found_and_in_order),
        cmocka_unit_test(only_what_is_asked_for_is_told_and_only_once),
        cmocka_unit_test(a_position_without_a_function_is_refused),
        cmocka_unit_test(what_a_capture_was_not_asked_is_unknown_and_told_once),
        cmocka_unit_test(an_incomplete_answer_counts_and_is_unknown),
        cmocka_unit_test(an_idle_machine_has_no_uses_and_nothing_missing),
        cmocka_unit_test(whatever_cannot_be_read_is_never_silently_free),
        cmocka_unit_test(an_answer_that_would_take_too_much_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
