/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "proof/store.h"

static struct iow_key a_key(uint32_t number)
{
    return (struct iow_key){.units = {(uint16_t)number, (uint16_t)(number >> 16), 7}};
}

static void what_was_put_is_found_by_its_number(void **state)
{
    struct iow_store store;

    (void)state;
    iow_store_init(&store, 3, 0);
    for (uint32_t i = 0; i < 100000; i++) {
        struct iow_key key = a_key(i * 7);

        assert_int_equal(iow_store_put(&store, &key, (struct iow_way){i, 2 * i}), 1);
    }
    for (uint32_t i = 0; i < 100000; i++) {
        struct iow_key key = a_key(i * 7), other = a_key(i * 7 + 1);

        assert_int_equal(iow_store_put(&store, &key, (struct iow_way){0, 0}), 0);
        assert_int_equal(iow_store_find(&store, &key), i);
        assert_int_equal(iow_store_find(&store, &other), IOW_NONE);
        assert_int_equal(store.ways[i].nth, 2 * i);
        assert_memory_equal(iow_store_key(&store, i), key.units, 3 * sizeof(key.units[0]));
    }
    assert_int_equal(store.n, 100000);
    iow_store_done(&store);
}

static void an_empty_store_has_nothing(void **state)
{
    struct iow_key key = a_key(0);
    struct iow_store store;

    (void)state;
    iow_store_init(&store, 3, 0);
    assert_int_equal(iow_store_find(&store, &key), IOW_NONE);
    iow_store_done(&store);
}

static void a_store_stays_within_its_limit(void **state)
{
    struct iow_store store;
    int r = 1;

    (void)state;
    iow_store_init(&store, 3, 100000);
    for (uint32_t i = 0; r == 1; i++) {
        struct iow_key key = a_key(i);

        r = iow_store_put(&store, &key, (struct iow_way){0, 0});
    }
    assert_int_equal(r, -IOW_E2BIG);
    assert_true(store.bytes <= 100000 && store.n >= 1024);
    iow_store_done(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_by_its_number),
        cmocka_unit_test(an_empty_store_has_nothing),
        cmocka_unit_test(a_store_stays_within_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
