/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/config.h>
#include <ioward/route.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *name_of(bool extended, uint32_t id)
{
    const struct iow_capability cap = {.id = (uint16_t)id, .extended = extended};

    return iow_capability_name(&cap);
}

static void capabilities_have_the_names_people_know(void **state)
{
    (void)state;
    assert_string_equal(name_of(false, 0x01), "Power Management");
    assert_string_equal(name_of(false, 0x05), "MSI");
    assert_string_equal(name_of(false, 0x10), "PCI Express");
    assert_string_equal(name_of(false, 0x11), "MSI-X");
    assert_string_equal(name_of(false, 0x15), "Flattening Portal Bridge");
    assert_string_equal(name_of(true, 0x01), "Advanced Error Reporting");
    assert_string_equal(name_of(true, 0x03), "Device Serial Number");
    assert_string_equal(name_of(true, 0x0d), "Access Control Services");
    assert_string_equal(name_of(true, 0x0f), "Address Translation Service");
    assert_string_equal(name_of(true, 0x10), "Single Root I/O Virtualization");
    assert_string_equal(name_of(true, 0x13), "Page Request Interface");
    assert_string_equal(name_of(true, 0x1b), "Process Address Space ID");
    assert_string_equal(name_of(true, 0x2e), "Data Object Exchange");
}

static void every_listed_id_has_a_name_of_its_own(void **state)
{
    static const uint32_t last[] = {0x15, 0x34};

    (void)state;
    for (unsigned extended = 0; extended < 2; extended++)
        for (uint32_t a = 1; a <= last[extended]; a++) {
            if (extended && a == 0x14) /* reserved */
                continue;
            assert_non_null(name_of(extended, a));
            assert_int_not_equal(strlen(name_of(extended, a)), 0);
            for (uint32_t b = 1; b < a; b++)
                if (name_of(extended, b) && !(extended && a == 9 && b == 2)) /* one capability with two ids */
                    assert_string_not_equal(name_of(extended, a), name_of(extended, b));
        }
}

static void other_ids_have_none(void **state)
{
    (void)state;
    for (uint32_t id = 0; id <= 0xffff; id++) {
        if (!id || id > 0x15)
            assert_null(name_of(false, id));
        if (!id || id == 0x14 || id > 0x34)
            assert_null(name_of(true, id));
    }
}

static void every_type_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_ENDPOINT), "endpoint");
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_ROOT_PORT), "root port");
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_UPSTREAM_PORT), "upstream port");
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_DOWNSTREAM_PORT), "downstream port");
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_TO_PCI_BRIDGE), "PCIe-to-PCI bridge");
    assert_string_equal(iow_pcie_type_name(IOW_PCI_TO_PCIE_BRIDGE), "PCI-to-PCIe bridge");
    assert_string_equal(iow_pcie_type_name(IOW_PCIE_NONE), "conventional");
    for (unsigned type = 0; type < 256; type++)
        assert_non_null(iow_pcie_type_name((uint8_t)type));
    assert_string_equal(iow_pcie_type_name(0x2), "reserved type");
    assert_string_equal(iow_pcie_type_name(0xb), "reserved type");
    assert_string_equal(iow_pcie_type_name(0xfe), "reserved type");
}

static void ways_of_requests_have_names_of_their_own(void **state)
{
    (void)state;
    assert_string_equal(iow_route_answer_name(IOW_ROUTE_AROUND), "around");
    assert_string_equal(iow_route_grade_name(IOW_ROUTE_IF_ROOT_COMPLEX), "root-complex");
    assert_string_equal(iow_hop_way_name(IOW_HOP_DIRECT), "direct");
    for (unsigned i = 0; i < IOW_ROUTE_ANSWER__COUNT; i++)
        assert_string_not_equal(iow_route_answer_name((enum iow_route_answer)i), "?");
    for (unsigned i = 0; i < IOW_ROUTE_GRADE__COUNT; i++)
        assert_string_not_equal(iow_route_grade_name((enum iow_route_grade)i), "?");
    for (unsigned i = 0; i < IOW_HOP_WAY__COUNT; i++)
        for (unsigned k = 0; k <= i; k++)
            assert_true((strcmp(iow_hop_way_name((enum iow_hop_way)i),
                             iow_hop_way_name((enum iow_hop_way)k)) == 0) == (i == k));
    assert_string_equal(iow_route_answer_name(IOW_ROUTE_ANSWER__COUNT), "?");
    assert_string_equal(iow_route_grade_name(IOW_ROUTE_GRADE__COUNT), "?");
    assert_string_equal(iow_hop_way_name(IOW_HOP_WAY__COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capabilities_have_the_names_people_know),
        cmocka_unit_test(every_listed_id_has_a_name_of_its_own),
        cmocka_unit_test(other_ids_have_none),
        cmocka_unit_test(every_type_has_a_name),
        cmocka_unit_test(ways_of_requests_have_names_of_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
