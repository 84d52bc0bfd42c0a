/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "audit/rules.h"

#include <string.h>

static const struct iow_audit_area *const areas[] = {
    &iow_audit_of_machine,
    &iow_audit_of_isolation,
    &iow_audit_of_reach,
    &iow_audit_of_devices,
    &iow_audit_of_groups,
    &iow_audit_of_kernel,
    &iow_audit_of_host,
    &iow_audit_of_slots,
    &iow_audit_of_doors,
    &iow_audit_of_peers,
};

static const char *const severity_name[IOW_SEVERITY__COUNT] = {
    [IOW_NOTICE] = "notice",
    [IOW_WARNING] = "warning",
    [IOW_CRITICAL] = "critical",
};

const char *iow_severity_name(enum iow_severity severity)
{
    return severity_name[severity];
}

int iow_severity_parse(const char *name, enum iow_severity *ret)
{
    for (unsigned i = 0; i < IOW_SEVERITY__COUNT; i++)
        if (!strcmp(severity_name[i], name)) {
            *ret = (enum iow_severity)i;
            return 0;
        }
    return -IOW_EINVAL;
}

const struct iow_audit_check *iow_audit_check_at(uint32_t i)
{
    for (size_t k = 0; k < sizeof(areas) / sizeof(areas[0]); k++) {
        if (i < areas[k]->n)
            return &areas[k]->checks[i];
        i -= areas[k]->n;
    }
    return NULL;
}

bool iow_audit_row_at(uint32_t i, struct iow_audit_row *ret)
{
    const struct iow_audit_check *check = iow_audit_check_at(i);

    if (check)
        *ret = (struct iow_audit_row){.rule = check->rule, .severity = check->severity};
    return check != NULL;
}
