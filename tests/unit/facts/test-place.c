/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "testing.h"

#include "facts/parse.h"

static struct iow_address address_of(const char *text)
{
    struct iow_address address;

    assert_int_equal(iow_address_parse(text, strlen(text), &address), 0);
    return address;
}

static int parse(const char *path, const char *own, struct iow_place *ret)
{
    struct iow_address address = address_of(own);

    memset(ret, 0, sizeof(*ret));
    return iow_parse_place(path, strlen(path), &address, ret);
}

static void assert_address(const struct iow_address *address, const char *text)
{
    char buf[IOW_ADDRESS_TEXT];

    assert_string_equal(iow_address_format(address, buf), text);
}

static void a_function_below_a_host_bridge_is_on_a_root_bus(void **state)
{
    struct iow_place place;

    (void)state;
    assert_int_equal(parse("../../../devices/pci0000:00/0000:00:02.0", "0000:00:02.0", &place), 0);
    assert_false(place.has_parent);
    assert_false(place.has_real_dma);
    assert_int_equal(
        parse("../../../devices/platform/40000000.pcie/pci0000:00/0000:00:00.0", "0000:00:00.0", &place), 0);
    assert_false(place.has_parent);
}

static void the_parent_is_the_last_function_before(void **state)
{
    struct iow_place place;

    (void)state;
    assert_int_equal(
        parse("../../../devices/pci0000:00/0000:00:02.0/0000:01:00.0/0000:02:04.0", "0000:02:04.0", &place),
        0);
    assert_true(place.has_parent);
    assert_address(&place.parent, "0000:01:00.0");
    assert_false(place.has_real_dma);
}

static void a_host_bridge_below_a_function_starts_a_root_bus_that_does_its_dma(void **state)
{
    const char root[] = "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0";
    const char deep[] = "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0";
    struct iow_place place;

    (void)state;
    assert_int_equal(parse(root, "10000:e0:06.0", &place), 0);
    assert_false(place.has_parent);
    assert_true(place.has_real_dma);
    assert_address(&place.real_dma, "0000:00:0e.0");
    assert_int_equal(parse(deep, "10000:e1:00.0", &place), 0);
    assert_true(place.has_parent);
    assert_address(&place.parent, "10000:e0:06.0");
    assert_true(place.has_real_dma);
    assert_address(&place.real_dma, "0000:00:0e.0");
}

static void a_path_that_ends_elsewhere_is_refused(void **state)
{
    static const char *const bad[] = {"", "/", "//", "..", "pci0000:00",
        "../../../devices/pci0000:00/0000:00:03.0", "../../../devices/pci0000:00/0000:00:02.0/virtio1",
        "0000:00:02.0x", "00:02.0", "0000:00:02.0/."};
    struct iow_place place;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(parse(bad[i], "0000:00:02.0", &place), -IOW_EINVAL);
}

static void names_that_only_look_like_a_host_bridge_are_passed_over(void **state)
{
    static const char *const odd[] = {
        "pci", "pci:", "pci0:00", "pci0000", "pci000g:00", "pci0000:", "pciexpress", "p"};
    struct iow_place place;
    char path[128];

    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        snprintf(path, sizeof(path), "0000:00:01.0/%s/0000:01:00.0", odd[i]);
        assert_int_equal(parse(path, "0000:01:00.0", &place), 0);
        assert_true(place.has_parent);
        assert_false(place.has_real_dma);
    }
}

static void the_last_function_of_a_path_is_found(void **state)
{
    const char path[] = "../../devices/pci0000:00/0000:00:1c.0/0000:03:00.1/net/eth1";
    const char virtual[] = "../../devices/virtual/net/lo";
    struct iow_address address;

    (void)state;
    assert_int_equal(iow_parse_last_function(path, strlen(path), &address), 0);
    assert_address(&address, "0000:03:00.1");
    assert_int_equal(iow_parse_last_function(virtual, strlen(virtual), &address), -IOW_EINVAL);
}

static void only_the_kernels_own_spelling_is_a_name(void **state)
{
    static const char *const bad[] = {"01:00.0", "00000:01:00.0", "0000:01:00.8", "0000:0A:00.0",
        "0000:01:20.0", "0000:01:00.0 ", "1:00.0", "usb1", "3-1:1.0", "0:0:0:0", ""};
    struct iow_address address;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_int_equal(iow_parse_address_name(bad[i], strlen(bad[i]), &address), -IOW_EINVAL);
    assert_int_equal(iow_parse_address_name("10000:e1:1f.7", 13, &address), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_below_a_host_bridge_is_on_a_root_bus),
        cmocka_unit_test(the_parent_is_the_last_function_before),
        cmocka_unit_test(a_host_bridge_below_a_function_starts_a_root_bus_that_does_its_dma),
        cmocka_unit_test(a_path_that_ends_elsewhere_is_refused),
        cmocka_unit_test(names_that_only_look_like_a_host_bridge_are_passed_over),
        cmocka_unit_test(the_last_function_of_a_path_is_found),
        cmocka_unit_test(only_the_kernels_own_spelling_is_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
