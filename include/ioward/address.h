/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The address of a PCI function: domain:bus:device.function.
 *
 * The domain (PCI segment) is 32 bits wide: software-made domains, of VMD for one, start at 10000h.
 */
#ifndef IOWARD_ADDRESS_H
#define IOWARD_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iow_address {
    uint32_t domain;
    uint8_t bus;
    uint8_t device;   /* 0 to 31 */
    uint8_t function; /* 0 to 7; ARI functions 8 and up appear as other devices, as Linux shows them */
};

/* "No record": the value of an index that points nowhere. */
#define IOW_NONE UINT32_MAX

/* Room for the longest text of an address, with its NUL. */
#define IOW_ADDRESS_TEXT 24

/* iow_address_compare - order by domain, bus, device, function: negative, zero or positive */
int iow_address_compare(const struct iow_address *a, const struct iow_address *b);

/*
 * iow_address_parse - "0000:01:00.0" or, in the way of lspci, "01:00.0"
 * In:      text, len   need not be NUL-terminated
 * Out:     ret         written on success
 * Errors:  -IOW_EINVAL anything else, also when device > 1f or function > 7
 */
int iow_address_parse(const char *text, size_t len, struct iow_address *ret);

/* iow_address_format - the kernel's way of writing it, at least 4 digits of domain; returns buf */
const char *iow_address_format(const struct iow_address *address, char buf[IOW_ADDRESS_TEXT]);

/* iow_address_devfn - device << 3 | function, as in a requester ID */
static inline uint8_t iow_address_devfn(const struct iow_address *a)
{
    return (uint8_t)(a->device << 3 | a->function);
}

#ifdef __cplusplus
}
#endif
#endif
