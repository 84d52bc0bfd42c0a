/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader sees of a simulated machine, and what follows from it. */
#include "simulated.h"

#include "host/linux/source.h"

#include <errno.h>
#include <ioward/analysis.h>

static void look_at_uses(
    struct iow_sim *sim, const char *address, void (*look)(const struct iow_facts *facts))
{
    struct iow_source *source;
    struct iow_facts *facts = read_facts(sim, &source);
    uint32_t function = iow_facts_find_function(facts, &fact_of(facts, address)->address);

    assert_int_equal(iow_facts_read_uses(source, facts, &function, 1, NULL), 0);
    assert_null(iow_facts_missing_at(facts, 0));
    look(facts);
    iow_facts_free(facts);
    iow_source_close(source);
}

static void no_use(const struct iow_facts *facts)
{
    assert_null(iow_facts_use_at(facts, 0));
}

static void one_mount(const struct iow_facts *facts)
{
    const struct iow_use *use = iow_facts_use_at(facts, 0);

    assert_non_null(use);
    assert_int_equal(use->kind, IOW_USE_MOUNT);
    assert_string_equal(use->name, "nvme0n1");
    assert_string_equal(use->by, "/data");
    assert_null(iow_facts_use_at(facts, 1));
}

static void one_swap(const struct iow_facts *facts)
{
    assert_non_null(iow_facts_use_at(facts, 0));
    assert_int_equal(iow_facts_use_at(facts, 0)->kind, IOW_USE_SWAP);
    assert_null(iow_facts_use_at(facts, 1));
}

static void two_open(const struct iow_facts *facts)
{
    const struct iow_use *first = iow_facts_use_at(facts, 0), *second = iow_facts_use_at(facts, 1);

    assert_true(first && second);
    assert_int_equal(first->kind, IOW_USE_OPEN);
    assert_string_equal(first->name, "nvme0");
    assert_string_equal(first->by, "smartd");
    assert_string_equal(second->name, "nvme0n1");
    assert_string_equal(second->by, "dd");
    assert_null(iow_facts_use_at(facts, 2));
}

static void uses_of_a_disk_are_found(void **state)
{
    struct iow_sim *sim = boot("nvme-drive", "6.12");
    unsigned smartd, dd;

    (void)state;
    look_at_uses(sim, "01:00.0", no_use);
    must(sim, "mount nvme0n1 /data");
    assert_true(try(sim, "swapon nvme0n1") < 0);
    look_at_uses(sim, "01:00.0", one_mount);
    must(sim, "umount /data");
    must(sim, "swapon nvme0n1");
    look_at_uses(sim, "01:00.0", one_swap);
    must(sim, "swapoff nvme0n1");
    smartd = must_number(sim, "hold /dev/nvme0 smartd");
    dd = must_number(sim, "hold /dev/nvme0n1 dd");
    look_at_uses(sim, "01:00.0", two_open);
    must(sim, "close %u", smartd);
    must(sim, "close %u", dd);
    look_at_uses(sim, "01:00.0", no_use);
    iow_sim_free(sim);
}

/* The file system is dead, and the disk that comes back is another. */
static void a_mount_does_not_outlive_its_disk(void **state)
{
    struct iow_sim *sim = boot("nvme-drive", "6.12");

    (void)state;
    must(sim, "mount nvme0n1 /data");
    must(sim, "unbind 01:00.0");
    must(sim, "bind 01:00.0 nvme");
    look_at_uses(sim, "01:00.0", no_use);
    iow_sim_free(sim);
}

static void default_route(const struct iow_facts *facts)
{
    const struct iow_use *use = iow_facts_use_at(facts, 0);

    assert_non_null(use);
    assert_int_equal(use->kind, IOW_USE_NETWORK);
    assert_int_equal(use->n_addresses, 1);
    assert_true(use->default_route);
    assert_null(iow_facts_use_at(facts, 1));
}

static void uses_of_interfaces_are_found(void **state)
{
    static const char *const machines[][3] = {
        {"demo", "02:00.0", "eth2"},
        {"integrated-virtio", "00:05.1", "eth1"},
        {"conventional-slots", "00:05.0", "eth0"},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(machines); i++) {
        struct iow_sim *sim = boot(machines[i][0], "6.1");

        must(sim, "up %s", machines[i][2]);
        look_at_uses(sim, machines[i][1], no_use);
        must(sim, "up %s 10.0.0.2/24", machines[i][2]);
        must(sim, "gateway %s", machines[i][2]);
        look_at_uses(sim, machines[i][1], default_route);
        must(sim, "unbind %s", machines[i][1]);
        must(sim, "bind %s %s", machines[i][1], i == 0 ? "e1000e" : i == 1 ? "virtio-pci" : "e1000");
        look_at_uses(sim, machines[i][1], no_use); /* settings go with the driver */
        assert_int_equal(try(sim, "ping %s", machines[i][2]), -ENETDOWN);
        iow_sim_free(sim);
    }
}

static void player(const struct iow_facts *facts)
{
    assert_non_null(iow_facts_use_at(facts, 0));
    assert_int_equal(iow_facts_use_at(facts, 0)->kind, IOW_USE_OPEN);
    assert_string_equal(iow_facts_use_at(facts, 0)->name, "snd/pcmC0D0p");
}

static void a_player_of_sound_is_found(void **state)
{
    struct iow_sim *sim = boot("hand-over", "6.12");

    (void)state;
    must(sim, "hold /dev/snd/pcmC0D0p aplay");
    look_at_uses(sim, "00:06.0", player);
    iow_sim_free(sim);
}

static const struct iow_group_owner *owner_of(const struct iow_analysis *analysis, const char *address)
{
    return &analysis->owners[iow_facts_find_group(analysis->facts, fact_of(analysis->facts, address)->group)];
}

/* What one would conclude of the group of 01:00.0. */
static void assert_owner(struct iow_sim *sim, enum iow_owner owner, uint32_t n_holders, bool pending)
{
    struct iow_facts *facts = read_facts(sim, NULL);
    struct iow_analysis *analysis;
    struct iow_mem mem;

    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_analyse(facts, &mem, &analysis, NULL), 0);
    assert_int_equal(owner_of(analysis, "01:00.0")->owner, owner);
    assert_int_equal(owner_of(analysis, "01:00.0")->n_holders, n_holders);
    assert_int_equal(
        owner_of(analysis, "01:00.0")->pending != IOW_NONE || owner_of(analysis, "01:00.0")->pending_possible,
        pending);
    iow_mem_done(&mem);
    iow_facts_free(facts);
}

static void the_owner_is_concluded_while_a_device_goes_from_hand_to_hand(void **state)
{
    static const char *const releases[] = {"6.1", "6.12"};

    (void)state;
    for (unsigned i = 0; i < COUNT(releases); i++) {
        struct iow_sim *sim = boot("functions-below-port", releases[i]);
        unsigned pid;

        assert_owner(sim, IOW_OWNER_KERNEL, 0, false);
        must(sim, "modprobe vfio-pci");
        must(sim, "unbind 01:00.1");
        must(sim, "unbind 01:00.0");
        assert_owner(sim, IOW_OWNER_NONE, 0, false);
        must(sim, "override 01:00.0 vfio-pci");
        must(sim, "bind 01:00.0 vfio-pci");
        assert_owner(sim, IOW_OWNER_NONE, 0, false);
        must(sim, "override 01:00.1 vfio-pci");
        must(sim, "bind 01:00.1 vfio-pci");
        assert_owner(sim, IOW_OWNER_NONE, 0, false);
        pid = must_number(sim, "open 01:00.0 qemu");
        assert_owner(sim, IOW_OWNER_USER, 1, false);
        must(sim, "unbind 01:00.0");
        assert_owner(sim, IOW_OWNER_USER, 1, i == 0); /* 6.12 shows nothing of it */
        must(sim, "close %u", pid);
        must(sim, "override 01:00.0");
        must(sim, "override 01:00.1");
        must(sim, "unbind 01:00.1");
        must(sim, "bind 01:00.1 e1000e");
        assert_owner(sim, IOW_OWNER_KERNEL, 0, false);
        iow_sim_free(sim);
    }
}

static void a_pending_unbind_looks_as_in_each_release(void **state)
{
    static const struct {
        const char *release;
        bool vfio_device;
    } rows[] = {{"6.1", true}, {"6.12", false}};

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_sim *sim = boot("root-ports", rows[i].release);
        const struct iow_function *f;
        struct iow_facts *facts;

        must(sim, "modprobe vfio-pci");
        must(sim, "override 01:00.0 vfio-pci");
        must(sim, "bind 01:00.0 vfio-pci");
        must(sim, "open 01:00.0 qemu");
        must(sim, "unbind 01:00.0");
        facts = read_facts(sim, NULL);
        f = fact_of(facts, "01:00.0");
        assert_null(f->driver);
        assert_int_equal(f->vfio_device, rows[i].vfio_device);
        assert_true(iow_facts_group_at(facts, iow_facts_find_group(facts, f->group))->vfio_node);
        iow_facts_free(facts);
        iow_sim_free(sim);
    }
}

static void bus_mastering_follows_drivers_and_users(void **state)
{
    struct iow_sim *sim = boot("root-ports", "6.12");
    static const struct {
        const char *command;
        unsigned control;
    } rows[] = {
        {"modprobe vfio-pci", 0x0507},
        {"unbind 02:00.0", 0x0103},
        {"override 02:00.0 vfio-pci", 0x0103},
        {"bind 02:00.0 vfio-pci", 0x0103},
        {"open 02:00.0 qemu", 0x0507},
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        struct iow_facts *facts;

        must(sim, "%s", rows[i].command);
        facts = read_facts(sim, NULL);
        assert_int_equal(fact_of(facts, "02:00.0")->config.command, rows[i].control);
        iow_facts_free(facts);
    }
    iow_sim_free(sim);
}

static void the_facts_say_that_they_are_of_a_simulation(void **state)
{
    struct iow_sim *sim = boot("demo", "6.12");
    struct iow_facts *facts = read_facts(sim, NULL);

    (void)state;
    assert_int_equal(iow_facts_provenance(facts), IOW_FROM_SIMULATION);
    assert_int_equal(iow_sim_actor(sim)->provenance, IOW_FROM_SIMULATION);
    assert_int_equal(iow_facts_machine(facts)->release, 6 << 8 | 12);
    iow_facts_free(facts);
    iow_sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uses_of_a_disk_are_found),
        cmocka_unit_test(a_mount_does_not_outlive_its_disk),
        cmocka_unit_test(uses_of_interfaces_are_found),
        cmocka_unit_test(a_player_of_sound_is_found),
        cmocka_unit_test(the_owner_is_concluded_while_a_device_goes_from_hand_to_hand),
        cmocka_unit_test(a_pending_unbind_looks_as_in_each_release),
        cmocka_unit_test(bus_mastering_follows_drivers_and_users),
        cmocka_unit_test(the_facts_say_that_they_are_of_a_simulation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
