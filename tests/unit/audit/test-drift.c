/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hardware.h"

#define EP IOW_PCIE_ENDPOINT, PLAIN

static const struct actor actor[] = {SWITCH(CLEARED, ISOLATING), {"03:00.0", "02:00.0", EP, 4},
    {"03:00.1", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};

struct opened {
    struct iow_opened *pair;
    uint32_t n;
    bool more;
};

static struct opened look(struct scene *s, const char *port, uint32_t most)
{
    struct opened ret;

    assert_int_equal(
        iow_drift_opened(s->analysis, scene_function(s, port), most, &s->mem, &ret.pair, &ret.n, &ret.more),
        0);
    return ret;
}

static void pairs_that_a_cleared_bit_opened_are_told(void **state)
{
    struct opened opened;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    scene_play(&s);
    opened = look(&s, "02:00.0", ENOUGH);
    assert_int_equal(opened.n, 2);
    assert_false(opened.more);
    for (uint32_t i = 0; i < opened.n; i++) {
        assert_int_equal(opened.pair[i].from, scene_function(&s, i ? "03:00.1" : "03:00.0"));
        assert_int_equal(opened.pair[i].to, scene_function(&s, "04:00.0"));
        assert_int_equal(opened.pair[i].now, IOW_ROUTE_AROUND);
        assert_int_equal(opened.pair[i].before, IOW_ROUTE_THROUGH);
        assert_int_equal(opened.pair[i].grade, IOW_ROUTE_SURELY);
        assert_int_equal(opened.pair[i].deciding.bit, IOW_ACS_RR);
        assert_false(opened.pair[i].translated);
    }
    scene_end(&s);
}

static void a_port_whose_bits_are_set_opened_nothing(void **state)
{
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(look(&s, "02:01.0", ENOUGH).n, 0);
    scene_end(&s);
}

static void a_short_list_says_that_it_is(void **state)
{
    struct opened opened;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    scene_play(&s);
    opened = look(&s, "02:00.0", 1);
    assert_int_equal(opened.n, 1);
    assert_true(opened.more);
    scene_end(&s);
}

/* What was open with the bits set is none of theirs. */
static void what_was_open_before_is_not_told(void **state)
{
    struct opened opened;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    s.function[scene_function(&s, "03:00.0")].config.multifunction = true;
    s.function[scene_function(&s, "02:00.0")].config.acs_cap &= ~(IOW_ACS_RR | IOW_ACS_UF);
    scene_play(&s);
    opened = look(&s, "02:00.0", ENOUGH);
    assert_int_equal(opened.n, 0);
    scene_end(&s);
}

static void each_port_that_drifted_is_listed_once(void **state)
{
    const struct actor both[] = {SWITCH(CLEARED, CLEARED), {"03:00.0", "02:00.0", EP, 4},
        {"03:00.1", "02:00.0", EP, 4}, {"04:00.0", "02:01.0", EP, 5}};
    struct scene s;
    uint32_t *ports, n;

    (void)state;
    hardware_set(&s, both, COUNT(both));
    scene_play(&s);
    assert_int_equal(iow_drift_ports(s.analysis, &s.mem, &ports, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(ports[0] + ports[1], scene_function(&s, "02:00.0") + scene_function(&s, "02:01.0"));
    scene_end(&s);
    hardware_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(iow_drift_ports(s.analysis, &s.mem, &ports, &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(ports[0], scene_function(&s, "02:00.0"));
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_a_cleared_bit_opened_are_told),
        cmocka_unit_test(a_port_whose_bits_are_set_opened_nothing),
        cmocka_unit_test(a_short_list_says_that_it_is),
        cmocka_unit_test(what_was_open_before_is_not_told),
        cmocka_unit_test(each_port_that_drifted_is_listed_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
