/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "audit-stage.h"

static struct json_object *find(struct json_object *document, const char *list, const char *rule)
{
    for (size_t i = 0; i < json_object_array_length(get(document, list)); i++)
        if (strcmp(json_object_get_string(get(item(document, list, i), "rule")), rule) == 0)
            return item(document, list, i);
    fail_msg("no %s among %s", rule, list);
    return NULL;
}

static void findings_have_what_an_acceptance_needs(void **state)
{
    struct json_object *document, *ats;
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    audit_accept(&s, IOW_RULE_REM_USER_ATS, STAGE_CARD, TODAY + 7);
    audit_play(&s, &(struct iow_audit_choice){.least = IOW_NOTICE});
    document = parsed(drawn_audit(&s, true));
    has_text(document, "schema", "ioward.audit/1");
    has_text(document, "result", "critical");
    ats = find(document, "findings", "IOW-REM-USER-ATS");
    has_text(ats, "severity", "warning");
    has_text(item(ats, "devices", 0), "address", "0000:01:00.0");
    has_text(item(ats, "devices", 0), "ids", "1b36:0001");
    assert_int_equal(json_object_get_int(get(ats, "accepted")), 0);
    has_text(find(document, "findings", "IOW-REM-FOREIGN-DRIVER"), "name", "uio_pci_generic");
    assert_int_equal(length(find(document, "findings", "IOW-REM-NOIOMMU-MODE"), "devices"), 0);
    has_text(find(document, "unknown", "IOW-REM-SLOT-GROWS"), "text", "not known: which slots there are");
    has_text(item(document, "acceptances", 0), "state", "ends-soon");
    assert_int_equal(json_object_get_int(get(item(document, "acceptances", 0), "findings")), 1);
    assert_int_equal(length(document, "drivers"), 3);
    json_object_put(document);
    stage_end(&s.stage);
}

/* A finding about a group is about all its members. */
static void the_devices_of_a_group_are_its_members(void **state)
{
    static const struct iow_region region = {0, 0xffff, "direct"};
    struct json_object *document, *found;
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    s.stage.scene.function[STAGE_OTHER].group = 5;
    s.stage.scene.function[STAGE_OTHER].config.known = 0;
    s.stage.scene.group[1].regions = &region;
    s.stage.scene.group[1].n_regions = 1;
    audit_play(&s, &(struct iow_audit_choice){.least = IOW_NOTICE});
    document = parsed(drawn_audit(&s, true));
    found = find(document, "findings", "IOW-REM-FIRMWARE-REGION");
    assert_int_equal(length(found, "devices"), 2);
    has_text(item(found, "devices", 1), "address", "0000:80:00.0");
    has_text(item(found, "devices", 1), "ids", NULL);
    json_object_put(document);
    stage_end(&s.stage);
}

static void every_rule_is_listed(void **state)
{
    struct iow_audit_row row;
    struct json_object *document;
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(iow_audit_rules_json(out), 0);
    assert_int_equal(fclose(out), 0);
    document = parsed(text);
    has_text(document, "schema", "ioward.audit-rules/1");
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++)
        has_text(item(document, "rules", i), "rule", iow_rule_id(row.rule));
    json_object_put(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_have_what_an_acceptance_needs),
        cmocka_unit_test(the_devices_of_a_group_are_its_members),
        cmocka_unit_test(every_rule_is_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
