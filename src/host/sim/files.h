/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of a machine being written into a source in memory. The first error stops all that follows. */
#ifndef IOWARD_HOST_SIM_FILES_H
#define IOWARD_HOST_SIM_FILES_H

#include "host/linux/memory.h"
#include "host/sim/machine.h"

struct json_object;

struct iow_sim_files {
    const struct iow_sim *sim;
    struct iow_source *source;
    int r;
};

/* A path in sysfs: of a function, with its bridges. */
#define IOW_SIM_PATH 4096
const char *iow_sim_folder(const struct iow_sim *sim, uint32_t function, char buf[IOW_SIM_PATH]);

/* iow_sim_put - a file; format is of its text, a newline is added */
void iow_sim_put(struct iow_sim_files *files, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void iow_sim_put_in(struct iow_sim_files *files, const char *folder, const char *name, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
void iow_sim_put_bytes(
    struct iow_sim_files *files, const char *folder, const char *name, const void *bytes, size_t n);
void iow_sim_put_folder(struct iow_sim_files *files, const char *path);

/* iow_sim_put_link - a link from one path to another, both from the root; it is written as sysfs writes it */
void iow_sim_put_link(struct iow_sim_files *files, const char *path, const char *to);

/* iow_sim_put_json - the answer of a probe; takes it over. NULL: for want of memory */
void iow_sim_put_json(struct iow_sim_files *files, const char *probe, struct json_object *answer);

#endif
