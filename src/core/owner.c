/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ioward/owner.h>

/*
 * By domain and by the most demanding driver bound: an ordinary one, one with a domain of its own, none of
 * both. The kernel lets nobody reach [NOT_DEFAULT][ORDINARY] but the driver whose private domain it is.
 */
enum {
    MANAGED_OR_NONE,
    PRIVATE,
    ORDINARY,
    N_KINDS
};

static const enum iow_owner owner_of[IOW_DOMAIN__COUNT][N_KINDS] = {
    [IOW_DOMAIN_DEFAULT] =
        {
            [MANAGED_OR_NONE] = IOW_OWNER_NONE,
            [PRIVATE] = IOW_OWNER_KERNEL,
            [ORDINARY] = IOW_OWNER_KERNEL,
        },
    [IOW_DOMAIN_NOT_DEFAULT] =
        {
            [MANAGED_OR_NONE] = IOW_OWNER_USER,
            [PRIVATE] = IOW_OWNER_KERNEL_PRIVATE,
            [ORDINARY] = IOW_OWNER_KERNEL_PRIVATE,
        },
    [IOW_DOMAIN_UNKNOWN] =
        {
            [MANAGED_OR_NONE] = IOW_OWNER_UNKNOWN,
            [PRIVATE] = IOW_OWNER_KERNEL_PRIVATE,
            [ORDINARY] = IOW_OWNER_KERNEL,
        },
};

enum iow_owner iow_owner_derive(enum iow_domain domain, const struct iow_driver_counts *drivers)
{
    int kind = MANAGED_OR_NONE;

    if (drivers->n[IOW_DRIVER_DMA_API])
        kind = ORDINARY;
    else if (drivers->n[IOW_DRIVER_PRIVATE])
        kind = PRIVATE;
    return owner_of[domain][kind];
}

static const char *const owner_name[IOW_OWNER__COUNT] = {
    [IOW_OWNER_NONE] = "none",
    [IOW_OWNER_KERNEL] = "kernel",
    [IOW_OWNER_USER] = "user",
    [IOW_OWNER_KERNEL_PRIVATE] = "kernel-private",
    [IOW_OWNER_UNKNOWN] = "unknown",
};

const char *iow_owner_name(enum iow_owner owner)
{
    return (unsigned)owner < IOW_OWNER__COUNT ? owner_name[owner] : "unknown";
}
