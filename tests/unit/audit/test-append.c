/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "audit/audit.h"

static void a_list_grows_by_doubling_and_keeps_its_records(void **state)
{
    struct iow_mem mem;
    void *list = NULL;
    uint32_t n = 0;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (uint32_t i = 0; i < 1000; i++)
        *(uint32_t *)iow_audit_append(&mem, &list, &n, sizeof(uint32_t)) = i;
    assert_int_equal(n, 1000);
    for (uint32_t i = 0; i < n; i++)
        assert_int_equal(((uint32_t *)list)[i], i);
    iow_mem_done(&mem);
}

static void *nothing(void *ctx, size_t size_bytes)
{
    (void)ctx;
    (void)size_bytes;
    return NULL;
}

static void without_memory_there_is_no_record(void **state)
{
    struct iow_mem mem;
    void *list = NULL;
    uint32_t n = 0;

    (void)state;
    iow_mem_init(&mem, nothing, NULL, NULL);
    assert_null(iow_audit_append(&mem, &list, &n, 8));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_grows_by_doubling_and_keeps_its_records),
        cmocka_unit_test(without_memory_there_is_no_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
