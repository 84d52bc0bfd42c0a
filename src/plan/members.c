/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is in the groups asked for, and what becomes of each.
 *
 * An endpoint goes to whoever gets its group. Two kinds of members do not:
 *  - bridges. Besides PCI-to-PCI and CardBus bridges these are the functions of class 06 that have an
 *    ordinary header: host bridges, LPC bridges and their like. vfio-pci would bind to those, but they are the
 *    machine's own wiring, and a user who resets one takes the machine down. Only 0680h, "other", is used by
 *    devices that are no bridges at all (FPGAs, for one), so it counts as an endpoint. A bridge without a
 *    driver, or with one that every owner tolerates, stays as it is; one with a driver that uses the
 *    kernel's DMA API (shpchp, lpc_ich, an uncore monitor) keeps the group from any user and is freed of it.
 *  - endpoints that somebody put under a driver that only keeps others away (pci-stub), or that the port driver
 *    serves (event collectors): they stay, unless they or their group were named.
 */
#include "plan/draft.h"

#include <string.h>

#define CLASS_BRIDGE 0x06
#define CLASS_BRIDGE_OTHER 0x0680

bool iow_draft_has(const uint32_t *list, uint32_t n, uint32_t number)
{
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == number)
            return true;
    return false;
}

bool iow_draft_is_bridge(const struct iow_config *config)
{
    return iow_config_is_bridge(config) ||
           (config->class_code >> 16 == CLASS_BRIDGE && config->class_code >> 8 != CLASS_BRIDGE_OTHER);
}

bool iow_draft_changes(const struct iow_draft *draft, const struct iow_plan_member *member)
{
    return member->role == IOW_MEMBER_FREED ||
           (iow_draft_goes(member) && !iow_driver_is_vfio(iow_draft_function(draft, member)->driver));
}

/* Keeps the list ascending, and each number in it once. */
static void add_group(struct iow_draft *draft, uint32_t number)
{
    uint32_t at = draft->n_groups;

    if (iow_facts_find_group(draft->analysis->facts, number) == IOW_NONE ||
        iow_draft_has(draft->groups, draft->n_groups, number))
        return;
    while (at && draft->groups[at - 1] > number)
        at--;
    memmove(&draft->groups[at + 1], &draft->groups[at], (draft->n_groups - at) * sizeof(draft->groups[0]));
    draft->groups[at] = number;
    draft->n_groups++;
}

static int find_groups(struct iow_draft *draft)
{
    const struct iow_claim_request *request = draft->request;

    draft->groups =
        iow_mem_alloc(draft->mem, (size_t)request->n + request->n_whole, sizeof(draft->groups[0]));
    if (!draft->groups)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < request->n; i++) {
        const struct iow_function *f = iow_facts_function_at(draft->analysis->facts, request->functions[i]);

        if (f)
            add_group(draft, f->group);
    }
    for (uint32_t i = 0; i < request->n_whole; i++)
        add_group(draft, request->whole[i]);
    return 0;
}

static enum iow_member_role role_of(const struct iow_draft *draft, uint32_t position)
{
    const struct iow_claim_request *request = draft->request;
    const struct iow_facts *facts = draft->analysis->facts;
    const struct iow_function *f = &facts->functions[position];
    enum iow_driver_trait trait = iow_driver_trait_of(f->driver);

    if (iow_draft_is_bridge(&f->config))
        return trait == IOW_DRIVER_NONE || trait == IOW_DRIVER_MANAGED ? IOW_MEMBER_STAYS : IOW_MEMBER_FREED;
    if (iow_draft_has(request->functions, request->n, position) ||
        iow_draft_has(request->whole, request->n_whole, f->group))
        return IOW_MEMBER_ASKED;
    if (trait == IOW_DRIVER_MANAGED && !iow_driver_is_vfio(f->driver))
        return IOW_MEMBER_STAYS;
    return IOW_MEMBER_COMPANION;
}

static uint32_t count_members(const struct iow_draft *draft)
{
    const struct iow_facts *facts = draft->analysis->facts;
    uint32_t n = 0;

    for (uint32_t i = 0; i < facts->n_functions; i++)
        n += iow_draft_has(draft->groups, draft->n_groups, facts->functions[i].group);
    return n;
}

int iow_draft_members(struct iow_draft *draft, const struct iow_analysis *analysis,
    const struct iow_claim_request *request, struct iow_mem *mem)
{
    const struct iow_facts *facts = analysis->facts;

    *draft = (struct iow_draft){.analysis = analysis, .request = request, .mem = mem};
    if (find_groups(draft) < 0)
        return -IOW_ENOMEM;
    draft->members = iow_mem_alloc(mem, count_members(draft), sizeof(draft->members[0]));
    if (!draft->members)
        return -IOW_ENOMEM;
    for (uint32_t g = 0; g < draft->n_groups; g++)
        for (uint32_t i = 0; i < facts->n_functions; i++)
            if (facts->functions[i].group == draft->groups[g])
                draft->members[draft->n_members++] = (struct iow_plan_member){
                    .function = i, .group = draft->groups[g], .role = role_of(draft, i)};
    return 0;
}

int iow_plan_functions(const struct iow_analysis *analysis, const struct iow_claim_request *request,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n)
{
    struct iow_draft draft;
    uint32_t *list, n = 0;

    if (iow_draft_members(&draft, analysis, request, mem) < 0)
        return -IOW_ENOMEM;
    list = iow_mem_alloc(mem, draft.n_members, sizeof(*list));
    if (!list)
        return -IOW_ENOMEM;
    for (uint32_t i = 0; i < draft.n_members; i++) {
        uint32_t at = n;

        if (!iow_draft_changes(&draft, &draft.members[i]))
            continue;
        for (; at && list[at - 1] > draft.members[i].function; at--)
            list[at] = list[at - 1];
        list[at] = draft.members[i].function;
        n++;
    }
    *ret = list;
    *ret_n = n;
    return 0;
}
