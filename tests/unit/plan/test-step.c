/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/plan.h>

static void every_kind_has_a_name_that_is_read_back(void **state)
{
    static const char *const wanted[IOW_STEP__COUNT] = {"load", "unbind", "override", "bind", "give"};

    (void)state;
    for (int i = 0; i < IOW_STEP__COUNT; i++) {
        assert_string_equal(iow_step_kind_name((enum iow_step_kind)i), wanted[i]);
        assert_int_equal(iow_step_kind_parse(wanted[i]), i);
    }
    assert_string_equal(iow_step_kind_name(IOW_STEP__COUNT), "unknown");
    assert_int_equal(iow_step_kind_parse("unknown"), -IOW_EINVAL);
    assert_int_equal(iow_step_kind_parse(""), -IOW_EINVAL);
    assert_int_equal(iow_step_kind_parse("loads"), -IOW_EINVAL);
}

static void an_inverse_exchanges_the_values_and_is_undone_by_its_own(void **state)
{
    static const enum iow_step_kind inverse[IOW_STEP__COUNT] = {
        [IOW_STEP_UNBIND] = IOW_STEP_BIND,
        [IOW_STEP_OVERRIDE] = IOW_STEP_OVERRIDE,
        [IOW_STEP_BIND] = IOW_STEP_UNBIND,
        [IOW_STEP_GIVE] = IOW_STEP_GIVE,
    };

    (void)state;
    for (int i = IOW_STEP_LOAD + 1; i < IOW_STEP__COUNT; i++) {
        const struct iow_step step = {.kind = (enum iow_step_kind)i,
            .group = 4,
            .function = {.bus = 1},
            .identity = 0x80861234,
            .before = "a",
            .after = "b"};
        struct iow_step back = iow_step_inverse(&step), again = iow_step_inverse(&back);

        assert_true(iow_step_has_inverse(&step));
        assert_int_equal(back.kind, inverse[i]);
        assert_string_equal(back.before, "b");
        assert_string_equal(back.after, "a");
        assert_int_equal(back.group, 4);
        assert_int_equal(back.function.bus, 1);
        assert_int_equal(back.identity, 0x80861234);
        assert_int_equal(again.kind, step.kind);
        assert_ptr_equal(again.before, step.before);
    }
}

static void what_was_loaded_stays(void **state)
{
    const struct iow_step load = {.kind = IOW_STEP_LOAD, .before = "", .after = "vfio-pci"};

    (void)state;
    assert_false(iow_step_has_inverse(&load));
    assert_string_equal(iow_step_inverse(&load).after, "vfio-pci");
}

static void access_is_written_and_read_back(void **state)
{
    static const struct {
        uint32_t uid, gid, mode;
        const char *text;
    } cases[] = {
        {0, 0, 0600, "0:0:0600"},
        {1000, 100, 0660, "1000:100:0660"},
        {UINT32_MAX, UINT32_MAX, 07777, "4294967295:4294967295:7777"},
        {1, 2, 0, "1:2:0000"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char buf[IOW_ACCESS_TEXT];
        uint32_t uid, gid, mode;

        assert_string_equal(iow_access_format(cases[i].uid, cases[i].gid, cases[i].mode, buf), cases[i].text);
        assert_int_equal(iow_access_parse(buf, &uid, &gid, &mode), 0);
        assert_int_equal(uid, cases[i].uid);
        assert_int_equal(gid, cases[i].gid);
        assert_int_equal(mode, cases[i].mode);
    }
}

static void what_is_no_access_is_refused_and_writes_nothing(void **state)
{
    static const char *const cases[] = {"", ":", "::", "0:0", "0:0:", "0::0600", ":0:0600", "-1:0:0600",
        "0:0:0800", "0:0:10000", "0:0:600x", "0:0:0600 ", " 0:0:0600", "4294967296:0:0600", "0:0:-600",
        "0:0:0:0600", "0:0:000600", "0:0:60"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t uid = 7, gid = 8, mode = 9;

        assert_int_equal(iow_access_parse(cases[i], &uid, &gid, &mode), -IOW_EINVAL);
        assert_int_equal(uid, 7);
        assert_int_equal(gid, 8);
        assert_int_equal(mode, 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_name_that_is_read_back),
        cmocka_unit_test(an_inverse_exchanges_the_values_and_is_undone_by_its_own),
        cmocka_unit_test(what_was_loaded_stays),
        cmocka_unit_test(access_is_written_and_read_back),
        cmocka_unit_test(what_is_no_access_is_refused_and_writes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
