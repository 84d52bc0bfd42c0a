/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of the machine that runs the test play devices: the null device is a graphics card's node, the zero device
 * a sound card's, the full device one of vfio's. */
#include "scene.h"
#include "threads.h"

static void add_nodes(struct iow_source *s)
{
    put_link(s, "sys/dev/char", "1:3", "../../devices/" BEHIND "/drm/card0");
    put_link(s, "sys/dev/char", "1:5", "../../devices/" BESIDE "/sound/card0/pcmC0D0p");
    put_link(s, "sys/dev/char", "1:7", "../../devices/" BEHIND "/vfio-dev/vfio0");
    put_link(s, "sys/dev/char", "1:9", "../../devices/virtual/mem/urandom");
}

static void open_files_are_told_by_number_once_a_process(void **state)
{
    const struct iow_use *use;
    struct iow_facts *facts;

    (void)state;
    add_nodes(scene.source);
    make_process(40, "Xo\"rg\xff\n", "mnt:[1]", "/", "");
    make_link("proc/40/fd/0", "/dev/null");
    make_link("proc/40/fd/1", "/dev/null");
    make_link("proc/40/fd/2", "/dev/full");
    make_link("proc/40/fd/3", "/dev/urandom");
    make_link("proc/40/fd/4", "socket:[1234]");
    make_link("proc/40/fd/5", "/dev/zero");
    make_link("proc/40/fd/6", "/dev/gone-away");
    make_process(41, "player\n", "mnt:[1]", "/", "");
    make_link("proc/41/fd/7", "/dev/zero");
    make_link("proc/30/fd/7", "/dev/null"); /* the one that asks */
    facts = read_uses(scene.source);
    use = use_of(facts, IOW_USE_OPEN, 0);
    assert_string_equal(use->name, "zero");
    assert_string_equal(use->by, "Xo\"rg?");
    assert_int_equal(use->pid, 40);
    assert_int_equal(use->function, 1);
    use = use_of(facts, IOW_USE_OPEN, 1);
    assert_string_equal(use->by, "player");
    assert_int_equal(use->pid, 41);
    use = use_of(facts, IOW_USE_OPEN, 2);
    assert_string_equal(use->name, "null");
    assert_int_equal(use->function, 2);
    assert_null(use_of(facts, IOW_USE_OPEN, 3));
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void a_mapping_counts_like_a_file(void **state)
{
    struct iow_facts *facts;

    (void)state;
    add_nodes(scene.source);
    make_process(40, "mapper\n", "mnt:[1]", "/", "");
    remove_made("proc/40/maps");
    make_file("proc/40/maps", "00400000-00401000 r-xp 00000000 fe:00 12   /bin/mapper\n"
                              "7f0000000000-7f0000001000 rw-s 00000000 00:05 4    /dev/null\n"
                              "7f0000002000-7f0000003000 rw-s 00000000 00:05 4    /dev/zero (deleted)\n"
                              "7ffc00000000-7ffc00001000 rw-p 00000000 00:00 0    [stack]\n");
    make_link("proc/40/map_files/400000-401000", "/dev/full");
    make_link("proc/40/map_files/7f0000000000-7f0000001000", "/dev/null");
    make_link("proc/40/map_files/7f0000002000-7f0000003000", "/dev/zero");
    facts = read_uses(scene.source);
    assert_string_equal(use_of(facts, IOW_USE_OPEN, 0)->name, "zero");
    assert_string_equal(use_of(facts, IOW_USE_OPEN, 1)->name, "null");
    assert_null(use_of(facts, IOW_USE_OPEN, 2));
    iow_facts_free(facts);
}

static void a_device_counts_under_any_path(void **state)
{
    const char line[] = "7f0000000000-7f0000001000 rw-s 00000000 00:05 4    /zero.img\n";
    struct iow_facts *facts;
    char path[128];

    (void)state;
    add_nodes(scene.source);
    make_process(40, "contained\n", "mnt:[1]", "/", "");
    make_link("disk.img", "/dev/null");
    snprintf(path, sizeof(path), "%s/disk.img", scene.root);
    make_link("proc/40/fd/3", path);
    remove_made("proc/40/maps");
    make_file("proc/40/maps", line);
    make_link("proc/40/map_files/7f0000000000-7f0000001000", "/dev/zero");
    facts = read_uses(scene.source);
    assert_non_null(use_of(facts, IOW_USE_OPEN, 0));
    assert_non_null(use_of(facts, IOW_USE_OPEN, 1));
    assert_string_equal(use_of(facts, IOW_USE_OPEN, 1)->name, path);
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static bool has_open(const struct iow_facts *facts, pid_t pid, const char *name)
{
    const struct iow_use *use;

    for (uint32_t i = 0; (use = use_of(facts, IOW_USE_OPEN, i)); i++)
        if (use->pid == (uint32_t)pid && strcmp(use->name, name) == 0)
            return true;
    return false;
}

static void threads_have_open_what_their_process_has_not(void **state)
{
    static const struct odd_thread odd[] = {
        {.opened = "/dev/zero", .alone = true},
        {.opened = "/dev/zero", .unshared = CLONE_FILES},
    };

    (void)state;
    add_nodes(scene.source);
    see_this_machine();
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct odd_process process;
        struct iow_facts *facts;

        assert_true(begin_odd(&process, odd[i]));
        facts = read_uses(scene.source);
        end_odd(&process);
        assert_true(has_open(facts, process.pid, "zero"));
        iow_facts_free(facts);
    }
}

static void a_path_that_is_too_long_to_be_told_hides_nothing(void **state)
{
    struct odd_process process;
    struct iow_facts *facts;
    char name[251] = "";
    unsigned n;
    bool may;

    (void)state;
    memset(name, 'x', sizeof(name) - 1);
    add_nodes(scene.source);
    n = go_deep(name);
    assert_true(begin_odd(&process, (struct odd_thread){.opened = "."}));
    may = show_process(process.pid);
    facts = read_uses(scene.source);
    end_odd(&process);
    come_up(name, n);
    if (may)
        assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
    if (!may)
        skip();
}

static void without_nodes_of_the_functions_nobody_is_looked_at(void **state)
{
    struct iow_facts *facts;

    (void)state;
    put_link(scene.source, "sys/dev/char", "1:9", "../../devices/virtual/mem/urandom");
    make_process(40, "Xorg\n", "mnt:[1]", "/", "");
    remove_made("proc/40/maps");
    make_link("proc/40/maps", "maps"); /* fails as it does without permission */
    facts = read_uses(scene.source);
    assert_null(use_of(facts, IOW_USE_OPEN, 0));
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void files_that_may_not_be_seen_are_unknown(void **state)
{
    struct iow_facts *facts;

    (void)state;
    add_nodes(scene.source);
    make_process(40, "Xorg\n", "mnt:[1]", "/", "");
    remove_made("proc/40/fd");
    make_file("proc/40/fd", "no folder");
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static struct iow_source *with_answer(const char *answer)
{
    struct iow_source *s = uses_machine();

    add_nodes(s);
    put_answers(s, &(struct answers){.open = answer});
    return s;
}

#define HEAD "{\"schema\": \"ioward.probe.open-devices/1\", \"complete\": true, \"open\": "
#define ITEM(node, type)                                                                                     \
    "{\"pid\": 1, \"command\": \"c\", \"node\": \"" node "\", \"type\": \"" type "\", \"file\": \"f\"}"

static void stored_answers_are_resolved_by_number(void **state)
{
    struct iow_source *s = with_answer(HEAD "[" ITEM("1:3", "c") "," ITEM("1:3", "b") "," ITEM(
        "1:7", "c") "," ITEM("1:9", "c") "," ITEM("99:9", "c") "," ITEM("8:0", "b") "]}");
    struct iow_facts *facts;

    (void)state;
    put_block(s, BESIDE, "block/sda", "8:0");
    facts = read_uses(s);
    assert_int_equal(facts->n_uses, 2);
    assert_use(facts, 0, 1, IOW_USE_OPEN, "f", "c");
    assert_use(facts, 1, 2, IOW_USE_OPEN, "f", "c");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

#define GPUS "proc/driver/nvidia/gpus/"

static void a_card_that_sysfs_tells_no_node_of_is_found_through_its_driver(void **state)
{
    static const struct device card7 = {
        .address = "0000:00:07.0", .above = "pci0000:00", .driver = "nvidia", .class_code = 0x030000};
    static const struct device card8 = {
        .address = "0000:00:08.0", .above = "pci0000:00", .driver = "nvidia", .class_code = 0x030000};
    static const struct device card9 = {
        .address = "0000:00:09.0", .above = "pci0000:00", .driver = "nvidia", .class_code = 0x030000};
    static const uint32_t cards[] = {2, 3, 4};
    struct iow_source *s =
        with_answer(HEAD "[" ITEM("195:1", "c") "," ITEM("195:1", "b") "," ITEM("195:255", "c") "]}");
    struct iow_facts *facts;

    (void)state;
    put_device(s, &card7);
    put_device(s, &card8);
    put_device(s, &card9);
    put_text(s, GPUS "0000:00:07.0", "information", "Model: \t\t X\nDevice Minor: \t 0\nBlacklisted:\t No\n");
    put_text(s, GPUS "0000:00:08.0", "information", "Model: \t\t X\nDevice Minor: \t 1\n");
    put_text(s, GPUS "0000:00:09.0", "information", "Model: \t\t X\n");
    facts = read_all(s, 0);
    assert_int_equal(iow_facts_read_uses(s, facts, cards, COUNT(cards), NULL), 0);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 3, IOW_USE_OPEN, "f", "c");
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_malformed_answer_is_refused(void **state)
{
    static const char *const bad[] = {"", "{", HEAD "{}}", HEAD "[1]}", HEAD "[{}]}",
        HEAD "[" ITEM("1", "c") "]}", HEAD "[" ITEM("1:3", "d") "]}", HEAD "[" ITEM("1:3", "") "]}",
        HEAD "[" ITEM("1:3", "cc") "]}", HEAD "[" ITEM("../..:3", "c") "]}",
        HEAD "[{\"pid\": -1, \"command\": \"c\", \"node\": \"1:3\", \"type\": \"c\", \"file\": \"f\"}]}",
        HEAD "[{\"pid\": 1, \"node\": \"1:3\", \"type\": \"c\", \"file\": \"f\"}]}",
        HEAD "[{\"pid\": 1, \"command\": \"c\", \"node\": \"1:3\", \"type\": \"c\"}]}",
        HEAD "[{\"pid\": 1, \"command\": \"c\", \"type\": \"c\", \"file\": \"f\"}]}",
        HEAD "[{\"pid\": 1, \"command\": \"c\", \"node\": \"1:3\", \"file\": \"f\"}]}"};

    (void)state;
    assert_refused("open-devices", bad, COUNT(bad), with_answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(open_files_are_told_by_number_once_a_process, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mapping_counts_like_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_device_counts_under_any_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_have_open_what_their_process_has_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_that_is_too_long_to_be_told_hides_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            without_nodes_of_the_functions_nobody_is_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_that_may_not_be_seen_are_unknown, set_up, tear_down),
        cmocka_unit_test(stored_answers_are_resolved_by_number),
        cmocka_unit_test(a_card_that_sysfs_tells_no_node_of_is_found_through_its_driver),
        cmocka_unit_test(a_malformed_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
