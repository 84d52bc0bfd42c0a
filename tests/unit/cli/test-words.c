/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "cli/words.h"
#include <ioward/error.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *line, *words; /* words: each between "<" and ">"; NULL: it is no line */
} rows[] = {
    {"", ""},
    {"  \t \n", ""},
    {"claim 01:00.0", "<claim><01:00.0>"},
    {"  a   b\n", "<a><b>"},
    {"a 'b c' d", "<a><b c><d>"},
    {"a \"b c\"", "<a><b c>"},
    {"a'b'\"c\"d", "<abcd>"},
    {"a '' \"\"", "<a><><>"},
    {"a\\ b c", "<a b><c>"},
    {"a \\'b", "<a><'b>"},
    {"'a\\b'", "<a\\b>"},
    {"\"a\\\"b\\\\c\\d\"", "<a\"b\\c\\d>"},
    {"a # b", "<a>"},
    {"a#b", "<a#b>"},
    {"# b", ""},
    {"'#' b", "<#><b>"},
    {"'a'", "<a>"},
    {"''", "<>"},
    {"a 'b", NULL},
    {"a \"b\\\"", NULL},
    {"a \\", NULL},
};

static void every_line_is_cut_as_a_shell_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[64], text[64] = "", *words[9];
        int n;

        (void)snprintf(line, sizeof(line), "%s", rows[i].line);
        n = iow_words(line, words, 8);
        if (!rows[i].words) {
            assert_int_equal(n, -IOW_EINVAL);
            continue;
        }
        for (int at = 0; at < n; at++) {
            strcat(text, "<");
            strcat(text, words[at]);
            strcat(text, ">");
        }
        assert_string_equal(text, rows[i].words);
        assert_true(n >= 0 && !words[n]);
    }
}

static void more_words_than_there_is_room_for_are_refused(void **state)
{
    char enough[] = "a b c", many[] = "a b c d", *words[4];

    (void)state;
    assert_int_equal(iow_words(enough, words, 3), 3);
    assert_int_equal(iow_words(many, words, 3), -IOW_E2BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_cut_as_a_shell_does),
        cmocka_unit_test(more_words_than_there_is_room_for_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
