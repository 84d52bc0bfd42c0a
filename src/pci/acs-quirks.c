/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Linux's device-specific answers to "is ACS enabled here?".
 *
 * Source: drivers/pci/quirks.c pci_dev_acs_enabled[] and its handlers, Linux 6.1 and 6.12 (the same rows in
 * the same order). The rows of two handlers that share a vendor keep that order; within one handler, where
 * order cannot matter, ids are sorted and neighbours merged into ranges. tests/data/acs-quirks.tsv has the
 * kernel's own order, one id a row; a test compares the two.
 */
#include <ioward/acs.h>

enum vendor {
    LOONGSON = 0x0014,
    ATI = 0x1002,
    AMD = 0x1022,
    EMULEX = 0x10df,
    AMCC = 0x10e8,
    BROADCOM = 0x14e4,
    CAVIUM = 0x177d,
    QUALCOMM = 0x17cb,
    SOLARFLARE = 0x1924,
    NXP = 0x1957,
    SERVERENGINES = 0x19a2, /* now Emulex */
    ANNAPURNA = 0x1c36,
    ZHAOXIN = 0x1d17,
    HXT = 0x1dbf,
    AMPERE = 0x1def,
    INTEL = 0x8086,
    WANGXUN = 0x8088,
};

#define ROW(vendor_id, first, last, handler, ...)                                                            \
    {                                                                                                        \
        .vendor = (vendor_id), .device_first = (first), .device_last = (last), .source = (handler),          \
        __VA_ARGS__                                                                                          \
    }

/* Conventional functions of AMD's southbridges too; the vendor says they do not reach each other. */
#define AMD_SB(vendor_id, id)                                                                                \
    ROW(vendor_id, id, id, "amd_sb_acs", .answer = IOW_ACS_QUIRK_AMD_SB,                                     \
        .provides = IOW_ACS_RR | IOW_ACS_CR,                                                                 \
        .condition = IOW_ACS_IF_MULTIFUNCTION | IOW_ACS_IF_ROOT_BUS | IOW_ACS_IF_IVRS)

/* Functions of one device that do not reach each other inside it, by word of the vendor. */
#define ENDPOINTS(vendor_id, first, last)                                                                    \
    ROW(vendor_id, first, last, "mf_endpoint_acs", .answer = IOW_ACS_QUIRK_PROVIDES,                         \
        .provides = ENDPOINT_BITS)
#define ENDPOINT(vendor_id, id) ENDPOINTS(vendor_id, id, id)
#define ENDPOINT_BITS (IOW_ACS_SV | IOW_ACS_TB | IOW_ACS_RR | IOW_ACS_CR | IOW_ACS_UF | IOW_ACS_DT)

/* Isolates like a port with SV, RR, CR and UF set, without saying so in a capability. */
#define ISOLATES(vendor_id, first, last, if_all, handler)                                                    \
    ROW(vendor_id, first, last, handler, .answer = IOW_ACS_QUIRK_PROVIDES, .provides = IOW_ACS_REQUIRED,     \
        .condition = (if_all))

/* Never isolates, even where a capability says that it does. */
#define NEVER(vendor_id, if_all, handler)                                                                    \
    ROW(vendor_id, 0, 0xffff, handler, .answer = IOW_ACS_QUIRK_NEVER, .condition = (if_all))

#define QUALCOMM_PORTS(vendor_id, first, last) ISOLATES(vendor_id, first, last, 0, "qcom_rp_acs")
#define CAVIUM_PORTS(first, last) ISOLATES(CAVIUM, first, last, IOW_ACS_IF_ROOT_PORT, "cavium_acs")
#define LOONGSON_PORT(id) ISOLATES(LOONGSON, id, id, 0, "loongson_acs")
#define NXP_PORTS(first, last) ISOLATES(NXP, first, last, 0, "nxp_rp_acs")
#define WANGXUN_NICS(first, last) ISOLATES(WANGXUN, first, last, 0, "wangxun_nic_acs")
#define ZHAOXIN_PORTS(first, last)                                                                           \
    ISOLATES(ZHAOXIN, first, last, IOW_ACS_IF_ROOT_OR_DOWNSTREAM, "zhaoxin_pcie_ports_acs")

/*
 * Root ports of older Intel chipsets isolate only after pci_quirk_enable_intel_pch_acs() has set them up,
 * which runs when an IOMMU driver asked for ACS at boot, replaces the standard enable step for these ports,
 * and leaves its success in a flag that no file shows. A listed port without the flag never isolates. The
 * ports of PCH_DWORD have an enable step of their own as well (pci_quirk_enable_intel_spt_pch_acs()); its
 * effect is in the registers. Neither step is an answer, so neither has rows here.
 */
#define PCH(first, last)                                                                                     \
    ROW(INTEL, first, last, "intel_pch_acs", .answer = IOW_ACS_QUIRK_PCH, .provides = IOW_ACS_REQUIRED,      \
        .condition = IOW_ACS_IF_ROOT_PORT)
#define PCH_DWORD(first, last)                                                                               \
    ROW(INTEL, first, last, "intel_spt_pch_acs", .answer = IOW_ACS_QUIRK_DWORD,                              \
        .condition = IOW_ACS_IF_ROOT_PORT | IOW_ACS_IF_ACS_CAPABILITY)

static const struct iow_acs_quirk quirk[] = {
    AMD_SB(ATI, 0x4383), /* audio */
    AMD_SB(ATI, 0x4384), /* PCI bridge */
    AMD_SB(ATI, 0x4385), /* SMBus */
    AMD_SB(ATI, 0x4399), /* USB */
    AMD_SB(ATI, 0x439c), /* IDE */
    AMD_SB(ATI, 0x439d), /* LPC */
    AMD_SB(AMD, 0x7809), /* USB */
    AMD_SB(AMD, 0x780f), /* PCI bridge */

    ENDPOINT(SOLARFLARE, 0x0903),
    ENDPOINT(SOLARFLARE, 0x0923),
    ENDPOINT(SOLARFLARE, 0x0a03),

    /* network functions */
    ENDPOINTS(INTEL, 0x105e, 0x1060),
    ENDPOINT(INTEL, 0x10a7),
    ENDPOINT(INTEL, 0x10a9),
    ENDPOINT(INTEL, 0x10c6),
    ENDPOINT(INTEL, 0x10c9),
    ENDPOINT(INTEL, 0x10d6),
    ENDPOINT(INTEL, 0x10d9),
    ENDPOINT(INTEL, 0x10db),
    ENDPOINT(INTEL, 0x10dd),
    ENDPOINT(INTEL, 0x10e1),
    ENDPOINTS(INTEL, 0x10e6, 0x10e8),
    ENDPOINT(INTEL, 0x10f1),
    ENDPOINTS(INTEL, 0x10f7, 0x10fc),
    ENDPOINT(INTEL, 0x1507),
    ENDPOINTS(INTEL, 0x1509, 0x150a),
    ENDPOINTS(INTEL, 0x150d, 0x1511),
    ENDPOINT(INTEL, 0x1514),
    ENDPOINT(INTEL, 0x1516),
    ENDPOINT(INTEL, 0x1518),
    ENDPOINT(INTEL, 0x151c),
    ENDPOINTS(INTEL, 0x1521, 0x1524),
    ENDPOINTS(INTEL, 0x1526, 0x1527),
    ENDPOINTS(INTEL, 0x1529, 0x152a),
    ENDPOINT(INTEL, 0x154d),
    ENDPOINT(INTEL, 0x154f),
    ENDPOINT(INTEL, 0x1551),
    ENDPOINT(INTEL, 0x1558),
    ENDPOINTS(INTEL, 0x15b7, 0x15b8),
    /* VT-d lets integrated endpoints reach each other with translated requests only */
    ISOLATES(INTEL, 0, 0xffff, IOW_ACS_IF_RC_ENDPOINT, "rciep_acs"),

    QUALCOMM_PORTS(QUALCOMM, 0x0111, 0x0111),
    QUALCOMM_PORTS(QUALCOMM, 0x0115, 0x0115),
    QUALCOMM_PORTS(QUALCOMM, 0x0120, 0x0120),
    QUALCOMM_PORTS(QUALCOMM, 0x0400, 0x0401),
    QUALCOMM_PORTS(HXT, 0x0401, 0x0401),

    PCH(0x1c10, 0x1c1f), /* Cougar Point */
    PCH(0x1d10, 0x1d10), /* Patsburg: even ids only */
    PCH(0x1d12, 0x1d12),
    PCH(0x1d14, 0x1d14),
    PCH(0x1d16, 0x1d16),
    PCH(0x1d18, 0x1d18),
    PCH(0x1d1a, 0x1d1a),
    PCH(0x1d1c, 0x1d1c),
    PCH(0x1d1e, 0x1d1e),
    PCH(0x1e10, 0x1e1f), /* Panther Point */
    PCH(0x3b42, 0x3b51), /* Ibex Peak */
    PCH(0x8c10, 0x8c1f), /* Lynx Point-H */
    PCH(0x8c90, 0x8c90), /* Lynx Point, 9 series: even ids only */
    PCH(0x8c92, 0x8c92),
    PCH(0x8c94, 0x8c94),
    PCH(0x8c96, 0x8c96),
    PCH(0x8c98, 0x8c98),
    PCH(0x8c9a, 0x8c9a),
    PCH(0x8c9c, 0x8c9c),
    PCH(0x8c9e, 0x8c9e),
    PCH(0x8d10, 0x8d1e),       /* Wellsburg */
    PCH(0x9c10, 0x9c1b),       /* Lynx Point-LP */
    PCH(0x9c90, 0x9c9b),       /* Wildcat Point */
    PCH_DWORD(0x9d10, 0x9d1b), /* Sunrise Point-LP */
    PCH_DWORD(0xa110, 0xa11f), /* Sunrise Point-H */
    PCH_DWORD(0xa167, 0xa16a),
    PCH_DWORD(0xa290, 0xa29f), /* Union Point */
    PCH_DWORD(0xa2e7, 0xa2ee),

    ENDPOINT(SERVERENGINES, 0x0710),
    ENDPOINT(EMULEX, 0x0720),

    CAVIUM_PORTS(0xa000, 0xa7ff), /* ThunderX1 */
    CAVIUM_PORTS(0xaf84, 0xaf84), /* ThunderX2 */
    CAVIUM_PORTS(0xb884, 0xb884), /* ThunderX3 */
    ENDPOINT(CAVIUM, 0xa026),     /* the same ids as ports of ThunderX1, hence after them */
    ENDPOINT(CAVIUM, 0xa059),
    ENDPOINT(CAVIUM, 0xa060),

    ISOLATES(AMCC, 0xe004, 0xe004, 0, "xgene_acs"),
    ISOLATES(AMPERE, 0xe005, 0xe00c, 0, "xgene_acs"),

    ENDPOINT(BROADCOM, 0x16d7),
    ENDPOINTS(BROADCOM, 0x1750, 0x1752),
    ENDPOINTS(BROADCOM, 0x1760, 0x1763),
    ISOLATES(BROADCOM, 0xd714, 0xd714, 0, "brcm_acs"),

    LOONGSON_PORT(0x3c09),
    LOONGSON_PORT(0x3c19),
    LOONGSON_PORT(0x3c29),
    LOONGSON_PORT(0x7a09),
    LOONGSON_PORT(0x7a19),
    LOONGSON_PORT(0x7a29),
    LOONGSON_PORT(0x7a39),
    LOONGSON_PORT(0x7a49),
    LOONGSON_PORT(0x7a59),
    LOONGSON_PORT(0x7a69),

    ISOLATES(ANNAPURNA, 0x0031, 0x0031, IOW_ACS_IF_ROOT_PORT, "al_acs"),

    ENDPOINT(ZHAOXIN, 0x3038),
    ENDPOINT(ZHAOXIN, 0x3104),
    ENDPOINT(ZHAOXIN, 0x9083),

    NXP_PORTS(0x8d80, 0x8d83),
    NXP_PORTS(0x8d88, 0x8d8b),
    NXP_PORTS(0x8d90, 0x8d93),
    NXP_PORTS(0x8d98, 0x8d9b),
    NXP_PORTS(0x8da0, 0x8da1),
    NXP_PORTS(0x8da8, 0x8da9),
    NXP_PORTS(0x8db0, 0x8db1),
    NXP_PORTS(0x8db8, 0x8db9),

    ZHAOXIN_PORTS(0x0710, 0x071e),
    ZHAOXIN_PORTS(0x0721, 0x0721),
    ZHAOXIN_PORTS(0x0723, 0x0752),
    /* the kernel's handler answers "no" for every other port, before any capability is read */
    NEVER(ZHAOXIN, IOW_ACS_IF_ROOT_OR_DOWNSTREAM, "zhaoxin_pcie_ports_acs"),

    WANGXUN_NICS(0x0100, 0x010f),
    WANGXUN_NICS(0x1001, 0x1001),
    WANGXUN_NICS(0x2001, 0x2001),
    WANGXUN_NICS(0x5010, 0x5010),
    WANGXUN_NICS(0x5025, 0x5025),
    WANGXUN_NICS(0x5040, 0x5040),
    WANGXUN_NICS(0x5110, 0x5110),
    WANGXUN_NICS(0x5125, 0x5125),
    WANGXUN_NICS(0x5140, 0x5140),
    /* and here for every other function of the vendor, single-function endpoints included */
    NEVER(WANGXUN, 0, "wangxun_nic_acs"),
};

#define N_QUIRKS (sizeof(quirk) / sizeof(quirk[0]))

/* Every IOW_ACS_IF_... that holds for this function. */
static uint8_t conditions_of(const struct iow_config *config, const struct iow_acs_context *context)
{
    unsigned holds = 0;

    if (context->multifunction)
        holds |= IOW_ACS_IF_MULTIFUNCTION;
    if (context->on_root_bus)
        holds |= IOW_ACS_IF_ROOT_BUS;
    if (context->ivrs)
        holds |= IOW_ACS_IF_IVRS;
    if (config->pcie_type == IOW_PCIE_RC_ENDPOINT)
        holds |= IOW_ACS_IF_RC_ENDPOINT;
    if (config->pcie_type == IOW_PCIE_ROOT_PORT)
        holds |= IOW_ACS_IF_ROOT_PORT | IOW_ACS_IF_ROOT_OR_DOWNSTREAM;
    if (config->pcie_type == IOW_PCIE_DOWNSTREAM_PORT)
        holds |= IOW_ACS_IF_ROOT_OR_DOWNSTREAM;
    if (config->acs_offset)
        holds |= IOW_ACS_IF_ACS_CAPABILITY;
    return (uint8_t)holds;
}

const struct iow_acs_quirk *iow_acs_quirk_at(uint32_t i)
{
    return i < N_QUIRKS ? &quirk[i] : NULL;
}

/* Most functions are not: their rows need not be looked for. */
static bool is_listed(enum vendor vendor)
{
    switch (vendor) {
    case LOONGSON:
    case ATI:
    case AMD:
    case EMULEX:
    case AMCC:
    case BROADCOM:
    case CAVIUM:
    case QUALCOMM:
    case SOLARFLARE:
    case NXP:
    case SERVERENGINES:
    case ANNAPURNA:
    case ZHAOXIN:
    case HXT:
    case AMPERE:
    case INTEL:
    case WANGXUN:
        return true;
    }
    return false;
}

uint32_t iow_acs_quirk_find(const struct iow_config *config, const struct iow_acs_context *context)
{
    const uint8_t holds = conditions_of(config, context);

    for (uint32_t i = is_listed((enum vendor)config->vendor) ? 0 : N_QUIRKS; i < N_QUIRKS; i++) {
        const struct iow_acs_quirk *q = &quirk[i];

        if (q->vendor == config->vendor && q->device_first <= config->device &&
            config->device <= q->device_last && !(q->condition & ~holds))
            return i;
    }
    return IOW_NONE;
}
