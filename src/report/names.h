/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of vendors, devices and classes, from the pci.ids file by libpci.
 *
 * libpci's database only: nothing here looks at the machine, at udev's database or at the network.
 */
#ifndef IOWARD_REPORT_NAMES_H
#define IOWARD_REPORT_NAMES_H

#include <ioward/mem.h>

struct iow_names;

/* iow_names_new - In: file  a pci.ids file; NULL: the system's. NULL when memory is exhausted */
struct iow_names *iow_names_new(const char *file);

/* iow_names_check - can the file be read, and has it names? -IOW_ENOENT, -IOW_EACCES, -IOW_EIO; -IOW_EINVAL: it
 * is no pci.ids file */
int iow_names_check(struct iow_names *names);

/* iow_names_free - accepts NULL, returns NULL */
struct iow_names *iow_names_free(struct iow_names *names);

/* Words in the arena; NULL when the file has none (or there is no file, or no names). */
const char *iow_names_vendor(struct iow_names *names, struct iow_mem *mem, uint16_t vendor);
const char *iow_names_device(struct iow_names *names, struct iow_mem *mem, uint16_t vendor, uint16_t device);
const char *iow_names_class(struct iow_names *names, struct iow_mem *mem, uint32_t class_code);

#endif
