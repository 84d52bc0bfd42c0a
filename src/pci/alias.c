/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Source: drivers/pci/quirks.c quirk_dma_func0_alias(), quirk_dma_func1_alias(), quirk_fixed_dma_alias(),
 * quirk_use_pcie_bridge_dma_alias(), quirk_mic_x200_dma_alias(), quirk_pex_vca_alias(),
 * quirk_bridge_cavm_thrx2_pcie_root(), quirk_plx_ntb_dma_alias(), quirk_switchtec_ntb_dma_alias().
 *
 * Two kinds of alias have no ids and so no rows: functions behind a VMD, which use the VMD's requester ID
 * (pci_real_dma_dev()), and those of AMD's IVRS table (drivers/iommu/amd/iommu.c).
 */
#include <ioward/alias.h>

enum vendor {
    MICROCHIP_EFAR = 0x1055,
    HIGHPOINT = 0x1103,
    PLX = 0x10b5,
    TUNDRA = 0x10e3,
    RICOH = 0x1180,
    MICROSEMI = 0x11f8,
    ITE = 0x1283,
    BROADCOM = 0x14e4,
    JMICRON = 0x197b,
    ASMEDIA = 0x1b21,
    MARVELL_EXT = 0x1b4b,
    LITEON = 0x1c28,
    GLENFLY = 0x6766,
    INTEL = 0x8086,
    ADAPTEC_2 = 0x9005,
};

#define ANY 0xffff
#define CLASS_BRIDGE_OTHER 0x0680
#define DEVFN(slot, function) ((slot) << 3 | (function))

#define ROW(vendor_id, id, kind_, about_, ...)                                                               \
    {                                                                                                        \
        .vendor = (vendor_id), .device = (id), .subvendor = ANY, .subdevice = ANY, .kind = (kind_),          \
        .about = (about_), ##__VA_ARGS__                                                                     \
    }

#define FUNCTION_0(vendor_id, id, about) ROW(vendor_id, id, IOW_ALIAS_FUNCTION_0, about)
#define FUNCTION_1(vendor_id, id, about) ROW(vendor_id, id, IOW_ALIAS_FUNCTION_1, about)
#define MARVELL(id) FUNCTION_1(MARVELL_EXT, id, "Marvell SATA controller")
#define ADAPTEC(subdevice_id, about_)                                                                        \
    {                                                                                                        \
        .vendor = ADAPTEC_2, .device = 0x0285, .subvendor = ADAPTEC_2, .subdevice = (subdevice_id),          \
        .kind = IOW_ALIAS_FIXED, .about = (about_), .n_fixed = 1, .fixed = {                                 \
            DEVFN(0x01, 0)                                                                                   \
        }                                                                                                    \
    }
#define BRIDGE(vendor_id, id, about) ROW(vendor_id, id, IOW_ALIAS_BRIDGE_EXPRESS, about)
#define MIC_X200(id)                                                                                         \
    ROW(INTEL, id, IOW_ALIAS_FIXED, "MIC x200 non-transparent bridge", .n_fixed = 3,                         \
        .fixed = {DEVFN(0x10, 0), DEVFN(0x11, 0), DEVFN(0x12, 3)})
#define VCA(id) ROW(INTEL, id, IOW_ALIAS_ALL_SLOTS, "Visual Compute Accelerator")
#define THUNDERX2(id) ROW(BROADCOM, id, IOW_ALIAS_TRANSLATE_ROOT, "Vulcan or ThunderX2 bridge")
#define PLX_NTB(id) ROW(PLX, id, IOW_ALIAS_ALL, "PEX 87xx non-transparent bridge")
#define RUNTIME(vendor_id, id, about, ...)                                                                   \
    ROW(vendor_id, id, IOW_ALIAS_RUNTIME, about, .class_code = CLASS_BRIDGE_OTHER, ##__VA_ARGS__)
#define SWITCHTEC(id) RUNTIME(MICROSEMI, id, "Switchtec non-transparent bridge")
#define SWITCHTEC_3(a, b, c) SWITCHTEC(a), SWITCHTEC(b), SWITCHTEC(c)
#define SWITCHTEC_6(a, b, c, d, e, f) SWITCHTEC_3(a, b, c), SWITCHTEC_3(d, e, f)
#define PCI100X(id, ...) RUNTIME(MICROCHIP_EFAR, id, "PCI100x non-transparent bridge", ##__VA_ARGS__)

static const struct iow_alias_quirk quirk[] = {
    FUNCTION_0(RICOH, 0xe832, "Ricoh card reader"),
    FUNCTION_0(RICOH, 0xe476, "Ricoh card reader"),
    FUNCTION_0(GLENFLY, 0x3d40, "Glenfly graphics"),
    FUNCTION_0(GLENFLY, 0x3d41, "Glenfly graphics"),

    MARVELL(0x9120),
    MARVELL(0x9123),
    MARVELL(0x9125),
    MARVELL(0x9128),
    MARVELL(0x9130),
    MARVELL(0x9170),
    MARVELL(0x9172),
    MARVELL(0x917a),
    MARVELL(0x9182),
    MARVELL(0x9183),
    MARVELL(0x91a0),
    MARVELL(0x9215),
    MARVELL(0x9220),
    MARVELL(0x9230),
    MARVELL(0x9235),

    FUNCTION_1(HIGHPOINT, 0x0642, "HighPoint RocketRAID"),
    FUNCTION_1(HIGHPOINT, 0x0645, "HighPoint RocketRAID"),
    FUNCTION_1(JMICRON, 0x2392, "JMicron JMB388"),
    FUNCTION_1(LITEON, 0x0122, "Plextor M6e"),

    ADAPTEC(0x02bb, "Adaptec 3405"),
    ADAPTEC(0x02bc, "Adaptec 3805"),

    BRIDGE(ASMEDIA, 0x1080, "ASM1083/1085"),
    BRIDGE(TUNDRA, 0x8113, "Tundra 8113"),
    BRIDGE(ITE, 0x8892, "ITE 8892"),
    BRIDGE(ITE, 0x8893, "ITE 8893"),
    BRIDGE(INTEL, 0x244e, "Intel 82801"),

    MIC_X200(0x2260),
    MIC_X200(0x2264),

    VCA(0x2954),
    VCA(0x2955),
    VCA(0x2956),
    VCA(0x2958),
    VCA(0x2959),
    VCA(0x295a),

    THUNDERX2(0x9000),
    THUNDERX2(0x9084),

    PLX_NTB(0x87b0),
    PLX_NTB(0x87b1),

    SWITCHTEC_6(0x8531, 0x8532, 0x8533, 0x8534, 0x8535, 0x8536), /* PFX, PCIe 3 */
    SWITCHTEC_6(0x8541, 0x8542, 0x8543, 0x8544, 0x8545, 0x8546), /* PSX */
    SWITCHTEC_6(0x8551, 0x8552, 0x8553, 0x8554, 0x8555, 0x8556), /* PAX */
    SWITCHTEC_6(0x8561, 0x8562, 0x8563, 0x8564, 0x8565, 0x8566), /* PFXL */
    SWITCHTEC_6(0x8571, 0x8572, 0x8573, 0x8574, 0x8575, 0x8576), /* PFXI */
    SWITCHTEC_6(0x4000, 0x4084, 0x4068, 0x4052, 0x4036, 0x4028), /* PFX, PCIe 4 */
    SWITCHTEC_6(0x4100, 0x4184, 0x4168, 0x4152, 0x4136, 0x4128), /* PSX */
    SWITCHTEC_6(0x4200, 0x4284, 0x4268, 0x4252, 0x4236, 0x4228), /* PAX */
    SWITCHTEC_3(0x4352, 0x4336, 0x4328),                         /* PFXA */
    SWITCHTEC_3(0x4452, 0x4436, 0x4428),                         /* PSXA */
    SWITCHTEC_3(0x4552, 0x4536, 0x4528),                         /* PAXA */
    SWITCHTEC_6(0x5000, 0x5084, 0x5068, 0x5052, 0x5036, 0x5028), /* PFX, PCIe 5 */
    SWITCHTEC_6(0x5100, 0x5184, 0x5168, 0x5152, 0x5136, 0x5128), /* PSX */
    SWITCHTEC_6(0x5200, 0x5284, 0x5268, 0x5252, 0x5236, 0x5228), /* PAX */
    SWITCHTEC_6(0x5300, 0x5384, 0x5368, 0x5352, 0x5336, 0x5328), /* PFXA */
    SWITCHTEC_6(0x5400, 0x5484, 0x5468, 0x5452, 0x5436, 0x5428), /* PSXA */
    SWITCHTEC_6(0x5500, 0x5584, 0x5568, 0x5552, 0x5536, 0x5528), /* PAXA */

    PCI100X(0x1001),
    PCI100X(0x1002),
    PCI100X(0x1003),
    PCI100X(0x1004),
    PCI100X(0x1005),
    PCI100X(0x1006),
    PCI100X(0x1008, .since = 6 << 8 | 12),
};

#define N_QUIRKS (sizeof(quirk) / sizeof(quirk[0]))

const struct iow_alias_quirk *iow_alias_quirk_at(uint32_t i)
{
    return i < N_QUIRKS ? &quirk[i] : NULL;
}

static bool is_for(const struct iow_alias_quirk *q, const struct iow_config *config)
{
    return q->vendor == config->vendor && q->device == config->device &&
           (q->subvendor == ANY || q->subvendor == config->subvendor) &&
           (q->subdevice == ANY || q->subdevice == config->subdevice) &&
           (!q->class_code || q->class_code == config->class_code >> 8);
}

/* Most functions are not: their rows need not be looked for. */
static bool is_listed(enum vendor vendor)
{
    switch (vendor) {
    case MICROCHIP_EFAR:
    case HIGHPOINT:
    case PLX:
    case TUNDRA:
    case RICOH:
    case MICROSEMI:
    case ITE:
    case BROADCOM:
    case JMICRON:
    case ASMEDIA:
    case MARVELL_EXT:
    case LITEON:
    case GLENFLY:
    case INTEL:
    case ADAPTEC_2:
        return true;
    }
    return false;
}

uint32_t iow_alias_quirk_find(const struct iow_config *config, uint32_t from)
{
    for (uint32_t i = is_listed((enum vendor)config->vendor) ? from : N_QUIRKS; i < N_QUIRKS; i++)
        if (is_for(&quirk[i], config))
            return i;
    return IOW_NONE;
}

static void add(struct iow_devfn_set *set, unsigned devfn)
{
    set->word[devfn >> 6] |= UINT64_C(1) << (devfn & 63);
}

static void add_functions(struct iow_devfn_set *set, unsigned per_slot)
{
    for (unsigned devfn = 0; devfn < 256; devfn++)
        if ((devfn & 7) < per_slot)
            add(set, devfn);
}

static void add_row(struct iow_devfn_set *set, const struct iow_alias_quirk *q, uint8_t devfn)
{
    switch (q->kind) {
    case IOW_ALIAS_FUNCTION_0:
        add(set, devfn & ~7u);
        break;
    case IOW_ALIAS_FUNCTION_1:
        add(set, (devfn & ~7u) | 1);
        break;
    case IOW_ALIAS_FIXED:
        for (unsigned i = 0; i < q->n_fixed; i++)
            add(set, q->fixed[i]);
        break;
    case IOW_ALIAS_ALL_SLOTS:
        add_functions(set, 5);
        break;
    case IOW_ALIAS_ALL:
        add_functions(set, 8);
        break;
    default: /* says something about bridges, or is written in registers that we do not read */
        break;
    }
    set->word[devfn >> 6] &= ~(UINT64_C(1) << (devfn & 63));
}

static bool is_empty(const struct iow_devfn_set *set)
{
    return !(set->word[0] | set->word[1] | set->word[2] | set->word[3]);
}

uint32_t iow_alias_devfns(const struct iow_config *config, uint8_t devfn, struct iow_devfn_set *ret)
{
    uint32_t row = IOW_NONE;

    *ret = (struct iow_devfn_set){{0}};
    for (uint32_t i = iow_alias_quirk_find(config, 0); i != IOW_NONE;
         i = iow_alias_quirk_find(config, i + 1)) {
        add_row(ret, &quirk[i], devfn);
        if (row == IOW_NONE && !is_empty(ret))
            row = i;
    }
    return row;
}
