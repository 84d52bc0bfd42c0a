/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's memory says of a group, in words. */
#ifndef IOWARD_REPORT_KERNEL_WORDS_H
#define IOWARD_REPORT_KERNEL_WORDS_H

#include "report/text.h"
#include <ioward/facts.h>

/* iow_kernel_domain_name - "none", "default", "blocking", "other" */
const char *iow_kernel_domain_name(enum iow_kernel_domain domain);

/* iow_kernel_token - of the owner: "3f2a9c01"; returns buf */
#define IOW_KERNEL_TOKEN 9
const char *iow_kernel_token(const struct iow_kernel_group *kernel, char buf[IOW_KERNEL_TOKEN]);

/* iow_kernel_phrase - "count 1, domain blocking, owner 3f2a9c01" */
void iow_kernel_phrase(struct iow_text *to, const struct iow_kernel_group *kernel);

#endif
