/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reading.h"

#include <ioward/topology.h>

static const struct device sound = {.address = "0000:01:00.1",
    .above = "pci0000:00/0000:00:01.0",
    .vendor = 0x10de,
    .device = 0x1aef,
    .class_code = 0x040300,
    .group = 2};

static struct iow_source *small_machine(void)
{
    struct iow_source *s = new_machine();

    put_device(s, &port);
    put_device(s, &card);
    put_device(s, &sound);
    put_text(s, "sys/kernel/iommu_groups/1", "type", "DMA\n");
    put_text(s, "sys/kernel/iommu_groups/2", "type", "DMA-FQ\n");
    put_text(s, "sys/kernel/iommu_groups/2", "reserved_regions",
        "0x0000000000000000 0x0000000000ffffff direct-relaxable\n0x00000000fee00000 0x00000000feefffff "
        "msi\n");
    put_text(s, "sys/kernel/iommu_groups/1", "reserved_regions", "");
    return s;
}

static void a_small_machine_is_read_whole(void **state)
{
    struct iow_source *s = small_machine();
    struct iow_facts *facts = read_all(s, IOW_READ_ALL);
    const struct iow_function *f = function_at(facts, "01:00.0");

    (void)state;
    iow_source_close(s); /* facts do not refer to it */
    assert_int_equal(iow_facts_provenance(facts), IOW_FROM_CAPTURE);
    assert_int_equal(facts->n_functions, 3);
    assert_int_equal(facts->n_missing, 0);
    assert_int_equal(f->parent, 0);
    assert_int_equal(facts->functions[0].parent, IOW_NONE);
    assert_int_equal(f->config.vendor, 0x10de);
    assert_int_equal(f->config.class_code, 0x030000);
    assert_int_equal(f->config.pcie_type, IOW_PCIE_ENDPOINT);
    assert_int_equal(facts->functions[0].config.pcie_type, IOW_PCIE_ROOT_PORT);
    assert_string_equal(f->driver, "vfio-pci");
    assert_int_equal(f->group, 2);
    assert_int_equal(f->power_state, IOW_POWER_D0);
    assert_int_equal(f->known, IOW_FUNCTION_PATH | IOW_FUNCTION_DRIVER | IOW_FUNCTION_DETAILS);
    assert_int_equal(f->n_capabilities, 1);
    assert_null(function_at(facts, "01:00.1")->driver);
    assert_int_equal(facts->n_groups, 2);
    assert_string_equal(facts->groups[1].type, "DMA-FQ");
    assert_null(facts->groups[1].name);
    assert_int_equal(facts->groups[1].n_members, 2);
    assert_int_equal(facts->groups[1].n_regions, 2);
    assert_string_equal(facts->groups[1].regions[0].type, "direct-relaxable");
    assert_int_equal(facts->groups[1].regions[1].first, 0xfee00000);
    assert_int_equal(facts->groups[0].n_regions, 0);
    assert_int_equal(facts->machine.release, 6 << 8 | 12);
    assert_string_equal(facts->machine.command_line, "root=/dev/sda1 intel_iommu=on");
    assert_true(facts->machine.pci && facts->machine.groups && facts->machine.holders_complete);
    iow_facts_free(facts);
}

static void a_text_that_a_nul_would_cut_is_no_value(void **state)
{
    static const char *const paths[] = {"proc/sys/kernel/osrelease", "proc/cmdline"};
    struct iow_source *s;
    struct iow_facts *facts;

    (void)state;
    assert_int_equal(iow_source_memory(&s), 0);
    for (size_t i = 0; i < COUNT(paths); i++)
        assert_int_equal(iow_memory_add_file(s, paths[i], "6.12\0 more\n", 11), 0);
    assert_int_equal(iow_memory_add_file(s, "sys/kernel/iommu_groups/1/type", "DMA\0", 4), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups/1/devices"), 0);
    facts = read_all(s, 0);
    assert_string_equal(facts->machine.kernel, "");
    assert_int_equal(facts->machine.release, 0);
    assert_string_equal(facts->machine.command_line, "");
    assert_null(facts->groups[0].type);
    assert_int_equal(count_missing(facts, IOW_RULE_READ_BAD_VALUE), 3);
    for (size_t i = 0; i < COUNT(paths); i++)
        assert_string_equal(facts->missing[i].path, paths[i]);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void a_machine_without_pci_says_so(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts = read_all(s, IOW_READ_ALL);

    (void)state;
    assert_false(facts->machine.pci);
    assert_false(facts->machine.groups);
    assert_int_equal(facts->n_functions, 0);
    assert_int_equal(facts->n_missing, 1);
    assert_int_equal(facts->missing[0].rule, IOW_RULE_READ_NO_PCI);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void without_an_iommu_nothing_is_in_a_group(void **state)
{
    struct iow_source *s = new_machine();
    struct device alone = card;
    struct iow_facts *facts;

    (void)state;
    alone.group = 0;
    alone.above = "pci0000:01";
    put_device(s, &alone);
    assert_int_equal(iow_memory_add_folder(s, "sys/kernel/iommu_groups"), 0);
    facts = read_all(s, IOW_READ_ALL);
    assert_true(facts->machine.groups);
    assert_int_equal(facts->n_groups, 0);
    assert_int_equal(facts->functions[0].group, IOW_NONE);
    assert_int_equal(facts->n_missing, 0);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void only_what_is_asked_for_is_read(void **state)
{
    struct iow_source *s = small_machine();
    struct iow_explain why;
    struct iow_facts *facts = read_all(s, 0);

    (void)state;
    assert_int_equal(facts->functions[1].known & IOW_FUNCTION_DETAILS, 0);
    assert_null(facts->groups[1].regions);
    assert_false(facts->holders_read || facts->names_read || facts->machine.holders_complete);
    assert_int_equal(iow_facts_read_details(s, facts, 1, &why), 0);
    assert_int_equal(facts->functions[1].n_capabilities, 1);
    assert_int_equal(iow_facts_read_regions(s, facts, 1, &why), 0);
    assert_int_equal(facts->groups[1].n_regions, 2);
    assert_int_equal(iow_facts_read_names(s, facts, &why), 0);
    assert_true(facts->names_read);
    assert_int_equal(iow_facts_read_details(s, facts, 3, &why), -IOW_ENOENT);
    assert_int_equal(iow_facts_read_regions(s, facts, 2, &why), -IOW_ENOENT);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void reading_again_what_was_read_changes_nothing(void **state)
{
    struct iow_source *s = small_machine();
    struct iow_facts *facts = read_all(s, IOW_READ_ALL);
    const struct iow_region *regions = facts->groups[0].regions;
    const struct iow_name *names = facts->names;
    const struct iow_capability *capabilities = facts->functions[1].capabilities;

    (void)state;
    assert_non_null(regions);
    assert_int_equal(iow_facts_read_details(s, facts, 1, NULL), 0);
    assert_int_equal(iow_facts_read_regions(s, facts, 0, NULL), 0);
    assert_int_equal(iow_facts_read_names(s, facts, NULL), 0);
    assert_ptr_equal(facts->groups[0].regions, regions);
    assert_ptr_equal(facts->names, names);
    assert_ptr_equal(facts->functions[1].capabilities, capabilities);
    iow_facts_free(facts);
    iow_source_close(s);
}

static void every_failing_call_leaves_facts_or_a_reason(void **state)
{
    static const uint32_t failures[] = {
        IOW_EACCES, IOW_EIO, IOW_ENODEV, IOW_ENOENT, IOW_ENOMEM, IOW_EBADMSG, 24};

    (void)state;
    for (size_t k = 0; k < COUNT(failures); k++) {
        uint32_t n = 1;

        for (bool fired = true; fired; n++) {
            struct watched w;
            struct iow_facts *facts = NULL;
            struct iow_explain why = {0};
            int r;

            watch(&w, small_machine());
            w.fail_at = n;
            w.failure = failures[k];
            r = iow_facts_read(&w.source, IOW_READ_ALL, &facts, &why);
            fired = w.n_calls >= n;
            assert_int_equal(w.n_open, 0);
            assert_true(r == 0 || r == -IOW_ENOMEM || r == -IOW_EBADMSG);
            assert_true(r == 0 || (facts == NULL && why.code == r && why.rule != IOW_RULE_NONE));
            iow_facts_free(facts);
            iow_source_close(&w.source);
        }
        assert_true(n > 100);
    }
}

static void a_link_that_points_outside_ends_the_reading(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts = NULL;
    struct iow_explain why;

    (void)state;
    put_link(s, "sys/bus/pci/devices", "0000:00:01.0", "../../../../../etc/0000:00:01.0");
    assert_int_equal(iow_facts_read(s, 0, &facts, &why), -IOW_EBADMSG);
    assert_int_equal(why.rule, IOW_RULE_CAP_OUTSIDE);
    assert_null(facts);
    iow_source_close(s);
}

static void the_machine_tells_its_settings(void **state)
{
    struct iow_source *s = new_machine();
    struct iow_facts *facts;

    (void)state;
    put_text(s, "sys/kernel/security", "lockdown", "none [integrity] confidentiality\n");
    put_text(s, "sys/module/vfio_iommu_type1/parameters", "allow_unsafe_interrupts", "Y\n");
    put_text(s, "sys/module/vfio/parameters", "enable_unsafe_noiommu_mode", "N\n");
    put_text(s, "sys/firmware/acpi/tables", "DMAR", "");
    assert_int_equal(iow_memory_add_folder(s, "sys/class/iommu/dmar0"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/class/iommu/iommufd_selftest_iommu.0"), 0);
    assert_int_equal(iow_memory_add_folder(s, "sys/class/iommu/dmar1"), 0);
    facts = read_all(s, 0);
    assert_int_equal(facts->machine.lockdown, IOW_LOCKDOWN_INTEGRITY);
    assert_int_equal(facts->machine.n_parameters, 2);
    assert_string_equal(facts->machine.parameters[0].name, "vfio_iommu_type1.allow_unsafe_interrupts");
    assert_string_equal(facts->machine.parameters[0].value, "Y");
    assert_true(facts->machine.dmar);
    assert_false(facts->machine.ivrs);
    assert_int_equal(facts->machine.n_iommus, 2);
    assert_string_equal(facts->machine.iommus[1], "dmar1");
    iow_facts_free(facts);
    iow_source_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_machine_is_read_whole),
        cmocka_unit_test(a_text_that_a_nul_would_cut_is_no_value),
        cmocka_unit_test(a_machine_without_pci_says_so),
        cmocka_unit_test(without_an_iommu_nothing_is_in_a_group),
        cmocka_unit_test(only_what_is_asked_for_is_read),
        cmocka_unit_test(reading_again_what_was_read_changes_nothing),
        cmocka_unit_test(every_failing_call_leaves_facts_or_a_reason),
        cmocka_unit_test(a_link_that_points_outside_ends_the_reading),
        cmocka_unit_test(the_machine_tells_its_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
