/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/audit.h"

#include "base/explain.h"

static int build_topology(struct iow_analysis *a, struct iow_mem *mem, struct iow_explain *reterr)
{
    const struct iow_facts *facts = a->facts;
    struct iow_topology_input *input = iow_mem_alloc(mem, facts->n_functions, sizeof(*input));

    if (!input)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];

        input[i] = (struct iow_topology_input){
            .address = f->address,
            .config = &f->config,
            .parent = f->parent,
            .physical_function = f->physical_function,
            .real_dma = f->real_dma,
        };
    }
    return iow_topology_build(input, facts->n_functions, mem, &a->topology, reterr);
}

/*
 * An IOMMU translates for a function that has a group. One that has none is left out, unless groups come
 * lazily: then it is taken to get one later. VFIO's invented groups (noiommu) are no groups of an IOMMU.
 */
static bool *find_covered(const struct iow_facts *facts, struct iow_mem *mem)
{
    bool *covered = iow_mem_alloc(mem, facts->n_functions, sizeof(*covered));
    bool lazily = iow_audit_groups_lazily(facts);

    for (uint32_t i = 0; covered && i < facts->n_functions; i++) {
        uint32_t group = iow_facts_find_group(facts, facts->functions[i].group);
        bool invented = group != IOW_NONE && iow_audit_is_invented(&facts->groups[group]);

        covered[i] = (lazily || facts->functions[i].group != IOW_NONE) && !invented;
    }
    return covered;
}

int iow_analyse(
    const struct iow_facts *facts, struct iow_mem *mem, struct iow_analysis **ret, struct iow_explain *reterr)
{
    struct iow_analysis *a = iow_mem_alloc(mem, 1, sizeof(*a));
    int r;

    if (!a)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    a->facts = facts;
    r = build_topology(a, mem, reterr);
    if (r < 0)
        return r;
    a->grouping = (struct iow_grouping_input){
        .topology = a->topology,
        .covered = find_covered(facts, mem),
        .ivrs = facts->machine.ivrs,
        .acs_requested = facts->machine.n_iommus > 0,
    };
    if (!a->grouping.covered)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    r = iow_partition_predict(&a->grouping, mem, &a->partition, reterr);
    if (r < 0)
        return r;
    if (iow_audit_owners(a, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    iow_audit_kernel(a);
    if (iow_audit_differences(a, mem) < 0 || iow_audit_glance(a, mem) < 0)
        return iow_explain(reterr, -IOW_ENOMEM, IOW_RULE_READ_NO_MEMORY);
    *ret = a;
    return 0;
}
