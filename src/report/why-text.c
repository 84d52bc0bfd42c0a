/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward why", in sentences. */
#include "report/report.h"
#include "report/rules.h"
#include "report/text.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

struct page {
    FILE *out;
    unsigned width;
    bool failed; /* memory ran out for a line */
};

static void put(struct page *page, const char *first, struct iow_text *line)
{
    if (line->failed)
        page->failed = true;
    else
        iow_wrap(page->out, first, line->data ? line->data : "", page->width);
    iow_text_done(line);
}

static void put_heading(struct page *page, const char *heading)
{
    (void)fprintf(page->out, "\n%s\n", heading);
}

/* "a, b and c"; the first few of many. */
static void list_addresses(
    struct iow_text *to, const struct iow_view_function *const *list, uint32_t n, uint32_t self)
{
    const uint32_t most = 12;
    uint32_t total = 0, put = 0;

    for (uint32_t i = 0; i < n; i++)
        total += list[i]->position != self;
    for (uint32_t i = 0; i < n && put < most; i++) {
        if (list[i]->position == self)
            continue;
        put++;
        iow_text_print(to, "%s%s", put == 1 ? "" : put == total ? " and " : ", ", list[i]->address);
    }
    if (total > most)
        iow_text_print(to, " and %" PRIu32 " more", total - most);
}

static void put_others(struct iow_text *to, const struct iow_view_group *g, bool after_members)
{
    if (g->n_others)
        iow_text_print(to, "%s%" PRIu32 " device%s that %s not PCI", after_members ? " and " : "",
            g->n_others, g->n_others == 1 ? "" : "s", g->n_others == 1 ? "is" : "are");
}

static void put_group_of(struct page *page, const struct iow_why_side *side)
{
    const struct iow_view_function *v = side->function;
    const struct iow_view_group *g = side->group;
    struct iow_text line = {0};

    iow_text_print(&line, "%s (%s) is ", v->address, v->name);
    if (!g) {
        iow_text_puts(&line, "in no IOMMU group.");
    } else if (g->n_members + g->n_others == 1) {
        iow_text_print(&line, "alone in IOMMU group %" PRIu32 ".", g->record->number);
    } else {
        iow_text_print(&line, "in IOMMU group %" PRIu32 ", together with ", g->record->number);
        list_addresses(&line, g->members, g->n_members, v->position);
        put_others(&line, g, g->n_members > 1);
        iow_text_puts(&line, ".");
    }
    put(page, "", &line);
}

/* As the beginning of a sentence. */
static void put_unread(struct iow_text *to, const char *unread)
{
    iow_text_print(to, "%c%s", unread[0] - 'a' + 'A', unread + 1);
}

/* The whole group, of several members. */
static void put_whole_group(struct page *page, const struct iow_view_group *g)
{
    struct iow_text line = {0};

    iow_text_print(&line, "The members of IOMMU group %" PRIu32 " are ", g->record->number);
    list_addresses(&line, g->members, g->n_members, IOW_NONE);
    put_others(&line, g, true);
    iow_text_puts(&line, ".");
    put(page, "", &line);
}

/* Does the kernel's grouping agree with its own rule, applied now? */
static void put_agreement(struct page *page, const struct iow_why_side *side, const char *unread)
{
    uint32_t self = side->function->position;
    struct iow_text line = {0};

    if (iow_why_unconfined(side)) {
        iow_text_puts(&line, "No IOMMU confines it: its DMA can reach all memory, and every other device as "
                             "far as the hardware routes it there.");
    } else if (!side->readable) {
        put_unread(&line, unread);
        iow_text_puts(&line, ", so ioward cannot tell whether this is what Linux's grouping rule gives.");
    } else if (iow_why_agrees(side)) {
        iow_text_puts(&line,
            "Linux's grouping rule, applied to the hardware as it is now, gives exactly these members.");
    } else {
        iow_text_puts(
            &line, "Linux's grouping rule, applied to the hardware as it is now, gives another answer:");
        if (side->n_missing) {
            iow_text_puts(&line, " it would join ");
            list_addresses(&line, side->missing, side->n_missing, self);
        }
        if (side->n_surplus) {
            iow_text_puts(&line, side->n_missing ? ", and keep apart " : " it would keep apart ");
            list_addresses(&line, side->surplus, side->n_surplus, self);
        }
        if (!side->group && !side->n_missing)
            iow_text_puts(&line, " it would give it a group of its own");
        iow_text_puts(&line, ".");
    }
    put(page, "", &line);
}

/* mark: which member was asked about; IOW_NONE: none */
static void put_members(struct page *page, const struct iow_why_side *side, uint32_t mark)
{
    if (iow_why_unconfined(side) || !side->readable)
        return;
    put_heading(
        page, iow_why_agrees(side) ? "How this group came to be:" : "How that group would come to be:");
    for (uint32_t i = 0; i < side->n_together; i++) {
        const struct iow_view_function *v = side->together[i];
        struct iow_text line = {0};

        iow_text_print(&line, "%s (%s)", v->reason_text, iow_rule_id(v->reason->rule));
        put(page, v->position == mark ? "  > " : "  - ", &line);
    }
}

static void put_steps(struct page *page, const struct iow_why_side *side)
{
    if (!side->n_steps)
        return;
    (void)fprintf(page->out, "\nWhat the rule looked at for %s, in order:\n", side->function->address);
    for (uint32_t i = 0; i < side->n_steps; i++) {
        struct iow_text line = {0};
        char number[16];

        (void)snprintf(number, sizeof(number), "  %2" PRIu32 ". ", i + 1);
        iow_text_puts(&line, side->steps[i].text);
        put(page, number, &line);
    }
    if (side->n_left_out)
        (void)fprintf(page->out, "  ... and %" PRIu32 " more\n", side->n_left_out);
}

static void put_owner(struct page *page, const struct iow_view_group *g)
{
    struct iow_text line = {0};

    if (!g)
        return;
    iow_text_print(
        &line, "owner of group %" PRIu32 ": %s", g->record->number, iow_owner_name(g->owner->owner));
    put(page, "  ", &line);
    iow_text_print(&line, "%s (%s)", g->basis_text, iow_rule_id(g->owner->basis));
    put(page, "    ", &line);
}

static void put_links(struct page *page, const struct iow_why *why)
{
    put_heading(page, "What joins them:");
    for (uint32_t i = 0; i < why->n_links; i++) {
        struct iow_text line = {0};

        iow_text_print(&line, "%s (%s)", why->links[i].text, iow_rule_id(why->links[i].link.reason.rule));
        put(page, "  - ", &line);
    }
}

/* What keeps one side out of every other group. */
static void put_separators(struct page *page, const struct iow_why_side *side)
{
    struct iow_text line = {0};

    iow_text_puts(&line, side->function->address);
    if (side->opener != side->function)
        iow_text_print(&line, ", in the group that %s opened", side->opener->address);
    iow_text_puts(&line, ":");
    put(page, "  ", &line);
    if (side->opener != side->function) {
        iow_text_print(
            &line, "%s (%s)", side->function->reason_text, iow_rule_id(side->function->reason->rule));
        put(page, "  - ", &line);
    }
    for (uint32_t i = 0; i < side->n_separators; i++) {
        iow_text_print(
            &line, "%s (%s)", side->separators[i].text, iow_rule_id(side->separators[i].step.rule));
        put(page, "  - ", &line);
    }
}

static void put_group_number(struct iow_text *to, const struct iow_why_side *side)
{
    if (side->group)
        iow_text_print(to, "%s in group %" PRIu32, side->function->address, side->group->record->number);
    else
        iow_text_print(to, "%s in no group", side->function->address);
}

/* At least one of the two is confined by no IOMMU: no rule of grouping tells anything about them. */
static void put_unconfined(struct page *page, const struct iow_why *why)
{
    bool both = iow_why_unconfined(&why->side[0]) && iow_why_unconfined(&why->side[1]);
    uint32_t k = iow_why_unconfined(&why->side[0]) ? 0 : 1;
    struct iow_text line = {0};

    if (both)
        iow_text_puts(&line, "No IOMMU confines them: each can reach all memory, and each the other as far "
                             "as the hardware routes it there.");
    else
        iow_text_print(&line,
            "No IOMMU confines %s: it can reach all memory, and %s as far as the hardware routes it there.",
            why->side[k].function->address, why->side[1 - k].function->address);
    put(page, "", &line);
}

static void put_pair_headline(struct page *page, const struct iow_why *why)
{
    const struct iow_why_side *a = &why->side[0], *b = &why->side[1];
    struct iow_text line = {0};

    iow_text_print(&line, "%s (%s) and %s (%s) ", a->function->address, a->function->name,
        b->function->address, b->function->name);
    if (why->same_group) {
        iow_text_print(&line, "share IOMMU group %" PRIu32, a->group->record->number);
    } else if (!a->group && !b->group) {
        iow_text_puts(&line, "are in no IOMMU group");
    } else {
        iow_text_puts(&line, "are not in one group: ");
        put_group_number(&line, a);
        iow_text_puts(&line, ", ");
        put_group_number(&line, b);
    }
    iow_text_puts(&line, ".");
    put(page, "", &line);
}

static void put_pair_agreement(
    struct page *page, const struct iow_why *why, bool readable, const char *unread)
{
    struct iow_text line = {0};

    if (!readable) {
        put_unread(&line, unread);
        iow_text_puts(&line, ", so ioward cannot tell why.");
    } else {
        iow_text_print(&line, "Linux's grouping rule, applied to the hardware as it is now, %s.",
            why->same_group == why->same_predicted ? "agrees"
            : why->same_group                      ? "would separate them"
                                                   : "would join them");
    }
    put(page, "", &line);
}

static void put_pair(struct page *page, const struct iow_why *why, const char *unread)
{
    const struct iow_why_side *a = &why->side[0], *b = &why->side[1];
    bool readable = a->readable && b->readable, unconfined = iow_why_unconfined(a) || iow_why_unconfined(b);

    put_pair_headline(page, why);
    if (unconfined)
        put_unconfined(page, why);
    else
        put_pair_agreement(page, why, readable, unread);
    page->failed |= !iow_about_print(&why->about, page->out, page->width);
    if (unconfined || !readable)
        return;
    if (why->same_predicted) {
        put_links(page, why);
        return;
    }
    put_heading(page, "What separates them:");
    put_separators(page, a);
    put_separators(page, b);
}

static void put_single(struct page *page, const struct iow_why *why, const char *unread)
{
    const struct iow_why_side *side = &why->side[0];

    if (why->whole)
        put_whole_group(page, side->group);
    else
        put_group_of(page, side);
    put_agreement(page, side, unread);
    put_members(page, side, why->whole ? IOW_NONE : side->function->position);
    put_steps(page, side);
}

int iow_why_text(const struct iow_view *view, const struct iow_why *why, FILE *out)
{
    struct page page = {.out = out, .width = iow_wrap_width(out)};
    const char *unread = iow_about_unread(view, &why->about);

    if (why->n == 2)
        put_pair(&page, why, unread);
    else
        put_single(&page, why, unread);
    if (why->side[0].group || why->side[1].group)
        put_heading(&page, "Who may do DMA:");
    put_owner(&page, why->side[0].group);
    if (why->n == 2 && why->side[1].group != why->side[0].group)
        put_owner(&page, why->side[1].group);
    if (why->n == 1)
        page.failed |= !iow_about_print(&why->about, out, page.width);
    return page.failed ? -IOW_ENOMEM : 0;
}
