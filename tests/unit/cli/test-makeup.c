/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stage.h"

#include "cli/makeup.h"

#define BRIDGE IOW_PCIE_TO_PCI_BRIDGE, -1, 0

struct made {
    struct stage stage;
    struct iow_prove_make *makes;
    uint32_t n;
};

static void make(struct made *m, const bool *chosen)
{
    stage_play(&m->stage);
    assert_int_equal(iow_makeup_list(m->stage.view, chosen, &m->stage.scene.mem, &m->makes, &m->n), 0);
}

/* The regions of every group were read, and the firmware demands none. */
static void read_regions(struct made *m)
{
    static const struct iow_region none;

    for (uint32_t g = 0; g < m->stage.scene.facts.n_groups; g++)
        m->stage.scene.group[g].regions = &none;
}

static void set_machine(struct made *m)
{
    static const struct actor actor[] = {
        {"00:02.0", NULL, PORT, 0, "pcieport"},
        {"00:03.0", NULL, PORT, 3, "pcieport"},
        {"00:04.0", NULL, PORT_OPEN, 4, "pcieport"},
        {"01:00.0", "00:02.0", EP, 1, "nvme"},
        {"02:00.0", "00:03.0", EP, 2, "vfio-pci"},
        {"03:00.0", "00:04.0", BRIDGE, 4},
        {"04:00.0", "03:00.0", EP, 4, "e1000"},
    };

    scene_set(&m->stage.scene, actor, COUNT(actor));
    read_regions(m);
}

static void groups_made_up_alike_are_one_make_up(void **state)
{
    struct made m;

    (void)state;
    set_machine(&m);
    make(&m, NULL);
    assert_int_equal(m.n, 3);
    assert_int_equal(m.makes[0].n_groups, 2);
    assert_int_equal(m.makes[0].groups[0], 0);
    assert_int_equal(m.makes[0].groups[1], 3);
    assert_int_equal(m.makes[0].parts[IOW_PART_PORT], 1);
    assert_false(m.makes[0].newcomers);
    /* what driver a device happens to have makes no difference */
    assert_int_equal(m.makes[1].n_groups, 2);
    assert_int_equal(m.makes[1].parts[IOW_PART_DEVICE], 1);
    assert_false(m.makes[1].direct);
    assert_int_equal(m.makes[2].n_groups, 1);
    assert_int_equal(m.makes[2].parts[IOW_PART_PORT], 1);
    assert_int_equal(m.makes[2].parts[IOW_PART_BRIDGE], 1);
    assert_int_equal(m.makes[2].parts[IOW_PART_DEVICE], 1);
    assert_true(m.makes[2].newcomers);
    assert_string_equal(m.makes[2].members[1].name, "0000:03:00.0");
    stage_end(&m.stage);
}

static void only_the_chosen_are_made_up(void **state)
{
    static const bool chosen[] = {false, true, false, false, false};
    struct made m;

    (void)state;
    set_machine(&m);
    make(&m, chosen);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.makes[0].n_groups, 1);
    assert_int_equal(m.makes[0].groups[0], 1);
    stage_end(&m.stage);
}

static void groups_of_vfios_own_are_left_out(void **state)
{
    struct made m;

    (void)state;
    set_machine(&m);
    m.stage.scene.group[0].name = "vfio-noiommu";
    make(&m, NULL);
    assert_int_equal(m.makes[0].groups[0], 1);
    stage_end(&m.stage);
}

static void a_port_that_does_not_isolate_takes_newcomers(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT_OPEN, 0, "pcieport"}};
    struct made m;

    (void)state;
    scene_set(&m.stage.scene, actor, COUNT(actor));
    m.stage.scene.function[0].config.header_type = 1;
    make(&m, NULL);
    assert_true(m.makes[0].newcomers);
    stage_end(&m.stage);
}

static void a_bridge_not_read_is_told_by_its_driver(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0, "pcieport"}, {"00:03.0", NULL, PORT, 1}};
    struct made m;

    (void)state;
    scene_set(&m.stage.scene, actor, COUNT(actor));
    for (uint32_t i = 0; i < 2; i++) {
        m.stage.scene.function[i].config.header_type = 1;
        m.stage.scene.function[i].config.known = IOW_CONFIG_IDS | IOW_CONFIG_HEADER;
    }
    make(&m, NULL);
    assert_int_equal(m.makes[0].parts[IOW_PART_PORT], 1);
    assert_int_equal(m.makes[1].parts[IOW_PART_BRIDGE], 1);
    stage_end(&m.stage);
}

static void direct_mappings_are_told_by_the_regions(void **state)
{
    static const struct iow_region regions[] = {{0, 1, "msi"}, {2, 3, "direct"}};
    struct made m;

    (void)state;
    set_machine(&m);
    m.stage.scene.group[1].regions = regions;
    m.stage.scene.group[1].n_regions = 1;
    m.stage.scene.group[2].regions = regions;
    m.stage.scene.group[2].n_regions = 2;
    m.stage.scene.group[3].regions = NULL; /* not read */
    make(&m, NULL);
    assert_false(m.makes[0].direct);
    assert_false(m.makes[1].direct);
    assert_true(m.makes[2].direct);
    assert_int_equal(m.n, 4);
    stage_end(&m.stage);
}

static void a_bus_that_does_not_ask_counts_no_driver(void **state)
{
    static struct iow_other_member member[] = {
        {0, "vmbus-1", "vmbus", "hv"}, {1, "INTC:00", "platform", NULL}};
    struct makeup_world made;
    struct made m;

    (void)state;
    set_machine(&m);
    m.stage.scene.facts.other_members = member;
    m.stage.scene.facts.n_other_members = COUNT(member);
    make(&m, NULL);
    assert_int_equal(m.makes[0].parts[IOW_PART_UNASKED], 1);
    assert_int_equal(m.makes[1].parts[IOW_PART_DEVICE], 1);
    assert_int_equal(m.makes[1].parts[IOW_PART_OTHER], 1);
    assert_int_equal(iow_makeup_world(&m.makes[0], iow_profile_at(0), UINT32_MAX, &made), 2);
    assert_int_equal(made.world.devices[1].drivers, 0);
    assert_true(made.world.devices[1].fixed);
    assert_false(made.world.devices[0].fixed);
    stage_end(&m.stage);
}

static void a_world_has_the_members_and_the_newcomer(void **state)
{
    struct makeup_world made;
    struct made m;

    (void)state;
    set_machine(&m);
    make(&m, NULL);
    assert_int_equal(iow_makeup_world(&m.makes[2], iow_profile_find("linux-6.12"), UINT32_MAX, &made), 3);
    assert_ptr_equal(made.world.profile, iow_profile_find("linux-6.12"));
    assert_int_equal(made.world.n_groups, 1);
    assert_int_equal(made.world.n_devices, 4);
    assert_true(made.world.counted);
    assert_true(made.world.pasids);
    assert_int_equal(made.world.dropped, 0);
    /* the freest first */
    assert_int_equal(made.world.devices[0].drivers,
        1 << IOW_DRIVER_MANAGED | 1 << IOW_DRIVER_DMA_API | 1 << IOW_DRIVER_PRIVATE);
    assert_int_equal(made.world.devices[1].drivers, 1 << IOW_DRIVER_MANAGED | 1 << IOW_DRIVER_DMA_API);
    assert_int_equal(made.world.devices[2].drivers, 1 << IOW_DRIVER_MANAGED);
    assert_true(made.world.devices[3].absent);
    assert_int_equal(made.member[0], 2);
    assert_int_equal(made.member[1], 1);
    assert_int_equal(made.member[2], 0);
    assert_int_equal(made.member[3], IOW_NONE);
    stage_end(&m.stage);
}

static void small_worlds_have_the_freest_members(void **state)
{
    struct makeup_world small[MAKEUP_SMALL];
    struct made m;

    (void)state;
    set_machine(&m);
    make(&m, NULL);
    iow_makeup_small(&m.makes[2], iow_profile_find("linux-6.12"), small);
    assert_int_equal(small[0].world.n_devices, 2);
    assert_int_equal(small[0].member[0], 2);
    assert_int_equal(small[0].member[1], IOW_NONE);
    assert_int_equal(small[0].world.n_owners, 1);
    assert_true(small[0].world.pasids);
    assert_int_equal(small[1].world.n_devices, 3);
    assert_int_equal(small[1].member[1], 1);
    assert_false(small[1].world.pasids);
    assert_int_equal(small[2].world.n_owners, 2);
    iow_makeup_small(&m.makes[2], iow_profile_find("linux-6.1"), small);
    assert_false(small[0].world.pasids);
    stage_end(&m.stage);
}

static void a_large_group_is_cut_and_says_so(void **state)
{
    struct iow_prove_member members[40];
    const struct iow_prove_make large = {.newcomers = true, .n_members = COUNT(members), .members = members};
    struct makeup_world made;

    (void)state;
    for (uint32_t i = 0; i < COUNT(members); i++)
        members[i] = (struct iow_prove_member){.part = i % 2 ? IOW_PART_DEVICE : IOW_PART_PORT};
    assert_int_equal(iow_makeup_world(&large, iow_profile_at(0), UINT32_MAX, &made), IOW_PROOF_DEVICES - 1);
    assert_int_equal(made.world.n_devices, IOW_PROOF_DEVICES);
    assert_int_equal(made.member[IOW_PROOF_DEVICES - 1], IOW_NONE);
    assert_false(made.world.pasids);
    assert_int_equal(iow_makeup_world(&large, iow_profile_at(0), 4, &made), 4);
    assert_int_equal(made.world.n_devices, 5);
    assert_int_equal(made.member[3], 7);
    assert_true(made.world.pasids);
    assert_int_equal(made.member[4], IOW_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_made_up_alike_are_one_make_up),
        cmocka_unit_test(only_the_chosen_are_made_up),
        cmocka_unit_test(groups_of_vfios_own_are_left_out),
        cmocka_unit_test(a_port_that_does_not_isolate_takes_newcomers),
        cmocka_unit_test(a_bridge_not_read_is_told_by_its_driver),
        cmocka_unit_test(direct_mappings_are_told_by_the_regions),
        cmocka_unit_test(a_bus_that_does_not_ask_counts_no_driver),
        cmocka_unit_test(a_world_has_the_members_and_the_newcomer),
        cmocka_unit_test(small_worlds_have_the_freest_members),
        cmocka_unit_test(a_large_group_is_cut_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
