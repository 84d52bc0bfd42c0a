/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/owner.h>
#include <ioward/transition.h>

/* Written out: whoever stores words, or reads them in a debugger, relies on where the fields are. */
static void every_field_has_its_place(void **state)
{
    const struct {
        struct iow_ownership is;
        uint64_t word;
    } cases[] = {
        {{0}, 0},
        {{.kind = IOW_KIND_IDENTITY}, 3},
        {{.type = IOW_TYPE_IDENTITY}, 3ull << 2},
        {{.pasids = 255}, 0xffull << 4},
        {{.drivers = 65535}, 0xffffull << 12},
        {{.claims = 65535}, 0xffffull << 28},
        {{.tag = 0xfffff}, 0xfffffull << 44},
        {{.kind = IOW_KIND_TABLE, .type = IOW_TYPE_DMA, .tag = 7, .claims = 1, .pasids = 2, .drivers = 3},
            0x0000700010003026},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(iow_ownership_pack(&cases[i].is), cases[i].word);
}

static void what_is_packed_is_unpacked(void **state)
{
    const uint32_t counts[] = {0, 1, 2, 254, 255};

    (void)state;
    for (unsigned i = 0; i < 4 * 4 * 5 * 5 * 5 * 5; i++) {
        struct iow_ownership is = {
            .kind = i % 4,
            .type = i / 4 % 4,
            .pasids = counts[i / 16 % 5],
            .drivers = counts[i / 80 % 5] * 257,
            .claims = counts[i / 400 % 5] * 257,
            .tag = counts[i / 2000] * 4112,
        };
        struct iow_ownership back = iow_ownership_unpack(iow_ownership_pack(&is));

        assert_memory_equal(&back, &is, sizeof(is));
    }
}

static enum iow_state state_of(const char *profile, struct iow_ownership is)
{
    return iow_ownership_state(iow_profile_find(profile), iow_ownership_pack(&is));
}

static void the_state_follows_from_domain_tag_and_counts(void **state)
{
    static const char *const profiles[] = {"pure", "linux-6.1", "linux-6.12"};

    (void)state;
    for (size_t i = 0; i < COUNT(profiles); i++) {
        const char *p = profiles[i];

        assert_int_equal(state_of(p, (struct iow_ownership){0}), IOW_STATE_FREE);
        assert_int_equal(state_of(p, (struct iow_ownership){.drivers = 1}), IOW_STATE_KERNEL);
        assert_int_equal(
            state_of(p, (struct iow_ownership){.kind = IOW_KIND_TABLE, .drivers = 1}), IOW_STATE_PRIVATE);
        assert_int_equal(
            state_of(p, (struct iow_ownership){.kind = IOW_KIND_BLOCKING, .claims = 1}), IOW_STATE_PRIVATE);
        assert_int_equal(state_of(p, (struct iow_ownership){.kind = IOW_KIND_IDENTITY}), IOW_STATE_STRAY);
        assert_int_equal(
            state_of(p, (struct iow_ownership){.kind = IOW_KIND_BLOCKING, .tag = 7, .claims = 1}),
            IOW_STATE_BLOCKED);
        assert_int_equal(state_of(p, (struct iow_ownership){.kind = IOW_KIND_TABLE, .tag = 7, .claims = 1}),
            IOW_STATE_ATTACHED);
        assert_int_equal(
            state_of(p, (struct iow_ownership){.kind = IOW_KIND_IDENTITY, .tag = 7, .drivers = 1}),
            IOW_STATE_ATTACHED);
        assert_int_equal(state_of(p, (struct iow_ownership){.tag = 7, .drivers = 1}), IOW_STATE_BLOCKED);
    }
}

/* Pure groups have no claims: a tag on the domain is all that makes an owner. */
static void an_owner_whom_nobody_counts_is_lost_on_linux_only(void **state)
{
    const struct iow_ownership attached = {.kind = IOW_KIND_TABLE, .tag = 7};
    const struct iow_ownership blocked = {.kind = IOW_KIND_BLOCKING, .tag = 7};

    (void)state;
    assert_int_equal(state_of("linux-6.1", attached), IOW_STATE_LEAKED);
    assert_int_equal(state_of("linux-6.12", blocked), IOW_STATE_LEAKED);
    assert_int_equal(state_of("pure", attached), IOW_STATE_ATTACHED);
    assert_int_equal(state_of("pure", blocked), IOW_STATE_BLOCKED);
}

static void neither_types_nor_pasids_make_a_state(void **state)
{
    (void)state;
    for (int type = 0; type < IOW_TYPE__COUNT; type++)
        for (uint32_t pasids = 0; pasids < 2; pasids++) {
            struct iow_ownership is = {.type = type, .pasids = pasids};

            assert_int_equal(state_of("linux-6.12", is), IOW_STATE_FREE);
            is.drivers = 1;
            assert_int_equal(state_of("linux-6.12", is), IOW_STATE_KERNEL);
        }
}

/* The words of all domains, tags and counts, where the word and what sysfs shows say the same. */
static void the_owner_of_a_word_is_the_one_derived(void **state)
{
    (void)state;
    for (unsigned i = 0; i < IOW_KIND__COUNT * 2 * 2 * 3; i++) {
        struct iow_ownership is = {
            .kind = i % IOW_KIND__COUNT, .tag = i / 4 % 2, .claims = i / 8 % 2, .drivers = i / 16};
        struct iow_driver_counts counts = {0};
        enum iow_domain domain = is.kind == IOW_KIND_DEFAULT ? IOW_DOMAIN_DEFAULT : IOW_DOMAIN_NOT_DEFAULT;

        counts.n[IOW_DRIVER_DMA_API] = is.drivers;
        assert_int_equal(iow_owner_of_word(iow_ownership_pack(&is)), iow_owner_derive(domain, &counts));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_its_place),
        cmocka_unit_test(what_is_packed_is_unpacked),
        cmocka_unit_test(the_state_follows_from_domain_tag_and_counts),
        cmocka_unit_test(an_owner_whom_nobody_counts_is_lost_on_linux_only),
        cmocka_unit_test(the_owner_of_a_word_is_the_one_derived),
        cmocka_unit_test(neither_types_nor_pasids_make_a_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
