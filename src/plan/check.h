/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Would Linux do it? A plan, run through the ownership core on its groups as the facts have them.
 *
 * Knows what a step meets: which driver a function has, whether its driver_override lets another one bind,
 * whether a group has a node, and by the core (ioward/ownership.h) whether the state of the group lets the
 * driver in. Knows nothing of uses, of time, of the machine.
 */
#ifndef IOWARD_PLAN_CHECK_H
#define IOWARD_PLAN_CHECK_H

#include <ioward/plan.h>

/*
 * iow_plan_check - is every step allowed in the state that it meets, does the user get what goes to him,
 * and is
 *                  every step back allowed, too?
 * In:      plan     to claim; looked at as it is, whatever made it
 * Out:     ret      the first thing that Linux would refuse, rule IOW_RULE_PLAN_IMPOSSIBLE; rule
 *          IOW_RULE_NONE: nothing
 * Errors:  -IOW_ENOMEM
 * Source:  as ioward/ownership.h, for the kernel of the facts; drivers/pci/pci-driver.c pci_match_device(),
 *          drivers/base/bus.c bind_store(), unbind_store(), Linux 6.12
 * Pure:    yes
 */
int iow_plan_check(
    const struct iow_facts *facts, const struct iow_plan *plan, struct iow_mem *mem, struct iow_refusal *ret);

#endif
