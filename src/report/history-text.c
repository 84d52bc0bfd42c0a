/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who had which group when: one paragraph a line of the history. */
#include "report/escape.h"
#include "report/page.h"
#include "report/plan.h"
#include "report/rules.h"

#include <inttypes.h>
#include <string.h>

#define EVENT_COLUMNS 11 /* "rolled-back" */

static const char *title_of(const char *id, size_t len)
{
    for (int rule = 0; rule < IOW_RULE__COUNT; rule++) {
        const char *known = iow_rule_id((enum iow_rule)rule);

        if (strlen(known) == len && memcmp(known, id, len) == 0)
            return iow_rule_words((enum iow_rule)rule)->title;
    }
    return NULL;
}

/* "the kernel refused (IOW-EXEC-REFUSED), ...": rules of another version have no title. */
static void put_reasons(struct iow_text *to, const char *note)
{
    for (const char *separator = ": "; *note; separator = ", ") {
        size_t len = strcspn(note, " ");
        const char *title = title_of(note, len);
        struct iow_text id = {0};

        iow_text_add(&id, note, len);
        iow_text_print(to, "%s%s%s", separator, title ? title : "", title ? " (" : "");
        iow_escape_text(to, id.data ? id.data : "");
        iow_text_puts(to, title ? ")" : "");
        to->failed |= id.failed;
        iow_text_done(&id);
        note += len;
        note += strspn(note, " ");
    }
}

static void put_row(struct iow_page *page, const struct iow_history_row *row)
{
    struct iow_text first = {0}, line = {0};

    iow_page_time(&first, row->when_usec);
    iow_text_puts(&first, "  ");
    iow_page_cell(&first, row->event, EVENT_COLUMNS);
    iow_text_print(&line, "group %" PRIu32 " (", row->group);
    iow_escape_text(&line, row->members);
    iow_text_puts(&line, ") for ");
    iow_page_user(&line, row->uid, row->user);
    if (row->by_uid != row->uid) {
        iow_text_puts(&line, ", asked for by ");
        iow_page_user(&line, row->by_uid, row->by);
    }
    if (*row->command) {
        iow_text_puts(&line, ", command: ");
        iow_escape_text(&line, row->command);
    }
    if (*row->note) {
        iow_text_puts(&line, "; why");
        put_reasons(&line, row->note);
    }
    page->failed |= first.failed;
    iow_page_put(page, first.data ? first.data : "", &line);
    iow_text_done(&first);
}

int iow_history_text(const struct iow_history_row *rows, uint32_t n, FILE *out)
{
    struct iow_page page = iow_page_on(out);

    if (!n)
        (void)fprintf(out, "Nothing was claimed on this machine yet.\n");
    for (uint32_t i = 0; i < n; i++) {
        if (i && strcmp(rows[i].boot_id, rows[i - 1].boot_id) != 0)
            (void)fprintf(out, "-- boot --\n");
        put_row(&page, &rows[i]);
    }
    return page.failed ? -IOW_ENOMEM : 0;
}
