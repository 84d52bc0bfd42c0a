/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "audit-stage.h"

static const struct iow_audit_choice everything = {.least = IOW_NOTICE};

static bool shows(const struct audit_stage *s, enum iow_rule rule)
{
    for (uint32_t i = 0; i < s->view.n_findings; i++)
        if (s->view.findings[i].rule == rule)
            return true;
    return false;
}

static bool wonders(const struct audit_stage *s, enum iow_rule rule)
{
    for (uint32_t i = 0; i < s->view.n_unknown; i++)
        if (s->view.unknown[i].record->rule == rule)
            return true;
    return false;
}

static void everything_is_shown_with_the_worst_first(void **state)
{
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    audit_play(&s, &everything);
    assert_int_equal(s.view.n_findings, s.audit.n_findings);
    assert_int_equal(s.view.n_unknown, s.audit.n_unknown);
    for (uint32_t i = 1; i < s.view.n_findings; i++)
        assert_true(s.view.findings[i].severity <= s.view.findings[i - 1].severity);
    assert_true(shows(&s, IOW_RULE_REM_NOIOMMU_MODE) && shows(&s, IOW_RULE_REM_DOOR_CONFIG));
    stage_end(&s.stage);
}

static void less_severe_findings_and_rules_can_be_left_out(void **state)
{
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    audit_play(&s, &(struct iow_audit_choice){.least = IOW_WARNING});
    assert_true(shows(&s, IOW_RULE_REM_USER_ATS) && wonders(&s, IOW_RULE_REM_OPEN_INTERRUPTS));
    assert_false(shows(&s, IOW_RULE_REM_DOOR_CONFIG) || wonders(&s, IOW_RULE_REM_PEER_MODULE));
    stage_end(&s.stage);
}

static void of_chosen_devices_their_own_and_the_machines_findings_are_shown(void **state)
{
    static const uint32_t card = STAGE_CARD;
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    audit_miss(&s, 0, (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = 7});
    audit_miss(&s, 1, (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = 5});
    audit_play(&s, &(struct iow_audit_choice){.n_functions = 1, .functions = &card});
    assert_true(shows(&s, IOW_RULE_REM_USER_ATS) && shows(&s, IOW_RULE_REM_NOIOMMU_MODE));
    assert_false(shows(&s, IOW_RULE_REM_FOREIGN_DRIVER));
    assert_int_equal(s.view.n_missing, 1);
    assert_ptr_equal(s.view.missing[0]->record, &s.missing[1]);
    stage_end(&s.stage);
}

static void what_is_missing_of_a_device_is_shown_for_its_group(void **state)
{
    static const uint32_t port = STAGE_PORT;
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    audit_miss(&s, 0, iow_subject_function(&s.stage.scene.function[STAGE_CARD].address));
    audit_miss(&s, 1, iow_subject_function(&s.stage.scene.function[STAGE_PORT].address));
    audit_play(&s, &(struct iow_audit_choice){.n_functions = 1, .functions = &port});
    assert_int_equal(s.view.n_missing, 1);
    assert_ptr_equal(s.view.missing[0]->record, &s.missing[1]);
    stage_end(&s.stage);
}

static void each_driver_is_named_once(void **state)
{
    struct audit_stage s;

    (void)state;
    audit_set(&s);
    s.stage.scene.function[STAGE_CARD].driver = "uio_pci_generic";
    audit_play(&s, &everything);
    assert_int_equal(s.view.n_drivers, 2);
    assert_string_equal(s.view.drivers[0].name, "pcieport");
    assert_string_equal(s.view.drivers[1].name, "uio_pci_generic");
    assert_int_equal(s.view.drivers[1].trait, IOW_DRIVER_DMA_API);
    stage_end(&s.stage);
}

/* A machine of which all is known, with findings down to one severity, each accepted or not. */
static enum iow_audit_result result_of(enum iow_severity worst, bool accepted, bool unknown, bool missing)
{
    struct iow_acceptance acceptance = {0};
    struct iow_finding finding = {.accepted = accepted ? 0 : IOW_NONE, .severity = worst};
    struct iow_view_note note = {.severity = worst, .finding = &finding};
    struct iow_audit_view view = {.n_findings = 1,
        .findings = &note,
        .acceptances = &acceptance,
        .n_unknown = unknown,
        .n_missing = missing};

    return iow_audit_view_result(&view);
}

static void the_result_is_the_worst_that_is_not_accepted(void **state)
{
    (void)state;
    assert_int_equal(result_of(IOW_CRITICAL, false, true, true), IOW_AUDIT_CRITICAL);
    assert_int_equal(result_of(IOW_WARNING, false, true, false), IOW_AUDIT_WARNINGS);
    assert_int_equal(result_of(IOW_NOTICE, false, true, false), IOW_AUDIT_UNKNOWN);
    assert_int_equal(result_of(IOW_NOTICE, false, false, true), IOW_AUDIT_UNKNOWN);
    assert_int_equal(result_of(IOW_NOTICE, false, false, false), IOW_AUDIT_NOTICES);
    assert_int_equal(result_of(IOW_CRITICAL, true, false, false), IOW_AUDIT_CLEAN);
    assert_int_equal(result_of(IOW_CRITICAL, true, true, false), IOW_AUDIT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_shown_with_the_worst_first),
        cmocka_unit_test(less_severe_findings_and_rules_can_be_left_out),
        cmocka_unit_test(of_chosen_devices_their_own_and_the_machines_findings_are_shown),
        cmocka_unit_test(what_is_missing_of_a_device_is_shown_for_its_group),
        cmocka_unit_test(each_driver_is_named_once),
        cmocka_unit_test(the_result_is_the_worst_that_is_not_accepted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
