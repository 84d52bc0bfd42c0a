/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cases.h"

/* A member of the group that is set up for a user is the host's still. */
static void unread(struct scene *s)
{
    s->function[SOUND].driver = "nvme";
}

static void use(struct scene *s, uint32_t function, enum iow_use_kind kind)
{
    unread(s);
    s->function[SOUND].known |= IOW_FUNCTION_USES;
    s->use[0] = (struct iow_use){.kind = kind, .function = function, .name = "name", .by = ""};
    s->facts.n_uses = 1;
}

static void disk(struct scene *s)
{
    use(s, SOUND, IOW_USE_MOUNT);
}

static void disk_elsewhere(struct scene *s)
{
    use(s, NIC, IOW_USE_MOUNT);
}

static void console(struct scene *s)
{
    use(s, SOUND, IOW_USE_CONSOLE);
}

static void console_elsewhere(struct scene *s)
{
    use(s, NIC, IOW_USE_CONSOLE);
}

static void network(struct scene *s)
{
    use(s, SOUND, IOW_USE_NETWORK);
}

static void network_elsewhere(struct scene *s)
{
    use(s, NIC, IOW_USE_NETWORK);
}

/* A process could not be looked into. */
static void hidden(struct scene *s)
{
    use(s, NIC, IOW_USE_OPEN);
    s->missing[0] = (struct iow_missing){.rule = IOW_RULE_USE_UNKNOWN, .subject = iow_subject_machine()};
    s->facts.n_missing = 1;
}

const struct audit_case host_cases[] = {
    {IOW_RULE_REM_HOST_DISK, disk, disk_elsewhere, unread},
    {IOW_RULE_REM_HOST_CONSOLE, console, console_elsewhere, hidden},
    {IOW_RULE_REM_HOST_NETWORK, network, network_elsewhere, unread},
    {0},
};
