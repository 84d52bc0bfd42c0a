/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redaction: a capture is meant to be sent to strangers.
 *
 * Every replacement keeps the length, so that offsets, sizes and paths keep their meaning. Redacting twice
 * changes nothing.
 *
 * Taken out:
 *  - config space: the serial number of the Device Serial Number capability, the data register of the VPD
 * capability;
 *  - texts: UUIDs; the hex digits of any value assigned to a key that ends in "uuid"; runs of six or more hex
 * pairs joined by ':' or '-' (MAC addresses, BOOTIF=, InfiniBand addresses); MAC addresses inside names of
 * interfaces ("enx0011..."); the host name, as a whole word, with the domain that follows it and as LVM
 * writes it (each '-' doubled);
 *  - paths and link texts: MAC addresses inside names of interfaces.
 *
 * Not taken out, because answers rest on it or because it tells about a model and not about one machine: PCI
 * addresses, ids, registers and resources; names of drivers, of other interfaces and of disks; kernel release
 * and options; numbers of processes and users; command names of processes that hold vfio files, unless they
 * contain the host name; UUIDs in paths (mediated devices, Hyper-V channels), which are names of group
 * members.
 *
 * Options of the kernel command line that decide about groups (iommu..., pci..., vfio...) are never touched.
 * Pure: yes.
 */
#ifndef IOWARD_FACTS_REDACT_H
#define IOWARD_FACTS_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hex digits of a MAC address without separators. */
#define IOW_REDACT_MAC 12

/* iow_redact_config - take serial numbers out of the bytes of a config space, as many as there are; returns
 * how many places were redacted. Broken capability lists end the walk. */
uint32_t iow_redact_config(uint8_t *bytes, size_t len);

/*
 * iow_redact_text - take private words out of a text, in place
 * In:      host    host name, perhaps with its domain; NULL or "": not known
 * Returns: how many places were redacted
 */
uint32_t iow_redact_text(char *text, size_t len, const char *host);

/* iow_redact_find_mac - the first interface name with a MAC address at or after from: where its 12 hex digits
 * begin; len if there is none */
size_t iow_redact_find_mac(const char *text, size_t len, size_t from);

/* iow_redact_write_mac - what replaces the digits of interface number (0, 1, ...): X and the number, at least
 * 4 digits, so that the names keep their order */
void iow_redact_write_mac(char digits[IOW_REDACT_MAC], uint32_t number);

#endif
