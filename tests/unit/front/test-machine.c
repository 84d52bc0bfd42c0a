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

int machine_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_needs_its_memory_and_a_process),
        cmocka_unit_test(older_kernels_have_no_iommufd_and_no_cdev_comes_without_it),
        cmocka_unit_test(what_is_seen_follows_every_step),
        cmocka_unit_test(looking_leaves_no_trace),
    };

    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
