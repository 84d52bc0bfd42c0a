/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refusals of a plan, in words. */
#include "report/refusal-words.h"

#include "audit/audit.h"
#include "report/escape.h"
#include "report/rules.h"
#include "report/sets.h"

#include <inttypes.h>

/* The texts of all places that a refusal can fill. */
struct places {
    struct iow_text group, subject, name, by;
    struct iow_rule_places at;
};

static void put_subject(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal)
{
    if (refusal->function != IOW_NONE) {
        iow_text_puts(to, iow_view_address(view, refusal->function));
    } else if (refusal->group != IOW_NONE) {
        iow_text_print(to, "%sgroup %" PRIu32, refusal->rule == IOW_RULE_USE_PENDING ? "a device of " : "",
            refusal->group);
    } else {
        iow_text_puts(to, "devices of this machine");
        if (refusal->text) {
            iow_text_puts(to, " (");
            iow_escape_text(to, refusal->text);
            iow_text_puts(to, ")");
        }
    }
}

static void put_count(
    struct iow_text *to, const char *before, uint32_t n, const char *one, const char *several)
{
    if (n)
        iow_text_print(to, "%s%" PRIu32 " %s", before, n, n == 1 ? one : several);
}

/* "br0" where the interface belongs to another one, else what makes it one that works. */
static void put_network(struct iow_text *to, const struct iow_use *use, bool remedy)
{
    if (*use->by) {
        iow_text_puts(to, remedy ? "" : "belongs to ");
        iow_escape_text(to, use->by);
        return;
    }
    iow_text_puts(to, "is up");
    put_count(to, ", with ", use->n_addresses, "address", "addresses");
    put_count(to, use->n_addresses ? " and " : ", with ", use->n_routes, "route", "routes");
    if (use->default_route)
        iow_text_puts(to, ", one of them the default route");
}

static void put_use(struct places *places, const struct iow_use *use, bool remedy)
{
    iow_escape_text(&places->name, use->name);
    if (use->kind == IOW_USE_NETWORK)
        put_network(&places->by, use, remedy);
    else
        iow_escape_text(&places->by, use->by);
    if (use->kind == IOW_USE_OPEN && use->pid)
        iow_text_print(&places->by, " (process %" PRIu32 ")", use->pid);
}

static void put_holder(struct places *places, const struct iow_holder *holder, bool perhaps)
{
    iow_view_holder(&places->by, holder);
    if (perhaps)
        iow_text_puts(
            &places->by, ", perhaps: it has a device open through VFIO, and it cannot be told which");
}

static void put_owner(struct places *places, const struct iow_view *view, const struct iow_refusal *refusal)
{
    if (refusal->function != IOW_NONE)
        iow_text_puts(&places->by, "the driver ");
    iow_escape_text(&places->by, refusal->text ? refusal->text : "somebody");
    if (refusal->function != IOW_NONE)
        iow_text_print(&places->by, " of %s", iow_view_address(view, refusal->function));
}

/* What would be refused: "bind 0000:01:00.1 to vfio-pci"; and why, or what ends that. */
static void put_fault(
    struct places *places, const struct iow_view *view, const struct iow_refusal *refusal, bool remedy)
{
    const struct iow_plan_fault *fault = refusal->fault;
    const struct iow_rule_words *cause = iow_rule_words(fault->cause);

    if (fault->phase == IOW_PLAN_USING) {
        iow_text_print(&places->name, "let any user have group %" PRIu32, fault->step.group);
        if (refusal->function != IOW_NONE)
            iow_text_print(&places->name, ", because of %s", iow_view_address(view, refusal->function));
    } else {
        iow_step_text(&places->name, &fault->step);
    }
    if (fault->phase == IOW_PLAN_UNDOING)
        iow_text_puts(&places->name, " when it is released");
    if (fault->cause == IOW_RULE_NONE)
        iow_text_puts(&places->by, "the steps before that do not lead there");
    else
        iow_text_puts(&places->by, remedy ? cause->remedy : cause->sentence);
}

static void put_whose(struct iow_text *to, const struct iow_view *view, const struct iow_plan_reach *reach)
{
    uint32_t group = view->functions[reach->other].record->group;

    if (group == IOW_NONE)
        iow_text_puts(to, ", which is in no group and the kernel has");
    else
        iow_text_print(
            to, " of group %" PRIu32 ", which %s has", group, reach->user ? "another user" : "the kernel");
}

/* "0000:04:00.0 of group 5, which the kernel has", and the way there; or what closes that. */
static void put_reach(
    struct places *places, const struct iow_view *view, const struct iow_plan_reach *reach, bool remedy)
{
    iow_text_puts(&places->name, iow_view_address(view, reach->other));
    if (remedy) {
        iow_breach_remedy_text(&places->by, view, &reach->breach, reach->cause);
        if (!places->by.len)
            iow_text_puts(&places->by, "move one of the devices behind another port");
        return;
    }
    put_whose(&places->name, view, reach);
    if (reach->indirect)
        iow_text_puts(&places->by, "both hang together by way of others, for ");
    iow_breach_text(&places->by, view, &reach->breach);
}

/* remedy: the places are for a remedy, which names things more shortly than a sentence */
static void fill(
    struct places *places, const struct iow_view *view, const struct iow_refusal *refusal, bool remedy)
{
    const struct iow_use *use = iow_facts_use_at(view->facts, refusal->use);
    const struct iow_holder *holder = iow_facts_holder_at(view->facts, refusal->holder);

    put_subject(&places->subject, view, refusal);
    if (refusal->group != IOW_NONE)
        iow_text_print(&places->group, "%" PRIu32, refusal->group);
    if (use)
        put_use(places, use, remedy);
    else if (holder)
        put_holder(places, holder, refusal->text && !remedy);
    else if (refusal->fault)
        put_fault(places, view, refusal, remedy);
    else if (refusal->reach)
        put_reach(places, view, refusal->reach, remedy);
    else if (refusal->rule == IOW_RULE_PLAN_OWNED)
        put_owner(places, view, refusal);
    else if (refusal->text)
        iow_escape_text(&places->name, refusal->text);
    places->at = (struct iow_rule_places){
        .function = places->subject.data,
        .subject = places->subject.data,
        .group = places->group.data,
        .name = places->name.data,
        .by = places->by.data,
    };
}

static bool done(struct places *places)
{
    struct iow_text *const texts[] = {&places->group, &places->subject, &places->name, &places->by};
    bool whole = true;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        whole &= !texts[i]->failed;
        iow_text_done(texts[i]);
    }
    return whole;
}

void iow_refusal_text_of(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal,
    const char *functions)
{
    struct places places = {0};

    fill(&places, view, refusal, false);
    if (functions)
        places.at.function = functions;
    iow_rule_sentence(to, refusal->rule, &places.at);
    to->failed |= !done(&places);
}

void iow_refusal_text(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal)
{
    iow_refusal_text_of(to, view, refusal, NULL);
}

static bool has_real_group(const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < facts->n_groups; i++)
        if (!iow_audit_is_invented(&facts->groups[i]))
            return true;
    return false;
}

/* The other case of a rule that has two: an interface that belongs to another one, a device that an IOMMU in use does
 * not cover, a bridge with nothing behind it, a plan that was made wrong, a device that nobody can claim. */
static bool is_otherwise(const struct iow_view *view, const struct iow_refusal *refusal)
{
    const struct iow_use *use = iow_facts_use_at(view->facts, refusal->use);
    const struct iow_function *f = iow_facts_function_at(view->facts, refusal->function);

    switch (refusal->rule) {
    case IOW_RULE_USE_NETWORK:
        return use && *use->by;
    case IOW_RULE_PLAN_NO_GROUP:
        return has_real_group(view->facts);
    case IOW_RULE_PLAN_BRIDGE:
        return f && !iow_config_is_bridge(&f->config);
    case IOW_RULE_PLAN_REACH:
        return refusal->reach && view->functions[refusal->reach->other].record->group == IOW_NONE;
    case IOW_RULE_PLAN_IMPOSSIBLE:
        return refusal->fault && refusal->fault->cause == IOW_RULE_NONE;
    default:
        return false;
    }
}

void iow_refusal_remedy(struct iow_text *to, const struct iow_view *view, const struct iow_refusal *refusal)
{
    const struct iow_rule_words *words = iow_rule_words(refusal->rule);
    const char *remedy = is_otherwise(view, refusal) ? words->remedy_otherwise : words->remedy;
    struct places places = {0};

    if (!remedy)
        return;
    fill(&places, view, refusal, true);
    iow_rule_fill(to, remedy, &places.at);
    to->failed |= !done(&places);
}
