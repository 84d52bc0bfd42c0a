/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_their_group(const struct iow_view *view, const struct iow_audit_choice *choice, uint32_t group)
{
    for (uint32_t i = 0; i < choice->n_functions && group != IOW_NONE; i++)
        if (view->functions[choice->functions[i]].record->group == group)
            return true;
    return false;
}

static bool is_one_of(const struct iow_audit_choice *choice, uint32_t function)
{
    for (uint32_t i = 0; i < choice->n_functions; i++)
        if (choice->functions[i] == function)
            return true;
    return false;
}

static bool is_chosen(
    const struct iow_view *view, const struct iow_audit_choice *choice, const struct iow_finding *finding)
{
    if (finding->severity < choice->least)
        return false;
    if (!choice->n_functions || finding->subject.kind == IOW_SUBJECT_MACHINE)
        return true;
    return is_their_group(view, choice, finding->group) || is_one_of(choice, finding->function) ||
           is_one_of(choice, finding->other);
}

static bool build_findings(const struct iow_audit *audit, const struct iow_audit_choice *choice,
    struct iow_mem *mem, struct iow_audit_view *to)
{
    to->findings = iow_mem_alloc(mem, audit->n_findings, sizeof(*to->findings));
    if (!to->findings)
        return false;
    for (uint32_t i = 0; i < audit->n_findings; i++)
        if (is_chosen(to->view, choice, &audit->findings[i]) &&
            !iow_view_finding(to->view, &audit->findings[i], mem, &to->findings[to->n_findings++]))
            return false;
    return true;
}

static const char *unknown_text(
    const struct iow_view *view, const struct iow_finding *unknown, struct iow_mem *mem)
{
    struct iow_text text = {0};

    iow_text_puts(&text, "not known");
    if (unknown->subject.kind == IOW_SUBJECT_FUNCTION)
        iow_text_print(&text, " of %s", iow_view_address(view, unknown->function));
    else if (unknown->subject.kind == IOW_SUBJECT_GROUP)
        iow_text_print(&text, " of group %" PRIu32, unknown->group);
    iow_text_print(&text, ": %s", unknown->name);
    return iow_text_take(&text, mem);
}

static bool build_unknown(const struct iow_audit *audit, const struct iow_audit_choice *choice,
    struct iow_mem *mem, struct iow_audit_view *to)
{
    to->unknown = iow_mem_alloc(mem, audit->n_unknown, sizeof(*to->unknown));
    if (!to->unknown)
        return false;
    for (uint32_t i = 0; i < audit->n_unknown; i++) {
        struct iow_audit_unknown *unknown = &to->unknown[to->n_unknown];

        if (!is_chosen(to->view, choice, &audit->unknown[i]))
            continue;
        unknown->record = &audit->unknown[i];
        unknown->text = unknown_text(to->view, &audit->unknown[i], mem);
        if (!unknown->text)
            return false;
        to->n_unknown++;
    }
    return true;
}

static bool missing_is_chosen(
    const struct iow_view *view, const struct iow_audit_choice *choice, const struct iow_subject *subject)
{
    uint32_t function;

    if (!choice->n_functions)
        return true;
    if (subject->kind == IOW_SUBJECT_GROUP)
        return is_their_group(view, choice, subject->number);
    if (subject->kind != IOW_SUBJECT_FUNCTION)
        return true;
    function = iow_facts_find_function(view->facts, &subject->address);
    return is_one_of(choice, function) ||
           (function != IOW_NONE && is_their_group(view, choice, view->functions[function].record->group));
}

static bool build_missing(
    const struct iow_audit_choice *choice, struct iow_mem *mem, struct iow_audit_view *to)
{
    const struct iow_view *view = to->view;

    to->missing = iow_mem_alloc(mem, view->n_missing, sizeof(const struct iow_view_missing *));
    for (uint32_t i = 0; to->missing && i < view->n_missing; i++)
        if (missing_is_chosen(view, choice, &view->missing[i].record->subject))
            to->missing[to->n_missing++] = &view->missing[i];
    return to->missing != NULL;
}

static int compare_drivers(const void *a, const void *b)
{
    return strcmp(((const struct iow_audit_driver *)a)->name, ((const struct iow_audit_driver *)b)->name);
}

static bool build_drivers(struct iow_audit_view *to, struct iow_mem *mem)
{
    struct iow_audit_driver *list = iow_mem_alloc(mem, to->view->n_functions, sizeof(*list));
    uint32_t n = 0, kept = 0;

    if (!list)
        return false;
    for (uint32_t i = 0; i < to->view->n_functions; i++)
        if (to->view->functions[i].driver)
            list[n++] =
                (struct iow_audit_driver){to->view->functions[i].driver, to->view->functions[i].trait};
    if (n > 1)
        qsort(list, n, sizeof(*list), compare_drivers);
    for (uint32_t i = 0; i < n; i++)
        if (!kept || strcmp(list[kept - 1].name, list[i].name) != 0)
            list[kept++] = list[i];
    to->drivers = list;
    to->n_drivers = kept;
    return true;
}

int iow_audit_view_build(const struct iow_view *view, const struct iow_audit *audit,
    const struct iow_audit_request *request, const struct iow_audit_choice *choice, struct iow_mem *mem,
    struct iow_audit_view *ret)
{
    *ret = (struct iow_audit_view){.view = view,
        .today = request->today,
        .n_acceptances = request->n_acceptances,
        .acceptances = request->acceptances};
    return build_findings(audit, choice, mem, ret) && build_unknown(audit, choice, mem, ret) &&
                   build_missing(choice, mem, ret) && build_drivers(ret, mem)
               ? 0
               : -IOW_ENOMEM;
}

enum iow_audit_result iow_audit_view_result(const struct iow_audit_view *audit)
{
    static const enum iow_audit_result of[IOW_SEVERITY__COUNT] = {
        [IOW_NOTICE] = IOW_AUDIT_NOTICES,
        [IOW_WARNING] = IOW_AUDIT_WARNINGS,
        [IOW_CRITICAL] = IOW_AUDIT_CRITICAL,
    };
    enum iow_audit_result worst = audit->n_unknown || audit->n_missing ? IOW_AUDIT_UNKNOWN : IOW_AUDIT_CLEAN;

    for (uint32_t i = 0; i < audit->n_findings; i++)
        if (audit->findings[i].finding->accepted == IOW_NONE && of[audit->findings[i].severity] > worst)
            worst = of[audit->findings[i].severity];
    return worst;
}
