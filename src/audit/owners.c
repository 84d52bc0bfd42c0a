/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who owns each group, concluded from what a file system shows.
 *
 * /sys shows drivers but not the domain a group is attached to now, so the domain is inferred from who holds
 * what: a vfio device file exists only in a group that was claimed (VFIO_GROUP_GET_DEVICE_FD fails before),
 * and only a group with a vfio node can be claimed at all. Holding the group file alone claims nothing, but
 * the claim, if made, shows nowhere: that stays unknown. Source: drivers/vfio/group.c, container.c.
 */
#include "audit/audit.h"

#include <string.h>

struct grouped {
    uint32_t n_members; /* PCI functions and counted others */
    uint32_t n_vfio;    /* of them bound to a vfio driver */
    uint32_t n_unbound; /* PCI functions without driver, bridges aside */
    uint32_t last_unbound;
    uint32_t shown_pending; /* unbound, yet sysfs still shows its vfio device */
};

static void count_functions(struct iow_analysis *a, struct grouped *grouped)
{
    const struct iow_facts *facts = a->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (g == IOW_NONE)
            continue;
        grouped[g].n_members++;
        a->owners[g].drivers.n[iow_driver_trait_of(f->driver, facts->machine.release)]++;
        if (iow_driver_is_vfio(f->driver))
            grouped[g].n_vfio++;
        if (!f->driver && !iow_config_is_bridge(&f->config)) {
            grouped[g].n_unbound++;
            grouped[g].last_unbound = i;
            if (f->vfio_device)
                grouped[g].shown_pending = i;
        }
    }
}

static void count_others(struct iow_analysis *a, struct grouped *grouped)
{
    const struct iow_facts *facts = a->facts;

    for (uint32_t i = 0; i < facts->n_other_members; i++) {
        const struct iow_other_member *m = &facts->other_members[i];
        uint32_t g = iow_facts_find_group(facts, m->group);

        if (g == IOW_NONE || !iow_bus_checks_ownership(m->bus, facts->machine.release))
            continue;
        grouped[g].n_members++;
        a->owners[g].drivers.n[iow_driver_trait_of(m->driver, facts->machine.release)]++;
        if (iow_driver_is_vfio(m->driver))
            grouped[g].n_vfio++;
    }
}

/* What one process holds, seen from one group. */
struct grip {
    bool group;     /* the group's file, or the file of a device that is known to be its member */
    bool any_group; /* the same of some group */
    bool device;    /* a device file or a mapping that is known to be of this group, or may be */
};

static struct grip grip_of(const struct iow_facts *facts, const struct iow_holder *holder, uint32_t number)
{
    struct grip grip = {0};

    for (uint32_t i = 0; i < holder->n_held; i++) {
        const struct iow_held *held = &holder->held[i];
        bool device = held->file == IOW_HELD_DEVICE || held->file == IOW_HELD_DEVICE_MAP;
        uint32_t group = IOW_NONE;

        if (held->file == IOW_HELD_GROUP)
            group = held->number;
        else if (held->function != IOW_NONE)
            group = facts->functions[held->function].group;
        grip.any_group |= group != IOW_NONE;
        grip.group |= group != IOW_NONE && group == number;
        grip.device |= device && (group == IOW_NONE || group == number);
    }
    return grip;
}

/* Groups with a vfio node that no process visibly holds: an anonymous device file may belong to any of them.
 */
static uint32_t count_unheld_nodes(const struct iow_facts *facts)
{
    uint32_t n = 0;

    for (uint32_t g = 0; g < facts->n_groups; g++) {
        bool held = false;

        if (!facts->groups[g].vfio_node)
            continue;
        for (uint32_t h = 0; h < facts->n_holders; h++)
            held |= grip_of(facts, &facts->holders[h], facts->groups[g].number).group;
        n += !held;
    }
    return n;
}

/* What the holders say about a group with a vfio node: the basis of the conclusion, and the domain it means.
 */
struct verdict {
    enum iow_rule basis;
    enum iow_domain domain;
};

static struct verdict judge(
    const struct iow_facts *facts, const struct iow_group_owner *owner, uint32_t g, uint32_t n_unheld_nodes)
{
    for (uint32_t i = 0; i < owner->n_holders; i++)
        if (grip_of(facts, &facts->holders[owner->holders[i]], facts->groups[g].number).device)
            return (struct verdict){IOW_RULE_OWN_DEVICE_OPEN, IOW_DOMAIN_NOT_DEFAULT};
    if (owner->n_holders)
        return (struct verdict){IOW_RULE_OWN_HELD, IOW_DOMAIN_UNKNOWN};
    if (owner->n_possible && n_unheld_nodes == 1)
        return (struct verdict){IOW_RULE_OWN_DEVICE_OPEN, IOW_DOMAIN_NOT_DEFAULT};
    if (owner->n_possible)
        return (struct verdict){IOW_RULE_OWN_DEVICE_SOMEWHERE, IOW_DOMAIN_UNKNOWN};
    if (!facts->holders_read || !facts->machine.holders_complete)
        return (struct verdict){IOW_RULE_OWN_HOLDERS_HIDDEN, IOW_DOMAIN_UNKNOWN};
    return (struct verdict){IOW_RULE_OWN_NOT_HELD, IOW_DOMAIN_DEFAULT};
}

static int collect_holders(
    const struct iow_facts *facts, struct iow_mem *mem, uint32_t g, struct iow_group_owner *owner)
{
    void *holders = NULL, *possible = NULL;

    for (uint32_t h = 0; h < facts->n_holders; h++) {
        struct grip grip = grip_of(facts, &facts->holders[h], facts->groups[g].number);
        uint32_t *slot = NULL;

        if (grip.group)
            slot = iow_audit_append(mem, &holders, &owner->n_holders, sizeof(*slot));
        else if (facts->groups[g].vfio_node && grip.device && !grip.any_group)
            slot = iow_audit_append(mem, &possible, &owner->n_possible, sizeof(*slot));
        else
            continue;
        if (!slot)
            return -IOW_ENOMEM;
        *slot = h;
    }
    owner->holders = holders;
    owner->possible = possible;
    return 0;
}

/*
 * A process that unbinds a vfio device which is open waits for its user; the driver link is gone by then, but
 * the vfio node stays until the wait is over. So a node without any vfio-bound member means that an unbind is
 * pending.
 */
static void find_pending(
    const struct iow_facts *facts, uint32_t g, const struct grouped *in, struct iow_group_owner *owner)
{
    owner->pending = in->shown_pending;
    if (owner->pending != IOW_NONE || !facts->groups[g].vfio_node || !in->n_unbound)
        return;
    if (in->n_vfio == 0 && in->n_unbound == 1)
        owner->pending = in->last_unbound;
    else
        owner->pending_possible = in->n_vfio == 0;
}

static struct verdict judge_any(
    const struct iow_facts *facts, uint32_t g, uint32_t n_unheld_nodes, const struct iow_group_owner *owner)
{
    struct verdict verdict;

    if (iow_audit_is_invented(&facts->groups[g]))
        return (struct verdict){IOW_RULE_OWN_NO_IOMMU, IOW_DOMAIN_UNKNOWN};
    if (owner->drivers.n[IOW_DRIVER_DMA_API])
        return (struct verdict){IOW_RULE_OWN_KERNEL_DRIVER, IOW_DOMAIN_DEFAULT};
    if (owner->drivers.n[IOW_DRIVER_PRIVATE])
        return (struct verdict){IOW_RULE_OWN_PRIVATE_DOMAIN, IOW_DOMAIN_NOT_DEFAULT};
    if (!facts->groups[g].vfio_node)
        return (struct verdict){IOW_RULE_OWN_NO_DRIVER, IOW_DOMAIN_DEFAULT};
    verdict = judge(facts, owner, g, n_unheld_nodes);
    /* Its wait ends when the last user is gone: as long as it lasts, there is a user. */
    if ((owner->pending != IOW_NONE || owner->pending_possible) && verdict.domain == IOW_DOMAIN_DEFAULT)
        return (struct verdict){IOW_RULE_OWN_UNBIND_PENDING, IOW_DOMAIN_UNKNOWN};
    return verdict;
}

int iow_audit_owners(struct iow_analysis *a, struct iow_mem *mem)
{
    const struct iow_facts *facts = a->facts;
    struct grouped *grouped = iow_mem_alloc(mem, facts->n_groups, sizeof(*grouped));
    uint32_t n_unheld_nodes = count_unheld_nodes(facts);

    a->owners = iow_mem_alloc(mem, facts->n_groups, sizeof(*a->owners));
    if (!grouped || !a->owners)
        return -IOW_ENOMEM;
    for (uint32_t g = 0; g < facts->n_groups; g++)
        grouped[g].shown_pending = IOW_NONE;
    count_functions(a, grouped);
    count_others(a, grouped);
    for (uint32_t g = 0; g < facts->n_groups; g++) {
        struct iow_group_owner *owner = &a->owners[g];
        struct verdict verdict;

        if (collect_holders(facts, mem, g, owner) < 0)
            return -IOW_ENOMEM;
        find_pending(facts, g, &grouped[g], owner);
        verdict = judge_any(facts, g, n_unheld_nodes, owner);
        owner->basis = verdict.basis;
        owner->owner = iow_owner_derive(verdict.domain, &owner->drivers);
    }
    return 0;
}
