/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Drivers and buses, as far as they take part in ownership: how a driver does DMA, and whether its bus asks
 * before it binds.
 *
 * Source: Linux 6.1, 6.12 include/linux/pci.h driver_managed_dma; the dma_configure operation of each bus.
 */
#ifndef IOWARD_DRIVER_H
#define IOWARD_DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_driver_trait {
    IOW_DRIVER_NONE,    /* no driver bound */
    IOW_DRIVER_DMA_API, /* uses the kernel's DMA API: the ordinary driver, and the answer for unknown names */
    IOW_DRIVER_MANAGED, /* driver_managed_dma: compatible with every owner */
    IOW_DRIVER_PRIVATE, /* driver known to attach a domain of its own as long as it is bound */
    IOW_DRIVER__COUNT,
};

/* iow_driver_trait_of - how a driver does DMA, by its name; NULL or "": none bound */
enum iow_driver_trait iow_driver_trait_of(const char *driver);

/* iow_driver_is_vfio - is this a driver that hands its devices to user space through VFIO? */
bool iow_driver_is_vfio(const char *driver);

/* iow_bus_checks_ownership - does a bus of this name ask for ownership before a driver binds? */
bool iow_bus_checks_ownership(const char *bus, uint16_t release);

#ifdef __cplusplus
}
#endif
#endif
