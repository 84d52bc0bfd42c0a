/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/trace-filter.h"

#include <string.h>

static bool is_about(struct trace_device *wanted, const struct iow_decision *d, const char *device)
{
    bool grouped = d->flags & IOW_DECISION_HAS_GROUP;

    if (!device)
        return !d->inode && grouped && wanted->group == d->group;
    if (strcmp(wanted->name, device) != 0)
        return false;
    wanted->group = grouped && d->what != IOW_DECISION_LEAVE ? d->group : IOW_NONE;
    return true;
}

bool iow_trace_shows(struct trace_filter *filter, const struct iow_decision *d, const char *device)
{
    bool about = !filter->n_devices;

    for (uint32_t i = 0; i < filter->n_devices; i++)
        about |= is_about(&filter->devices[i], d, device);
    if (filter->by_group && !(d->flags & IOW_DECISION_HAS_GROUP && d->group == filter->group))
        return false;
    return about && (!filter->by_pid || d->pid == filter->pid);
}
