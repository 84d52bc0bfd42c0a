/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proof-worlds.h"

static uint32_t worlds_of(const char *profile, struct iow_proof_world worlds[16])
{
    uint32_t n = 0;

    while (iow_proof_world_at(iow_profile_find(profile), n, &worlds[n]))
        n++;
    return n;
}

static const struct iow_proof_finding *found(
    const struct iow_proof_survey *survey, enum iow_proof_invariant invariant, uint32_t dropped)
{
    for (uint32_t i = 0; i < survey->n_findings; i++)
        if (survey->findings[i].invariant == invariant && survey->findings[i].dropped == dropped)
            return &survey->findings[i];
    return NULL;
}

/* No finding rests on more than it needs, and none on nothing or on a fault of the core. */
static void findings_are_minimal(const struct iow_proof_survey *survey)
{
    for (uint32_t i = 0; i < survey->n_findings; i++) {
        const struct iow_proof_finding *a = &survey->findings[i];

        assert_int_not_equal(a->dropped, 0);
        assert_int_not_equal(a->invariant, IOW_PROOF_INVARIANT_BOOKKEEPING);
        assert_true(a->trace.n_steps > 0);
        for (uint32_t j = 0; j < survey->n_findings; j++)
            if (j != i && survey->findings[j].invariant == a->invariant)
                assert_int_not_equal(survey->findings[j].dropped & a->dropped, a->dropped);
    }
}

struct wanted {
    enum iow_proof_invariant invariant;
    uint32_t dropped, steps;
};

static void survey_finds(const char *profile, uint32_t most_dropped, const struct wanted *wanted, uint32_t n)
{
    struct iow_proof_world worlds[16];
    struct iow_proof_survey survey;
    struct iow_mem mem;

    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_survey(worlds, worlds_of(profile, worlds), most_dropped, &mem, &survey), 0);
    assert_true(survey.complete);
    findings_are_minimal(&survey);
    for (uint32_t i = 0; i < n; i++) {
        const struct iow_proof_finding *finding = found(&survey, wanted[i].invariant, wanted[i].dropped);

        assert_non_null(finding);
        assert_int_equal(finding->trace.n_steps, wanted[i].steps);
    }
    printf("figures: survey of %s: %u findings in %u worlds, %llu states, %llu transitions\n", profile,
        survey.n_findings, survey.n_runs, (unsigned long long)survey.states,
        (unsigned long long)survey.transitions);
    iow_mem_done(&mem);
}

#define BROKEN(name) IOW_PROOF_INVARIANT_##name

static void what_6_1_needs_is_found(void **state)
{
    static const struct wanted wanted[] = {
        {BROKEN(RETURNS), DROP(ATTACH), 1},
        {BROKEN(RETURNS), DROP(RELEASE), 2},
        {BROKEN(ONE_SPACE), DROP(RELEASE), 3},
        {BROKEN(NO_DRIVER), DROP(EARLY), 4},
        {BROKEN(RETURNS), DROP(EARLY), 6},
        {BROKEN(LEAVES), DROP(CLAIMED), 2},
        {BROKEN(RETURNS), DROP(NAMED), 2},
        {BROKEN(NO_DRIVER), DROP(OWN), 3},
        {BROKEN(ONE_SPACE), DROP(QUIET) | DROP(PLAIN), 3},
        {BROKEN(RETURNS), DROP(QUIET) | DROP(PLAIN), 5},
        {BROKEN(RETURNS), DROP(PLAIN) | DROP(TIDY), 3},
    };

    (void)state;
    survey_finds("linux-6.1", 2, wanted, COUNT(wanted));
}

static void what_6_12_needs_is_found(void **state)
{
    static const struct wanted wanted[] = {
        {BROKEN(RETURNS), DROP(RELEASE), 2},
        {BROKEN(NO_DRIVER), DROP(EARLY), 4},
        {BROKEN(LEAVES), DROP(CLAIMED), 2},
        {BROKEN(NO_DRIVER), DROP(ONE_WAY), 4},
        {BROKEN(DERIVED), DROP(DRIVER_PASIDS), 6},
        {BROKEN(RETURNS), DROP(OWNER_PASIDS), 4},
    };

    (void)state;
    survey_finds("linux-6.12", 1, wanted, COUNT(wanted));
}

static void pure_needs_nothing(void **state)
{
    struct iow_proof_world worlds[16];
    struct iow_proof_survey survey;
    struct iow_mem mem;
    uint32_t n = worlds_of("pure", worlds);

    (void)state;
    for (uint32_t i = 0; i < n; i++)
        worlds[i].dropped = IOW_PROOF_ALL_DROPPED;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_survey(worlds, n, 0, &mem, &survey), 0);
    assert_int_equal(survey.n_findings, 0);
    assert_int_equal(survey.n_runs, n);
    iow_mem_done(&mem);
}

static void a_survey_that_ends_early_says_so(void **state)
{
    struct iow_proof_world worlds[16];
    struct iow_proof_survey survey;
    struct iow_mem mem;
    uint32_t n = worlds_of("linux-6.1", worlds);

    (void)state;
    worlds[n - 1].most_bytes = 1;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_proof_survey(worlds, n, 1, &mem, &survey), -IOW_E2BIG);
    assert_false(survey.complete);
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_6_1_needs_is_found),
        cmocka_unit_test(what_6_12_needs_is_found),
        cmocka_unit_test(pure_needs_nothing),
        cmocka_unit_test(a_survey_that_ends_early_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
