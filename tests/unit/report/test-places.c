/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "starve.h"

#include "report/rules.h"

static const struct iow_rule_places all = {.function = "F",
    .joined = "J",
    .deciding = "D",
    .other = "O",
    .group = "G",
    .holder = "H",
    .subject = "S",
    .path = "P",
    .acs = "A",
    .quirk = "Q",
    .drivers = "R"};

static void check(const char *sentence, const struct iow_rule_places *places, const char *wanted)
{
    struct iow_text text = {0};

    iow_rule_fill(&text, sentence, places);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

static void every_place_has_its_own_value(void **state)
{
    (void)state;
    check("{function}{joined}{deciding}{other}{group}{holder}{subject}{path}{acs}{quirk}{drivers}", &all,
        "FJDOGHSPAQR");
}

static void what_fills_a_place_is_not_filled_again(void **state)
{
    const struct iow_rule_places places = {.function = "{joined}", .joined = "{", .other = ""};

    (void)state;
    check("{function}, {joined} and {other}.", &places, "{joined}, { and .");
}

static void braces_that_name_no_place_do_no_harm(void **state)
{
    (void)state;
    check("a} {} {{function} }{", &all, "a} ? ? }?");
}

static void a_place_is_known_by_its_whole_name(void **state)
{
    (void)state;
    assert_true(iow_rule_place_known("function} and more", strlen("function")));
    assert_false(iow_rule_place_known("functions", strlen("functions")));
    assert_false(iow_rule_place_known("functio", strlen("functio")));
    assert_false(iow_rule_place_known("", 0));
}

static void a_rule_is_a_sentence_with_places(void **state)
{
    struct iow_text text = {0};

    (void)state;
    iow_rule_sentence(&text, IOW_RULE_GRP_REAL_DMA, &all);
    assert_string_equal(text.data,
        "F joined the group of J: its requests carry the requester ID of J, so the "
        "IOMMU cannot tell the two apart");
    iow_text_done(&text);
}

static void a_sentence_without_memory_is_marked_as_failed(void **state)
{
    struct iow_text text = {0};

    (void)state;
    meals = 0;
    iow_rule_sentence(&text, IOW_RULE_GRP_PATH, &all);
    meals = UINT_MAX;
    assert_true(text.failed);
    iow_text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_has_its_own_value),
        cmocka_unit_test(what_fills_a_place_is_not_filled_again),
        cmocka_unit_test(braces_that_name_no_place_do_no_harm),
        cmocka_unit_test(a_place_is_known_by_its_whole_name),
        cmocka_unit_test(a_rule_is_a_sentence_with_places),
        cmocka_unit_test(a_sentence_without_memory_is_marked_as_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
