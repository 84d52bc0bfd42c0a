/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

static void open(struct scene *s)
{
    s->facts.machine.lockdown = IOW_LOCKDOWN_NONE;
}

static void level_unread(struct scene *s)
{
    s->facts.machine.lockdown = IOW_LOCKDOWN_UNKNOWN;
}

static void relaxed(struct scene *s)
{
    s->facts.machine.command_line = "iomem=relaxed";
}

static void open_and_relaxed(struct scene *s)
{
    open(s);
    relaxed(s);
}

static void relaxed_and_unread(struct scene *s)
{
    level_unread(s);
    relaxed(s);
}

static void undriven(struct scene *s)
{
    s->function[SOUND].driver = NULL;
}

static void open_and_undriven(struct scene *s)
{
    open(s);
    undriven(s);
}

static void open_and_undriven_and_unread(struct scene *s)
{
    open_and_undriven(s);
    s->function[SOUND].known &= (uint8_t)~IOW_FUNCTION_DETAILS;
}

/* Its driver is gone from sysfs, but waits for the user and has the registers until then. */
static void open_and_unbinding(struct scene *s)
{
    open_and_undriven(s);
    s->function[SOUND].vfio_device = true;
}

static void open_with_files(struct scene *s)
{
    open(s);
    s->facts.machine.memory_file = true;
    s->facts.machine.port_file = true;
}

static void open_and_unread(struct scene *s)
{
    open(s);
    surroundings_unread(s);
}

const struct audit_case door_cases[] = {
    {IOW_RULE_REM_DOOR_RELAXED, open_and_relaxed, relaxed, relaxed_and_unread},
    {IOW_RULE_REM_DOOR_REGISTERS, open_and_undriven, undriven, open_and_undriven_and_unread},
    {IOW_RULE_REM_DOOR_REGISTERS, open_and_undriven, open},
    {IOW_RULE_REM_DOOR_REGISTERS, open_and_undriven, open_and_unbinding},
    {IOW_RULE_REM_DOOR_CONFIG, open, relaxed, level_unread},
    {IOW_RULE_REM_DOOR_MEMORY, open_with_files, open, open_and_unread},
    {IOW_RULE_REM_DOOR_PORT, open_with_files, open, level_unread},
    {0},
};
