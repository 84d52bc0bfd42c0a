/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources over a folder of the file system: the running machine, or a capture that was unpacked. */
#ifndef IOWARD_HOST_LINUX_SOURCE_FOLDER_H
#define IOWARD_HOST_LINUX_SOURCE_FOLDER_H

#include "host/linux/source.h"

enum iow_folder_confinement {
    IOW_FOLDER_LIVE,     /* the kernel's own files: nothing to confine */
    IOW_FOLDER_BENEATH,  /* a stranger's folder: openat2(2) refuses to leave it or to follow any link */
    IOW_FOLDER_STEPWISE, /* the same where openat2(2) is missing (before Linux 5.6, some sandboxes) */
};

/*
 * iow_source_folder - read the files below a folder
 * In:      root_fd  owned by the source from now on, also after a failure
 * Errors:  -IOW_ENOMEM; of captures also those of iow_capture_read_label()
 */
int iow_source_folder(int root_fd, enum iow_folder_confinement confinement, struct iow_source **ret,
    struct iow_explain *reterr);

/* iow_folder_confinement - what confines a capture in this folder on this kernel: BENEATH or STEPWISE */
enum iow_folder_confinement iow_folder_confinement(int root_fd);

#endif
