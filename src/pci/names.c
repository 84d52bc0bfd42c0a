/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Source: PCI Code and ID Assignment specification sections 2 and 3; Linux include/uapi/linux/pci_regs.h. */
#include <ioward/config.h>
#include <ioward/route.h>

static const char *const conventional_name[] = {
    [0x01] = "Power Management",
    [0x02] = "AGP",
    [0x03] = "Vital Product Data",
    [0x04] = "Slot Identification",
    [0x05] = "MSI",
    [0x06] = "CompactPCI Hot Swap",
    [0x07] = "PCI-X",
    [0x08] = "HyperTransport",
    [0x09] = "Vendor Specific",
    [0x0a] = "Debug Port",
    [0x0b] = "CompactPCI Resource Control",
    [0x0c] = "Standard Hot-Plug Controller",
    [0x0d] = "Bridge Subsystem ID",
    [0x0e] = "AGP 8x",
    [0x0f] = "Secure Device",
    [0x10] = "PCI Express",
    [0x11] = "MSI-X",
    [0x12] = "SATA HBA",
    [0x13] = "Advanced Features",
    [0x14] = "Enhanced Allocation",
    [0x15] = "Flattening Portal Bridge",
};

/* 0014h is reserved for AMD and has no public name. */
static const char *const extended_name[] = {
    [0x01] = "Advanced Error Reporting",
    [0x02] = "Virtual Channel",
    [0x03] = "Device Serial Number",
    [0x04] = "Power Budgeting",
    [0x05] = "Root Complex Link Declaration",
    [0x06] = "Root Complex Internal Link Control",
    [0x07] = "Root Complex Event Collector Endpoint Association",
    [0x08] = "Multi-Function Virtual Channel",
    [0x09] = "Virtual Channel", /* where the device has a Multi-Function Virtual Channel too */
    [0x0a] = "Root Complex Register Block Header",
    [0x0b] = "Vendor Specific Information",
    [0x0c] = "Configuration Access Correlation",
    [0x0d] = "Access Control Services",
    [0x0e] = "Alternative Routing-ID Interpretation",
    [0x0f] = "Address Translation Service",
    [0x10] = "Single Root I/O Virtualization",
    [0x11] = "Multi-Root I/O Virtualization",
    [0x12] = "Multicast",
    [0x13] = "Page Request Interface",
    [0x15] = "Resizable BAR",
    [0x16] = "Dynamic Power Allocation",
    [0x17] = "TPH Requester",
    [0x18] = "Latency Tolerance Reporting",
    [0x19] = "Secondary PCI Express",
    [0x1a] = "Protocol Multiplexing",
    [0x1b] = "Process Address Space ID",
    [0x1c] = "LN Requester",
    [0x1d] = "Downstream Port Containment",
    [0x1e] = "L1 PM Substates",
    [0x1f] = "Precision Time Measurement",
    [0x20] = "PCI Express over M-PHY",
    [0x21] = "FRS Queueing",
    [0x22] = "Readiness Time Reporting",
    [0x23] = "Designated Vendor-Specific",
    [0x24] = "VF Resizable BAR",
    [0x25] = "Data Link Feature",
    [0x26] = "Physical Layer 16.0 GT/s",
    [0x27] = "Lane Margining at the Receiver",
    [0x28] = "Hierarchy ID",
    [0x29] = "Native PCIe Enclosure Management",
    [0x2a] = "Physical Layer 32.0 GT/s",
    [0x2b] = "Alternate Protocol",
    [0x2c] = "System Firmware Intermediary",
    [0x2d] = "Shadow Functions",
    [0x2e] = "Data Object Exchange",
    [0x2f] = "Device 3",
    [0x30] = "Integrity and Data Encryption",
    [0x31] = "Physical Layer 64.0 GT/s",
    [0x32] = "Flit Logging",
    [0x33] = "Flit Performance Measurement",
    [0x34] = "Flit Error Injection",
};

static const char *const pcie_type_name[] = {
    [IOW_PCIE_ENDPOINT] = "endpoint",
    [IOW_PCIE_LEGACY_ENDPOINT] = "legacy endpoint",
    [IOW_PCIE_ROOT_PORT] = "root port",
    [IOW_PCIE_UPSTREAM_PORT] = "upstream port",
    [IOW_PCIE_DOWNSTREAM_PORT] = "downstream port",
    [IOW_PCIE_TO_PCI_BRIDGE] = "PCIe-to-PCI bridge",
    [IOW_PCI_TO_PCIE_BRIDGE] = "PCI-to-PCIe bridge",
    [IOW_PCIE_RC_ENDPOINT] = "root complex integrated endpoint",
    [IOW_PCIE_RC_EVENT_COLLECTOR] = "root complex event collector",
};

#define NAME_AT(table, i) ((i) < sizeof(table) / sizeof((table)[0]) ? (table)[i] : NULL)

const char *iow_capability_name(const struct iow_capability *cap)
{
    return cap->extended ? NAME_AT(extended_name, cap->id) : NAME_AT(conventional_name, cap->id);
}

const char *iow_pcie_type_name(uint8_t pcie_type)
{
    const char *name = NAME_AT(pcie_type_name, pcie_type);

    if (pcie_type == IOW_PCIE_NONE)
        return "conventional";
    return name ? name : "reserved type";
}

const char *iow_route_answer_name(enum iow_route_answer answer)
{
    static const char *const name[IOW_ROUTE_ANSWER__COUNT] = {
        [IOW_ROUTE_BLOCKED] = "blocked",
        [IOW_ROUTE_THROUGH] = "through",
        [IOW_ROUTE_AROUND] = "around",
        [IOW_ROUTE_UNKNOWN] = "unknown",
    };

    return (unsigned)answer < IOW_ROUTE_ANSWER__COUNT ? name[answer] : "?";
}

const char *iow_route_grade_name(enum iow_route_grade grade)
{
    static const char *const name[IOW_ROUTE_GRADE__COUNT] = {
        [IOW_ROUTE_IF_ROOT_COMPLEX] = "root-complex",
        [IOW_ROUTE_POSSIBLY] = "possibly",
        [IOW_ROUTE_SURELY] = "surely",
    };

    return (unsigned)grade < IOW_ROUTE_GRADE__COUNT ? name[grade] : "?";
}

const char *iow_hop_way_name(enum iow_hop_way way)
{
    static const char *const name[IOW_HOP_WAY__COUNT] = {
        [IOW_HOP_UP] = "up",
        [IOW_HOP_BLOCKED] = "blocked",
        [IOW_HOP_DIRECT] = "direct",
        [IOW_HOP_POSSIBLY] = "possibly",
        [IOW_HOP_ROOT_COMPLEX] = "root-complex",
        [IOW_HOP_UNKNOWN] = "unknown",
        [IOW_HOP_MAY_STOP] = "may-stop",
        [IOW_HOP_THROUGH] = "through",
        [IOW_HOP_DOWN] = "down",
        [IOW_HOP_ARRIVED] = "arrived",
    };

    return (unsigned)way < IOW_HOP_WAY__COUNT ? name[way] : "?";
}
