/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

static const char below[] = "../../devices/pci0000:00/0000:00:01.0/0000:01:00.0";

static void put_name(struct iow_source *s, const char *class, const char *name, const char *rest)
{
    char folder[64], text[256];

    snprintf(folder, sizeof(folder), "sys/class/%s", class);
    snprintf(text, sizeof(text), "%s/%s", below, rest);
    put_link(s, folder, name, text);
}

static void assert_name(
    const struct iow_facts *facts, uint32_t i, const char *name, const char *kind, uint32_t function)
{
    const struct iow_name *n = iow_facts_name_at(facts, i);

    assert_non_null(n);
    assert_string_equal(n->name, name);
    assert_string_equal(n->kind, kind);
    assert_int_equal(n->function, function);
}

static struct iow_source *machine(void)
{
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &card);
    return s;
}

static void classes_give_names_to_functions(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_name(s, "net", "eth1", "net/eth1");
    put_name(s, "net", "wlan0", "virtio2/net/wlan0");
    put_name(s, "block", "sda", "ata1/host0/target0:0:0/0:0:0:0/block/sda");
    put_name(s, "block", "sda1", "ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1");
    put_name(s, "drm", "card0", "drm/card0");
    put_name(s, "drm", "card0-DP-1", "drm/card0/card0-DP-1");
    put_text(s, "sys/class/drm", "version", "drm 1.1.0 20060810\n");
    put_name(s, "sound", "card1", "sound/card1");
    put_name(s, "sound", "pcmC1D0p", "sound/card1/pcmC1D0p");
    put_link(s, "sys/class/net", "lo", "../../devices/virtual/net/lo");
    put_link(s, "sys/class/net", "stray", "../../devices/pci0000:00/0000:00:07.0/net/stray");
    facts = read_all(s, IOW_READ_NAMES);
    assert_int_equal(facts->n_names, 6);
    assert_name(facts, 0, "card0", "drm", 1);
    assert_name(facts, 1, "card1", "sound", 1);
    assert_name(facts, 2, "eth1", "net", 1);
    assert_name(facts, 3, "sda", "block", 1);
    assert_name(facts, 4, "sda1", "block", 1);
    assert_name(facts, 5, "wlan0", "net", 1);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_multipath_disk_belongs_to_every_controller(void **state)
{
    const char *subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0";
    struct iow_source *s = machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/class/block", "nvme0n1", "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
    put_link(s, "sys/class/block", "nvme0n1p1",
        "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1");
    put_link(s, subsystem, "nvme0", "../../../pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0");
    put_link(s, subsystem, "nvme1", "../../../pci0000:00/0000:00:01.0/nvme/nvme1");
    put_link(s, subsystem, "subsystem", "../../../../class/nvme-subsystem");
    put_text(s, subsystem, "model", "x\n");
    put_text(s, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "size", "8\n");
    facts = read_all(s, IOW_READ_NAMES);
    assert_int_equal(facts->n_names, 4);
    assert_name(facts, 0, "nvme0n1", "block", 0);
    assert_name(facts, 1, "nvme0n1", "block", 1);
    assert_name(facts, 2, "nvme0n1p1", "block", 0);
    assert_name(facts, 3, "nvme0n1p1", "block", 1);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_machine_without_classes_has_no_names(void **state)
{
    struct iow_source *s = machine();
    struct iow_facts *facts = read_all(s, IOW_READ_NAMES);

    (void)state;
    assert_int_equal(facts->n_names, 0);
    assert_true(facts->names_read);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_give_names_to_functions),
        cmocka_unit_test(a_multipath_disk_belongs_to_every_controller),
        cmocka_unit_test(a_machine_without_classes_has_no_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
