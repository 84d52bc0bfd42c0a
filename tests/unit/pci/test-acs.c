/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's pci_acs_enabled(), row by row of its decision. Device-specific answers: test-acs-quirks.c. */
#include "testing.h"

#include <ioward/acs.h>

static struct iow_config function(uint8_t type, int cap, uint16_t ctrl)
{
    struct iow_config c = {
        .known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER | IOW_CONFIG_CAPS | IOW_CONFIG_EXT_CAPS,
        .vendor = 0x1b36,
        .device = 0x000c,
        .pcie_type = type,
    };

    if (cap >= 0) {
        c.acs_offset = 0x148;
        c.acs_cap = (uint16_t)cap;
        c.acs_ctrl = ctrl;
    }
    return c;
}

static struct iow_acs_answer ask(struct iow_config c, bool multifunction)
{
    const struct iow_acs_context context = {.multifunction = multifunction};

    return iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED);
}

static void the_type_decides_what_is_looked_at(void **state)
{
    static const struct {
        uint8_t type;
        bool multifunction;
        enum iow_acs_value value;
        enum iow_acs_basis basis;
    } row[] = {
        {IOW_PCIE_NONE, false, IOW_ACS_NO, IOW_ACS_BY_CONVENTIONAL},
        {IOW_PCIE_NONE, true, IOW_ACS_NO, IOW_ACS_BY_CONVENTIONAL},
        {IOW_PCIE_TO_PCI_BRIDGE, false, IOW_ACS_NO, IOW_ACS_BY_BRIDGE_TYPE},
        {IOW_PCI_TO_PCIE_BRIDGE, false, IOW_ACS_NO, IOW_ACS_BY_BRIDGE_TYPE},
        {IOW_PCIE_RC_EVENT_COLLECTOR, false, IOW_ACS_NO, IOW_ACS_BY_BRIDGE_TYPE},
        {IOW_PCIE_ROOT_PORT, false, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {IOW_PCIE_DOWNSTREAM_PORT, false, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {IOW_PCIE_ENDPOINT, false, IOW_ACS_YES, IOW_ACS_BY_SINGLE_FUNCTION},
        {IOW_PCIE_LEGACY_ENDPOINT, false, IOW_ACS_YES, IOW_ACS_BY_SINGLE_FUNCTION},
        {IOW_PCIE_RC_ENDPOINT, false, IOW_ACS_YES, IOW_ACS_BY_SINGLE_FUNCTION},
        {IOW_PCIE_UPSTREAM_PORT, false, IOW_ACS_YES, IOW_ACS_BY_SINGLE_FUNCTION},
        {IOW_PCIE_ENDPOINT, true, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {IOW_PCIE_LEGACY_ENDPOINT, true, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {IOW_PCIE_RC_ENDPOINT, true, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {IOW_PCIE_UPSTREAM_PORT, true, IOW_ACS_NO, IOW_ACS_BY_NO_CAPABILITY},
        {0x2, false, IOW_ACS_YES, IOW_ACS_BY_OTHER_TYPE},
        {0xf, true, IOW_ACS_YES, IOW_ACS_BY_OTHER_TYPE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_acs_answer a = ask(function(row[i].type, -1, 0), row[i].multifunction);

        assert_int_equal(a.value, row[i].value);
        assert_int_equal(a.basis, row[i].basis);
    }
}

/* All 128 capabilities with all 128 controls: what is not implemented counts as satisfied. */
static void registers_decide_bit_by_bit(void **state)
{
    (void)state;
    for (int cap = 0; cap < 0x80; cap++)
        for (int ctrl = 0; ctrl < 0x80; ctrl++) {
            int missing = IOW_ACS_REQUIRED & (cap | IOW_ACS_EC) & ~ctrl;
            struct iow_acs_answer a = ask(function(IOW_PCIE_ROOT_PORT, cap, (uint16_t)ctrl), false);

            assert_int_equal(a.value, missing ? IOW_ACS_NO : IOW_ACS_YES);
            assert_int_equal(a.missing, missing);
            assert_int_equal(a.basis, IOW_ACS_BY_BITS);
        }
}

static void egress_control_is_demanded_even_where_it_is_not_implemented(void **state)
{
    const struct iow_config c = function(IOW_PCIE_ROOT_PORT, 0x5f, 0x5f);
    const struct iow_acs_context context = {0};

    (void)state;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_EC).value, IOW_ACS_NO);
}

static void what_was_not_read_is_unknown(void **state)
{
    struct iow_config c = function(IOW_PCIE_ROOT_PORT, 0x5f, 0x1d);

    (void)state;
    c.known = 0;
    assert_int_equal(ask(c, false).value, IOW_ACS_UNKNOWN);
    c.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER;
    assert_int_equal(ask(c, false).value, IOW_ACS_UNKNOWN);
    c.known |= IOW_CONFIG_CAPS;
    assert_int_equal(ask(c, false).value, IOW_ACS_UNKNOWN);
    c.pcie_type = IOW_PCIE_ENDPOINT; /* a single function needs no extended space to answer */
    assert_int_equal(ask(c, false).value, IOW_ACS_YES);
    assert_int_equal(ask(c, true).value, IOW_ACS_UNKNOWN);
}

/* An Intel PCH root port isolates if the kernel's enable step succeeded, of which only one register bit
 * tells. */
static void the_enable_step_of_an_intel_pch_is_inferred_and_marked(void **state)
{
    struct iow_config c = function(IOW_PCIE_ROOT_PORT, -1, 0);
    struct iow_acs_context context = {.acs_requested = true, .on_root_bus = true};
    struct iow_acs_answer a;

    (void)state;
    c.vendor = 0x8086;
    c.device = 0x3b42;
    a = iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED);
    assert_int_equal(a.value, IOW_ACS_NO);
    assert_int_equal(a.basis, IOW_ACS_BY_QUIRK);
    c.mpc = 1u << 26;
    a = iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED);
    assert_int_equal(a.value, IOW_ACS_YES);
    assert_true(a.assumed);
    context.acs_requested = false;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED).value, IOW_ACS_NO);
}

static void sunrise_point_ports_have_their_registers_elsewhere(void **state)
{
    struct iow_config c = function(IOW_PCIE_ROOT_PORT, 0x0f, 0xffff);
    const struct iow_acs_context context = {.on_root_bus = true};

    (void)state;
    c.vendor = 0x8086;
    c.device = 0xa110;
    c.acs_dword_cap = 0xf;
    c.acs_dword_ctrl = 0x1;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED).missing, IOW_ACS_RR | IOW_ACS_CR);
    c.acs_dword_ctrl = 0xd;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED).value, IOW_ACS_YES);
}

static void amd_southbridges_answer_for_redirection_only(void **state)
{
    struct iow_config c = function(IOW_PCIE_NONE, -1, 0);
    struct iow_acs_context context = {.on_root_bus = true, .multifunction = true, .ivrs = true};

    (void)state;
    c.vendor = 0x1002;
    c.device = 0x4385;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED).value, IOW_ACS_YES);
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_DT | IOW_ACS_RR).value, IOW_ACS_NO);
    context.ivrs = false;
    assert_int_equal(iow_acs_enabled(&c, &context, IOW_ACS_REQUIRED).value, IOW_ACS_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_decides_what_is_looked_at),
        cmocka_unit_test(registers_decide_bit_by_bit),
        cmocka_unit_test(egress_control_is_demanded_even_where_it_is_not_implemented),
        cmocka_unit_test(what_was_not_read_is_unknown),
        cmocka_unit_test(the_enable_step_of_an_intel_pch_is_inferred_and_marked),
        cmocka_unit_test(sunrise_point_ports_have_their_registers_elsewhere),
        cmocka_unit_test(amd_southbridges_answer_for_redirection_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
