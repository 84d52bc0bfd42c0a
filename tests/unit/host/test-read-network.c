/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#include "host/linux/memory.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#define HEAD "{\"schema\": \"ioward.probe.network/1\", \"complete\": true, \"interfaces\": "
#define INTERFACE(name, parent, bus, up, rest, addresses, routes, is_default)                                \
    "{\"name\": \"" name "\", \"parent\": \"" parent "\", \"bus\": \"" bus "\", \"up\": " up rest            \
    ", \"addresses\": " addresses ", \"routes\": " routes ", \"default_route\": " is_default "}"

static struct iow_source *with_answer(const char *answer)
{
    struct iow_source *s = uses_machine();

    put_link(s, "sys/bus/virtio/devices", "virtio3", "../../../devices/" BEHIND "/virtio3");
    put_link(s, "sys/bus/auxiliary/devices", "mlx5_core.sf.1", "../../../devices/" BESIDE "/mlx5_core.sf.1");
    put_link(s, "sys/bus/platform/devices", "board", "../../../devices/platform/board");
    put_answers(s, &(struct answers){.network = answer});
    return s;
}

static void an_interface_that_is_up_is_in_use_for_what_it_has(void **state)
{
    struct iow_source *s = with_answer(HEAD "[" INTERFACE("a-address", "0000:01:00.0", "pci", "true", "", "1",
        "0", "false") "," INTERFACE("b-route", "0000:01:00.0", "pci", "true", "", "0", "2",
        "true") "," INTERFACE("c-bridged", "0000:01:00.0", "pci", "true", ", \"master\": \"br0\"", "0", "0",
        "false") "," INTERFACE("d-idle", "0000:01:00.0", "pci", "true", "", "0", "0",
        "false") "," INTERFACE("e-down", "0000:01:00.0", "pci", "false", ", \"master\": \"br0\"", "1", "1",
        "true") "," INTERFACE("f-stray", "0000:09:00.0", "pci", "true", "", "1", "1", "true") "]}");
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 3);
    assert_use(facts, 0, 2, IOW_USE_NETWORK, "a-address", "");
    assert_int_equal(facts->uses[0].n_addresses, 1);
    assert_int_equal(facts->uses[0].n_routes, 0);
    assert_false(facts->uses[0].default_route);
    assert_use(facts, 1, 2, IOW_USE_NETWORK, "b-route", "");
    assert_int_equal(facts->uses[1].n_routes, 2);
    assert_true(facts->uses[1].default_route);
    assert_use(facts, 2, 2, IOW_USE_NETWORK, "c-bridged", "br0");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void devices_of_other_buses_lead_to_the_function_above_them(void **state)
{
    struct iow_source *s = with_answer(HEAD "[" INTERFACE(
        "eth0", "virtio3", "virtio", "true", "", "1", "0", "false") "," INTERFACE("sf0", "mlx5_core.sf.1",
        "auxiliary", "true", "", "1", "0", "false") "," INTERFACE("end0", "board", "platform", "true", "",
        "1", "0", "false") "," INTERFACE("gone", "virtio9", "virtio", "true", "", "1", "0", "false") "]}");
    struct iow_facts *facts = read_uses(s);

    (void)state;
    assert_int_equal(facts->n_uses, 2);
    assert_use(facts, 0, 1, IOW_USE_NETWORK, "sf0", "");
    assert_use(facts, 1, 2, IOW_USE_NETWORK, "eth0", "");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void an_interface_that_nobody_tells_of_is_unknown(void **state)
{
    static const char *const answers[] = {HEAD "[]}",
        HEAD "[" INTERFACE("e", "virtio3", "virtio", "false", "", "0", "0", "false") "," INTERFACE(
            "f", "0000:00:05.0", "pci", "true", "", "0", "0", "false") "]}"};

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct iow_source *s = with_answer(answers[i]);
        struct iow_facts *facts;

        /* of other namespaces than the reader's: the folders are empty */
        assert_int_equal(iow_memory_add_folder(s, "sys/devices/" BEHIND "/virtio3/net"), 0);
        assert_int_equal(iow_memory_add_folder(s, "sys/devices/" BESIDE "/net"), 0);
        facts = read_uses(s);
        assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), i == 0 ? 2 : 0);
        for (uint32_t k = 0; k < facts->n_missing; k++)
            assert_int_equal(facts->missing[k].subject.kind, IOW_SUBJECT_FUNCTION);
        assert_int_equal(facts->n_uses, 0);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

static void a_malformed_answer_is_refused(void **state)
{
    static const char *const bad[] = {"", HEAD "{}}", HEAD "[1]}", HEAD "[{}]}",
        HEAD "[" INTERFACE("e", "", "pci", "true", "", "1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "..", "virtio", "true", "", "1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "a/b", "virtio", "true", "", "1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "a", "../pci", "true", "", "1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "a", "pci", "1", "", "1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "a", "pci", "true", "", "-1", "1", "true") "]}",
        HEAD "[" INTERFACE("e", "a", "pci", "true", "", "1", "\"1\"", "true") "]}",
        HEAD "[" INTERFACE("e", "a", "pci", "true", "", "1", "1", "null") "]}",
        HEAD "[" INTERFACE("e", "a", "pci", "true", ", \"master\": 1", "1", "1", "true") "]}",
        HEAD "[{\"parent\": \"a\", \"bus\": \"pci\", \"up\": true, \"addresses\": 1, \"routes\": 1, "
             "\"default_route\": true}]}"};

    (void)state;
    assert_refused("network", bad, COUNT(bad), with_answer);
}

static void an_old_kernel_does_not_tell_whose_interfaces_they_are(void **state)
{
    struct iow_facts *facts = read_all(scene.source, 0);
    uint32_t one = 1;

    (void)state;
    facts->machine.release = 0x050d;
    assert_int_equal(iow_facts_read_uses(scene.source, facts, &one, 1, NULL), 0);
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void a_namespace_that_may_not_be_opened_is_unknown(void **state)
{
    struct iow_facts *facts;

    (void)state;
    remove_made("proc/1/ns/net");
    make_link("proc/1/ns/net", "net"); /* a loop: ELOOP */
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void a_bound_namespace_whose_file_is_hidden_is_unknown_unless_a_process_is_in_it(void **state)
{
    struct iow_facts *facts;
    char line[256];
    struct stat own;

    (void)state;
    assert_int_equal(stat("/proc/self/ns/net", &own), 0);
    snprintf(line, sizeof(line), "50 1 0:4 net:[%llu] /run/netns/own rw - nsfs nsfs rw\n",
        (unsigned long long)own.st_ino);
    make_process(50, "x\n", "mnt:[5]", "/nowhere", line);
    facts = read_uses(scene.source);
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
    make_process(51, "y\n", "mnt:[6]", "/nowhere", "50 1 0:4 net:[77] /run/netns/x rw - nsfs nsfs rw\n");
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static void a_namespace_that_a_process_has_open_is_looked_at(void **state)
{
    struct iow_facts *facts;

    (void)state;
    make_process(50, "x\n", "mnt:[5]", "/nowhere", "");
    make_link("proc/50/fd/3", "/somewhere/else");
    facts = read_uses(scene.source);
    assert_false(is_unknown(facts, "proc"));
    iow_facts_free(facts);
    /* such a link of a real /proc leads there; this one does not */
    make_link("proc/50/fd/4", "net:[77]");
    facts = read_uses(scene.source);
    assert_true(is_unknown(facts, "proc"));
    iow_facts_free(facts);
}

static ino_t own_namespace(void)
{
    struct stat st;

    return stat("/proc/thread-self/ns/net", &st) == 0 ? st.st_ino : 0;
}

enum verdict {
    CANNOT = 77, /* make namespaces here */
    HIDDEN = 1,
    SEEN = 0,
    LOST = 2,
};

enum whose {
    OF_ITS_OWN,     /* a namespace of the user namespace that the asking process and its network are in */
    OF_STRANGERS,   /* one of the user namespace above */
    WITHOUT_RETURN, /* one of its own, but the network it is in is the strangers' */
    ONLY_OPEN,      /* one of its own that no process is in */
};

/* Gives process 1 the file of a namespace, by a folder of /proc's own, whose links have such texts. */
static int only_open(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char folder[64];

    if (fd < 0)
        return CANNOT;
    snprintf(folder, sizeof(folder), "/proc/%d/fd", (int)getpid());
    remove_made("proc/1/fd");
    make_link("proc/1/fd", folder);
    return SEEN;
}

/* In a child that is root of a user namespace of its own: asks in another's network namespace. */
static int ask_elsewhere(enum whose whose)
{
    struct iow_facts *facts;
    int pipes[2], r;
    char byte, path[64];
    pid_t other;
    ino_t own;

    if (unshare(whose == WITHOUT_RETURN ? CLONE_NEWUSER : CLONE_NEWUSER | CLONE_NEWNET) < 0 ||
        pipe(pipes) < 0)
        return CANNOT;
    own = own_namespace();
    other = fork();
    if (other == 0) {
        alarm(20); /* stays for as long as it is looked at, not longer */
        r = unshare(CLONE_NEWNET);
        (void)!write(pipes[1], r < 0 ? "n" : "y", 1);
        pause();
        _exit(0);
    }
    if (read(pipes[0], &byte, 1) != 1 || byte != 'y')
        return CANNOT;
    snprintf(path, sizeof(path), "/proc/%d/ns/net", whose == OF_STRANGERS ? (int)getppid() : (int)other);
    if (whose == ONLY_OPEN) {
        r = only_open(path);
        if (r != SEEN)
            return r;
    } else {
        remove_made("proc/1/ns/net");
        make_link("proc/1/ns/net", path);
    }
    facts = read_uses(scene.source);
    r = is_unknown(facts, "proc") ? HIDDEN : SEEN;
    iow_facts_free(facts);
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    return own_namespace() == own && own ? r : LOST;
}

static void assert_verdict(enum whose whose, enum verdict wanted)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0)
        _exit(ask_elsewhere(whose));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CANNOT)
        skip();
    assert_int_equal(WEXITSTATUS(status), wanted);
}

static void another_namespace_is_entered_and_left_again(void **state)
{
    (void)state;
    assert_verdict(OF_ITS_OWN, SEEN);
}

static void a_namespace_that_is_only_open_is_entered_and_left_again(void **state)
{
    (void)state;
    assert_verdict(ONLY_OPEN, SEEN);
}

static void a_namespace_of_strangers_is_unknown(void **state)
{
    (void)state;
    assert_verdict(OF_STRANGERS, HIDDEN);
}

static void nobody_leaves_who_could_not_come_back(void **state)
{
    (void)state;
    assert_verdict(WITHOUT_RETURN, HIDDEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interface_that_is_up_is_in_use_for_what_it_has),
        cmocka_unit_test(devices_of_other_buses_lead_to_the_function_above_them),
        cmocka_unit_test(an_interface_that_nobody_tells_of_is_unknown),
        cmocka_unit_test(a_malformed_answer_is_refused),
        cmocka_unit_test_setup_teardown(
            an_old_kernel_does_not_tell_whose_interfaces_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_namespace_that_may_not_be_opened_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_bound_namespace_whose_file_is_hidden_is_unknown_unless_a_process_is_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_namespace_is_entered_and_left_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_namespace_that_a_process_has_open_is_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_namespace_that_is_only_open_is_entered_and_left_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_namespace_of_strangers_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_leaves_who_could_not_come_back, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
