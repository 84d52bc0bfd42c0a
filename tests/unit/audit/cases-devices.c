/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

static void from_outside(struct scene *s)
{
    s->function[NIC].removable = true;
}

static void from_outside_and_not_translated(struct scene *s)
{
    from_outside(s);
    s->group[GROUP_NIC].type = "identity";
}

static void with_ats(struct scene *s, uint32_t function)
{
    s->function[function].config.ats_offset = 0x200;
    s->function[function].config.ats_ctrl = IOW_ATS_ENABLE;
}

static void from_outside_with_ats(struct scene *s)
{
    from_outside(s);
    with_ats(s, NIC);
}

static void the_kernels_with_ats(struct scene *s)
{
    with_ats(s, NIC);
}

static void from_outside_and_unread(struct scene *s)
{
    from_outside(s);
    s->function[NIC].config.known &= (uint8_t)~IOW_CONFIG_EXT_CAPS;
}

static void a_users_with_ats(struct scene *s)
{
    with_ats(s, CARD);
}

static void a_users_unread(struct scene *s)
{
    s->function[CARD].config.known &= (uint8_t)~IOW_CONFIG_EXT_CAPS;
}

static void in_no_group(struct scene *s)
{
    s->function[NIC].group = NO_GROUP;
}

static void in_a_group_that_is_unread(struct scene *s)
{
    in_no_group(s);
    s->function[NIC].known &= (uint8_t)~IOW_FUNCTION_DRIVER;
}

static void idle(struct scene *s)
{
    s->function[SOUND].driver = NULL;
}

static void idle_and_quiet(struct scene *s)
{
    idle(s);
    s->function[SOUND].config.command = 0;
}

/* Two functions of a bus in two groups. */
static void apart(struct scene *s)
{
    s->function[SOUND].group = GROUP_NIC;
}

static void apart_without_reset(struct scene *s)
{
    apart(s);
    s->function[CARD].reset_methods = NULL;
}

static void apart_and_unread(struct scene *s)
{
    apart(s);
    s->function[CARD].known &= (uint8_t)~IOW_FUNCTION_DETAILS;
}

static void virtual(struct scene *s)
{
    s->function[SOUND].physical_function = CARD;
}

static void virtual_and_apart(struct scene *s)
{
    virtual(s);
    apart(s);
}

const struct audit_case device_cases[] = {
    {IOW_RULE_REM_EXTERNAL_OPEN, from_outside_and_not_translated, from_outside, surroundings_unread},
    {IOW_RULE_REM_EXTERNAL_ATS, from_outside_with_ats, the_kernels_with_ats, from_outside_and_unread},
    {IOW_RULE_REM_UNGROUPED, in_no_group, in_a_group_that_is_unread},
    {IOW_RULE_REM_IDLE_MASTER, idle, idle_and_quiet},
    {IOW_RULE_REM_USER_ATS, a_users_with_ats, the_kernels_with_ats, a_users_unread},
    {IOW_RULE_REM_BUS_RESET, apart_without_reset, apart, apart_and_unread},
    {IOW_RULE_REM_VF_RESET, virtual_and_apart, virtual},
    {0},
};
