/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the analysis: each step fills its part of struct iow_analysis from the parts before it. What is
 * found is collected in lists that double; all memory comes from the analysis's arena.
 */
#ifndef IOWARD_AUDIT_AUDIT_H
#define IOWARD_AUDIT_AUDIT_H

#include <ioward/analysis.h>

#include "facts/facts.h"

/* In the order iow_analyse() calls them. 0 or -IOW_ENOMEM. */
int iow_audit_owners(struct iow_analysis *a, struct iow_mem *mem);
void iow_audit_kernel(struct iow_analysis *a);
int iow_audit_differences(struct iow_analysis *a, struct iow_mem *mem);
int iow_audit_glance(struct iow_analysis *a, struct iow_mem *mem);

/*
 * iow_audit_holders - fills holders and possible of every owner record; part of iow_audit_owners()
 * Out:     device_open  per group: a holder has a device file that is of this group, or may be
 * Cost:    O(held files), apart from finding a group by its number
 */
int iow_audit_holders(struct iow_analysis *a, bool *device_open, struct iow_mem *mem);

/* The IOMMU makes a device's group only when a driver is first bound (virtio-iommu). */
bool iow_audit_groups_lazily(const struct iow_facts *facts);

/* iow_audit_owner - the owner of a function's group; IOW_OWNER_NONE without a group */
enum iow_owner iow_audit_owner(const struct iow_analysis *a, const struct iow_function *f);

/* iow_audit_reaches - does a function surely come to registers of another around the IOMMU? By what way: *ret */
struct iow_breach;
bool iow_audit_reaches(const struct iow_analysis *a, uint32_t from, uint32_t to, struct iow_breach *ret);

/* A group that VFIO made up for a device without IOMMU (enable_unsafe_noiommu_mode). */
bool iow_audit_is_invented(const struct iow_group *group);

/* iow_audit_disagreement - is what the kernel's memory says of a group another thing than what follows from drivers and
 * holders? IOW_RULE_REM_EARLY_DRIVER, IOW_RULE_REM_OTHER_OWNER, IOW_RULE_REM_OTHER_COUNT; IOW_RULE_NONE: no, or they cannot be compared */
enum iow_rule iow_audit_disagreement(const struct iow_analysis *a, uint32_t group);

/* iow_audit_other_trait - does the kernel know a function's driver as another kind than ioward? */
bool iow_audit_other_trait(const struct iow_facts *facts, uint32_t function);

/* An option on the kernel command line, as a whole word up to "=" or the end: "pcie_acs_override". */
bool iow_audit_has_option(const struct iow_facts *facts, const char *option);

/* Appends one record to a list of n in the arena; NULL when memory is exhausted. */
void *iow_audit_append(struct iow_mem *mem, void **list, uint32_t *n, size_t size_bytes);

#endif
