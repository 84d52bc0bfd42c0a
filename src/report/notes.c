/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/notes.h"

#include "report/rules.h"
#include "report/text.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

/* A machine with hundreds of functions of one kind must not drown the rest. */
#define SHOWN_OF_ONE_RULE 3

static bool print_line(
    FILE *out, unsigned width, const char *mark, const char *text, enum iow_rule rule, const char *remedy)
{
    struct iow_text line = {0};

    bool whole;

    iow_text_print(&line, "%s (%s)", text, iow_rule_id(rule));
    whole = !line.failed;
    iow_wrap(out, mark, whole ? line.data : text, width);
    iow_text_done(&line);
    if (remedy)
        iow_wrap(out, "  -> ", remedy, width);
    return whole;
}

bool iow_note_print(const struct iow_view_note *note, FILE *out, unsigned width)
{
    return print_line(out, width, "! ", note->text, note->rule, note->remedy);
}

static void print_more(FILE *out, uint32_t n)
{
    if (n > SHOWN_OF_ONE_RULE)
        (void)fprintf(
            out, "  ... and %" PRIu32 " more like this (--json lists all)\n", n - SHOWN_OF_ONE_RULE);
}

/* The remedy of a rule is said once, unless it names the devices. */
static bool same_for_all(enum iow_rule rule)
{
    const char *remedy = iow_rule_words(rule)->remedy;

    return remedy && !strchr(remedy, '{');
}

static bool print_findings_of(const struct iow_view *view, uint32_t first, FILE *out, unsigned width)
{
    enum iow_rule rule = view->findings[first].rule;
    bool whole = true;
    uint32_t n = 0;

    for (uint32_t i = first; i < view->n_findings; i++) {
        const struct iow_view_note *note = &view->findings[i];

        if (note->rule != rule || n++ >= SHOWN_OF_ONE_RULE)
            continue;
        whole &= print_line(out, width, "! ", note->text, rule, same_for_all(rule) ? NULL : note->remedy);
    }
    print_more(out, n);
    if (same_for_all(rule))
        iow_wrap(out, "  -> ", view->findings[first].remedy, width);
    return whole;
}

static bool print_missing_of(
    const struct iow_view_missing *const *list, uint32_t n, uint32_t first, FILE *out, unsigned width)
{
    enum iow_rule rule = list[first]->record->rule;
    struct iow_text text = {0};
    uint32_t same = 0;
    bool whole;

    for (uint32_t i = first; i < n; i++)
        same += list[i]->record->rule == rule;
    iow_text_puts(&text, list[first]->text);
    if (same > 1)
        iow_text_print(&text, "; the same for %" PRIu32 " more", same - 1);
    whole = !text.failed;
    whole &= print_line(out, width, "? ", whole ? text.data : "", rule, iow_rule_words(rule)->remedy);
    iow_text_done(&text);
    return whole;
}

bool iow_missing_print(const struct iow_view_missing *const *list, uint32_t n, FILE *out, unsigned width)
{
    bool seen[IOW_RULE__COUNT] = {false}, whole = true;

    for (uint32_t i = 0; i < n; i++) {
        enum iow_rule rule = list[i]->record->rule;

        if (!seen[rule])
            whole &= print_missing_of(list, n, i, out, width);
        seen[rule] = true;
    }
    return whole;
}

bool iow_notes_print(const struct iow_view *view, FILE *out, unsigned width)
{
    bool seen[IOW_RULE__COUNT] = {false}, whole = true;

    for (uint32_t i = 0; i < view->n_findings; i++) {
        enum iow_rule rule = view->findings[i].rule;

        if (!seen[rule])
            whole &= print_findings_of(view, i, out, width);
        seen[rule] = true;
    }
    return iow_missing_print(view->missing_list, view->n_missing, out, width) && whole;
}
