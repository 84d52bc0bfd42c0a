/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

static const char folder[] = "sys/devices/pci0000:01/0000:01:00.0";

static struct iow_source *machine_with(const struct device *like, const char *driver)
{
    struct iow_source *s = new_machine();
    struct device c = *like;

    c.address = "0000:01:00.0";
    c.above = "pci0000:01";
    c.driver = driver;
    put_device(s, &c);
    return s;
}

static void attributes_become_details(void **state)
{
    struct iow_source *s = machine_with(&card, "nvidia");
    const struct iow_function *f;
    struct iow_facts *facts;

    (void)state;
    put_text(s, folder, "driver_override", "vfio-pci\n");
    put_text(s, folder, "reset_method", "flr bus\n");
    put_text(s, folder, "numa_node", "1\n");
    put_text(s, folder, "enable", "2\n");
    put_text(s, folder, "sriov_totalvfs", "16\n");
    put_text(s, folder, "sriov_numvfs", "4\n");
    put_text(s, folder, "resource",
        "0x00000000f6000000 0x00000000f6ffffff 0x0000000000040200\n"
        "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
        "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n");
    facts = read_all(s, IOW_READ_DETAILS);
    f = &facts->functions[0];
    assert_int_equal(facts->n_missing, 0);
    assert_string_equal(f->driver_override, "vfio-pci");
    assert_string_equal(f->reset_methods, "flr bus");
    assert_int_equal(f->numa_node, 1);
    assert_true(f->enabled);
    assert_int_equal(f->max_vfs, 16);
    assert_int_equal(f->n_vfs, 4);
    assert_int_equal(f->n_bars, 2);
    assert_int_equal(f->bars[0].index, 0);
    assert_int_equal(f->bars[0].first, 0xf6000000);
    assert_int_equal(f->bars[1].index, 2);
    assert_int_equal(f->bars[1].last, 0xe07f);
    assert_int_equal(f->bars[1].flags, 0x40101);
    assert_int_equal(f->n_capabilities, 1);
    assert_int_equal(f->capabilities[0].id, 0x10);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void attributes_that_say_none_are_none(void **state)
{
    struct iow_source *s = machine_with(&card, "nvidia");
    const struct iow_function *f;
    struct iow_facts *facts;

    (void)state;
    put_text(s, folder, "driver_override", "(null)\n");
    put_text(s, folder, "reset_method", "");
    put_text(s, folder, "numa_node", "-1\n");
    put_text(s, folder, "enable", "0\n");
    put_text(s, folder, "resource", "");
    facts = read_all(s, IOW_READ_DETAILS);
    f = &facts->functions[0];
    assert_int_equal(facts->n_missing, 0);
    assert_null(f->driver_override);
    assert_string_equal(f->reset_methods, "");
    assert_int_equal(f->numa_node, -1);
    assert_false(f->enabled);
    assert_int_equal(f->max_vfs, 0);
    assert_int_equal(f->n_bars, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void malformed_details_are_recorded_one_by_one(void **state)
{
    struct iow_source *s = machine_with(&card, "nvidia");
    const struct iow_function *f;
    struct iow_facts *facts;

    (void)state;
    put_text(s, folder, "numa_node", "north\n");
    put_text(s, folder, "enable", "yes\n");
    put_text(s, folder, "sriov_totalvfs", "-5\n");
    put_text(s, folder, "resource", "0x1 0x2 0x3\n0x1\n0x4 0x5 0x6\n");
    facts = read_all(s, IOW_READ_DETAILS);
    f = &facts->functions[0];
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 4);
    assert_int_equal(f->numa_node, -1);
    assert_false(f->enabled);
    assert_int_equal(f->n_bars, 1);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void bridges_have_windows(void **state)
{
    struct iow_source *s = machine_with(&port, "pcieport");
    struct iow_facts *facts = read_all(s, IOW_READ_DETAILS);

    (void)state;
    /* all registers zero: the windows are 0 to 4 KiB and 0 to 1 MiB */
    assert_int_equal(facts->functions[0].config.windows.io_last, 0xfff);
    assert_int_equal(facts->functions[0].config.windows.memory_last, 0xfffff);
    iow_facts_free(facts);
    iow_source_close(s);
}

/* What waits for the device's lock may wait for a user that never lets go. */
static void assert_lock_avoided(struct iow_source *inner, bool avoided)
{
    struct iow_facts *facts;
    struct watched w;

    put_text(inner, folder, "driver_override", "vfio-pci\n");
    put_text(inner, folder, "sriov_totalvfs", "16\n");
    put_text(inner, folder, "sriov_numvfs", "4\n");
    watch(&w, inner);
    w.forbidden = "driver_override";
    facts = read_all(&w.source, IOW_READ_ALL);
    assert_int_equal(w.n_forbidden, avoided ? 0 : 1);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_WAITS), avoided ? 1 : 0);
    assert_int_equal(facts->functions[0].n_vfs, avoided ? 0 : 4);
    assert_int_equal(facts->functions[0].max_vfs, 16);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void attributes_that_take_the_devices_lock_are_left_alone_while_an_unbind_may_wait(void **state)
{
    struct iow_source *s;

    (void)state;
    assert_lock_avoided(machine_with(&card, NULL), false);
    s = machine_with(&card, "vfio-pci");
    put_link(s, "sys/class/vfio", "2", "../../devices/virtual/vfio/2");
    assert_lock_avoided(s, false);
    s = machine_with(&card, NULL);
    put_link(s, "sys/class/vfio", "2", "../../devices/virtual/vfio/2");
    assert_lock_avoided(s, true);
    s = machine_with(&card, NULL);
    assert_int_equal(iow_memory_add_folder(s, "sys/devices/pci0000:01/0000:01:00.0/vfio-dev/vfio0"), 0);
    assert_lock_avoided(s, true);
    s = machine_with(&card, NULL);
    assert_int_equal(iow_memory_add_folder(s, "sys/class/vfio-dev"), 0);
    assert_lock_avoided(s, true);
    assert_int_equal(iow_memory_add_folder(s = machine_with(&card, NULL), "sys/class/vfio"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/class/vfio-dev"), 0);
    assert_lock_avoided(s, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_become_details),
        cmocka_unit_test(attributes_that_say_none_are_none),
        cmocka_unit_test(malformed_details_are_recorded_one_by_one),
        cmocka_unit_test(bridges_have_windows),
        cmocka_unit_test(attributes_that_take_the_devices_lock_are_left_alone_while_an_unbind_may_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
