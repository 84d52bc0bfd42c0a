/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk over processes, on a folder that looks like /proc: links to files of this machine stand for open
 * files. The null device plays a group's node, the zero device a device's, so their numbers are those in the
 * classes.
 */
#include "reading.h"
#include "threads.h"

#include "host/linux/read.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct scene {
    char root[64];
    struct iow_source *source;
    char *recorded;
};

static struct scene scene;

static void make_file(const char *path, const char *text)
{
    char full[256];
    FILE *file;

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *path)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    assert_int_equal(mkdir(full, 0755), 0);
}

static void make_link(const char *path, const char *text)
{
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", scene.root, path);
    assert_int_equal(symlink(text, full), 0);
}

static void make_process(unsigned pid, unsigned uid, const char *command, const char *maps)
{
    char path[64], text[64];

    snprintf(path, sizeof(path), "proc/%u", pid);
    make_folder(path);
    snprintf(path, sizeof(path), "proc/%u/fd", pid);
    make_folder(path);
    snprintf(path, sizeof(path), "proc/%u/fdinfo", pid);
    make_folder(path);
    snprintf(path, sizeof(path), "proc/%u/comm", pid);
    make_file(path, command);
    snprintf(path, sizeof(path), "proc/%u/status", pid);
    snprintf(text, sizeof(text), "Name:\tx\nUid:\t%u\t0\t0\t0\nGid:\t5\n", uid);
    make_file(path, text);
    snprintf(path, sizeof(path), "proc/%u/maps", pid);
    make_file(path, maps);
}

static int record(struct iow_source *source, const char *name, const char *json, size_t len)
{
    (void)source;
    assert_string_equal(name, "holders");
    assert_int_equal(strlen(json), len);
    scene.recorded = strdup(json);
    return 0;
}

static struct iow_source_ops recording_ops;

static void add_classes(struct iow_source *s)
{
    put_text(s, "sys/devices/virtual/vfio/7", "dev", "1:3\n");
    put_link(s, "sys/class/vfio", "7", "../../devices/virtual/vfio/7");
    put_text(s, "sys/devices/virtual/misc/vfio", "dev", "1:7\n");
    put_link(s, "sys/class/misc", "vfio", "../../devices/virtual/misc/vfio");
    put_text(s, "sys/devices/pci0000:01/0000:01:00.0/vfio-dev/vfio4", "dev", "1:5\n");
    put_link(s, "sys/class/vfio-dev", "vfio4", "../../devices/pci0000:01/0000:01:00.0/vfio-dev/vfio4");
}

static int set_up(void **state)
{
    static const struct device graphics = {
        .address = "0000:01:00.0", .above = "pci0000:01", .vendor = 0x8086, .device = 0x10d3, .group = 7};

    (void)state;
    strcpy(scene.root, "/tmp/ioward-test-XXXXXX");
    assert_non_null(mkdtemp(scene.root));
    scene.source = new_machine();
    put_device(scene.source, &graphics);
    scene.source->provenance = IOW_FROM_LIVE;
    scene.source->root_fd = open(scene.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(scene.source->root_fd >= 0);
    recording_ops = *scene.source->ops;
    recording_ops.record_probe = record;
    scene.source->ops = &recording_ops;
    make_folder("proc");
    make_process(1, 0, "init\n", "");
    make_folder("proc/self");
    make_folder("proc/self/ns");
    make_link("proc/self/ns/pid", "pid:[4026531836]");
    return 0;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static int tear_down(void **state)
{
    (void)state;
    close(scene.source->root_fd);
    iow_source_close(scene.source);
    free(scene.recorded);
    scene.recorded = NULL;
    return nftw(scene.root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void without_nodes_nobody_is_looked_at(void **state)
{
    struct iow_facts *facts;

    (void)state;
    make_process(20, 0, "qemu\n", "");
    make_link("proc/20/fd/3", "anon_inode:[vfio-device]");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_int_equal(facts->n_holders, 0);
    assert_true(facts->machine.holders_complete);
    assert_non_null(strstr(scene.recorded, "ioward.probe.holders/1"));
    iow_facts_free(facts);
}

static void files_are_told_by_number_by_name_and_by_mapping(void **state)
{
    const struct iow_holder *h;
    struct iow_facts *facts;

    (void)state;
    add_classes(scene.source);
    make_process(20, 107, "qemu\xff\xc3\xa9\n", "");
    make_link("proc/20/fd/0", "/dev/null");
    make_link("proc/20/fd/1", "/dev/null");
    make_link("proc/20/fd/2", "/dev/full");
    make_link("proc/20/fd/3", "/dev/zero");
    make_link("proc/20/fd/4", "socket:[1234]");
    make_link("proc/20/fd/5", "anon_inode:[vfio-device]");
    make_link("proc/20/fd/6", "anon_inode:[eventfd]");
    make_link("proc/20/fd/7", "/somewhere/else");
    make_process(21, 1000, "mapper\n",
        "7f0000000000-7f0000001000 rw-s 00000000 00:0e 1061  anon_inode:[vfio-device]\n");
    make_process(22, 0, "other\n", "7f0000000000-7f0000001000 rw-s 00000000 00:0e 1061  /tmp/vfio-device\n");
    make_link("proc/22/fd/0", "/tmp/vfio-device");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_true(facts->machine.holders_complete);
    assert_int_equal(facts->n_holders, 2);
    h = &facts->holders[0];
    assert_int_equal(h->pid, 20);
    assert_int_equal(h->uid, 107);
    assert_string_equal(h->command, "qemu?\xc3\xa9");
    assert_int_equal(h->n_held, 4);
    for (uint32_t i = 0; i < h->n_held; i++) {
        const struct iow_held *held = &h->held[i];

        if (held->file == IOW_HELD_GROUP)
            assert_int_equal(held->number, 7);
        if (held->file == IOW_HELD_CDEV)
            assert_true(held->number == 4 && held->function == 0);
        if (held->file == IOW_HELD_DEVICE)
            assert_int_equal(held->function, IOW_NONE);
        assert_int_not_equal(held->file, IOW_HELD_IOMMUFD);
    }
    assert_int_equal(facts->holders[1].pid, 21);
    assert_int_equal(facts->holders[1].n_held, 1);
    assert_int_equal(facts->holders[1].held[0].file, IOW_HELD_DEVICE_MAP);
    iow_facts_free(facts);
}

static void a_node_counts_under_any_path(void **state)
{
    struct iow_facts *facts;
    char path[128];

    (void)state;
    add_classes(scene.source);
    make_process(20, 107, "qemu\n", "");
    make_link("seven", "/dev/null");
    snprintf(path, sizeof(path), "%s/seven", scene.root);
    make_link("proc/20/fd/0", path);
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_int_equal(facts->n_holders, 1);
    assert_int_equal(facts->holders[0].pid, 20);
    assert_int_equal(facts->holders[0].held[0].number, 7);
    iow_facts_free(facts);
}

static void a_thread_that_outlives_the_first_makes_its_process_a_holder(void **state)
{
    struct odd_process process;
    struct iow_facts *facts;
    uint32_t n = 0;

    (void)state;
    add_classes(scene.source);
    close(scene.source->root_fd);
    scene.source->root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(begin_odd(&process, (struct odd_thread){.opened = "/dev/zero", .alone = true}));
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    end_odd(&process);
    for (uint32_t i = 0; i < facts->n_holders; i++)
        for (uint32_t k = 0; k < facts->holders[i].n_held; k++)
            n += facts->holders[i].pid == (uint32_t)process.pid &&
                 facts->holders[i].held[k].file == IOW_HELD_CDEV;
    assert_int_equal(n, 1);
    iow_facts_free(facts);
}

static void a_kernel_that_tells_whose_file_it_is_is_believed(void **state)
{
    struct iow_facts *facts;

    (void)state;
    add_classes(scene.source);
    make_process(20, 0, "qemu\n", "");
    make_link("proc/20/fd/9", "anon_inode:[vfio-device]");
    make_file("proc/20/fdinfo/9",
        "pos:\t0\nflags:\t02000002\n"
        "vfio-device-syspath: /sys/devices/pci0000:01/0000:01:00.0\nx: 0000:00:00.0\n");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_int_equal(facts->n_holders, 1);
    assert_int_equal(facts->holders[0].held[0].file, IOW_HELD_DEVICE);
    assert_int_equal(facts->holders[0].held[0].function, 0);
    iow_facts_free(facts);
}

static void a_mapping_is_found_wherever_the_parts_of_a_long_file_end(void **state)
{
    (void)state;
    add_classes(scene.source);
    for (size_t before = 16384 - 40; before <= 16384 + 2; before++) {
        static const char fields[] = "7f0000000000-7f0000001000 rw-s 00000000 00:0e 1061";
        char *maps = malloc(before + 64), path[64];
        struct iow_facts *facts;

        memset(maps, ' ', before);
        memcpy(maps, fields, sizeof(fields) - 1);
        strcpy(maps + before, "anon_inode:[vfio-device]\n");
        snprintf(path, sizeof(path), "proc/1/maps");
        make_file(path, maps);
        facts = read_all(scene.source, IOW_READ_HOLDERS);
        assert_int_equal(facts->n_holders, 1);
        iow_facts_free(facts);
        free(maps);
        free(scene.recorded);
        scene.recorded = NULL;
    }
}

static void nobody_can_name_a_file_like_a_mapping(void **state)
{
#define FIELDS "7f0000000000-7f0000001000 rw-s 00000000 00:0e 1061"
    static const char *const maps[] = {FIELDS "   /tmp/anon_inode:[vfio-device]\n",
        FIELDS "   /tmp/x anon_inode:[vfio-device]\n", FIELDS " /tmp/ anon_inode:[vfio-device]\n",
        FIELDS " /tmp/x\\012anon_inode:[vfio-device]\n", FIELDS " [anon:anon_inode:[vfio-device]\n",
        FIELDS " \n" FIELDS " /memfd:anon_inode:[vfio-device] (deleted)\n",
        FIELDS " anon_inode:[kvm-vcpu:0]\n" FIELDS " /vfio-device\n", FIELDS " vfio-device\n",
        "anon_inode:[vfio-device]\n", FIELDS " anon_inode:[vfio-device]"};

    (void)state;
    add_classes(scene.source);
    for (size_t i = 0; i < COUNT(maps); i++) {
        struct iow_facts *facts;

        make_file("proc/1/maps", maps[i]);
        facts = read_all(scene.source, IOW_READ_HOLDERS);
        if (facts->n_holders)
            fail_msg("believed: %s", maps[i]);
        iow_facts_free(facts);
        free(scene.recorded);
        scene.recorded = NULL;
    }
}

static void what_may_not_be_seen_makes_the_answer_incomplete(void **state)
{
    struct iow_facts *facts;

    (void)state;
    add_classes(scene.source);
    make_folder("proc/20");
    make_file("proc/20/fd", "not a folder: opening it fails as it does without permission");
    make_file("proc/20/maps", "");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_false(facts->machine.holders_complete);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_HOLDERS_HIDDEN), 1);
    assert_int_equal(facts->n_holders, 0);
    iow_facts_free(facts);
}

static void a_process_that_is_gone_is_simply_not_there(void **state)
{
    struct iow_facts *facts;

    (void)state;
    add_classes(scene.source);
    make_folder("proc/20");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_true(facts->machine.holders_complete);
    assert_int_equal(facts->n_holders, 0);
    iow_facts_free(facts);
}

static void from_inside_another_namespace_not_everybody_is_seen(void **state)
{
    struct iow_facts *facts;
    char path[128];

    (void)state;
    add_classes(scene.source);
    snprintf(path, sizeof(path), "%s/proc/self/ns/pid", scene.root);
    assert_int_equal(unlink(path), 0);
    make_link("proc/self/ns/pid", "pid:[4026532999]");
    facts = read_all(scene.source, IOW_READ_HOLDERS);
    assert_false(facts->machine.holders_complete);
    iow_facts_free(facts);
}

static void what_was_recorded_replays_to_the_same_facts(void **state)
{
    struct iow_facts *live, *replayed;

    (void)state;
    add_classes(scene.source);
    make_process(20, 107, "we\"ird\n\x01\n", "");
    make_link("proc/20/fd/0", "/dev/null");
    make_link("proc/20/fd/3", "/dev/zero");
    live = read_all(scene.source, IOW_READ_HOLDERS);
    assert_int_equal(live->n_holders, 1);
    put_text(scene.source, "probe", "holders.json", scene.recorded);
    scene.source->provenance = IOW_FROM_CAPTURE;
    replayed = read_all(scene.source, IOW_READ_HOLDERS);
    assert_int_equal(replayed->n_holders, 1);
    assert_string_equal(replayed->holders[0].command, live->holders[0].command);
    assert_int_equal(replayed->holders[0].uid, 107);
    assert_int_equal(replayed->holders[0].n_held, live->holders[0].n_held);
    assert_memory_equal(
        replayed->holders[0].held, live->holders[0].held, live->holders[0].n_held * sizeof(struct iow_held));
    iow_facts_free(live);
    iow_facts_free(replayed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_nodes_nobody_is_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_told_by_number_by_name_and_by_mapping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_node_counts_under_any_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_thread_that_outlives_the_first_makes_its_process_a_holder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kernel_that_tells_whose_file_it_is_is_believed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_mapping_is_found_wherever_the_parts_of_a_long_file_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_can_name_a_file_like_a_mapping, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_not_be_seen_makes_the_answer_incomplete, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_process_that_is_gone_is_simply_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            from_inside_another_namespace_not_everybody_is_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_recorded_replays_to_the_same_facts, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
