/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects that the documents about plans, outcomes and claims share. Names and meanings: docs/json.md. */
#ifndef IOWARD_REPORT_STEP_JSON_H
#define IOWARD_REPORT_STEP_JSON_H

#include "report/json.h"
#include "report/plan.h"

/* {"uid", "name"} */
struct json_object *iow_json_user(uint32_t uid, const char *name);

/* One direction of a step: {"kind", "before", "after", "text"} */
struct json_object *iow_json_change(const struct iow_step *step);

/* A step with its subject and its inverse. */
struct json_object *iow_json_step(const struct iow_step *step);

struct json_object *iow_json_numbers(const uint32_t *numbers, uint32_t n);

/* "2026-03-01T14:07:12Z" */
void iow_json_put_time(struct json_object *object, const char *key, uint64_t usec);

/* A composed text, which is let go of; null when it is empty. */
void iow_json_put_composed(struct json_object *object, const char *key, struct iow_text *text);

#endif
