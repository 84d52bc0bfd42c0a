/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The document "ioward.show". */
#include "report/about.h"
#include "report/acs-words.h"
#include "report/detail.h"
#include "report/report.h"
#include "report/view-json.h"

static struct json_object *acs_json(const struct iow_view *view, uint32_t i)
{
    const struct iow_config *c = &view->functions[i].record->config;
    struct iow_acs_answer answer = iow_grouping_acs(&view->analysis->grouping, i);
    struct json_object *object = iow_acs_answer_json(&answer);
    bool present = c->known & IOW_CONFIG_EXT_CAPS && c->acs_offset;

    iow_json_put(object, "offers", present ? iow_acs_bits_json(c->acs_cap) : NULL);
    iow_json_put(object, "switched_on", present ? iow_acs_bits_json(c->acs_ctrl) : NULL);
    iow_json_put(object, "required", iow_acs_bits_json(IOW_ACS_REQUIRED));
    return object;
}

static struct json_object *path_json(const struct iow_view *view, uint32_t function, uint32_t *room)
{
    struct json_object *list = json_object_new_array();
    uint32_t n = iow_detail_path(view, function, room);

    for (uint32_t i = 0; i + 1 < n; i++) {
        const struct iow_view_function *v = &view->functions[room[i]];
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "address", v->address);
        iow_json_put_text(object, "type",
            v->record->config.known & IOW_CONFIG_CAPS ? iow_pcie_type_name(v->record->config.pcie_type)
                                                      : NULL);
        iow_json_put(object, "acs", acs_json(view, room[i]));
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *bars_json(const struct iow_function *f)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < f->n_bars; i++) {
        const struct iow_bar *bar = &f->bars[i];
        struct json_object *object;
        struct iow_text name = {0};

        if (!bar->flags || bar->last < bar->first)
            continue;
        object = json_object_new_object();
        iow_detail_bar_name(&name, bar);
        iow_json_put_text(object, "name", name.data);
        iow_json_put_text(object, "kind", iow_detail_bar_kind(bar));
        iow_json_put_hex(object, "first", bar->first, 1);
        iow_json_put_hex(object, "last", bar->last, 1);
        iow_json_put_number(object, "size_bytes", bar->last - bar->first + 1);
        iow_text_done(&name);
        json_object_array_add(list, object);
    }
    return list;
}

static void add_window(struct json_object *list, const char *kind, uint64_t base, uint64_t last)
{
    struct json_object *object;

    if (base > last)
        return;
    object = json_object_new_object();
    iow_json_put_text(object, "kind", kind);
    iow_json_put_hex(object, "first", base, 1);
    iow_json_put_hex(object, "last", last, 1);
    json_object_array_add(list, object);
}

static struct json_object *bridge_json(const struct iow_function *f)
{
    struct json_object *object, *windows;

    if (!iow_config_is_bridge(&f->config) || !(f->config.known & IOW_CONFIG_HEADER))
        return NULL;
    object = json_object_new_object();
    windows = json_object_new_array();
    if (f->known & IOW_FUNCTION_DETAILS && f->config.header_type == 1) {
        add_window(windows, "I/O ports", f->config.windows.io_base, f->config.windows.io_last);
        add_window(windows, "memory", f->config.windows.memory_base, f->config.windows.memory_last);
        add_window(
            windows, "prefetchable memory", f->config.windows.prefetch_base, f->config.windows.prefetch_last);
    }
    iow_json_put_number(object, "secondary", f->config.secondary);
    iow_json_put_number(object, "subordinate", f->config.subordinate);
    iow_json_put(object, "windows", windows);
    return object;
}

static struct json_object *capabilities_json(const struct iow_function *f)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < f->n_capabilities; i++) {
        const struct iow_capability *cap = &f->capabilities[i];
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "name", iow_capability_name(cap));
        iow_json_put_number(object, "id", cap->id);
        iow_json_put_bool(object, "extended", cap->extended);
        iow_json_put_number(object, "offset", cap->offset);
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *regions_json(const struct iow_view_group *g)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; g && i < g->record->n_regions; i++) {
        const struct iow_region *region = &g->record->regions[i];
        struct json_object *object = json_object_new_object();

        iow_json_put_hex(object, "first", region->first, 1);
        iow_json_put_hex(object, "last", region->last, 1);
        iow_json_put_text(object, "type", region->type);
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *names_json(const struct iow_view *view, uint32_t function)
{
    struct json_object *list = json_object_new_array();
    const struct iow_name *name;

    for (uint32_t i = 0; (name = iow_facts_name_at(view->facts, i)); i++) {
        struct json_object *object;

        if (name->function != function)
            continue;
        object = json_object_new_object();
        iow_json_put_text(object, "name", name->name);
        iow_json_put_text(object, "kind", name->kind);
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *virtual_json(
    const struct iow_view *view, const struct iow_function *f, uint32_t function)
{
    const struct iow_topology *t = view->analysis->topology;
    struct json_object *object = json_object_new_object(), *list = json_object_new_array();

    for (uint32_t i = 0; i < t->n; i++)
        if (t->node[i].physical_function == function)
            json_object_array_add(list, iow_json_text(view->functions[i].address));
    iow_json_put_position(object, "physical_function", view, f->physical_function);
    iow_json_put_number(object, "enabled", f->n_vfs);
    iow_json_put_number(object, "possible", f->max_vfs);
    iow_json_put(object, "virtual_functions", list);
    return object;
}

static void put_details(struct json_object *object, const struct iow_function *f)
{
    bool known = f->known & IOW_FUNCTION_DETAILS, header = f->config.known & IOW_CONFIG_HEADER;

    iow_json_put_text(object, "driver_override", f->driver_override);
    iow_json_put(object, "numa_node", known && f->numa_node >= 0 ? json_object_new_int(f->numa_node) : NULL);
    iow_json_put_text(object, "reset_methods", f->reset_methods);
    iow_json_put_text(object, "power_state", iow_detail_power(f->power_state));
    iow_json_put_bool(object, "asleep", f->asleep);
    iow_json_put(object, "bus_master", header ? json_object_new_boolean(!!(f->config.command & 4)) : NULL);
    iow_json_put(object, "bars", bars_json(f));
    iow_json_put(object, "bridge", bridge_json(f));
    iow_json_put(object, "capabilities", capabilities_json(f));
}

static struct json_object *missing_json(const struct iow_view *view, const struct iow_function *f)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < view->n_missing; i++)
        if (iow_detail_is_about(view->missing[i].record, f))
            json_object_array_add(list, iow_json_missing(&view->missing[i]));
    return list;
}

static struct json_object *show_one(const struct iow_view *view, uint32_t i, uint32_t *room)
{
    const struct iow_view_function *v = &view->functions[i];
    const struct iow_function *f = v->record;
    struct json_object *object = iow_json_function(view, v);
    bool header = f->config.known & IOW_CONFIG_HEADER;
    char buf[16];

    (void)snprintf(buf, sizeof(buf), "%04x:%04x", f->config.subvendor, f->config.subdevice);
    iow_json_put_text(
        object, "subsystem", header && (f->config.subvendor || f->config.subdevice) ? buf : NULL);
    iow_json_put(object, "revision",
        f->config.known & IOW_CONFIG_IDS ? json_object_new_int(f->config.revision) : NULL);
    iow_json_put_text(
        object, "type", f->config.known & IOW_CONFIG_CAPS ? iow_pcie_type_name(f->config.pcie_type) : NULL);
    iow_json_put(object, "kernel_names", names_json(view, i));
    iow_json_put(object, "path", path_json(view, i, room));
    iow_json_put(object, "acs", acs_json(view, i));
    iow_json_put(object, "sr_iov", virtual_json(view, f, i));
    put_details(object, f);
    iow_json_put(object, "reserved_regions", regions_json(iow_view_group_of(view, f->group)));
    iow_json_put(object, "missing", missing_json(view, f));
    return object;
}

static bool is_first_of_group(const struct iow_view *view, const uint32_t *functions, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (view->functions[functions[k]].record->group == view->functions[functions[i]].record->group)
            return false;
    return true;
}

int iow_show_json(const struct iow_view *view, const uint32_t *functions, uint32_t n, FILE *out)
{
    struct json_object *document = iow_json_document(view, "ioward.show/1");
    struct json_object *shown = json_object_new_array(), *groups = json_object_new_array();
    struct iow_about about = {0};
    struct iow_mem mem;
    uint32_t *room;

    iow_mem_init_malloc(&mem);
    room = iow_mem_alloc(&mem, view->n_functions, sizeof(*room));
    if (iow_about_build(view, functions, n, &mem, &about) < 0)
        room = NULL;
    for (uint32_t i = 0; room && i < n; i++) {
        const struct iow_view_group *g = iow_view_group_of(view, view->functions[functions[i]].record->group);

        json_object_array_add(shown, show_one(view, functions[i], room));
        if (g && is_first_of_group(view, functions, i))
            json_object_array_add(groups, iow_json_group(view, g));
    }
    iow_json_put(document, "functions", shown);
    iow_json_put(document, "groups", groups);
    iow_about_json(document, view, &about);
    iow_mem_done(&mem);
    if (!room) {
        json_object_put(document);
        return -IOW_ENOMEM;
    }
    return iow_json_write(document, out);
}
