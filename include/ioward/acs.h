/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does a function isolate by ACS, as Linux judges it?
 *
 * Knows the kernel's rule and its table of device-specific answers; knows nothing of neighbours or paths.
 *
 * Source: Linux 6.1 and 6.12 (identical): drivers/pci/pci.c pci_acs_enabled(), pci_acs_flags_enabled();
 * drivers/pci/quirks.c pci_dev_specific_acs_enabled().
 */
#ifndef IOWARD_ACS_H
#define IOWARD_ACS_H

#include <ioward/config.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What Linux demands of a path before it separates devices. Source: drivers/iommu/iommu.c REQ_ACS_FLAGS. */
#define IOW_ACS_REQUIRED (IOW_ACS_SV | IOW_ACS_RR | IOW_ACS_CR | IOW_ACS_UF)

enum iow_acs_value {
    IOW_ACS_NO,
    IOW_ACS_YES,
    IOW_ACS_UNKNOWN, /* what decides was not readable */
};

enum iow_acs_basis {
    IOW_ACS_BY_QUIRK,           /* a row of the kernel's device-specific table */
    IOW_ACS_BY_CONVENTIONAL,    /* no PCI Express capability: never isolates */
    IOW_ACS_BY_BRIDGE_TYPE,     /* PCIe/PCI bridge or event collector: never isolates */
    IOW_ACS_BY_NO_CAPABILITY,   /* the type needs ACS and has no such capability */
    IOW_ACS_BY_BITS,            /* the capability's registers */
    IOW_ACS_BY_SINGLE_FUNCTION, /* a single-function endpoint or upstream port needs none */
    IOW_ACS_BY_OTHER_TYPE,      /* a type the rule does not name: isolates */
    IOW_ACS_BY_UNREAD,          /* goes with IOW_ACS_UNKNOWN */
};

/* What the platform adds to one function's config space. */
struct iow_acs_context {
    bool on_root_bus;
    bool multifunction; /* as Linux holds it; not always the header's bit, see grouping.h */
    bool ivrs;          /* the machine has an ACPI IVRS table */
    bool acs_requested; /* an IOMMU driver asked for ACS at boot (pci_request_acs) */
};

struct iow_acs_answer {
    enum iow_acs_value value : 8; /* narrow, since there is one for each function of a machine */
    enum iow_acs_basis basis : 8;
    uint16_t missing; /* required bits that decide a NO by registers */
    bool assumed;     /* rests on an enable step of the kernel that no file shows */
    uint16_t quirk;   /* row of iow_acs_quirk_at() that decided; meaningful with IOW_ACS_BY_QUIRK */
};

/* iow_acs_enabled - the kernel's pci_acs_enabled(config, required) */
struct iow_acs_answer iow_acs_enabled(
    const struct iow_config *config, const struct iow_acs_context *context, uint16_t required);

/* How a quirk row answers. */
enum iow_acs_quirk_answer {
    IOW_ACS_QUIRK_PROVIDES, /* isolates iff all required bits are in provides */
    IOW_ACS_QUIRK_NEVER,    /* never isolates, whatever the registers say */
    IOW_ACS_QUIRK_DWORD,    /* registers in the 32-bit layout (capability +4, control +8) */
    IOW_ACS_QUIRK_AMD_SB,   /* required is first cut to RR, CR, EC, DT */
    IOW_ACS_QUIRK_PCH,      /* provides, if the kernel's enable step succeeded; else never */
};

/* What a row asks of the function beyond its ids. */
enum iow_acs_quirk_condition {
    IOW_ACS_IF_MULTIFUNCTION = 0x01,
    IOW_ACS_IF_ROOT_BUS = 0x02,
    IOW_ACS_IF_IVRS = 0x04,
    IOW_ACS_IF_RC_ENDPOINT = 0x08,
    IOW_ACS_IF_ROOT_PORT = 0x10,
    IOW_ACS_IF_ROOT_OR_DOWNSTREAM = 0x20,
    IOW_ACS_IF_ACS_CAPABILITY = 0x40,
};

/* One row: the first row whose ids and conditions hold decides. */
struct iow_acs_quirk {
    uint16_t vendor;
    uint16_t device_first, device_last; /* inclusive; 0 and FFFFh: every device of the vendor */
    uint8_t condition;                  /* IOW_ACS_IF_..., all must hold */
    uint8_t answer;                     /* enum iow_acs_quirk_answer */
    uint16_t provides;                  /* IOW_ACS_... bits */
    const char *source;                 /* the kernel's handler, without the pci_quirk_ prefix */
};

/* iow_acs_quirk_at - row i of the table in the kernel's order; NULL past the end */
const struct iow_acs_quirk *iow_acs_quirk_at(uint32_t i);

/* iow_acs_quirk_find - index of the row that decides for this function, IOW_NONE if none does */
uint32_t iow_acs_quirk_find(const struct iow_config *config, const struct iow_acs_context *context);

#ifdef __cplusplus
}
#endif
#endif
