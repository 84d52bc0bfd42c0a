/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Probes: questions whose answer is no file. A live machine is asked; the answer of any other is stored under
 * probe/NAME.json. Both come as the same JSON and go through the same parser:
 *
 *   {"schema": "ioward.probe.NAME/1", "complete": true, "LIST": [ITEM...]}
 *
 * complete is false when something was not let be seen.
 */
#ifndef IOWARD_HOST_LINUX_READ_PROBE_H
#define IOWARD_HOST_LINUX_READ_PROBE_H

#include "host/linux/read.h"

#include <json-c/json.h>

struct iow_probe {
    const char *name; /* "holders" */
    const char *list; /* member that has the items */
    uint32_t most;    /* items */
    /* Takes one item. False: it is malformed, or the reading has ended */
    bool (*take)(struct iow_reader *rd, void *ctx, struct json_object *item);
};

/* iow_probe_path - "probe/NAME.json"; returns buf */
const char *iow_probe_path(const struct iow_probe *probe, char buf[IOW_WORD]);

/* iow_probe_replay - takes every item of an answer. False: it ended the reading
 * Errors:  -IOW_EBADMSG malformed, -IOW_E2BIG (IOW-CAP-PROBE) */
bool iow_probe_replay(struct iow_reader *rd, const struct iow_probe *probe, void *ctx, const char *json,
    size_t len, bool *ret_complete);

/* iow_probe_replay_stored - the same with the stored answer. -IOW_ENOENT: none is stored; other errors of
 * reading have been recorded as missing, those of replaying have ended the reading */
int iow_probe_replay_stored(
    struct iow_reader *rd, const struct iow_probe *probe, void *ctx, bool *ret_complete);

/* iow_probe_print - an answer as text, to be freed. Errors: -IOW_ENOMEM */
int iow_probe_print(
    const struct iow_probe *probe, struct json_object *list, bool complete, char **ret, size_t *ret_len);

/* iow_json_member - a member of this type; NULL when it is not there or is of another type */
struct json_object *iow_json_member(struct json_object *object, const char *key, enum json_type type);

/* iow_json_number - a member that is a number below IOW_NONE */
bool iow_json_number(struct json_object *object, const char *key, uint32_t *ret);

/* iow_answer_text - a member that is a text without NUL; NULL when it is none */
const char *iow_answer_text(struct json_object *object, const char *key);

/* iow_answer_put, iow_json_append - take value, which may be NULL for want of memory. False: no memory */
bool iow_answer_put(struct json_object *object, const char *key, struct json_object *value);
bool iow_json_append(struct json_object *array, struct json_object *value);

/* iow_json_new_text - a text from a stranger's bytes: what is no UTF-8 is replaced, in place too */
struct json_object *iow_json_new_text(char *text);

#endif
