/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/audit-words.h"
#include "report/audit.h"
#include "report/escape.h"
#include "report/notes.h"
#include "report/page.h"
#include "report/rules.h"

#include <inttypes.h>
#include <string.h>

static const char *const heading[IOW_SEVERITY__COUNT] = {
    [IOW_NOTICE] = "Notices",
    [IOW_WARNING] = "Warnings",
    [IOW_CRITICAL] = "Critical",
};

/* The empty line between two parts of the page. */
static void begin_part(struct iow_page *page, bool *any, const char *name)
{
    (void)fprintf(page->out, "%s%s:\n", *any ? "\n" : "", name);
    *any = true;
}

static void print_findings(
    const struct iow_audit_view *audit, enum iow_severity severity, struct iow_page *page, bool *any)
{
    bool begun = false;

    for (uint32_t i = 0; i < audit->n_findings; i++) {
        const struct iow_view_note *note = &audit->findings[i];

        if (note->severity != severity || note->finding->accepted != IOW_NONE)
            continue;
        if (!begun)
            begin_part(page, any, heading[severity]);
        begun = true;
        page->failed |= !iow_note_print(note, page->out, page->width);
    }
}

static bool same_thing(const struct iow_audit_unknown *a, const struct iow_audit_unknown *b)
{
    return strcmp(a->record->name, b->record->name) == 0;
}

/* One thing that could not be read: of what first, of how many more, and every rule that needs it. */
static void print_unknown_thing(const struct iow_audit_view *audit, uint32_t first, struct iow_page *page)
{
    const struct iow_audit_unknown *unknown = &audit->unknown[first];
    enum iow_rule last = IOW_RULE_NONE;
    struct iow_text line = {0}, rules = {0};
    uint32_t n = 0;

    for (uint32_t i = first; i < audit->n_unknown; i++) {
        enum iow_rule rule = audit->unknown[i].record->rule;

        if (!same_thing(&audit->unknown[i], unknown))
            continue;
        n += rule == unknown->record->rule;
        if (rule != last)
            iow_text_print(&rules, "%s%s", rules.len ? ", " : "", iow_rule_id(rule));
        last = rule;
    }
    iow_text_puts(&line, unknown->text);
    if (n > 1)
        iow_text_print(&line, "; the same for %" PRIu32 " more", n - 1);
    iow_text_print(&line, " (%s)", rules.data ? rules.data : "");
    line.failed |= rules.failed;
    iow_text_done(&rules);
    iow_page_put(page, "? ", &line);
}

/* There are many devices, but few things that a rule may want of them: no more than rules. */
static void print_unknown(const struct iow_audit_view *audit, struct iow_page *page, bool *any)
{
    uint32_t first[IOW_RULE__COUNT], n = 0;

    if (audit->n_unknown || audit->n_missing)
        begin_part(page, any, "Not known");
    for (uint32_t i = 0; i < audit->n_unknown && n < sizeof(first) / sizeof(first[0]); i++) {
        uint32_t k = 0;

        while (k < n && !same_thing(&audit->unknown[first[k]], &audit->unknown[i]))
            k++;
        if (k < n)
            continue;
        print_unknown_thing(audit, i, page);
        first[n++] = i;
    }
    page->failed |= !iow_missing_print(audit->missing, audit->n_missing, page->out, page->width);
}

static void print_accepted(const struct iow_audit_view *audit, struct iow_page *page, bool *any)
{
    bool begun = false;

    for (uint32_t i = 0; i < audit->n_findings; i++) {
        const struct iow_view_note *note = &audit->findings[i];
        struct iow_text line = {0};

        if (note->finding->accepted == IOW_NONE)
            continue;
        if (!begun)
            begin_part(page, any, "Accepted");
        begun = true;
        iow_text_puts(&line, note->text);
        iow_page_accepted(page, note->rule, &line, &audit->acceptances[note->finding->accepted]);
    }
}

/* What is to be done about an acceptance; false: nothing. */
static bool put_complaint(
    struct iow_text *to, const struct iow_audit_view *audit, const struct iow_acceptance *a)
{
    if (a->state == IOW_ACCEPT_EXPIRED)
        iow_text_print(to, "ended on %s and accepts nothing any more", a->until_text);
    else if (!a->n_findings)
        iow_text_puts(to, "is about nothing that was found");
    else if (a->state == IOW_ACCEPT_ENDS_SOON)
        iow_text_print(to, "ends on %s, in %" PRId32 " days", a->until_text, a->until - audit->today);
    return to->len > 0;
}

static void print_acceptances(const struct iow_audit_view *audit, struct iow_page *page, bool *any)
{
    bool begun = false;

    for (uint32_t i = 0; i < audit->n_acceptances; i++) {
        const struct iow_acceptance *a = &audit->acceptances[i];
        struct iow_text complaint = {0}, line = {0};

        if (put_complaint(&complaint, audit, a)) {
            if (!begun)
                begin_part(page, any, "Acceptances to look at");
            begun = true;
            iow_escape_text(&line, a->file);
            iow_text_print(&line, ":%" PRIu32 ": %s: %s", a->line, iow_rule_id(a->rule), complaint.data);
            iow_page_put(page, "- ", &line);
        }
        iow_text_done(&complaint);
    }
}

static const struct {
    enum iow_driver_trait trait;
    const char *words;
} traits[] = {
    {IOW_DRIVER_MANAGED, "leave DMA to the group's owner"},
    {IOW_DRIVER_DMA_API, "do DMA for the kernel and keep users out"},
    {IOW_DRIVER_PRIVATE, "attach a domain of their own and keep everybody out"},
};

static void print_drivers(const struct iow_audit_view *audit, struct iow_page *page, bool *any)
{
    if (audit->n_drivers)
        begin_part(page, any, "Drivers, as the rule of ownership sees them");
    for (size_t t = 0; t < sizeof(traits) / sizeof(traits[0]); t++) {
        struct iow_text line = {0};

        for (uint32_t i = 0; i < audit->n_drivers; i++)
            if (audit->drivers[i].trait == traits[t].trait) {
                iow_text_puts(&line, line.len ? ", " : "");
                iow_escape_text(&line, audit->drivers[i].name);
            }
        if (!line.len)
            continue;
        iow_text_print(&line, ": %s", traits[t].words);
        iow_page_put(page, "  ", &line);
    }
}

static const char nothing[] = "Nothing was found that is not accepted.";

int iow_audit_text(const struct iow_audit_view *audit, FILE *out)
{
    struct iow_page page = iow_page_on(out);
    bool any = false;

    for (int severity = IOW_SEVERITY__COUNT - 1; severity >= 0; severity--)
        print_findings(audit, (enum iow_severity)severity, &page, &any);
    if (!any)
        (void)fprintf(out, "%s\n", nothing);
    any = true;
    print_unknown(audit, &page, &any);
    print_accepted(audit, &page, &any);
    print_acceptances(audit, &page, &any);
    print_drivers(audit, &page, &any);
    return page.failed ? -IOW_ENOMEM : 0;
}

int iow_audit_rules_text(FILE *out)
{
    struct iow_page page = iow_page_on(out);
    struct iow_audit_row row;

    for (int severity = IOW_SEVERITY__COUNT - 1; severity >= 0; severity--)
        for (uint32_t i = 0; iow_audit_row_at(i, &row); i++) {
            struct iow_text line = {0};

            if ((int)row.severity != severity)
                continue;
            iow_page_cell(&line, iow_severity_name(row.severity), 8);
            iow_page_cell(&line, iow_rule_id(row.rule), 25);
            iow_text_puts(&line, iow_rule_words(row.rule)->title);
            iow_page_put(&page, "", &line);
        }
    return page.failed ? -IOW_ENOMEM : 0;
}
