/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which findings are accepted, and what becomes of acceptances.
 *
 * An acceptance and a finding fit when rule, name and the whole set of devices are the same: a device that is
 * exchanged, a member that joins the group or another module is another risk, and nobody accepted that.
 */
#include "audit/rules.h"

#include <string.h>

/* The members of a group, in order, and how many there are. list NULL: only counts */
static uint32_t list_members(const struct iow_facts *facts, uint32_t group, uint32_t *list)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (facts->functions[i].group == group) {
            if (list)
                list[n] = i;
            n++;
        }
    return n;
}

static uint32_t list_pair(const struct iow_finding *finding, uint32_t *list)
{
    uint32_t a = finding->function, b = finding->other, n = 0;

    if (a != IOW_NONE && b != IOW_NONE && b < a) {
        a = finding->other;
        b = finding->function;
    }
    if (a != IOW_NONE)
        list[n++] = a;
    if (b != IOW_NONE && b != a)
        list[n++] = b;
    return n;
}

int iow_finding_devices(const struct iow_analysis *analysis, const struct iow_finding *finding,
    struct iow_mem *mem, uint32_t **ret, uint32_t *ret_n)
{
    bool group = finding->subject.kind == IOW_SUBJECT_GROUP;
    uint32_t *list =
        iow_mem_alloc(mem, group ? list_members(analysis->facts, finding->group, NULL) : 2, sizeof(*list));

    if (!list)
        return -IOW_ENOMEM;
    *ret_n = group ? list_members(analysis->facts, finding->group, list) : list_pair(finding, list);
    *ret = list;
    return 0;
}

static bool names_function(const struct iow_acceptance *a, const struct iow_function *f)
{
    for (uint32_t i = 0; i < a->n_devices; i++)
        if (iow_address_compare(&a->devices[i].address, &f->address) == 0)
            return f->config.known & IOW_CONFIG_IDS && a->devices[i].vendor == f->config.vendor &&
                   a->devices[i].device == f->config.device;
    return false;
}

static bool same_name(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* The devices of an acceptance are named once each: as many, and each function named, is the same set. */
static bool fits(const struct iow_facts *facts, const struct iow_acceptance *a,
    const struct iow_finding *finding, const uint32_t *devices, uint32_t n)
{
    if (a->rule != finding->rule || a->n_devices != n || !same_name(a->name, finding->name))
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!names_function(a, &facts->functions[devices[i]]))
            return false;
    return true;
}

static enum iow_accept_state state_of(const struct iow_acceptance *a, int32_t today)
{
    if (a->until < today)
        return IOW_ACCEPT_EXPIRED;
    return a->until - today <= IOW_ACCEPT_WARN_DAYS ? IOW_ACCEPT_ENDS_SOON : IOW_ACCEPT_IN_FORCE;
}

/* Of those in force that fit, the one that ends last. */
static void accept(const struct iow_facts *facts, const struct iow_audit_request *request,
    struct iow_finding *finding, const uint32_t *devices, uint32_t n)
{
    for (uint32_t i = 0; i < request->n_acceptances; i++) {
        struct iow_acceptance *a = &request->acceptances[i];

        if (!fits(facts, a, finding, devices, n))
            continue;
        a->n_findings++;
        if (a->state != IOW_ACCEPT_EXPIRED &&
            (finding->accepted == IOW_NONE || a->until > request->acceptances[finding->accepted].until))
            finding->accepted = i;
    }
}

const struct iow_acceptance *iow_acceptance_of_pair(const struct iow_analysis *analysis,
    const struct iow_acceptance *list, uint32_t n, int32_t today, enum iow_rule rule, uint32_t a, uint32_t b)
{
    const struct iow_finding finding = {.rule = rule};
    const struct iow_acceptance *last = NULL;
    const uint32_t devices[] = {a, b};

    for (uint32_t i = 0; i < n; i++)
        if (list[i].until >= today && (!last || list[i].until > last->until) &&
            fits(analysis->facts, &list[i], &finding, devices, 2))
            last = &list[i];
    return last;
}

/* A rule that an acceptance names at all: others need no list of devices. */
static bool is_named(const struct iow_audit_request *request, enum iow_rule rule)
{
    for (uint32_t i = 0; i < request->n_acceptances; i++)
        if (request->acceptances[i].rule == rule)
            return true;
    return false;
}

int iow_audit_accept(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, struct iow_audit *audit)
{
    for (uint32_t i = 0; i < request->n_acceptances; i++) {
        request->acceptances[i].state = state_of(&request->acceptances[i], request->today);
        request->acceptances[i].n_findings = 0;
    }
    for (uint32_t i = 0; i < audit->n_findings; i++) {
        struct iow_finding *finding = &audit->findings[i];
        const struct iow_mem before = *mem;
        uint32_t *devices, n;

        if (!is_named(request, finding->rule))
            continue;
        if (iow_finding_devices(analysis, finding, mem, &devices, &n) < 0)
            return -IOW_ENOMEM;
        accept(analysis->facts, request, finding, devices, n);
        iow_mem_rewind(mem, &before);
    }
    return 0;
}
