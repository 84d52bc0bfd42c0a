/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include "host/linux/read-uses.h"

#include <libmount.h>

#define LINE(id, number, at, type, from)                                                                     \
    id " 1 " number " / " at " rw,relatime shared:1 - " type " " from " rw\n"

struct found {
    uint32_t n;
    char text[256];
};

static void note(void *ctx, struct libmnt_fs *fs)
{
    struct found *found = ctx;
    size_t n = strlen(found->text);

    found->n++;
    snprintf(
        found->text + n, sizeof(found->text) - n, "%s=%s ", mnt_fs_get_source(fs), mnt_fs_get_target(fs));
}

static bool parse(const char *text, struct found *found)
{
    FILE *file = fmemopen((void *)text, strlen(text), "r");
    bool good;

    *found = (struct found){0};
    assert_non_null(file);
    good = iow_mounts_parse(file, note, found);
    fclose(file);
    return good;
}

static void a_mountinfo_file_is_parsed_with_its_escapes(void **state)
{
    struct found found;

    (void)state;
    assert_true(parse(LINE("22", "259:1", "/", "ext4", "/dev/nvme0n1p1")
                          LINE("23", "0:30", "/my\\040data", "btrfs", "/dev/sda"),
        &found));
    assert_int_equal(found.n, 2);
    assert_string_equal(found.text, "/dev/nvme0n1p1=/ /dev/sda=/my data ");
}

static void a_line_that_is_none_makes_the_answer_incomplete(void **state)
{
    struct found found;

    (void)state;
    assert_false(parse(LINE("22", "259:1", "/", "ext4", "/dev/sda1") "23 1 nonsense\n" LINE(
                           "24", "259:2", "/b", "ext4", "/dev/sda2"),
        &found));
    assert_int_equal(found.n, 2);
}

static void every_namespace_and_root_is_looked_at_once(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_nvme(scene.source, BEHIND);
    make_process(40, "chrooted\n", "mnt:[1]", "/srv", LINE("40", "259:1", "/jail", "ext4", "/dev/x"));
    make_process(41, "same\n", "mnt:[1]", "/srv", LINE("41", "259:1", "/jail2", "ext4", "/dev/x"));
    make_process(42, "contained\n", "mnt:[2]", "/",
        LINE("42", "259:2", "/data", "xfs", "/dev/x") LINE("43", "259:2", "/data", "xfs", "/dev/x")
            LINE("44", "8:1", "/other", "xfs", "/dev/y") LINE("45", "0:5", "/dev", "devtmpfs", "udev"));
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->name, "nvme0n1p1");
    assert_true(strncmp(use_of(facts, IOW_USE_MOUNT, 0)->by, "/jail", 5) == 0); /* the first of the two */
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 1)->name, "nvme0n1p2");
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 1)->by, "/data");
    assert_null(use_of(facts, IOW_USE_MOUNT, 2));
    assert_false(is_unknown(facts, "proc"));
    /* What is mounted explains the disk; the scene has no nodes to ask for others. */
    assert_false(is_unknown(facts, "dev"));
    iow_facts_free(facts);
}

static void a_process_that_ends_leaves_its_namespace_to_the_next(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_nvme(scene.source, BEHIND);
    make_process(40, "ended\n", "mnt:[2]", "/", "");
    remove_made("proc/40/mountinfo");
    make_process(41, "same\n", "mnt:[2]", "/", LINE("41", "259:1", "/here", "ext4", "/dev/x"));
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->by, "/here");
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void what_is_mounted_from_a_node_counts_even_under_another_number(void **state)
{
    char full[128];
    struct stat st;

    (void)state;
    make_folder("dev");
    snprintf(full, sizeof(full), "%s/dev/disk", scene.root);
    if (mknod(full, S_IFBLK | 0600, (259 << 8) | 1) < 0 || stat(full, &st) < 0) {
        skip(); /* only root makes nodes */
        return;
    }
    put_nvme(scene.source, BEHIND);
    make_process(40, "many\n", "mnt:[2]", "/",
        LINE("40", "0:41", "/pool", "btrfs", "/dev/disk") LINE("41", "0:42", "/no", "btrfs", "/dev/none"));
    {
        struct iow_facts *facts = read_uses(scene.source);

        assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->by, "/pool");
        assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->name, "nvme0n1p1");
        assert_null(use_of(facts, IOW_USE_MOUNT, 1));
        iow_facts_free(facts);
    }
}

static void what_may_not_be_seen_is_unknown(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_nvme(scene.source, BEHIND);
    make_process(40, "hidden\n", "mnt:[2]", "/", LINE("40", "259:1", "/", "ext4", "/dev/x") "nonsense\n");
    facts = read_uses(scene.source);
    assert_non_null(use_of(facts, IOW_USE_MOUNT, 0));
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void from_inside_another_pid_namespace_nothing_is_sure(void **state)
{
    struct iow_facts *facts;

    (void)state;
    remove_made("proc/30/ns/pid");
    make_link("proc/30/ns/pid", "pid:[4026532999]");
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "proc"));
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
    iow_facts_free(facts);
}

static struct iow_source *with_answer(const char *answer)
{
    struct iow_source *s = uses_machine();

    put_answers(s, &(struct answers){.mounts = answer});
    return s;
}

static void a_malformed_answer_is_refused(void **state)
{
#define HEAD "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": "
    static const char *const bad[] = {"", "{", "[]", "{}", HEAD "{}}", HEAD "[]", HEAD "[]} x", HEAD "[1]}",
        HEAD "[{}]}", HEAD "[null]}", HEAD "[{\"device\": \"259:1\"}]}", HEAD "[{\"at\": \"/\"}]}",
        HEAD "[{\"device\": \"259\", \"at\": \"/\"}]}", HEAD "[{\"device\": 259, \"at\": \"/\"}]}",
        HEAD "[{\"device\": \"259:1:2\", \"at\": \"/\"}]}", HEAD "[{\"device\": \"a:1\", \"at\": \"/\"}]}",
        HEAD "[{\"device\": \"1:1\", \"at\": \"/\\u0000\"}]}", HEAD "[{\"device\": \"1:1\", \"at\": 1}]}",
        "{\"schema\": \"ioward.probe.mounts/2\", \"complete\": true, \"mounts\": []}",
        "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": 1, \"mounts\": []}",
        "{\"schema\": \"ioward.probe.mounts/1\", \"mounts\": []}"};

    (void)state;
    assert_refused("mounts", bad, COUNT(bad), with_answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mountinfo_file_is_parsed_with_its_escapes),
        cmocka_unit_test(a_line_that_is_none_makes_the_answer_incomplete),
        cmocka_unit_test_setup_teardown(every_namespace_and_root_is_looked_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_process_that_ends_leaves_its_namespace_to_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_mounted_from_a_node_counts_even_under_another_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_seen_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(from_inside_another_pid_namespace_nothing_is_sure, set_up, tear_down),
        cmocka_unit_test(a_malformed_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
