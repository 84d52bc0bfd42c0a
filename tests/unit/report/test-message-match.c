/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "report/message.h"

#include <errno.h>

static void errors_are_read_as_programs_write_them(void **state)
{
    static const struct {
        const char *text;
        int error;
    } cases[] = {
        {"Operation not permitted", EPERM},
        {"operation not permitted", EPERM},
        {"No such device or address", ENXIO},
        {"No such device", ENODEV},
        {"No such device (19)", ENODEV},
        {"-19", ENODEV},
        {"19 (No such device)", ENODEV},
        {"[Errno 19] No such device", ENODEV},
        {"0", 0},
        {"-0", 0},
        {"99999999999999999999", 0},
        {"a strange thing", 0},
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_message_parts parts;
        char line[128];

        (void)snprintf(line, sizeof(line), "no such host device: %s", cases[i].text);
        assert_int_equal(iow_message_match(line, &parts), cases[i].error != 0);
        if (cases[i].error)
            assert_int_equal(parts.error, cases[i].error);
    }
}

static void a_device_is_found_where_it_stands(void **state)
{
    static const struct {
        const char *line;
        bool has;
        uint8_t bus;
    } cases[] = {
        {"vfio 0000:1a:00.0: device is already attached", true, 0x1a},
        {"-device vfio-pci,host=1a:00.0: device is already attached", true, 0x1a},
        {"host=1a:00.0,id=a device is already attached", true, 0x1a},
        {"device is already attached: 10000:1a:00.0.", true, 0x1a},
        {"19:22:05.1 device is already attached", false, 0},
        {"12:34:56.7 on 0000:1a:00.0 device is already attached", true, 0x1a},
        {"1a:00.0x device is already attached", false, 0},
        {"x1a:00.0 device is already attached", false, 0},
        {"1a:20.0 1a:00.8 device is already attached", false, 0},
        {"11112222333344445555:1a:00.0 device is already attached", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct iow_message_parts parts;

        assert_true(iow_message_match(cases[i].line, &parts));
        if (parts.has_device != cases[i].has)
            fail_msg("%s", cases[i].line);
        if (cases[i].has)
            assert_int_equal(parts.device.bus, cases[i].bus);
    }
}

static void a_group_is_found_where_it_stands(void **state)
{
    static const struct {
        const char *line;
        uint32_t group;
    } cases[] = {
        {"group 7: device is already attached", 7},
        {"/dev/vfio/7 device is already attached", 7},
        {"/dev/vfio/vfio of group 7 device is already attached", 7},
        {"group x, group 7, device is already attached", 7},
        {"group 4294967295 device is already attached", IOW_NONE},
        {"group 7a device is already attached", IOW_NONE},
        {"group", IOW_NONE},
    };

    (void)state;
    for (size_t i = 0; i + 1 < COUNT(cases); i++) {
        struct iow_message_parts parts;

        assert_true(iow_message_match(cases[i].line, &parts));
        assert_int_equal(parts.group, cases[i].group);
    }
}

static void what_only_resembles_a_message_is_none(void **state)
{
    static const char *const lines[] = {"", " ", "group is not viable", "group 7 is not viabl",
        "group 7is not viable", "failed to open /dev/vfio/x: Permission denied", "vfio_dma_map(",
        "vfio_dma_map() = ", "{group} is not viable", "Request device [01:00.0 fault addr 0x1",
        "BAR 0: can't reserve [mem", "\xff\xfe\x01"};
    struct iow_message_parts parts;

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++)
        assert_false(iow_message_match(lines[i], &parts));
    assert_true(iow_message_match("group 7 is not  viable", &parts));
    assert_true(iow_message_match("group x is not viable, group 7 is not viable", &parts));
    assert_int_equal(parts.group, 7);
}

static void the_first_row_that_fits_is_the_one(void **state)
{
    struct iow_message_parts parts;

    (void)state;
    assert_true(iow_message_match("failed to open /dev/vfio/7: Device or resource busy", &parts));
    assert_string_equal(parts.row->id, "qemu-open-group");
    assert_true(iow_message_match("x: /dev/vfio/7: Device or resource busy", &parts));
    assert_string_equal(parts.row->id, "open-group");
    assert_true(iow_message_match("x: Device or resource busy", &parts));
    assert_string_equal(parts.row->id, "busy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_read_as_programs_write_them),
        cmocka_unit_test(a_device_is_found_where_it_stands),
        cmocka_unit_test(a_group_is_found_where_it_stands),
        cmocka_unit_test(what_only_resembles_a_message_is_none),
        cmocka_unit_test(the_first_row_that_fits_is_the_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
