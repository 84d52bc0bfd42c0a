/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/driver.h>

#include "base/text.h"

#include <stddef.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))

/*
 * Drivers that are not ordinary, by the name sysfs shows. Managed: driver_managed_dma is set (Linux 6.1
 * and 6.12, the whole tree; most variants of vfio-pci are named by their module, hence the underscores).
 * Private: attaches a domain of its own when it is probed (drivers/gpu/host1x/dev.c,
 * drivers/soc/fsl/qbman/qman_portal.c). Drivers that do so only at times (usnic_verbs, vhost-vdpa's parents)
 * count as ordinary: nothing in sysfs tells when. A variant of vfio-pci is managed whatever the kernel says
 * its release is: where it came by a backport it has the flag too.
 */
static const struct {
    const char *name;
    enum iow_driver_trait trait;
    bool vfio;
} driver[] = {
    {"pcieport", IOW_DRIVER_MANAGED, false},
    {"vfio-pci", IOW_DRIVER_MANAGED, true},
    {"pci-stub", IOW_DRIVER_MANAGED, false},
    {"hisi_acc_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"mlx5_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"nvgrace_gpu_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"virtio_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"pds_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"qat_vfio_pci", IOW_DRIVER_MANAGED, true},
    {"vfio-platform", IOW_DRIVER_MANAGED, true},
    {"vfio-amba", IOW_DRIVER_MANAGED, true},
    {"vfio-fsl-mc", IOW_DRIVER_MANAGED, true},
    {"vfio-cdx", IOW_DRIVER_MANAGED, true},
    {"fsl-pci", IOW_DRIVER_MANAGED, false},
    {"tegra-host1x", IOW_DRIVER_PRIVATE, false},
    {"qman_portal", IOW_DRIVER_PRIVATE, false},
};

#define N_DRIVERS (sizeof(driver) / sizeof(driver[0]))

enum iow_driver_trait iow_driver_trait_of(const char *name)
{
    if (!name || !*name)
        return IOW_DRIVER_NONE;
    for (unsigned i = 0; i < N_DRIVERS; i++)
        if (iow_same_text(driver[i].name, name))
            return driver[i].trait;
    return IOW_DRIVER_DMA_API;
}

bool iow_driver_is_vfio(const char *name)
{
    for (unsigned i = 0; name && i < N_DRIVERS; i++)
        if (driver[i].vfio && iow_same_text(driver[i].name, name))
            return true;
    return false;
}

/* Buses whose dma_configure asks for ownership (iommu_device_use_default_domain()). */
static const struct {
    const char *name;
    uint16_t since;
} bus[] = {
    {"pci", 0},
    {"platform", 0},
    {"amba", 0},
    {"fsl-mc", 0},
    {"cdx", RELEASE(6, 4)},
};

bool iow_bus_checks_ownership(const char *name, uint16_t release)
{
    for (unsigned i = 0; i < sizeof(bus) / sizeof(bus[0]); i++)
        if (iow_same_text(bus[i].name, name))
            return !release || release >= bus[i].since;
    return false;
}
