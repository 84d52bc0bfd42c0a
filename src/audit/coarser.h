/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Groups that are coarser than the hardware isolates: a part of iow_agreement_find(). */
#ifndef IOWARD_AUDIT_COARSER_H
#define IOWARD_AUDIT_COARSER_H

#include <ioward/agreement.h>

/* iow_audit_coarser - fills coarse, from the sets of the grades. 0 or -IOW_ENOMEM */
int iow_audit_coarser(const struct iow_analysis *a, struct iow_agreement *agreement, struct iow_mem *mem);

#endif
