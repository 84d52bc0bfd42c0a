/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking whole groups for a user. */
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
    };
    *ret = plan;
    return 0;
}
