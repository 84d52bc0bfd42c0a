/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs the rules and collects what they say: the worst first, then in the order of the table. */
#include "audit/rules.h"

static struct iow_finding *add(struct iow_audit_run *run, void **list, uint32_t *n)
{
    struct iow_finding *finding = iow_audit_append(run->mem, list, n, sizeof(*finding));

    if (!finding) {
        run->failed = true;
        finding = &run->lost;
    }
    *finding = (struct iow_finding){.rule = run->row->rule,
        .severity = run->row->severity,
        .subject = iow_subject_machine(),
        .function = IOW_NONE,
        .other = IOW_NONE,
        .group = IOW_NONE,
        .holder = IOW_NONE,
        .accepted = IOW_NONE};
    return finding;
}

static void set_function(const struct iow_audit_run *run, struct iow_finding *finding, uint32_t function)
{
    const struct iow_function *f = &run->facts->functions[function];

    finding->function = function;
    finding->subject = iow_subject_function(&f->address);
    finding->group = f->group;
}

static void set_group(const struct iow_audit_run *run, struct iow_finding *finding, uint32_t group)
{
    finding->group = run->facts->groups[group].number;
    finding->subject = iow_subject_group(finding->group);
}

struct iow_finding *iow_found_machine(struct iow_audit_run *run)
{
    return add(run, &run->findings, &run->n_findings);
}

struct iow_finding *iow_found_function(struct iow_audit_run *run, uint32_t function, uint32_t other)
{
    struct iow_finding *finding = iow_found_machine(run);

    set_function(run, finding, function);
    finding->other = other;
    return finding;
}

struct iow_finding *iow_found_group(struct iow_audit_run *run, uint32_t group, uint32_t function)
{
    const struct iow_group_owner *owner = &run->a->owners[group];
    struct iow_finding *finding = iow_found_machine(run);

    set_group(run, finding, group);
    finding->function = function;
    if (owner->n_holders)
        finding->holder = owner->holders[0];
    else if (owner->n_possible)
        finding->holder = owner->possible[0];
    return finding;
}

static struct iow_finding *add_unknown(struct iow_audit_run *run, const char *what)
{
    struct iow_finding *finding = add(run, &run->unknown, &run->n_unknown);

    finding->name = what;
    return finding;
}

void iow_unknown_machine(struct iow_audit_run *run, const char *what)
{
    (void)add_unknown(run, what);
}

void iow_unknown_function(struct iow_audit_run *run, uint32_t function, const char *what)
{
    set_function(run, add_unknown(run, what), function);
}

void iow_unknown_group(struct iow_audit_run *run, uint32_t group, const char *what)
{
    set_group(run, add_unknown(run, what), group);
}

static int run_all(struct iow_audit_run *run, bool glance)
{
    const struct iow_audit_check *check;

    for (int severity = IOW_SEVERITY__COUNT - 1; severity >= 0; severity--)
        for (uint32_t i = 0; (check = iow_audit_check_at(i)); i++) {
            if ((int)check->severity != severity || (glance && !check->glance))
                continue;
            run->row = check;
            check->check(run);
        }
    return run->failed ? -IOW_ENOMEM : 0;
}

int iow_audit_glance(struct iow_analysis *a, struct iow_mem *mem)
{
    struct iow_audit_run run = {.a = a, .facts = a->facts, .mem = mem};
    int r = run_all(&run, true);

    a->findings = run.findings;
    a->n_findings = run.n_findings;
    return r;
}

int iow_audit(const struct iow_analysis *analysis, const struct iow_audit_request *request,
    struct iow_mem *mem, struct iow_audit *ret)
{
    static const struct iow_audit_request nothing;
    struct iow_audit_run run = {.a = analysis, .facts = analysis->facts, .mem = mem};
    int r;

    if (!request)
        request = &nothing;
    run.given = iow_audit_given(run.facts, request, mem);
    if (!run.given)
        return -IOW_ENOMEM;
    r = run_all(&run, false);
    *ret = (struct iow_audit){.n_findings = run.n_findings,
        .findings = run.findings,
        .n_unknown = run.n_unknown,
        .unknown = run.unknown};
    return r < 0 ? r : iow_audit_accept(analysis, request, mem, ret);
}
