/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-stage.h"
#include "starve.h"

static char *drawn(const struct iow_prove *prove, bool traces)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(iow_prove_text(prove, traces, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void each_make_up_has_a_line(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    text = drawn(&s.prove, false);
    says(text, "By the rules of Linux 6.12, all that ");
    says(text,
        "MEMBERS                                                STATES   STEPS  INVARIANTS   GROUPS\n"
        "1 port                                                     14      40  hold if a    0-2, 4, 7\n"
        "1 device, 1 device of another bus, 1 port + newcomers   31200  201000  hold if a b  9\n");
    free(text);
}

static void what_they_rest_on_is_said_once(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    text = drawn(&s.prove, false);
    says(text, "\nThey hold under these conditions:\n"
               "a  no claim, attach or joining fails at a member; without, 4 may break\n"
               "b  a device has its group before a driver is bound to it; without, 2 and 3 may break\n");
    says(text, "\nThe invariants named:\n2  while a user owns a group, no driver");
    says(text, "\n'ioward prove --traces' shows how each may break.\n");
    says_not(text, "\n1  ");
    says_not(text, "Then ");
    free(text);
}

static void traces_name_the_devices(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    text = flat(drawn(&s.prove, true));
    says(text, "- \"without an owner and without such a driver, every member is on the default domain\" is "
               "broken in "
               "group 0, when 1. owner 1 claims the group; this fails, because " HOSTILE_SHOWN
               " cannot be moved, and 0000:01:00.0 is left on the blocking domain Then nobody has the group");
    says(text, " is broken in group 9, when 1. 0000:01:00.0 appears, and is in no group yet 2. ");
    says_not(text, "--traces");
    free(text);
}

static void one_of_two_conditions_is_enough(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    s.findings[0].dropped = 1u << IOW_PROOF_CONDITION_QUIET | 1u << IOW_PROOF_CONDITION_PLAIN;
    s.findings[0].invariant = IOW_PROOF_INVARIANT_ONE_SPACE;
    text = flat(drawn(&s.prove, false));
    says(text,
        "a no device joins a group that a user or a driver's own domain has, or else no driver attaches a "
        "domain of its own; without, 1 may break");
    free(text);
}

static void what_is_broken_in_any_case_comes_first(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    s.findings[0].dropped = 0;
    s.findings[0].n_groups = 1;
    s.findings[0].groups = s.groups + 5;
    s.makes[1].kept.violated = 1u << IOW_PROOF_INVARIANT_RETURNS | 1u << IOW_PROOF_INVARIANT_DERIVED;
    text = drawn(&s.prove, false);
    says(text, "  broken: 4 and 5  9\n");
    says(text, "  hold             0-2, 4, 7\n");
    says(text, "\nWhat is broken, and the conditions under which the rest holds:\na  a device has its group");
    free(text);
}

static void a_rule_that_needs_no_condition_says_so(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    s.prove.profile = iow_profile_find("pure");
    s.prove.kernel = NULL;
    s.prove.n_findings = 0;
    s.makes[0].always = s.makes[1].always = true;
    text = drawn(&s.prove, false);
    says(text, "By the rules of the pure profile, all that drivers, owners and devices may do was searched, "
               "whatever\ngoes wrong:\n");
    says(text, "  hold        9\n");
    says_not(text, "conditions");
    free(text);
}

static void what_is_not_known_is_not_claimed(void **state)
{
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    s.prove.assumed = true;
    s.prove.kernel = HOSTILE;
    s.prove.n_findings = 0;
    s.makes[0].kept.complete = s.prove.complete = false;
    s.makes[1].n_searched = 2;
    s.makes[1].direct = true;
    text = drawn(&s.prove, false);
    says(text, "1 port with direct mappings + newcomers (2 searched)  ");
    says(text, "\nNot everything could be searched: there may be more.\n");
    says(text, "By the rules of Linux 6.12, assumed to be those of " HOSTILE_SHOWN ",");
    says(text, "  not broken so far  0-2, 4, 7\n");
    free(text);
    s.prove.kernel = NULL;
    text = drawn(&s.prove, false);
    says(text, ", assumed to be those of an unknown kernel,");
    free(text);
    s.prove.n_makes = 0;
    text = drawn(&s.prove, false);
    assert_string_equal(text, "There is no IOMMU group.\n");
    free(text);
}

/* As many sets of conditions as there are, and more than letters. */
static void letters_do_not_run_out(void **state)
{
    static struct iow_prove_finding findings[30];
    struct proof_stage s;
    char *text;

    (void)state;
    proof_stage_set(&s);
    for (uint32_t i = 0; i < COUNT(findings); i++) {
        findings[i] = s.findings[0];
        findings[i].dropped = i + 1;
    }
    s.prove.findings = findings;
    s.prove.n_findings = COUNT(findings);
    text = drawn(&s.prove, false);
    says(text, "hold if a-ad  9\n");
    says(text, "\nab  ");
    free(text);
    for (uint32_t i = 0; i < COUNT(findings); i += 7) {
        findings[i].groups = s.groups;
        findings[i].n_groups = 1;
    }
    text = drawn(&s.prove, false);
    says(text, "hold if a-ad                 0-2, 4, 7\n");
    says(text, "hold if b-g i-n p-u w-ab ad  9\n");
    free(text);
}

/* However little memory there is: the whole answer, or an error. */
static void lack_of_memory_is_an_error(void **state)
{
    char *whole, *text = NULL;
    struct proof_stage s;
    unsigned n = 0;
    size_t len;
    int r;

    (void)state;
    proof_stage_set(&s);
    whole = drawn(&s.prove, true);
    do {
        FILE *out = open_memstream(&text, &len);

        meals = n++;
        r = iow_prove_text(&s.prove, true, out);
        meals = UINT_MAX;
        assert_int_equal(fclose(out), 0);
        if (r < 0)
            assert_int_equal(r, -IOW_ENOMEM);
        else
            assert_string_equal(text, whole);
        free(text);
    } while (r < 0 && n < 1000);
    assert_int_equal(r, 0);
    assert_true(n > 3);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_make_up_has_a_line),
        cmocka_unit_test(what_they_rest_on_is_said_once),
        cmocka_unit_test(traces_name_the_devices),
        cmocka_unit_test(one_of_two_conditions_is_enough),
        cmocka_unit_test(what_is_broken_in_any_case_comes_first),
        cmocka_unit_test(a_rule_that_needs_no_condition_says_so),
        cmocka_unit_test(what_is_not_known_is_not_claimed),
        cmocka_unit_test(letters_do_not_run_out),
        cmocka_unit_test(lack_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
