/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source that keeps what was read from another.
 *
 * What it keeps answers every question again as it was answered: bytes of files, texts of links, names in
 * folders, and the errors of what exists but could not be read. A file is read whole the first time any of it
 * is asked for, so that no part of it is made up later; files nobody asked for are never opened.
 */
#ifndef IOWARD_HOST_LINUX_RECORD_H
#define IOWARD_HOST_LINUX_RECORD_H

#include "host/linux/source-tree.h"
#include "host/linux/source.h"

/* iow_record_borrowed - as iow_source_recording(), but inner stays the caller's; -IOW_ENOMEM */
int iow_record_borrowed(struct iow_source *inner, struct iow_source **ret);

/* iow_record_tree - what was read; borrowed. Of a source made by one of the two functions only */
struct iow_tree *iow_record_tree(struct iow_source *recording);

/* iow_record_error - 0, or why something that was read could not be kept: -IOW_ENOMEM, -IOW_E2BIG */
int iow_record_error(struct iow_source *recording);

#endif
