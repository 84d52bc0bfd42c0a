/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of a plan that nothing speaks against, in the order of plan.h.
 *
 * Undoing them in reverse must end where they began, and the kernel binds a driver only to a function whose
 * driver_override is empty or names it. So a function with a driver and an override that names another one
 * gets its own driver's name as its override before anything else: the way back then passes through a
 * state in which that driver may bind.
 */
#include "plan/draft.h"

#include <string.h>

#define NODE_MODE 0600

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static void add(struct iow_draft *draft, enum iow_step_kind kind, const struct iow_plan_member *member,
    const char *before, const char *after)
{
    const struct iow_function *f = iow_draft_function(draft, member);

    if (strcmp(before, after) == 0)
        return;
    draft->steps[draft->n_steps++] = (struct iow_step){
        .kind = kind,
        .group = member->group,
        .function = f->address,
        .identity = (uint32_t)f->config.vendor << 16 | f->config.device,
        .before = before,
        .after = after,
    };
}

/* A driver in use is there; whether an idle one is, the facts do not tell. */
static void add_load(struct iow_draft *draft, const struct iow_plan_member *first)
{
    const struct iow_facts *facts = draft->analysis->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (strcmp(text_of(facts->functions[i].driver), IOW_PLAN_DRIVER) == 0)
            return;
    draft->steps[draft->n_steps++] = (struct iow_step){
        .kind = IOW_STEP_LOAD, .group = first->group, .before = "", .after = IOW_PLAN_DRIVER};
}

/* The override that a function has once its driver may be taken away: see above. */
static const char *way_back(const struct iow_function *f)
{
    const char *override = text_of(f->driver_override);

    return *override && f->driver ? f->driver : override;
}

static int add_give(struct iow_draft *draft, uint32_t group)
{
    const struct iow_claim_request *request = draft->request;
    char buf[IOW_ACCESS_TEXT];
    const char *access = iow_access_format(request->uid, request->gid, NODE_MODE, buf);

    access = iow_mem_text(draft->mem, access, strlen(access));
    if (!access)
        return -IOW_ENOMEM;
    draft->steps[draft->n_steps++] =
        (struct iow_step){.kind = IOW_STEP_GIVE, .group = group, .before = "", .after = access};
    return 0;
}

/* One pass over the members that change, for one kind of step. */
static void pass(struct iow_draft *draft, void (*visit)(struct iow_draft *, const struct iow_plan_member *))
{
    for (uint32_t i = 0; i < draft->n_members; i++)
        if (iow_draft_changes(draft, &draft->members[i]))
            visit(draft, &draft->members[i]);
}

static void prepare_way_back(struct iow_draft *draft, const struct iow_plan_member *member)
{
    const struct iow_function *f = iow_draft_function(draft, member);

    add(draft, IOW_STEP_OVERRIDE, member, text_of(f->driver_override), way_back(f));
}

static void take_driver(struct iow_draft *draft, const struct iow_plan_member *member)
{
    add(draft, IOW_STEP_UNBIND, member, text_of(iow_draft_function(draft, member)->driver), "");
}

static void set_override(struct iow_draft *draft, const struct iow_plan_member *member)
{
    if (iow_draft_goes(member))
        add(draft, IOW_STEP_OVERRIDE, member, way_back(iow_draft_function(draft, member)), IOW_PLAN_DRIVER);
}

static void bind_user_driver(struct iow_draft *draft, const struct iow_plan_member *member)
{
    if (iow_draft_goes(member))
        add(draft, IOW_STEP_BIND, member, "", IOW_PLAN_DRIVER);
}

static const struct iow_plan_member *first_to_bind(const struct iow_draft *draft)
{
    for (uint32_t i = 0; i < draft->n_members; i++)
        if (iow_draft_goes(&draft->members[i]) && iow_draft_changes(draft, &draft->members[i]))
            return &draft->members[i];
    return NULL;
}

int iow_draft_steps(struct iow_draft *draft)
{
    const struct iow_plan_member *first = first_to_bind(draft);

    draft->steps = iow_mem_alloc(
        draft->mem, 1 + 4 * (size_t)draft->n_members + draft->n_groups, sizeof(draft->steps[0]));
    if (!draft->steps)
        return -IOW_ENOMEM;
    if (first)
        add_load(draft, first);
    pass(draft, prepare_way_back);
    pass(draft, take_driver);
    pass(draft, set_override);
    pass(draft, bind_user_driver);
    for (uint32_t g = 0; g < draft->n_groups; g++)
        if (add_give(draft, draft->groups[g]) < 0)
            return -IOW_ENOMEM;
    return 0;
}
