/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which decisions are shown. */
#ifndef IOWARD_CLI_TRACE_FILTER_H
#define IOWARD_CLI_TRACE_FILTER_H

#include "facts/decision.h"
#include <ioward/address.h>
#include <stdbool.h>
#include <stdint.h>

/* A device asked for, and the group that it was last seen in; IOW_NONE: none. */
struct trace_device {
    char name[IOW_ADDRESS_TEXT];
    uint32_t group;
};

struct trace_filter {
    bool by_group, by_pid;
    uint32_t group, pid;
    uint32_t n_devices; /* 0: all */
    struct trace_device *devices;
};

/*
 * iow_trace_shows - is it asked for?
 * In:      device  that it is about; NULL: none, or which one was not seen. A decision about a whole group is about its
 *                  devices
 * Out:     filter  the groups of its devices, as the decision has them
 */
bool iow_trace_shows(struct trace_filter *filter, const struct iow_decision *decision, const char *device);

#endif
