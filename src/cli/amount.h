/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Amounts as people type them. Pure. */
#ifndef IOWARD_CLI_AMOUNT_H
#define IOWARD_CLI_AMOUNT_H

#include <stdint.h>

/* iow_amount_seconds - "30", "0.5"; at most a day. -IOW_EINVAL */
int iow_amount_seconds(const char *text, uint64_t *ret_usec);

/* iow_amount_bytes - "4096", "512K", "2M", "4G", "1T", or "unlimited": UINT64_MAX; a page at least. -IOW_EINVAL */
int iow_amount_bytes(const char *text, uint64_t *ret_bytes);

#endif
