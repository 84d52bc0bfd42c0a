/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward route --sets", in sentences. */
#include "report/acs-words.h"
#include "report/page.h"
#include "report/rules.h"
#include "report/sets.h"

#include <inttypes.h>

/* More are only counted. */
#define SETS 32
#define MEMBERS 16

static const char *const heading[IOW_ROUTE_GRADE__COUNT] = {
    [IOW_ROUTE_SURELY] = "SURELY together: they reach each other's registers around the IOMMU",
    [IOW_ROUTE_POSSIBLY] =
        "POSSIBLY together: as above, or the specification leaves it open, or it cannot be told",
    [IOW_ROUTE_IF_ROOT_COMPLEX] =
        "together IF THE ROOT COMPLEX passes requests between its ports, or for any reason above",
};

static void put_set(struct iow_page *page, const struct iow_view *view, const uint32_t *member, uint32_t n)
{
    struct iow_text line = {0};

    for (uint32_t i = 0; i < n && i < MEMBERS; i++) {
        uint32_t group = view->functions[member[i]].record->group;

        iow_text_print(&line, "%s%s", i ? ", " : "", iow_view_address(view, member[i]));
        if (group != IOW_NONE)
            iow_text_print(&line, " (g%" PRIu32 ")", group);
    }
    if (n > MEMBERS)
        iow_text_print(&line, " and %" PRIu32 " more", n - MEMBERS);
    iow_page_put(page, "  * ", &line);
}

static void put_more(struct iow_page *page, uint32_t n, const char *what)
{
    struct iow_text line = {0};

    iow_text_print(&line, "and %" PRIu32 " more %s", n, what);
    iow_page_put(page, "  ", &line);
}

static void put_breach(
    struct iow_page *page, const struct iow_view *view, const struct iow_grade_agreement *grade, uint32_t i)
{
    const struct iow_breach *breach = &grade->closure->breach[i];
    struct iow_text line = {0}, remedy = {0};

    iow_breach_text(&line, view, breach);
    iow_text_puts(&line, "; ");
    iow_breach_cause_text(&line, view, breach, grade->cause[i]);
    iow_breach_remedy_text(&remedy, view, breach, grade->cause[i]);
    iow_page_reason(page, grade->cause[i], &line, &remedy);
}

static void put_grade(
    struct iow_page *page, const struct iow_view *view, const struct iow_sets_of_grade *grade)
{
    const struct iow_closure *closure = grade->agreement.closure;
    uint32_t left = closure->n_breaches - closure->n_listed + closure->n_unshown;

    (void)fprintf(page->out, "\n%s\n", heading[grade->agreement.grade]);
    if (!grade->n)
        (void)fputs("  none\n", page->out);
    for (uint32_t s = 0; s < grade->n && s < SETS; s++)
        put_set(page, view, &grade->member[grade->first[s]], grade->first[s + 1] - grade->first[s]);
    if (grade->n > SETS)
        put_more(page, grade->n - SETS, "sets");
    for (uint32_t i = 0; i < closure->n_listed; i++)
        if (grade->shown[i])
            put_breach(page, view, &grade->agreement, i);
    if (left)
        put_more(page, left, "ways between groups");
}

static void put_coarse(
    struct iow_page *page, const struct iow_view *view, const struct iow_coarse_group *coarse)
{
    enum iow_rule rule = iow_coarse_rule(coarse);
    struct iow_text line = {0}, number = {0}, remedy = {0};
    struct iow_rule_places places;

    iow_text_print(&number, "%" PRIu32, view->groups[coarse->group].record->number);
    places = (struct iow_rule_places){.group = number.data};
    iow_text_print(&line, "the devices of group %s are in %" PRIu32 " sets%s; ", number.data, coarse->n_sets,
        coarse->by_root ? ", if the root complex does not join them" : "");
    iow_rule_sentence(&line, rule, &places);
    for (uint32_t i = 0; rule == IOW_RULE_HW_SPLIT_BY_BITS && i < coarse->n_splitters; i++) {
        if (!coarse->splitters[i].bits)
            continue;
        iow_text_print(&line, "; %s: ", iow_view_address(view, coarse->splitters[i].node));
        iow_acs_bits_text(&line, coarse->splitters[i].bits);
    }
    if (iow_rule_words(rule)->remedy)
        iow_rule_fill(&remedy, iow_rule_words(rule)->remedy, &places);
    iow_page_reason(page, rule, &line, &remedy);
    iow_text_done(&number);
}

static void put_drift(struct iow_page *page, const struct iow_view *view, const struct iow_sets_drift *drift)
{
    struct iow_text line = {0};

    iow_text_print(&line, "%s lacks ", iow_view_address(view, drift->port));
    iow_acs_bits_text(&line, drift->cleared);
    iow_text_puts(
        &line, drift->n_opened ? ", which opened:" : ", which opened no way that was not open before");
    iow_page_put(page, "  * ", &line);
    for (uint32_t i = 0; i < drift->n_opened; i++) {
        iow_opened_text(&line, view, &drift->opened[i]);
        iow_page_put(page, "    ", &line);
    }
    if (drift->more)
        (void)fputs("    and perhaps more\n", page->out);
}

int iow_sets_text(const struct iow_view *view, const struct iow_sets_view *sets, FILE *out)
{
    struct iow_page page = iow_page_on(out);
    struct iow_text line = {0};
    bool any = false;

    iow_closed_text(&line, view, sets->agreement);
    iow_page_put(&page, "", &line);
    for (uint32_t g = 0; g < sets->n_grades; g++)
        put_grade(&page, view, &sets->grade[g]);
    if (sets->n_drifts)
        (void)fputs("\nACS bits that were cleared after Linux made the groups\n", out);
    for (uint32_t i = 0; i < sets->n_drifts; i++)
        put_drift(&page, view, &sets->drifts[i]);
    for (uint32_t i = 0; i < sets->agreement->n_coarse; i++) {
        if (!sets->coarse[i])
            continue;
        if (!any)
            (void)fputs("\nGroups coarser than the hardware isolates\n", out);
        any = true;
        put_coarse(&page, view, &sets->agreement->coarse[i]);
    }
    return page.failed ? -IOW_ENOMEM : 0;
}
