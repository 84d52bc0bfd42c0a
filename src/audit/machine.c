/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions about a machine that several steps of the analysis ask. */
#include "audit/audit.h"

#include <string.h>

bool iow_audit_groups_lazily(const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < facts->machine.n_iommus; i++)
        if (!strncmp(facts->machine.iommus[i], "virtio", strlen("virtio")))
            return true;
    return false;
}

enum iow_owner iow_audit_owner(const struct iow_analysis *a, const struct iow_function *f)
{
    uint32_t g = iow_facts_find_group(a->facts, f->group);

    return g == IOW_NONE ? IOW_OWNER_NONE : a->owners[g].owner;
}

bool iow_audit_is_invented(const struct iow_group *group)
{
    return group->name && !strcmp(group->name, "vfio-noiommu");
}

bool iow_audit_has_option(const struct iow_facts *facts, const char *option)
{
    size_t len = strlen(option);
    const char *at = facts->machine.command_line;

    while ((at = strstr(at, option))) {
        bool starts = at == facts->machine.command_line || at[-1] == ' ';

        if (starts && (at[len] == '=' || at[len] == ' ' || !at[len]))
            return true;
        at += len;
    }
    return false;
}
