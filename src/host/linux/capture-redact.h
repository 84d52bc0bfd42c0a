/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Redaction of a whole capture; what is taken out and what not: src/facts/redact.h. */
#ifndef IOWARD_HOST_LINUX_CAPTURE_REDACT_H
#define IOWARD_HOST_LINUX_CAPTURE_REDACT_H

#include "host/linux/source-tree.h"

/*
 * iow_capture_redact - take what is private out of a tree, in place
 * In:      tree    sorted; interfaces with a MAC address in their name are renumbered in this order. Afterwards
 *                  it can be walked, but nothing can be found in it by name
 *          host    host name; "" not known
 * Errors:  -IOW_ENOMEM
 */
int iow_capture_redact(struct iow_tree *tree, const char *host);

#endif
