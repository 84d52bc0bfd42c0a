/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define EP IOW_PCIE_ENDPOINT, -1, 0

/* A port without ACS above a switch: everything in one set, joined one to the other. */
static const struct actor actor[] = {
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, -1, 0, 0},
    {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0x1d, 1},
    {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1, 0, 0},
    {"02:03.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1, 0, 0},
    {"02:04.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1, 0, 0},
    {"03:00.0", "02:03.0", EP, 0},
    {"04:00.0", "02:04.0", EP, 0},
    {"05:00.0", "00:03.0", EP, 2},
};

static void the_way_between_two_members_leads_through_their_common_member(void **state)
{
    static const char *const way[] = {"03:00.0", "02:03.0", "01:00.0", "02:04.0", "04:00.0"};
    const struct iow_link *links;
    struct scene s;
    uint32_t n;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(iow_explain_pair(s.analysis, scene_function(&s, "03:00.0"),
                         scene_function(&s, "04:00.0"), &s.mem, &links, &n),
        0);
    assert_int_equal(n, 4);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t a = scene_function(&s, way[i]), b = scene_function(&s, way[i + 1]);

        assert_true((links[i].from == a && links[i].to == b) || (links[i].from == b && links[i].to == a));
        assert_int_equal(links[i].reason.rule, IOW_RULE_GRP_PATH);
    }
    scene_end(&s);
}

static void a_member_and_its_ancestor_are_one_way(void **state)
{
    const struct iow_link *links;
    struct scene s;
    uint32_t n;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    for (int swap = 0; swap < 2; swap++) {
        uint32_t a = scene_function(&s, swap ? "00:02.0" : "02:03.0");
        uint32_t b = scene_function(&s, swap ? "02:03.0" : "00:02.0");

        assert_int_equal(iow_explain_pair(s.analysis, a, b, &s.mem, &links, &n), 0);
        assert_int_equal(n, 2);
    }
    scene_end(&s);
}

static void functions_of_different_sets_have_no_way(void **state)
{
    const struct iow_link *links;
    struct scene s;
    uint32_t n;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(iow_explain_pair(s.analysis, scene_function(&s, "03:00.0"),
                         scene_function(&s, "05:00.0"), &s.mem, &links, &n),
        0);
    assert_int_equal(n, 0);
    assert_int_equal(iow_explain_pair(s.analysis, 0, 0, &s.mem, &links, &n), 0);
    assert_int_equal(n, 0);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_between_two_members_leads_through_their_common_member),
        cmocka_unit_test(a_member_and_its_ancestor_are_one_way),
        cmocka_unit_test(functions_of_different_sets_have_no_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
