/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan-stage.h"
#include "starve.h"

#include "report/page.h"

#include <time.h>

static void expect_and_let_go(struct iow_text *text, const char *wanted)
{
    assert_false(text->failed);
    assert_string_equal(text->data ? text->data : "", wanted);
    iow_text_done(text);
}

static void users_are_named_if_they_have_names(void **state)
{
    struct iow_text text = {0};

    (void)state;
    iow_page_user(&text, 1000, "alice");
    expect_and_let_go(&text, "alice (uid 1000)");
    iow_page_user(&text, 1000, NULL);
    expect_and_let_go(&text, "uid 1000");
    iow_page_user(&text, 1, HOSTILE);
    expect_and_let_go(&text, HOSTILE_SHOWN " (uid 1)");
}

static void groups_are_listed_as_people_do(void **state)
{
    static const char *const wanted[] = {"groups ", "group 4", "groups 4 and 7", "groups 4, 7 and 9"};

    (void)state;
    for (uint32_t n = 0; n < COUNT(wanted); n++) {
        struct iow_text text = {0};

        iow_page_groups(&text, stage_groups, n);
        expect_and_let_go(&text, wanted[n]);
    }
}

static void times_are_local(void **state)
{
    struct iow_text text = {0};

    (void)state;
    assert_int_equal(setenv("TZ", "XYZ-2", 1), 0);
    tzset();
    iow_page_time(&text, STAGE_TIME_USEC);
    expect_and_let_go(&text, "2026-03-01 16:07:12");
}

static void a_cell_is_as_wide_as_its_column_and_never_cut(void **state)
{
    struct iow_text text = {0};

    (void)state;
    iow_page_cell(&text, "ab", 4);
    iow_page_cell(&text, "\xc3\xa4", 2);
    iow_page_cell(&text, "abcdef", 4);
    expect_and_let_go(&text, "ab    \xc3\xa4   abcdef  ");
}

static char *reason(bool remedied)
{
    struct iow_text text = {0}, remedy = {0};
    struct iow_page page;

    return DRAWN(({
        page = iow_page_on(out);
        iow_text_puts(&text, "it is so");
        if (remedied)
            iow_text_puts(&remedy, "make it otherwise");
        iow_page_reason(&page, IOW_RULE_PLAN_BRIDGE, &text, &remedy);
        page.failed;
    }));
}

static void a_reason_has_its_rule_and_its_remedy_if_any(void **state)
{
    char *with = reason(true), *without = reason(false);

    (void)state;
    assert_string_equal(with, "! it is so (IOW-PLAN-BRIDGE)\n  -> make it otherwise\n");
    assert_string_equal(without, "! it is so (IOW-PLAN-BRIDGE)\n");
    free(with);
    free(without);
}

static void a_line_that_could_not_be_made_is_remembered(void **state)
{
    struct iow_page page = iow_page_on(stderr);
    struct iow_text text = {0}, remedy = {0};

    (void)state;
    meals = 0;
    iow_page_user(&text, 1, "alice");
    iow_page_put(&page, "", &text);
    assert_true(page.failed);
    page.failed = false;
    meals = 1; /* the sentence, and nothing for the remedy */
    iow_text_puts(&text, "it");
    iow_text_puts(&remedy, "do");
    meals = UINT_MAX;
    page.out = fopen("/dev/null", "we");
    iow_page_reason(&page, IOW_RULE_PLAN_BRIDGE, &text, &remedy);
    assert_true(page.failed);
    assert_int_equal(fclose(page.out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_are_named_if_they_have_names),
        cmocka_unit_test(groups_are_listed_as_people_do),
        cmocka_unit_test(times_are_local),
        cmocka_unit_test(a_cell_is_as_wide_as_its_column_and_never_cut),
        cmocka_unit_test(a_reason_has_its_rule_and_its_remedy_if_any),
        cmocka_unit_test(a_line_that_could_not_be_made_is_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
