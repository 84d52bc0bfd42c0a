/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/driver.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

static void managed_dma_drivers_are_those_of_each_release(void **state)
{
    static const struct {
        const char *name;
        bool in_6_1, in_6_12;
    } row[] = {
        {"vfio-pci", true, true},
        {"hisi_acc_vfio_pci", true, true},
        {"mlx5_vfio_pci", true, true},
        {"vfio-platform", true, true},
        {"vfio-amba", true, true},
        {"vfio-fsl-mc", true, true},
        {"pci-stub", true, true},
        {"pcieport", true, true},
        {"nvgrace_gpu_vfio_pci", false, true},
        {"virtio_vfio_pci", false, true},
        {"pds_vfio_pci", false, true},
        {"qat_vfio_pci", false, true},
        {"vfio-cdx", false, true},
        {"fsl-pci", true, true},
        {"uio_pci_generic", false, false},
        {"igb_uio", false, false},
        {"xen-pciback", false, false},
        {"shpchp", false, false},
        {"e1000e", false, false},
        {"vfio", false, false},
        {"vfio-pci-2", false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        assert_int_equal(iow_driver_trait_of(row[i].name, RELEASE(6, 1)),
            row[i].in_6_1 ? IOW_DRIVER_MANAGED : IOW_DRIVER_DMA_API);
        assert_int_equal(iow_driver_trait_of(row[i].name, RELEASE(6, 12)),
            row[i].in_6_12 ? IOW_DRIVER_MANAGED : IOW_DRIVER_DMA_API);
        assert_int_equal(
            iow_driver_trait_of(row[i].name, 0), row[i].in_6_12 ? IOW_DRIVER_MANAGED : IOW_DRIVER_DMA_API);
    }
}

static void drivers_with_a_domain_of_their_own_are_known(void **state)
{
    (void)state;
    assert_int_equal(iow_driver_trait_of("tegra-host1x", 0), IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_driver_trait_of("qman_portal", 0), IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_driver_trait_of("usnic_verbs", 0), IOW_DRIVER_DMA_API);
}

static void no_driver_is_no_driver(void **state)
{
    (void)state;
    assert_int_equal(iow_driver_trait_of(NULL, 0), IOW_DRIVER_NONE);
    assert_int_equal(iow_driver_trait_of("", 0), IOW_DRIVER_NONE);
    assert_false(iow_driver_is_vfio(NULL));
}

static void managed_is_not_vfio(void **state)
{
    (void)state;
    assert_true(iow_driver_is_vfio("vfio-pci"));
    assert_true(iow_driver_is_vfio("mlx5_vfio_pci"));
    assert_false(iow_driver_is_vfio("pcieport"));
    assert_false(iow_driver_is_vfio("pci-stub"));
    assert_false(iow_driver_is_vfio("e1000e"));
}

static void only_buses_that_ask_count(void **state)
{
    static const char *const ask[] = {"pci", "platform", "amba", "fsl-mc"};
    static const char *const silent[] = {"vmbus", "mdev", "auxiliary", "virtio", "usb", ""};

    (void)state;
    for (size_t i = 0; i < COUNT(ask); i++)
        assert_true(iow_bus_checks_ownership(ask[i], RELEASE(6, 1)));
    for (size_t i = 0; i < COUNT(silent); i++)
        assert_false(iow_bus_checks_ownership(silent[i], RELEASE(6, 12)));
    assert_false(iow_bus_checks_ownership("cdx", RELEASE(6, 1)));
    assert_true(iow_bus_checks_ownership("cdx", RELEASE(6, 12)));
    assert_true(iow_bus_checks_ownership("cdx", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(managed_dma_drivers_are_those_of_each_release),
        cmocka_unit_test(drivers_with_a_domain_of_their_own_are_known),
        cmocka_unit_test(no_driver_is_no_driver),
        cmocka_unit_test(managed_is_not_vfio),
        cmocka_unit_test(only_buses_that_ask_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
