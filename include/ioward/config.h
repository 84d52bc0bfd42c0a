/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Config space of one function, decoded as far as grouping and routing need it.
 *
 * Knows the headers, the two capability lists and the few capabilities below; does not know where the bytes
 * come from: a reader callback fetches them, so a live device, a captured file and a fuzzer's buffer are the
 * same. Reads as little as possible: 64 bytes of header, then only capability headers and what is named here.
 *
 * Source: PCI Local Bus 3.0 section 6; PCI-to-PCI Bridge Architecture 1.2 section 3.2.5 (windows); PCIe Base 6.0
 * section 7 (capability structures), 7.7.11 (ACS), 9.3 (SR-IOV), 10.5 (ATS); Linux include/uapi/linux/pci_regs.h.
 */
#ifndef IOWARD_CONFIG_H
#define IOWARD_CONFIG_H

#include <ioward/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PCIe device/port type: bits 7:4 of the PCI Express Capabilities register. */
enum iow_pcie_type {
    IOW_PCIE_ENDPOINT = 0x0,
    IOW_PCIE_LEGACY_ENDPOINT = 0x1,
    IOW_PCIE_ROOT_PORT = 0x4,
    IOW_PCIE_UPSTREAM_PORT = 0x5,
    IOW_PCIE_DOWNSTREAM_PORT = 0x6,
    IOW_PCIE_TO_PCI_BRIDGE = 0x7,
    IOW_PCI_TO_PCIE_BRIDGE = 0x8,
    IOW_PCIE_RC_ENDPOINT = 0x9,
    IOW_PCIE_RC_EVENT_COLLECTOR = 0xa,
    IOW_PCIE_NONE = 0xff, /* no PCI Express capability: conventional PCI or PCI-X */
};

/* ACS capability and control bits (the same positions in both registers). */
enum iow_acs_bit {
    IOW_ACS_SV = 0x01, /* Source Validation */
    IOW_ACS_TB = 0x02, /* Translation Blocking */
    IOW_ACS_RR = 0x04, /* P2P Request Redirect */
    IOW_ACS_CR = 0x08, /* P2P Completion Redirect */
    IOW_ACS_UF = 0x10, /* Upstream Forwarding */
    IOW_ACS_EC = 0x20, /* P2P Egress Control */
    IOW_ACS_DT = 0x40, /* Direct Translated P2P */
};

/* Which parts of an iow_config are true. */
enum iow_config_known {
    IOW_CONFIG_IDS = 0x01,      /* vendor, device, class (perhaps from elsewhere than config space) */
    IOW_CONFIG_HEADER = 0x02,   /* the first 64 bytes */
    IOW_CONFIG_CAPS = 0x04,     /* the conventional capability list was walked to its end: pcie_type */
    IOW_CONFIG_EXT_CAPS = 0x08, /* the extended list was walked to its end, or cannot exist: acs, sriov */
    IOW_CONFIG_DAMAGED = 0x10,  /* a list loops or leaves its space; what was found before that is kept */
};

/* Forwarding windows of a bridge; base > last: the window is closed. Bytes, both inclusive. */
struct iow_windows {
    uint64_t io_base, io_last;
    uint64_t memory_base, memory_last;
    uint64_t prefetch_base, prefetch_last;
};

#define IOW_BARS 6
#define IOW_EGRESS_PORTS 256

struct iow_config {
    uint8_t known;       /* IOW_CONFIG_... */
    uint8_t header_type; /* bits 6:0: 0 normal, 1 bridge, 2 CardBus */
    bool multifunction;  /* bit 7 of the header type register */
    uint8_t pcie_type;   /* enum iow_pcie_type */
    uint16_t vendor, device;
    uint16_t subvendor, subdevice; /* 0 where the header has none */
    uint16_t command, status;
    uint32_t class_code; /* 24 bits: base class, subclass, interface */
    uint8_t revision;
    uint32_t bar[IOW_BARS]; /* base address registers as they are; a bridge has two, a CardBus bridge one */
    /* bridges only */
    uint8_t primary, secondary, subordinate; /* bus numbers */
    uint16_t bridge_control;
    struct iow_windows windows; /* of a CardBus bridge: its two memory windows, and no I/O ports */
    /* offsets in bytes, 0: no such capability */
    uint16_t pcie_offset, acs_offset, sriov_offset, ats_offset;
    uint16_t acs_cap, acs_ctrl;             /* 16-bit registers at +4, +6 */
    uint32_t acs_dword_cap, acs_dword_ctrl; /* at +4, +8: the layout of some Intel root ports, see acs.h */
    uint32_t acs_egress[IOW_EGRESS_PORTS / 32]; /* Egress Control Vector, bit 0 first; read where EC is on */
    uint8_t
        port_number;   /* of Root, Upstream and Downstream Ports: what an Egress Control Vector calls them */
    uint16_t ats_ctrl; /* 16-bit register at +6 */
    uint16_t sriov_ctrl;       /* 16-bit register at +8 */
    uint32_t vf_bar[IOW_BARS]; /* base address registers of all virtual functions together */
    uint32_t
        mpc; /* dword at d8h of Intel root ports without ACS (Miscellaneous Port Configuration), else 0 */
};

struct iow_config_reader {
    /*
     * Fetches len bytes at offset (both multiples of 4, or any in the first 64 bytes; len at most 64).
     * Returns the bytes got, fewer at the end of what is readable, or a negative error.
     */
    int (*read)(void *ctx, uint32_t offset, void *buf, uint32_t len);
    void *ctx;
};

/*
 * iow_config_decode - read and decode one function
 * Out:     ret     on any return; what could not be read is not in ret->known. Values are little-endian
 *                  in config space and native here. A virtual function's vendor and device read FFFFh:
 *                  the caller puts what sysfs says.
 *          reterr  why something is missing, when less than everything is known
 * Errors:  0 also when parts are missing for lack of permission (short reads: IOW-READ-CONFIG-SHORT in
 *          reterr); -IOW_ELOOP a capability list loops; -IOW_EINVAL a pointer leaves its space; -IOW_ENODEV
 *          only ones were read: nothing answers; the reader's own error
 * Source:  drivers/pci/pci.c __pci_find_next_cap_ttl(), pci_find_next_ext_capability()
 */
int iow_config_decode(
    const struct iow_config_reader *reader, struct iow_config *ret, struct iow_explain *reterr);

/* One entry of a capability list. */
struct iow_capability {
    uint16_t id;
    uint16_t offset;
    bool extended;
    uint8_t version; /* extended only */
};

/*
 * iow_config_list - every capability, in list order, conventional first
 * Out:     list, ret_n  at most max entries
 * Errors:  as iow_config_decode(), what was found before the error is in the list; -IOW_E2BIG: more than max
 */
int iow_config_list(const struct iow_config_reader *reader, const struct iow_config *config,
    struct iow_capability *list, uint32_t max, uint32_t *ret_n, struct iow_explain *reterr);

/* The bits that decide whether a function takes part in memory requests. */
enum iow_config_bit {
    IOW_COMMAND_MEMORY = 0x2,  /* Command: answers memory requests; of a bridge: passes them down */
    IOW_COMMAND_MASTER = 0x4,  /* Command: makes memory requests; of a bridge: passes them up */
    IOW_SRIOV_VF_ENABLE = 0x1, /* SR-IOV Control */
    IOW_SRIOV_VF_MEMORY = 0x8,
    IOW_ATS_ENABLE = 0x8000, /* ATS Control */
};

/*
 * iow_config_memory - the next assigned memory range that base address registers name
 * In:      bar    IOW_BARS registers
 *          at     register to begin with
 * Out:     ret    where the range begins, in bytes; how long it is, no register tells
 * Returns: the register after the range's, to go on with; 0: there is no more
 * Source:  PCI Local Bus 3.0 section 6.2.5.1; a range at 0 is one that nobody assigned
 */
uint32_t iow_config_memory(const uint32_t *bar, uint32_t at, uint64_t *ret);

/* iow_capability_name - short name of a capability, "Vendor" style words of lspci; NULL when unknown */
const char *iow_capability_name(const struct iow_capability *cap);

/* iow_pcie_type_name - "root port", "downstream port", ...; "conventional" for IOW_PCIE_NONE */
const char *iow_pcie_type_name(uint8_t pcie_type);

static inline bool iow_config_is_bridge(const struct iow_config *c)
{
    return c->header_type == 1 || c->header_type == 2;
}

#ifdef __cplusplus
}
#endif
#endif
