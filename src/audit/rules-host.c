/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about what the host itself needs and is about to give away. */
#include "audit/rules.h"

/* Without a driver of the kernel the host cannot use it. */
static bool is_about_to_go(const struct iow_audit_run *run, const struct iow_function *f)
{
    uint32_t g = iow_facts_find_group(run->facts, f->group);

    return g != IOW_NONE && run->given[g] && f->driver && !iow_config_is_bridge(&f->config) &&
           !iow_driver_is_vfio(f->driver);
}

/* Something of the host could not be looked into: a process, a namespace. */
static bool something_is_hidden(const struct iow_facts *facts)
{
    for (uint32_t i = 0; i < facts->n_missing; i++)
        if (facts->missing[i].rule == IOW_RULE_USE_UNKNOWN)
            return true;
    return false;
}

/* Every use of one of these kinds (a set of bits) of what is about to go. */
static void check_uses(struct iow_audit_run *run, unsigned kinds)
{
    const struct iow_facts *facts = run->facts;
    bool hidden = something_is_hidden(facts);

    for (uint32_t i = 0; i < facts->n_functions; i++)
        if (is_about_to_go(run, &facts->functions[i]) &&
            (hidden || !(facts->functions[i].known & IOW_FUNCTION_USES)))
            iow_unknown_function(run, i, "what the host uses it for");
    for (uint32_t k = 0; k < facts->n_uses; k++) {
        const struct iow_use *use = &facts->uses[k];
        struct iow_finding *finding;

        if (!(kinds & 1u << use->kind) || !is_about_to_go(run, &facts->functions[use->function]))
            continue;
        finding = iow_found_function(run, use->function, IOW_NONE);
        finding->name = use->name;
        finding->by = use->by && *use->by ? use->by : NULL;
    }
}

static void check_disks(struct iow_audit_run *run)
{
    check_uses(
        run, 1u << IOW_USE_MOUNT | 1u << IOW_USE_SWAP | 1u << IOW_USE_HOLDER | 1u << IOW_USE_EXCLUSIVE);
}

static void check_consoles(struct iow_audit_run *run)
{
    check_uses(run, 1u << IOW_USE_CONSOLE);
}

static void check_networks(struct iow_audit_run *run)
{
    check_uses(run, 1u << IOW_USE_NETWORK);
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_HOST_DISK, IOW_WARNING, false, check_disks},
    {IOW_RULE_REM_HOST_CONSOLE, IOW_WARNING, false, check_consoles},
    {IOW_RULE_REM_HOST_NETWORK, IOW_WARNING, false, check_networks},
};

const struct iow_audit_area iow_audit_of_host = IOW_AUDIT_AREA(checks);
