/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ACS bits and the kernel's judgement of them, in words. */
#ifndef IOWARD_REPORT_ACS_WORDS_H
#define IOWARD_REPORT_ACS_WORDS_H

#include "report/text.h"
#include <ioward/acs.h>
#include <json-c/json.h>

/* "SV RR CR UF"; "none" for 0 */
void iow_acs_bits_text(struct iow_text *to, uint16_t bits);
struct json_object *iow_acs_bits_json(uint16_t bits);

/* The end of a sentence about a function: "has no ACS capability", "has its ACS switched off for SV RR", ...
 */
void iow_acs_phrase(struct iow_text *to, const struct iow_acs_answer *answer);

/* {"isolates", "basis", "missing", "quirk", "assumed"} */
struct json_object *iow_acs_answer_json(const struct iow_acs_answer *answer);

#endif
