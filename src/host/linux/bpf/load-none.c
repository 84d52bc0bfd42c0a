/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is in the place of load.c when ioward was built without libbpf. */
#include "host/linux/bpf/load.h"

#include "base/explain.h"

int iow_pin_make(struct iow_explain *reterr)
{
    return iow_explain(reterr, -IOW_EOPNOTSUPP, IOW_RULE_KERNEL_BUILD);
}
