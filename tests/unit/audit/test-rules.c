/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every rule on machines on which it fires, and on which it does not. */
#include "cases.h"

#include "audit/rules.h"

static const struct audit_case *const areas[] = {machine_cases, isolation_cases, reach_cases, device_cases,
    group_cases, kernel_cases, host_cases, slot_cases, door_cases, peer_cases};

static void play(struct scene *s, change *apply, struct iow_audit *ret)
{
    quiet(s);
    apply(s);
    scene_play(s);
    assert_int_equal(iow_audit(s->analysis, NULL, &s->mem, ret), 0);
}

static uint32_t count(const struct iow_finding *list, uint32_t n, enum iow_rule rule)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < n; i++)
        found += list[i].rule == rule;
    return found;
}

static void expect(const struct audit_case *c, change *apply, bool found, bool unknown)
{
    struct iow_audit audit;
    struct scene s;

    play(&s, apply, &audit);
    if (found != (count(audit.findings, audit.n_findings, c->rule) > 0) ||
        unknown != (count(audit.unknown, audit.n_unknown, c->rule) > 0))
        fail_msg("%s: %u found, %u unknown", iow_rule_id(c->rule),
            count(audit.findings, audit.n_findings, c->rule), count(audit.unknown, audit.n_unknown, c->rule));
    scene_end(&s);
}

static void nothing_is_found_on_the_machine_that_all_are_changes_of(void **state)
{
    struct iow_audit audit;
    struct scene s;

    (void)state;
    play(&s, as_it_is, &audit);
    for (uint32_t i = 0; i < audit.n_findings; i++)
        fail_msg("found %s", iow_rule_id(audit.findings[i].rule));
    for (uint32_t i = 0; i < audit.n_unknown; i++)
        fail_msg("unknown %s: %s", iow_rule_id(audit.unknown[i].rule), audit.unknown[i].name);
    scene_end(&s);
}

static void a_rule_fires_on_its_machines_and_on_no_other(void **state)
{
    (void)state;
    for (size_t a = 0; a < COUNT(areas); a++)
        for (const struct audit_case *c = areas[a]; c->rule; c++) {
            expect(c, c->fires, true, false);
            expect(c, c->not_quite, false, false);
            if (c->unclear)
                expect(c, c->unclear, false, true);
        }
}

static void every_rule_has_machines(void **state)
{
    struct iow_audit_row row;

    (void)state;
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++) {
        uint32_t n = 0;

        for (size_t a = 0; a < COUNT(areas); a++)
            for (const struct audit_case *c = areas[a]; c->rule; c++)
                n += c->rule == row.rule && c->fires && c->not_quite;
        if (!n)
            fail_msg("%s has no machines", iow_rule_id(row.rule));
    }
}

static void a_rule_is_in_the_table_once(void **state)
{
    struct iow_audit_row row;
    bool seen[IOW_RULE__COUNT] = {false};

    (void)state;
    for (uint32_t i = 0; iow_audit_row_at(i, &row); i++) {
        assert_false(seen[row.rule]);
        assert_true((unsigned)row.severity < IOW_SEVERITY__COUNT);
        seen[row.rule] = true;
    }
}

/* What a glance finds, an audit finds too. */
static void the_rules_of_a_glance_are_part_of_the_audit(void **state)
{
    (void)state;
    for (size_t a = 0; a < COUNT(areas); a++)
        for (const struct audit_case *c = areas[a]; c->rule; c++) {
            struct iow_audit audit;
            struct scene s;

            play(&s, c->fires, &audit);
            for (uint32_t i = 0; i < s.analysis->n_findings; i++) {
                enum iow_rule rule = s.analysis->findings[i].rule;

                assert_int_equal(count(audit.findings, audit.n_findings, rule),
                    count(s.analysis->findings, s.analysis->n_findings, rule));
            }
            scene_end(&s);
        }
}

static void severities_have_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < IOW_SEVERITY__COUNT; i++) {
        enum iow_severity again = IOW_SEVERITY__COUNT;

        assert_int_equal(iow_severity_parse(iow_severity_name((enum iow_severity)i), &again), 0);
        assert_int_equal(again, i);
    }
    assert_int_equal(iow_severity_parse("Critical", &(enum iow_severity){IOW_NOTICE}), -IOW_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_on_the_machine_that_all_are_changes_of),
        cmocka_unit_test(a_rule_fires_on_its_machines_and_on_no_other),
        cmocka_unit_test(every_rule_has_machines),
        cmocka_unit_test(a_rule_is_in_the_table_once),
        cmocka_unit_test(the_rules_of_a_glance_are_part_of_the_audit),
        cmocka_unit_test(severities_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
