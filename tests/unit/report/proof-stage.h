/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traces of the checker, written down by hand. */
#ifndef IOWARD_TESTS_REPORT_PROOF_STAGE_H
#define IOWARD_TESTS_REPORT_PROOF_STAGE_H

#include "stage.h"

#include "report/proof.h"

#define AT_DEFAULT                                                                                           \
    {                                                                                                        \
        .space = IOW_PROOF_SPACE_DEFAULT                                                                     \
    }
#define BLOCKED                                                                                              \
    {                                                                                                        \
        .space = IOW_PROOF_SPACE_BLOCKING                                                                    \
    }
#define OUTSIDE(driver, in)                                                                                  \
    {                                                                                                        \
        .group = IOW_PROOF_OUTSIDE, .trait = (driver), .phase = (in)                                         \
    }
#define WHOLE IOW_PROOF_DEVICES

/* Linux 6.1: the second of two members cannot be blocked, and the first stays so. */
static inline struct iow_proof_trace proof_stage_half_claimed(void)
{
    static struct iow_proof_step steps[] = {
        {.actor = IOW_PROOF_OWNER,
            .act = IOW_OPERATION_CLAIM_GROUP,
            .device = WHOLE,
            .owner = 1,
            .failing = 2,
            .moved = 1,
            .code = -IOW_EIO,
            .rule = IOW_RULE_DMA_ATTACH_FAILED,
            .devices = {BLOCKED, AT_DEFAULT}},
    };

    return (struct iow_proof_trace){.n_steps = COUNT(steps), .steps = steps};
}

/* A driver is bound before its device has a group, which is then claimed under it. */
static inline struct iow_proof_trace proof_stage_late_group(void)
{
    static struct iow_proof_step steps[] = {
        {.actor = IOW_PROOF_BUS,
            .act = IOW_PROOF_ACT_APPEAR,
            .group = IOW_PROOF_OUTSIDE,
            .devices = {OUTSIDE(IOW_DRIVER_NONE, IOW_PHASE_UNBOUND)}},
        {.actor = IOW_PROOF_DRIVER_CORE,
            .act = IOW_OPERATION_PROBE,
            .group = IOW_PROOF_OUTSIDE,
            .trait = IOW_DRIVER_DMA_API,
            .devices = {OUTSIDE(IOW_DRIVER_DMA_API, IOW_PHASE_PROBING)}},
        {.actor = IOW_PROOF_BUS,
            .act = IOW_OPERATION_ADD,
            .devices = {{.trait = IOW_DRIVER_DMA_API,
                .phase = IOW_PHASE_PROBING,
                .space = IOW_PROOF_SPACE_DEFAULT}}},
        {.actor = IOW_PROOF_OWNER,
            .act = IOW_OPERATION_CLAIM_GROUP,
            .device = WHOLE,
            .owner = 1,
            .moved = 1,
            .devices = {{.trait = IOW_DRIVER_DMA_API,
                .phase = IOW_PHASE_PROBING,
                .space = IOW_PROOF_SPACE_BLOCKING}},
            .groups = {{.claims = 2}}},
    };

    steps[3].groups[0].word = iow_ownership_pack(
        &(struct iow_ownership){.kind = IOW_KIND_BLOCKING, .type = IOW_TYPE_DMA, .tag = 1, .claims = 1});
    return (struct iow_proof_trace){.n_steps = COUNT(steps), .steps = steps};
}

/* Two make-ups, of five groups and of one, and what they rest on. */
struct proof_stage {
    uint32_t groups[6];
    struct iow_prove_member members[3];
    struct iow_prove_make makes[2];
    struct iow_prove_finding findings[3];
    struct iow_prove prove;
};

static inline void proof_stage_set_makes(struct proof_stage *s)
{
    static const uint32_t groups[] = {0, 1, 2, 4, 7, 9};

    memcpy(s->groups, groups, sizeof(groups));
    s->members[0] = (struct iow_prove_member){"0000:00:02.0", "pcieport", IOW_DRIVER_MANAGED, IOW_PART_PORT};
    s->members[1] = (struct iow_prove_member){"0000:01:00.0", HOSTILE, IOW_DRIVER_DMA_API, IOW_PART_DEVICE};
    s->members[2] = (struct iow_prove_member){HOSTILE, NULL, IOW_DRIVER_NONE, IOW_PART_OTHER};
    s->makes[0] = (struct iow_prove_make){.n_groups = 5,
        .groups = s->groups,
        .parts[IOW_PART_PORT] = 1,
        .n_members = 1,
        .n_searched = 1,
        .members = s->members,
        .kept = {.states = 14, .transitions = 40, .depth = 5, .complete = true}};
    s->makes[1] = (struct iow_prove_make){.n_groups = 1,
        .groups = s->groups + 5,
        .parts[IOW_PART_PORT] = 1,
        .parts[IOW_PART_DEVICE] = 1,
        .parts[IOW_PART_OTHER] = 1,
        .newcomers = true,
        .n_members = 3,
        .n_searched = 3,
        .members = s->members,
        .kept = {.states = 31200, .transitions = 201000, .depth = 21, .complete = true}};
}

static inline void proof_stage_set_findings(struct proof_stage *s)
{
    static const char *const names[] = {"0000:01:00.0", HOSTILE_SHOWN};
    static const struct iow_trace_names both = {COUNT(names), 1, names}, first = {1, 1, names};

    s->findings[0] = (struct iow_prove_finding){.invariant = IOW_PROOF_INVARIANT_RETURNS,
        .dropped = 1u << IOW_PROOF_CONDITION_ATTACH,
        .n_groups = 6,
        .groups = s->groups,
        .trace = proof_stage_half_claimed(),
        .names = both};
    s->findings[1] = (struct iow_prove_finding){.invariant = IOW_PROOF_INVARIANT_NO_DRIVER,
        .dropped = 1u << IOW_PROOF_CONDITION_EARLY,
        .n_groups = 1,
        .groups = s->groups + 5,
        .trace = proof_stage_late_group(),
        .names = first,
        .group = 9};
    s->findings[2] = s->findings[1];
    s->findings[2].invariant = IOW_PROOF_INVARIANT_LEAVES;
}

static inline void proof_stage_set(struct proof_stage *s)
{
    *s = (struct proof_stage){0};
    proof_stage_set_makes(s);
    proof_stage_set_findings(s);
    s->prove = (struct iow_prove){.profile = iow_profile_find("linux-6.12"),
        .kernel = "6.12.1",
        .n_makes = COUNT(s->makes),
        .makes = s->makes,
        .n_findings = COUNT(s->findings),
        .findings = s->findings,
        .complete = true};
}

#endif
