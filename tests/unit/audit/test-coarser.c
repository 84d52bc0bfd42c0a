/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hardware.h"

#define EP IOW_PCIE_ENDPOINT, PLAIN

/* Two ports of one device, each with a device below it. */
#define PORTS(acs, group_a, group_b)                                                                         \
    {"00:02.0", NULL, IOW_PCIE_ROOT_PORT, acs, group_a, .multifunction = true},                              \
        {"00:02.1", NULL, IOW_PCIE_ROOT_PORT, acs, group_b, .multifunction = true},                          \
        {"01:00.0", "00:02.0", EP, group_a},                                                                 \
    {                                                                                                        \
        "02:00.0", "00:02.1", EP, group_b                                                                    \
    }

static const struct iow_coarse_group *only(const struct iow_agreement *agreement)
{
    assert_int_equal(agreement->n_coarse, 1);
    return &agreement->coarse[0];
}

static void a_group_of_one_set_is_not_coarse(void **state)
{
    static const struct actor actor[] = {{"00:02.0", NULL, IOW_PCIE_ROOT_PORT, PLAIN, 0},
        {"01:00.0", "00:02.0", EP, 0, .multifunction = true},
        {"01:00.1", "00:02.0", EP, 0, .multifunction = true}};
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    assert_int_equal(hardware_play(&s)->n_coarse, 0);
    scene_end(&s);
}

static void bits_that_are_off_would_split(void **state)
{
    static const struct actor actor[] = {PORTS(CLEARED, 0, 0)};
    const struct iow_coarse_group *coarse;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    coarse = only(hardware_play(&s));
    assert_int_equal(coarse->group, 0);
    assert_int_equal(coarse->n_sets, 2);
    assert_true(coarse->by_root);
    assert_false(coarse->now);
    assert_true(coarse->with_bits);
    assert_int_equal(coarse->n_splitters, 2);
    for (uint32_t i = 0; i < coarse->n_splitters; i++)
        assert_int_equal(coarse->splitters[i].bits, IOW_ACS_REQUIRED);
    scene_end(&s);
}

static void hardware_without_bits_cannot_be_split(void **state)
{
    static const struct actor actor[] = {PORTS(PLAIN, 0, 0)};
    const struct iow_coarse_group *coarse;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    coarse = only(hardware_play(&s));
    assert_false(coarse->now);
    assert_false(coarse->with_bits);
    for (uint32_t i = 0; i < coarse->n_splitters; i++)
        assert_int_equal(coarse->splitters[i].bits, 0);
    scene_end(&s);
}

/* Linux asks for no bit that the capability lacks. */
static void only_bits_of_the_hardware_are_told(void **state)
{
#define PART IOW_ACS_RR | IOW_ACS_CR, IOW_ACS_CR
    static const struct actor actor[] = {PORTS(PART, 0, 0)};
    const struct iow_coarse_group *coarse;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    coarse = only(hardware_play(&s));
    assert_int_equal(coarse->splitters[0].bits, IOW_ACS_RR);
    assert_true(coarse->with_bits);
    scene_end(&s);
}

static void bits_that_were_set_since_split_at_a_boot(void **state)
{
    static const struct actor actor[] = {PORTS(ISOLATING, 0, 0)};
    const struct iow_coarse_group *coarse;
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    coarse = only(hardware_play(&s));
    assert_true(coarse->now);
    assert_false(coarse->by_root);
    assert_int_equal(coarse->n_splitters, 0);
    scene_end(&s);
}

static void what_was_not_read_is_not_called_coarse(void **state)
{
    static const struct actor actor[] = {PORTS(PLAIN, 0, 0)};
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    s.function[0].config.known &= ~IOW_CONFIG_EXT_CAPS;
    s.function[2].config.bar[0] = 0;
    assert_int_equal(hardware_play(&s)->n_coarse, 0);
    scene_end(&s);
}

static void what_the_kernel_has_apart_is_not_coarse(void **state)
{
    static const struct actor actor[] = {PORTS(ISOLATING, 0, 1)};
    struct scene s;

    (void)state;
    hardware_set(&s, actor, COUNT(actor));
    assert_int_equal(hardware_play(&s)->n_coarse, 0);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_of_one_set_is_not_coarse),
        cmocka_unit_test(bits_that_are_off_would_split),
        cmocka_unit_test(hardware_without_bits_cannot_be_split),
        cmocka_unit_test(only_bits_of_the_hardware_are_told),
        cmocka_unit_test(bits_that_were_set_since_split_at_a_boot),
        cmocka_unit_test(what_was_not_read_is_not_called_coarse),
        cmocka_unit_test(what_the_kernel_has_apart_is_not_coarse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
