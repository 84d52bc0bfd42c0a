/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "proof/enough.h"

#include <string.h>

static const struct iow_profile *profile(const char *name)
{
    const struct iow_profile *found = iow_profile_find(name);

    assert_non_null(found);
    return found;
}

static bool enough(const char *name, enum iow_erasure erasure)
{
    struct iow_ambiguity ignored;

    return iow_enough(profile(name), erasure, &ignored);
}

static void the_whole_word_is_enough_under_every_profile(void **state)
{
    (void)state;
    for (uint32_t i = 0; iow_profile_at(i); i++)
        assert_true(enough(iow_profile_at(i)->name, IOW_ERASURE_NOTHING));
}

static void drivers_must_be_counted_under_every_profile(void **state)
{
    (void)state;
    for (uint32_t i = 0; iow_profile_at(i); i++)
        assert_false(enough(iow_profile_at(i)->name, IOW_ERASURE_DRIVERS));
}

static void on_6_1_neither_the_user_nor_the_claims_matter(void **state)
{
    (void)state;
    assert_true(enough("linux-6.1", IOW_ERASURE_WHOSE));
    assert_true(enough("linux-6.1", IOW_ERASURE_WHOSE_BLOCKING));
    assert_true(enough("linux-6.1", IOW_ERASURE_CLAIMS));
}

static void on_6_12_a_blocking_domain_must_say_whose_it_is(void **state)
{
    struct iow_ambiguity a;

    (void)state;
    assert_false(iow_enough(profile("linux-6.12"), IOW_ERASURE_WHOSE_BLOCKING, &a));
    assert_int_equal(a.a.n, 1);
    assert_int_equal(a.a.events[0].operation, IOW_OPERATION_CLAIM_GROUP);
    assert_int_equal(a.b.n, 1);
    assert_int_equal(a.b.events[0].operation, IOW_OPERATION_CLAIM_GROUP);
    assert_int_not_equal(a.a.events[0].tag, a.b.events[0].tag);
    assert_int_equal(a.event.operation, IOW_OPERATION_CLAIM_DEVICE);
    assert_int_equal(a.code_a, 0);
    assert_int_equal(a.code_b, -IOW_EPERM);
}

static void on_6_12_claims_must_be_counted(void **state)
{
    struct iow_ambiguity a;

    (void)state;
    assert_false(iow_enough(profile("linux-6.12"), IOW_ERASURE_CLAIMS, &a));
    assert_int_equal(a.a.n + a.b.n, 3);
    assert_int_equal(a.event.operation, IOW_OPERATION_RELEASE_DEVICE);
    assert_int_equal(iow_ownership_unpack(a.next_a).kind, IOW_KIND_DEFAULT);
    assert_int_equal(iow_ownership_unpack(a.next_b).kind, IOW_KIND_BLOCKING);
}

static void purely_the_tag_is_all_that_is_needed_beside_domain_and_drivers(void **state)
{
    struct iow_ambiguity a;

    (void)state;
    assert_true(enough("pure", IOW_ERASURE_CLAIMS));
    assert_false(iow_enough(profile("pure"), IOW_ERASURE_WHOSE, &a));
    assert_int_equal(a.event.operation, IOW_OPERATION_ATTACH_GROUP);
    assert_int_equal(a.code_b, -IOW_EBUSY);
}

static void what_is_erased_has_words(void **state)
{
    (void)state;
    for (int e = 0; e < IOW_ERASURE__COUNT; e++)
        assert_true(strlen(iow_erasure_words((enum iow_erasure)e)) > 5);
    assert_string_equal(iow_erasure_words(IOW_ERASURE__COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_word_is_enough_under_every_profile),
        cmocka_unit_test(drivers_must_be_counted_under_every_profile),
        cmocka_unit_test(on_6_1_neither_the_user_nor_the_claims_matter),
        cmocka_unit_test(on_6_12_a_blocking_domain_must_say_whose_it_is),
        cmocka_unit_test(on_6_12_claims_must_be_counted),
        cmocka_unit_test(purely_the_tag_is_all_that_is_needed_beside_domain_and_drivers),
        cmocka_unit_test(what_is_erased_has_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
