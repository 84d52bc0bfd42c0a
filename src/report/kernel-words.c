/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/kernel-words.h"

#include <inttypes.h>
#include <stdio.h>

const char *iow_kernel_domain_name(enum iow_kernel_domain domain)
{
    static const char *const name[IOW_KERNEL_DOMAIN__COUNT] = {
        [IOW_KERNEL_DOMAIN_NONE] = "none",
        [IOW_KERNEL_DOMAIN_DEFAULT] = "default",
        [IOW_KERNEL_DOMAIN_BLOCKING] = "blocking",
        [IOW_KERNEL_DOMAIN_OTHER] = "other",
    };

    return (unsigned)domain < IOW_KERNEL_DOMAIN__COUNT ? name[domain] : "none";
}

const char *iow_kernel_token(const struct iow_kernel_group *kernel, char buf[IOW_KERNEL_TOKEN])
{
    (void)snprintf(buf, IOW_KERNEL_TOKEN, "%08" PRIx32, kernel->token);
    return buf;
}

void iow_kernel_phrase(struct iow_text *to, const struct iow_kernel_group *kernel)
{
    char token[IOW_KERNEL_TOKEN];

    iow_text_print(to, "count %" PRIu32 ", domain %s", kernel->count, iow_kernel_domain_name(kernel->domain));
    if (kernel->owned)
        iow_text_print(to, ", owner %s", iow_kernel_token(kernel, token));
    if (kernel->pasids)
        iow_text_puts(to, ", more address spaces");
    if (!kernel->steady)
        iow_text_puts(to, ", changing");
}
