/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After the last step: is every group still what was planned for? */
#include "exec/work.h"

#include <string.h>

static const char *driver_text(const struct iow_function *function)
{
    return function->driver ? function->driver : "";
}

/* The driver a member should have now: what its last step says, else what it had. */
static const char *planned_driver(const struct iow_plan *plan, const struct iow_function *member)
{
    const char *driver = driver_text(member);

    for (uint32_t i = 0; i < plan->n_steps; i++) {
        const struct iow_step *s = &plan->steps[i];

        if ((s->kind == IOW_STEP_BIND || s->kind == IOW_STEP_UNBIND) &&
            iow_address_compare(&s->function, &member->address) == 0)
            driver = s->after;
    }
    return driver;
}

static bool in_group(const struct iow_plan *plan, uint32_t group)
{
    for (uint32_t i = 0; i < plan->n_members; i++)
        if (plan->members[i].group == group)
            return true;
    return false;
}

/* A failure that is about no step names the variable that is not as it should be. */
static bool differs(struct iow_work *work, const struct iow_address *function, uint32_t group,
    enum iow_rule rule, const char *wanted, const char *seen)
{
    struct iow_step step = {
        .kind = function ? IOW_STEP_BIND : IOW_STEP_GIVE, .group = group, .before = wanted, .after = wanted};

    if (function)
        step.function = *function;
    iow_work_fail(work, &step, rule, 0, seen);
    return false;
}

static bool members_are_as_planned(struct iow_work *work, const struct iow_facts *before,
    const struct iow_facts *now, const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_members; i++) {
        const struct iow_function *was = iow_facts_function_at(before, plan->members[i].function);
        const struct iow_function *is =
            iow_facts_function_at(now, iow_facts_find_function(now, &was->address));
        const char *driver = planned_driver(plan, was);

        if (!is || is->dying)
            return differs(work, &was->address, plan->members[i].group, IOW_RULE_EXEC_GONE, driver, NULL);
        if (is->group != plan->members[i].group || strcmp(driver_text(is), driver) != 0)
            return differs(
                work, &was->address, plan->members[i].group, IOW_RULE_EXEC_CHANGED, driver, driver_text(is));
    }
    return true;
}

static bool is_member(
    const struct iow_facts *before, const struct iow_plan *plan, const struct iow_address *address)
{
    uint32_t position = iow_facts_find_function(before, address);

    for (uint32_t i = 0; i < plan->n_members; i++)
        if (plan->members[i].function == position)
            return true;
    return false;
}

static bool nobody_joined(struct iow_work *work, const struct iow_facts *before, const struct iow_facts *now,
    const struct iow_plan *plan)
{
    const struct iow_function *f;

    for (uint32_t i = 0; (f = iow_facts_function_at(now, i)); i++)
        if (in_group(plan, f->group) && !is_member(before, plan, &f->address))
            return differs(work, &f->address, f->group, IOW_RULE_EXEC_CHANGED, "", driver_text(f));
    return true;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool was_there(const struct iow_facts *before, const struct iow_other_member *member)
{
    const struct iow_other_member *m;

    for (uint32_t i = 0; (m = iow_facts_other_member_at(before, i)); i++)
        if (m->group == member->group && same_text(m->name, member->name))
            return same_text(m->driver, member->driver);
    return false;
}

static bool others_are_as_they_were(struct iow_work *work, const struct iow_facts *before,
    const struct iow_facts *now, const struct iow_plan *plan)
{
    const struct iow_other_member *m;

    for (uint32_t i = 0; (m = iow_facts_other_member_at(now, i)); i++)
        if (in_group(plan, m->group) && !was_there(before, m))
            return differs(work, NULL, m->group, IOW_RULE_EXEC_CHANGED, "", m->name);
    return true;
}

int iow_work_read(struct iow_work *work, struct iow_facts **ret)
{
    struct iow_actor *actor = work->exec->actor;
    struct iow_source *source;
    int r = actor->ops->open_source(actor, &source, NULL);

    if (r < 0)
        return r;
    r = iow_facts_read(source, 0, ret, NULL);
    iow_source_close(source);
    return r;
}

bool iow_work_verify(struct iow_work *work, const struct iow_facts *facts, const struct iow_plan *plan)
{
    struct iow_facts *now = NULL;
    int r = iow_work_read(work, &now);
    bool ok;

    if (r < 0) {
        struct iow_step step = {
            .kind = IOW_STEP_GIVE, .group = plan->members[0].group, .before = "", .after = ""};

        iow_work_fail(work, &step, IOW_RULE_EXEC_CHANGED, -r, NULL);
        return false;
    }
    ok = members_are_as_planned(work, facts, now, plan) && nobody_joined(work, facts, now, plan) &&
         others_are_as_they_were(work, facts, now, plan);
    iow_facts_free(now);
    return ok;
}
