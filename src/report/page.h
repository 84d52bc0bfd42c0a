/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of text that is drawn line by line. */
#ifndef IOWARD_REPORT_PAGE_H
#define IOWARD_REPORT_PAGE_H

#include "report/text.h"
#include <ioward/audit.h>
#include <stdint.h>
#include <stdio.h>

struct iow_page {
    FILE *out;
    unsigned width;
    bool failed; /* memory ran out for a line */
};

struct iow_page iow_page_on(FILE *out);

/* iow_page_put - one paragraph, broken at the width; the text is empty again */
void iow_page_put(struct iow_page *page, const char *first, struct iow_text *line);

/* iow_page_reason - "! TEXT (RULE)", and below it "  -> REMEDY" if there is one; both texts are empty again */
void iow_page_reason(
    struct iow_page *page, enum iow_rule rule, struct iow_text *text, struct iow_text *remedy);

/* iow_page_accepted - "- TEXT (RULE); accepted until DAY: REASON"; the text is empty again */
void iow_page_accepted(struct iow_page *page, enum iow_rule rule, struct iow_text *text,
    const struct iow_acceptance *acceptance);

/* iow_page_cell - the text, and spaces up to the columns; in both cases two more */
void iow_page_cell(struct iow_text *to, const char *text, unsigned columns);

/* iow_page_user - "alice (uid 1000)", "uid 1000" */
void iow_page_user(struct iow_text *to, uint32_t uid, const char *name);

/* iow_page_groups - "group 4", "groups 4, 7 and 9" */
void iow_page_groups(struct iow_text *to, const uint32_t *groups, uint32_t n);

/* iow_page_time - "2026-03-01 14:07:12" in local time */
void iow_page_time(struct iow_text *to, uint64_t usec);

#endif
