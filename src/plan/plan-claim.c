/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking whole groups for a user. */
#include "audit/audit.h"
#include "plan/check.h"
#include "plan/draft.h"

/* What is not known keeps nobody from looking at what would be done. */
static bool has_steps(const struct iow_draft *draft)
{
    const struct iow_refusal *refusals = draft->refusals;

    for (uint32_t i = 0; i < draft->n_refusals; i++)
        if (!draft->request->looking || refusals[i].rule != IOW_RULE_USE_UNKNOWN)
            return false;
    return true;
}

/* What Linux would not do is not planned. */
static int check_steps(struct iow_draft *draft, struct iow_plan *plan)
{
    struct iow_refusal refusal, *slot;

    if (iow_plan_check(draft->analysis->facts, plan, draft->mem, &refusal) < 0)
        return -IOW_ENOMEM;
    if (refusal.rule == IOW_RULE_NONE)
        return 0;
    slot = iow_audit_append(draft->mem, &draft->refusals, &draft->n_refusals, sizeof(*slot));
    if (!slot)
        return -IOW_ENOMEM;
    *slot = refusal;
    plan->refusals = draft->refusals;
    plan->n_refusals = draft->n_refusals;
    plan->n_steps = 0;
    return 0;
}

int iow_plan_claim(const struct iow_analysis *analysis, const struct iow_claim_request *request,
    struct iow_mem *mem, struct iow_plan **ret)
{
    struct iow_draft draft;
    struct iow_plan *plan = iow_mem_alloc(mem, 1, sizeof(*plan));

    if (!plan || iow_draft_members(&draft, analysis, request, mem) < 0 || iow_draft_refusals(&draft) < 0)
        return -IOW_ENOMEM;
    if (has_steps(&draft) && iow_draft_steps(&draft) < 0)
        return -IOW_ENOMEM;
    *plan = (struct iow_plan){
        .n_members = draft.n_members,
        .members = draft.members,
        .n_steps = draft.n_steps,
        .steps = draft.steps,
        .n_refusals = draft.n_refusals,
        .refusals = draft.refusals,
        .n_risks = draft.n_risks,
        .risks = draft.risks,
    };
    if (has_steps(&draft) && check_steps(&draft, plan) < 0)
        return -IOW_ENOMEM;
    *ret = plan;
    return 0;
}
