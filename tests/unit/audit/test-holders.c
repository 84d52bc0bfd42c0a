/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define EP IOW_PCIE_ENDPOINT, -1, 0
#define GROUP(n)                                                                                             \
    {                                                                                                        \
        IOW_HELD_GROUP, n, IOW_NONE                                                                          \
    }
#define DEVICE                                                                                               \
    {                                                                                                        \
        IOW_HELD_DEVICE, IOW_NONE, IOW_NONE                                                                  \
    }

static const struct actor actor[] = {
    {"00:01.0", NULL, EP, 4, "vfio-pci"},
    {"00:02.0", NULL, EP, 7, "vfio-pci"},
    {"00:03.0", NULL, EP, 9, NULL},
};

static void set(struct scene *s)
{
    scene_set(s, actor, COUNT(actor));
    s->group[0].vfio_node = s->group[1].vfio_node = true;
}

static const struct iow_group_owner *owner_of(struct scene *s, uint32_t number)
{
    return &s->analysis->owners[scene_group(s, number)];
}

static void each_group_lists_its_holders_once_and_in_order(void **state)
{
    static const struct iow_held both[] = {GROUP(7), GROUP(4), GROUP(7)}, one[] = {GROUP(4)};
    struct scene s;

    (void)state;
    set(&s);
    scene_hold(&s, 10, both, COUNT(both));
    scene_hold(&s, 20, one, COUNT(one));
    scene_play(&s);
    assert_int_equal(owner_of(&s, 4)->n_holders, 2);
    assert_int_equal(owner_of(&s, 4)->holders[0], 0);
    assert_int_equal(owner_of(&s, 4)->holders[1], 1);
    assert_int_equal(owner_of(&s, 7)->n_holders, 1);
    assert_int_equal(owner_of(&s, 9)->n_holders, 0);
    scene_end(&s);
}

static void a_loose_device_is_possible_wherever_there_is_a_vfio_node(void **state)
{
    static const struct iow_held loose[] = {DEVICE};
    struct scene s;

    (void)state;
    set(&s);
    scene_hold(&s, 10, loose, COUNT(loose));
    scene_play(&s);
    assert_int_equal(owner_of(&s, 4)->n_possible, 1);
    assert_int_equal(owner_of(&s, 7)->n_possible, 1);
    assert_int_equal(owner_of(&s, 9)->n_possible, 0);
    scene_end(&s);
}

static void who_holds_a_group_is_not_loose(void **state)
{
    static const struct iow_held held[] = {GROUP(4), DEVICE};
    struct scene s;

    (void)state;
    set(&s);
    scene_hold(&s, 10, held, COUNT(held));
    scene_play(&s);
    assert_int_equal(owner_of(&s, 7)->n_possible, 0);
    assert_int_equal(owner_of(&s, 4)->owner, IOW_OWNER_USER);
    scene_end(&s);
}

static void groups_that_do_not_exist_are_held_by_nobody(void **state)
{
    static const struct iow_held held[] = {GROUP(5), {IOW_HELD_CONTAINER, IOW_NONE, IOW_NONE}};
    struct scene s;

    (void)state;
    set(&s);
    scene_hold(&s, 10, held, COUNT(held));
    scene_play(&s);
    for (uint32_t g = 0; g < s.facts.n_groups; g++)
        assert_int_equal(s.analysis->owners[g].n_holders, 0);
    scene_end(&s);
}

/* A vfio node may be gone from what was read; a process that has the group open is not gone. */
static void a_held_group_without_node_is_not_free(void **state)
{
    static const struct iow_held open[] = {GROUP(9)}, used[] = {GROUP(9), DEVICE};
    struct scene s;

    (void)state;
    for (uint32_t n = 1; n <= 2; n++) {
        set(&s);
        scene_hold(&s, 10, n == 1 ? open : used, n);
        scene_play(&s);
        assert_int_equal(owner_of(&s, 9)->owner, n == 1 ? IOW_OWNER_UNKNOWN : IOW_OWNER_USER);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_group_lists_its_holders_once_and_in_order),
        cmocka_unit_test(a_loose_device_is_possible_wherever_there_is_a_vfio_node),
        cmocka_unit_test(who_holds_a_group_is_not_loose),
        cmocka_unit_test(groups_that_do_not_exist_are_held_by_nobody),
        cmocka_unit_test(a_held_group_without_node_is_not_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
