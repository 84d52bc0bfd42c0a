/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/view.h"

#include "report/explain.h"
#include "report/view-words.h"

#include <inttypes.h>

/* The driver of every bridge that only passes requests on; it owns no DMA of its own worth showing. */
static bool only_forwards(const struct iow_function *f, enum iow_driver_trait trait)
{
    return iow_config_is_bridge(&f->config) && (trait == IOW_DRIVER_NONE || trait == IOW_DRIVER_MANAGED);
}

static const char *whole_name(const struct iow_view_function *v, struct iow_mem *mem)
{
    const struct iow_config *c = &v->record->config;

    if (!(c->known & IOW_CONFIG_IDS))
        return "?";
    if (v->vendor_name && v->device_name)
        return iow_mem_print(mem, "%s %s", v->vendor_name, v->device_name);
    if (v->vendor_name)
        return iow_mem_print(mem, "%s device %04x", v->vendor_name, c->device);
    return iow_mem_print(mem, "device %04x:%04x", c->vendor, c->device);
}

static bool fill_function(struct iow_view *view, uint32_t i, struct iow_names *names, struct iow_mem *mem)
{
    const struct iow_partition *p = view->analysis->partition;
    struct iow_view_function *v = &view->functions[i];
    const struct iow_function *f = iow_facts_function_at(view->facts, i);

    v->position = i;
    v->record = f;
    (void)iow_address_format(&f->address, v->address);
    if (f->config.known & IOW_CONFIG_IDS) {
        v->vendor_name = iow_names_vendor(names, mem, f->config.vendor);
        v->device_name = iow_names_device(names, mem, f->config.vendor, f->config.device);
        v->class_name = iow_names_class(names, mem, f->config.class_code);
        if (!v->class_name)
            v->class_name = iow_mem_print(mem, "class %04" PRIx32, f->config.class_code >> 8);
    } else {
        v->class_name = "?";
    }
    v->name = whole_name(v, mem);
    v->driver = f->driver;
    v->trait = iow_driver_trait_of(f->driver);
    v->forwards = only_forwards(f, v->trait);
    v->certain = p->certain[i];
    v->predicted = p->certain[i] ? p->set[i] : IOW_NONE;
    v->reason = &p->reason[i];
    return v->name && v->class_name;
}

static bool build_functions(struct iow_view *view, struct iow_names *names, struct iow_mem *mem)
{
    while (iow_facts_function_at(view->facts, view->n_functions))
        view->n_functions++;
    view->functions = iow_mem_alloc(mem, view->n_functions, sizeof(*view->functions));
    if (!view->functions)
        return false;
    for (uint32_t i = 0; i < view->n_functions; i++)
        if (!fill_function(view, i, names, mem))
            return false;
    for (uint32_t i = 0; i < view->n_functions; i++) {
        struct iow_view_function *v = &view->functions[i];

        v->reason_text = iow_view_reason(view, i, v->reason, mem);
        if (!v->reason_text)
            return false;
    }
    return true;
}

/* Position of a group, as an index into counters that have one more for "no group". */
static uint32_t bucket(const struct iow_view *view, uint32_t number)
{
    uint32_t at = number == IOW_NONE ? IOW_NONE : iow_facts_find_group(view->facts, number);

    return at == IOW_NONE ? view->n_groups : at;
}

static bool sort_members(struct iow_view *view, struct iow_mem *mem)
{
    uint32_t *count = iow_mem_alloc(mem, view->n_groups + 1, sizeof(*count));
    const struct iow_view_function **lists = iow_mem_alloc(mem, view->n_functions, sizeof(*lists));
    uint32_t at = 0;

    if (!count || !lists)
        return false;
    for (uint32_t i = 0; i < view->n_functions; i++)
        count[bucket(view, view->functions[i].record->group)]++;
    for (uint32_t g = 0; g <= view->n_groups; g++) {
        if (g < view->n_groups)
            view->groups[g].members = lists + at;
        else
            view->ungrouped = lists + at;
        at += count[g];
        count[g] = at - count[g];
    }
    for (uint32_t i = 0; i < view->n_functions; i++) {
        uint32_t g = bucket(view, view->functions[i].record->group);

        lists[count[g]++] = &view->functions[i];
        if (g < view->n_groups)
            view->groups[g].n_members++;
        else
            view->n_ungrouped++;
    }
    return true;
}

/* Other members come sorted by group: each group's are one stretch. */
static bool sort_others(struct iow_view *view, struct iow_mem *mem)
{
    const struct iow_other_member **list, *one;
    uint32_t n = 0;

    while (iow_facts_other_member_at(view->facts, n))
        n++;
    list = iow_mem_alloc(mem, n, sizeof(*list));
    if (!list)
        return false;
    for (uint32_t i = 0; (one = iow_facts_other_member_at(view->facts, i)); i++) {
        uint32_t g = bucket(view, one->group);

        list[i] = one;
        if (g == view->n_groups)
            continue;
        if (!view->groups[g].n_others++)
            view->groups[g].others = list + i;
    }
    return true;
}

static const char *holder_line(
    const struct iow_view *view, const struct iow_group_owner *o, struct iow_mem *mem)
{
    struct iow_text text = {0};

    if (o->n_holders) {
        iow_view_holders(&text, view->facts, o->holders, o->n_holders);
    } else if (o->n_possible) {
        if (o->basis != IOW_RULE_OWN_DEVICE_OPEN)
            iow_text_puts(&text, "perhaps ");
        iow_view_holders(&text, view->facts, o->possible, o->n_possible);
    }
    return iow_text_take(&text, mem);
}

static bool build_groups(struct iow_view *view, struct iow_mem *mem)
{
    while (iow_facts_group_at(view->facts, view->n_groups))
        view->n_groups++;
    view->groups = iow_mem_alloc(mem, view->n_groups, sizeof(*view->groups));
    if (!view->groups || !sort_members(view, mem) || !sort_others(view, mem))
        return false;
    for (uint32_t g = 0; g < view->n_groups; g++) {
        struct iow_view_group *v = &view->groups[g];

        v->record = iow_facts_group_at(view->facts, g);
        v->owner = &view->analysis->owners[g];
        v->basis_text = iow_view_basis(view, v, mem);
        v->holder = holder_line(view, v->owner, mem);
        if (!v->basis_text || !v->holder)
            return false;
    }
    return true;
}

static bool build_notes(struct iow_view *view, struct iow_mem *mem)
{
    const struct iow_analysis *a = view->analysis;

    view->n_findings = a->n_findings;
    view->findings = iow_mem_alloc(mem, a->n_findings, sizeof(*view->findings));
    view->n_differences = a->n_differences;
    view->differences = iow_mem_alloc(mem, a->n_differences, sizeof(*view->differences));
    if (!view->findings || !view->differences)
        return false;
    for (uint32_t i = 0; i < a->n_findings; i++)
        if (!iow_view_finding(view, &a->findings[i], mem, &view->findings[i]))
            return false;
    for (uint32_t i = 0; i < a->n_differences; i++)
        if (!iow_view_difference(view, &a->differences[i], mem, &view->differences[i]))
            return false;
    return true;
}

static bool build_missing(struct iow_view *view, struct iow_mem *mem)
{
    while (iow_facts_missing_at(view->facts, view->n_missing))
        view->n_missing++;
    view->missing = iow_mem_alloc(mem, view->n_missing, sizeof(*view->missing));
    view->missing_list = iow_mem_alloc(mem, view->n_missing, sizeof(const struct iow_view_missing *));
    if (!view->missing || !view->missing_list)
        return false;
    for (uint32_t i = 0; i < view->n_missing; i++) {
        struct iow_view_missing *v = &view->missing[i];
        struct iow_text text = {0}, subject = {0};

        v->record = iow_facts_missing_at(view->facts, i);
        iow_missing_text(&text, v->record);
        v->text = iow_text_take(&text, mem);
        iow_subject_text(&subject, &v->record->subject, NULL);
        v->subject = iow_text_take(&subject, mem);
        if (!v->text || !v->subject)
            return false;
        if (!*v->subject)
            v->subject = NULL;
        view->missing_list[i] = v;
    }
    return true;
}

int iow_view_build(const struct iow_analysis *analysis, struct iow_names *names, const char *source_path,
    struct iow_mem *mem, struct iow_view **ret)
{
    struct iow_view *view = iow_mem_alloc(mem, 1, sizeof(*view));

    if (!view)
        return -IOW_ENOMEM;
    view->analysis = analysis;
    view->facts = analysis->facts;
    view->machine = iow_facts_machine(analysis->facts);
    view->source_path = source_path;
    if (!build_functions(view, names, mem) || !build_groups(view, mem) || !build_notes(view, mem) ||
        !build_missing(view, mem))
        return -IOW_ENOMEM;
    *ret = view;
    return 0;
}

const struct iow_view_group *iow_view_group_of(const struct iow_view *view, uint32_t number)
{
    uint32_t g = bucket(view, number);

    return g < view->n_groups ? &view->groups[g] : NULL;
}
