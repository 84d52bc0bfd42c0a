/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A plan: what would be done, or why nothing will be. */
#include "report/escape.h"
#include "report/page.h"
#include "report/refusal-words.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

struct drawing {
    struct iow_page page;
    const struct iow_view *view;
    const struct iow_plan *plan;
    const struct iow_plan_about *about;
};

static const struct iow_view_function *function_of(
    const struct drawing *d, const struct iow_plan_member *member)
{
    return &d->view->functions[member->function];
}

/* --- the members --- */

struct columns {
    unsigned address, driver;
};

static void put_driver(struct iow_text *to, const struct iow_view_function *v)
{
    if (v->driver)
        iow_escape_text(to, v->driver);
    else
        iow_text_puts(to, "no driver");
}

static struct columns measure(struct drawing *d)
{
    struct columns widest = {0};

    for (uint32_t i = 0; i < d->plan->n_members; i++) {
        const struct iow_view_function *v = function_of(d, &d->plan->members[i]);
        unsigned address = iow_wrap_columns(v->address, strlen(v->address)), driver;
        struct iow_text text = {0};

        put_driver(&text, v);
        driver = text.data ? iow_wrap_columns(text.data, text.len) : 0;
        widest.address = address > widest.address ? address : widest.address;
        widest.driver = driver > widest.driver ? driver : widest.driver;
        d->page.failed |= text.failed;
        iow_text_done(&text);
    }
    return widest;
}

/* The name may be long, and so it comes last. */
static void put_member(struct drawing *d, const struct iow_plan_member *member, struct columns columns)
{
    const struct iow_view_function *v = function_of(d, member);
    struct iow_text first = {.data = NULL}, driver = {0}, name = {0};

    put_driver(&driver, v);
    iow_text_puts(&first, "  ");
    iow_page_cell(&first, v->address, columns.address);
    iow_page_cell(&first, iow_member_role_name(member->role), (unsigned)strlen("companion"));
    iow_page_cell(&first, driver.data ? driver.data : "", columns.driver);
    iow_text_print(&name, "%s: %s", v->class_name, v->name);
    d->page.failed |= first.failed || driver.failed;
    iow_page_put(&d->page, first.data ? first.data : "", &name);
    iow_text_done(&first);
    iow_text_done(&driver);
}

/* Of a refused plan only the groups are of interest in which somebody would follow. */
static bool is_shown(const struct iow_plan *plan, uint32_t group)
{
    for (uint32_t i = 0; i < plan->n_refusals; i++)
        if (plan->refusals[i].rule == IOW_RULE_PLAN_COMPANIONS && plan->refusals[i].group == group)
            return true;
    return !iow_plan_is_refused(plan);
}

static void put_members(struct drawing *d)
{
    struct columns columns = measure(d);

    for (uint32_t i = 0; i < d->plan->n_members; i++) {
        const struct iow_plan_member *m = &d->plan->members[i];

        if (!is_shown(d->plan, m->group))
            continue;
        if (i == 0 || m->group != m[-1].group)
            (void)fprintf(d->page.out, "\nGroup %" PRIu32 ":\n", m->group);
        put_member(d, m, columns);
    }
}

/* --- refused, or in doubt --- */

/* A machine that hides much must not drown the rest. */
#define SHOWN_OF_ONE_REASON 3

/* Companions of one group are one reason, and said as one; of other reasons only the kind counts. */
static bool are_alike(const struct iow_refusal *a, const struct iow_refusal *b)
{
    return a->rule == b->rule && a->group == b->group;
}

static uint32_t count_alike(
    const struct iow_plan *plan, uint32_t from, uint32_t to, const struct iow_refusal *like)
{
    uint32_t n = 0;

    for (uint32_t i = from; i < to; i++)
        n += are_alike(&plan->refusals[i], like);
    return n;
}

/* All functions that this reason is about: "A, B and C". */
static void list_functions(struct iow_text *to, const struct drawing *d, const struct iow_refusal *like)
{
    uint32_t total = count_alike(d->plan, 0, d->plan->n_refusals, like), put = 0;

    for (uint32_t i = 0; i < d->plan->n_refusals; i++) {
        const struct iow_refusal *r = &d->plan->refusals[i];

        if (!are_alike(r, like))
            continue;
        put++;
        iow_text_print(to, "%s%s",
            put == 1       ? ""
            : put == total ? " and "
                           : ", ",
            iow_view_address(d->view, r->function));
    }
}

static void put_refusal(struct drawing *d, const struct iow_refusal *refusal)
{
    struct iow_text text = {0}, remedy = {0}, functions = {0};

    if (refusal->rule == IOW_RULE_PLAN_COMPANIONS)
        list_functions(&functions, d, refusal);
    iow_refusal_text_of(&text, d->view, refusal, functions.data);
    iow_refusal_remedy(&remedy, d->view, refusal);
    text.failed |= functions.failed;
    iow_page_reason(&d->page, refusal->rule, &text, &remedy);
    iow_text_done(&functions);
}

static void put_refusals(struct drawing *d)
{
    const struct iow_plan *plan = d->plan;

    for (uint32_t i = 0; i < plan->n_refusals; i++) {
        const struct iow_refusal *r = &plan->refusals[i];
        uint32_t before = count_alike(plan, 0, i, r), after = count_alike(plan, i + 1, plan->n_refusals, r);

        if (r->rule == IOW_RULE_PLAN_COMPANIONS ? before == 0 : before < SHOWN_OF_ONE_REASON)
            put_refusal(d, r);
        else if (r->rule != IOW_RULE_PLAN_COMPANIONS && after == 0)
            (void)fprintf(d->page.out, "  ... and %" PRIu32 " more like this (--json lists all)\n",
                before + 1 - SHOWN_OF_ONE_REASON);
    }
}

/* --- not refused --- */

static void put_risks(struct iow_page *page, const struct iow_view *view, const struct iow_plan *plan)
{
    for (uint32_t i = 0; i < plan->n_risks; i++) {
        const struct iow_plan_risk *risk = &plan->risks[i];
        struct iow_text text = {0};

        iow_refusal_text(&text, view, &risk->reason);
        iow_page_accepted(page, risk->reason.rule, &text, risk->acceptance);
    }
}

int iow_plan_risks_text(const struct iow_view *view, const struct iow_plan *plan, FILE *out)
{
    struct iow_page page = iow_page_on(out);

    put_risks(&page, view, plan);
    return page.failed ? -IOW_ENOMEM : 0;
}

static void put_steps(struct drawing *d)
{
    (void)fprintf(d->page.out, "\nSteps:\n");
    for (uint32_t i = 0; i < d->plan->n_steps; i++) {
        struct iow_text text = {0};
        char number[16];

        (void)snprintf(number, sizeof(number), "  %2" PRIu32 ". ", i + 1);
        iow_step_text_for(&text, &d->plan->steps[i], d->about->request->uid, d->about->user);
        iow_page_put(&d->page, number, &text);
    }
}

/* "group 4", "groups 4 and 7", of all members. */
static void put_groups(struct iow_text *to, const struct iow_plan *plan)
{
    uint32_t total = 0, put = 0;

    for (uint32_t i = 0; i < plan->n_members; i++)
        total += i == 0 || plan->members[i].group != plan->members[i - 1].group;
    iow_text_puts(to, total == 1 ? "group" : "groups");
    for (uint32_t i = 0; i < plan->n_members; i++)
        if (i == 0 || plan->members[i].group != plan->members[i - 1].group) {
            put++;
            iow_text_print(to, "%s%" PRIu32,
                put == 1       ? " "
                : put == total ? " and "
                               : ", ",
                plan->members[i].group);
        }
}

static void put_headline(struct drawing *d)
{
    struct iow_text line = {0};

    if (iow_plan_is_refused(d->plan)) {
        iow_text_print(&line,
            "Nothing will be changed, for %s:", d->plan->n_refusals == 1 ? "this reason" : "these reasons");
    } else {
        iow_text_puts(&line, "To give ");
        put_groups(&line, d->plan);
        iow_text_puts(&line, " to ");
        iow_page_user(&line, d->about->request->uid, d->about->user);
        iow_text_puts(
            &line, d->plan->n_refusals ? ", if nothing of it is in use, which could not be seen:" : ":");
    }
    iow_page_put(&d->page, "", &line);
}

static void put_way_back(const struct drawing *d)
{
    bool loads = false;

    for (uint32_t i = 0; i < d->plan->n_steps; i++)
        loads |= d->plan->steps[i].kind == IOW_STEP_LOAD;
    (void)fprintf(d->page.out, "\nReleasing undoes these in reverse order%s.\n",
        loads ? "; the module stays loaded" : "");
}

int iow_plan_text(
    const struct iow_view *view, const struct iow_plan *plan, const struct iow_plan_about *about, FILE *out)
{
    struct drawing d = {.page = iow_page_on(out), .view = view, .plan = plan, .about = about};

    put_headline(&d);
    put_refusals(&d);
    if (!iow_plan_is_refused(plan))
        put_risks(&d.page, view, plan);
    put_members(&d);
    if (!iow_plan_is_refused(plan)) {
        put_steps(&d);
        put_way_back(&d);
    }
    return d.page.failed ? -IOW_ENOMEM : 0;
}
