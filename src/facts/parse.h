/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel's text files say, one parser a file. Pure; any bytes may come in, they need no NUL.
 *
 * Every parser returns 0 or -IOW_EINVAL and writes its result only on success, unless said otherwise.
 */
#ifndef IOWARD_FACTS_PARSE_H
#define IOWARD_FACTS_PARSE_H

#include <ioward/facts.h>

/* iow_parse_number - "12", or "0x1f" when hex is asked for: all of the text, at most most */
int iow_parse_number(const char *text, size_t len, bool hex, uint64_t most, uint64_t *ret);

/* iow_parse_power_state - the state by its name, IOW_POWER_UNKNOWN for any other text */
enum iow_power_state iow_parse_power_state(const char *text, size_t len);

/* iow_parse_lockdown - "none [integrity] confidentiality": the one in brackets, IOW_LOCKDOWN_UNKNOWN if there
 * is none. Source: security/lockdown/lockdown.c lockdown_read() */
enum iow_lockdown iow_parse_lockdown(const char *text, size_t len);

/* iow_parse_release - "6.12.0-rc1+deb12" is 6 << 8 | 12; 0 if it begins otherwise */
uint16_t iow_parse_release(const char *text, size_t len);

/*
 * iow_parse_bar - one line of a function's resource file: first, last, flags
 * Out:     ret     index is not written
 * Source:  drivers/pci/pci-sysfs.c resource_show()
 */
int iow_parse_bar(const char *line, size_t len, struct iow_bar *ret);

/*
 * iow_parse_region - one line of a group's reserved_regions file: first, last, type
 * Out:     ret, ret_type_len  type points into line
 * Source:  drivers/iommu/iommu.c iommu_group_show_resv_regions()
 */
int iow_parse_region(const char *line, size_t len, struct iow_region *ret, size_t *ret_type_len);

/*
 * iow_parse_slot - where a slot's card is: "0000:01:00", or "0000:01" for all devices of a bus
 * Out:     ret     only domain, bus and device are written
 * Source:  drivers/pci/slot.c address_read_file()
 */
int iow_parse_slot(const char *text, size_t len, struct iow_slot *ret);

/* iow_parse_interrupts - by the name of the interrupt chip of one such interrupt. Source:
 * drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/iommu.c ("IR-"), drivers/irqchip/irq-gic-v3-its-msi-parent.c and
 * irq-gic-v3-its-pci-msi.c ("ITS-"), irq-gic-v2m.c ("GICv2m-"), arch/x86/kernel/apic/msi.c ("PCI-MSI") */
enum iow_interrupts iow_parse_interrupts(const char *text, size_t len);

/* iow_parse_line - the next line of a text without its newline; false at the end. Moves *text and *len past
 * it */
bool iow_parse_line(const char **text, size_t *len, const char **ret_line, size_t *ret_line_len);

/* Where sysfs places a function among its bridges. */
struct iow_place {
    bool has_parent;   /* else: on a root bus */
    bool has_real_dma; /* below a host bridge that is itself below a function */
    struct iow_address parent, real_dma;
};

/*
 * iow_parse_place - the place of a function from the path of its folder, or the text of a link to it
 * Errors:  -IOW_EINVAL the path does not end in the function's address
 * Source:  drivers/pci/probe.c pci_register_host_bridge() ("pci%04x:%02x"), pci_setup_device() (the names);
 *          arch/x86/pci/common.c pci_real_dma_dev() (everything below the host bridge of VMD)
 */
int iow_parse_place(const char *path, size_t len, const struct iow_address *own, struct iow_place *ret);

/* iow_parse_last_function - the last component of a path that is a function's address */
int iow_parse_last_function(const char *path, size_t len, struct iow_address *ret);

/* iow_parse_address_name - an address exactly as the kernel names a function's folder */
int iow_parse_address_name(const char *name, size_t len, struct iow_address *ret);

#endif
