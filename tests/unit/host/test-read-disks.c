/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uses.h"

#include "base/limits.h"

#define SUBSYSTEM "virtual/nvme-subsystem/nvme-subsys0"

static void mounts_are_found_by_number_through_all_that_is_made_of_a_disk(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"9:127\", \"at\": \"/raid\"}, {\"device\": \"259:7\", \"at\": \"/part\"},"
                  "{\"device\": \"253:1\", \"at\": \"/srv\"}, {\"device\": \"8:3\", \"at\": \"/other\"}]}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_nvme(s, BEHIND);
    put_holder(s, BEHIND, "nvme/nvme0/nvme0n1/nvme0n1p1", "md127");
    put_holder(s, BEHIND, "nvme/nvme0/nvme0n1/nvme0n1p2", "dm-0");
    put_block(s, "virtual/block", "md127", "9:127");
    put_partition(s, "virtual/block", "md127/md127p1", "259:7");
    put_block(s, "virtual/block", "dm-0", "253:0");
    put_block(s, "virtual/block", "dm-1", "253:1");
    put_holder(s, "virtual/block", "dm-0", "dm-1");
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 5);
    assert_use(facts, 0, 2, IOW_USE_MOUNT, "nvme0n1p1", "/part");
    assert_use(facts, 1, 2, IOW_USE_MOUNT, "nvme0n1p1", "/raid");
    assert_use(facts, 2, 2, IOW_USE_MOUNT, "nvme0n1p2", "/srv");
    assert_use(facts, 3, 2, IOW_USE_HOLDER, "nvme0n1p1", "md127");
    assert_use(facts, 4, 2, IOW_USE_HOLDER, "nvme0n1p2", "dm-0");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_multipath_disk_is_in_use_on_every_path(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"259:0\", \"at\": \"/\"}]}",
        .exclusive = "{\"schema\": \"ioward.probe.exclusive/1\", \"complete\": true, \"devices\": ["
                     "\"259:1\", \"259:0\"]}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_block(s, SUBSYSTEM, "nvme0n1", "259:0");
    put_block(s, SUBSYSTEM, "nvme0n2", "259:1");
    put_link(s, "sys/devices/" SUBSYSTEM, "nvme0", "../../../" BESIDE "/nvme/nvme0");
    put_link(s, "sys/devices/" SUBSYSTEM, "nvme1", "../../../" BEHIND "/nvme/nvme1");
    put_block(s, BESIDE, "nvme/nvme0/nvme0c0n1", ""); /* one path, which nobody can open */
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 4);
    assert_use(facts, 0, 1, IOW_USE_MOUNT, "nvme0n1", "/");
    assert_use(facts, 1, 1, IOW_USE_EXCLUSIVE, "nvme0n2", "");
    assert_use(facts, 2, 2, IOW_USE_MOUNT, "nvme0n1", "/");
    assert_use(facts, 3, 2, IOW_USE_EXCLUSIVE, "nvme0n2", "");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void swap_space_is_found_on_partitions_volumes_and_odd_names(void **state)
{
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_nvme(s, BEHIND);
    put_holder(s, BEHIND, "nvme/nvme0/nvme0n1/nvme0n1p2", "dm-0");
    put_block(s, "virtual/block", "dm-0", "253:0");
    put_block(s, BESIDE, "cciss0/block/cciss!c0d0", "104:0");
    put_text(s, "proc", "swaps",
        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
        "/dev/nvme0n1p1                          partition\t8\t\t0\t\t-2\n"
        "/dev/dm-0                               partition\t8\t\t0\t\t-3\n"
        "/dev/cciss/c0d0\tpartition\t8\t\t0\t\t-4\n"
        "/dev/nvme0n1\\040(deleted)  partition 8 0 -5\n"
        "/nvme0n1                                file\t8\t\t0\t\t-6\n"
        "/dev/nvme0n1p20                         partition\t8\t\t0\t\t-7\n");
    put_answers(s, &(struct answers){0});
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 4);
    assert_use(facts, 0, 1, IOW_USE_SWAP, "cciss!c0d0", "");
    assert_use(facts, 1, 2, IOW_USE_SWAP, "nvme0n1p1", "");
    assert_use(facts, 2, 2, IOW_USE_SWAP, "nvme0n1p2", "");
    assert_use(facts, 3, 2, IOW_USE_HOLDER, "nvme0n1p2", "dm-0");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void devices_made_of_each_other_end_the_search(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"253:1\", \"at\": \"/\"}]}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_block(s, BEHIND, "block/sda", "8:0");
    put_holder(s, BEHIND, "block/sda", "dm-0");
    put_holder(s, BEHIND, "block/sda", "dm-9"); /* gone meanwhile */
    put_block(s, "virtual/block", "dm-0", "253:0");
    put_block(s, "virtual/block", "dm-1", "253:1");
    put_holder(s, "virtual/block", "dm-0", "dm-1");
    put_holder(s, "virtual/block", "dm-1", "dm-0");
    put_holder(s, "virtual/block", "dm-1", "sda");
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 3);
    assert_use(facts, 0, 2, IOW_USE_MOUNT, "sda", "/");
    assert_use(facts, 1, 2, IOW_USE_HOLDER, "sda", "dm-0");
    assert_use(facts, 2, 2, IOW_USE_HOLDER, "sda", "dm-9");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void put_loop(struct iow_source *s, const char *name, const char *number, const char *file)
{
    char rest[64], folder[128];

    snprintf(rest, sizeof(rest), "virtual/block/%s", name);
    put_block(s, "virtual/block", name, number);
    snprintf(folder, sizeof(folder), "sys/devices/%s/loop", rest);
    if (file)
        put_text(s, folder, "backing_file", file);
}

static void a_loop_device_is_made_of_the_disk_that_it_was_set_up_on(void **state)
{
    static const struct answers answers = {
        .mounts = "{\"schema\": \"ioward.probe.mounts/1\", \"complete\": true, \"mounts\": ["
                  "{\"device\": \"259:9\", \"at\": \"/deep\"}, {\"device\": \"7:3\", \"at\": \"/other\"}]}",
    };
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_nvme(s, BEHIND);
    put_block(s, BESIDE, "cciss0/block/cciss!c0d0", "104:0");
    put_loop(s, "loop0", "7:0", "/dev/nvme0n1\n");
    put_loop(s, "loop1", "7:1", "/srv/root/dev/loop0 (deleted)\n");
    put_partition(s, "virtual/block", "loop1/loop1p1", "259:9");
    put_loop(s, "loop2", "7:2", "/dev/cciss/c0d0\n");
    put_loop(s, "loop3", "7:3", "/srv/nvme0n1\n");
    put_loop(s, "loop4", "7:4", NULL);
    put_answers(s, &answers);
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 3);
    assert_use(facts, 0, 1, IOW_USE_HOLDER, "cciss!c0d0", "loop2");
    assert_use(facts, 1, 2, IOW_USE_MOUNT, "nvme0n1", "/deep");
    assert_use(facts, 2, 2, IOW_USE_HOLDER, "nvme0n1", "loop0");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_loop_device_on_a_volume_of_a_dev_without_links_is_unknown(void **state)
{
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_loop(s, "loop0", "7:0", "/dev/mapper/vg-data\n");
    put_answers(s, &(struct answers){0});
    facts = read_uses(s);
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_disk_without_a_readable_number_is_unknown(void **state)
{
    struct iow_source *s = uses_machine();
    struct iow_facts *facts;

    (void)state;
    put_block(s, BEHIND, "block/sda", "");
    put_text(s, "sys/devices/" BEHIND "/block/sda", "dev", "8\n");
    put_answers(s, &(struct answers){0});
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void more_disks_than_any_machine_has_are_refused(void **state)
{
    static const uint32_t all[] = {0, 1, 2};
    struct iow_source *s = uses_machine();
    struct iow_explain why;
    struct iow_facts *facts;

    (void)state;
    for (unsigned i = 0; i <= IOW_MAX_DISKS; i++) {
        char name[32];

        snprintf(name, sizeof(name), "sd%u", i);
        put_class(s, "block", name, BEHIND, name);
    }
    put_answers(s, &(struct answers){0});
    facts = read_all(s, 0);
    assert_int_equal(iow_facts_read_uses(s, facts, all, COUNT(all), &why), -IOW_E2BIG);
    assert_int_equal(why.rule, IOW_RULE_READ_TOO_MANY);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mounts_are_found_by_number_through_all_that_is_made_of_a_disk),
        cmocka_unit_test(a_multipath_disk_is_in_use_on_every_path),
        cmocka_unit_test(swap_space_is_found_on_partitions_volumes_and_odd_names),
        cmocka_unit_test(devices_made_of_each_other_end_the_search),
        cmocka_unit_test(a_loop_device_is_made_of_the_disk_that_it_was_set_up_on),
        cmocka_unit_test(a_loop_device_on_a_volume_of_a_dev_without_links_is_unknown),
        cmocka_unit_test(a_disk_without_a_readable_number_is_unknown),
        cmocka_unit_test(more_disks_than_any_machine_has_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
