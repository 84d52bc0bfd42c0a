/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static void the_place_of_a_slot_is_a_device_or_a_bus(void **state)
{
    static const struct {
        const char *text;
        uint32_t domain;
        uint8_t bus, device;
    } row[] = {
        {"0000:01:00", 0, 1, 0},
        {"0000:01", 0, 1, IOW_SLOT_ANY_DEVICE},
        {"10000:ff:1f", 0x10000, 0xff, 0x1f},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        struct iow_slot slot = {.name = "kept", .hotplug = true};

        assert_int_equal(iow_parse_slot(row[i].text, strlen(row[i].text), &slot), 0);
        assert_int_equal(slot.domain, row[i].domain);
        assert_int_equal(slot.bus, row[i].bus);
        assert_int_equal(slot.device, row[i].device);
        assert_string_equal(slot.name, "kept");
        assert_true(slot.hotplug);
    }
}

static void another_text_is_no_place(void **state)
{
    static const char *const bad[] = {"", ":", "::", "0000", "0000:", ":01", "0000:100", "0000:01:20",
        "0000:01:", "0000:01:00:0", "0000:01:00.0", "100000000:01", "x:01"};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_parse_slot(bad[i], strlen(bad[i]), &(struct iow_slot){0}), -IOW_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_of_a_slot_is_a_device_or_a_bus),
        cmocka_unit_test(another_text_is_no_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
