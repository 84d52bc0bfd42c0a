/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about owners against the hardware: who surely reaches, around the IOMMU, what somebody else has. */
#include "audit/rules.h"

#include <ioward/agreement.h>

/* More findings than these would be read by nobody. That there are more is said. */
#define BREACHES 1024
#define PAIRS 64 /* of one port */
/* Routes to ask for about one device. */
#define TRIES 64

#define UNREAD "registers of some functions, which decide where requests go"

/* Found once for all rules. */
static const struct iow_agreement *agreement_of(struct iow_audit_run *run)
{
    if (!run->agreement && iow_agreement_find(run->a, BREACHES, run->mem, &run->agreement, NULL) < 0)
        run->failed = true;
    return run->agreement;
}

/* Per function: the switch above it was told of, by the rule about switches, which ran before. */
static bool *find_told(struct iow_audit_run *run)
{
    const struct iow_finding *findings = run->findings;
    const struct iow_node *node = run->a->topology->node;
    bool *told = iow_mem_alloc(run->mem, run->a->topology->n, sizeof(*told));

    run->failed |= !told;
    for (uint32_t i = 0; told && i < run->n_findings; i++)
        if (findings[i].rule == IOW_RULE_REM_SWITCH_SPLIT)
            told[node[findings[i].function].parent] = true;
    return told;
}

/* Rules of their own tell of switches whose ports have groups, of ACS that was cleared, and of the override. */
static bool is_told_elsewhere(
    const struct iow_audit_run *run, const bool *told, enum iow_rule cause, const struct iow_breach *breach)
{
    uint32_t parent;

    if (cause != IOW_RULE_HW_SWITCH)
        return cause == IOW_RULE_HW_ACS_CLEARED || cause == IOW_RULE_HW_OVERRIDE;
    parent = run->a->topology->node[breach->deciding.node].parent;
    return parent != IOW_NONE && told[parent];
}

static void check_finer(struct iow_audit_run *run)
{
    const struct iow_agreement *agreement = agreement_of(run);
    const bool *told = find_told(run);
    const struct iow_closure *c;

    if (!agreement || !told)
        return;
    c = agreement->surely.closure;
    for (uint32_t i = 0; i < c->n_listed; i++)
        if (!is_told_elsewhere(run, told, agreement->surely.cause[i], &c->breach[i]))
            iow_found_function(run, c->breach[i].from, c->breach[i].to);
    if (c->n_listed < c->n_breaches + c->n_unshown)
        iow_unknown_machine(run, "further ways around the IOMMU between groups");
    if (agreement->n_unread)
        iow_unknown_machine(run, UNREAD);
}

/* --- what the bits that were cleared opened --- */

static void check_port(struct iow_audit_run *run, uint32_t port)
{
    struct iow_opened *opened;
    uint32_t n;
    bool more;

    if (iow_drift_opened(run->a, port, PAIRS, run->mem, &opened, &n, &more) < 0) {
        run->failed = true;
        return;
    }
    for (uint32_t k = 0; k < n; k++)
        iow_found_function(run, opened[k].from, opened[k].to)->name = iow_route_grade_name(opened[k].grade);
    if (more)
        iow_unknown_function(run, port, "what else its cleared ACS bits opened");
}

static void check_opened(struct iow_audit_run *run)
{
    uint32_t *ports, n;

    if (iow_drift_ports(run->a, run->mem, &ports, &n) < 0) {
        run->failed = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        check_port(run, ports[i]);
}

/* --- owners --- */

static enum iow_owner owner_of(const struct iow_audit_run *run, uint32_t function)
{
    return iow_audit_owner(run->a, &run->facts->functions[function]);
}

/* A device in no group is, when its driver does DMA. */
static bool is_kernels(const struct iow_audit_run *run, uint32_t function)
{
    const struct iow_function *f = &run->facts->functions[function];
    enum iow_driver_trait trait = iow_driver_trait_of(f->driver);
    enum iow_owner owner = owner_of(run, function);

    if (f->group == IOW_NONE && f->known & IOW_FUNCTION_DRIVER)
        return trait != IOW_DRIVER_NONE && trait != IOW_DRIVER_MANAGED;
    return owner == IOW_OWNER_KERNEL || owner == IOW_OWNER_KERNEL_PRIVATE;
}

/* What the kernel has, set by set. */
struct kernels {
    uint32_t *first; /* per set: one more than its first function of the kernel's; 0: it has none */
    uint32_t *next;  /* per function: the same of the next one */
};

static bool list_kernels(struct iow_audit_run *run, const struct iow_isolation *sets, struct kernels *ret)
{
    ret->first = iow_mem_alloc(run->mem, sets->n_sets, sizeof(*ret->first));
    ret->next = iow_mem_alloc(run->mem, sets->n, sizeof(*ret->next));
    if (!ret->first || !ret->next)
        return false;
    for (uint32_t i = sets->n; i-- > 0;)
        if (is_kernels(run, i)) {
            ret->next[i] = ret->first[sets->set[i]];
            ret->first[sets->set[i]] = i + 1;
        }
    return true;
}

/* The first device of the kernel that one of a user surely reaches. */
static void check_user(struct iow_audit_run *run, const struct kernels *kernels, uint32_t set, uint32_t user)
{
    struct iow_breach breach;
    uint32_t tries = 0, i = kernels->first[set];

    for (; i && tries < TRIES; i = kernels->next[i - 1], tries++)
        if (iow_audit_reaches(run->a, user, i - 1, &breach)) {
            iow_found_function(run, user, i - 1);
            return;
        }
    if (i && !iow_config_is_bridge(&run->facts->functions[user].config))
        iow_unknown_function(
            run, user, "whether it reaches one of the many devices that the kernel has beside it");
}

static void check_users(struct iow_audit_run *run)
{
    const struct iow_agreement *agreement = agreement_of(run);
    const struct iow_isolation *sets;
    struct kernels kernels;

    if (!agreement)
        return;
    sets = agreement->surely.closure->sets;
    if (!list_kernels(run, sets, &kernels)) {
        run->failed = true;
        return;
    }
    for (uint32_t i = 0; i < sets->n; i++)
        if (owner_of(run, i) == IOW_OWNER_USER)
            check_user(run, &kernels, sets->set[i], i);
    if (agreement->n_unread)
        iow_unknown_machine(run, UNREAD);
}

/* --- two users --- */

/* Is every holder of both the same user? One that nobody sees may be anybody. */
static bool have_one_user(const struct iow_audit_run *run, uint32_t a, uint32_t b)
{
    const struct iow_group_owner *owner[] = {&run->a->owners[a], &run->a->owners[b]};
    uint32_t uid;

    if (!owner[0]->n_holders || !owner[1]->n_holders)
        return false;
    uid = run->facts->holders[owner[0]->holders[0]].uid;
    for (unsigned k = 0; k < 2; k++)
        for (uint32_t i = 0; i < owner[k]->n_holders; i++)
            if (run->facts->holders[owner[k]->holders[i]].uid != uid)
                return false;
    return true;
}

/* The first function of each set that a user has stands for it; others of another user are found beside it. */
static void check_two_users(struct iow_audit_run *run)
{
    const struct iow_agreement *agreement = agreement_of(run);
    const uint32_t *set;
    uint32_t *first;

    if (!agreement)
        return;
    set = agreement->surely.closure->sets->set;
    first = iow_mem_alloc(run->mem, agreement->surely.closure->sets->n_sets, sizeof(*first));
    run->failed |= !first;
    for (uint32_t i = 0; first && i < run->facts->n_functions; i++) {
        uint32_t group = iow_facts_find_group(run->facts, run->facts->functions[i].group), other;

        if (owner_of(run, i) != IOW_OWNER_USER || iow_config_is_bridge(&run->facts->functions[i].config))
            continue;
        if (!first[set[i]]) {
            first[set[i]] = i + 1;
            continue;
        }
        other = iow_facts_find_group(run->facts, run->facts->functions[first[set[i]] - 1].group);
        if (other != group && !have_one_user(run, group, other))
            iow_found_function(run, first[set[i]] - 1, i);
    }
    if (agreement->n_unread)
        iow_unknown_machine(run, UNREAD);
}

static const struct iow_audit_check checks[] = {
    {IOW_RULE_REM_USER_REACHES, IOW_CRITICAL, false, check_users},
    {IOW_RULE_REM_TWO_USERS, IOW_CRITICAL, false, check_two_users},
    {IOW_RULE_REM_FINER, IOW_CRITICAL, false, check_finer},
    {IOW_RULE_REM_DRIFT_OPENED, IOW_WARNING, false, check_opened},
};

const struct iow_audit_area iow_audit_of_reach = IOW_AUDIT_AREA(checks);
