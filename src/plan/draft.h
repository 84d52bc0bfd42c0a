/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A plan while it is made: first its members, then why not, then, if there is no reason, its steps. All memory
 * comes from the plan's arena.
 */
#ifndef IOWARD_PLAN_DRAFT_H
#define IOWARD_PLAN_DRAFT_H

#include <ioward/plan.h>

#include "facts/facts.h"

/* The driver that hands a function to user space, and so the goal of every plan to claim. */
#define IOW_PLAN_DRIVER "vfio-pci"

struct iow_draft {
    const struct iow_analysis *analysis;
    const struct iow_claim_request *request;
    struct iow_mem *mem;
    uint32_t n_groups;
    uint32_t *groups; /* numbers of the groups asked for that there are, ascending, each once */
    uint32_t n_members;
    struct iow_plan_member *members;
    uint32_t n_steps;
    struct iow_step *steps;
    uint32_t n_refusals;
    void *refusals; /* struct iow_refusal, see iow_audit_append() */
    uint32_t n_risks;
    void *risks; /* struct iow_plan_risk */
};

/* In this order. 0 or -IOW_ENOMEM. */
int iow_draft_members(struct iow_draft *draft, const struct iow_analysis *analysis,
    const struct iow_claim_request *request, struct iow_mem *mem);
int iow_draft_refusals(struct iow_draft *draft);
int iow_draft_steps(struct iow_draft *draft);

/* iow_draft_reach - a part of iow_draft_refusals(): whom the hardware does not keep apart from the groups asked for */
int iow_draft_reach(struct iow_draft *draft);

static inline const struct iow_function *iow_draft_function(
    const struct iow_draft *draft, const struct iow_plan_member *member)
{
    return &draft->analysis->facts->functions[member->function];
}

/* Does this number stand in the list? */
bool iow_draft_has(const uint32_t *list, uint32_t n, uint32_t number);

/* A member that goes to the user, or goes along. */
static inline bool iow_draft_goes(const struct iow_plan_member *member)
{
    return member->role == IOW_MEMBER_ASKED || member->role == IOW_MEMBER_COMPANION;
}

/* A member of which a step would change something: it goes and has no vfio driver yet, or is freed. */
bool iow_draft_changes(const struct iow_draft *draft, const struct iow_plan_member *member);

/* A function that belongs to the machine's wiring and can be of use to nobody: see members.c. */
bool iow_draft_is_bridge(const struct iow_config *config);

#endif
