/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#include <ioward/topology.h>

static void bridges_are_read_before_what_is_below_them_in_any_order(void **state)
{
    struct device low = card, deep = port, p = port;
    struct iow_source *s = new_machine();
    struct iow_facts *facts;
    struct watched w;

    (void)state;
    /* addresses fall on the way down, so the order of names is the wrong one */
    p.address = "0000:05:01.0";
    p.above = "pci0000:05";
    p.power = "D3hot\n";
    deep.address = "0000:03:01.0";
    deep.above = "pci0000:05/0000:05:01.0";
    low.address = "0000:01:00.0";
    low.above = "pci0000:05/0000:05:01.0/0000:03:01.0";
    low.power = "D3cold\n";
    put_device(s, &low);
    put_device(s, &deep);
    put_device(s, &p);
    watch(&w, s);
    w.forbidden = "0000:03:01.0/config";
    facts = read_all(&w.source, 0);
    assert_int_equal(w.n_forbidden, 0);
    assert_int_equal(facts->functions[0].parent, 1);
    assert_int_equal(facts->functions[1].parent, 2);
    assert_int_equal(facts->functions[2].parent, IOW_NONE);
    assert_true(facts->functions[1].asleep);
    assert_false(facts->functions[2].asleep);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void below_a_host_bridge_that_hangs_on_a_function_dma_is_that_functions(void **state)
{
    struct device vmd = card, root = port, disk = card;
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    vmd.address = "0000:00:0e.0";
    vmd.above = "pci0000:00";
    root.address = "10000:e0:06.0";
    root.above = "pci0000:00/0000:00:0e.0/pci10000:e0";
    disk.address = "10000:e1:00.0";
    disk.above = "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0";
    put_device(s, &disk);
    put_device(s, &root);
    put_device(s, &vmd);
    facts = read_all(s, 0);
    assert_int_equal(facts->functions[0].real_dma, IOW_NONE);
    assert_int_equal(facts->functions[1].parent, IOW_NONE);
    assert_int_equal(facts->functions[1].real_dma, 0);
    assert_int_equal(facts->functions[2].parent, 1);
    assert_int_equal(facts->functions[2].real_dma, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_copy_without_links_tells_no_parent(void **state)
{
    const char *folder = "sys/bus/pci/devices/0000:01:00.0";
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, folder, "vendor", "0x8086\n");
    put_text(s, folder, "device", "0x1533\n");
    put_text(s, folder, "class", "0x020000\n");
    put_text(s, folder, "driver/bind", "");
    facts = read_all(s, IOW_READ_ALL);
    assert_int_equal(facts->n_functions, 1);
    assert_int_equal(facts->functions[0].parent, IOW_PARENT_BY_BUS);
    assert_int_equal(facts->functions[0].known, IOW_FUNCTION_DETAILS); /* neither path nor driver is told */
    assert_int_equal(facts->functions[0].config.device, 0x1533);
    assert_false(facts->functions[0].dying);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void entries_that_are_no_addresses_are_recorded_and_passed_over(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &port);
    put_link(s, "sys/bus/pci/devices", "00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
    put_link(s, "sys/bus/pci/devices", "usb1", "../../../devices/usb1");
    facts = read_all(s, 0);
    assert_int_equal(facts->n_functions, 1);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 2);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_link_to_another_function_tells_no_place(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &port);
    put_link(s, "sys/bus/pci/devices", "0000:00:02.0", "../../../devices/pci0000:00/0000:00:01.0");
    facts = read_all(s, 0);
    assert_int_equal(facts->functions[1].parent, IOW_PARENT_BY_BUS);
    assert_int_equal(facts->functions[1].known & IOW_FUNCTION_PATH, 0);
    /* its place, and the group of the other does not list it */
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 2);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_parent_that_is_not_listed_is_found_by_bus(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &card);
    facts = read_all(s, 0);
    assert_int_equal(facts->functions[0].parent, IOW_PARENT_BY_BUS);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 1);
    assert_true(facts->functions[0].config.known & IOW_CONFIG_HEADER);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bridges_are_read_before_what_is_below_them_in_any_order),
        cmocka_unit_test(below_a_host_bridge_that_hangs_on_a_function_dma_is_that_functions),
        cmocka_unit_test(a_copy_without_links_tells_no_parent),
        cmocka_unit_test(entries_that_are_no_addresses_are_recorded_and_passed_over),
        cmocka_unit_test(a_link_to_another_function_tells_no_place),
        cmocka_unit_test(a_parent_that_is_not_listed_is_found_by_bus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
