/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/tell.h"

#include "base/cleanup.h"
#include "cli/act.h"
#include "report/escape.h"
#include "report/rules.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void iow_tell_line(const char *format, ...)
{
    IOW_CLEANUP_FREE char *raw = NULL;
    struct iow_text line = {0};
    va_list args;

    va_start(args, format);
    if (vasprintf(&raw, format, args) < 0)
        raw = NULL;
    va_end(args);
    iow_escape_text(&line, raw ? raw : "out of memory");
    (void)fprintf(stderr, "%s\n", line.data ? line.data : "out of memory");
    iow_text_done(&line);
}

/* "[2/6] unbind 0000:01:00.1 from e1000e ...", without an end until it is known. */
static void begin_line(struct act *act, const struct iow_progress *p)
{
    struct iow_text step = {0};

    iow_step_text(&step, p->step);
    (void)fprintf(
        stderr, "[%" PRIu32 "/%" PRIu32 "] %s ...", p->number, p->total, step.data ? step.data : "");
    iow_text_done(&step);
    act->line_open = true;
}

static void end_line(struct act *act, const struct iow_progress *p, const char *words)
{
    if (!act->line_open)
        begin_line(act, p);
    (void)fprintf(stderr, " %s\n", words);
    act->line_open = false;
}

/* What waits was said to wait, and what cannot be done before it is not wrong. */
static const char *why_not(const struct iow_progress *p)
{
    if (p->rule == IOW_RULE_EXEC_WAITS)
        return p->kind == IOW_PROGRESS_FAILED ? "not yet" : "later";
    if (p->rule != IOW_RULE_NONE)
        return iow_rule_words(p->rule)->title;
    return p->kind == IOW_PROGRESS_FAILED ? "failed" : "nothing to do";
}

/* A module that loads has no user, nor has a driver that starts its device. */
static bool waits_for_user(const struct iow_progress *p)
{
    const struct iow_failure failure = {.step = *p->step, .rule = p->rule};

    return iow_failure_waits_for_user(&failure);
}

void iow_tell_progress(void *ctx, const struct iow_progress *p)
{
    struct act *act = ctx;

    switch (p->kind) {
    case IOW_PROGRESS_BEGINS:
        begin_line(act, p);
        break;
    case IOW_PROGRESS_WAITS:
        if (!act->line_open)
            begin_line(act, p);
        (void)fputs(waits_for_user(p) ? " waits for its user ..." : " takes long ...", stderr);
        break;
    case IOW_PROGRESS_DONE:
        end_line(act, p, "done");
        break;
    case IOW_PROGRESS_FAILED:
    case IOW_PROGRESS_SKIPPED:
        end_line(act, p, why_not(p));
        break;
    }
}
