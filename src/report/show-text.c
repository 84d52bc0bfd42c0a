/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ioward show": everything about a function, one labelled line for each thing. */
#include "report/about.h"
#include "report/acs-words.h"
#include "report/detail.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/rules.h"
#include "report/wrap.h"

#include <inttypes.h>
#include <string.h>

struct sheet {
    const struct iow_view *view;
    const struct iow_view_function *v;
    const struct iow_function *f;
    const struct iow_view_group *group; /* NULL: none */
    FILE *out;
    unsigned width;
    bool failed;
};

/* One line under a label; an empty label continues the one above. */
static void line(struct sheet *s, const char *label, struct iow_text *text)
{
    char first[24];

    (void)snprintf(first, sizeof(first), "  %-14s ", label);
    if (text->failed)
        s->failed = true;
    else
        iow_wrap(s->out, first, text->data ? text->data : "", s->width);
    iow_text_done(text);
}

static void line_escaped(struct sheet *s, const char *label, const char *raw)
{
    struct iow_text text = {0};

    iow_escape_text(&text, raw);
    line(s, label, &text);
}

static void put_identity(struct sheet *s)
{
    const struct iow_config *c = &s->f->config;
    struct iow_text text = {0};

    (void)fprintf(s->out, "%s %s\n", s->v->address, s->v->name);
    if (!(c->known & IOW_CONFIG_IDS))
        return;
    iow_text_print(&text, "%04x:%04x", c->vendor, c->device);
    if (c->known & IOW_CONFIG_HEADER && (c->subvendor || c->subdevice))
        iow_text_print(&text, ", subsystem %04x:%04x", c->subvendor, c->subdevice);
    iow_text_print(&text, ", revision %02x", c->revision);
    line(s, "ids", &text);
    iow_text_print(&text, "%s (%06" PRIx32 ")", s->v->class_name, c->class_code);
    line(s, "class", &text);
    if (c->known & IOW_CONFIG_CAPS) {
        iow_text_puts(&text, c->pcie_type == IOW_PCIE_NONE ? "conventional PCI" : "PCI Express ");
        if (c->pcie_type != IOW_PCIE_NONE)
            iow_text_puts(&text, iow_pcie_type_name(c->pcie_type));
        line(s, "type", &text);
    }
}

static void put_kernel_names(struct sheet *s)
{
    const struct iow_name *name;
    struct iow_text text = {0};

    for (uint32_t i = 0; (name = iow_facts_name_at(s->view->facts, i)); i++) {
        if (name->function != s->v->position)
            continue;
        iow_text_puts(&text, text.len ? ", " : "");
        iow_escape_text(&text, name->name);
    }
    if (text.len || text.failed)
        line(s, "names", &text);
}

/* The ports on the way, each with what it does for isolation; the function itself was named already. */
static void put_path(struct sheet *s, uint32_t *room)
{
    uint32_t n = iow_detail_path(s->view, s->v->position, room);
    struct iow_text text = {0};

    if (n == 1) {
        iow_text_puts(&text, "on a root bus");
        line(s, "path", &text);
    }
    for (uint32_t i = 0; i + 1 < n; i++) {
        const struct iow_view_function *v = &s->view->functions[room[i]];
        struct iow_acs_answer acs = iow_grouping_acs(&s->view->analysis->grouping, room[i]);

        iow_text_print(&text, "%s %s: %s, it ", v->address,
            v->record->config.known & IOW_CONFIG_CAPS ? iow_pcie_type_name(v->record->config.pcie_type)
                                                      : "bridge",
            acs.value == IOW_ACS_YES  ? "isolates"
            : acs.value == IOW_ACS_NO ? "does not isolate"
                                      : "not known whether it isolates");
        iow_acs_phrase(&text, &acs);
        line(s, i ? "" : "path", &text);
    }
}

static void put_group(struct sheet *s)
{
    const struct iow_view_group *g = s->group;
    struct iow_text text = {0};

    if (!g) {
        iow_text_puts(&text, "none: no IOMMU group");
        line(s, "group", &text);
        return;
    }
    iow_text_print(&text, "%" PRIu32, g->record->number);
    if (g->record->type) {
        iow_text_puts(&text, ", default domain ");
        iow_escape_text(&text, g->record->type);
    }
    line(s, "group", &text);
    for (uint32_t i = 0; i < g->n_members; i++) {
        if (g->members[i] == s->v)
            continue;
        iow_text_print(&text, "%s%s", text.len ? ", " : "", g->members[i]->address);
    }
    for (uint32_t i = 0; i < g->n_others; i++) {
        iow_text_puts(&text, text.len ? ", " : "");
        iow_escape_text(&text, g->others[i]->name);
    }
    if (!text.len)
        iow_text_puts(&text, "nobody");
    line(s, "shared with", &text);
    iow_text_puts(&text, iow_owner_name(g->owner->owner));
    line(s, "owner", &text);
    iow_text_print(&text, "%s (%s)", g->basis_text, iow_rule_id(g->owner->basis));
    line(s, "", &text);
    if (g->owner->pending != IOW_NONE) {
        iow_text_print(
            &text, "an unbind of %s waits for its user", iow_view_address(s->view, g->owner->pending));
        line(s, "", &text);
    }
    if (*g->holder) {
        iow_text_puts(&text, g->holder);
        line(s, "holders", &text);
    }
}

static void put_driver(struct sheet *s)
{
    static const char *const how[IOW_DRIVER__COUNT] = {
        [IOW_DRIVER_NONE] = "",
        [IOW_DRIVER_DMA_API] = ", which uses the kernel's DMA API",
        [IOW_DRIVER_MANAGED] =
            ", which does no DMA on the kernel's behalf and fits every owner (managed DMA)",
        [IOW_DRIVER_PRIVATE] = ", which may attach a DMA page table of its own",
    };
    struct iow_text text = {0};

    if (s->v->driver)
        iow_escape_text(&text, s->v->driver);
    else
        iow_text_puts(&text, "none bound");
    iow_text_puts(&text, how[s->v->trait]);
    line(s, "driver", &text);
    if (s->f->driver_override)
        line_escaped(s, "override", s->f->driver_override);
}

static void put_state(struct sheet *s)
{
    const char *power = iow_detail_power(s->f->power_state);
    struct iow_text text = {0};

    if (power) {
        iow_text_puts(&text, power);
        if (s->f->asleep)
            iow_text_puts(&text, "; asleep, so its config space was left alone");
        line(s, "power", &text);
    }
    if (s->f->config.known & IOW_CONFIG_HEADER) {
        iow_text_print(&text, "bus mastering (DMA) %s, memory decoding %s",
            s->f->config.command & 4 ? "on" : "off", s->f->config.command & 2 ? "on" : "off");
        line(s, "control", &text);
    }
    if (!(s->f->known & IOW_FUNCTION_DETAILS))
        return;
    if (s->f->numa_node >= 0) {
        iow_text_print(&text, "%" PRId32, s->f->numa_node);
        line(s, "NUMA node", &text);
    }
    if (s->f->reset_methods)
        line_escaped(s, "reset", *s->f->reset_methods ? s->f->reset_methods : "no method");
}

static void put_virtual(struct sheet *s)
{
    const struct iow_topology *t = s->view->analysis->topology;
    struct iow_text text = {0};

    if (s->f->physical_function != IOW_NONE) {
        iow_text_print(&text, "virtual function of %s", iow_view_address(s->view, s->f->physical_function));
        line(s, "SR-IOV", &text);
    }
    if (!s->f->max_vfs)
        return;
    iow_text_print(&text, "%" PRIu32 " of %" PRIu32 " virtual functions enabled", s->f->n_vfs, s->f->max_vfs);
    for (uint32_t i = 0, n = 0; i < t->n; i++)
        if (t->node[i].physical_function == s->v->position)
            iow_text_print(&text, "%s%s", n++ ? ", " : ": ", s->view->functions[i].address);
    line(s, "SR-IOV", &text);
}

static void put_resources(struct sheet *s)
{
    const char *label = "resources";
    struct iow_text text = {0};

    for (uint32_t i = 0; i < s->f->n_bars; i++) {
        const struct iow_bar *bar = &s->f->bars[i];

        if (!bar->flags || bar->last < bar->first)
            continue;
        iow_detail_bar_name(&text, bar);
        iow_text_print(&text, ": %s at 0x%" PRIx64 ", ", iow_detail_bar_kind(bar), bar->first);
        iow_detail_size(&text, bar->last - bar->first + 1);
        line(s, label, &text);
        label = "";
    }
}

static void put_window(struct sheet *s, const char **label, const char *kind, uint64_t base, uint64_t last)
{
    struct iow_text text = {0};

    if (base > last)
        return;
    iow_text_print(&text, "%s 0x%" PRIx64 " to 0x%" PRIx64, kind, base, last);
    line(s, *label, &text);
    *label = "";
}

static void put_bridge(struct sheet *s)
{
    const struct iow_config *c = &s->f->config;
    const struct iow_windows *w = &c->windows;
    const char *label = "forwards";
    struct iow_text text = {0};

    if (!iow_config_is_bridge(c) || !(c->known & IOW_CONFIG_HEADER))
        return;
    iow_text_print(&text, "%02x to %02x are below this bridge", c->secondary, c->subordinate);
    line(s, "buses", &text);
    if (!(s->f->known & IOW_FUNCTION_DETAILS) || c->header_type != 1)
        return;
    put_window(s, &label, "I/O ports", w->io_base, w->io_last);
    put_window(s, &label, "memory", w->memory_base, w->memory_last);
    put_window(s, &label, "prefetchable memory", w->prefetch_base, w->prefetch_last);
}

static bool is_alone_in_slot(const struct sheet *s)
{
    const struct iow_address *a = &s->f->address, *b;

    for (uint32_t i = 0; i < s->view->n_functions; i++) {
        b = &s->view->functions[i].record->address;
        if (i != s->v->position && a->domain == b->domain && a->bus == b->bus && a->device == b->device)
            return false;
    }
    return !s->f->config.multifunction;
}

static void put_acs_registers(struct sheet *s)
{
    const struct iow_config *c = &s->f->config;
    struct iow_text text = {0};

    if (!(c->known & IOW_CONFIG_EXT_CAPS) || !c->acs_offset)
        return;
    iow_text_puts(&text, "offers ");
    iow_acs_bits_text(&text, c->acs_cap & 0x7f);
    iow_text_puts(&text, "; switched on ");
    iow_acs_bits_text(&text, c->acs_ctrl & 0x7f);
    iow_text_puts(&text, "; Linux requires ");
    iow_acs_bits_text(&text, IOW_ACS_REQUIRED);
    line(s, "", &text);
}

/* Which question its ACS answers: about what is below it, about its functions, or none. */
static void put_acs(struct sheet *s)
{
    struct iow_acs_answer acs = iow_grouping_acs(&s->view->analysis->grouping, s->v->position);
    bool bridge = iow_config_is_bridge(&s->f->config), yes = acs.value == IOW_ACS_YES;
    struct iow_text text = {0};

    if (acs.value != IOW_ACS_UNKNOWN && !bridge && acs.basis == IOW_ACS_BY_SINGLE_FUNCTION) {
        iow_text_puts(&text, s->f->physical_function == IOW_NONE ? "not needed: a device of one function"
                                                                 : "not needed: a virtual function");
    } else if (acs.basis == IOW_ACS_BY_CONVENTIONAL && !bridge && is_alone_in_slot(s)) {
        iow_text_puts(&text, "none: conventional PCI");
    } else {
        if (acs.value == IOW_ACS_UNKNOWN)
            iow_text_puts(&text, "not known");
        else if (bridge)
            iow_text_print(&text, "%s what is below it", yes ? "isolates" : "does not isolate");
        else
            iow_text_print(&text, "%s its functions apart", yes ? "keeps" : "does not keep");
        iow_text_puts(&text, ": it ");
        iow_acs_phrase(&text, &acs);
    }
    line(s, "ACS", &text);
    put_acs_registers(s);
}

static void put_capabilities(struct sheet *s)
{
    struct iow_text text = {0};

    for (uint32_t i = 0; i < s->f->n_capabilities; i++) {
        const struct iow_capability *cap = &s->f->capabilities[i];
        const char *name = iow_capability_name(cap);

        iow_text_puts(&text, i ? ", " : "");
        if (name)
            iow_text_puts(&text, name);
        else
            iow_text_print(&text, "%s capability %04x", cap->extended ? "extended" : "unknown", cap->id);
    }
    if (text.len || text.failed)
        line(s, "capabilities", &text);
}

static void put_regions(struct sheet *s)
{
    const char *label = "reserved";
    struct iow_text text = {0};

    if (!s->group)
        return;
    for (uint32_t i = 0; i < s->group->record->n_regions; i++) {
        const struct iow_region *region = &s->group->record->regions[i];

        iow_text_print(&text, "DMA addresses 0x%" PRIx64 " to 0x%" PRIx64 ": ", region->first, region->last);
        iow_escape_text(&text, region->type);
        line(s, label, &text);
        label = "";
    }
}

static void put_reason(struct sheet *s)
{
    struct iow_text text = {0};

    if (s->v->certain)
        iow_text_print(&text, "%s (%s)", s->v->reason_text, iow_rule_id(s->v->reason->rule));
    else
        iow_text_puts(&text, "not known: the registers that decide it were not all read");
    line(s, "reason", &text);
}

static bool put_sheet(const struct iow_view *view, uint32_t function, uint32_t *room, FILE *out)
{
    const struct iow_view_function *v = &view->functions[function];
    struct sheet s = {.view = view,
        .v = v,
        .f = v->record,
        .group = iow_view_group_of(view, v->record->group),
        .out = out,
        .width = iow_wrap_width(out)};

    put_identity(&s);
    put_kernel_names(&s);
    put_path(&s, room);
    put_group(&s);
    put_reason(&s);
    put_driver(&s);
    put_state(&s);
    put_virtual(&s);
    put_acs(&s);
    put_bridge(&s);
    put_resources(&s);
    put_capabilities(&s);
    put_regions(&s);
    return !s.failed;
}

int iow_show_text(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out)
{
    struct iow_about about = {0};
    struct iow_mem mem;
    uint32_t *room;
    bool ok;

    iow_mem_init_malloc(&mem);
    room = iow_mem_alloc(&mem, view->n_functions, sizeof(*room));
    ok = room && iow_about_build(view, functions, n, &mem, &about) == 0;
    for (uint32_t i = 0; ok && i < n; i++) {
        if (i)
            (void)fputc('\n', out);
        ok = put_sheet(view, functions[i], room, out);
    }
    ok = ok && iow_about_print(&about, out, iow_wrap_width(out));
    iow_mem_done(&mem);
    return ok ? 0 : -IOW_ENOMEM;
}
