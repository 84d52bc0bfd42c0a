/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

static void members_on_other_buses_have_names_buses_and_drivers(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/kernel/iommu_groups/3/devices", "arm-smmu-test.0",
        "../../../../devices/platform/arm-smmu-test.0");
    put_link(s, "sys/devices/platform/arm-smmu-test.0", "subsystem", "../../../bus/platform");
    put_link(s, "sys/devices/platform/arm-smmu-test.0", "driver", "../../../bus/platform/drivers/smmu-test");
    put_link(s, "sys/kernel/iommu_groups/3/devices", "fsl.1", "../../../../devices/platform/fsl.1");
    put_link(s, "sys/devices/platform/fsl.1", "subsystem", "../../../bus/fsl-mc");
    put_text(s, "sys/kernel/iommu_groups/3", "type", "identity\n");
    facts = read_all(s, 0);
    assert_int_equal(facts->n_groups, 1);
    assert_int_equal(facts->groups[0].number, 3);
    assert_int_equal(facts->groups[0].n_members, 2);
    assert_string_equal(facts->groups[0].type, "identity");
    assert_int_equal(facts->n_other_members, 2);
    assert_int_equal(facts->other_members[0].group, 3);
    assert_string_equal(facts->other_members[0].name, "arm-smmu-test.0");
    assert_string_equal(facts->other_members[0].bus, "platform");
    assert_string_equal(facts->other_members[0].driver, "smmu-test");
    assert_string_equal(facts->other_members[1].bus, "fsl-mc");
    assert_null(facts->other_members[1].driver);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_member_that_vanishes_is_recorded(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_link(s, "sys/kernel/iommu_groups/3/devices", "gone.0", "../../../../devices/platform/gone.0");
    facts = read_all(s, 0);
    assert_int_equal(facts->groups[0].n_members, 1);
    assert_int_equal(facts->n_other_members, 1);
    assert_string_equal(facts->other_members[0].bus, "");
    assert_int_equal(count_missing(facts, IOW_RULE_READ_VANISHED), 1);
    assert_int_equal(facts->missing[0].subject.kind, IOW_SUBJECT_GROUP);
    assert_int_equal(facts->missing[0].subject.number, 3);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_group_that_vanishes_before_it_is_looked_at_was_never_there(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups/3"), 0);
    put_text(s, "sys/kernel/iommu_groups", "4", "not a folder");
    facts = read_all(s, 0);
    assert_int_equal(facts->n_groups, 1);
    assert_int_equal(facts->groups[0].number, 3);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void groups_come_in_order_of_their_numbers(void **state)
{
    static const char *const names[] = {"10", "9", "100", "0", "01", "x", "-1", "4294967295", "99999999999"};
    struct iow_source *s = new_machine();
    struct iow_facts *facts;
    char path[64];

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/devices", names[i]);
        assert_int_equal(iow_memory_add_folder(s, path), 0);
    }
    facts = read_all(s, 0);
    assert_int_equal(facts->n_groups, 4);
    assert_int_equal(facts->groups[0].number, 0);
    assert_int_equal(facts->groups[1].number, 9);
    assert_int_equal(facts->groups[2].number, 10);
    assert_int_equal(facts->groups[3].number, 100);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 5);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void nodes_of_vfio_are_seen_by_their_class(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups/0/devices"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups/7/devices"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups/8/devices"), 0);
    put_text(s, "sys/kernel/iommu_groups/8", "name", "vfio-noiommu\n");
    put_link(s, "sys/class/vfio", "7", "../../devices/virtual/vfio/7");
    put_link(s, "sys/class/vfio", "noiommu-8", "../../devices/virtual/vfio/noiommu-8");
    put_link(s, "sys/class/vfio", "99", "../../devices/virtual/vfio/99");
    put_link(s, "sys/class/vfio", "junk", "../../devices/virtual/vfio/junk");
    facts = read_all(s, 0);
    assert_false(facts->groups[0].vfio_node);
    assert_true(facts->groups[1].vfio_node);
    assert_true(facts->groups[2].vfio_node);
    assert_string_equal(facts->groups[2].name, "vfio-noiommu");
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_function_whose_group_is_not_listed_still_has_one(void **state)
{
    struct iow_source *s = new_machine();
    struct device p = port;
    struct iow_facts *facts;

    (void)state;
    p.group = 0;
    put_device(s, &p);
    put_link(s, "sys/devices/pci0000:00/0000:00:01.0", "iommu_group", "../../../kernel/iommu_groups/12");
    facts = read_all(s, IOW_READ_ALL);
    assert_int_equal(facts->functions[0].group, 12);
    assert_int_equal(facts->n_groups, 1);
    assert_int_equal(facts->groups[0].number, 12);
    assert_int_equal(facts->groups[0].n_members, 1);
    assert_null(facts->groups[0].type);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void assert_bad_listing(const struct iow_missing *missing, uint32_t group, const char *path)
{
    assert_int_equal(missing->rule, IOW_RULE_READ_BAD_VALUE);
    assert_int_equal(missing->subject.kind, IOW_SUBJECT_GROUP);
    assert_int_equal(missing->subject.number, group);
    assert_string_equal(missing->path, path);
}

static void a_listing_of_what_is_elsewhere_or_nowhere_is_told_once(void **state)
{
    const char *folder = "sys/kernel/iommu_groups/2/devices";
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &port);
    put_device(s, &card);
    put_link(s, folder, port.address, "../../../../devices/pci0000:00/0000:00:01.0");
    put_link(s, folder, "0000:09:00.0", "../../../../devices/pci0000:00/0000:09:00.0");
    put_link(s, folder, "0000:09:00.1", "../../../../devices/pci0000:00/0000:09:00.1");
    facts = read_all(s, 0);
    assert_int_equal(facts->n_missing, 1);
    assert_bad_listing(&facts->missing[0], 2, folder);
    assert_int_equal(facts->functions[0].group, 1);
    assert_true(facts->functions[0].known & IOW_FUNCTION_DRIVER);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_listed_function_without_a_link_has_an_unknown_group(void **state)
{
    const char *folder = "sys/kernel/iommu_groups/1/devices";
    struct iow_source *s = new_machine();
    struct device p = port;
    struct iow_facts *facts;

    (void)state;
    p.group = 0;
    put_device(s, &p);
    put_link(s, folder, port.address, "../../../../devices/pci0000:00/0000:00:01.0");
    facts = read_all(s, 0);
    assert_int_equal(facts->functions[0].group, IOW_NONE);
    assert_false(facts->functions[0].known & IOW_FUNCTION_DRIVER);
    assert_int_equal(facts->n_missing, 2);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_BAD_VALUE);
    assert_int_equal(facts->missing[0].subject.kind, IOW_SUBJECT_FUNCTION);
    assert_string_equal(facts->missing[0].path, "sys/bus/pci/devices/0000:00:01.0/iommu_group");
    assert_bad_listing(&facts->missing[1], 1, folder);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_listing_without_a_function_of_the_group_is_told(void **state)
{
    const char *folder = "sys/kernel/iommu_groups/2/devices";
    struct iow_source *s = new_machine();
    struct device c = card;
    struct iow_facts *facts;

    (void)state;
    c.group = 0;
    put_device(s, &port);
    put_device(s, &c);
    put_link(s, "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", "iommu_group",
        "../../../../kernel/iommu_groups/2");
    assert_int_equal(iow_memory_add_folder(s, folder), 0);
    facts = read_all(s, 0);
    assert_int_equal(facts->functions[1].group, 2);
    assert_int_equal(facts->n_missing, 1);
    assert_bad_listing(&facts->missing[0], 2, folder);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void what_could_not_be_read_is_not_compared(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &port);
    put_link(s, "sys/kernel/iommu_groups/2/devices", card.address, "../../../../devices/gone");
    put_link(s, "sys/bus/pci/devices", card.address, "../../../devices/pci0000:00/gone/0000:01:00.0");
    put_link(s, "sys/kernel/iommu_groups/3/devices", "0000:00:03.0", "../../../../devices/gone");
    put_text(s, "sys/devices/pci0000:00/0000:00:03.0", "power_state", "D0\n");
    put_text(s, "sys/devices/pci0000:00/0000:00:03.0", "vendor", "0x8086\n");
    put_text(s, "sys/devices/pci0000:00/0000:00:03.0", "device", "0x8086\n");
    put_text(s, "sys/devices/pci0000:00/0000:00:03.0", "class", "0x020000\n");
    put_text(s, "sys/devices/pci0000:00/0000:00:03.0", "iommu_group", "not a link");
    put_link(s, "sys/bus/pci/devices", "0000:00:03.0", "../../../devices/pci0000:00/0000:00:03.0");
    facts = read_all(s, 0);
    assert_true(function_at(facts, "01:00.0")->dying);
    assert_false(function_at(facts, "00:03.0")->known & IOW_FUNCTION_DRIVER);
    for (uint32_t i = 0; i < facts->n_missing; i++)
        assert_int_equal(facts->missing[i].subject.kind, IOW_SUBJECT_FUNCTION);
    iow_facts_free(facts);
    iow_source_close(s);
    s = new_machine(); /* no bus at all */
    put_link(s, "sys/kernel/iommu_groups/1/devices", port.address, "../../../../devices/gone");
    facts = read_all(s, 0);
    assert_int_equal(facts->n_missing, 1);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_NO_PCI);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void damaged_regions_are_kept_up_to_the_damage(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_device(s, &card);
    put_text(s, "sys/kernel/iommu_groups/2", "reserved_regions",
        "0x0000000000000000 0x0000000000000fff direct\nnonsense\n0x0 0x1 msi\n");
    facts = read_all(s, IOW_READ_REGIONS);
    assert_int_equal(facts->groups[0].n_regions, 1);
    assert_string_equal(facts->groups[0].regions[0].type, "direct");
    assert_int_equal(facts->groups[0].regions[0].last, 0xfff);
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_on_other_buses_have_names_buses_and_drivers),
        cmocka_unit_test(a_member_that_vanishes_is_recorded),
        cmocka_unit_test(a_group_that_vanishes_before_it_is_looked_at_was_never_there),
        cmocka_unit_test(groups_come_in_order_of_their_numbers),
        cmocka_unit_test(nodes_of_vfio_are_seen_by_their_class),
        cmocka_unit_test(a_function_whose_group_is_not_listed_still_has_one),
        cmocka_unit_test(a_listing_of_what_is_elsewhere_or_nowhere_is_told_once),
        cmocka_unit_test(a_listed_function_without_a_link_has_an_unknown_group),
        cmocka_unit_test(a_listing_without_a_function_of_the_group_is_told),
        cmocka_unit_test(what_could_not_be_read_is_not_compared),
        cmocka_unit_test(damaged_regions_are_kept_up_to_the_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
