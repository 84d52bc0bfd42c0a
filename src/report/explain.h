/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explain objects and what is missing, in words and as JSON. */
#ifndef IOWARD_REPORT_EXPLAIN_H
#define IOWARD_REPORT_EXPLAIN_H

#include "report/text.h"
#include <ioward/facts.h>
#include <json-c/json.h>

/* iow_subject_text - "0000:01:00.0", "group 4", "process 812", "the machine", or the given raw text, made
 * safe to show; nothing for no subject */
void iow_subject_text(struct iow_text *to, const struct iow_subject *subject, const char *raw);

/*
 * iow_explain_print - for people, without a newline at the end; the second line only where there is something to do:
 *   SUBJECT: SENTENCE (RULE): DETAIL; seen ..., wanted ...
 *     -> WHAT TO DO
 * In:      detail  raw text to add, NULL: none
 */
void iow_explain_print(struct iow_text *to, const struct iow_explain *explain, const char *detail);

/* iow_explain_json - {"rule", "error", "title", "text", "remedy", "subject", "evidence"} */
struct json_object *iow_explain_json(const struct iow_explain *explain, const char *detail);

/* iow_missing_text - the sentence of what is missing */
void iow_missing_text(struct iow_text *to, const struct iow_missing *missing);

#endif
