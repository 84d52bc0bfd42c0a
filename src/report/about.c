/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/about.h"

#include "report/notes.h"
#include "report/view-json.h"

/* The functions asked about, and marks at what their notes may name. */
struct asked {
    const struct iow_view *view;
    const uint32_t *functions;
    uint32_t n;
    bool *self;       /* per function: asked about */
    bool *on_the_way; /* per function: asked about, or a bridge above one */
    bool uncovered;   /* no IOMMU translates for one */
};

static bool mark(struct asked *a, struct iow_mem *mem)
{
    const struct iow_topology *t = a->view->analysis->topology;

    a->self = iow_mem_alloc(mem, t->n, sizeof(*a->self));
    a->on_the_way = iow_mem_alloc(mem, t->n, sizeof(*a->on_the_way));
    if (!a->self || !a->on_the_way)
        return false;
    for (uint32_t k = 0; k < a->n; k++) {
        a->self[a->functions[k]] = true;
        a->uncovered |= a->view->functions[a->functions[k]].reason->rule == IOW_RULE_GRP_NOT_COVERED;
        for (uint32_t i = a->functions[k]; i != IOW_NONE && !a->on_the_way[i]; i = t->node[i].parent)
            a->on_the_way[i] = true;
    }
    return true;
}

static bool is_marked(const bool *marks, uint32_t position)
{
    return position != IOW_NONE && marks[position];
}

static bool is_their_group(const struct asked *a, uint32_t group)
{
    for (uint32_t k = 0; k < a->n && group != IOW_NONE; k++)
        if (group == a->view->functions[a->functions[k]].record->group)
            return true;
    return false;
}

static bool finding_is_about(const struct asked *a, const struct iow_view_note *note)
{
    if (note->rule == IOW_RULE_REM_NO_IOMMU)
        return a->uncovered;
    return is_their_group(a, note->group) || is_marked(a->on_the_way, note->function) ||
           is_marked(a->on_the_way, note->other);
}

static bool missing_is_about(const struct asked *a, const struct iow_subject *subject)
{
    uint32_t position = IOW_NONE;

    if (subject->kind == IOW_SUBJECT_GROUP)
        return is_their_group(a, subject->number);
    if (subject->kind == IOW_SUBJECT_FUNCTION)
        position = iow_facts_find_function(a->view->facts, &subject->address);
    if (position == IOW_NONE)
        return false;
    return a->on_the_way[position] || is_their_group(a, a->view->functions[position].record->group);
}

static void pick_differences(const struct asked *a, struct iow_about *about)
{
    for (uint32_t i = 0; i < a->view->n_differences; i++) {
        const struct iow_view_note *note = &a->view->differences[i];

        if (is_marked(a->self, note->function) || is_marked(a->self, note->other))
            about->differences[about->n_differences++] = note;
    }
}

static void pick_findings(const struct asked *a, struct iow_about *about)
{
    for (uint32_t i = 0; i < a->view->n_findings; i++) {
        const struct iow_view_note *note = &a->view->findings[i];
        /* These two only point at the differences, which are here. */
        bool said = note->rule == IOW_RULE_REM_DRIFT || note->rule == IOW_RULE_REM_UNEXPLAINED;

        if (finding_is_about(a, note) && !(said && about->n_differences))
            about->findings[about->n_findings++] = note;
    }
}

static void pick_missing(const struct asked *a, struct iow_about *about)
{
    for (uint32_t i = 0; i < a->view->n_missing; i++)
        if (missing_is_about(a, &a->view->missing[i].record->subject))
            about->missing[about->n_missing++] = &a->view->missing[i];
}

int iow_about_build(const struct iow_view *view, const uint32_t *functions, uint32_t n, struct iow_mem *mem,
    struct iow_about *ret)
{
    struct asked a = {.view = view, .functions = functions, .n = n};
    struct iow_about about = {0};

    about.differences = iow_mem_alloc(mem, view->n_differences, sizeof(const struct iow_view_note *));
    about.findings = iow_mem_alloc(mem, view->n_findings, sizeof(const struct iow_view_note *));
    about.missing = iow_mem_alloc(mem, view->n_missing, sizeof(const struct iow_view_missing *));
    if (!about.differences || !about.findings || !about.missing || !mark(&a, mem))
        return -IOW_ENOMEM;
    pick_differences(&a, &about);
    pick_findings(&a, &about);
    pick_missing(&a, &about);
    *ret = about;
    return 0;
}

bool iow_about_print(const struct iow_about *about, FILE *out, unsigned width)
{
    bool whole = true;

    if (!about->n_differences && !about->n_findings && !about->n_missing)
        return true;
    (void)fputs("\nTo know:\n", out);
    for (uint32_t i = 0; i < about->n_differences; i++)
        whole &= iow_note_print(about->differences[i], out, width);
    for (uint32_t i = 0; i < about->n_findings; i++)
        whole &= iow_note_print(about->findings[i], out, width);
    return iow_missing_print(about->missing, about->n_missing, out, width) && whole;
}

void iow_about_json(struct json_object *document, const struct iow_view *view, const struct iow_about *about)
{
    struct json_object *differences = json_object_new_array(), *remarks = json_object_new_array();
    struct json_object *missing = json_object_new_array();

    for (uint32_t i = 0; i < about->n_differences; i++)
        json_object_array_add(differences, iow_json_difference(view, about->differences[i]));
    for (uint32_t i = 0; i < about->n_findings; i++)
        json_object_array_add(remarks, iow_json_finding(view, about->findings[i]));
    for (uint32_t i = 0; i < about->n_missing; i++)
        json_object_array_add(missing, iow_json_missing(about->missing[i]));
    iow_json_put(document, "differences", differences);
    iow_json_put(document, "remarks", remarks);
    iow_json_put(document, "missing", missing);
}

static bool has_missing(const struct iow_about *about, enum iow_rule rule)
{
    for (uint32_t i = 0; i < about->n_missing; i++)
        if (about->missing[i]->record->rule == rule)
            return true;
    return false;
}

const char *iow_about_unread(const struct iow_view *view, const struct iow_about *about)
{
    if (has_missing(about, IOW_RULE_READ_DENIED) || has_missing(about, IOW_RULE_READ_CONFIG_SHORT))
        return iow_facts_provenance(view->facts) == IOW_FROM_CAPTURE
                   ? "some registers that decide this were not captured, as when the capture is not made by "
                     "root"
                   : "some registers that decide this can be read only by root";
    if (has_missing(about, IOW_RULE_READ_ASLEEP))
        return "some registers that decide this were not read, because a device sleeps and reading would "
               "wake it";
    return "some registers that decide this could not be read";
}
