/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DMA aliases: functions that use another requester ID than their own.
 *
 * Source: Linux 6.1 and 6.12 drivers/pci/quirks.c (DECLARE_PCI_FIXUP_HEADER/FINAL rows that call
 * pci_add_dma_alias() or set PCI_DEV_FLAGS_PCIE_BRIDGE_ALIAS, PCI_DEV_FLAGS_BRIDGE_XLATE_ROOT).
 */
#ifndef IOWARD_ALIAS_H
#define IOWARD_ALIAS_H

#include <ioward/config.h>

#ifdef __cplusplus
extern "C" {
#endif

enum iow_alias_kind {
    IOW_ALIAS_FUNCTION_0, /* requests carry function 0 of the same slot; not on function 0 itself */
    IOW_ALIAS_FUNCTION_1, /* requests carry function 1 of the same slot; not on function 1 itself */
    IOW_ALIAS_FIXED,      /* requests may also carry the listed devfns of the same bus */
    IOW_ALIAS_ALL_SLOTS,  /* functions 0 to 4 of every slot of the same bus */
    IOW_ALIAS_ALL,        /* all 256 devfns of the same bus */
    IOW_ALIAS_RUNTIME, /* more devfns, which the kernel reads from the device's BAR: before grouping at boot,
                          after it on hotplug */
    IOW_ALIAS_BRIDGE_EXPRESS, /* a conventional bridge that aliases like a PCIe-to-PCI bridge */
    IOW_ALIAS_TRANSLATE_ROOT, /* the walk towards the root for aliases ends below this bridge */
};

/* One row of the table. */
struct iow_alias_quirk {
    uint16_t vendor, device;
    uint16_t subvendor, subdevice; /* FFFFh: any */
    uint32_t class_code;           /* base class and subclass (class code >> 8) a row is limited to; 0: any */
    uint8_t kind;                  /* enum iow_alias_kind */
    uint8_t n_fixed;
    uint8_t fixed[4]; /* devfns */
    uint16_t since;   /* first release with the row, major << 8 | minor; 0: all we know */
    const char *about;
};

/* iow_alias_quirk_at - row i of the table; NULL past the end */
const struct iow_alias_quirk *iow_alias_quirk_at(uint32_t i);

/* iow_alias_quirk_find - index of the row for this function's ids and class at or after row from; IOW_NONE if
 * none. Conditions on the function number and on the bridges above are the caller's to test
 * (iow_alias_devfns()). */
uint32_t iow_alias_quirk_find(const struct iow_config *config, uint32_t from);

/* A set of devfns of one bus. */
struct iow_devfn_set {
    uint64_t word[4];
};

static inline bool iow_devfn_set_has(const struct iow_devfn_set *s, uint8_t devfn)
{
    return s->word[devfn >> 6] >> (devfn & 63) & 1;
}

/*
 * iow_alias_devfns - the devfns that requests of this function may carry beside its own, when groups are made
 * Out:     ret      empty for most functions
 * Returns: index of the deciding row, IOW_NONE when no row adds any
 */
uint32_t iow_alias_devfns(const struct iow_config *config, uint8_t devfn, struct iow_devfn_set *ret);

#ifdef __cplusplus
}
#endif
#endif
