/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stage.h"

static struct json_object *shown(const struct stage *s, const uint32_t *functions, uint32_t n)
{
    struct json_object *document = parsed(drawn_show(s, functions, n, true));

    has_text(document, "schema", "ioward.show/1");
    assert_int_equal(length(document, "functions"), n);
    return document;
}

static void a_sleeping_function_is_left_alone_and_says_so(void **state)
{
    const uint32_t both[] = {0, 1};
    struct json_object *document, *f;
    struct iow_missing missing;
    struct stage s;

    (void)state;
    stage_set_asleep(&s, &missing);
    stage_play(&s);
    document = shown(&s, both, 2);
    f = item(document, "functions", 1);
    has_bool(f, "asleep", true);
    has_text(f, "power_state", "D3cold");
    has_text(f, "type", NULL);
    has_text(f, "subsystem", NULL);
    assert_null(get(f, "bus_master"));
    assert_null(get(f, "reason"));
    assert_null(get(get(f, "acs"), "isolates"));
    assert_null(get(get(f, "acs"), "offers"));
    has_text(item(f, "missing", 0), "rule", "IOW-READ-ASLEEP");
    has_text(item(f, "missing", 0), "subject", "0000:01:00.0");
    has_text(item(f, "missing", 0), "path", "sys/x/config");
    f = item(document, "functions", 0);
    has_bool(f, "asleep", false);
    has_text(f, "power_state", NULL);
    assert_int_equal(length(f, "missing"), 0);
    json_object_put(document);
    stage_end(&s);
}

static void a_group_is_listed_once_for_all_its_functions(void **state)
{
    const uint32_t functions[] = {2, 0, 1};
    struct json_object *document;
    struct stage s;

    (void)state;
    stage_set_alias(&s);
    stage_play(&s);
    document = shown(&s, functions, 3);
    has_text(item(document, "functions", 0), "address", "0000:01:00.1");
    assert_int_equal(length(document, "groups"), 2);
    has_number(item(document, "groups", 0), "group", 1);
    has_number(item(document, "groups", 1), "group", 0);
    json_object_put(document);
    stage_end(&s);
}

static void resources_and_windows_that_are_closed_are_left_out(void **state)
{
    static const struct iow_bar bars[] = {
        {.index = 0, .first = 0xfe000000, .last = 0xfe003fff, .flags = 0x40200},
        {.index = 1, .first = 0, .last = 0xff, .flags = 0},
        {.index = 2, .first = 8, .last = 7, .flags = 0x40200},
        {.index = 6, .first = 0xc000, .last = 0xc01f, .flags = 0x40101},
    };
    const uint32_t functions[] = {0, 1};
    struct json_object *document, *f;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, "e1000e");
    s.scene.function[0].known |= IOW_FUNCTION_DETAILS;
    s.scene.function[0].config.secondary = s.scene.function[0].config.subordinate = 1;
    s.scene.function[0].config.windows = (struct iow_windows){.io_base = 0xf000,
        .io_last = 0xfff,
        .memory_base = 0xfe000000,
        .memory_last = 0xfe0fffff,
        .prefetch_base = 1};
    s.scene.function[1].bars = bars;
    s.scene.function[1].n_bars = COUNT(bars);
    stage_play(&s);
    document = shown(&s, functions, 2);
    f = get(item(document, "functions", 0), "bridge");
    has_number(f, "secondary", 1);
    assert_int_equal(length(f, "windows"), 1);
    has_text(item(f, "windows", 0), "kind", "memory");
    has_text(item(f, "windows", 0), "last", "0xfe0fffff");
    f = item(document, "functions", 1);
    assert_null(get(f, "bridge"));
    assert_int_equal(length(f, "bars"), 2);
    has_text(item(f, "bars", 0), "name", "BAR 0");
    has_number(item(f, "bars", 0), "size_bytes", 0x4000);
    has_text(item(f, "bars", 1), "name", "ROM");
    has_text(item(f, "bars", 1), "kind", "I/O ports");
    has_text(item(f, "path", 0), "address", "0000:00:02.0");
    has_bool(get(item(f, "path", 0), "acs"), "isolates", true);
    json_object_put(document);
    stage_end(&s);
}

static void strangers_bytes_stay_valid(void **state)
{
    static const uint32_t one = 1;
    static const struct iow_region regions[] = {{0xfee00000, 0xfeefffff, "msi\xff"}};
    struct iow_name names[] = {{"eth\xff", "net", 1}, {"x", "net", 0}};
    struct json_object *document, *f;
    struct stage s;

    (void)state;
    stage_set_vfio(&s, HOSTILE);
    s.scene.facts.names = names;
    s.scene.facts.n_names = COUNT(names);
    s.scene.function[1].driver_override = "\xff";
    s.scene.group[1].regions = regions;
    s.scene.group[1].n_regions = 1;
    stage_play(&s);
    document = shown(&s, &one, 1);
    f = item(document, "functions", 0);
    has_text(f, "driver", "bad\x1b[2J\xef\xbf\xbd");
    has_text(f, "driver_override", "\xef\xbf\xbd");
    assert_int_equal(length(f, "kernel_names"), 1);
    has_text(item(f, "kernel_names", 0), "name", "eth\xef\xbf\xbd");
    has_text(item(f, "reserved_regions", 0), "type", "msi\xef\xbf\xbd");
    json_object_put(document);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sleeping_function_is_left_alone_and_says_so),
        cmocka_unit_test(a_group_is_listed_once_for_all_its_functions),
        cmocka_unit_test(resources_and_windows_that_are_closed_are_left_out),
        cmocka_unit_test(strangers_bytes_stay_valid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
