/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "uses.h"

#define SUBSYSTEM "sys/kernel/config/nvmet/subsystems/nqn.a"
#define BACKEND "sys/kernel/config/target/core/fileio_0/disk"

static struct iow_source *machine(void)
{
    struct iow_source *s = uses_machine();

    put_nvme(s, BEHIND);
    put_class(s, "nvme", "nvme0", BEHIND, "nvme/nvme0");
    put_answers(s, &(struct answers){0});
    return s;
}

static struct iow_facts *read_and_close(struct iow_source *s)
{
    struct iow_facts *facts = read_uses(s);

    iow_source_close(s);
    return facts;
}

static void a_disk_that_a_target_of_nvme_shows_to_hosts_is_in_use(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "dev/disk/by-id", "nvme-one-part2", "../../nvme0n1p2");
    put_text(s, SUBSYSTEM "/namespaces/1", "device_path", "/dev/nvme0n1\n");
    put_text(s, SUBSYSTEM "/namespaces/1", "enable", "1\n");
    put_text(s, SUBSYSTEM "/namespaces/2", "device_path", "/dev/disk/by-id/nvme-one-part2\n");
    put_text(s, SUBSYSTEM "/namespaces/2", "enable", "1\n");
    put_text(s, SUBSYSTEM "/namespaces/3", "device_path", "/dev/nvme0n1p1\n");
    put_text(s, SUBSYSTEM "/namespaces/3", "enable", "0\n");
    put_text(s, SUBSYSTEM "/namespaces/4", "device_path", "/srv/disk.img\n");
    put_text(s, SUBSYSTEM "/namespaces/4", "enable", "1\n");
    facts = read_and_close(s);
    assert_int_equal(facts->n_uses, 2);
    assert_use(facts, 0, 2, IOW_USE_HOLDER, "nvme0n1", "the NVMe target nqn.a");
    assert_use(facts, 1, 2, IOW_USE_HOLDER, "nvme0n1p2", "the NVMe target nqn.a");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
}

static void a_controller_whose_commands_are_passed_on_is_in_use(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, SUBSYSTEM "/passthru", "device_path", "/dev/nvme0\n");
    put_text(s, SUBSYSTEM "/passthru", "enable", "1\n");
    facts = read_and_close(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 2, IOW_USE_HOLDER, "nvme0", "the NVMe target nqn.a");
    iow_facts_free(facts);
}

static void a_disk_that_a_target_of_scsi_shows_to_hosts_is_in_use(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, "sys/kernel/config/target/core/fileio_0", "hba_info", "HBA Index: 0\n");
    put_text(s, BACKEND, "udev_path", "/dev/nvme0n1\n");
    put_text(s, BACKEND, "enable", "1\n");
    facts = read_and_close(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(facts, 0, 2, IOW_USE_HOLDER, "nvme0n1", "the SCSI target disk");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
}

static void a_target_of_a_device_by_another_name_is_unknown(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, SUBSYSTEM "/namespaces/1", "device_path", "/dev/mine\n");
    put_text(s, SUBSYSTEM "/namespaces/1", "enable", "1\n");
    facts = read_and_close(s);
    assert_int_equal(facts->n_uses, 0);
    assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
    iow_facts_free(facts);
}

static void targets_whose_configuration_is_not_shown_are_unknown(void **state)
{
    static const char *const modules[] = {"nvmet", "target_core_mod"};

    (void)state;
    for (size_t i = 0; i < COUNT(modules); i++) {
        struct iow_source *s = machine();
        struct iow_facts *facts;

        put_text(s, "sys/module", modules[i], "");
        facts = read_and_close(s);
        assert_int_equal(count_missing(facts, IOW_RULE_USE_UNKNOWN), 1);
        iow_facts_free(facts);
    }
}

static void a_function_with_a_mediated_device_is_in_use(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/bus/mdev/devices", "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
        "../../../devices/" BESIDE "/83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    facts = read_and_close(s);
    assert_int_equal(facts->n_uses, 1);
    assert_use(
        facts, 0, 1, IOW_USE_HOLDER, "a part", "the mediated device 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_disk_that_a_target_of_nvme_shows_to_hosts_is_in_use),
        cmocka_unit_test(a_controller_whose_commands_are_passed_on_is_in_use),
        cmocka_unit_test(a_disk_that_a_target_of_scsi_shows_to_hosts_is_in_use),
        cmocka_unit_test(a_target_of_a_device_by_another_name_is_unknown),
        cmocka_unit_test(targets_whose_configuration_is_not_shown_are_unknown),
        cmocka_unit_test(a_function_with_a_mediated_device_is_in_use),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
