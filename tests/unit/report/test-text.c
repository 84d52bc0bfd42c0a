/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "starve.h"

#include "report/text.h"

static void text_grows_and_keeps_what_it_had(void **state)
{
    struct iow_text text = {0};

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        iow_text_print(&text, "%03u", i);
        iow_text_add(&text, ",x", 1);
        iow_text_puts(&text, "");
        assert_int_equal(text.len, 4 * (i + 1));
        assert_true(text.len < text.size);
        assert_int_equal(text.data[text.len], '\0');
    }
    assert_false(text.failed);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(strtoul(text.data + 4 * (size_t)i, NULL, 10), i);
    iow_text_done(&text);
    assert_null(text.data);
    assert_int_equal(text.len, 0);
}

/* The room begins with 128 bytes; one less is text, the last is the end. */
static void every_length_around_the_room_is_whole(void **state)
{
    char long_one[600];

    (void)state;
    memset(long_one, 'a', sizeof(long_one));
    for (int n = 120; n < (int)sizeof(long_one); n++) {
        struct iow_text printed = {0}, added = {0};

        iow_text_print(&printed, "%.*s", n, long_one);
        iow_text_add(&added, long_one, (size_t)n);
        assert_int_equal(printed.len, n);
        assert_int_equal(strlen(printed.data), n);
        assert_int_equal(strlen(added.data), n);
        iow_text_done(&printed);
        iow_text_done(&added);
    }
}

static void a_text_that_failed_stays_failed(void **state)
{
    struct iow_text text = {0};
    char long_one[200] = {0};
    struct iow_mem mem;

    (void)state;
    memset(long_one, 'a', sizeof(long_one) - 1);
    iow_mem_init_malloc(&mem);
    iow_text_puts(&text, "before");
    meals = 0;
    iow_text_puts(&text, long_one);
    assert_true(text.failed);
    meals = UINT_MAX;
    iow_text_puts(&text, "a");
    iow_text_print(&text, "%d", 1);
    assert_string_equal(text.data, "before");
    assert_null(iow_text_take(&text, &mem));
    assert_false(text.failed);
    assert_null(text.data);
    iow_text_puts(&text, "again");
    assert_string_equal(iow_text_take(&text, &mem), "again");
    iow_mem_done(&mem);
}

static void a_text_that_never_began_can_fail(void **state)
{
    struct iow_text text = {0};

    (void)state;
    meals = 0;
    iow_text_print(&text, "%s", "x");
    meals = UINT_MAX;
    assert_true(text.failed);
    assert_null(text.data);
    iow_text_done(&text);
}

static void a_copy_needs_room_in_the_arena(void **state)
{
    struct iow_text text = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    iow_text_puts(&text, "x");
    meals = 0;
    assert_null(iow_text_take(&text, &mem));
    assert_null(iow_mem_print(&mem, "%d", 5));
    meals = 1; /* for the text, not for the arena */
    assert_null(iow_mem_print(&mem, "%d", 5));
    meals = UINT_MAX;
    assert_string_equal(iow_mem_print(&mem, "%d of %s", 5, "six"), "5 of six");
    assert_string_equal(iow_text_take(&text, &mem), "");
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_and_keeps_what_it_had),
        cmocka_unit_test(every_length_around_the_room_is_whole),
        cmocka_unit_test(a_text_that_failed_stays_failed),
        cmocka_unit_test(a_text_that_never_began_can_fail),
        cmocka_unit_test(a_copy_needs_room_in_the_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
