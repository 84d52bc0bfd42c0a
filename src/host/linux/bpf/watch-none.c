/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is in the place of watch.c when ioward was built without libbpf. */
#include "host/linux/bpf/watch.h"

#include "base/explain.h"

#include <stddef.h>

int iow_watch_open(struct iow_watch **ret, struct iow_explain *reterr)
{
    *ret = NULL;
    return iow_explain(reterr, -IOW_EOPNOTSUPP, IOW_RULE_TRACE_BUILD);
}

void iow_watch_close(struct iow_watch **watch)
{
    (void)watch;
}

const struct iow_watch_gap *iow_watch_gap_at(const struct iow_watch *watch, unsigned i)
{
    (void)watch;
    (void)i;
    return NULL;
}

bool iow_watch_names(const struct iow_watch *watch)
{
    (void)watch;
    return false;
}

int iow_watch_wait(struct iow_watch *watch, int milliseconds,
    int (*found)(void *ctx, const struct iow_decision *decision), void *ctx)
{
    (void)watch;
    (void)milliseconds;
    (void)found;
    (void)ctx;
    return -IOW_EOPNOTSUPP;
}

uint64_t iow_watch_lost(const struct iow_watch *watch)
{
    (void)watch;
    return 0;
}
