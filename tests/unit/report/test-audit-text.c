/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "audit-stage.h"
#include "starve.h"

static const struct iow_audit_choice everything = {.least = IOW_NOTICE};

static void parts_come_in_order_and_only_if_there_is_something(void **state)
{
    static const char *const part[] = {"Critical:", "Warnings:", "Notices:", "Not known:", "Drivers, as"};
    struct audit_stage s;
    const char *at;
    char *text;

    (void)state;
    audit_set(&s);
    audit_play(&s, &everything);
    text = drawn_audit(&s, false);
    at = text;
    for (size_t i = 0; i < COUNT(part); i++) {
        at = strstr(at, part[i]);
        assert_non_null(at);
    }
    says_not(text, "Accepted:");
    says_not(text, "Acceptances");
    free(text);
    stage_end(&s.stage);
}

static void what_is_not_known_is_said_once_with_every_rule(void **state)
{
    struct audit_stage s;
    char *text;

    (void)state;
    audit_set(&s);
    audit_play(&s, &everything);
    text = flat(drawn_audit(&s, false));
    assert_int_equal(count_of(text, "which devices were plugged in from outside"), 1);
    says(text, "which devices were plugged in from outside (IOW-REM-EXTERNAL-OPEN, IOW-REM-EXTERNAL-ATS)");
    says(text, "not known of group 0: the regions that the firmware reserved for it; the same for 2 more "
               "(IOW-REM-FIRMWARE-REGION)");
    free(text);
    stage_end(&s.stage);
}

static void acceptances_are_listed_and_complained_of(void **state)
{
    struct audit_stage s;
    char *text;

    (void)state;
    audit_set(&s);
    audit_accept(&s, IOW_RULE_REM_USER_ATS, STAGE_CARD, TODAY + 7);
    audit_accept(&s, IOW_RULE_REM_NOIOMMU_MODE, IOW_NONE, TODAY - 1);
    audit_accept(&s, IOW_RULE_REM_DRIFT, STAGE_CARD, TODAY + 100);
    audit_accept(&s, IOW_RULE_REM_DOOR_CONFIG, IOW_NONE, TODAY + 100);
    audit_play(&s, &everything);
    text = flat(drawn_audit(&s, false));
    says(text, "Accepted: - 0000:01:00.0 of group 5 has ATS switched on");
    says(text, "(IOW-REM-USER-ATS); accepted until 2024-10-04: " HOSTILE_SHOWN);
    says(text, "(IOW-REM-DOOR-CONFIG); accepted until");
    says(text, "Critical: ! vfio's mode without an IOMMU is allowed");
    says(text, "- a.conf:1: IOW-REM-USER-ATS: ends on 2024-10-04, in 7 days");
    says(text, "- a.conf:2: IOW-REM-NOIOMMU-MODE: ended on 2024-10-04 and accepts nothing any more");
    says(text, "- a.conf:3: IOW-REM-DRIFT: is about nothing that was found");
    says_not(text, "a.conf:4");
    free(text);
    stage_end(&s.stage);
}

static void a_machine_with_nothing_to_say_says_that(void **state)
{
    struct audit_stage s;
    char *text;

    (void)state;
    memset(&s, 0, sizeof(s));
    scene_set(&s.stage.scene, NULL, 0);
    s.stage.scene.facts.machine.pci = false;
    s.stage.scene.facts.machine.surroundings = true;
    s.stage.scene.facts.machine.lockdown = IOW_LOCKDOWN_INTEGRITY;
    audit_play(&s, &everything);
    text = drawn_audit(&s, false);
    assert_string_equal(text, "Nothing was found that is not accepted.\n");
    free(text);
    stage_end(&s.stage);
}

static void drivers_are_told_as_the_rule_sees_them(void **state)
{
    struct audit_stage s;
    char *text;

    (void)state;
    audit_set(&s);
    s.stage.scene.function[STAGE_OTHER].driver = "tegra-host1x";
    audit_play(&s, &everything);
    text = flat(drawn_audit(&s, false));
    says(text, "pcieport, vfio-pci: leave DMA to the group's owner "
               "tegra-host1x: attach a domain of their own and keep everybody out");
    free(text);
    stage_end(&s.stage);
}

static void the_rules_are_listed_by_severity(void **state)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_int_equal(iow_audit_rules_text(out), 0);
    assert_int_equal(fclose(out), 0);
    assert_true(strstr(text, "warning ") > strstr(text, "critical ") &&
                strstr(text, "notice ") > strstr(text, "warning "));
    says(flat(text), "critical IOW-REM-NO-IOMMU no IOMMU in use");
    free(text);
}

static void lack_of_memory_is_told(void **state)
{
    struct audit_stage s;
    bool whole = false;

    (void)state;
    audit_set(&s);
    audit_accept(&s, IOW_RULE_REM_USER_ATS, STAGE_CARD, TODAY + 7);
    audit_play(&s, &everything);
    for (unsigned n = 0; !whole; n++) {
        FILE *out = fopen("/dev/null", "w");
        int r;

        assert_non_null(out);
        meals = n;
        r = iow_audit_text(&s.view, out);
        meals = UINT_MAX;
        (void)fclose(out);
        assert_true(r == 0 || r == -IOW_ENOMEM);
        assert_true(n > 0 || r < 0);
        whole = r == 0;
    }
    stage_end(&s.stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_in_order_and_only_if_there_is_something),
        cmocka_unit_test(what_is_not_known_is_said_once_with_every_rule),
        cmocka_unit_test(acceptances_are_listed_and_complained_of),
        cmocka_unit_test(a_machine_with_nothing_to_say_says_that),
        cmocka_unit_test(drivers_are_told_as_the_rule_sees_them),
        cmocka_unit_test(the_rules_are_listed_by_severity),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
