/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of what a claim can be: they are in the journal and in JSON, and never change. */
#include <ioward/claim.h>

static const char *const claim_state[IOW_CLAIM__COUNT] = {
    [IOW_CLAIM_TAKING] = "taking",
    [IOW_CLAIM_HELD] = "held",
    [IOW_CLAIM_RELEASING] = "releasing",
};

static const char *const step_state[IOW_STEP_STATE__COUNT] = {
    [IOW_STEP_PLANNED] = "planned",
    [IOW_STEP_INTENDED] = "intended",
    [IOW_STEP_DONE] = "done",
    [IOW_STEP_UNDOING] = "undoing",
    [IOW_STEP_UNDONE] = "undone",
    [IOW_STEP_LEFT] = "left",
};

static const char *const outcome_kind[IOW_OUTCOME__COUNT] = {
    [IOW_OUTCOME_DONE] = "done",
    [IOW_OUTCOME_ROLLED_BACK] = "rolled-back",
    [IOW_OUTCOME_PENDING] = "pending",
    [IOW_OUTCOME_OPEN] = "open",
};

static const char *const member_role[IOW_MEMBER__COUNT] = {
    [IOW_MEMBER_ASKED] = "asked",
    [IOW_MEMBER_COMPANION] = "companion",
    [IOW_MEMBER_STAYS] = "stays",
    [IOW_MEMBER_FREED] = "freed",
};

static const char *name_of(const char *const *names, unsigned n, unsigned number)
{
    return number < n ? names[number] : "unknown";
}

const char *iow_claim_state_name(enum iow_claim_state state)
{
    return name_of(claim_state, IOW_CLAIM__COUNT, state);
}

const char *iow_step_state_name(enum iow_step_state state)
{
    return name_of(step_state, IOW_STEP_STATE__COUNT, state);
}

const char *iow_outcome_kind_name(enum iow_outcome_kind kind)
{
    return name_of(outcome_kind, IOW_OUTCOME__COUNT, kind);
}

const char *iow_member_role_name(enum iow_member_role role)
{
    return name_of(member_role, IOW_MEMBER__COUNT, role);
}
