/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/driver.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

static void drivers_that_manage_their_dma_are_known(void **state)
{
    static const char *const managed[] = {"vfio-pci", "hisi_acc_vfio_pci", "mlx5_vfio_pci",
        "nvgrace_gpu_vfio_pci", "virtio_vfio_pci", "pds_vfio_pci", "qat_vfio_pci", "vfio-platform",
        "vfio-amba", "vfio-fsl-mc", "vfio-cdx", "pci-stub", "pcieport", "fsl-pci"};
    static const char *const ordinary[] = {
        "uio_pci_generic", "igb_uio", "xen-pciback", "shpchp", "e1000e", "vfio", "vfio-pci-2"};

    (void)state;
    for (size_t i = 0; i < COUNT(managed); i++)
        assert_int_equal(iow_driver_trait_of(managed[i]), IOW_DRIVER_MANAGED);
    for (size_t i = 0; i < COUNT(ordinary); i++)
        assert_int_equal(iow_driver_trait_of(ordinary[i]), IOW_DRIVER_DMA_API);
}

static void drivers_with_a_domain_of_their_own_are_known(void **state)
{
    (void)state;
    assert_int_equal(iow_driver_trait_of("tegra-host1x"), IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_driver_trait_of("qman_portal"), IOW_DRIVER_PRIVATE);
    assert_int_equal(iow_driver_trait_of("usnic_verbs"), IOW_DRIVER_DMA_API);
}

static void no_driver_is_no_driver(void **state)
{
    (void)state;
    assert_int_equal(iow_driver_trait_of(NULL), IOW_DRIVER_NONE);
    assert_int_equal(iow_driver_trait_of(""), IOW_DRIVER_NONE);
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
        cmocka_unit_test(drivers_that_manage_their_dma_are_known),
        cmocka_unit_test(drivers_with_a_domain_of_their_own_are_known),
        cmocka_unit_test(no_driver_is_no_driver),
        cmocka_unit_test(managed_is_not_vfio),
        cmocka_unit_test(only_buses_that_ask_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
