/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the kernel keeps apart what the hardware does not: what changed since, or what its rule does not look at. */
#include <ioward/agreement.h>

/* What the kernel's rule does not look at, by the rule of the route. */
static const struct {
    enum iow_rule route, cause;
} blind[] = {
    {IOW_RULE_ROUTE_NO_ACS, IOW_RULE_HW_SWITCH},
    {IOW_RULE_ROUTE_EGRESS_DIRECT, IOW_RULE_HW_EGRESS_CONTROL},
    {IOW_RULE_ROUTE_TRANSLATED_DIRECT, IOW_RULE_HW_TRANSLATED},
    {IOW_RULE_ROUTE_OWN_WINDOW, IOW_RULE_HW_OWN_WINDOW},
    {IOW_RULE_ROUTE_FUNCTIONS, IOW_RULE_HW_FUNCTIONS},
    {IOW_RULE_ROUTE_VIRTUAL_FUNCTIONS, IOW_RULE_HW_VIRTUAL_FUNCTIONS},
    {IOW_RULE_ROUTE_ROOT_BUS, IOW_RULE_HW_ROOT_BUS},
    {IOW_RULE_ROUTE_ROOT_COMPLEX, IOW_RULE_HW_ROOT_COMPLEX},
    {IOW_RULE_ROUTE_PORT_REGISTERS, IOW_RULE_HW_PORT_REGISTERS},
    {IOW_RULE_ROUTE_NO_IOMMU, IOW_RULE_HW_NO_IOMMU},
    {IOW_RULE_ROUTE_ATS, IOW_RULE_HW_ATS},
    {IOW_RULE_ROUTE_UNREAD, IOW_RULE_HW_UNREAD},
    {IOW_RULE_ROUTE_OVERLAP, IOW_RULE_HW_UNREAD},
};

/* Is a difference between prediction and kernel put down to this, about a function or at a port? */
static bool differs(const struct iow_analysis *a, enum iow_rule rule, uint32_t function, uint32_t port)
{
    for (uint32_t i = 0; i < a->n_differences; i++) {
        const struct iow_difference *d = &a->differences[i];

        if (d->rule == rule && d->finer &&
            (d->function == function || (port != IOW_NONE && d->deciding == port)))
            return true;
    }
    return false;
}

static bool is_downstream_port(const struct iow_analysis *a, uint32_t node)
{
    return a->topology->node[node].config->pcie_type == IOW_PCIE_DOWNSTREAM_PORT;
}

enum iow_rule iow_breach_cause(const struct iow_analysis *a, const struct iow_breach *breach)
{
    const struct iow_hop *hop = &breach->deciding;

    if (hop->bit && differs(a, IOW_RULE_DIFF_ACS_CLEARED, IOW_NONE, hop->node))
        return IOW_RULE_HW_ACS_CLEARED;
    if (differs(a, IOW_RULE_DIFF_OVERRIDE, breach->from, IOW_NONE) ||
        differs(a, IOW_RULE_DIFF_OVERRIDE, breach->to, IOW_NONE))
        return IOW_RULE_HW_OVERRIDE;
    if (hop->way == IOW_HOP_ROOT_COMPLEX && hop->rule != IOW_RULE_ROUTE_NO_IOMMU &&
        hop->rule != IOW_RULE_ROUTE_ATS)
        return IOW_RULE_HW_ROOT_COMPLEX;
    if (hop->rule == IOW_RULE_ROUTE_NOT_REDIRECTED && is_downstream_port(a, hop->node))
        return IOW_RULE_HW_SWITCH;
    for (size_t i = 0; i < sizeof(blind) / sizeof(blind[0]); i++)
        if (blind[i].route == hop->rule)
            return blind[i].cause;
    return IOW_RULE_HW_OTHER;
}
