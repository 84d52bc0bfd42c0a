/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to know about some functions: picked from a view's notes. */
#ifndef IOWARD_REPORT_ABOUT_H
#define IOWARD_REPORT_ABOUT_H

#include "report/json.h"
#include "report/view.h"

struct iow_about {
    uint32_t n_differences;
    const struct iow_view_note **differences; /* about these functions */
    uint32_t n_findings;
    const struct iow_view_note **findings; /* about these functions, the bridges above and their groups */
    uint32_t n_missing;
    const struct iow_view_missing **missing; /* about the same */
};

/* iow_about_build - In: functions  n positions. -IOW_ENOMEM */
int iow_about_build(const struct iow_view *view, const uint32_t *functions, uint32_t n, struct iow_mem *mem,
    struct iow_about *ret);

/* iow_about_print - all of it below the heading "To know:"; nothing where there is nothing. False when
 * memory is exhausted */
bool iow_about_print(const struct iow_about *about, FILE *out, unsigned width);

/* iow_about_json - puts "differences", "remarks" and "missing" */
void iow_about_json(struct json_object *document, const struct iow_view *view, const struct iow_about *about);

/* iow_about_unread - a sentence about why what decides is not known, without its end: "some registers that
 * decide this can be read only by root" */
const char *iow_about_unread(const struct iow_view *view, const struct iow_about *about);

#endif
