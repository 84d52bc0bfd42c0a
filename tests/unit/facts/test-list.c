/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/facts.h"

static void items_are_zeroed_and_kept_in_order(void **state)
{
    struct iow_list list = {0};

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        uint64_t *item = iow_list_add(&list, sizeof(*item));

        assert_non_null(item);
        assert_int_equal(*item, 0);
        *item = i * i;
    }
    assert_int_equal(list.n, 1000);
    for (uint64_t i = 0; i < list.n; i++)
        assert_int_equal(((uint64_t *)list.items)[i], i * i);
    iow_list_done(&list);
    assert_null(list.items);
    assert_int_equal(list.n, 0);
}

static void a_kept_list_outlives_it(void **state)
{
    struct iow_list list = {0};
    struct iow_mem mem;
    uint32_t *array;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (uint32_t i = 0; i < 20; i++)
        *(uint32_t *)iow_list_add(&list, sizeof(uint32_t)) = i;
    array = iow_list_keep(&list, sizeof(uint32_t), &mem);
    iow_list_done(&list);
    for (uint32_t i = 0; i < 20; i++)
        assert_int_equal(array[i], i);
    assert_non_null(iow_list_keep(&list, sizeof(uint32_t), &mem));
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_zeroed_and_kept_in_order),
        cmocka_unit_test(a_kept_list_outlives_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
