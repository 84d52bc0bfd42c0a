/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the requests of a simulated machine's functions are under, and the type of a group's default domain. */
#include "simulated.h"

#include "host/sim/machine.h"

#include <errno.h>

static void give_to_vfio(struct iow_sim *sim, const char *address)
{
    must(sim, "modprobe vfio-pci");
    must(sim, "override %s vfio-pci", address);
    must(sim, "bind %s vfio-pci", address);
}

static const struct iow_front_function *function_of(struct iow_sim *sim, const char *address)
{
    uint32_t at = iow_sim_find(sim, address);

    assert_int_not_equal(at, IOW_NONE);
    return &sim->front.functions[at];
}

static const char *type_of(struct iow_sim *sim, uint32_t group)
{
    static char type[16];
    struct iow_facts *facts = read_facts(sim, NULL);

    snprintf(type, sizeof(type), "%s", iow_facts_group_at(facts, iow_facts_find_group(facts, group))->type);
    iow_facts_free(facts);
    return type;
}

static void every_member_is_under_the_table_of_the_owner_and_back(void **state)
{
    struct iow_sim *sim = boot("pcie-pci-bridge", "6.12");
    const struct iow_front_function *unbound = function_of(sim, "02:03.0");
    unsigned pid;

    (void)state;
    must(sim, "unbind 02:03.0");
    give_to_vfio(sim, "02:01.0");
    assert_int_equal(unbound->domain.kind, IOW_KIND_DEFAULT);
    pid = must_number(sim, "open 02:01.0 qemu");
    assert_int_equal(unbound->domain.kind, IOW_KIND_TABLE);
    assert_int_equal(unbound->domain.owner, function_of(sim, "02:01.0")->domain.owner);
    must(sim, "close %u", pid);
    assert_int_equal(unbound->domain.kind, IOW_KIND_DEFAULT);
    iow_sim_free(sim);
}

static void a_newcomer_is_under_the_table_of_the_owner_before_anybody_gave_it(void **state)
{
    struct iow_sim *sim = boot("pcie-pci-bridge", "6.12");

    (void)state;
    must(sim, "unplug 02:03.0");
    assert_int_equal(function_of(sim, "02:03.0")->domain.kind, IOW_KIND_BLOCKING);
    give_to_vfio(sim, "02:01.0");
    must_number(sim, "open 02:01.0 qemu");
    must(sim, "plug 02:03.0");
    assert_int_equal(function_of(sim, "02:03.0")->driver, IOW_NONE);
    assert_int_equal(function_of(sim, "02:03.0")->domain.kind, IOW_KIND_TABLE);
    iow_sim_free(sim);
}

/* The driver is counted before its probe runs, however long that takes. */
static void a_probe_that_hangs_keeps_the_group_from_users(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");

    (void)state;
    must(sim, "unbind 01:00.1");
    must(sim, "unbind 01:00.0");
    give_to_vfio(sim, "01:00.0");
    iow_sim_set_fault(sim, IOW_SIM_FAULT_HANG, 1, 0);
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.1", "", "e1000e"), -IOW_EINPROGRESS);
    assert_int_equal(try(sim, "open 01:00.0 qemu"), -EPERM);
    must(sim, "continue");
    assert_seen(sim, IOW_STEP_BIND, "01:00.1", "e1000e");
    iow_sim_free(sim);
}

static void a_probe_that_fails_is_not_counted(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");

    (void)state;
    must(sim, "unbind 01:00.1");
    must(sim, "unbind 01:00.0");
    give_to_vfio(sim, "01:00.0");
    must(sim, "broken 01:00.1 e1000e EIO");
    assert_int_equal(try(sim, "bind 01:00.1 e1000e"), -EIO);
    must(sim, "open 01:00.0 qemu");
    iow_sim_free(sim);
}

/* A bind is refused by who owns the group when it is its turn, and shows no driver; it hangs no more than Linux's does. */
static void a_late_refusal_is_a_refusal(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");
    unsigned pid;

    (void)state;
    must(sim, "unbind 01:00.1");
    must(sim, "unbind 01:00.0");
    give_to_vfio(sim, "01:00.0");
    pid = must_number(sim, "open 01:00.0 qemu");
    iow_sim_set_fault(sim, IOW_SIM_FAULT_HANG, 1, 0);
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.1", "", "e1000e"), -EBUSY);
    assert_seen(sim, IOW_STEP_BIND, "01:00.1", "");
    iow_sim_set_fault(sim, IOW_SIM_FAULT_LATE, 1, 0);
    assert_int_equal(act_on(sim, IOW_STEP_BIND, "01:00.1", "", "e1000e"), -IOW_EINPROGRESS);
    must(sim, "continue");
    assert_seen(sim, IOW_STEP_BIND, "01:00.1", "");
    must(sim, "close %u", pid);
    must(sim, "bind 01:00.1 e1000e");
    iow_sim_free(sim);
}

/* Whose file died with the group's last device of VFIO claims the group again. */
static void a_group_that_came_again_is_claimed_again(void **state)
{
    struct iow_sim *sim = boot("functions-below-port", "6.12");
    char line[32];
    unsigned pid;

    (void)state;
    give_to_vfio(sim, "02:00.0");
    must(sim, "unbind 01:00.0");
    must(sim, "unbind 01:00.1");
    give_to_vfio(sim, "01:00.0");
    pid = must_number(sim, "open 02:00.0 program");
    assert_int_equal(try(sim, "also %u 01:00.1", pid), -ENODEV); /* claims, and gets no device */
    must(sim, "unbind 01:00.0");
    must(sim, "bind 01:00.0 vfio-pci");
    must(sim, "also %u 01:00.0", pid);
    snprintf(line, sizeof(line), "dma %u", pid);
    must_say(sim, line, "0000:02:00.0: data arrived\n0000:01:00.0: data arrived\n");
    iow_sim_free(sim);
}

/* 01:00.0 and 01:00.1 are in a group in this order, and the IOMMU cannot move the second. */
static struct iow_sim *boot_jammed(const char *release)
{
    struct iow_sim *sim = boot("functions-below-port", release);

    must(sim, "unbind 01:00.0");
    must(sim, "unbind 01:00.1");
    give_to_vfio(sim, "01:00.1");
    must(sim, "jam 01:00.1");
    return sim;
}

static void a_claim_that_fails_half_way_is_undone_on_6_12(void **state)
{
    struct iow_sim *sim = boot_jammed("6.12");

    (void)state;
    assert_int_equal(try(sim, "open 01:00.1 qemu"), -EIO);
    assert_int_equal(function_of(sim, "01:00.0")->domain.kind, IOW_KIND_DEFAULT);
    must(sim, "bind 01:00.0 e1000e");
    must(sim, "up eth0");
    must_say(sim, "ping eth0", "eth0: an answer came\n");
    iow_sim_free(sim);
}

/* The kernel believes that all are on the default domain, lets a driver in, and its requests fault. */
static void a_claim_that_fails_half_way_leaves_members_blocked_on_6_1(void **state)
{
    struct iow_sim *sim = boot_jammed("6.1");

    (void)state;
    assert_int_equal(try(sim, "open 01:00.1 qemu"), -EIO);
    assert_int_equal(function_of(sim, "01:00.0")->domain.kind, IOW_KIND_BLOCKING);
    must(sim, "bind 01:00.0 e1000e");
    must(sim, "up eth0");
    assert_int_equal(try(sim, "ping eth0"), -ETIMEDOUT);
    iow_sim_free(sim);
}

static void a_disk_of_a_blocked_device_cannot_be_read(void **state)
{
    struct iow_sim *sim = boot("card", "6.1");

    (void)state;
    must(sim, "unbind 01:00.1");
    must(sim, "unbind 01:00.2");
    give_to_vfio(sim, "01:00.0");
    must(sim, "jam 01:00.2");
    assert_int_equal(try(sim, "open 01:00.0 qemu"), -EIO);
    must(sim, "bind 01:00.2 nvme");
    must_say(sim, "read nvme0n1", "nvme0n1: data was read\n"); /* the one that did not move */
    must(sim, "unbind 01:00.2");
    must(sim, "mend 01:00.2");
    must(sim, "open 01:00.0 qemu");
    assert_int_equal(try(sim, "bind 01:00.2 nvme"), -EBUSY);
    iow_sim_free(sim);
}

/* It is in no group then, so that a driver is let in that the group's owner would have kept out. */
static void a_newcomer_that_cannot_join_has_no_group_and_gets_a_driver(void **state)
{
    struct iow_sim *sim = boot("pcie-pci-bridge", "6.12");

    (void)state;
    must(sim, "unplug 02:03.0");
    give_to_vfio(sim, "02:01.0");
    must_number(sim, "open 02:01.0 qemu");
    must(sim, "jam 02:03.0");
    must(sim, "plug 02:03.0");
    assert_null(function_of(sim, "02:03.0")->dma.group);
    assert_seen(sim, IOW_STEP_BIND, "02:03.0", "e1000");
    iow_sim_free(sim);
}

/* Group 5: 01:00.0 without driver, alone. Group of 02:00.0 e1000e: with its port. All are of type DMA. */
static void a_type_is_set_and_refused_as_linux_does(void **state)
{
    static const struct {
        const char *before[4];
        const char *device, *type, *then; /* then: what the file shows */
        int on_6_1, on_6_12;
    } rows[] = {
        {{NULL}, "01:00.0", "identity", "identity", 0, 0},
        {{NULL}, "01:00.0", "DMA", "DMA", 0, 0},
        {{"type 5 identity"}, "01:00.0", "auto", "DMA", 0, 0},
        {{"type 5 DMA-FQ"}, "01:00.0", "DMA", "DMA", 0, 0},
        {{NULL}, "01:00.0", "blocked", "DMA", -EINVAL, -EINVAL},
        {{NULL}, "01:00.0", "unknown", "DMA", -EINVAL, -EINVAL},
        {{NULL}, "02:00.0", "blocked", "DMA", -EINVAL, -EINVAL},
        {{NULL}, "02:00.0", "identity", "DMA", -EINVAL, -EPERM},
        {{NULL}, "02:00.0", "DMA", "DMA", -EINVAL, -EPERM},
        {{NULL}, "02:00.0", "DMA-FQ", "DMA-FQ", -EINVAL, 0},
        {{"unbind 02:00.0"}, "02:00.0", "identity", "identity", -EINVAL, 0},
        {{"modprobe vfio-pci", "override 01:00.0 vfio-pci", "bind 01:00.0 vfio-pci"}, "01:00.0", "identity",
            "identity", -EBUSY, 0},
        {{"modprobe vfio-pci", "override 01:00.0 vfio-pci", "bind 01:00.0 vfio-pci"}, "01:00.0", "DMA-FQ",
            "DMA-FQ", 0, 0},
        {{"modprobe vfio-pci", "override 01:00.0 vfio-pci", "bind 01:00.0 vfio-pci", "open 01:00.0 qemu"},
            "01:00.0", "identity", "DMA", -EBUSY, -EPERM},
        {{"modprobe vfio-pci", "override 01:00.0 vfio-pci", "bind 01:00.0 vfio-pci", "open 01:00.0 qemu"},
            "01:00.0", "DMA-FQ", "DMA-FQ", -EBUSY, 0},
    };

    (void)state;
    for (unsigned i = 0; i < 2 * COUNT(rows); i++) {
        bool old = i % 2;
        struct iow_sim *sim = boot("root-ports", old ? "6.1" : "6.12");
        int wanted = old ? rows[i / 2].on_6_1 : rows[i / 2].on_6_12;
        uint32_t group = function_of(sim, rows[i / 2].device)->home;

        for (unsigned k = 0; k < 4 && rows[i / 2].before[k]; k++)
            must(sim, "%s", rows[i / 2].before[k]);
        if (try(sim, "type %u %s", group, rows[i / 2].type) != wanted)
            fail_msg("row %u, %s: not %d", i / 2, old ? "6.1" : "6.12", wanted);
        assert_string_equal(type_of(sim, group), wanted ? "DMA" : rows[i / 2].then);
        iow_sim_free(sim);
    }
}

static void a_type_that_is_set_leaves_the_user_his_memory(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    unsigned pid;
    char line[32];

    (void)state;
    give_to_vfio(sim, "01:00.0");
    pid = must_number(sim, "open 01:00.0 qemu");
    must(sim, "type 5 DMA-FQ");
    snprintf(line, sizeof(line), "dma %u", pid);
    must_say(sim, line, "0000:01:00.0: data arrived\n");
    must(sim, "close %u", pid);
    assert_int_equal(function_of(sim, "01:00.0")->domain.type, IOW_TYPE_DMA_FQ);
    iow_sim_free(sim);
}

static void a_type_waits_for_the_lock_of_the_only_device_before_6_12(void **state)
{
    (void)state;
    for (int old = 0; old < 2; old++) {
        struct iow_sim *sim = boot("root-ports", old ? "6.1" : "6.12");
        unsigned pid;

        give_to_vfio(sim, "01:00.0");
        pid = must_number(sim, "open 01:00.0 qemu");
        must_number(sim, "unbind 01:00.0");
        if (old)
            must_number(sim, "type 5 identity");
        else
            assert_int_equal(try(sim, "type 5 identity"), -EPERM);
        must(sim, "close %u", pid);
        assert_string_equal(type_of(sim, 5), old ? "identity" : "DMA");
        iow_sim_free(sim);
    }
}

static void a_group_that_is_not_there_has_no_type(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");

    (void)state;
    must(sim, "unplug 01:00.0");
    assert_int_equal(try(sim, "type 5 DMA"), -ENOENT);
    must(sim, "plug 01:00.0");
    must(sim, "type 5 DMA");
    iow_sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_is_under_the_table_of_the_owner_and_back),
        cmocka_unit_test(a_newcomer_is_under_the_table_of_the_owner_before_anybody_gave_it),
        cmocka_unit_test(a_probe_that_hangs_keeps_the_group_from_users),
        cmocka_unit_test(a_probe_that_fails_is_not_counted),
        cmocka_unit_test(a_late_refusal_is_a_refusal),
        cmocka_unit_test(a_group_that_came_again_is_claimed_again),
        cmocka_unit_test(a_claim_that_fails_half_way_is_undone_on_6_12),
        cmocka_unit_test(a_claim_that_fails_half_way_leaves_members_blocked_on_6_1),
        cmocka_unit_test(a_disk_of_a_blocked_device_cannot_be_read),
        cmocka_unit_test(a_newcomer_that_cannot_join_has_no_group_and_gets_a_driver),
        cmocka_unit_test(a_type_is_set_and_refused_as_linux_does),
        cmocka_unit_test(a_type_that_is_set_leaves_the_user_his_memory),
        cmocka_unit_test(a_type_waits_for_the_lock_of_the_only_device_before_6_12),
        cmocka_unit_test(a_group_that_is_not_there_has_no_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
