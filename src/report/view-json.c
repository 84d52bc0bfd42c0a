/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/view-json.h"

#include "report/acs-words.h"
#include "report/kernel-words.h"
#include <ioward/alias.h>

#include <stdlib.h>
#include <string.h>

static const char *const provenance_name[] = {
    [IOW_FROM_LIVE] = "live",
    [IOW_FROM_CAPTURE] = "capture",
    [IOW_FROM_SIMULATION] = "simulation",
};

static const char *const lockdown_name[] = {
    [IOW_LOCKDOWN_UNKNOWN] = NULL,
    [IOW_LOCKDOWN_NONE] = "none",
    [IOW_LOCKDOWN_INTEGRITY] = "integrity",
    [IOW_LOCKDOWN_CONFIDENTIALITY] = "confidentiality",
};

static const char *const held_name[IOW_HELD__COUNT] = {
    [IOW_HELD_GROUP] = "group",
    [IOW_HELD_CONTAINER] = "container",
    [IOW_HELD_IOMMUFD] = "iommufd",
    [IOW_HELD_CDEV] = "cdev",
    [IOW_HELD_DEVICE] = "device",
    [IOW_HELD_DEVICE_MAP] = "device-map",
};

struct json_object *iow_json_document(const struct iow_view *view, const char *schema)
{
    struct json_object *document = json_object_new_object(), *source = json_object_new_object();

    iow_json_put_text(source, "provenance", provenance_name[iow_facts_provenance(view->facts)]);
    iow_json_put_text(source, "path", view->source_path);
    iow_json_put_text(document, "schema", schema);
    iow_json_put(document, "source", source);
    return document;
}

/* The options of the kernel that change who may do DMA or what isolates; the rest is nobody's business. */
static const char *const option_prefix[] = {
    "intel_iommu=",
    "amd_iommu=",
    "amd_iommu_intr=",
    "iommu=",
    "iommu.",
    "intremap=",
    "pci=",
    "pcie_acs_override=",
    "pcie_ports=",
    "vfio",
    "lockdown=",
    "pci-stub.",
    "efi=disable_early_pci_dma",
    "swiotlb=",
    "noats",
    "arm-smmu",
};

static struct json_object *options_json(const char *command_line)
{
    struct json_object *list = json_object_new_array();

    for (const char *at = command_line; *at;) {
        size_t len = strcspn(at, " ");

        for (size_t i = 0; i < sizeof(option_prefix) / sizeof(option_prefix[0]); i++) {
            if (strncmp(at, option_prefix[i], strlen(option_prefix[i])) == 0) {
                char *copy = strndup(at, len);

                json_object_array_add(list, iow_json_text(copy));
                free(copy);
                break;
            }
        }
        at += len;
        at += strspn(at, " ");
    }
    return list;
}

struct json_object *iow_json_machine(const struct iow_machine *m)
{
    struct json_object *object = json_object_new_object(), *iommus = json_object_new_array();
    struct json_object *parameters = json_object_new_object(), *tables = json_object_new_array();

    for (uint32_t i = 0; i < m->n_iommus; i++)
        json_object_array_add(iommus, iow_json_text(m->iommus[i]));
    for (uint32_t i = 0; i < m->n_parameters; i++)
        iow_json_put_text(parameters, m->parameters[i].name, m->parameters[i].value);
    if (m->dmar)
        json_object_array_add(tables, json_object_new_string("DMAR"));
    if (m->ivrs)
        json_object_array_add(tables, json_object_new_string("IVRS"));
    iow_json_put_text(object, "kernel", *m->kernel ? m->kernel : NULL);
    iow_json_put(object, "options", options_json(m->command_line));
    iow_json_put(object, "parameters", parameters);
    iow_json_put(object, "iommus", iommus);
    iow_json_put(object, "acpi_tables", tables);
    iow_json_put_text(object, "lockdown", lockdown_name[m->lockdown]);
    iow_json_put_bool(object, "pci", m->pci);
    iow_json_put_bool(object, "iommu_groups", m->groups);
    iow_json_put_bool(object, "holders_complete", m->holders_complete);
    return object;
}

void iow_json_put_position(
    struct json_object *object, const char *key, const struct iow_view *view, uint32_t position)
{
    iow_json_put_text(object, key, position < view->n_functions ? view->functions[position].address : NULL);
}

static bool is_about_acs(enum iow_rule rule)
{
    return rule == IOW_RULE_GRP_PATH || rule == IOW_RULE_GRP_FUNCTION;
}

struct json_object *iow_json_reason(
    const struct iow_view *view, const struct iow_reason *reason, const char *reason_text)
{
    const struct iow_alias_quirk *row =
        reason->alias_quirk == IOW_NONE ? NULL : iow_alias_quirk_at(reason->alias_quirk);
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(reason->rule));
    iow_json_put_text(object, "text", reason_text);
    iow_json_put_position(object, "joined", view, reason->joined);
    iow_json_put_position(object, "deciding", view, reason->deciding);
    iow_json_put(object, "acs", is_about_acs(reason->rule) ? iow_acs_answer_json(&reason->acs) : NULL);
    iow_json_put_text(object, "alias_quirk", row ? row->about : NULL);
    return object;
}

static void put_id(struct json_object *object, const char *key, bool known, int digits, uint32_t id)
{
    char buf[16];

    (void)snprintf(buf, sizeof(buf), "%0*x", digits, id);
    iow_json_put_text(object, key, known ? buf : NULL);
}

static struct json_object *kernel_function_json(uint8_t flags)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_bool(object, "managed", flags & IOW_KERNEL_MANAGED);
    iow_json_put_bool(object, "untrusted", flags & IOW_KERNEL_UNTRUSTED);
    iow_json_put_bool(object, "external", flags & IOW_KERNEL_EXTERNAL);
    iow_json_put_bool(object, "ats", flags & IOW_KERNEL_ATS);
    iow_json_put_bool(object, "aliases", flags & IOW_KERNEL_ALIASES);
    return object;
}

struct json_object *iow_json_function(const struct iow_view *view, const struct iow_view_function *v)
{
    const struct iow_function *f = v->record;
    struct json_object *object = json_object_new_object();
    bool ids = f->config.known & IOW_CONFIG_IDS;

    iow_json_put_text(object, "address", v->address);
    put_id(object, "vendor", ids, 4, f->config.vendor);
    put_id(object, "device", ids, 4, f->config.device);
    put_id(object, "class", ids, 6, f->config.class_code);
    iow_json_put_text(object, "class_name", ids ? v->class_name : NULL);
    iow_json_put_text(object, "name", ids ? v->name : NULL);
    iow_json_put_text(object, "driver", v->driver);
    iow_json_put_text(object, "driver_trait", iow_driver_trait_name(v->trait));
    iow_json_put_bool(object, "forwards_only", v->forwards);
    iow_json_put(object, "kernel", f->kernel & IOW_KERNEL_READ ? kernel_function_json(f->kernel) : NULL);
    iow_json_put_index(object, "group", f->group);
    iow_json_put_index(object, "predicted_group", v->predicted);
    iow_json_put(object, "reason", v->certain ? iow_json_reason(view, v->reason, v->reason_text) : NULL);
    return object;
}

static struct json_object *held_json(const struct iow_view *view, const struct iow_held *held)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "file", held_name[held->file]);
    iow_json_put_index(object, "number", held->number);
    iow_json_put_position(object, "address", view, held->function);
    return object;
}

static struct json_object *holders_json(const struct iow_view *view, const uint32_t *positions, uint32_t n)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < n; i++) {
        const struct iow_holder *h = iow_facts_holder_at(view->facts, positions[i]);
        struct json_object *object, *files;

        if (!h)
            continue;
        object = json_object_new_object();
        files = json_object_new_array();
        for (uint32_t k = 0; k < h->n_held; k++)
            json_object_array_add(files, held_json(view, &h->held[k]));
        iow_json_put_number(object, "pid", h->pid);
        iow_json_put_number(object, "uid", h->uid);
        iow_json_put_text(object, "command", h->command);
        iow_json_put(object, "files", files);
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *members_json(const struct iow_view_group *g)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < g->n_members; i++)
        json_object_array_add(list, iow_json_text(g->members[i]->address));
    return list;
}

static struct json_object *others_json(const struct iow_view_group *g)
{
    struct json_object *list = json_object_new_array();

    for (uint32_t i = 0; i < g->n_others; i++) {
        struct json_object *object = json_object_new_object();

        iow_json_put_text(object, "name", g->others[i]->name);
        iow_json_put_text(object, "bus", *g->others[i]->bus ? g->others[i]->bus : NULL);
        iow_json_put_text(object, "driver", g->others[i]->driver);
        json_object_array_add(list, object);
    }
    return list;
}

static struct json_object *kernel_group_json(const struct iow_kernel_group *kernel)
{
    struct json_object *object = json_object_new_object();
    char token[IOW_KERNEL_TOKEN];

    iow_json_put_number(object, "count", kernel->count);
    iow_json_put_text(object, "domain", iow_kernel_domain_name(kernel->domain));
    iow_json_put_text(object, "owner", kernel->owned ? iow_kernel_token(kernel, token) : NULL);
    iow_json_put_bool(object, "pasids", kernel->pasids);
    iow_json_put_bool(object, "steady", kernel->steady);
    return object;
}

struct json_object *iow_json_group(const struct iow_view *view, const struct iow_view_group *g)
{
    const struct iow_group_owner *o = g->owner;
    struct json_object *object = json_object_new_object();

    iow_json_put_number(object, "group", g->record->number);
    iow_json_put_text(object, "owner", iow_owner_name(o->owner));
    iow_json_put_text(object, "basis", iow_rule_id(o->basis));
    iow_json_put_text(object, "basis_text", g->basis_text);
    iow_json_put_text(object, "owner_from", o->read ? "kernel" : "files");
    iow_json_put_text(object, "owner_by_files", iow_owner_name(o->derived));
    iow_json_put(object, "kernel", g->record->kernel ? kernel_group_json(g->record->kernel) : NULL);
    iow_json_put_text(object, "type", g->record->type);
    iow_json_put_text(object, "name", g->record->name);
    iow_json_put_bool(object, "vfio_node", g->record->vfio_node);
    iow_json_put(object, "members", members_json(g));
    iow_json_put(object, "other_members", others_json(g));
    iow_json_put(object, "holders", holders_json(view, o->holders, o->n_holders));
    iow_json_put(object, "possible_holders", holders_json(view, o->possible, o->n_possible));
    iow_json_put_position(object, "pending_unbind", view, o->pending);
    iow_json_put_bool(object, "pending_unbind_possible", o->pending_possible);
    return object;
}

struct json_object *iow_json_finding(const struct iow_view *view, const struct iow_view_note *note)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(note->rule));
    iow_json_put_text(object, "severity", iow_severity_name(note->severity));
    iow_json_put_text(object, "text", note->text);
    iow_json_put_text(object, "remedy", note->remedy);
    iow_json_put_index(object, "group", note->group);
    iow_json_put_position(object, "address", view, note->function);
    iow_json_put_position(object, "other", view, note->other);
    return object;
}

struct json_object *iow_json_difference(const struct iow_view *view, const struct iow_view_note *note)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_position(object, "address", view, note->function);
    iow_json_put_text(object, "rule", iow_rule_id(note->rule));
    iow_json_put_text(object, "text", note->text);
    iow_json_put_text(object, "remedy", note->remedy);
    iow_json_put_bool(object, "explained", note->rule != IOW_RULE_DIFF_UNEXPLAINED);
    iow_json_put_position(object, "other", view, note->other);
    iow_json_put_position(object, "deciding", view, note->deciding);
    return object;
}

struct json_object *iow_json_missing(const struct iow_view_missing *missing)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(missing->record->rule));
    iow_json_put_text(object, "subject", missing->subject);
    iow_json_put_text(object, "path", missing->record->path);
    iow_json_put_text(object, "text", missing->text);
    return object;
}
