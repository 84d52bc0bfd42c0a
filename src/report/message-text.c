/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward explain", in sentences. */
#include "report/escape.h"
#include "report/message-topics.h"
#include "report/rules.h"
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

static void put_line(struct page *page, const struct iow_message *m)
{
    struct iow_text line = {0};

    iow_escape_text(&line, m->line);
    put(page, "> ", &line);
}

static void put_meaning(struct page *page, const struct iow_message *m)
{
    const struct iow_message_row *row = m->parts.row;
    struct iow_text line = {0};

    iow_text_print(
        &line, "%s: %s", iow_message_program_name(row->program), iow_topic_row(row->topic)->meaning);
    if (m->times > 1)
        iow_text_print(&line, " (%" PRIu32 " times, first in line %" PRIu32 ")", m->times, m->first_line);
    put(page, "", &line);
}

/* What the message names, as it is here. */
static void put_here(struct page *page, const struct iow_view *view, const struct iow_message_answer *a)
{
    const struct iow_view_function *v = a->function == IOW_NONE ? NULL : &view->functions[a->function];
    const struct iow_view_group *g = a->group;
    struct iow_text line = {0};

    if (!v && !g)
        return;
    if (v)
        iow_text_print(&line, "%s (%s)", v->address, v->name);
    if (v && g && v->record->group == g->record->number)
        iow_text_print(&line, " in group %" PRIu32, g->record->number);
    else if (g)
        iow_text_print(&line, "%sgroup %" PRIu32, v ? "; " : "", g->record->number);
    if (g)
        iow_text_print(&line, ", owner: %s", iow_owner_name(g->owner->owner));
    put(page, "here: ", &line);
}

/* What is wanted of several devices alike, and how to get there, is said after the last of them. */
static bool goes_on(const struct iow_message_cause *c, const struct iow_message_cause *next)
{
    return next && next->rule == c->rule && c->seen && next->seen && c->remedy && next->remedy &&
           strcmp(c->seen, next->seen) == 0 && strcmp(c->remedy, next->remedy) == 0;
}

static void put_cause(
    struct page *page, const struct iow_message_cause *c, const struct iow_message_cause *next)
{
    struct iow_text line = {0};

    iow_text_print(&line, "%s (%s)", c->text, iow_rule_id(c->rule));
    put(page, c->now ? "! " : "- ", &line);
    if (goes_on(c, next))
        return;
    if (c->seen && c->wanted) {
        iow_text_print(&line, "%s; wanted: %s", c->seen, c->wanted);
        put(page, "  seen: ", &line);
    }
    if (c->remedy)
        iow_wrap(page->out, "  -> ", c->remedy, page->width);
}

static void put_message(struct page *page, const struct iow_view *view, const struct iow_message *m,
    const struct iow_message_answer *a)
{
    put_line(page, m);
    put_meaning(page, m);
    put_here(page, view, a);
    for (uint32_t i = 0; i < a->n; i++)
        put_cause(page, &a->cause[i], i + 1 < a->n ? &a->cause[i + 1] : NULL);
    if (a->n_left_out)
        (void)fprintf(page->out, "  ... and %" PRIu32 " more\n", a->n_left_out);
}

int iow_messages_text(
    const struct iow_view *view, const struct iow_message_log *log, struct iow_mem *mem, FILE *out)
{
    struct page page = {.out = out, .width = iow_wrap_width(out)};

    for (const struct iow_message *m = log->first; m; m = m->next) {
        struct iow_message_answer answer;

        if (iow_message_explain(view, m, mem, &answer) < 0)
            return -IOW_ENOMEM;
        if (m != log->first)
            (void)fputc('\n', out);
        put_message(&page, view, m, &answer);
    }
    if (log->n_unknown)
        (void)fprintf(out, "\n%" PRIu32 " of %" PRIu32 " lines have no message that ioward knows\n",
            log->n_unknown, log->n_lines);
    return page.failed ? -IOW_ENOMEM : 0;
}
