/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device models of QEMU 7.2 that topologies are made of: what their config space says and which driver of Linux is
 * theirs. Registers were read from devices that nothing had touched; of capabilities only what is read of them is kept.
 */
#include "host/sim/machine.h"

#include <string.h>

#define INTEL 0x8086
#define RED_HAT 0x1b36
#define VIRTIO 0x1af4
#define TEXAS 0x104c
#define QEMU_SUBSYSTEM .subvendor = VIRTIO, .subdevice = 0x1100

#define HOST_BRIDGE 0x060000
#define PCI_BRIDGE 0x060400
#define ETHERNET 0x020000

/* include/linux/ioport.h IORESOURCE_...: BARs of 32 and 64 bits, ports, and the ROM */
#define MEMORY 0x40200
#define MEMORY64 0x140204
#define PREFETCH64 0x14220c
#define PORTS 0x40101
#define ROM 0x46200

#define BYTES(offset, text)                                                                                  \
    {                                                                                                        \
        .at = (offset), .n = sizeof(text) - 1, .bytes = text                                                 \
    }

/* The first of the extended capabilities, version 2. */
#define ERROR_REPORTING BYTES(0x100, "\x01\x00\x02\x00")

static const struct iow_sim_model models[] = {
    /* what every machine has */
    {.name = "q35-host",
        .fixed = true,
        .vendor = INTEL,
        .device = 0x29c0,
        QEMU_SUBSYSTEM,
        .class_code = HOST_BRIDGE},
    {.name = "q35-lpc",
        .fixed = true,
        .vendor = INTEL,
        .device = 0x2918,
        QEMU_SUBSYSTEM,
        .class_code = 0x060100,
        .revision = 2,
        .native = "lpc_ich"},
    {.name = "q35-ahci",
        .fixed = true,
        .vendor = INTEL,
        .device = 0x2922,
        QEMU_SUBSYSTEM,
        .class_code = 0x010601,
        .revision = 2,
        .pin = 1,
        .native = "ahci",
        .bytes = {BYTES(0x34, "\x80"), BYTES(0x80, "\x05\xa8\x80"), BYTES(0xa8, "\x12\x00\x10")},
        .bars = {{4, 0x20, PORTS}, {5, 0x1000, MEMORY}}},
    {.name = "q35-smbus",
        .fixed = true,
        .vendor = INTEL,
        .device = 0x2930,
        QEMU_SUBSYSTEM,
        .class_code = 0x0c0500,
        .revision = 2,
        .pin = 1,
        .native = "i801_smbus",
        .bars = {{4, 0x40, PORTS}}},
    {.name = "virtio-9p-pci",
        .vendor = VIRTIO,
        .device = 0x1009,
        .subvendor = VIRTIO,
        .subdevice = 0x0009,
        .class_code = 0x000200,
        .pin = 1,
        .native = "virtio-pci",
        .bytes = {BYTES(0x34, "\x98"), BYTES(0x98, "\x11\x00\x01\x80")},
        .bars = {{0, 0x20, PORTS}, {1, 0x1000, MEMORY}, {4, 0x4000, PREFETCH64}}},
    /* bridges */
    {.name = "pcie-root-port",
        .vendor = RED_HAT,
        .device = 0x000c,
        .class_code = PCI_BRIDGE,
        .bridge = true,
        .pin = 1,
        .pcie_offset = 0x54,
        .acs_offset = 0x148,
        .native = "pcieport",
        .bytes = {BYTES(0x34, "\x54"), BYTES(0x40, "\x0d\x00\x00\x00\x36\x1b"),
            BYTES(0x48, "\x11\x40\x00\x80"), BYTES(0x54, "\x10\x48\x42\x01\x00\x80"), ERROR_REPORTING},
        .bars = {{0, 0x1000, MEMORY}}},
    {.name = "ioh3420",
        .vendor = INTEL,
        .device = 0x3420,
        .class_code = PCI_BRIDGE,
        .revision = 2,
        .bridge = true,
        .pin = 1,
        .pcie_offset = 0x90,
        .native = "pcieport",
        .bytes = {BYTES(0x34, "\x90"), BYTES(0x40, "\x0d\x00\x00\x00\x86\x80"),
            BYTES(0x60, "\x05\x40\x02\x01"), BYTES(0x90, "\x10\x60\x42\x01\x00\x80"), ERROR_REPORTING}},
    {.name = "x3130-upstream",
        .vendor = TEXAS,
        .device = 0x8232,
        .class_code = PCI_BRIDGE,
        .revision = 2,
        .bridge = true,
        .pcie_offset = 0x90,
        .native = "pcieport",
        .reset_methods = "flr bus",
        .bytes = {BYTES(0x34, "\x90"), BYTES(0x70, "\x05\x00\x80"), BYTES(0x80, "\x0d\x70"),
            BYTES(0x90, "\x10\x80\x52\x00\x00\x80\x00\x10"), ERROR_REPORTING}},
    {.name = "xio3130-downstream",
        .vendor = TEXAS,
        .device = 0x8233,
        .class_code = PCI_BRIDGE,
        .revision = 1,
        .bridge = true,
        .pcie_offset = 0x90,
        .native = "pcieport",
        .reset_methods = "flr bus",
        .bytes = {BYTES(0x34, "\x90"), BYTES(0x70, "\x05\x00\x80"), BYTES(0x80, "\x0d\x70"),
            BYTES(0x90, "\x10\x80\x62\x01\x00\x80\x00\x10"), ERROR_REPORTING}},
    {.name = "pcie-pci-bridge",
        .vendor = RED_HAT,
        .device = 0x000e,
        .class_code = PCI_BRIDGE,
        .bridge = true,
        .pin = 1,
        .pcie_offset = 0x48,
        .shpc = true,
        .native = "shpchp",
        .reset_methods = "pm bus",
        .bytes = {BYTES(0x34, "\x8c"), BYTES(0x40, "\x0c\x00\x27\x00"),
            BYTES(0x48, "\x10\x40\x72\x00\x00\x80"), BYTES(0x84, "\x01\x48\x03\x00"),
            BYTES(0x8c, "\x05\x84\x80\x01"), ERROR_REPORTING},
        .bars = {{0, 0x100, MEMORY64}}},
    {.name = "pci-bridge",
        .vendor = RED_HAT,
        .device = 0x0001,
        .class_code = PCI_BRIDGE,
        .bridge = true,
        .pin = 1,
        .shpc = true,
        .native = "shpchp",
        .bytes = {BYTES(0x34, "\x4c"), BYTES(0x40, "\x0c\x00\x27\x00"), BYTES(0x48, "\x04\x40\x20\x05"),
            BYTES(0x4c, "\x05\x48\x80\x01")},
        .bars = {{0, 0x100, MEMORY64}}},
    {.name = "i82801b11-bridge",
        .vendor = INTEL,
        .device = 0x244e,
        .class_code = PCI_BRIDGE | 0x01,
        .revision = 0x92,
        .bridge = true,
        .bytes = {BYTES(0x34, "\x50"), BYTES(0x50, "\x0d\x00")}},
    {.name = "pxb-pcie",
        .vendor = RED_HAT,
        .device = 0x000b,
        QEMU_SUBSYSTEM,
        .class_code = HOST_BRIDGE,
        .brings = IOW_SIM_ROOT_BUS},
    /* endpoints */
    {.name = "edu",
        .vendor = 0x1234,
        .device = 0x11e8,
        QEMU_SUBSYSTEM,
        .class_code = 0x00ff00,
        .revision = 0x10,
        .pin = 1,
        .reset_methods = "bus",
        .bytes = {BYTES(0x34, "\x40"), BYTES(0x40, "\x05\x00\x80")},
        .bars = {{0, 0x100000, MEMORY}}},
    {.name = "e1000",
        .vendor = INTEL,
        .device = 0x100e,
        QEMU_SUBSYSTEM,
        .class_code = ETHERNET,
        .revision = 3,
        .pin = 1,
        .brings = IOW_SIM_NET,
        .native = "e1000",
        .reset_methods = "bus",
        .bars = {{0, 0x20000, MEMORY}, {1, 0x40, PORTS}, {6, 0x40000, ROM}}},
    {.name = "e1000e",
        .vendor = INTEL,
        .device = 0x10d3,
        .subvendor = INTEL,
        .class_code = ETHERNET,
        .pin = 1,
        .pcie_offset = 0xe0,
        .integrated_type = true,
        .brings = IOW_SIM_NET,
        .native = "e1000e",
        .reset_methods = "pm bus",
        .bytes = {BYTES(0x34, "\xc8"), BYTES(0xa0, "\x11\x00\x04\x80\x03"), BYTES(0xc8, "\x01\xd0\x22"),
            BYTES(0xd0, "\x05\xe0\x80"), BYTES(0xe0, "\x10\xa0\x01\x00\x00\x80"),
            BYTES(0x100, "\x01\x00\x02\x14"), BYTES(0x140, "\x03\x00\x01\x00")},
        .bars = {{0, 0x20000, MEMORY}, {1, 0x20000, MEMORY}, {2, 0x20, PORTS}, {3, 0x4000, MEMORY},
            {6, 0x40000, ROM}}},
    {.name = "ES1370",
        .vendor = 0x1274,
        .device = 0x5000,
        .subvendor = 0x4942,
        .subdevice = 0x4c4c,
        .class_code = 0x040100,
        .pin = 1,
        .brings = IOW_SIM_SOUND,
        .native = "snd_ens1370",
        .bars = {{0, 0x100, PORTS}}},
    {.name = "virtio-net-pci",
        .vendor = VIRTIO,
        .device = 0x1000,
        .subvendor = VIRTIO,
        .subdevice = 0x0001,
        .class_code = ETHERNET,
        .pin = 1,
        .brings = IOW_SIM_VIRTIO,
        .native = "virtio-pci",
        .reset_methods = "bus",
        .bytes = {BYTES(0x34, "\x98"), BYTES(0x98, "\x11\x00\x03\x80")},
        .bars = {{0, 0x20, PORTS}, {1, 0x1000, MEMORY}, {4, 0x4000, PREFETCH64}, {6, 0x40000, ROM}}},
    {.name = "nvme",
        .vendor = RED_HAT,
        .device = 0x0010,
        QEMU_SUBSYSTEM,
        .class_code = 0x010802,
        .revision = 2,
        .pin = 1,
        .pcie_offset = 0x80,
        .integrated_type = true,
        .brings = IOW_SIM_NVME,
        .native = "nvme",
        .reset_methods = "flr bus",
        .bytes = {BYTES(0x34, "\x40"), BYTES(0x40, "\x11\x80\x40\x00\x00\x20"),
            BYTES(0x60, "\x01\x00\x03\x00\x08"), BYTES(0x80, "\x10\x60\x02\x00\x00\x80\x00\x10")},
        .bars = {{0, 0x4000, MEMORY64}}},
    /* what a controller with SR-IOV makes; no driver of the kernel gets on with it in QEMU 7.2 */
    {.name = "nvme-virtual-function",
        .fixed = true,
        .vendor = RED_HAT,
        .device = 0x0010,
        QEMU_SUBSYSTEM,
        .class_code = 0x010802,
        .revision = 2,
        .pcie_offset = 0x80,
        .reset_methods = "flr bus",
        .bytes = {BYTES(0x34, "\x40"), BYTES(0x40, "\x11\x80\x40\x00\x00\x20"),
            BYTES(0x60, "\x01\x00\x03\x00\x08"), BYTES(0x80, "\x10\x60\x02\x00\x00\x80\x00\x10")}},
};

_Static_assert(sizeof(models) / sizeof(models[0]) <= 32, "the front has a bit for each model");

unsigned iow_sim_model_number(const struct iow_sim_model *model)
{
    return (unsigned)(model - models);
}

const struct iow_sim_model *iow_sim_model_at(unsigned i)
{
    return i < sizeof(models) / sizeof(models[0]) ? &models[i] : NULL;
}

const struct iow_sim_model *iow_sim_model_find(const char *name)
{
    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
        if (strcmp(models[i].name, name) == 0)
            return &models[i];
    return NULL;
}
