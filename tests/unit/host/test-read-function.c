/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#include <ioward/topology.h>

static struct iow_source *machine_with_power(const char *port_power, const char *card_power)
{
    struct iow_source *s = new_machine();
    struct device p = port, c = card;

    p.power = port_power;
    c.power = card_power;
    put_device(s, &p);
    put_device(s, &c);
    return s;
}

static void assert_left_alone(const char *port_power, const char *card_power)
{
    static const unsigned wants[] = {0, IOW_READ_DETAILS, IOW_READ_ALL};

    for (size_t i = 0; i < COUNT(wants); i++) {
        const struct iow_function *f;
        struct iow_facts *facts;
        struct watched w;

        watch(&w, machine_with_power(port_power, card_power));
        w.forbidden = "0000:01:00.0/config";
        facts = read_all(&w.source, wants[i]);
        f = function_at(facts, "01:00.0");
        assert_int_equal(w.n_forbidden, 0);
        assert_true(f->asleep);
        assert_int_equal(f->config.known, IOW_CONFIG_IDS);
        assert_int_equal(f->config.vendor, 0x10de);
        assert_int_equal(f->config.device, 0x2204);
        assert_int_equal(f->config.class_code, 0x030000);
        assert_int_equal(f->config.subvendor, 0x1af4);
        assert_int_equal(f->config.subdevice, 0x1100);
        assert_int_equal(f->config.revision, 3);
        assert_int_equal(f->config.pcie_type, IOW_PCIE_NONE);
        assert_string_equal(f->driver, "vfio-pci");
        assert_int_equal(count_missing(facts, IOW_RULE_READ_ASLEEP),
            1 + (port_power && strcmp(port_power, "D3cold\n") == 0));
        iow_facts_free(facts);
        iow_source_close(&w.source);
    }
}

static void config_space_of_a_function_in_d3cold_is_left_alone(void **state)
{
    (void)state;
    assert_left_alone("D0\n", "D3cold\n");
}

static void config_space_below_a_bridge_that_sleeps_is_left_alone(void **state)
{
    (void)state;
    assert_left_alone("D1\n", "D0\n");
    assert_left_alone("D2\n", "D3hot\n");
    assert_left_alone("D3hot\n", "D0\n");
    assert_left_alone("D3cold\n", "D3cold\n");
}

static void config_space_of_a_function_in_d3hot_below_an_awake_bridge_is_read(void **state)
{
    struct iow_source *s = machine_with_power("D0\n", "D3hot\n");
    struct iow_facts *facts = read_all(s, 0);
    const struct iow_function *f = function_at(facts, "01:00.0");

    (void)state;
    assert_false(f->asleep);
    assert_int_equal(f->power_state, IOW_POWER_D3HOT);
    assert_true(f->config.known & IOW_CONFIG_EXT_CAPS);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_power_state_nobody_knows_is_not_sleep(void **state)
{
    struct iow_source *s = machine_with_power("unknown\n", "");
    struct iow_facts *facts = read_all(s, 0);

    (void)state;
    assert_int_equal(facts->functions[1].power_state, IOW_POWER_UNKNOWN);
    assert_false(facts->functions[1].asleep);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_kernel_without_power_states_tells_suspension_otherwise(void **state)
{
    struct iow_source *s = machine_with_power("", "");
    struct iow_facts *facts;
    char folder[256];

    (void)state;
    put_text(s, device_folder(&port, folder), "power/runtime_status", "suspended\n");
    put_text(s, device_folder(&card, folder), "power/runtime_status", "active\n");
    facts = read_all(s, 0);
    assert_true(facts->functions[0].asleep);
    assert_true(facts->functions[1].asleep);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void the_function_a_host_bridge_hangs_on_must_be_awake(void **state)
{
    struct device vmd = card, disk = card;
    struct iow_source *s = new_machine();
    struct iow_facts *facts;
    struct watched w;

    (void)state;
    vmd.address = "0000:00:0e.0";
    vmd.above = "pci0000:00";
    vmd.power = "D3hot\n";
    disk.address = "10000:e0:06.0";
    disk.above = "pci0000:00/0000:00:0e.0/pci10000:e0";
    put_device(s, &vmd);
    put_device(s, &disk);
    watch(&w, s);
    w.forbidden = "10000:e0:06.0/config";
    facts = read_all(&w.source, IOW_READ_ALL);
    assert_int_equal(w.n_forbidden, 0);
    assert_true(function_at(facts, "10000:e0:06.0")->asleep);
    assert_int_equal(function_at(facts, "10000:e0:06.0")->real_dma, 0);
    assert_int_equal(function_at(facts, "10000:e0:06.0")->parent, IOW_NONE);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void sixty_four_bytes_of_config_space_are_one_missing_record(void **state)
{
    struct iow_source *s = new_machine();
    struct device c = card;
    struct iow_facts *facts;

    (void)state;
    c.above = "pci0000:01";
    c.config_bytes = 64;
    c.group = 0;
    put_device(s, &c);
    facts = read_all(s, IOW_READ_ALL);
    assert_int_equal(facts->functions[0].config.known, IOW_CONFIG_IDS | IOW_CONFIG_HEADER);
    assert_int_equal(facts->n_missing, 1);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_CONFIG_SHORT);
    assert_string_equal(facts->missing[0].path, "sys/bus/pci/devices/0000:01:00.0/config");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void without_a_whole_header_the_attributes_name_the_ids(void **state)
{
    static const size_t sizes[] = {1, 2, 63}; /* 1: no file */

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct iow_source *s = new_machine();
        struct device c = card;
        struct iow_facts *facts;

        c.above = "pci0000:01";
        c.config_bytes = sizes[i];
        c.group = 0;
        put_device(s, &c);
        facts = read_all(s, IOW_READ_ALL);
        assert_int_equal(facts->functions[0].config.known, IOW_CONFIG_IDS);
        assert_int_equal(facts->functions[0].config.vendor, 0x10de);
        assert_false(facts->functions[0].dying);
        assert_int_equal(facts->n_missing, 1);
        assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_CONFIG_SHORT);
        iow_facts_free(facts);
        iow_source_close(s);
    }
}

static void a_virtual_function_gets_its_ids_from_the_attributes(void **state)
{
    struct iow_source *s = new_machine();
    struct device pf = card, vf = card;
    const struct iow_function *f;
    struct iow_facts *facts;

    (void)state;
    pf.above = vf.above = "pci0000:01";
    vf.address = "0000:01:00.4";
    vf.device = 0x154c;
    vf.physfn = "0000:01:00.0";
    put_device(s, &pf);
    put_device(s, &vf);
    facts = read_all(s, 0);
    f = function_at(facts, "01:00.4");
    assert_int_equal(f->config.vendor, 0x10de);
    assert_int_equal(f->config.device, 0x154c);
    assert_int_equal(f->physical_function, 0);
    assert_int_equal(f->config.pcie_type, IOW_PCIE_ENDPOINT);
    assert_int_equal(
        f->config.known, IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void what_is_virtual_has_no_virtual_functions_of_its_own(void **state)
{
    /* a chain, two that name each other, one that names itself */
    static const char *const physfn[] = {
        "0000:01:00.1", "0000:01:00.2", NULL, "0000:01:00.4", "0000:01:00.3", "0000:01:00.5"};
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    for (uint32_t i = 0; i < COUNT(physfn); i++) {
        char address[] = "0000:01:00.0";
        struct device d = card;

        address[sizeof(address) - 2] = (char)('0' + i);
        d.address = address;
        d.above = "pci0000:01";
        d.physfn = physfn[i];
        put_device(s, &d);
    }
    facts = read_all(s, 0);
    for (uint32_t i = 0; i < COUNT(physfn); i++)
        assert_int_equal(facts->functions[i].physical_function, i == 1 ? 2 : IOW_NONE);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 4);
    assert_string_equal(facts->missing[0].path, "sys/bus/pci/devices/0000:01:00.0/physfn");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void malformed_attributes_are_recorded_and_leave_no_value(void **state)
{
    struct iow_source *s = new_machine();
    const char *folder = "sys/devices/pci0000:01/0000:01:00.0";
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/bus/pci/devices", "0000:01:00.0", "../../../devices/pci0000:01/0000:01:00.0");
    put_text(s, folder, "power_state", "D3cold\n");
    put_text(s, folder, "vendor", "0x8086\n");
    put_text(s, folder, "device", "eighty\n");
    put_text(s, folder, "class", "0x1000000\n");
    put_text(s, folder, "revision", "\n");
    put_link(s, folder, "iommu_group", "../../../kernel/iommu_groups/4294967295");
    put_link(s, folder, "physfn", "../elsewhere");
    facts = read_all(s, 0);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 5);
    assert_int_equal(facts->functions[0].config.known, 0);
    assert_int_equal(facts->functions[0].config.device, 0);
    assert_int_equal(facts->functions[0].group, IOW_NONE);
    assert_int_equal(facts->functions[0].known, IOW_FUNCTION_PATH);
    assert_int_equal(facts->functions[0].physical_function, IOW_NONE);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void an_unbound_function_may_still_have_a_vfio_device(void **state)
{
    struct iow_source *s = new_machine();
    struct device c = card, d = card;
    struct iow_facts *facts;

    (void)state;
    c.above = d.above = "pci0000:01";
    c.driver = NULL;
    d.address = "0000:01:01.0";
    put_device(s, &c);
    put_device(s, &d);
    assert_int_equal(iow_memory_add_folder(s, "sys/devices/pci0000:01/0000:01:00.0/vfio-dev/vfio0"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/devices/pci0000:01/0000:01:01.0/vfio-dev/vfio1"), 0);
    facts = read_all(s, 0);
    assert_true(facts->functions[0].vfio_device);
    assert_false(facts->functions[1].vfio_device);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void read_while_vanishing(uint32_t failure_number, unsigned what, bool *ret_fired)
{
    struct device c = card;
    struct iow_facts *facts;
    struct watched w;

    c.driver = NULL; /* what has no driver link looks like what has none any more */
    watch(&w, new_machine());
    put_device(w.inner, &port);
    put_device(w.inner, &c);
    put_text(w.inner, "sys/kernel/iommu_groups/1", "reserved_regions", "");
    put_text(w.inner, "sys/kernel/iommu_groups/2", "reserved_regions", "");
    w.victim = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0";
    w.fail_at = failure_number;
    w.failure = IOW_ENODEV;
    w.lasting = true;
    facts = read_all(&w.source, what);
    *ret_fired = w.n_calls >= failure_number;
    assert_int_equal(w.n_open, 0);
    assert_int_equal(facts->n_functions, 2);
    if (*ret_fired) {
        assert_true(facts->functions[1].dying);
        assert_int_equal(count_missing(facts, IOW_RULE_READ_VANISHED), 1);
        assert_int_equal(facts->functions[1].known & IOW_FUNCTION_DRIVER, 0);
    } else {
        assert_true(facts->functions[1].known & IOW_FUNCTION_DRIVER);
    }
    assert_false(facts->functions[0].dying);
    assert_true(facts->functions[0].known & IOW_FUNCTION_DRIVER);
    iow_facts_free(facts);
    iow_source_close(&w.source);
}

static void a_function_that_vanishes_at_any_moment_is_dying_and_no_error(void **state)
{
    bool fired = true;
    uint32_t n = 0;

    (void)state;
    while (fired)
        read_while_vanishing(++n, 0, &fired);
    assert_true(n > 10);
    for (fired = true, n = 0; fired;)
        read_while_vanishing(++n, IOW_READ_ALL, &fired);
    assert_true(n > 15);
}

static void a_function_gone_before_its_link_was_read_is_dying(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/bus/pci/devices", "0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
    facts = read_all(s, IOW_READ_ALL);
    assert_true(facts->functions[0].dying);
    assert_int_equal(facts->functions[0].known, IOW_FUNCTION_PATH);
    assert_int_equal(facts->functions[0].config.known, 0);
    assert_int_equal(facts->n_missing, 1);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_VANISHED);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_function_that_answers_only_ones_is_not_there(void **state)
{
    struct iow_source *s = new_machine();
    struct device c = card;
    uint8_t ones[64];
    struct iow_facts *facts;

    (void)state;
    memset(ones, 0xff, sizeof(ones));
    c.above = "pci0000:01";
    c.config_bytes = 1;
    put_device(s, &c);
    assert_int_equal(
        iow_memory_add_file(s, "sys/devices/pci0000:01/0000:01:00.0/config", ones, sizeof(ones)), 0);
    facts = read_all(s, 0);
    assert_true(facts->functions[0].dying);
    assert_int_equal(facts->functions[0].config.vendor, 0x10de);
    assert_int_equal(facts->functions[0].config.known, IOW_CONFIG_IDS);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_space_of_a_function_in_d3cold_is_left_alone),
        cmocka_unit_test(config_space_below_a_bridge_that_sleeps_is_left_alone),
        cmocka_unit_test(config_space_of_a_function_in_d3hot_below_an_awake_bridge_is_read),
        cmocka_unit_test(a_power_state_nobody_knows_is_not_sleep),
        cmocka_unit_test(a_kernel_without_power_states_tells_suspension_otherwise),
        cmocka_unit_test(the_function_a_host_bridge_hangs_on_must_be_awake),
        cmocka_unit_test(sixty_four_bytes_of_config_space_are_one_missing_record),
        cmocka_unit_test(without_a_whole_header_the_attributes_name_the_ids),
        cmocka_unit_test(a_virtual_function_gets_its_ids_from_the_attributes),
        cmocka_unit_test(what_is_virtual_has_no_virtual_functions_of_its_own),
        cmocka_unit_test(malformed_attributes_are_recorded_and_leave_no_value),
        cmocka_unit_test(an_unbound_function_may_still_have_a_vfio_device),
        cmocka_unit_test(a_function_that_vanishes_at_any_moment_is_dying_and_no_error),
        cmocka_unit_test(a_function_gone_before_its_link_was_read_is_dying),
        cmocka_unit_test(a_function_that_answers_only_ones_is_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
