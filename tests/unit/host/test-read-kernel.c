/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen of groups in the kernel's memory, as the answer of a probe and back; and which pins are refused. */
#include "reading.h"

#include "host/linux/bpf/pin.h"
#include "host/linux/read-kernel.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "{\"schema\": \"ioward.probe.kernel/1\", \"complete\": true, \"groups\": "
#define FLAGS                                                                                                \
    "\"bound\": true, \"managed\": true, \"untrusted\": false, \"external\": true, \"ats\": false, "         \
    "\"aliases\": true"

static struct iow_source *machine(const char *probe)
{
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &card);
    if (probe)
        put_text(s, "probe", "kernel.json", probe);
    return s;
}

static const struct iow_kernel_group *kernel_of(const struct iow_facts *facts, uint32_t number)
{
    return facts->groups[iow_facts_find_group(facts, number)].kernel;
}

static void a_stored_answer_becomes_facts(void **state)
{
    struct iow_source *s = machine(HEAD
        "[{\"group\": 2, \"count\": 3, \"domain\": \"blocking\", \"owner\": \"00c0ffee\", \"pasids\": true, "
        "\"steady\": true, \"members\": [{\"name\": \"0000:01:00.0\", " FLAGS "}, "
        "{\"name\": \"0000:00:01.0\", " FLAGS "}, {\"name\": \"0000:09:00.0\", " FLAGS "}]}, "
        "{\"group\": 77, \"count\": 0, \"domain\": \"none\", \"pasids\": false, \"steady\": false, "
        "\"members\": []}]}");
    struct iow_facts *facts = read_all(s, IOW_READ_KERNEL);
    const struct iow_kernel_group *kernel = kernel_of(facts, 2);

    (void)state;
    assert_non_null(kernel);
    assert_int_equal(kernel->count, 3);
    assert_int_equal(kernel->domain, IOW_KERNEL_DOMAIN_BLOCKING);
    assert_true(kernel->owned && kernel->pasids && kernel->steady);
    assert_int_equal(kernel->token, 0xc0ffee);
    assert_null(kernel_of(facts, 1));
    assert_int_equal(function_at(facts, "0000:01:00.0")->kernel,
        IOW_KERNEL_READ | IOW_KERNEL_BOUND | IOW_KERNEL_MANAGED | IOW_KERNEL_EXTERNAL | IOW_KERNEL_ALIASES);
    /* it is in another group than that of which it was told */
    assert_int_equal(function_at(facts, "0000:00:01.0")->kernel, 0);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void what_is_not_stored_or_not_asked_for_is_not_missing(void **state)
{
    struct iow_source *s = machine(NULL);
    struct iow_facts *facts = read_all(s, IOW_READ_KERNEL);

    (void)state;
    assert_null(kernel_of(facts, 2));
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
    s = machine("{");
    facts = read_all(s, IOW_READ_DETAILS | IOW_READ_NAMES | IOW_READ_REGIONS);
    assert_null(kernel_of(facts, 2));
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_malformed_answer_is_refused(void **state)
{
#define ONE(group, count, domain, more)                                                                      \
    HEAD "[{\"group\": " group ", \"count\": " count ", \"domain\": " domain ", " more "}]}"
#define REST "\"pasids\": false, \"steady\": true, \"members\": []"
    static const char *const bad[] = {"", "{}", HEAD "[1]}", HEAD "[{}]}",
        ONE("-1", "0", "\"default\"", REST), ONE("2", "-1", "\"default\"", REST),
        ONE("2", "0", "\"defauld\"", REST), ONE("2", "0", "1", REST),
        ONE("2", "0", "\"default\"", "\"steady\": true, \"members\": []"),
        ONE("2", "0", "\"default\"", "\"pasids\": false, \"members\": []"),
        ONE("2", "0", "\"default\"", "\"pasids\": false, \"steady\": true"),
        ONE("2", "0", "\"default\"", "\"owner\": \"c0ffee\", " REST),
        ONE("2", "0", "\"default\"", "\"owner\": \"00c0ffeg\", " REST),
        ONE("2", "0", "\"default\"", "\"owner\": \"ffff888000000000\", " REST),
        ONE("2", "0", "\"default\"", "\"owner\": null, " REST),
        ONE("2", "0", "\"default\"", "\"owner\": 12, " REST),
        ONE("2", "0", "\"default\"", "\"pasids\": false, \"steady\": true, \"members\": [1]"),
        ONE("2", "0", "\"default\"",
            "\"pasids\": false, \"steady\": true, \"members\": [{\"name\": \"01:00.0\", " FLAGS "}]"),
        ONE("2", "0", "\"default\"",
            "\"pasids\": false, \"steady\": true, \"members\": [{\"name\": \"0000:01:00.0\", \"bound\": "
            "true}]")};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct iow_source *s = machine(bad[i]);
        struct iow_facts *facts = NULL;
        struct iow_explain why = {0};

        if (iow_facts_read(s, IOW_READ_KERNEL, &facts, &why) != -IOW_EBADMSG)
            fail_msg("accepted: %s", bad[i]);
        assert_int_equal(why.rule, IOW_RULE_CAP_PROBE);
        assert_string_equal(why.text, "probe/kernel.json");
        iow_source_close(s);
    }
}

/* The answer that would be stored for one group that was seen so. */
static struct iow_facts *read_seen(const struct iow_seen_group *seen)
{
    json_object *groups = json_object_new_array(), *root = json_object_new_object();
    struct iow_facts *facts;
    struct iow_source *s;

    assert_true(iow_json_append(groups, iow_kernel_json(seen)));
    assert_true(iow_answer_put(root, "schema", json_object_new_string("ioward.probe.kernel/1")) &&
                iow_answer_put(root, "complete", json_object_new_boolean(true)) &&
                iow_answer_put(root, "groups", groups));
    s = machine(json_object_to_json_string(root));
    facts = read_all(s, IOW_READ_KERNEL);
    json_object_put(root);
    iow_source_close(s);
    return facts;
}

#define HOME (IOW_RECORD_HAS_DEFAULT | IOW_RECORD_ON_DEFAULT)

static void what_was_seen_comes_back_as_facts(void **state)
{
    static const struct {
        uint32_t flags, count, token;
        struct iow_kernel_group kernel;
    } row[] = {
        {HOME, 0, 0, {IOW_KERNEL_DOMAIN_DEFAULT, .steady = true}},
        {HOME, 7, 0, {IOW_KERNEL_DOMAIN_DEFAULT, .count = 7, .steady = true}},
        {IOW_RECORD_HAS_DEFAULT | IOW_RECORD_OWNED | IOW_RECORD_ON_BLOCKING, 1, 0xabc,
            {IOW_KERNEL_DOMAIN_BLOCKING, .count = 1, .owned = true, .token = 0xabc, .steady = true}},
        {IOW_RECORD_HAS_DEFAULT | IOW_RECORD_OWNED | IOW_RECORD_PASIDS, 2, 0xffffffff,
            {IOW_KERNEL_DOMAIN_OTHER, .count = 2, .owned = true, .token = 0xffffffff, .pasids = true,
                .steady = true}},
        /* without any domain at all, the two are equal */
        {IOW_RECORD_ON_DEFAULT, 0, 0, {IOW_KERNEL_DOMAIN_NONE, .steady = true}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_group_record record = {
            .time_ns = 5, .flags = row[i].flags, .count = row[i].count, .token = row[i].token};
        struct iow_facts *facts = read_seen(&(struct iow_seen_group){2, record, record, 0, NULL});
        const struct iow_kernel_group *kernel = kernel_of(facts, 2);

        assert_int_equal(kernel->domain, row[i].kernel.domain);
        assert_int_equal(kernel->count, row[i].kernel.count);
        assert_int_equal(kernel->owned, row[i].kernel.owned);
        assert_int_equal(kernel->token, row[i].kernel.token);
        assert_int_equal(kernel->pasids, row[i].kernel.pasids);
        assert_int_equal(kernel->steady, row[i].kernel.steady);
        iow_facts_free(facts);
    }
}

static void only_what_was_the_same_twice_is_steady(void **state)
{
    static const struct iow_group_record again = {.time_ns = 9, .flags = HOME, .count = 1, .token = 0};
    static const struct iow_group_record first[] = {
        {.time_ns = 0, .flags = HOME, .count = 1, .token = 0},
        {.time_ns = 5, .flags = HOME | IOW_RECORD_PASIDS, .count = 1, .token = 0},
        {.time_ns = 5, .flags = HOME, .count = 2, .token = 0},
        {.time_ns = 5, .flags = HOME, .count = 1, .token = 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(first); i++) {
        struct iow_facts *facts = read_seen(&(struct iow_seen_group){2, first[i], again, 0, NULL});

        assert_false(kernel_of(facts, 2)->steady);
        iow_facts_free(facts);
    }
}

static void members_that_are_no_functions_of_the_group_are_left_out(void **state)
{
    static const struct iow_group_record record = {.time_ns = 5, .flags = HOME};
    static const struct iow_member_record members[] = {
        {.flags = IOW_RECORD_BOUND, .name = "0000:01:00.0"}, /* of another bus */
        {.flags = IOW_RECORD_PCI | IOW_RECORD_OTHER_GROUP, .name = "0000:01:00.0"},
        {.flags = IOW_RECORD_PCI | IOW_RECORD_BOUND, .name = "\xff\x01 no longer a name"},
        {.flags = IOW_RECORD_PCI | IOW_RECORD_UNTRUSTED | IOW_RECORD_ATS, .name = "0000:01:00.0"},
    };
    struct iow_facts *facts = read_seen(&(struct iow_seen_group){2, record, record, 3, members});

    (void)state;
    assert_int_equal(function_at(facts, "0000:01:00.0")->kernel, 0);
    iow_facts_free(facts);
    facts = read_seen(&(struct iow_seen_group){2, record, record, 4, members});
    assert_int_equal(
        function_at(facts, "0000:01:00.0")->kernel, IOW_KERNEL_READ | IOW_KERNEL_UNTRUSTED | IOW_KERNEL_ATS);
    iow_facts_free(facts);
}

static void a_folder_that_is_not_of_the_bpf_file_system_is_refused(void **state)
{
    char root[] = "/tmp/ioward-pin-XXXXXX", path[128];
    struct iow_pin pin;
    int fd;

    (void)state;
    assert_non_null(mkdtemp(root));
    fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(iow_pin_open(fd, &pin), -IOW_ENOENT);
    assert_int_equal(mkdirat(fd, "sys", 0700) | mkdirat(fd, "sys/fs", 0700) |
                         mkdirat(fd, "sys/fs/bpf", 0700) | mkdirat(fd, IOW_PIN_FOLDER, 0700),
        0);
    assert_int_equal(iow_pin_folder_open(fd, IOW_PIN_FOLDER), -IOW_EPERM);
    assert_int_equal(iow_pin_open(fd, &pin), -IOW_EPERM);
    assert_int_equal(unlinkat(fd, IOW_PIN_FOLDER, AT_REMOVEDIR), 0);
    assert_int_equal(symlinkat("/", fd, IOW_PIN_FOLDER), 0);
    assert_true(iow_pin_open(fd, &pin) < 0);
    assert_int_equal(close(fd), 0);
    snprintf(path, sizeof(path), "rm -r %s", root);
    assert_int_equal(system(path), 0);
}

static void an_identity_is_a_name_of_a_folder(void **state)
{
    (void)state;
    assert_int_equal(strlen(iow_pin_identity()), 16);
    assert_int_equal(strspn(iow_pin_identity(), "0123456789abcdef"), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_answer_becomes_facts),
        cmocka_unit_test(what_is_not_stored_or_not_asked_for_is_not_missing),
        cmocka_unit_test(a_malformed_answer_is_refused),
        cmocka_unit_test(what_was_seen_comes_back_as_facts),
        cmocka_unit_test(only_what_was_the_same_twice_is_steady),
        cmocka_unit_test(members_that_are_no_functions_of_the_group_are_left_out),
        cmocka_unit_test(a_folder_that_is_not_of_the_bpf_file_system_is_refused),
        cmocka_unit_test(an_identity_is_a_name_of_a_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
