/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/rules.h"

#include <errno.h>

static void check_places(const char *text)
{
    for (const char *at = strchr(text, '{'); at; at = strchr(at, '{')) {
        const char *end = strchr(++at, '}');

        assert_non_null(end);
        assert_true(iow_rule_place_known(at, (size_t)(end - at)));
    }
}

static void check_style(const char *text)
{
    size_t len = strlen(text);

    assert_true(len > 0);
    assert_true(text[len - 1] != '.');
    assert_null(strstr(text, "  "));
    check_places(text);
}

static void every_rule_has_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < IOW_RULE__COUNT; i++) {
        const struct iow_rule_words *words = iow_rule_words((enum iow_rule)i);

        assert_non_null(words->title);
        assert_non_null(words->sentence);
        check_style(words->title);
        check_style(words->sentence);
        assert_null(strchr(words->title, '{'));
        if (words->remedy)
            check_style(words->remedy);
        if (words->remedy_otherwise)
            check_style(words->remedy_otherwise);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(words->sentence, iow_rule_words((enum iow_rule)k)->sentence);
    }
}

static void a_remedy_fits_what_the_system_said(void **state)
{
    static const int numbers[] = {ENOENT, ENOTDIR, EEXIST, EINVAL, EACCES, EROFS, ENOSPC, EDQUOT, EFBIG};

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const char *remedy = iow_rule_remedy(IOW_RULE_CAP_WRITE, numbers[i]);

        check_style(remedy);
        assert_ptr_not_equal(remedy, iow_rule_words(IOW_RULE_CAP_WRITE)->remedy);
    }
    assert_ptr_equal(iow_rule_remedy(IOW_RULE_CAP_WRITE, EIO), iow_rule_words(IOW_RULE_CAP_WRITE)->remedy);
    assert_null(iow_rule_remedy(IOW_RULE_GRP_ALONE, ENOENT));
}

static void a_number_that_is_no_rule_has_words_too(void **state)
{
    (void)state;
    assert_ptr_equal(iow_rule_words((enum iow_rule)IOW_RULE__COUNT), iow_rule_words(IOW_RULE_NONE));
    assert_ptr_equal(iow_rule_words((enum iow_rule) - 1), iow_rule_words(IOW_RULE_NONE));
}

static void places_are_filled(void **state)
{
    static const struct {
        const char *sentence, *wanted;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{function} joined {joined}", "F joined J"},
        {"{function}{function}", "FF"},
        {"{group} unknown", "? unknown"}, /* nothing was given */
        {"{no such place}!", "?!"},
        {"cut {function", "cut F"},
    };
    const struct iow_rule_places places = {.function = "F", .joined = "J"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_text text = {0};

        iow_rule_fill(&text, cases[i].sentence, &places);
        assert_string_equal(text.data ? text.data : "", cases[i].wanted);
        iow_text_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_its_words),
        cmocka_unit_test(a_remedy_fits_what_the_system_said),
        cmocka_unit_test(a_number_that_is_no_rule_has_words_too),
        cmocka_unit_test(places_are_filled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
