/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/sim/machine.h"

#include <string.h>

/* In the order in which Linux asks them. One that is neither built in nor loaded at boot comes by modprobe, as in the lab. */
const struct iow_sim_driver iow_sim_drivers[IOW_SIM_DRIVERS] = {
    {.name = "pcieport", .built_in = true},
    {.name = "shpchp", .built_in = true},
    {.name = "virtio-pci", .built_in = true},
    {.name = "e1000", .loaded_at_boot = true},
    {.name = "e1000e", .loaded_at_boot = true},
    {.name = "nvme", .loaded_at_boot = true, .sriov = true},
    {.name = "snd_ens1370", .loaded_at_boot = true},
    {.name = "vfio-pci"},
    {.name = "pci-stub"},
    {.name = "uio_pci_generic"},
    {.name = "ahci"},
    {.name = "lpc_ich"},
    {.name = "i801_smbus"},
    {.name = "xen-pciback"},
};

const struct iow_sim_driver *iow_sim_driver_find(const char *name)
{
    for (unsigned i = 0; i < IOW_SIM_DRIVERS; i++)
        if (strcmp(iow_sim_drivers[i].name, name) == 0)
            return &iow_sim_drivers[i];
    return NULL;
}
