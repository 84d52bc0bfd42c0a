/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects that several JSON documents share. Names and meanings: docs/json.md. */
#ifndef IOWARD_REPORT_VIEW_JSON_H
#define IOWARD_REPORT_VIEW_JSON_H

#include "report/json.h"
#include "report/view.h"

/* A document with its schema and source. */
struct json_object *iow_json_document(const struct iow_view *view, const char *schema);

struct json_object *iow_json_machine(const struct iow_machine *machine);
struct json_object *iow_json_function(const struct iow_view *view, const struct iow_view_function *function);
struct json_object *iow_json_group(const struct iow_view *view, const struct iow_view_group *group);
struct json_object *iow_json_reason(
    const struct iow_view *view, const struct iow_reason *reason, const char *reason_text);
struct json_object *iow_json_finding(const struct iow_view *view, const struct iow_view_note *note);
struct json_object *iow_json_difference(const struct iow_view *view, const struct iow_view_note *note);
struct json_object *iow_json_missing(const struct iow_view_missing *missing);

/* The address of a position as a string; null for IOW_NONE. */
void iow_json_put_position(
    struct json_object *object, const char *key, const struct iow_view *view, uint32_t position);

#endif
