/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/redact.h"

/* A normal header with its capability list at 40h. */
static void make_config(uint8_t config[4096])
{
    memset(config, 0xab, 4096);
    config[0x06] = 0x10;
    config[0x0e] = 0x00;
    config[0x34] = 0x40;
    memset(config + 0x100, 0, 4);
}

static void put(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void assert_only_changed(const uint8_t *before, const uint8_t *after, size_t first, size_t n)
{
    for (size_t i = 0; i < 4096; i++) {
        bool inside = i >= first && i < first + n;

        assert_int_equal(after[i], inside ? 0 : before[i]);
    }
}

static void the_vital_product_data_register_is_zeroed(void **state)
{
    uint8_t config[4096], before[4096];

    (void)state;
    make_config(config);
    config[0x40] = 0x01;
    config[0x41] = 0x50;
    config[0x50] = 0x03;
    config[0x51] = 0x00;
    memcpy(before, config, sizeof(config));
    assert_int_equal(iow_redact_config(config, sizeof(config)), 1);
    assert_only_changed(before, config, 0x54, 4);
}

static void vital_product_data_is_left_alone_without_a_capability_list(void **state)
{
    uint8_t config[4096], before[4096];

    (void)state;
    make_config(config);
    config[0x06] = 0x00;
    config[0x40] = 0x03;
    memcpy(before, config, sizeof(config));
    assert_int_equal(iow_redact_config(config, sizeof(config)), 0);
    assert_memory_equal(config, before, sizeof(config));
}

static void a_cardbus_bridge_has_its_list_elsewhere(void **state)
{
    uint8_t config[4096], before[4096];

    (void)state;
    make_config(config);
    config[0x0e] = 0x82;
    config[0x14] = 0x60;
    config[0x60] = 0x03;
    config[0x61] = 0x00;
    memcpy(before, config, sizeof(config));
    assert_int_equal(iow_redact_config(config, sizeof(config)), 1);
    assert_only_changed(before, config, 0x64, 4);
}

static void both_dwords_of_the_serial_number_are_zeroed(void **state)
{
    uint8_t config[4096], before[4096];

    (void)state;
    make_config(config);
    config[0x34] = 0;
    put(config + 0x100, 0x14010001);
    put(config + 0x140, 0x00010003);
    memcpy(before, config, sizeof(config));
    assert_int_equal(iow_redact_config(config, sizeof(config)), 1);
    assert_only_changed(before, config, 0x144, 8);
}

static void looping_lists_end(void **state)
{
    uint8_t config[4096];

    (void)state;
    make_config(config);
    config[0x40] = 0x03;
    config[0x41] = 0x40;
    put(config + 0x100, 0x10010003);
    assert_true(iow_redact_config(config, sizeof(config)) > 2);
    assert_int_equal(config[0x44], 0);
    assert_int_equal(config[0x104], 0);
    assert_int_equal(config[0x10b], 0);
}

static void a_space_cut_at_any_length_is_redacted_as_far_as_it_goes(void **state)
{
    uint8_t config[4096];

    (void)state;
    make_config(config);
    config[0x40] = 0x03;
    config[0x41] = 0xfc;
    config[0xfc] = 0x03;
    config[0xfd] = 0x00;
    put(config + 0x100, 0xff810003);
    put(config + 0xff8, 0x00010003);
    for (size_t len = 0; len <= sizeof(config); len++) {
        uint8_t *copy = malloc(len ? len : 1);

        assert_non_null(copy);
        memcpy(copy, config, len);
        iow_redact_config(copy, len);
        if (len > 0x44)
            assert_int_equal(copy[0x44], 0);
        if (len > 0x104)
            assert_int_equal(copy[0x104], 0);
        free(copy);
    }
}

static const struct {
    const char *before, *after;
} texts[] = {
    {"root=UUID=01234567-89ab-cdef-0123-456789abcdef ro",
        "root=UUID=XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX ro"},
    {"rd.luks.uuid=luks-01234567-89AB-CDEF-0123-456789abcdef",
        "rd.luks.uuid=luks-XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX"},
    {"resume=/dev/disk/by-uuid/01234567-89ab-cdef-0123-456789abcdef",
        "resume=/dev/disk/by-uuid/XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX"},
    {"root=PARTUUID=1a2b3c4d-02 quiet", "root=PARTUUID=XXXXXXXX-XX quiet"},
    {"root=UUID=12AB-34CD", "root=UUID=XXXX-XXXX"},
    {"BOOTIF=01-52-54-00-12-34-56", "BOOTIF=XX-XX-XX-XX-XX-XX-XX"},
    {"ifname=bootnet:52:54:00:12:34:56 x", "ifname=bootnet:XX:XX:XX:XX:XX:XX x"},
    {"ip=:::::enx525400123456:dhcp", "ip=:::::enxXXXXXXXXXXXX:dhcp"},
    {"root=/dev/mapper/web--1--vg-root", "root=/dev/mapper/XXXXXX--vg-root"},
    {"root=/dev/web-1-vg/root", "root=/dev/XXXXX-vg/root"},
    {"rd.lvm.lv=web-1/root", "rd.lvm.lv=XXXXX/root"},
    {"systemd.hostname=web-1.example.com", "systemd.hostname=XXXXX.XXXXXXX.XXX"},
    {"x=WEB-1", "x=XXXXX"},
    {"x=web-12 y=aweb-1", "x=web-12 y=aweb-1"},
    {"web-1", "XXXXX"},
    {"web-", "web-"},
    {"0000:00:1f.0 0000:00:02.0", "0000:00:1f.0 0000:00:02.0"},
    {"00:11:22:33:44", "00:11:22:33:44"},
    {"00:11:22:33:44:5", "00:11:22:33:44:5"},
    {"00:11:22-33:44:55", "00:11:22-33:44:55"},
    {"01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcde"},
    {"vfio-pci.ids=10de:2204,10de:1aef pci=config_acs=10x@0000:00:02.0",
        "vfio-pci.ids=10de:2204,10de:1aef pci=config_acs=10x@0000:00:02.0"},
    {"intel_iommu=on iommu=pt", "intel_iommu=on iommu=pt"},
    {"", ""},
};

static void private_words_are_crossed_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char *text = strdup(texts[i].before);

        assert_non_null(text);
        iow_redact_text(text, strlen(text), "web-1.example.com");
        assert_string_equal(text, texts[i].after);
        assert_int_equal(iow_redact_text(text, strlen(text), NULL), 0);
        assert_string_equal(text, texts[i].after);
        free(text);
    }
}

static void the_text_need_not_end_with_a_nul(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t len = 0; len <= strlen(texts[i].before); len++) {
            char *text = malloc(len ? len : 1);

            assert_non_null(text);
            memcpy(text, texts[i].before, len);
            iow_redact_text(text, len, "web-1");
            free(text);
        }
}

static void a_host_named_like_an_option_does_not_break_it(void **state)
{
    char text[] = "quiet intel_iommu=on pci=noacs,nommconf console=on";

    (void)state;
    assert_int_equal(iow_redact_text(text, strlen(text), "on"), 1);
    assert_string_equal(text, "quiet intel_iommu=on pci=noacs,nommconf console=XX");
}

static void without_a_host_name_words_stay(void **state)
{
    char text[] = "root=/dev/mapper/vg-root";

    (void)state;
    assert_int_equal(iow_redact_text(text, strlen(text), NULL), 0);
    assert_int_equal(iow_redact_text(text, strlen(text), ""), 0);
    assert_int_equal(iow_redact_text(text, strlen(text), "."), 0);
    assert_string_equal(text, "root=/dev/mapper/vg-root");
}

static void interfaces_named_after_their_address_are_found(void **state)
{
    static const char text[] = "../net/enx001122334455/wlx0011223344556/eth0/wlxaabbccddeeff";

    (void)state;
    assert_int_equal(iow_redact_find_mac(text, strlen(text), 0), 10);
    assert_int_equal(iow_redact_find_mac(text, strlen(text), 10), strlen(text) - 12);
    assert_int_equal(iow_redact_find_mac(text, strlen(text) - 1, 10), strlen(text) - 1);
    assert_int_equal(iow_redact_find_mac("rocex001122334455", 17, 0), 5);
    assert_int_equal(iow_redact_find_mac("x001122334455", 13, 0), 13);
    assert_int_equal(iow_redact_find_mac("abcdex001122334455", 18, 0), 18);
    assert_int_equal(iow_redact_find_mac("enp3s0", 6, 0), 6);
    assert_int_equal(iow_redact_find_mac("", 0, 0), 0);
}

static void interfaces_are_numbered(void **state)
{
    char digits[IOW_REDACT_MAC];

    (void)state;
    iow_redact_write_mac(digits, 0);
    assert_memory_equal(digits, "XXXXXXXX0000", 12);
    iow_redact_write_mac(digits, 1);
    assert_memory_equal(digits, "XXXXXXXX0001", 12);
    iow_redact_write_mac(digits, UINT32_MAX);
    assert_memory_equal(digits, "XX4294967295", 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vital_product_data_register_is_zeroed),
        cmocka_unit_test(vital_product_data_is_left_alone_without_a_capability_list),
        cmocka_unit_test(a_cardbus_bridge_has_its_list_elsewhere),
        cmocka_unit_test(both_dwords_of_the_serial_number_are_zeroed),
        cmocka_unit_test(looping_lists_end),
        cmocka_unit_test(a_space_cut_at_any_length_is_redacted_as_far_as_it_goes),
        cmocka_unit_test(private_words_are_crossed_out),
        cmocka_unit_test(the_text_need_not_end_with_a_nul),
        cmocka_unit_test(a_host_named_like_an_option_does_not_break_it),
        cmocka_unit_test(without_a_host_name_words_stay),
        cmocka_unit_test(interfaces_named_after_their_address_are_found),
        cmocka_unit_test(interfaces_are_numbered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
