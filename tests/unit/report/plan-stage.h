/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan with its view, and claims, outcomes and a history to draw. */
#ifndef IOWARD_TESTS_REPORT_PLAN_STAGE_H
#define IOWARD_TESTS_REPORT_PLAN_STAGE_H

#include "stage.h"

#include "report/plan.h"

#include <errno.h>

struct plan_stage {
    struct stage stage;
    uint32_t named[4], whole[4];
    struct iow_claim_request request;
    struct iow_plan_about about;
    struct iow_plan *plan;
    struct iow_use use[8];
    struct iow_missing missing[8];
};

/* A port and three functions in group 4, alone in group 7 a disk; all is known, nothing in use. */
static inline void plan_stage_set(struct plan_stage *s)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_OPEN, 4, "pcieport"},
        {"01:00.0", "00:02.0", EP, 4, "e1000e"}, {"01:00.1", "00:02.0", EP, 4, HOSTILE},
        {"01:00.2", "00:02.0", EP, 4, NULL}, {"02:00.0", NULL, EP, 7, "nvme"}};
    static const struct iow_region none;

    memset(s, 0, sizeof(*s));
    scene_set(&s->stage.scene, actor, COUNT(actor));
    for (uint32_t i = 0; i < COUNT(actor); i++) {
        struct iow_function *f = &s->stage.scene.function[i];

        f->known |= IOW_FUNCTION_DETAILS | IOW_FUNCTION_USES;
        f->config.class_code = i == 0 ? 0x060400 : 0x020000;
    }
    s->stage.scene.group[0].regions = s->stage.scene.group[1].regions = &none;
    s->stage.scene.facts.uses = s->use;
    s->stage.scene.facts.missing = s->missing;
    s->named[0] = 1;
    s->request = (struct iow_claim_request){
        .n = 1, .functions = s->named, .whole = s->whole, .with_group = true, .uid = 1000, .gid = 100};
    s->about = (struct iow_plan_about){&s->request, "alice"};
}

static inline void plan_stage_play(struct plan_stage *s)
{
    stage_play(&s->stage);
    assert_int_equal(iow_plan_claim(s->stage.scene.analysis, &s->request, &s->stage.scene.mem, &s->plan), 0);
}

static inline void plan_stage_use(struct plan_stage *s, struct iow_use use)
{
    assert_true(s->stage.scene.facts.n_uses < COUNT(s->use));
    s->use[s->stage.scene.facts.n_uses++] = use;
}

static inline void plan_stage_end(struct plan_stage *s)
{
    stage_end(&s->stage);
}

/* --- steps --- */

#define ADDRESS_1                                                                                            \
    {                                                                                                        \
        .bus = 1                                                                                             \
    }

#define STEP(k, old, new)                                                                                    \
    {                                                                                                        \
        .kind = IOW_STEP_##k, .group = 4, .function = ADDRESS_1, .identity = 0x808610d3, .before = (old),    \
        .after = (new)                                                                                       \
    }

/* --- outcomes --- */

static const uint32_t stage_groups[] = {4, 7, 9};

static inline struct iow_outcome_about stage_about(enum iow_outcome_verb verb, uint32_t n_groups)
{
    return (struct iow_outcome_about){
        .verb = verb, .n_groups = n_groups, .groups = stage_groups, .uid = 1000, .user = "alice"};
}

/* The kernel refused a bind; and what was seen when it was put back was of somebody else. */
static const struct iow_failure stage_failures[] = {
    {.step = STEP(BIND, "", "vfio-pci"), .rule = IOW_RULE_EXEC_REFUSED, .error = EINVAL, .seen = ""},
    {.step = STEP(BIND, "", "e1000e"), .undoing = true, .rule = IOW_RULE_EXEC_FOREIGN, .seen = HOSTILE},
};

/* --- claims --- */

static const struct iow_claim_member stage_members[] = {
    {{.bus = 0, .device = 2}, IOW_MEMBER_STAYS},
    {{.bus = 1}, IOW_MEMBER_ASKED},
    {{.bus = 1, .function = 1}, IOW_MEMBER_COMPANION},
};

static const struct iow_claim_step stage_steps[] = {
    {.id = 1, .step = STEP(LOAD, "", "vfio-pci"), .state = IOW_STEP_DONE},
    {.id = 2,
        .step = STEP(UNBIND, "e1000e", ""),
        .state = IOW_STEP_UNDOING,
        .effort = {812, 99},
        .rule = IOW_RULE_EXEC_REFUSED,
        .error = EBUSY},
    {.id = 3, .step = STEP(BIND, "", "vfio-pci"), .state = IOW_STEP_UNDONE},
};

/* 2026-03-01 14:07:12 UTC */
#define STAGE_TIME_USEC 1772374032000000u

static const struct iow_claim stage_held = {
    .id = 1,
    .transaction = 3,
    .state = IOW_CLAIM_HELD,
    .group = 4,
    .uid = 1000,
    .by_uid = 1000,
    .began_usec = STAGE_TIME_USEC,
    .command = "",
    .n_members = COUNT(stage_members),
    .members = stage_members,
};

static const struct iow_claim stage_releasing = {
    .id = 2,
    .transaction = 4,
    .state = IOW_CLAIM_RELEASING,
    .group = 7,
    .uid = 1000,
    .by_uid = 0,
    .began_usec = STAGE_TIME_USEC,
    .bound = true,
    .command = "qemu " HOSTILE,
    .supervisor = {700, 5},
    .n_members = 1, /* one that stays */
    .members = stage_members,
    .n_steps = COUNT(stage_steps),
    .steps = stage_steps,
};

/* --- history --- */

static const struct iow_history_row stage_history[] = {
    {.when_usec = STAGE_TIME_USEC,
        .boot_id = "a",
        .event = "claimed",
        .group = 4,
        .uid = 1000,
        .by_uid = 0,
        .user = "alice",
        .by = "root",
        .members = "0000:01:00.0 0000:01:00.1",
        .command = "qemu " HOSTILE,
        .note = ""},
    {.when_usec = STAGE_TIME_USEC + 60000000,
        .boot_id = "b",
        .this_boot = true,
        .event = "rolled-back",
        .group = 7,
        .uid = 1001,
        .by_uid = 1001,
        .members = "0000:02:00.0",
        .command = "",
        .note = "IOW-EXEC-REFUSED IOW-EXEC-FOREIGN"},
};

/* What a drawer makes of it, as one string; free it. */
#define DRAWN(call)                                                                                          \
    ({                                                                                                       \
        char *drawn_text = NULL;                                                                             \
        size_t drawn_len;                                                                                    \
        FILE *out = open_memstream(&drawn_text, &drawn_len);                                                 \
                                                                                                             \
        assert_int_equal(call, 0);                                                                           \
        assert_int_equal(fclose(out), 0);                                                                    \
        drawn_text;                                                                                          \
    })

#endif
