/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that move a simulated machine, and the faults of its actor. */
#include "simulated.h"

#include <errno.h>

static int refused(struct iow_sim *sim, const char *line, const char *reason)
{
    struct iow_explain why = {0};
    char *answer = NULL;
    int r = iow_sim_command(sim, line, &answer, &why);

    if (r != -IOW_EINVAL || why.rule != IOW_RULE_SIM_COMMAND || answer || !strstr(why.text, reason))
        fail_msg("%s: %d %s %s", line, r, iow_rule_id(why.rule), why.text);
    return r;
}

static void every_row_has_a_usage_that_begins_with_its_name_and_a_help(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");
    const char *usage, *help;
    unsigned n = 0;

    (void)state;
    for (; (usage = iow_sim_command_at(n, &help)); n++) {
        struct iow_explain why = {0};
        char name[32], line[64], *answer = NULL;

        assert_int_equal(sscanf(usage, "%31s", name), 1);
        assert_true(*help != '\0');
        snprintf(line, sizeof(line), "%s a b c d e", name);
        assert_int_equal(iow_sim_command(sim, line, &answer, &why), -IOW_EINVAL);
        assert_non_null(strstr(why.text, usage)); /* known, and not with so many words */
    }
    assert_true(n > 20);
    iow_sim_free(sim);
}

static void what_makes_no_sense_is_refused_with_a_reason(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");

    (void)state;
    refused(sim, "", "no command");
    refused(sim, "frobnicate", "no such command: frobnicate");
    refused(sim, "mount nvme0n1", "usage: mount DISK AT");
    refused(sim, "a b c d e f g h i j", "too many words");
    refused(sim, "open 09:00.0 qemu", "no such device: 09:00.0");
    refused(sim, "open 01:00.0 qemu root", "not a user number: root");
    refused(sim, "close qemu", "not a process number: qemu");
    refused(sim, "modprobe nouveau", "no such driver: nouveau");
    refused(sim, "broken 01:00.0 e1000e EODD", "not an error of Linux: EODD");
    refused(sim, "access 99 0:0:0600", "no such group: 99");
    refused(sim, "access 7 all", "not like 0:0:0600: all");
    refused(sim, "vfs 01:00.0 many", "not a number: many");
    refused(sim, "plug 01:00.0 pcie-root-port", "no such device model");
    iow_sim_free(sim);
}

static void what_linux_refuses_is_answered_with_its_errno_and_words(void **state)
{
    static const struct {
        const char *line, *answer;
        int error;
    } rows[] = {
        {"mount nvme0n1 /data", "ENOENT: there is no disk nvme0n1\n", ENOENT},
        {"umount /data", "EINVAL: Invalid argument\n", EINVAL},
        {"swapon nvme0n1", "ENOENT: there is no disk nvme0n1\n", ENOENT},
        {"ping eth0", "ENETDOWN: Network is down\n", ENETDOWN},
        {"ping eth9", "ENODEV: there is no interface eth9\n", ENODEV},
        {"gateway eth0", "ENETDOWN: Network is down\n", ENETDOWN},
        {"read nvme0n1", "ENOENT: there is no disk nvme0n1\n", ENOENT},
        {"close 4711", "ESRCH: No such process\n", ESRCH},
        {"dma 4711", "ESRCH: No such process\n", ESRCH},
        {"open 01:00.0 qemu", "ENOENT: No such file or directory\n", ENOENT},
        {"hold /dev/vfio/3 qemu", "ENOENT: No such file or directory\n", ENOENT},
        {"plug 01:00.0", "EEXIST: File exists\n", EEXIST},
        {"unbind 07:00.0", "ENODEV: No such device\n", ENODEV},
        {"rmmod pcieport", "ENOENT: No such file or directory\n", ENOENT},
        {"rmmod vfio-pci", "ENOENT: No such file or directory\n", ENOENT},
        {"vfs 01:00.0 1", "ENOENT: No such file or directory\n", ENOENT},
        {"access 7 0:0:0600", "ENOENT: No such file or directory\n", ENOENT},
    };
    struct iow_sim *sim = boot("demo", "6.12");

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_explain why = {0};
        char *answer = NULL;
        int r = iow_sim_command(sim, rows[i].line, &answer, &why);

        if (r != -rows[i].error || why.rule != IOW_RULE_NONE || !answer ||
            strcmp(answer, rows[i].answer) != 0)
            fail_msg("%s: %d %s", rows[i].line, r, answer ? answer : why.text);
        free(answer);
    }
    iow_sim_free(sim);
}

static void whoever_may_not_open_a_node_learns_who_may(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    struct iow_explain why = {0};
    char *answer = NULL;

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "unbind 02:00.0");
    must(sim, "override 02:00.0 vfio-pci");
    must(sim, "bind 02:00.0 vfio-pci");
    assert_int_equal(iow_sim_command(sim, "open 02:00.0 qemu 1001", &answer, &why), -EACCES);
    assert_true(strncmp(answer, "EACCES: only user 0 may open /dev/vfio/", 39) == 0);
    free(answer);
    iow_sim_free(sim);
}

static void a_driver_proves_that_it_works(void **state)
{
    struct iow_sim *sim = boot("card", "6.12");

    (void)state;
    must(sim, "up eth0");
    must_say(sim, "ping eth0", "eth0: an answer came\n");
    must_say(sim, "read nvme0n1", "nvme0n1: data was read\n");
    must(sim, "unbind eth0");
    must(sim, "unbind 01:00.2");
    assert_int_equal(try(sim, "ping eth0"), -ENODEV);
    assert_int_equal(try(sim, "read nvme0n1"), -ENOENT);
    must(sim, "bind 01:00.2 nvme");
    must_say(sim, "read nvme0n1", "nvme0n1: data was read\n");
    iow_sim_free(sim);
}

static void dma_arrives_only_for_the_owner_of_the_group(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");
    char line[32];
    unsigned pid;

    (void)state;
    must(sim, "modprobe vfio-pci");
    for (int i = 0; i < 2; i++) {
        must(sim, "override 02:00.%d vfio-pci", i);
        must(sim, "bind 02:00.%d vfio-pci", i);
    }
    pid = must_number(sim, "open 02:00.0 dpdk");
    must(sim, "also %u 02:00.1", pid);
    assert_int_equal(try(sim, "open 02:00.1 other"), -EBUSY);
    snprintf(line, sizeof(line), "dma %u", pid);
    must_say(sim, line, "0000:02:00.0: data arrived\n0000:02:00.1: data arrived\n");
    iow_sim_free(sim);
}

static void modules_come_and_go_with_their_devices(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");
    unsigned pid;

    (void)state;
    must(sim, "rmmod e1000e");
    assert_seen(sim, IOW_STEP_BIND, "01:00.0", "");
    assert_int_equal(try(sim, "bind 01:00.0 e1000e"), -ENOENT);
    must(sim, "modprobe e1000e");
    assert_seen(sim, IOW_STEP_BIND, "01:00.0", "e1000e");
    must(sim, "modprobe vfio-pci");
    must(sim, "override 07:00.0 vfio-pci");
    must(sim, "bind 07:00.0 vfio-pci");
    pid = must_number(sim, "open 07:00.0 qemu");
    assert_int_equal(try(sim, "rmmod vfio-pci"), -EAGAIN);
    must(sim, "close %u", pid);
    must(sim, "rmmod vfio-pci");
    assert_seen(sim, IOW_STEP_BIND, "07:00.0", "");
    iow_sim_free(sim);
}

static void a_device_in_use_is_unplugged_when_its_user_lets_go(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    char value[IOW_VALUE_BYTES];
    unsigned pid;

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "override 01:00.0 vfio-pci");
    must(sim, "bind 01:00.0 vfio-pci");
    pid = must_number(sim, "open 01:00.0 qemu");
    must_number(sim, "unplug 00:02.0"); /* the port above it: waits, too */
    assert_seen(sim, IOW_STEP_BIND, "00:02.0", "pcieport");
    must(sim, "close %u", pid);
    assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.0", value), -IOW_ENODEV);
    assert_int_equal(seen(sim, IOW_STEP_BIND, "00:02.0", value), -IOW_ENODEV);
    refused(sim, "plug 01:00.0", "the bridge above is gone");
    must(sim, "plug 00:02.0");
    must(sim, "plug 01:00.0");
    assert_seen(sim, IOW_STEP_OVERRIDE, "01:00.0", "");
    iow_sim_free(sim);
}

/* Linux adds and removes one after the other. */
static void what_comes_and_goes_waits_for_what_is_being_taken_out(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    char value[IOW_VALUE_BYTES];
    unsigned pid;

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "override 01:00.0 vfio-pci");
    must(sim, "bind 01:00.0 vfio-pci");
    must(sim, "unplug 00:03.0");
    pid = must_number(sim, "open 01:00.0 qemu");
    must_number(sim, "unplug 01:00.0");
    must_say(sim, "plug 00:03.0", "waits for what is being taken out\n");
    assert_int_equal(seen(sim, IOW_STEP_BIND, "00:03.0", value), -IOW_ENODEV);
    must(sim, "close %u", pid);
    assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.0", value), -IOW_ENODEV);
    assert_seen(sim, IOW_STEP_BIND, "00:03.0", "pcieport");
    iow_sim_free(sim);
}

static void a_driver_that_sticks_is_off_the_bus_before_it_is_unloaded(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");

    (void)state;
    must(sim, "stick 01:00.0");
    must_number(sim, "rmmod e1000e");
    assert_seen(sim, IOW_STEP_BIND, "01:00.0", "");
    assert_int_equal(try(sim, "bind 01:00.0 e1000e"), -ENOENT);
    assert_int_equal(try(sim, "rmmod e1000e"), -ENOENT);
    must(sim, "continue");
    must(sim, "modprobe e1000e");
    assert_seen(sim, IOW_STEP_BIND, "01:00.0", "e1000e");
    iow_sim_free(sim);
}

static void virtual_functions_in_use_go_when_their_user_lets_go(void **state)
{
    struct iow_sim *sim = boot("sriov", "6.12");
    char value[IOW_VALUE_BYTES];
    unsigned pid;

    (void)state;
    must(sim, "modprobe vfio-pci");
    must(sim, "vfs 01:00.0 2");
    must(sim, "override 01:00.1 vfio-pci");
    must(sim, "bind 01:00.1 vfio-pci");
    pid = must_number(sim, "open 01:00.1 qemu");
    must_say(sim, "vfs 01:00.0 0", "waits for the users of virtual functions\n");
    must(sim, "close %u", pid);
    assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.1", value), -IOW_ENODEV);
    must(sim, "vfs 01:00.0 0");
    assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.2", value), -IOW_ENODEV);
    must(sim, "vfs 01:00.0 4");
    iow_sim_free(sim);
}

/* It goes with its driver's help or without. */
static void a_physical_function_takes_its_virtual_ones_along(void **state)
{
    (void)state;
    for (int bound = 0; bound < 2; bound++) {
        struct iow_sim *sim = boot("sriov", "6.12");
        char value[IOW_VALUE_BYTES];

        must(sim, "vfs 01:00.0 2");
        refused(sim, "unplug 01:00.1", "a virtual function goes with vfs");
        if (!bound)
            must(sim, "unbind 01:00.0");
        must(sim, "unplug 01:00.0");
        assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.0", value), -IOW_ENODEV);
        assert_int_equal(seen(sim, IOW_STEP_BIND, "01:00.1", value), -IOW_ENODEV);
        must(sim, "plug 01:00.0");
        must(sim, "vfs 01:00.0 4");
        iow_sim_free(sim);
    }
}

/* Each fault at the first of two effects. */
static void faults_strike_the_effect_they_name(void **state)
{
    static const struct {
        enum iow_sim_fault fault;
        int first, second;
        const char *override; /* of 02:00.0 when the fault is over */
    } rows[] = {
        {IOW_SIM_FAULT_NONE, 0, 0, "b"},
        {IOW_SIM_FAULT_REFUSE, -EIO, 0, "b"},
        {IOW_SIM_FAULT_HANG, -IOW_EINPROGRESS, 0, "a"}, /* asks no driver, that could hang: comes late */
        {IOW_SIM_FAULT_LATE, -IOW_EINPROGRESS, 0, "a"}, /* the late one overtakes nothing and comes last */
        {IOW_SIM_FAULT_LIE, 0, 0, "b"},
        {IOW_SIM_FAULT_VANISH, -ENODEV, -ENODEV, NULL},
        {IOW_SIM_FAULT_CRASH, -IOW_EIO, -IOW_EIO, ""},
        {IOW_SIM_FAULT_CRASH_AFTER, -IOW_EIO, -IOW_EIO, "a"},
    };

    (void)state;
    assert_int_equal(COUNT(rows), IOW_SIM_FAULT__COUNT);
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_sim *sim = boot("root-ports", "6.12");
        char value[IOW_VALUE_BYTES];

        iow_sim_set_fault(sim, rows[i].fault, 1, -EIO);
        assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "02:00.0", "", "a"), rows[i].first);
        assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "02:00.0", "", "b"), rows[i].second);
        iow_sim_set_fault(sim, IOW_SIM_FAULT_NONE, 0, 0);
        must(sim, "continue");
        if (rows[i].override)
            assert_seen(sim, IOW_STEP_OVERRIDE, "02:00.0", rows[i].override);
        else
            assert_int_equal(seen(sim, IOW_STEP_OVERRIDE, "02:00.0", value), -IOW_ENODEV);
        iow_sim_free(sim);
    }
}

static void a_bind_that_hangs_shows_its_driver_and_locks_the_device(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.1");
    char value[IOW_VALUE_BYTES];

    (void)state;
    must(sim, "unbind 02:00.0");
    iow_sim_set_fault(sim, IOW_SIM_FAULT_HANG, 1, 0);
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "02:00.0", "", "e1000e"), -IOW_EINPROGRESS);
    assert_seen(sim, IOW_STEP_BIND, "02:00.0", "e1000e");
    assert_int_equal(seen(sim, IOW_STEP_OVERRIDE, "02:00.0", value), -IOW_EINPROGRESS);
    assert_int_equal(act_on(sim, IOW_STEP_OVERRIDE, "02:00.0", "", "e1000e"), -IOW_EINPROGRESS);
    assert_int_equal(try(sim, "ping eth0"), -ENODEV);
    must(sim, "continue");
    must(sim, "up eth0");
    assert_seen(sim, IOW_STEP_OVERRIDE, "02:00.0", "e1000e");
    iow_sim_free(sim);
}

static void one_effect_is_ready_at_a_time_and_one_that_is_cancelled_does_not_happen(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    struct iow_actor *actor = iow_sim_actor(sim);
    struct iow_step unbind = step(IOW_STEP_UNBIND, "02:00.0", "e1000e", "");
    struct iow_effort effort;

    (void)state;
    assert_int_equal(actor->ops->act(actor, 0), -IOW_EINVAL);
    assert_int_equal(actor->ops->prepare(actor, &unbind, &effort), 0);
    assert_int_equal(actor->ops->prepare(actor, &unbind, &effort), -IOW_EINVAL);
    actor->ops->cancel(actor);
    assert_seen(sim, IOW_STEP_UNBIND, "02:00.0", "e1000e");
    assert_int_equal(actor->ops->await(actor, &effort, 0), 0);
    assert_int_equal(iow_sim_effects(sim), 0);
    iow_sim_free(sim);
}

static void the_same_commands_give_the_same_machine(void **state)
{
    static const char *const lines[] = {"modprobe vfio-pci", "unbind 01:00.0", "override 01:00.0 vfio-pci",
        "bind 01:00.0 vfio-pci", "unplug 02:00.0", "plug 02:00.0", "access 7 1:2:0660"};
    struct iow_sim *sims[2] = {boot("demo", "6.12"), boot("demo", "6.12")};
    char *states[2];

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        for (unsigned k = 0; k < COUNT(lines); k++)
            must(sims[i], "%s", lines[k]);
        states[i] = iow_sim_state(sims[i]);
        iow_sim_free(sims[i]);
    }
    assert_string_equal(states[0], states[1]);
    assert_non_null(strstr(states[0], "function 0000:01:00.0 driver vfio-pci override vfio-pci\n"));
    assert_non_null(strstr(states[0], "node 7 access 1:2:0660\n"));
    free(states[0]);
    free(states[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_usage_that_begins_with_its_name_and_a_help),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_a_reason),
        cmocka_unit_test(what_linux_refuses_is_answered_with_its_errno_and_words),
        cmocka_unit_test(whoever_may_not_open_a_node_learns_who_may),
        cmocka_unit_test(a_driver_proves_that_it_works),
        cmocka_unit_test(dma_arrives_only_for_the_owner_of_the_group),
        cmocka_unit_test(modules_come_and_go_with_their_devices),
        cmocka_unit_test(a_device_in_use_is_unplugged_when_its_user_lets_go),
        cmocka_unit_test(what_comes_and_goes_waits_for_what_is_being_taken_out),
        cmocka_unit_test(a_driver_that_sticks_is_off_the_bus_before_it_is_unloaded),
        cmocka_unit_test(virtual_functions_in_use_go_when_their_user_lets_go),
        cmocka_unit_test(a_physical_function_takes_its_virtual_ones_along),
        cmocka_unit_test(faults_strike_the_effect_they_name),
        cmocka_unit_test(a_bind_that_hangs_shows_its_driver_and_locks_the_device),
        cmocka_unit_test(one_effect_is_ready_at_a_time_and_one_that_is_cancelled_does_not_happen),
        cmocka_unit_test(the_same_commands_give_the_same_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
