/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the walk over live processes and the reader of its answer agree on. */
#ifndef IOWARD_HOST_LINUX_READ_HOLDERS_H
#define IOWARD_HOST_LINUX_READ_HOLDERS_H

#include "host/linux/read-probe.h"

extern const struct iow_probe iow_probe_holders;

/* iow_held_file_name - the word for it in the probe's answer */
const char *iow_held_file_name(enum iow_held_file file);

/* A file a process was found to hold. */
struct iow_found_file {
    enum iow_held_file kind;
    uint32_t number;
    bool has_function;
    struct iow_address function;
};

/* iow_holders_add - In: command  bytes that are no UTF-8 are replaced. Errors: -IOW_ENOMEM */
int iow_holders_add(struct json_object *holders, uint32_t pid, uint32_t uid, char *command,
    const struct iow_found_file *files, uint32_t n);

#endif
