/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small machine in memory: a root port, a network card behind it, and somebody who holds the card. */
#ifndef IOWARD_TESTS_HOST_MACHINE_H
#define IOWARD_TESTS_HOST_MACHINE_H

#include "testing.h"

#include "host/linux/memory.h"

#define MACHINE_PORT "sys/devices/pci0000:00/0000:00:02.0"
#define MACHINE_CARD MACHINE_PORT "/0000:01:00.0"
#define MACHINE_UUID "01234567-89ab-cdef-0123-456789abcdef"
#define MACHINE_HOLDERS                                                                                      \
    "{\"schema\": \"ioward.probe.holders/1\", \"complete\": true, \"holders\": [{\"pid\": 12, \"uid\": 0, "  \
    "\"command\": \"vm-web1\", \"held\": [{\"file\": \"group\", \"number\": 2}, {\"file\": "                 \
    "\"container\"}]}]}"

static inline void machine_text(struct iow_source *m, const char *folder, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(iow_memory_add_file(m, path, text, strlen(text)), 0);
}

static inline void machine_link(struct iow_source *m, const char *folder, const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    assert_int_equal(iow_memory_add_link(m, path, text), 0);
}

/* Config space with PCI Express capability at 40h, vital product data at 60h, serial number at 100h. */
static inline void machine_config(struct iow_source *m, const char *folder, int type, const char *class)
{
    static const unsigned char express[] = {0x10, 0x60, 0x02, 0x00}, vital[] = {0x03, 0, 0, 0x80, 1, 2, 3, 4},
                               serial[] = {0x03, 0x00, 0x01, 0x00, 8, 7, 6, 5, 4, 3, 2, 1};
    unsigned char config[4096] = {0x86, 0x80, 0x34, 0x12, 0x06, 0x04, 0x10, 0x00};
    char path[256];

    config[0x0b] = type ? 0x06 : 0x02;
    config[0x0a] = type ? 0x04 : 0x00;
    config[0x0e] = type ? 0x01 : 0x00;
    config[0x19] = config[0x1a] = type ? 0x01 : 0x00;
    config[0x34] = 0x40;
    memcpy(config + 0x40, express, sizeof(express));
    config[0x42] = (unsigned char)(2 | type << 4);
    memcpy(config + 0x60, vital, sizeof(vital));
    memcpy(config + 0x100, serial, sizeof(serial));
    snprintf(path, sizeof(path), "%s/config", folder);
    assert_int_equal(iow_memory_add_file(m, path, config, sizeof(config)), 0);
    machine_text(m, folder, "power_state", "D0\n");
    machine_text(m, folder, "vendor", "0x8086\n");
    machine_text(m, folder, "device", "0x1234\n");
    machine_text(m, folder, "class", class);
    machine_text(m, folder, "enable", "1\n");
    machine_text(m, folder, "unasked", "nobody asks for this\n");
}

static inline struct iow_source *machine_make(void)
{
    struct iow_source *m;

    assert_int_equal(iow_source_memory(&m), 0);
    machine_config(m, MACHINE_PORT, 4, "0x060400\n");
    machine_config(m, MACHINE_CARD, 0, "0x020000\n");
    machine_link(m, MACHINE_PORT, "driver", "../../../bus/pci/drivers/pcieport");
    machine_link(m, MACHINE_CARD, "driver", "../../../../bus/pci/drivers/vfio-pci");
    machine_link(m, MACHINE_PORT, "iommu_group", "../../../kernel/iommu_groups/1");
    machine_link(m, MACHINE_CARD, "iommu_group", "../../../../kernel/iommu_groups/2");
    machine_link(m, "sys/bus/pci/devices", "0000:00:02.0", "../../../devices/pci0000:00/0000:00:02.0");
    machine_link(
        m, "sys/bus/pci/devices", "0000:01:00.0", "../../../devices/pci0000:00/0000:00:02.0/0000:01:00.0");
    machine_text(m, "sys/kernel/iommu_groups/1", "type", "DMA\n");
    machine_link(m, "sys/kernel/iommu_groups/1/devices", "0000:00:02.0",
        "../../../../devices/pci0000:00/0000:00:02.0");
    machine_text(m, "sys/kernel/iommu_groups/2", "type", "DMA\n");
    machine_text(
        m, "sys/kernel/iommu_groups/2", "reserved_regions", "0x00000000fee00000 0x00000000feefffff msi\n");
    machine_link(m, "sys/kernel/iommu_groups/2/devices", "0000:01:00.0",
        "../../../../devices/pci0000:00/0000:00:02.0/0000:01:00.0");
    assert_int_equal(iow_memory_add_folder(m, "sys/kernel/iommu_groups/3/devices"), 0);
    machine_link(m, "sys/class/vfio", "2", "../../devices/virtual/vfio/2");
    machine_link(m, "sys/class/net", "enx001122334455",
        "../../devices/pci0000:00/0000:00:02.0/0000:01:00.0/net/enx001122334455");
    machine_link(
        m, "sys/class/net", "enxaabbccddeeff", "../../devices/pci0000:00/0000:00:02.0/net/enxaabbccddeeff");
    machine_text(m, "sys/firmware/acpi/tables", "DMAR", "secret table");
    machine_text(
        m, "proc", "cmdline", "root=UUID=" MACHINE_UUID " resume=/dev/mapper/web1-swap intel_iommu=on\n");
    machine_text(m, "proc/sys/kernel", "hostname", "web1\n");
    machine_text(m, "proc/sys/kernel", "osrelease", "6.12.1\n");
    machine_text(m, "probe", "holders.json", MACHINE_HOLDERS);
    return m;
}

#endif
