/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a machine, and what is seen of it. */
#include "scene.h"

static unsigned chunks_left;

static void *few_chunks(void *ctx, size_t size_bytes)
{
    (void)ctx;
    return chunks_left && chunks_left-- ? malloc(size_bytes) : NULL;
}

static void give_back(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

static void a_machine_needs_its_memory_and_a_process(void **state)
{
    const struct iow_front_shape large = {1000, 1000, 1000, 1000, 1000, 10, 10};
    const struct iow_front_shape nobody = {1, 1, 1, 1, 1, 0, 1};
    struct iow_front front;
    struct iow_mem mem;
    unsigned chunks = 0;
    int r = -12;

    (void)state;
    for (; r == -12; chunks++) {
        iow_mem_init(&mem, few_chunks, give_back, NULL);
        chunks_left = chunks;
        r = iow_front_init(&front, &mem, &large, V6_12, 0);
        iow_mem_done(&mem);
    }
    assert_int_equal(r, 0);
    assert_true(chunks > 1);
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_front_init(&front, &mem, &nobody, V6_12, 0), -12);
    iow_mem_done(&mem);
}

static void older_kernels_have_no_iommufd_and_no_cdev_comes_without_it(void **state)
{
    const struct iow_front_shape shape = {1, 1, 1, 1, 1, 1, 1};
    struct iow_front front;
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_front_init(&front, &mem, &shape, V6_1, IOMMUFD_BUILT | NOIOMMU_ON), 0);
    assert_int_equal(front.features, NOIOMMU_ON);
    assert_string_equal(front.profile->name, "linux-6.1");
    assert_int_equal(iow_front_init(&front, &mem, &shape, V6_12, 1u << IOW_FRONT_CDEV), 0);
    assert_int_equal(front.features, 1u << IOW_FRONT_SINCE_6_12);
    iow_mem_done(&mem);
}

static void what_is_seen_follows_every_step(void **state)
{
    struct iow_front_seen_function f;
    struct iow_front_seen_group g;
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, IOMMUFD_BUILT)
    {
        f = iow_front_see_function(&s.front, NIC);
        assert_true(f.present);
        assert_int_equal(f.driver, IOW_NONE);
        assert_int_equal(f.group, 1);
        assert_false(f.cdev);
        assert_int_equal(f.open_cdev, -2);
        g = iow_front_see_group(&s.front, 1);
        assert_int_equal(g.members, 2);
        assert_int_equal(g.type, IOW_TYPE_DMA_FQ);
        assert_false(g.node || g.claimed);
        assert_int_equal(g.open, -2);
        assert_int_equal(g.owner, IOW_OWNER_NONE);
        to_vfio(&s, NIC);
        f = iow_front_see_function(&s.front, NIC);
        assert_int_equal(f.driver, VFIO_PCI);
        assert_int_equal(f.cdev, both_release == V6_12);
        assert_int_equal(f.open_cdev, both_release == V6_12 ? 0 : -2);
        (void)use(&s, 1);
        g = iow_front_see_group(&s.front, 1);
        assert_true(g.node && g.claimed);
        assert_int_equal(g.open, -16);
        assert_int_equal(g.owner, IOW_OWNER_USER);
    }
}

/* Looking counts no row and changes nothing. */
static void looking_leaves_no_trace(void **state)
{
    uint32_t before = 0, after = 0;
    struct iow_front_row row;
    struct scene s;

    (void)state;
    scene_init(&s, V6_12, IOMMUFD_BUILT);
    to_vfio(&s, NIC);
    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        before += s.front.times[i];
    (void)iow_front_see_function(&s.front, NIC);
    (void)iow_front_see_group(&s.front, 1);
    for (uint32_t i = 0; iow_front_row_at(i, &row); i++)
        after += s.front.times[i];
    assert_int_equal(before, after);
    scene_done(&s);
}

static uint32_t told_released[N_FUNCTIONS], told_gone[N_FUNCTIONS];

static uint32_t choose_home(void *ctx, uint32_t function)
{
    return function == LATE ? *(const uint32_t *)ctx : IOW_NONE;
}

static void count_released(void *ctx, uint32_t function)
{
    (void)ctx;
    told_released[function]++;
}

static void count_gone(void *ctx, uint32_t function)
{
    (void)ctx;
    told_gone[function]++;
}

static void the_caller_says_which_group_and_is_told_what_goes(void **state)
{
    static const struct iow_front_hooks hooks = {
        .home = choose_home, .released = count_released, .gone = count_gone};
    struct scene s;
    uint32_t home;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        memset(told_released, 0, sizeof(told_released));
        memset(told_gone, 0, sizeof(told_gone));
        s.front.hooks = &hooks;
        s.front.ctx = &home;
        home = 2;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(iow_front_see_function(&s.front, LATE).group, 2);
        assert_int_equal(unbind_from(&s, E1000, LATE), 0);
        assert_int_equal(told_released[LATE], 1);
        assert_int_equal(take_away(&s, LATE), 0);
        assert_int_equal(told_released[LATE], 1);
        assert_int_equal(told_gone[LATE], 1);
        home = 5;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(iow_front_see_function(&s.front, LATE).group, 5);
        assert_int_equal(take_away(&s, LATE), 0);
        assert_int_equal(told_released[LATE], 2);
        assert_int_equal(told_gone[LATE], 2);
        assert_int_equal(told_gone[NIC], 0);
    }
}

static void a_function_that_was_bound_is_told_from_one_that_was_not(void **state)
{
    const struct iow_front_function *f;
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        f = &s.front.functions[NIC];
        assert_false(f->ready || f->bound);
        assert_int_equal(ASK(&s, BIND, .driver = E1000, .function = NIC, .hangs = true), IOW_FRONT_WAITS);
        assert_true(f->linked && !f->ready && !f->bound);
        iow_front_continue(&s.front);
        assert_true(f->linked && f->ready && f->bound);
        assert_int_equal(unbind_from(&s, E1000, NIC), 0);
        assert_true(!f->ready && f->bound);
        assert_int_equal(take_away(&s, NIC), 0);
        s.front.drivers[E1000].loaded = false;
        assert_int_equal(add(&s, NIC), 0);
        assert_false(f->ready || f->bound);
    }
}

/* A name is a name, whether a driver has it or not. */
static void names_that_no_driver_has_are_told_apart(void **state)
{
    struct scene s;

    (void)state;
    scene_init(&s, V6_12, 0);
    assert_int_equal(override(&s, NIC, N_DRIVERS + 5), 0);
    assert_int_equal(s.front.functions[NIC].override, N_DRIVERS + 5);
    assert_int_equal(bind_to(&s, E1000, NIC), -19);
    assert_int_equal(override(&s, NIC, IOW_FRONT_NO_NAME), 0);
    assert_int_equal(bind_to(&s, E1000, NIC), -19);
    assert_int_equal(override(&s, NIC, IOW_NONE), 0);
    assert_int_equal(bind_to(&s, E1000, NIC), 0);
    scene_done(&s);
}

static void vfio_devices_have_the_lowest_numbers_that_are_free(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, OTHER);
        to_vfio(&s, NIC);
        to_vfio(&s, SIBLING);
        assert_int_equal(s.front.functions[OTHER].index, 0);
        assert_int_equal(s.front.functions[NIC].index, 1);
        assert_int_equal(s.front.functions[SIBLING].index, 2);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), 0);
        assert_int_equal(s.front.functions[NIC].index, 1);
    }
}

static void a_node_that_came_again_is_another(void **state)
{
    uint64_t first, second;
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        to_vfio(&s, NIC);
        first = s.front.vgroups[iow_front_vgroup_of(&s.front, 1)].made;
        to_vfio(&s, SIBLING);
        assert_int_equal(s.front.vgroups[iow_front_vgroup_of(&s.front, 1)].made, first);
        assert_int_equal(unbind_from(&s, VFIO_PCI, NIC), 0);
        assert_int_equal(unbind_from(&s, VFIO_PCI, SIBLING), 0);
        assert_int_equal(bind_to(&s, VFIO_PCI, NIC), 0);
        second = s.front.vgroups[iow_front_vgroup_of(&s.front, 1)].made;
        assert_int_not_equal(second, first);
    }
}

/* Nobody tells who adds it. */
static void a_newcomer_that_no_domain_takes_has_no_group_and_gets_a_driver(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        s.front.functions[LATE].move_error = -5;
        assert_int_equal(add(&s, LATE), 0);
        assert_int_equal(iow_front_see_function(&s.front, LATE).group, IOW_NONE);
        assert_int_equal(driver_of(&s, LATE), E1000);
    }
}

static void what_left_its_group_is_under_no_domain(void **state)
{
    struct scene s;

    (void)state;
    BOTH_KERNELS(&s, 0)
    {
        assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_DEFAULT);
        assert_int_equal(take_away(&s, NIC), 0);
        assert_int_equal(s.front.functions[NIC].domain.kind, IOW_KIND_BLOCKING);
    }
}

int machine_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_needs_its_memory_and_a_process),
        cmocka_unit_test(older_kernels_have_no_iommufd_and_no_cdev_comes_without_it),
        cmocka_unit_test(what_is_seen_follows_every_step),
        cmocka_unit_test(looking_leaves_no_trace),
        cmocka_unit_test(the_caller_says_which_group_and_is_told_what_goes),
        cmocka_unit_test(a_function_that_was_bound_is_told_from_one_that_was_not),
        cmocka_unit_test(names_that_no_driver_has_are_told_apart),
        cmocka_unit_test(vfio_devices_have_the_lowest_numbers_that_are_free),
        cmocka_unit_test(a_newcomer_that_no_domain_takes_has_no_group_and_gets_a_driver),
        cmocka_unit_test(what_left_its_group_is_under_no_domain),
        cmocka_unit_test(a_node_that_came_again_is_another),
    };

    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
