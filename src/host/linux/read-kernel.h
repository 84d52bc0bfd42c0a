/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the looks at the kernel's memory and the reader of their answer agree on; read-kernel.c says how it looks. */
#ifndef IOWARD_HOST_LINUX_READ_KERNEL_H
#define IOWARD_HOST_LINUX_READ_KERNEL_H

#include "host/linux/bpf/record.h"
#include "host/linux/read-probe.h"

#define IOW_TOKEN_DIGITS 8

extern const char *const iow_kernel_domain_word[IOW_KERNEL_DOMAIN__COUNT];

/* What is told of a member: its word in the answer, IOW_RECORD_..., IOW_KERNEL_... */
#define IOW_KERNEL_FLAGS 6
extern const struct iow_kernel_flag {
    const char *name;
    uint32_t recorded;
    uint8_t kept;
} iow_kernel_flag[IOW_KERNEL_FLAGS];

/* Two looks at a group. */
struct iow_seen_group {
    uint32_t number;
    struct iow_group_record first, again; /* first: time_ns 0 where it was not seen */
    uint32_t n_members;
    const struct iow_member_record *members;
};

/* iow_kernel_json - as an item of the answer; NULL: no memory */
struct json_object *iow_kernel_json(const struct iow_seen_group *seen);

#endif
