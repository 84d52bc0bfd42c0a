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
    uint32_t n_vfio;    /* members bound to a vfio driver */
    uint32_t n_unbound; /* PCI functions without driver, bridges aside */
    uint32_t last_unbound;
    uint32_t shown_pending; /* unbound, yet sysfs still shows its vfio device */
    bool device_open;       /* see iow_audit_holders() */
};

static void count_functions(struct iow_analysis *a, struct grouped *grouped)
{
    const struct iow_facts *facts = a->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++) {
        const struct iow_function *f = &facts->functions[i];
        uint32_t g = iow_facts_find_group(facts, f->group);

        if (g == IOW_NONE)
            continue;
        a->owners[g].drivers.n[iow_driver_trait_of(f->driver)]++;
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
        a->owners[g].drivers.n[iow_driver_trait_of(m->driver)]++;
        if (iow_driver_is_vfio(m->driver))
            grouped[g].n_vfio++;
    }
}

/* Groups with a vfio node that no process visibly holds: an anonymous device file may belong to any of them. */
static uint32_t count_unheld_nodes(const struct iow_analysis *a)
{
    uint32_t n = 0;

    for (uint32_t g = 0; g < a->facts->n_groups; g++)
        n += a->facts->groups[g].vfio_node && !a->owners[g].n_holders;
    return n;
}

/* What the holders say about a group with a vfio node: the basis of the conclusion, and the domain it means.
 */
struct verdict {
    enum iow_rule basis;
    enum iow_domain domain;
};

static struct verdict judge(const struct iow_facts *facts, const struct iow_group_owner *owner,
    const struct grouped *in, uint32_t n_unheld_nodes)
{
    if (in->device_open)
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

static struct verdict judge_any(const struct iow_facts *facts, uint32_t g, const struct grouped *in,
    uint32_t n_unheld_nodes, const struct iow_group_owner *owner)
{
    struct verdict verdict;

    if (iow_audit_is_invented(&facts->groups[g]))
        return (struct verdict){IOW_RULE_OWN_NO_IOMMU, IOW_DOMAIN_UNKNOWN};
    if (owner->drivers.n[IOW_DRIVER_DMA_API])
        return (struct verdict){IOW_RULE_OWN_KERNEL_DRIVER, IOW_DOMAIN_DEFAULT};
    if (owner->drivers.n[IOW_DRIVER_PRIVATE])
        return (struct verdict){IOW_RULE_OWN_PRIVATE_DOMAIN, IOW_DOMAIN_NOT_DEFAULT};
    if (!facts->groups[g].vfio_node && !owner->n_holders)
        return (struct verdict){IOW_RULE_OWN_NO_DRIVER, IOW_DOMAIN_DEFAULT};
    verdict = judge(facts, owner, in, n_unheld_nodes);
    /* Its wait ends when the last user is gone: as long as it lasts, there is a user. */
    if ((owner->pending != IOW_NONE || owner->pending_possible) && verdict.domain == IOW_DOMAIN_DEFAULT)
        return (struct verdict){IOW_RULE_OWN_UNBIND_PENDING, IOW_DOMAIN_UNKNOWN};
    return verdict;
}

int iow_audit_owners(struct iow_analysis *a, struct iow_mem *mem)
{
    const struct iow_facts *facts = a->facts;
    struct grouped *grouped = iow_mem_alloc(mem, facts->n_groups, sizeof(*grouped));
    bool *device_open = iow_mem_alloc(mem, facts->n_groups, sizeof(*device_open));
    uint32_t n_unheld_nodes;

    a->owners = iow_mem_alloc(mem, facts->n_groups, sizeof(*a->owners));
    if (!grouped || !device_open || !a->owners || iow_audit_holders(a, device_open, mem) < 0)
        return -IOW_ENOMEM;
    for (uint32_t g = 0; g < facts->n_groups; g++)
        grouped[g] = (struct grouped){.shown_pending = IOW_NONE, .device_open = device_open[g]};
    count_functions(a, grouped);
    count_others(a, grouped);
    n_unheld_nodes = count_unheld_nodes(a);
    for (uint32_t g = 0; g < facts->n_groups; g++) {
        struct iow_group_owner *owner = &a->owners[g];
        struct verdict verdict;

        find_pending(facts, g, &grouped[g], owner);
        verdict = judge_any(facts, g, &grouped[g], n_unheld_nodes, owner);
        owner->basis = verdict.basis;
        owner->owner = owner->derived = iow_owner_derive(verdict.domain, &owner->drivers);
    }
    return 0;
}
