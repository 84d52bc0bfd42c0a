/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "route-stage.h"

static void both_kinds_are_followed_as_things_are_and_switched_on(void **state)
{
    struct iow_route_view pair;
    struct stage s;

    (void)state;
    stage_set_routes(&s);
    s.scene.function[2].config.command = IOW_COMMAND_MEMORY;
    stage_play(&s);
    iow_route_view_find(s.view, 2, 3, &pair);
    assert_int_equal(pair.from, 2);
    assert_int_equal(pair.to, 3);
    assert_int_equal(pair.now[0].answer, IOW_ROUTE_BLOCKED);
    assert_int_equal(pair.enabled[0].grade, IOW_ROUTE_IF_ROOT_COMPLEX);
    assert_int_equal(pair.enabled[0].deciding.rule, IOW_RULE_ROUTE_NOT_REDIRECTED);
    iow_route_view_find(s.view, 3, 2, &pair);
    assert_int_equal(pair.now[0].answer, IOW_ROUTE_THROUGH);
    assert_int_equal(pair.now[1].deciding.rule, IOW_RULE_ROUTE_ATS_OFF);
    assert_ptr_equal(iow_route_worse(&pair.now[0], &pair.now[1]), &pair.now[0]);
    assert_ptr_equal(iow_route_worse(&pair.now[1], &pair.now[0]), &pair.now[0]);
    assert_ptr_equal(iow_route_worse(&pair.now[0], &pair.enabled[0]), &pair.now[0]);
    stage_end(&s);
}

static void check_hop(const struct stage *s, const struct iow_hop *hop, const char *wanted)
{
    struct iow_text text = {0};

    iow_route_hop_text(&text, s->view, hop, 3);
    assert_string_equal(text.data, wanted);
    iow_text_done(&text);
}

static void hops_say_what_they_rest_on(void **state)
{
    struct iow_hop hop = {.node = 0, .rule = IOW_RULE_ROUTE_REDIRECTED, .way = IOW_HOP_UP, .bit = IOW_ACS_RR};
    struct stage s;

    (void)state;
    stage_set_routes(&s);
    s.scene.group[2].type = "identity";
    stage_play(&s);
    check_hop(&s, &hop, "0000:00:02.0 sends it up: P2P Request Redirect is on");
    hop.assumed = true;
    check_hop(&s, &hop,
        "0000:00:02.0 sends it up: P2P Request Redirect is on, assuming the kernel switched it on at boot, "
        "which no "
        "file shows");
    hop = (struct iow_hop){
        .rule = IOW_RULE_ROUTE_NOT_REDIRECTED, .way = IOW_HOP_ROOT_COMPLEX, .bit = IOW_ACS_RR};
    check_hop(&s, &hop,
        "0000:00:02.0 hands it over directly: P2P Request Redirect is off, if the root complex passes "
        "requests between "
        "its ports at all");
    hop = (struct iow_hop){.node = 2, .rule = IOW_RULE_ROUTE_IOMMU, .way = IOW_HOP_THROUGH};
    check_hop(&s, &hop,
        "the request of 0000:01:00.0 comes to the IOMMU, which sends it where its mappings say, or nowhere; "
        "its default "
        "domain is identity: unless another is attached, every address passes as it is");
    hop.node = 3;
    check_hop(&s, &hop,
        "the request of 0000:02:00.0 comes to the IOMMU, which sends it where its mappings say, or nowhere");
    stage_end(&s);
}

static void every_answer_has_words_of_its_own(void **state)
{
    static const struct iow_route answers[] = {
        {.answer = IOW_ROUTE_BLOCKED},
        {.answer = IOW_ROUTE_THROUGH},
        {.answer = IOW_ROUTE_UNKNOWN},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_IF_ROOT_COMPLEX},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_POSSIBLY},
        {.answer = IOW_ROUTE_AROUND, .grade = IOW_ROUTE_SURELY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(iow_route_answer_words(&answers[i]), iow_route_answer_words(&answers[k]));
    assert_string_equal(iow_route_answer_words(&answers[0]), "does not arrive");
    assert_string_equal(iow_route_answer_words(&answers[5]), "goes around the IOMMU");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_are_followed_as_things_are_and_switched_on),
        cmocka_unit_test(hops_say_what_they_rest_on),
        cmocka_unit_test(every_answer_has_words_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
