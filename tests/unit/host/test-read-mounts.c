/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"
#include "threads.h"

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

    found->n++; /* the text is cut when it gets too long */
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

/* Users may mount with any text as what it is mounted from, and at paths longer than any call takes. */
static void what_users_may_mount_can_be_read(void **state)
{
    char name[251] = "", text[16384];
    struct found found;
    size_t n;

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    n = (size_t)snprintf(text, sizeof(text), "%s%s%s", LINE("64", "0:40", "/tmp/e", "tmpfs", ""),
        LINE("65", "0:41", "/tmp/f", "tmpfs", "a\\040b\\012\\040-\\040x"),
        LINE("66", "0:42", "/tmp/nl\\012\\040x", "tmpfs", "\\043c"));
    n += (size_t)snprintf(text + n, sizeof(text) - n, "67 1 0:44 / ");
    for (unsigned i = 0; i < 30; i++)
        n += (size_t)snprintf(text + n, sizeof(text) - n, "/%s", name);
    snprintf(text + n, sizeof(text) - n, " rw - tmpfs none rw\n");
    found = (struct found){0};
    assert_true(parse(text, &found));
    assert_int_equal(found.n, 4);
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

static void a_disk_counts_by_its_name_even_under_another_number(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_nvme(scene.source, BEHIND);
    put_holder(scene.source, BEHIND, "nvme/nvme0/nvme0n1/nvme0n1p2", "dm-0");
    put_block(scene.source, "virtual/block", "dm-0", "253:0");
    put_text(scene.source, "sys/devices/virtual/block/dm-0/dm", "name", "vg-home\n");
    put_block(scene.source, BESIDE, "cciss!c0d0", "104:0");
    put_text(scene.source, "proc", "filesystems", "nodev\tproc\n\text4\n\tbtrfs\nnodev\ttmpfs\n");
    make_process(40, "many\n", "mnt:[2]", "/",
        LINE("40", "0:41", "/pool", "btrfs", "/dev/nvme0n1p1") LINE("41", "0:42", "/no", "btrfs", "/dev/none")
            LINE("42", "0:43", "/home", "btrfs", "/dev/mapper/vg-home") LINE("43", "0:44", "/no", "btrfs",
                "/dev/mapper/vg-homes") LINE("44", "0:45", "/old", "btrfs", "/dev/cciss/c0d0") LINE("45",
                "0:46", "/no", "btrfs", "/dev/../dev/nvme0n1") LINE("46", "0:47", "/no", "btrfs", "nvme0n1"));
    facts = read_uses(scene.source);
    for (uint32_t i = 0; i < 3; i++) {
        static const char *const at[] = {"/old", "/home", "/pool"};
        bool found = false;

        for (uint32_t k = 0; k < 3; k++)
            found = found || strcmp(use_of(facts, IOW_USE_MOUNT, k)->by, at[i]) == 0;
        assert_true(found);
    }
    assert_null(use_of(facts, IOW_USE_MOUNT, 3));
    iow_facts_free(facts);
}

static void a_file_system_that_needs_no_device_cannot_name_one(void **state)
{
    static const char *const types[] = {"proc", "fuse", "tmpfs"};

    (void)state;
    put_nvme(scene.source, BEHIND);
    put_text(scene.source, "proc", "filesystems", "nodev\tproc\n\text4\nnodev\tfuse\nnodev\ttmpfs\n");
    make_process(40, "stranger\n", "mnt:[2]", "/", "");
    for (size_t i = 0; i < COUNT(types); i++) {
        struct iow_facts *facts;
        char line[128];

        snprintf(line, sizeof(line), LINE("40", "0:41", "/tmp/sp", "%s", "/dev/nvme0n1"), types[i]);
        make_file("proc/40/mountinfo", line);
        facts = read_uses(scene.source);
        assert_null(use_of(facts, IOW_USE_MOUNT, 0));
        iow_facts_free(facts);
    }
}

static void without_a_list_of_file_systems_a_name_is_believed(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_nvme(scene.source, BEHIND);
    make_process(40, "many\n", "mnt:[2]", "/", LINE("40", "0:41", "/pool", "btrfs", "/dev/nvme0n1"));
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->by, "/pool");
    iow_facts_free(facts);
}

static void put_virtio(const char *name, const char *above, const char *driver, const char *tag)
{
    char path[256], text[256];

    snprintf(path, sizeof(path), "sys/devices/%s/%s", above, name);
    snprintf(text, sizeof(text), "../../../../bus/virtio/drivers/%s", driver);
    put_link(scene.source, path, "driver", text);
    if (tag)
        put_text(scene.source, path, "mount_tag", tag);
    snprintf(text, sizeof(text), "../../../devices/%s/%s", above, name);
    put_link(scene.source, "sys/bus/virtio/devices", name, text);
}

static void a_share_is_found_by_its_tag(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_virtio("virtio0", BESIDE, "9pnet_virtio", "music");
    put_virtio("virtio1", BEHIND, "9pnet_virtio", "rootfs");
    make_process(40, "many\n", "mnt:[2]", "/",
        LINE("40", "0:41", "/", "9p",
            "rootfs") "41 1 0:42 / /far rw - 9p music rw,trans=tcp,port=1\n"
                      "42 1 0:43 / /near rw - 9p rootfs rw,access=any,trans=virtio\n");
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->name, "rootfs");
    assert_int_equal(use_of(facts, IOW_USE_MOUNT, 0)->function, 2);
    assert_int_equal(use_of(facts, IOW_USE_MOUNT, 1)->function, 2);
    assert_null(use_of(facts, IOW_USE_MOUNT, 2));
    iow_facts_free(facts);
}

static void a_share_whose_tag_nobody_tells_may_be_on_any_of_its_kind(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_virtio("virtio0", BESIDE, "virtiofs", NULL);
    put_virtio("virtio1", BEHIND, "9pnet_virtio", "rootfs");
    make_process(40, "many\n", "mnt:[2]", "/", LINE("40", "0:41", "/mnt", "virtiofs", "share"));
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->name, "share");
    assert_string_equal(use_of(facts, IOW_USE_MOUNT, 0)->by, "/mnt");
    assert_int_equal(use_of(facts, IOW_USE_MOUNT, 0)->function, 1);
    assert_null(use_of(facts, IOW_USE_MOUNT, 1));
    iow_facts_free(facts);
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

/* With a user namespace everybody may have such a root. */
static void a_root_whose_path_is_too_long_to_be_told_hides_nothing(void **state)
{
    struct iow_facts *facts;
    char name[251] = "", done = 'n';
    int told[2];
    unsigned n;
    pid_t pid;
    bool may;

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    put_nvme(scene.source, BEHIND);
    n = go_deep(name);
    assert_int_equal(pipe(told), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool good = unshare(CLONE_NEWUSER) == 0 && chroot(".") == 0;

        (void)!write(told[1], good ? "y" : "n", 1);
        for (;;)
            pause();
    }
    assert_int_equal(read(told[0], &done, 1), 1);
    close(told[0]);
    close(told[1]);
    may = show_process(pid) && done == 'y';
    facts = read_uses(scene.source);
    end_odd(&(struct odd_process){.pid = pid});
    come_up(name, n);
    if (may)
        assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
    if (!may)
        skip();
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
        HEAD "[{\"type\": \"9p\", \"at\": \"/\"}]}", HEAD "[{\"type\": \"9p\", \"tag\": \"t\"}]}",
        HEAD "[{\"type\": \"tmpfs\", \"tag\": \"t\", \"at\": \"/\"}]}",
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
        cmocka_unit_test(what_users_may_mount_can_be_read),
        cmocka_unit_test(a_line_that_is_none_makes_the_answer_incomplete),
        cmocka_unit_test_setup_teardown(every_namespace_and_root_is_looked_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_process_that_ends_leaves_its_namespace_to_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_disk_counts_by_its_name_even_under_another_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_file_system_that_needs_no_device_cannot_name_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_list_of_file_systems_a_name_is_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_share_is_found_by_its_tag, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_share_whose_tag_nobody_tells_may_be_on_any_of_its_kind, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_seen_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_root_whose_path_is_too_long_to_be_told_hides_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(from_inside_another_pid_namespace_nothing_is_sure, set_up, tear_down),
        cmocka_unit_test(a_malformed_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
