/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/suggest.h"

static const char *word_at(unsigned i)
{
    static const char *const words[] = {
        "status", "show", "why", "capture", "a-word-that-is-longer-than-any-word-may-be", NULL};

    return words[i];
}

static void slips_lead_to_the_word_that_was_meant(void **state)
{
    static const struct {
        const char *typed, *wanted;
    } cases[] = {
        {"status", "status"},
        {"statsu", "status"},
        {"statis", "status"},
        {"stats", "status"},
        {"stat", NULL}, /* two slips are half of the word */
        {"statuss", "status"},
        {"sttaus", "status"},
        {"shwo", "show"},
        {"hsow", "show"},
        {"sho", "show"},
        {"list", NULL},
        {"whi", "why"},
        {"wyh", "why"},
        {"w", NULL},
        {"", NULL},
        {"captrue", "capture"},
        {"caputer", "capture"},
        {"frobnicate", NULL},
        {"01:00.0", NULL},
        {"a-word-that-is-longer-than-any-word-may-be", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found = iow_suggest(cases[i].typed, word_at);

        if (cases[i].wanted) {
            assert_non_null(found);
            assert_string_equal(found, cases[i].wanted);
        } else {
            assert_null(found);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_lead_to_the_word_that_was_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
