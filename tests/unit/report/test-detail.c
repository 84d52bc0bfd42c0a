/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

#include "report/detail.h"

static void resources_are_named_by_their_line_in_sysfs(void **state)
{
    static const struct {
        uint32_t index;
        const char *wanted;
    } row[] = {{0, "BAR 0"}, {5, "BAR 5"}, {6, "ROM"}, {7, "VF BAR 0"}, {12, "VF BAR 5"}, {13, "window 0"},
        {16, "window 3"}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_bar bar = {.index = row[i].index};
        struct iow_text text = {0};

        iow_detail_bar_name(&text, &bar);
        assert_string_equal(text.data, row[i].wanted);
        iow_text_done(&text);
    }
}

static void resources_are_of_three_kinds(void **state)
{
    static const struct {
        uint64_t flags;
        const char *wanted;
    } row[] = {{0x40101, "I/O ports"}, {0x40200, "memory"}, {0x14220c, "prefetchable memory"},
        {0x2100, "I/O ports"}};

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_bar bar = {.flags = row[i].flags};

        assert_string_equal(iow_detail_bar_kind(&bar), row[i].wanted);
    }
}

static void sizes_are_exact_in_the_largest_unit(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *wanted;
    } row[] = {
        {0, "0 bytes"},
        {1023, "1023 bytes"},
        {1024, "1 KiB"},
        {1536, "1536 bytes"},
        {UINT64_C(16) << 20, "16 MiB"},
        {UINT64_C(3) << 30, "3 GiB"},
        {(UINT64_C(1) << 40) + 1024, "1073741825 KiB"},
        {UINT64_C(1) << 63, "8 EiB"},
        {UINT64_MAX, "18446744073709551615 bytes"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_text text = {0};

        iow_detail_size(&text, row[i].bytes);
        assert_string_equal(text.data, row[i].wanted);
        iow_text_done(&text);
    }
}

static void a_power_state_that_is_not_known_has_no_name(void **state)
{
    (void)state;
    assert_string_equal(iow_detail_power(IOW_POWER_D0), "D0");
    assert_string_equal(iow_detail_power(IOW_POWER_D3HOT), "D3hot");
    assert_string_equal(iow_detail_power(IOW_POWER_D3COLD), "D3cold");
    assert_string_equal(iow_detail_power(IOW_POWER_ERROR), "error");
    assert_null(iow_detail_power(IOW_POWER_UNKNOWN));
    assert_null(iow_detail_power(IOW_POWER__COUNT));
    assert_null(iow_detail_power(UINT8_MAX));
}

static void a_path_leads_from_the_root_to_the_function(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, PORT, 0},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1, 0, 0},
        {"02:03.0", "01:00.0", IOW_PCIE_DOWNSTREAM_PORT, -1, 0, 0}, {"03:00.0", "02:03.0", EP, 0}};
    uint32_t room[COUNT(actor)];
    struct stage s;

    (void)state;
    scene_set(&s.scene, actor, COUNT(actor));
    stage_play(&s);
    assert_int_equal(iow_detail_path(s.view, 3, room), 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(room[i], i);
    assert_int_equal(iow_detail_path(s.view, 0, room), 1);
    assert_int_equal(room[0], 0);
    stage_end(&s);
}

static void what_is_missing_belongs_to_its_function_or_group(void **state)
{
    const struct iow_function f = {.address = {0, 1, 0, 0}, .group = 5}, lone = {.group = IOW_NONE};
    struct iow_missing m = {.subject = {.kind = IOW_SUBJECT_FUNCTION, .address = {0, 1, 0, 0}, .number = 9}};

    (void)state;
    assert_true(iow_detail_is_about(&m, &f));
    m.subject.address.function = 1;
    assert_false(iow_detail_is_about(&m, &f));
    m.subject = (struct iow_subject){.kind = IOW_SUBJECT_GROUP, .number = 5};
    assert_true(iow_detail_is_about(&m, &f));
    assert_false(iow_detail_is_about(&m, &lone));
    m.subject = (struct iow_subject){.kind = IOW_SUBJECT_PROCESS, .address = f.address, .number = 5};
    assert_false(iow_detail_is_about(&m, &f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_are_named_by_their_line_in_sysfs),
        cmocka_unit_test(resources_are_of_three_kinds),
        cmocka_unit_test(sizes_are_exact_in_the_largest_unit),
        cmocka_unit_test(a_power_state_that_is_not_known_has_no_name),
        cmocka_unit_test(a_path_leads_from_the_root_to_the_function),
        cmocka_unit_test(what_is_missing_belongs_to_its_function_or_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
