/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents "ioward.audit" and "ioward.audit-rules". */
#include "report/audit-words.h"
#include "report/audit.h"
#include "report/rules.h"
#include "report/view-json.h"

#include <stdio.h>

static const char *const result_name[IOW_AUDIT__COUNT] = {
    [IOW_AUDIT_CLEAN] = "clean",
    [IOW_AUDIT_NOTICES] = "notices",
    [IOW_AUDIT_UNKNOWN] = "unknown",
    [IOW_AUDIT_WARNINGS] = "warnings",
    [IOW_AUDIT_CRITICAL] = "critical",
};

static const char *const state_name[IOW_ACCEPT__COUNT] = {
    [IOW_ACCEPT_IN_FORCE] = "in-force",
    [IOW_ACCEPT_ENDS_SOON] = "ends-soon",
    [IOW_ACCEPT_EXPIRED] = "expired",
};

static struct json_object *device_json(
    const struct iow_address *address, bool known, uint16_t vendor, uint16_t device)
{
    struct json_object *object = json_object_new_object();
    char text[IOW_ADDRESS_TEXT], ids[16];

    (void)snprintf(ids, sizeof(ids), "%04x:%04x", vendor, device);
    iow_json_put_text(object, "address", iow_address_format(address, text));
    iow_json_put_text(object, "ids", known ? ids : NULL);
    return object;
}

/* As an acceptance would have to name them; NULL when memory is exhausted. */
static struct json_object *devices_json(
    const struct iow_audit_view *audit, const struct iow_finding *finding, struct iow_mem *mem)
{
    struct json_object *list;
    uint32_t *devices, n;

    if (iow_finding_devices(audit->view->analysis, finding, mem, &devices, &n) < 0)
        return NULL;
    list = json_object_new_array();
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_function *f = audit->view->functions[devices[i]].record;

        json_object_array_add(list,
            device_json(&f->address, f->config.known & IOW_CONFIG_IDS, f->config.vendor, f->config.device));
    }
    return list;
}

static struct json_object *finding_json(
    const struct iow_audit_view *audit, const struct iow_view_note *note, struct iow_mem *mem, bool *failed)
{
    struct json_object *object = iow_json_finding(audit->view, note);
    struct json_object *devices = devices_json(audit, note->finding, mem);

    *failed |= !devices;
    iow_json_put_text(object, "title", iow_rule_words(note->rule)->title);
    iow_json_put_text(object, "name", note->finding->name);
    iow_json_put_text(object, "by", note->finding->by);
    iow_json_put(object, "devices", devices);
    iow_json_put_index(object, "accepted", note->finding->accepted);
    return object;
}

static struct json_object *unknown_json(
    const struct iow_audit_view *audit, const struct iow_audit_unknown *unknown)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(unknown->record->rule));
    iow_json_put_text(object, "severity", iow_severity_name(unknown->record->severity));
    iow_json_put_text(object, "text", unknown->text);
    iow_json_put_index(object, "group", unknown->record->group);
    iow_json_put_position(object, "address", audit->view, unknown->record->function);
    return object;
}

static struct json_object *acceptance_json(const struct iow_acceptance *a)
{
    struct json_object *object = json_object_new_object(), *devices = json_object_new_array();

    for (uint32_t i = 0; i < a->n_devices; i++)
        json_object_array_add(
            devices, device_json(&a->devices[i].address, true, a->devices[i].vendor, a->devices[i].device));
    iow_json_put_text(object, "file", a->file);
    iow_json_put_number(object, "line", a->line);
    iow_json_put_text(object, "rule", iow_rule_id(a->rule));
    iow_json_put(object, "devices", devices);
    iow_json_put_text(object, "name", a->name);
    iow_json_put_text(object, "reason", a->reason);
    iow_json_put_text(object, "until", a->until_text);
    iow_json_put_text(object, "state", state_name[a->state]);
    iow_json_put_number(object, "findings", a->n_findings);
    return object;
}

static struct json_object *driver_json(const struct iow_audit_driver *driver)
{
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "name", driver->name);
    iow_json_put_text(object, "trait", iow_driver_trait_name(driver->trait));
    return object;
}

int iow_audit_json(const struct iow_audit_view *audit, struct iow_mem *mem, FILE *out)
{
    struct json_object *document = iow_json_document(audit->view, "ioward.audit/1");
    struct json_object *findings = json_object_new_array(), *unknown = json_object_new_array();
    struct json_object *acceptances = json_object_new_array(), *drivers = json_object_new_array();
    struct json_object *missing = json_object_new_array();
    bool failed = false;

    for (uint32_t i = 0; i < audit->n_findings; i++)
        json_object_array_add(findings, finding_json(audit, &audit->findings[i], mem, &failed));
    for (uint32_t i = 0; i < audit->n_unknown; i++)
        json_object_array_add(unknown, unknown_json(audit, &audit->unknown[i]));
    for (uint32_t i = 0; i < audit->n_acceptances; i++)
        json_object_array_add(acceptances, acceptance_json(&audit->acceptances[i]));
    for (uint32_t i = 0; i < audit->n_drivers; i++)
        json_object_array_add(drivers, driver_json(&audit->drivers[i]));
    for (uint32_t i = 0; i < audit->n_missing; i++)
        json_object_array_add(missing, iow_json_missing(audit->missing[i]));
    iow_json_put_text(document, "result", result_name[iow_audit_view_result(audit)]);
    iow_json_put(document, "findings", findings);
    iow_json_put(document, "unknown", unknown);
    iow_json_put(document, "acceptances", acceptances);
    iow_json_put(document, "drivers", drivers);
    iow_json_put(document, "missing", missing);
    if (failed) {
        json_object_put(document);
        return -IOW_ENOMEM;
    }
    return iow_json_write(document, out);
}

static struct json_object *rule_json(const struct iow_audit_row *row)
{
    const struct iow_rule_words *words = iow_rule_words(row->rule);
    const struct iow_audit_words *about = iow_audit_words(row->rule);
    struct json_object *object = json_object_new_object();

    iow_json_put_text(object, "rule", iow_rule_id(row->rule));
    iow_json_put_text(object, "severity", iow_severity_name(row->severity));
    iow_json_put_text(object, "title", words->title);
    iow_json_put_text(object, "meaning", about->meaning);
    iow_json_put_text(object, "evidence", about->evidence);
    return object;
}

int iow_audit_rules_json(FILE *out)
{
    struct json_object *document = json_object_new_object(), *rules = json_object_new_array();
    struct iow_audit_row row;

    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++)
        json_object_array_add(rules, rule_json(&row));
    iow_json_put_text(document, "schema", "ioward.audit-rules/1");
    iow_json_put(document, "rules", rules);
    return iow_json_write(document, out);
}
