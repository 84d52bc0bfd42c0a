/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

#include "hardware.h"

#define ROOT IOW_PCIE_ROOT_PORT, 0x5f, 0x1d
#define DOWN IOW_PCIE_DOWNSTREAM_PORT
#define EP IOW_PCIE_ENDPOINT, -1, 0

/* A switch with a device below each port: the kernel's, and VFIO's. */
static void set(struct scene *s, int acs, uint16_t control, const char *driver)
{
    const struct actor actors[] = {{"00:02.0", NULL, ROOT, 0, "pcieport"},
        {"01:00.0", "00:02.0", IOW_PCIE_UPSTREAM_PORT, -1, 0, 1, "pcieport"},
        {"02:00.0", "01:00.0", DOWN, acs, control, 2, "pcieport"},
        {"02:01.0", "01:00.0", DOWN, 0x7f, 0x1d, 3, "pcieport"}, {"03:00.0", "02:00.0", EP, 4, "vfio-pci"},
        {"04:00.0", "02:01.0", EP, 5, driver}};

    scene_end(s);
    hardware_set(s, actors, COUNT(actors));
    for (uint32_t g = 4; g < 6; g++)
        s->group[g].vfio_node = true;
}

static void hold(struct scene *s, uint32_t pid, uint32_t uid, uint32_t group, const char *address)
{
    const struct iow_held held[] = {
        {IOW_HELD_GROUP, group, IOW_NONE}, {IOW_HELD_DEVICE, IOW_NONE, scene_function(s, address)}};

    scene_hold(s, pid, held, COUNT(held));
    s->holder[s->facts.n_holders - 1].uid = uid;
}

static void a_user_below_an_open_port(struct scene *s)
{
    set(s, 0x7f, 0, "e1000e");
    hold(s, 7, 1000, 4, "03:00.0");
}

static void a_user_below_an_open_port_beside_a_device_without_group(struct scene *s)
{
    a_user_below_an_open_port(s);
    s->function[5].group = IOW_NONE;
}

static void nobody_has_the_device_without_group(struct scene *s)
{
    a_user_below_an_open_port_beside_a_device_without_group(s);
    s->function[5].driver = NULL;
}

static void a_user_below_a_port_that_redirects(struct scene *s)
{
    set(s, 0x7f, 0x1d, "e1000e");
    hold(s, 7, 1000, 4, "03:00.0");
}

static void a_port_of_which_too_little_was_read(struct scene *s)
{
    a_user_below_an_open_port(s);
    s->function[2].config.known &= ~IOW_CONFIG_EXT_CAPS;
    s->function[2].config.acs_offset = 0;
}

static void two_users(struct scene *s)
{
    set(s, 0x7f, 0, "vfio-pci");
    hold(s, 7, 1000, 4, "03:00.0");
    hold(s, 8, 1001, 5, "04:00.0");
}

static void one_user_with_two_groups(struct scene *s)
{
    set(s, 0x7f, 0, "vfio-pci");
    hold(s, 7, 1000, 4, "03:00.0");
    hold(s, 8, 1000, 5, "04:00.0");
}

static void egress_control_that_lets_pass(struct scene *s)
{
    set(s, 0x7f, 0x1d | IOW_ACS_EC, "e1000e");
}

static void a_switch_that_has_a_group_for_each_port(struct scene *s)
{
    set(s, -1, 0, "e1000e");
}

/* As where a port is not covered: the rule about switches has no two groups to name. */
static void a_switch_with_a_port_that_has_no_group(struct scene *s)
{
    a_switch_that_has_a_group_for_each_port(s);
    s->function[2].group = IOW_NONE;
}

static void a_port_that_redirects(struct scene *s)
{
    set(s, 0x7f, 0x1d, "e1000e");
}

static void acs_cleared(struct scene *s)
{
    set(s, 0x7f, 0, "e1000e");
}

const struct audit_case reach_cases[] = {
    {IOW_RULE_REM_USER_REACHES, a_user_below_an_open_port, a_user_below_a_port_that_redirects,
        a_port_of_which_too_little_was_read},
    {IOW_RULE_REM_USER_REACHES, a_user_below_an_open_port_beside_a_device_without_group,
        nobody_has_the_device_without_group},
    {IOW_RULE_REM_TWO_USERS, two_users, one_user_with_two_groups, a_port_of_which_too_little_was_read},
    {IOW_RULE_REM_FINER, egress_control_that_lets_pass, acs_cleared, a_port_of_which_too_little_was_read},
    {IOW_RULE_REM_FINER, a_switch_with_a_port_that_has_no_group, a_switch_that_has_a_group_for_each_port},
    {IOW_RULE_REM_DRIFT_OPENED, acs_cleared, a_port_that_redirects},
    {0},
};
