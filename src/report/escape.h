/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strangers' bytes on their way out.
 *
 * Process names, paths, what a user typed and what a capture says may hold anything: bytes that are no UTF-8,
 * control characters that move a terminal's cursor, characters that turn the reading direction.
 */
#ifndef IOWARD_REPORT_ESCAPE_H
#define IOWARD_REPORT_ESCAPE_H

#include "report/text.h"

#include <stdio.h>

/*
 * iow_escape_text - for people: one line, nothing that a terminal obeys
 *
 * What cannot be shown as it is becomes \xNN, one per byte; a backslash becomes two.
 */
void iow_escape_text(struct iow_text *to, const char *bytes);

/* iow_escape_json - for json-c, which escapes control characters but passes bytes on: each byte that is no
 * UTF-8 becomes U+FFFD */
void iow_escape_json(struct iow_text *to, const char *bytes);

/* iow_escape_print_document - a finished JSON document, what a terminal must not get written as \uXXXX. In: valid
 * UTF-8; such characters are inside strings only */
void iow_escape_print_document(FILE *out, const char *json);

#endif
