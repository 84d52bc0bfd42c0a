/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define PORT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define EP IOW_PCIE_ENDPOINT, -1, 0

static const struct actor actor[] = {
    {"00:02.0", NULL, PORT, 0, "pcieport"},
    {"00:03.0", NULL, IOW_PCIE_ROOT_PORT, 0x5f, 0, 1, "pcieport"},
    {"01:00.0", "00:02.0", EP, 2, "e1000e"},
    {"02:00.0", "00:03.0", EP, 3, "vfio-pci"},
};

static void node_i_is_function_i(void **state)
{
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    scene_play(&s);
    assert_int_equal(s.analysis->topology->n, COUNT(actor));
    for (uint32_t i = 0; i < COUNT(actor); i++)
        assert_int_equal(
            iow_address_compare(&s.analysis->topology->node[i].address, &s.function[i].address), 0);
    scene_end(&s);
}

static void groups_that_vfio_invents_are_no_groups_of_an_iommu(void **state)
{
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.group[3].name = "vfio-noiommu";
    scene_play(&s);
    assert_int_equal(s.analysis->partition->set[3], IOW_NONE);
    assert_int_not_equal(s.analysis->partition->set[2], IOW_NONE);
    scene_end(&s);
}

static void an_empty_machine_can_be_analysed(void **state)
{
    struct scene s;

    (void)state;
    scene_set(&s, NULL, 0);
    s.facts.machine.pci = false;
    scene_play(&s);
    assert_int_equal(s.analysis->n_findings, 0);
    scene_end(&s);
}

static void a_loop_of_bridges_is_an_error_that_names_one(void **state)
{
    struct iow_explain e = {0};
    struct iow_analysis *a;
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    s.function[0].parent = 1;
    s.function[1].parent = 0;
    assert_int_equal(iow_analyse(&s.facts, &s.mem, &a, &e), -IOW_ELOOP);
    assert_int_equal(e.rule, IOW_RULE_TOPO_LOOP);
    scene_end(&s);
}

/* One chunk, of which more and more is taken before: memory ends at every point once. */
static bool chunk_given;

static void *grow_once(void *ctx, size_t size_bytes)
{
    (void)ctx;
    if (chunk_given)
        return NULL;
    chunk_given = true;
    return malloc(size_bytes);
}

static void release(void *ctx, void *chunk)
{
    (void)ctx;
    free(chunk);
}

static void lack_of_memory_at_any_point_is_an_error(void **state)
{
    uint32_t n_failed = 0, n_succeeded = 0;
    struct scene s;

    (void)state;
    scene_set(&s, actor, COUNT(actor));
    for (size_t taken = 16384; taken > 0; taken -= 16) {
        struct iow_analysis *a = NULL;
        struct iow_mem mem;
        int r;

        chunk_given = false;
        iow_mem_init(&mem, grow_once, release, NULL);
        assert_non_null(iow_mem_alloc(&mem, taken, 1));
        r = iow_analyse(&s.facts, &mem, &a, NULL);
        assert_true(r == -IOW_ENOMEM || (r == 0 && a));
        n_failed += r < 0;
        n_succeeded += r == 0;
        iow_mem_done(&mem);
    }
    assert_true(n_failed > 50 && n_succeeded > 50);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(node_i_is_function_i),
        cmocka_unit_test(groups_that_vfio_invents_are_no_groups_of_an_iommu),
        cmocka_unit_test(an_empty_machine_can_be_analysed),
        cmocka_unit_test(a_loop_of_bridges_is_an_error_that_names_one),
        cmocka_unit_test(lack_of_memory_at_any_point_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
