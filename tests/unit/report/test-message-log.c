/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/message.h"

static void a_message_is_kept_once_and_counted(void **state)
{
    static const char *const lines[] = {"group 7 is not viable", "unknown",
        "vfio 0000:01:00.0: group 7 is not viable", "again: group 7 is not viable",
        "failed to open /dev/vfio/7: Permission denied",
        "failed to open /dev/vfio/7: Device or resource busy"};
    struct iow_message_log log = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_int_equal(iow_message_take(&log, lines[i], &mem), 0);
    assert_int_equal(log.n_lines, 6);
    assert_int_equal(log.n_unknown, 1);
    assert_int_equal(log.n, 4);
    assert_int_equal(log.first->times, 2);
    assert_int_equal(log.first->first_line, 1);
    assert_string_equal(log.first->line, lines[0]);
    assert_true(log.first->next->parts.has_device);
    assert_int_equal(log.last->first_line, 6);
    assert_int_equal(iow_message_needs(&log), IOW_MESSAGE_HOLDERS);
    iow_mem_done(&mem);
}

static void a_text_of_the_message_is_kept_with_it(void **state)
{
    char line[] = "Active devices: data@nvme0n1, so not binding PCI dev";
    struct iow_message_log log = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    assert_int_equal(iow_message_take(&log, line, &mem), 0);
    memset(line, 'x', sizeof(line) - 1);
    assert_int_equal(log.first->parts.text_len, strlen("data@nvme0n1"));
    assert_memory_equal(log.first->parts.text, "data@nvme0n1", strlen("data@nvme0n1"));
    iow_mem_done(&mem);
}

static void there_is_an_end_to_what_is_kept(void **state)
{
    struct iow_message_log log = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init_malloc(&mem);
    for (unsigned i = 0; i < IOW_MESSAGE_MOST + 3; i++) {
        char line[64];

        (void)snprintf(line, sizeof(line), "group %u is not viable", i);
        assert_int_equal(iow_message_take(&log, line, &mem), 0);
    }
    assert_int_equal(log.n, IOW_MESSAGE_MOST);
    assert_int_equal(log.n_unknown, 3);
    assert_int_equal(iow_message_take(&log, "group 0 is not viable", &mem), 0);
    assert_int_equal(log.first->times, 2);
    iow_mem_done(&mem);
}

static void *nothing(void *ctx, size_t size_bytes)
{
    (void)ctx;
    (void)size_bytes;
    return NULL;
}

static void forget(void *ctx, void *chunk)
{
    (void)ctx;
    (void)chunk;
}

static void exhausted_memory_is_told(void **state)
{
    struct iow_message_log log = {0};
    struct iow_mem mem;

    (void)state;
    iow_mem_init(&mem, nothing, forget, NULL);
    assert_int_equal(iow_message_take(&log, "group 7 is not viable", &mem), -IOW_ENOMEM);
    assert_int_equal(iow_message_take(&log, "unknown", &mem), 0);
    iow_mem_done(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_kept_once_and_counted),
        cmocka_unit_test(a_text_of_the_message_is_kept_with_it),
        cmocka_unit_test(there_is_an_end_to_what_is_kept),
        cmocka_unit_test(exhausted_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
