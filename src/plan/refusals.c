/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Why a plan must not be: every reason, first those about the whole machine, then group by group, and in a
 * group first those about all of it, then member by member; at last what the hardware does not isolate.
 *
 * Fails closed: what was not read counts against it. Reasons that rest on what a function does are
 * looked for only where a step would change that function.
 */
#include "audit/audit.h"
#include "plan/draft.h"

#include <string.h>

/* The rule that names a use; a use for which there is none does not exist. */
static const enum iow_rule use_rule[IOW_USE__COUNT] = {
    [IOW_USE_MOUNT] = IOW_RULE_USE_MOUNT,
    [IOW_USE_SWAP] = IOW_RULE_USE_SWAP,
    [IOW_USE_HOLDER] = IOW_RULE_USE_HOLDER,
    [IOW_USE_EXCLUSIVE] = IOW_RULE_USE_EXCLUSIVE,
    [IOW_USE_NETWORK] = IOW_RULE_USE_NETWORK,
    [IOW_USE_CONSOLE] = IOW_RULE_USE_CONSOLE,
    [IOW_USE_OPEN] = IOW_RULE_USE_OPEN,
};

struct refusing {
    struct iow_draft *draft;
    const struct iow_facts *facts;
    bool failed; /* memory ran out: every later call does nothing */
};

static void refuse(struct refusing *r, struct iow_refusal refusal)
{
    struct iow_refusal *slot;

    if (r->failed)
        return;
    slot = iow_audit_append(r->draft->mem, &r->draft->refusals, &r->draft->n_refusals, sizeof(*slot));
    if (slot)
        *slot = refusal;
    else
        r->failed = true;
}

static void refuse_group(struct refusing *r, enum iow_rule rule, uint32_t group)
{
    refuse(r, (struct iow_refusal){rule, group, IOW_NONE, IOW_NONE, IOW_NONE, NULL});
}

static void refuse_member(struct refusing *r, enum iow_rule rule, const struct iow_plan_member *member)
{
    refuse(r, (struct iow_refusal){rule, member->group, member->function, IOW_NONE, IOW_NONE, NULL});
}

/* --- the machine --- */

static bool anything_changes(const struct iow_draft *draft)
{
    for (uint32_t i = 0; i < draft->n_members; i++)
        if (iow_draft_changes(draft, &draft->members[i]))
            return true;
    return false;
}

/* A process or a namespace that could not be looked at may use any function. */
static void check_unseen_users(struct refusing *r)
{
    if (!anything_changes(r->draft))
        return;
    for (uint32_t i = 0; i < r->facts->n_missing; i++) {
        const struct iow_missing *m = &r->facts->missing[i];

        if (m->rule == IOW_RULE_USE_UNKNOWN && m->subject.kind != IOW_SUBJECT_FUNCTION &&
            m->subject.kind != IOW_SUBJECT_GROUP)
            refuse(r,
                (struct iow_refusal){IOW_RULE_USE_UNKNOWN, IOW_NONE, IOW_NONE, IOW_NONE, IOW_NONE, m->path});
    }
}

static void check_machine(struct refusing *r)
{
    const struct iow_claim_request *request = r->draft->request;

    if (r->facts->provenance == IOW_FROM_CAPTURE)
        refuse_group(r, IOW_RULE_PLAN_NOT_LIVE, IOW_NONE);
    check_unseen_users(r);
    for (uint32_t i = 0; i < r->facts->n_functions; i++)
        if (r->facts->functions[i].group == IOW_NONE && iow_draft_has(request->functions, request->n, i))
            refuse(r, (struct iow_refusal){IOW_RULE_PLAN_NO_GROUP, IOW_NONE, i, IOW_NONE, IOW_NONE, NULL});
}

/* --- one group --- */

static void check_holders(struct refusing *r, uint32_t number, const struct iow_group_owner *owner)
{
    for (uint32_t i = 0; i < owner->n_holders; i++)
        refuse(
            r, (struct iow_refusal){IOW_RULE_USE_HELD, number, IOW_NONE, IOW_NONE, owner->holders[i], NULL});
    for (uint32_t i = 0; i < owner->n_possible; i++)
        if (!iow_draft_has(owner->holders, owner->n_holders, owner->possible[i]))
            refuse(r, (struct iow_refusal){
                          IOW_RULE_USE_HELD, number, IOW_NONE, IOW_NONE, owner->possible[i], "perhaps"});
}

/* The driver that attached a page table of its own. */
static void refuse_private_owner(struct refusing *r, uint32_t number)
{
    struct iow_refusal refusal = {
        IOW_RULE_PLAN_OWNED, number, IOW_NONE, IOW_NONE, IOW_NONE, "a driver of the kernel"};

    for (uint32_t i = 0; i < r->draft->n_members; i++) {
        const struct iow_plan_member *m = &r->draft->members[i];
        const struct iow_function *f = iow_draft_function(r->draft, m);

        if (m->group == number && iow_driver_trait_of(f->driver) == IOW_DRIVER_PRIVATE) {
            refusal.function = m->function;
            refusal.text = f->driver;
            break;
        }
    }
    refuse(r, refusal);
}

static void check_owner(
    struct refusing *r, const struct iow_group *group, const struct iow_group_owner *owner)
{
    bool seen = r->facts->holders_read && r->facts->machine.holders_complete;

    check_holders(r, group->number, owner);
    if (owner->owner == IOW_OWNER_KERNEL_PRIVATE)
        refuse_private_owner(r, group->number);
    if (owner->pending != IOW_NONE || owner->pending_possible)
        refuse(r, (struct iow_refusal){
                      IOW_RULE_USE_PENDING, group->number, owner->pending, IOW_NONE, IOW_NONE, NULL});
    if (group->vfio_node && !owner->n_holders && !owner->n_possible && !seen)
        refuse_group(r, IOW_RULE_USE_UNKNOWN, group->number);
}

static bool has_functions(const struct refusing *r, uint32_t number)
{
    for (uint32_t i = 0; i < r->draft->n_members; i++)
        if (r->draft->members[i].group == number)
            return true;
    return false;
}

/* Only PCI functions are handed over: another member must at least leave the group to its user. */
static void check_other_members(struct refusing *r, uint32_t number)
{
    bool alone = !has_functions(r, number);

    for (uint32_t i = 0; i < r->facts->n_other_members; i++) {
        const struct iow_other_member *m = &r->facts->other_members[i];
        uint16_t release = r->facts->machine.release;
        enum iow_driver_trait trait = iow_driver_trait_of(m->driver);
        bool in_the_way = (trait == IOW_DRIVER_DMA_API || trait == IOW_DRIVER_PRIVATE) &&
                          iow_bus_checks_ownership(m->bus, release);

        if (m->group == number && (alone || in_the_way))
            refuse(r,
                (struct iow_refusal){IOW_RULE_PLAN_OTHER_BUS, number, IOW_NONE, IOW_NONE, IOW_NONE, m->name});
    }
}

static void check_regions(struct refusing *r, const struct iow_group *group)
{
    if (!group->regions)
        refuse_group(r, IOW_RULE_PLAN_UNREAD, group->number);
    for (uint32_t i = 0; group->regions && i < group->n_regions; i++)
        if (strcmp(group->regions[i].type, "direct") == 0) {
            refuse_group(r, IOW_RULE_PLAN_FIRMWARE_REGION, group->number);
            return;
        }
}

static void check_unseen_users_of_group(struct refusing *r, uint32_t number)
{
    for (uint32_t i = 0; i < r->facts->n_missing; i++) {
        const struct iow_missing *m = &r->facts->missing[i];

        if (m->rule == IOW_RULE_USE_UNKNOWN && m->subject.kind == IOW_SUBJECT_GROUP &&
            m->subject.number == number)
            refuse_group(r, IOW_RULE_USE_UNKNOWN, number);
    }
}

static void check_group(struct refusing *r, uint32_t number)
{
    uint32_t g = iow_facts_find_group(r->facts, number);
    const struct iow_group *group = &r->facts->groups[g];

    if (iow_audit_is_invented(group)) {
        refuse_group(r, IOW_RULE_PLAN_NO_IOMMU, number);
        return;
    }
    check_owner(r, group, &r->draft->analysis->owners[g]);
    check_unseen_users_of_group(r, number);
    check_other_members(r, number);
    check_regions(r, group);
}

/* --- one member --- */

static bool has_virtual_functions(const struct refusing *r, uint32_t function)
{
    if (r->facts->functions[function].n_vfs)
        return true;
    for (uint32_t i = 0; i < r->facts->n_functions; i++)
        if (r->facts->functions[i].physical_function == function)
            return true;
    return false;
}

static bool uses_are_known(const struct refusing *r, const struct iow_function *f)
{
    if (!(f->known & IOW_FUNCTION_USES))
        return false;
    for (uint32_t i = 0; i < r->facts->n_missing; i++) {
        const struct iow_missing *m = &r->facts->missing[i];

        if (m->rule == IOW_RULE_USE_UNKNOWN && m->subject.kind == IOW_SUBJECT_FUNCTION &&
            iow_address_compare(&m->subject.address, &f->address) == 0)
            return false;
    }
    return true;
}

static void check_uses(struct refusing *r, const struct iow_plan_member *member)
{
    for (uint32_t i = 0; i < r->facts->n_uses; i++)
        if (r->facts->uses[i].function == member->function)
            refuse(r, (struct iow_refusal){use_rule[r->facts->uses[i].kind], member->group, member->function,
                          i, IOW_NONE, NULL});
    if (has_virtual_functions(r, member->function))
        refuse_member(r, IOW_RULE_USE_VIRTUAL_FUNCTIONS, member);
    if (!uses_are_known(r, iow_draft_function(r->draft, member)))
        refuse_member(r, IOW_RULE_USE_UNKNOWN, member);
}

/* A sleeping function is not woken to be read: ids, class, driver and override come from other files. */
static bool is_read(const struct iow_function *f, bool changes)
{
    unsigned wanted = IOW_FUNCTION_DRIVER | (changes ? IOW_FUNCTION_DETAILS : 0u);

    return !f->dying && (f->config.known & IOW_CONFIG_IDS) && (f->known & wanted) == wanted;
}

static bool somebody_goes(const struct refusing *r, uint32_t group)
{
    for (uint32_t i = 0; i < r->draft->n_members; i++)
        if (r->draft->members[i].group == group && iow_draft_goes(&r->draft->members[i]))
            return true;
    return false;
}

/* A bridge that was named, other than as a part of its group, or a group of nothing else. */
static bool is_wanted_bridge(const struct refusing *r, const struct iow_plan_member *member)
{
    const struct iow_claim_request *request = r->draft->request;
    bool named = iow_draft_has(request->functions, request->n, member->function) &&
                 !iow_draft_has(request->whole, request->n_whole, member->group);

    return iow_draft_is_bridge(&iow_draft_function(r->draft, member)->config) &&
           (named || !somebody_goes(r, member->group));
}

static bool has_wanted_bridge(const struct refusing *r, uint32_t group)
{
    for (uint32_t i = 0; i < r->draft->n_members; i++)
        if (r->draft->members[i].group == group && is_wanted_bridge(r, &r->draft->members[i]))
            return true;
    return false;
}

static void check_member(struct refusing *r, const struct iow_plan_member *member)
{
    bool changes = iow_draft_changes(r->draft, member);

    if (is_wanted_bridge(r, member))
        refuse_member(r, IOW_RULE_PLAN_BRIDGE, member);
    if (!is_read(iow_draft_function(r->draft, member), changes))
        refuse_member(r, IOW_RULE_PLAN_UNREAD, member);
    if (member->role == IOW_MEMBER_COMPANION && !r->draft->request->with_group &&
        !has_wanted_bridge(r, member->group))
        refuse_member(r, IOW_RULE_PLAN_COMPANIONS, member);
    if (changes)
        check_uses(r, member);
}

/* All else that speaks against a group that is claimed comes of that. */
static void check(struct refusing *r, uint32_t number)
{
    const struct iow_draft *draft = r->draft;

    if (iow_draft_has(draft->request->claimed, draft->request->n_claimed, number)) {
        refuse_group(r, IOW_RULE_PLAN_CLAIMED, number);
        return;
    }
    check_group(r, number);
    for (uint32_t i = 0; i < draft->n_members; i++)
        if (draft->members[i].group == number)
            check_member(r, &draft->members[i]);
}

int iow_draft_refusals(struct iow_draft *draft)
{
    struct refusing r = {.draft = draft, .facts = draft->analysis->facts};

    check_machine(&r);
    for (uint32_t g = 0; g < draft->n_groups; g++)
        check(&r, draft->groups[g]);
    return r.failed ? -IOW_ENOMEM : iow_draft_reach(draft);
}
