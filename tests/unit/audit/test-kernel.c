/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

#define EP IOW_PCIE_ENDPOINT, -1, 0

/* One group of two functions, with what the kernel's memory says of it. */
static void set_group(
    struct scene *s, const char *driver_a, const char *driver_b, const struct iow_kernel_group *kernel)
{
    const struct actor actor[] = {
        {"01:00.0", NULL, EP, 1, driver_a, .multifunction = true},
        {"01:00.1", NULL, EP, 1, driver_b},
    };

    scene_set(s, actor, COUNT(actor));
    s->group[0].kernel = kernel;
}

struct row {
    const char *driver_a, *driver_b;
    struct iow_kernel_group kernel;
    enum iow_owner owner, derived;
    enum iow_rule basis, remark;
};

#define DEFAULT .domain = IOW_KERNEL_DOMAIN_DEFAULT, .steady = true
#define BLOCKING .domain = IOW_KERNEL_DOMAIN_BLOCKING, .steady = true
#define OTHER .domain = IOW_KERNEL_DOMAIN_OTHER, .steady = true

static const struct row row[] = {
    /* they agree */
    {NULL, NULL, {DEFAULT}, IOW_OWNER_NONE, IOW_OWNER_NONE, IOW_RULE_OWN_NO_DRIVER, IOW_RULE_NONE},
    {"e1000e", NULL, {DEFAULT, .count = 1}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER,
        IOW_RULE_NONE},
    {"e1000e", "nvme", {DEFAULT, .count = 2}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER,
        IOW_RULE_NONE},
    {"tegra-host1x", NULL, {OTHER, .count = 1}, IOW_OWNER_KERNEL_PRIVATE, IOW_OWNER_KERNEL_PRIVATE,
        IOW_RULE_OWN_PRIVATE_DOMAIN, IOW_RULE_NONE},
    /* they do not */
    {"e1000e", NULL, {DEFAULT}, IOW_OWNER_NONE, IOW_OWNER_KERNEL, IOW_RULE_OWN_READ_NONE,
        IOW_RULE_REM_EARLY_DRIVER},
    {NULL, NULL, {DEFAULT, .count = 1}, IOW_OWNER_KERNEL, IOW_OWNER_NONE, IOW_RULE_OWN_READ_KERNEL,
        IOW_RULE_REM_OTHER_OWNER},
    {NULL, NULL, {BLOCKING, .count = 1, .owned = true}, IOW_OWNER_USER, IOW_OWNER_NONE,
        IOW_RULE_OWN_READ_USER, IOW_RULE_REM_OTHER_OWNER},
    {"e1000e", NULL, {OTHER, .count = 1}, IOW_OWNER_KERNEL_PRIVATE, IOW_OWNER_KERNEL,
        IOW_RULE_OWN_READ_PRIVATE, IOW_RULE_REM_OTHER_OWNER},
    {"e1000e", NULL, {DEFAULT, .count = 2}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER,
        IOW_RULE_REM_OTHER_COUNT},
    /* a driver is bound that the kernel does not count */
    {"e1000e", "nvme", {DEFAULT, .count = 1}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL, IOW_RULE_OWN_KERNEL_DRIVER,
        IOW_RULE_REM_EARLY_DRIVER},
    {"e1000e", NULL, {BLOCKING, .count = 1, .owned = true}, IOW_OWNER_USER, IOW_OWNER_KERNEL,
        IOW_RULE_OWN_READ_USER, IOW_RULE_REM_EARLY_DRIVER},
    /* they cannot be compared */
    {"e1000e", NULL, {.domain = IOW_KERNEL_DOMAIN_DEFAULT}, IOW_OWNER_NONE, IOW_OWNER_KERNEL,
        IOW_RULE_OWN_READ_NONE, IOW_RULE_NONE},
    {"e1000e", NULL, {.domain = IOW_KERNEL_DOMAIN_DEFAULT, .count = 2}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL,
        IOW_RULE_OWN_KERNEL_DRIVER, IOW_RULE_NONE},
    /* this memory says nothing */
    {"e1000e", NULL, {.domain = IOW_KERNEL_DOMAIN_NONE, .steady = true}, IOW_OWNER_KERNEL, IOW_OWNER_KERNEL,
        IOW_RULE_OWN_KERNEL_DRIVER, IOW_RULE_NONE},
};

static void expect_remark(const struct scene *s, enum iow_rule rule)
{
    static const enum iow_rule about[] = {IOW_RULE_REM_EARLY_DRIVER, IOW_RULE_REM_OTHER_OWNER,
        IOW_RULE_REM_OTHER_COUNT, IOW_RULE_REM_OTHER_TRAIT};
    enum iow_rule found = IOW_RULE_NONE;

    for (uint32_t i = 0; i < s->analysis->n_findings; i++)
        for (size_t k = 0; k < COUNT(about); k++)
            if (s->analysis->findings[i].rule == about[k]) {
                assert_int_equal(found, IOW_RULE_NONE);
                found = about[k];
            }
    assert_int_equal(found, rule);
}

static void the_kernels_memory_is_shown_and_compared(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        const struct iow_group_owner *owner;
        struct scene s;

        set_group(&s, row[i].driver_a, row[i].driver_b, &row[i].kernel);
        scene_play(&s);
        owner = &s.analysis->owners[0];
        assert_int_equal(owner->owner, row[i].owner);
        assert_int_equal(owner->derived, row[i].derived);
        assert_int_equal(owner->basis, row[i].basis);
        assert_int_equal(owner->read, row[i].kernel.domain != IOW_KERNEL_DOMAIN_NONE);
        expect_remark(&s, row[i].remark);
        scene_end(&s);
    }
}

static void what_files_leave_open_is_decided_without_a_remark(void **state)
{
    static const struct {
        struct iow_kernel_group kernel;
        enum iow_owner owner;
        enum iow_rule remark;
    } held[] = {
        {{DEFAULT}, IOW_OWNER_NONE, IOW_RULE_NONE},
        {{BLOCKING, .count = 1, .owned = true}, IOW_OWNER_USER, IOW_RULE_NONE},
        {{DEFAULT, .count = 1}, IOW_OWNER_KERNEL, IOW_RULE_REM_OTHER_OWNER},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(held); i++) {
        struct scene s;

        set_group(&s, "vfio-pci", NULL, &held[i].kernel);
        s.group[0].vfio_node = true;
        s.facts.machine.holders_complete = false;
        scene_play(&s);
        assert_int_equal(s.analysis->owners[0].derived, IOW_OWNER_UNKNOWN);
        assert_int_equal(s.analysis->owners[0].owner, held[i].owner);
        expect_remark(&s, held[i].remark);
        scene_end(&s);
    }
}

static void without_the_kernels_memory_nothing_is_compared(void **state)
{
    struct scene s;

    (void)state;
    set_group(&s, "e1000e", NULL, NULL);
    scene_play(&s);
    assert_false(s.analysis->owners[0].read);
    assert_int_equal(s.analysis->owners[0].owner, IOW_OWNER_KERNEL);
    assert_int_equal(s.analysis->owners[0].derived, IOW_OWNER_KERNEL);
    expect_remark(&s, IOW_RULE_NONE);
    scene_end(&s);
}

static void a_driver_of_another_kind_is_remarked_instead_of_its_count(void **state)
{
    static const struct {
        const char *driver;
        uint8_t kernel;
        uint32_t count;
        enum iow_rule remark;
    } told[] = {
        {"acme_vfio", IOW_KERNEL_READ | IOW_KERNEL_BOUND | IOW_KERNEL_MANAGED, 0, IOW_RULE_REM_OTHER_TRAIT},
        {"vfio-pci", IOW_KERNEL_READ | IOW_KERNEL_BOUND, 1, IOW_RULE_REM_OTHER_TRAIT},
        {"vfio-pci", IOW_KERNEL_READ | IOW_KERNEL_BOUND | IOW_KERNEL_MANAGED, 0, IOW_RULE_NONE},
        {"e1000e", IOW_KERNEL_READ | IOW_KERNEL_BOUND, 1, IOW_RULE_NONE},
        {"e1000e", IOW_KERNEL_READ, 1, IOW_RULE_NONE}, /* unbound when it was looked at */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(told); i++) {
        const struct iow_kernel_group kernel = {DEFAULT, .count = told[i].count};
        struct scene s;

        set_group(&s, told[i].driver, NULL, &kernel);
        s.function[0].kernel = told[i].kernel;
        scene_play(&s);
        expect_remark(&s, told[i].remark);
        scene_end(&s);
    }
}

static void drivers_that_could_not_be_read_are_not_counted_against_the_kernel(void **state)
{
    static const struct iow_kernel_group kernel = {DEFAULT, .count = 2};
    struct scene s;

    (void)state;
    set_group(&s, "e1000e", NULL, &kernel);
    s.function[1].known &= (uint8_t)~IOW_FUNCTION_DRIVER;
    scene_play(&s);
    expect_remark(&s, IOW_RULE_NONE);
    scene_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernels_memory_is_shown_and_compared),
        cmocka_unit_test(what_files_leave_open_is_decided_without_a_remark),
        cmocka_unit_test(without_the_kernels_memory_nothing_is_compared),
        cmocka_unit_test(a_driver_of_another_kind_is_remarked_instead_of_its_count),
        cmocka_unit_test(drivers_that_could_not_be_read_are_not_counted_against_the_kernel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
