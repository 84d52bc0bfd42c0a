/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building JSON from raw values: strings are made valid UTF-8 here, a NULL string is null. */
#ifndef IOWARD_REPORT_JSON_H
#define IOWARD_REPORT_JSON_H

#include <ioward/error.h>
#include <json-c/json.h>
#include <stdio.h>

struct json_object *iow_json_text(const char *raw);
void iow_json_put(struct json_object *object, const char *key, struct json_object *value);
void iow_json_put_text(struct json_object *object, const char *key, const char *raw);
void iow_json_put_number(struct json_object *object, const char *key, uint64_t number);
void iow_json_put_bool(struct json_object *object, const char *key, bool value);

/* A number that may be IOW_NONE: null then. */
void iow_json_put_index(struct json_object *object, const char *key, uint32_t number);

/* "0x1f", the way of lspci and datasheets */
void iow_json_put_hex(struct json_object *object, const char *key, uint64_t number, int digits);

/* iow_json_write - pretty, with a newline at the end; releases the document. -IOW_ENOMEM; errors of out stay
 * in out */
int iow_json_write(struct json_object *document, FILE *out);

/* iow_json_write_line - the same on one line */
int iow_json_write_line(struct json_object *document, FILE *out);

#endif
