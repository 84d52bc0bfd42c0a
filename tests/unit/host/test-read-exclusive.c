/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define HEAD "{\"schema\": \"ioward.probe.exclusive/1\", \"complete\": true, \"devices\": "

static struct iow_source *with_answer(const char *answer)
{
    struct iow_source *s = uses_machine();

    put_nvme(s, BEHIND);
    put_block(s, BESIDE, "block/sda", "8:0");
    put_partition(s, BESIDE, "block/sda/sda1", "8:1");
    put_answers(s, &(struct answers){.exclusive = answer});
    return s;
}

static void a_partition_explains_its_disk(void **state)
{
    struct iow_source *s = with_answer(HEAD "[\"259:0\", \"259:2\", \"8:0\", \"99:1\"]}");
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 2);
    assert_use(facts, 0, 1, IOW_USE_EXCLUSIVE, "sda", "");
    assert_use(facts, 1, 2, IOW_USE_EXCLUSIVE, "nvme0n1p2", "");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void what_is_explained_is_not_told_again(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"259:1\", \"at\": \"/\"}]}",
        .exclusive = HEAD "[\"259:0\", \"259:1\", \"259:2\", \"8:0\", \"8:1\"]}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_nvme(s, BEHIND);
    put_block(s, BESIDE, "block/sda", "8:0");
    put_partition(s, BESIDE, "block/sda/sda1", "8:1");
    put_holder(s, BESIDE, "block/sda", "md0");
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 3);
    assert_use(facts, 0, 1, IOW_USE_HOLDER, "sda", "md0");
    assert_use(facts, 1, 2, IOW_USE_MOUNT, "nvme0n1p1", "/");
    assert_use(facts, 2, 2, IOW_USE_EXCLUSIVE, "nvme0n1p2", "");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_disk_whose_node_is_not_found_is_unknown(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_block(scene.source, BESIDE, "block/sda", "8:0");
    make_folder("dev");
    make_file("dev/sda", "no node");
    facts = read_uses(scene.source);
    assert_null(use_of(facts, IOW_USE_EXCLUSIVE, 0));
    assert_true(is_unknown(facts, "dev"));
    iow_facts_free(facts);
}

static void a_node_of_another_device_is_not_opened(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_block(scene.source, BESIDE, "block/sda", "1:3");
    make_folder("dev");
    make_link("dev/sda", "/dev/null"); /* the right number, but of a character device */
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "dev"));
    iow_facts_free(facts);
}

static void a_malformed_answer_is_refused(void **state)
{
    static const char *const bad[] = {"", HEAD "{}}", HEAD "[1]}", HEAD "[\"8\"]}", HEAD "[\"8:x\"]}",
        HEAD "[{}]}", HEAD "[null]}", HEAD "[\"4294967296:0\"]}"};

    (void)state;
    assert_refused("exclusive", bad, COUNT(bad), with_answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partition_explains_its_disk),
        cmocka_unit_test(what_is_explained_is_not_told_again),
        cmocka_unit_test_setup_teardown(a_disk_whose_node_is_not_found_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_node_of_another_device_is_not_opened, set_up, tear_down),
        cmocka_unit_test(a_malformed_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
