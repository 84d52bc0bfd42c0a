/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about what the kernel's memory says of owners, against what follows from files. */
#include "audit/rules.h"

#include <string.h>

/* Every group whose disagreement is the one of the row that runs. */
static void check_disagreement(struct iow_audit_run *run)
{
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (iow_audit_disagreement(run->a, g) == run->row->rule)
            iow_found_group(run, g, IOW_NONE);
}

static void check_traits(struct iow_audit_run *run)
{
    for (uint32_t i = 0; i < run->facts->n_functions; i++)
        if (iow_audit_other_trait(run->facts, i))
            iow_found_function(run, i, IOW_NONE);
}

/* Intel's and AMD's IOMMUs are there before any PCI driver; others may be modules of their own. */
static bool iommu_may_come_late(const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < facts->machine.n_iommus; i++)
        if (strncmp(facts->machine.iommus[i], "dmar", 4) != 0 &&
            strncmp(facts->machine.iommus[i], "ivhd", 4) != 0)
            return true;
    return false;
}

static void check_early_drivers(struct iow_audit_run *run)
{
    check_disagreement(run);
    for (uint32_t g = 0; g < run->facts->n_groups; g++)
        if (run->a->owners[g].drivers.n[IOW_DRIVER_DMA_API] && !run->facts->groups[g].kernel &&
            iommu_may_come_late(run->facts))
            iow_unknown_group(run, g, "how many drivers the kernel's memory counts");
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_EARLY_DRIVER, IOW_CRITICAL, true, check_early_drivers},
    {IOW_RULE_REM_OTHER_OWNER, IOW_WARNING, true, check_disagreement},
    {IOW_RULE_REM_OTHER_COUNT, IOW_WARNING, true, check_disagreement},
    {IOW_RULE_REM_OTHER_TRAIT, IOW_WARNING, true, check_traits},
};

const struct iow_audit_area iow_audit_of_kernel = IOW_AUDIT_AREA(checks);
