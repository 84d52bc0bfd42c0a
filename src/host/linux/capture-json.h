/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * capture.json, the label of a capture:
 *
 *   {"schema": "ioward.capture/1", "tool": "ioward 0.1.0", "redacted": true, "holders_complete": true,
 *    "denied": [PATH...], "failed": [PATH...], "gone": [PATH...], "missing": [PATH...]}
 *
 * The four lists are the files whose reading failed, by the error: replay answers it again, so that a capture
 * taken without privileges misses exactly what was missed then. A capture without a label is one in which
 * nothing failed.
 */
#ifndef IOWARD_HOST_LINUX_CAPTURE_JSON_H
#define IOWARD_HOST_LINUX_CAPTURE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "host/linux/source-tree.h"

#define IOW_CAPTURE_LABEL "capture.json"

/*
 * iow_json_is_modest - may json-c parse this text, or would that take too much memory?
 * Pure:    yes; counts what opens an object or an array, also in strings, up to IOW_MAX_JSON_CONTAINERS
 */
bool iow_json_is_modest(const char *text, size_t len);

/*
 * iow_capture_read_label - marks in tree, below root, the nodes whose reading failed
 * Errors:  -IOW_EBADMSG not our JSON (IOW-CAP-DAMAGED); -IOW_EINVAL another schema (IOW-CAP-FOREIGN);
 * -IOW_E2BIG, -IOW_ENOMEM
 */
int iow_capture_read_label(const char *json, size_t len, struct iow_tree *tree, struct iow_tree_node *root,
    struct iow_explain *reterr);

/* iow_capture_make_label - the label for a tree; *ret is to be freed. -IOW_ENOMEM */
int iow_capture_make_label(
    const struct iow_tree *tree, bool redacted, bool holders_complete, char **ret, size_t *ret_len);

#endif
