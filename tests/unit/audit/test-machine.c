/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "audit/audit.h"

static void only_virtio_groups_lazily(void **state)
{
    static const char *const lazy[] = {"dmar0", "virtio1"}, *const eager[] = {"dmar0", "ivhd0"};
    struct iow_facts facts = {.machine = {.n_iommus = 2, .iommus = lazy}};

    (void)state;
    assert_true(iow_audit_groups_lazily(&facts));
    facts.machine.iommus = eager;
    assert_false(iow_audit_groups_lazily(&facts));
    facts.machine.n_iommus = 0;
    assert_false(iow_audit_groups_lazily(&facts));
}

static void an_option_is_a_whole_word(void **state)
{
    static const struct {
        const char *command_line;
        bool has;
    } row[] = {
        {"pcie_acs_override=downstream", true},
        {"quiet pcie_acs_override=downstream", true},
        {"pcie_acs_override quiet", true},
        {"xpcie_acs_override=downstream", false},
        {"pcie_acs_overrides", false},
        {"xpcie_acs_override pcie_acs_override", true},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_facts facts = {.machine = {.command_line = row[i].command_line}};

        assert_int_equal(iow_audit_has_option(&facts, "pcie_acs_override"), row[i].has);
    }
}

static void groups_that_vfio_made_up_are_known_by_their_name(void **state)
{
    const struct iow_group real = {.number = 1}, named = {.name = "fsl-mc"},
                           invented = {.name = "vfio-noiommu"};

    (void)state;
    assert_false(iow_audit_is_invented(&real));
    assert_false(iow_audit_is_invented(&named));
    assert_true(iow_audit_is_invented(&invented));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_virtio_groups_lazily),
        cmocka_unit_test(an_option_is_a_whole_word),
        cmocka_unit_test(groups_that_vfio_made_up_are_known_by_their_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
