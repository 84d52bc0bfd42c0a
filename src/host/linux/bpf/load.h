/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting the BPF programs in place that look at the kernel's memory. For programs only: the library never loads any. */
#ifndef IOWARD_HOST_LINUX_BPF_LOAD_H
#define IOWARD_HOST_LINUX_BPF_LOAD_H

#include <ioward/error.h>

/*
 * iow_pin_make - the programs of this build are in place until the next boot; no effect when they were
 * Errors:  why not, for the list of what is missing: text is about what the rule's sentence names {path}.
 *          -IOW_EPERM (IOW-KERNEL-PRIVILEGE, IOW-KERNEL-FOLDER), -IOW_EOPNOTSUPP (IOW-KERNEL-BUILD,
 *          IOW-KERNEL-TYPES, IOW-KERNEL-LACKS, IOW-KERNEL-BPFFS), or the kernel's (IOW-KERNEL-REFUSED)
 */
int iow_pin_make(struct iow_explain *reterr);

#endif
