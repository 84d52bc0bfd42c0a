/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices by the number of their folder in sysfs, which a locked-down kernel tells although it hides their names. */
#ifndef IOWARD_CLI_TRACE_NAMES_H
#define IOWARD_CLI_TRACE_NAMES_H

#include <ioward/address.h>
#include <stdint.h>

struct trace_name {
    uint64_t inode;
    char name[IOW_ADDRESS_TEXT];
};

/* All but folder is zero at first. Those that were there once stay known. */
struct trace_names {
    const char *folder; /* of the devices, named by their addresses */
    struct trace_name *names;
    uint32_t n, room;
};

/* iow_trace_name - of a PCI function; NULL: it is not there, or memory is exhausted. Looks again for one that it does
 * not know */
const char *iow_trace_name(struct trace_names *names, uint64_t inode);

void iow_trace_names_done(struct trace_names *names);

#endif
