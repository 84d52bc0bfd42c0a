/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include <ioward/mem.h>
#include <stdalign.h>

struct heap {
    int chunks, fail_at, asked;
};

static void *counted_grow(void *ctx, size_t size_bytes)
{
    struct heap *heap = ctx;

    if (++heap->asked == heap->fail_at)
        return NULL;
    heap->chunks++;
    return malloc(size_bytes);
}

static void counted_release(void *ctx, void *chunk)
{
    ((struct heap *)ctx)->chunks--;
    free(chunk);
}

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    struct iow_mem mem;
    unsigned char *last = NULL;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (size_t size = 0; size < 3000; size += 7) {
        unsigned char *p = iow_mem_alloc(&mem, 1, size);

        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, size);
        assert_ptr_not_equal(p, last);
        last = p;
    }
    iow_mem_done(&mem);
}

static void an_object_larger_than_any_chunk_has_its_own(void **state)
{
    struct iow_mem mem;
    char *big;

    (void)state;
    iow_mem_init_malloc(&mem);
    big = iow_mem_alloc(&mem, 5, 1u << 20);
    assert_non_null(big);
    big[(5u << 20) - 1] = 1;
    iow_mem_done(&mem);
}

static void overflow_and_exhaustion_give_null(void **state)
{
    struct heap heap = {.fail_at = 1};
    struct iow_mem mem;

    (void)state;
    iow_mem_init(&mem, counted_grow, counted_release, &heap);
    assert_null(iow_mem_alloc(&mem, SIZE_MAX, 2));
    assert_null(iow_mem_alloc(&mem, 1, SIZE_MAX));
    assert_null(iow_mem_alloc(&mem, 1, 1));
    assert_non_null(iow_mem_alloc(&mem, 1, 1));
    iow_mem_done(&mem);
    assert_int_equal(heap.chunks, 0);
}

static void done_gives_back_every_chunk_and_the_arena_serves_again(void **state)
{
    struct heap heap = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init(&mem, counted_grow, counted_release, &heap);
    for (int i = 0; i < 1000; i++)
        assert_non_null(iow_mem_alloc(&mem, 100, 10));
    assert_true(heap.chunks > 1);
    iow_mem_done(&mem);
    assert_int_equal(heap.chunks, 0);
    assert_string_equal(iow_mem_text(&mem, "ward...", 4), "ward");
    iow_mem_done(&mem);
    assert_int_equal(heap.chunks, 0);
}

static void what_was_taken_last_can_be_given_back(void **state)
{
    struct heap heap = {0};
    struct iow_mem mem, before;
    unsigned char *first, *again;
    void *second;

    (void)state;
    iow_mem_init(&mem, counted_grow, counted_release, &heap);
    first = iow_mem_alloc(&mem, 1, 100);
    memset(first, 1, 100);
    before = mem;
    second = iow_mem_alloc(&mem, 1, 100);
    memset(second, 2, 100);
    assert_non_null(iow_mem_alloc(&mem, 1, 1u << 20));
    assert_non_null(iow_mem_alloc(&mem, 1, 1u << 20));
    assert_int_equal(heap.chunks, 3);
    iow_mem_rewind(&mem, &before);
    assert_int_equal(heap.chunks, 1);
    again = iow_mem_alloc(&mem, 1, 100);
    assert_ptr_equal(again, second);
    assert_int_equal(again[0], 0);
    assert_int_equal(first[99], 1);
    iow_mem_done(&mem);
    assert_int_equal(heap.chunks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(an_object_larger_than_any_chunk_has_its_own),
        cmocka_unit_test(overflow_and_exhaustion_give_null),
        cmocka_unit_test(what_was_taken_last_can_be_given_back),
        cmocka_unit_test(done_gives_back_every_chunk_and_the_arena_serves_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
