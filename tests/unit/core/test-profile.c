/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/transition.h>

#define RELEASE(major, minor) ((major) << 8 | (minor))
#define HAS(name) (1u << IOW_FEATURE_##name)

static void there_are_three_profiles_and_the_first_is_pure(void **state)
{
    (void)state;
    assert_string_equal(iow_profile_at(0)->name, "pure");
    assert_string_equal(iow_profile_at(1)->name, "linux-6.1");
    assert_string_equal(iow_profile_at(2)->name, "linux-6.12");
    assert_null(iow_profile_at(3));
    assert_null(iow_profile_at(UINT32_MAX));
    assert_int_equal(iow_profile_at(0)->release, 0);
    assert_int_equal(iow_profile_at(1)->release, RELEASE(6, 1));
    assert_int_equal(iow_profile_at(2)->release, RELEASE(6, 12));
}

/* What Linux changed between the two; a feature of a kernel is none of the pure profile. */
static void a_profile_is_its_features(void **state)
{
    (void)state;
    assert_int_equal(iow_profile_find("pure")->features, HAS(PURE));
    assert_int_equal(iow_profile_find("linux-6.1")->features, HAS(IDENTITY_ALIKE));
    assert_int_equal(iow_profile_find("linux-6.12")->features,
        HAS(DEVICE_CLAIM) | HAS(PASID) | HAS(REPLACE) | HAS(DEFERS) | HAS(COOKIE_CHECKED) | HAS(REVERTS) |
            HAS(OPS_CHECKED) | HAS(JOINS_AS_IS) | HAS(DIRECT_KEPT) | HAS(TYPE_BY_COUNT));
}

static void a_profile_is_found_by_its_whole_name(void **state)
{
    (void)state;
    for (uint32_t i = 0; iow_profile_at(i); i++)
        assert_ptr_equal(iow_profile_find(iow_profile_at(i)->name), iow_profile_at(i));
    assert_null(iow_profile_find("linux-6"));
    assert_null(iow_profile_find("linux-6.123"));
    assert_null(iow_profile_find("linux-6.13"));
    assert_null(iow_profile_find(""));
}

static void a_release_has_its_own_profile_or_the_nearest(void **state)
{
    static const struct {
        uint16_t release;
        const char *name;
        bool assumed;
    } cases[] = {
        {RELEASE(6, 1), "linux-6.1", false},
        {RELEASE(6, 12), "linux-6.12", false},
        {RELEASE(5, 19), "linux-6.1", true},
        {RELEASE(6, 0), "linux-6.1", true},
        {RELEASE(6, 2), "linux-6.1", true},
        {RELEASE(6, 6), "linux-6.1", true},
        {RELEASE(6, 7), "linux-6.12", true},
        {RELEASE(6, 11), "linux-6.12", true},
        {RELEASE(6, 13), "linux-6.12", true},
        {RELEASE(7, 0), "linux-6.12", true},
        {UINT16_MAX, "linux-6.12", true},
        {0, "linux-6.12", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool assumed = !cases[i].assumed;

        assert_string_equal(iow_profile_of(cases[i].release, &assumed)->name, cases[i].name);
        assert_int_equal(assumed, cases[i].assumed);
        assert_string_equal(iow_profile_of(cases[i].release, NULL)->name, cases[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_three_profiles_and_the_first_is_pure),
        cmocka_unit_test(a_profile_is_its_features),
        cmocka_unit_test(a_profile_is_found_by_its_whole_name),
        cmocka_unit_test(a_release_has_its_own_profile_or_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
