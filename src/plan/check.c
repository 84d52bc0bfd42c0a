/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/check.h"

#include "plan/draft.h"

#include <ioward/ownership.h>
#include <string.h>

/* Somebody: any owner will do. */
#define USER 1

struct member {
    struct iow_dma_device dma;
    uint32_t function;  /* IOW_NONE: of another bus */
    bool asks;          /* its bus asks for ownership before a driver binds */
    const char *native; /* driver that binds without an override: by what it knows of the function */
    const char *driver, *override; /* now; "" none */
};

struct group {
    struct iow_dma_group dma;
    uint32_t number;
    bool given; /* to the user */
};

struct world {
    const struct iow_facts *facts;
    struct iow_arbiter arbiter;
    uint32_t n_groups;
    struct group *groups;
    uint32_t n_members;
    struct member *members;
    bool loaded;
};

static int attach(void *ctx, struct iow_dma_device *device, const struct iow_dma_domain *domain)
{
    (void)ctx;
    (void)device;
    (void)domain;
    return 0;
}

static const struct iow_dma_hooks hooks = {.attach = attach};

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static struct group *group_of(const struct world *w, uint32_t number)
{
    for (uint32_t g = 0; g < w->n_groups; g++)
        if (w->groups[g].number == number)
            return &w->groups[g];
    return NULL;
}

static bool is_in(const struct member *m, const struct group *group)
{
    return group && m->dma.group == &group->dma;
}

static struct member *member_of(const struct world *w, const struct iow_step *step)
{
    for (uint32_t i = 0; i < w->n_members; i++) {
        struct member *m = &w->members[i];

        if (m->function != IOW_NONE && is_in(m, group_of(w, step->group)) &&
            iow_address_compare(&w->facts->functions[m->function].address, &step->function) == 0)
            return m;
    }
    return NULL;
}

/* --- drivers, in the driver core's steps --- */

/* Where the bus does not ask, a driver is as good as one that manages its DMA itself: nobody counts it. */
static enum iow_driver_trait trait_of(const struct member *m, const char *driver)
{
    return m->asks ? iow_driver_trait_of(driver) : IOW_DRIVER_MANAGED;
}

/* What a driver's own probe does that matters here. Whatever could speak against it kept the driver out
 * before. */
static void probe(struct member *m)
{
    const struct iow_dma_domain private = {.kind = IOW_KIND_TABLE};

    if (m->dma.trait == IOW_DRIVER_PRIVATE)
        (void)iow_dma_attach_group(m->dma.group, &private, NULL);
}

static int bind(struct member *m, const char *driver, struct iow_explain *why)
{
    int r = iow_dma_probe(&m->dma, trait_of(m, driver), why);

    if (r < 0)
        return r;
    probe(m);
    m->driver = driver;
    return iow_dma_bound(&m->dma, why);
}

static int unbind(struct member *m, struct iow_explain *why)
{
    int r = iow_dma_unbind(&m->dma, why);

    if (r < 0)
        return r;
    if (m->dma.trait == IOW_DRIVER_PRIVATE)
        (void)iow_dma_detach_group(m->dma.group, 0, NULL);
    m->driver = "";
    return iow_dma_unbound(&m->dma, why);
}

/* --- the machine as the facts have it --- */

static void add_member(struct world *w, uint32_t group, const struct member *member)
{
    struct member *m = &w->members[w->n_members++];

    *m = *member;
    m->driver = "";
    iow_dma_device_init(&m->dma, &w->arbiter, NULL);
    (void)iow_dma_add(&group_of(w, group)->dma, &m->dma, NULL);
}

static void add_members(struct world *w)
{
    const struct iow_facts *facts = w->facts;

    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (group_of(w, facts->functions[i].group))
            add_member(w, facts->functions[i].group,
                &(struct member){.function = i,
                    .asks = iow_bus_checks_ownership("pci", facts->machine.release),
                    .native = text_of(facts->functions[i].driver),
                    .override = text_of(facts->functions[i].driver_override)});
    for (uint32_t i = 0; i < facts->n_other_members; i++)
        if (group_of(w, facts->other_members[i].group))
            add_member(w, facts->other_members[i].group,
                &(struct member){.function = IOW_NONE,
                    .asks = iow_bus_checks_ownership(facts->other_members[i].bus, facts->machine.release),
                    .native = text_of(facts->other_members[i].driver),
                    .override = ""});
}

/* Whoever attached a domain of its own came last: nobody could be bound after it. */
static void bind_as_found(struct world *w)
{
    for (uint32_t i = 0; i < w->n_members; i++) {
        struct member *m = &w->members[i];

        if (*m->native)
            (void)iow_dma_probe(&m->dma, trait_of(m, m->native), NULL);
    }
    for (uint32_t i = 0; i < w->n_members; i++) {
        struct member *m = &w->members[i];

        if (*m->native) {
            probe(m);
            (void)iow_dma_bound(&m->dma, NULL);
            m->driver = m->native;
        }
    }
}

static enum iow_domain_type type_of(const struct iow_facts *facts, uint32_t number)
{
    const struct iow_group *group = iow_facts_group_at(facts, iow_facts_find_group(facts, number));

    return group && same(text_of(group->type), "identity") ? IOW_TYPE_IDENTITY : IOW_TYPE_DMA;
}

static void add_groups(struct world *w, const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_members; i++) {
        uint32_t number = plan->members[i].group;

        if (group_of(w, number))
            continue;
        w->groups[w->n_groups].number = number;
        iow_dma_group_init(&w->groups[w->n_groups++].dma, &w->arbiter, type_of(w->facts, number), NULL);
    }
}

static int set_up(struct world *w, const struct iow_plan *plan, struct iow_mem *mem)
{
    const struct iow_facts *facts = w->facts;

    w->arbiter =
        (struct iow_arbiter){.hooks = &hooks, .profile = iow_profile_of(facts->machine.release, NULL)};
    w->groups = iow_mem_alloc(mem, plan->n_members, sizeof(*w->groups));
    w->members = iow_mem_alloc(mem, (size_t)facts->n_functions + facts->n_other_members, sizeof(*w->members));
    if (!w->groups || !w->members)
        return -IOW_ENOMEM;
    add_groups(w, plan);
    add_members(w);
    bind_as_found(w);
    for (uint32_t i = 0; i < facts->n_functions; i++)
        w->loaded |= same(text_of(facts->functions[i].driver), IOW_PLAN_DRIVER);
    return 0;
}

/* --- steps: 0, or that it is refused, by a rule if the core refuses it --- */

#define NOT_SO (-IOW_EINVAL)

static int do_load(struct world *w, const struct iow_step *step, struct iow_explain *why)
{
    (void)why;
    w->loaded |= same(step->after, IOW_PLAN_DRIVER);
    return 0;
}

static int do_unbind(struct world *w, const struct iow_step *step, struct iow_explain *why)
{
    struct member *m = member_of(w, step);

    if (!m || !*step->before || !same(m->driver, step->before))
        return NOT_SO;
    return unbind(m, why);
}

static int do_override(struct world *w, const struct iow_step *step, struct iow_explain *why)
{
    struct member *m = member_of(w, step);

    (void)why;
    if (!m || !same(m->override, step->before))
        return NOT_SO;
    m->override = step->after;
    return 0;
}

static int do_bind(struct world *w, const struct iow_step *step, struct iow_explain *why)
{
    struct member *m = member_of(w, step);

    if (!m || *m->driver || !*step->after || (same(step->after, IOW_PLAN_DRIVER) && !w->loaded))
        return NOT_SO;
    if (!same(*m->override ? m->override : m->native, step->after))
        return NOT_SO;
    return bind(m, step->after, why);
}

static int do_give(struct world *w, const struct iow_step *step, struct iow_explain *why)
{
    struct group *group = group_of(w, step->group);
    bool node = false;

    (void)why;
    for (uint32_t i = 0; i < w->n_members; i++)
        node |= is_in(&w->members[i], group) && iow_driver_is_vfio(w->members[i].driver);
    if (!node)
        return NOT_SO;
    group->given = true;
    return 0;
}

static int (*const steps[IOW_STEP__COUNT])(
    struct world *w, const struct iow_step *step, struct iow_explain *why) = {
    [IOW_STEP_LOAD] = do_load,
    [IOW_STEP_UNBIND] = do_unbind,
    [IOW_STEP_OVERRIDE] = do_override,
    [IOW_STEP_BIND] = do_bind,
    [IOW_STEP_GIVE] = do_give,
};

/* What VFIO does for a user who asks for a group. */
static int claim(struct iow_dma_group *group, struct iow_explain *why)
{
    int r = iow_dma_claim_group(group, USER, why);

    return r < 0 ? r : iow_dma_release_group(group, why);
}

/* --- one after the other --- */

struct checking {
    struct world w;
    struct iow_plan_fault fault;
    uint32_t function;
};

static bool step_is_refused(struct checking *c, const struct iow_step *step, enum iow_plan_phase phase)
{
    struct iow_explain why = {.rule = IOW_RULE_NONE};
    const struct member *m;

    if ((unsigned)step->kind < IOW_STEP__COUNT && steps[step->kind](&c->w, step, &why) == 0)
        return false;
    m = member_of(&c->w, step);
    c->function = m ? m->function : IOW_NONE;
    c->fault = (struct iow_plan_fault){.phase = phase, .step = *step, .cause = why.rule};
    return true;
}

/* The member that speaks against a user. */
static uint32_t in_the_way(const struct world *w, const struct group *group)
{
    for (uint32_t i = 0; i < w->n_members; i++) {
        const struct member *m = &w->members[i];

        if (is_in(m, group) && m->dma.trait != IOW_DRIVER_NONE && m->dma.trait != IOW_DRIVER_MANAGED)
            return m->function;
    }
    return IOW_NONE;
}

/* A member that should go to the user, and does not. */
static uint32_t left_behind(const struct world *w, const struct iow_plan *plan, const struct group *group)
{
    for (uint32_t i = 0; i < w->n_members; i++) {
        const struct member *m = &w->members[i];

        for (uint32_t k = 0; is_in(m, group) && k < plan->n_members; k++)
            if (plan->members[k].function == m->function && iow_draft_goes(&plan->members[k]) &&
                !iow_driver_is_vfio(m->driver))
                return m->function;
    }
    return IOW_NONE;
}

static bool use_is_refused(struct checking *c, const struct iow_plan *plan, struct group *group)
{
    struct iow_explain why = {.rule = IOW_RULE_NONE};
    int r = claim(&group->dma, &why);

    c->function = r < 0 ? in_the_way(&c->w, group) : left_behind(&c->w, plan, group);
    c->fault = (struct iow_plan_fault){.phase = IOW_PLAN_USING,
        .step = {.group = group->number, .before = "", .after = ""},
        .cause = why.rule};
    return r < 0 || c->function != IOW_NONE || !group->given;
}

static bool is_refused(struct checking *c, const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_steps; i++)
        if (step_is_refused(c, &plan->steps[i], IOW_PLAN_DOING))
            return true;
    for (uint32_t g = 0; g < c->w.n_groups; g++)
        if (use_is_refused(c, plan, &c->w.groups[g]))
            return true;
    for (uint32_t i = plan->n_steps; i-- > 0;) {
        const struct iow_step back = iow_step_inverse(&plan->steps[i]);

        if (iow_step_has_inverse(&plan->steps[i]) && step_is_refused(c, &back, IOW_PLAN_UNDOING))
            return true;
    }
    return false;
}

int iow_plan_check(
    const struct iow_facts *facts, const struct iow_plan *plan, struct iow_mem *mem, struct iow_refusal *ret)
{
    struct checking c = {.w = {.facts = facts}};
    struct iow_plan_fault *fault = iow_mem_alloc(mem, 1, sizeof(*fault));

    *ret = (struct iow_refusal){.rule = IOW_RULE_NONE};
    if (!fault || set_up(&c.w, plan, mem) < 0)
        return -IOW_ENOMEM;
    if (!is_refused(&c, plan))
        return 0;
    *fault = c.fault;
    *ret = (struct iow_refusal){.rule = IOW_RULE_PLAN_IMPOSSIBLE,
        .group = fault->step.group,
        .function = c.function,
        .use = IOW_NONE,
        .holder = IOW_NONE,
        .fault = fault};
    return 0;
}
