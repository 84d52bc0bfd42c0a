/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/page.h"

#include "report/escape.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

struct iow_page iow_page_on(FILE *out)
{
    return (struct iow_page){.out = out, .width = iow_wrap_width(out)};
}

void iow_page_put(struct iow_page *page, const char *first, struct iow_text *line)
{
    if (line->failed)
        page->failed = true;
    else
        iow_wrap(page->out, first, line->data ? line->data : "", page->width);
    iow_text_done(line);
}

void iow_page_reason(
    struct iow_page *page, enum iow_rule rule, struct iow_text *text, struct iow_text *remedy)
{
    iow_text_print(text, " (%s)", iow_rule_id(rule));
    iow_page_put(page, "! ", text);
    if (remedy->len || remedy->failed)
        iow_page_put(page, "  -> ", remedy);
    iow_text_done(remedy);
}

void iow_page_accepted(
    struct iow_page *page, enum iow_rule rule, struct iow_text *text, const struct iow_acceptance *acceptance)
{
    iow_text_print(text, " (%s); accepted until %s: ", iow_rule_id(rule), acceptance->until_text);
    iow_escape_text(text, acceptance->reason);
    iow_page_put(page, "- ", text);
}

void iow_page_cell(struct iow_text *to, const char *text, unsigned columns)
{
    unsigned used = iow_wrap_columns(text, strlen(text));

    iow_text_print(to, "%s%*s", text, (int)(used < columns ? columns - used : 0) + 2, "");
}

void iow_page_user(struct iow_text *to, uint32_t uid, const char *name)
{
    if (name) {
        iow_escape_text(to, name);
        iow_text_print(to, " (uid %" PRIu32 ")", uid);
    } else {
        iow_text_print(to, "uid %" PRIu32, uid);
    }
}

void iow_page_groups(struct iow_text *to, const uint32_t *groups, uint32_t n)
{
    iow_text_puts(to, n == 1 ? "group " : "groups ");
    for (uint32_t i = 0; i < n; i++)
        iow_text_print(to, "%s%" PRIu32, i == 0 ? "" : i + 1 == n ? " and " : ", ", groups[i]);
}

void iow_page_time(struct iow_text *to, uint64_t usec)
{
    time_t seconds = (time_t)(usec / 1000000);
    struct tm tm;
    char buf[32];

    if (localtime_r(&seconds, &tm) && strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S", &tm))
        iow_text_puts(to, buf);
    else
        iow_text_puts(to, "?");
}
